"""Which route comes first: what was asked for, then what is open, then the usual order."""

from __future__ import annotations

from collections.abc import Iterator

from ..knowledge.precisions import precision_facts
from .flavors import ZERO_GPU, crosses_threshold
from .memory import in_words
from .needs import PROVIDERS, Needs
from .route import Market, Route, Wish
from .routes import RouteMaker
from .standing import Standing

MOST = 6


def ranked_routes(
    needs: Needs, standing: Standing, market: Market, wish: Wish
) -> tuple[Route, ...]:
    """Routes, best first: a wish, then open before closed ones, then the order of `_candidates`."""
    maker = RouteMaker(needs, standing, market)
    made = _without_doubles(_candidates(maker, needs, standing, wish))
    if wish.is_there and not any(wish.is_met_by(route) for route in made):
        exact = maker.exactly(wish)
        made = [*([exact] if exact else []), *made]
    order = sorted(made, key=lambda route: (not wish.is_met_by(route), _closed(route)))
    return tuple(
        route.model_copy(update={"rank": number})
        for number, route in enumerate(order[:MOST], start=1)
    )


def _candidates(
    maker: RouteMaker, needs: Needs, standing: Standing, wish: Wish
) -> Iterator[Route | None]:
    """Routes in the order in which they are preferred when all are open."""
    if needs.is_server or wish.sdk == "docker":
        yield maker.server()
    if _page_comes_first(needs, standing):
        yield maker.static()
    if needs.may_be_gradio:
        yield from _gradio_candidates(maker, needs)
    if not needs.is_app or needs.browser is not None:
        yield maker.static()
    yield maker.placeholder()


def _gradio_candidates(maker: RouteMaker, needs: Needs) -> Iterator[Route | None]:
    """What is small goes to the CPU, which costs no visitor any quota; torch goes to ZeroGPU."""
    if needs.shape == PROVIDERS or _is_too_large(needs, maker):
        yield maker.providers()
    if needs.is_small and needs.hardware != ZERO_GPU:
        yield maker.cpu_basic()
    yield maker.zero_gpu()
    yield maker.cpu_basic()
    yield maker.dedicated()
    yield maker.providers()


def _page_comes_first(needs: Needs, standing: Standing) -> bool:
    """A page that was asked for, or that a free account may make without asking anybody."""
    if needs.sdk == "static":
        return True
    if needs.framework == "onnx" and needs.browser is not None:
        return needs.browser.size_bytes <= precision_facts().assumptions.browser_bytes
    if not standing.is_free:
        return False
    if needs.browser is not None:
        return needs.browser.size_bytes <= precision_facts().assumptions.browser_bytes
    return needs.is_app


def _is_too_large(needs: Needs, maker: RouteMaker) -> bool:
    """Whether ZeroGPU's whole card does not hold the model."""
    route = maker.zero_gpu()
    return needs.runs_on_zero_gpu and route is not None and route.fits == "no"


def _without_doubles(candidates: Iterator[Route | None]) -> list[Route]:
    """Each route once, by where it runs and from which template it starts."""
    found: dict[tuple[str, str | None, str | None], Route] = {}
    for route in candidates:
        if route is not None:
            found.setdefault((route.sdk, route.hardware, route.template), route)
    return list(found.values())


def _closed(route: Route) -> int:
    """0 for an open route, 1 for one that a higher limit of cost opens, 2 for one that is refused
    or too small, 3 for a placeholder.
    """
    if route.is_placeholder:
        return 3
    if route.is_open:
        return 0
    return 1 if route.allowed == "over_limit" and route.fits != "no" else 2


def route_notes(needs: Needs, routes: tuple[Route, ...]) -> tuple[str, ...]:
    """What the person should hear about the routes besides themselves."""
    notes = []
    need = needs.usual
    on_zero_gpu = any(route.hardware == ZERO_GPU for route in routes)
    if need is not None and on_zero_gpu and crosses_threshold(need.weights_bytes):
        notes.append(
            f"{need.weights_bytes:,} bytes of weights at module level make ZeroGPU count every call"
            " as xlarge, the whole card: twice the visitor's quota, without a word in the log"
        )
    smallest = needs.memory.smallest if needs.memory else None
    if need is not None and smallest is not None and not any(r.fits == "yes" for r in routes):
        notes.append(f"at {smallest.precision} it would take {in_words(smallest.total_bytes)}")
    return tuple(notes)
