"""`space_plan`: what something is, what it needs, and which ways are open."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Annotated

from pydantic import Field
from typing_extensions import override

from ..context import Context
from ..failures import fenced
from ..hub.facts import Found
from ..knowledge import hardware_flavor, hardware_flavors
from ..model import Model, NextCall, Result
from ..planning.route import Market, Route, Wish
from ..planning.standing import Standing, standing
from ..planning.subjects import AppSubject, ModelSubject, Subject, TaskSubject
from ..problems import Problem, bad_argument
from ..registry import Effect, tool
from ..targets import ZERO_GPU
from .account import WANTED, known_hardware
from .create import Sdk
from .search import search_row

MOST_UNKNOWN = 8


class Planned(Result):
    """What it is, the routes best first, prior art, and what is not known."""

    outcome = "planned"

    subject: ModelSubject | AppSubject | TaskSubject
    account: str
    routes: tuple[Route, ...]
    similar: tuple[Found, ...]
    similar_by_words: bool
    download_bytes: int | None
    notes: tuple[str, ...]
    unknown: tuple[str, ...]
    looked_at: str
    note: str | None

    @override
    def lines(self) -> Iterator[str]:
        if self.note:
            yield f"Note: {self.note}."
        yield from self.subject.lines()
        yield f"Routes for {self.account}, best first:"
        for route in self.routes:
            yield from route.lines()
        yield from (f"Note: {note}." for note in self.notes)
        if self.download_bytes:
            yield f"A rehearsal downloads {self.download_bytes:,} bytes of models."
        if self.similar:
            how = ", found by words alone" if self.similar_by_words else ""
            yield f"Similar Spaces on {self.looked_at}{how}; read one before deciding:"
            yield from fenced(tuple(search_row(found) for found in self.similar))
        if self.unknown:
            yield "Not known:"
        yield from (f"  {what}" for what in self.unknown[:MOST_UNKNOWN])
        if len(self.unknown) > MOST_UNKNOWN:
            yield f"  and {len(self.unknown) - MOST_UNKNOWN} more (unknown)"


class Flavor(Model):
    """One row of the hardware table."""

    name: str
    title: str
    cpu: str | None
    ram: str | None
    accelerator: str | None
    dollars_per_hour: float
    allowed: str
    allowed_because: str


class HardwareTable(Result):
    """Every flavor with memory, price, and whether this account may use it."""

    outcome = "hardware"

    account: str
    prices_from: str
    memory_from: str
    flavors: tuple[Flavor, ...]

    @override
    def lines(self) -> Iterator[str]:
        yield f"Hardware for {self.account}. Prices {self.prices_from}; memory {self.memory_from}."
        for flavor in self.flavors:
            price = f"${flavor.dollars_per_hour:g} an hour"
            gpu = flavor.accelerator or "no GPU"
            machine = f"CPU {flavor.cpu or 'unknown'}, RAM {flavor.ram or 'unknown'}"
            yield f"  {flavor.name}: {price}, {gpu}, {machine}; {flavor.allowed}"
        reasons = dict.fromkeys(
            f"{flavor.allowed} - {flavor.allowed_because}" for flavor in self.flavors
        )
        yield from (f"  ({reason})" for reason in reasons)


@tool(
    title="Plan a Space",
    effect=Effect.READ,
    examples=({"source": "org/model"}, {"source": "transcribe speech in the browser"}),
)
def space_plan(
    context: Context,
    source: Annotated[
        str | None, Field(description="model, spaces/ns/name, folder, or task in words")
    ] = None,
    hardware: str | None = None,
    sdk: Sdk | None = None,
) -> Planned | HardwareTable:
    """Use before writing files: what a model, Space, folder or task needs, and routes ranked by
    what this account may do, with cost, memory, template, prior art and unknowns. No source: the
    hardware table.

    Sizes are bytes, prices US dollars per hour, live where the Hub says them, else dated data.
    Every number says where it comes from; what nobody says is listed in `unknown`.

    Raises:
        Problem: `bad_argument`, `unknown_hardware`, `checkout_first` for a GitHub repository that
            is not on this machine, `not_found`, `bad_token`, `hub_unreachable`.
    """
    from ..planning.sources import read_source

    flavors, is_live = known_hardware(context)
    market = Market(flavors=flavors, prices_from=_prices_from(is_live=is_live))
    wish = _checked(Wish(sdk=sdk, hardware=hardware), market)
    wanted = read_source(context, source)
    who = standing(context)
    if wanted.kind == "nothing":
        return _table(market, who)
    from ..planning.gathering import gather

    context.report(f"looking at {wanted.name}", None)
    subject, place, note = gather(context, wanted)
    return _planned(place, subject, who, market, wish, note)


def _checked(wish: Wish, market: Market) -> Wish:
    """The wish, when it can be had at all.

    Raises:
        Problem: `unknown_hardware`, or `bad_argument` for a contradiction.
    """
    if wish.hardware is None:
        return wish
    if market.flavor(wish.hardware) is None:
        known = ", ".join(flavor.name for flavor in market.flavors)
        raise Problem(
            "unknown_hardware",
            f"the Hub offers no hardware `{wish.hardware}`; it offers: {known}",
            object=wish.hardware,
        )
    if wish.sdk == "static":
        raise bad_argument("hardware", "must be left out for a static Space: it has none")
    if wish.hardware == ZERO_GPU and wish.sdk == "docker":
        raise bad_argument("hardware", "zero-a10g (ZeroGPU) takes the gradio SDK only")
    return wish


def _prices_from(*, is_live: bool) -> str:
    return "live from the Hub" if is_live else f"as of {hardware_flavors()[0].as_of}"


def _planned(
    context: Context, subject: Subject, who: Standing, market: Market, wish: Wish, note: str | None
) -> Planned:
    from ..planning.following import next_calls, open_questions
    from ..planning.needs import needs_of
    from ..planning.ranking import ranked_routes, route_notes
    from ..planning.similar import prior_art

    needs = needs_of(subject)
    routes = ranked_routes(needs, who, market, wish)
    prior = prior_art(context, subject, needs, who.namespace.name if who.namespace else None)
    return Planned(
        subject=subject,
        account=who.said,
        routes=routes,
        similar=prior.spaces,
        similar_by_words=prior.by_words,
        download_bytes=subject.download_bytes,
        notes=route_notes(needs, routes),
        unknown=open_questions(subject, routes, who, prior.failed),
        looked_at=prior.looked_at,
        note=note or prior.note,
        next=next_calls(subject, routes, prior.spaces, who),
    )


def _table(market: Market, who: Standing) -> HardwareTable:
    rows = []
    for flavor in market.flavors:
        known = hardware_flavor(flavor.name)
        allowed, because = who.may(flavor)
        row = Flavor(
            name=flavor.name,
            title=flavor.pretty_name,
            cpu=known.cpu if known else None,
            ram=known.ram if known else None,
            accelerator=_accelerator(flavor.name) or flavor.accelerator,
            dollars_per_hour=flavor.price_per_hour,
            allowed=allowed,
            allowed_because=because,
        )
        rows.append(row)
    plan = NextCall(
        tool="space_plan",
        arguments={"source": WANTED},
        why="what something needs of it",
    )
    return HardwareTable(
        account=who.said,
        prices_from=market.prices_from,
        memory_from=f"as of {hardware_flavors()[0].as_of}",
        flavors=tuple(rows),
        next=(plan,),
    )


def _accelerator(name: str) -> str | None:
    known = hardware_flavor(name)
    gpu = known.accelerator if known else None
    return f"{gpu.quantity}x {gpu.model}, {gpu.vram}" if gpu else None
