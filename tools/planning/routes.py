"""Makes routes: what each costs, whether it fits, whether this account may take it."""

from __future__ import annotations

from ..hub.facts import Hardware
from ..knowledge import plans, zero_gpu_facts
from .flavors import CPU_BASIC, ZERO_GPU, Fit, fit, smallest_gpu
from .needs import PROVIDERS, Needs
from .route import Market, Route, Sdk, Wish
from .standing import Allowed, Standing, subscription_price
from .starting import is_frame

STATIC_TEMPLATE = "static-transformers-js"
PLACEHOLDER_TEMPLATE = "static-project-page"


def visitor_seconds() -> dict[str, int]:
    """GPU seconds a visitor has each day, by account."""
    logged_out = {"not logged in": zero_gpu_facts().unauthenticated_quota_seconds}
    return logged_out | {known.name: known.zero_gpu_quota_seconds for known in plans()}


class RouteMaker:
    """Makes the routes that a subject's needs leave open."""

    def __init__(self, needs: Needs, standing: Standing, market: Market) -> None:
        self._needs = needs
        self._standing = standing
        self._market = market

    def zero_gpu(self) -> Route | None:
        """Gradio on ZeroGPU: torch models, and the free slot of an account that has no other."""
        flavor = self._market.flavor(ZERO_GPU)
        if flavor is None or not self._may_use_zero_gpu:
            return None
        found = fit(flavor, self._needs.usual)
        if not self._needs.runs_on_zero_gpu:
            why = "the free slot of an account without PRO; the app needs one @spaces.GPU function"
            why += "" if self._needs.is_app else ", which space_scaffold adds"
            if self._needs.hardware == ZERO_GPU:
                why = "the code is written for ZeroGPU"
            found = Fit(fits="yes", why="no model that has to fit on the GPU is known")
        else:
            why = "a public demo on a shared GPU, free to host"
        double = f"; calls cost {zero_gpu_facts().xlarge_quota_factor}x the visitor's quota"
        why += double if found.size == "xlarge" else ""
        return self._on(flavor, self._needs.template("gradio", flavor), why, found)

    @property
    def _may_use_zero_gpu(self) -> bool:
        if self._needs.runs_on_zero_gpu or self._needs.hardware == ZERO_GPU:
            return True
        is_light = self._needs.is_small or self._needs.framework is None
        return self._standing.is_free and is_light

    def cpu_basic(self) -> Route | None:
        """Gradio on the free CPU, for what is small or computes nothing."""
        flavor = self._market.flavor(CPU_BASIC)
        if flavor is None or not self._needs.is_small:
            return None
        if self._needs.framework is None:
            why = "no GPU needed, and no visitor's quota is spent"
            found = Fit(fits="unknown", why="what the app needs is not known")
            if self._needs.is_app and self._needs.memory is None:
                found = Fit(fits="yes", why="no model of its own was found in the code")
        else:
            why = "small enough for a CPU to try, and no visitor's quota is spent; speed not known"
            memory = self._needs.memory
            found = fit(flavor, (memory.at("fp32") or memory.usual) if memory else None)
        return self._on(flavor, self._needs.template("gradio", flavor), why, found)

    def dedicated(self) -> Route | None:
        """Gradio on the cheapest GPU of its own that fits."""
        if self._needs.framework is None:
            return None
        flavor = smallest_gpu(self._market.flavors, self._needs.usual)
        if flavor is None:
            return None
        torch = self._needs.runs_on_zero_gpu
        why = (
            "a GPU of its own: no queue and no visitor's quota, billed while it runs"
            if torch
            else f"{self._needs.framework} does not run on ZeroGPU, which emulates CUDA for torch"
        )
        found = fit(flavor, self._needs.usual)
        cards = "; the model has to be split over the cards" if found.cards > 1 else ""
        # A T4 is of the Turing generation, which has no bfloat16 units.
        if torch and flavor.name.startswith("t4"):
            cards += "; load it as float16, a T4 has no bf16"
        return self._on(flavor, self._needs.template("gradio", flavor), why + cards, found)

    def server(self) -> Route | None:
        """A Docker Space: an inference server for text models, else a plain web server."""
        flavor = None if self._needs.framework else self._market.flavor(CPU_BASIC)
        flavor = flavor or smallest_gpu(self._market.flavors, self._needs.usual)
        if flavor is None:
            return None
        template = self._needs.template("docker", flavor)
        why = "a server of one's own in a container"
        if template == "vllm-docker":
            why = "an OpenAI-compatible server for other programs"
        return self._on(flavor, template, why, fit(flavor, self._needs.usual), sdk="docker")

    def static(self) -> Route | None:
        """A page that computes in the visitor's browser, where that is thinkable."""
        if not self._needs.may_browse:
            return None
        download = self._needs.browser
        if download is not None:
            why = "runs in the visitor's browser, so it costs nobody GPU time"
            size = f"{download.size_bytes:,} bytes as {download.name}"
            found = Fit(fits="yes", why=f"ONNX files are there; a visitor downloads {size}")
        elif self._needs.is_app and self._needs.sdk != "static":
            why = "free for every account; only if the app can be rewritten to run in the browser"
            found = Fit(fits="unknown", why="whether it can leave Python behind is for a person")
        else:
            why = "a page without a server"
            found = Fit(fits="yes", why="nothing runs on a server")
            if self._page_template == STATIC_TEMPLATE:
                found = Fit(fits="unknown", why="depends on the model that is chosen")
        return self._free(self._page_template, why, found)

    @property
    def _page_template(self) -> str | None:
        if self._needs.sdk == "static":
            return self._needs.template("static")
        return STATIC_TEMPLATE

    def providers(self) -> Route | None:
        """An app that passes its questions on to an inference provider."""
        named = self._needs.shape == PROVIDERS
        if not self._needs.providers and not named:
            return None
        name = ZERO_GPU if self._standing.is_free else CPU_BASIC
        flavor = self._market.flavor(name) or self._market.flavor(CPU_BASIC)
        if flavor is None:
            return None
        template = self._needs.template("gradio", flavor)
        if self._needs.task is not None and not self._needs.is_app:
            template = self._needs.task.providers_template or template
        served = ", ".join(self._needs.providers or ()) or "a provider to be chosen"
        why = f"no model in the Space: {served} answers, paid by each visitor's own login"
        found = Fit(fits="yes", why="only the app itself runs in the Space")
        return self._on(flavor, template, why, found, computes=False)

    def placeholder(self) -> Route | None:
        """A static page that holds the name while a community grant is asked for."""
        if not self._standing.is_free or self._standing.can_pay:
            return None
        why = (
            "a placeholder while a community GPU grant is asked for in its Community tab; after"
            " approval `sdk` is changed"
        )
        found = Fit(fits="yes", why="the page only describes the app")
        made = self._free(PLACEHOLDER_TEMPLATE, why, found)
        said = "the page is free to all; whether a grant is given is for the Hub's staff"
        return made.model_copy(update={"is_placeholder": True, "allowed_because": said})

    def exactly(self, wish: Wish) -> Route | None:
        """The wished combination, when no other route is it."""
        if wish.sdk == "static":
            why = "asked for; nothing says that it can run in a browser"
            found = Fit(fits="unknown", why="no ONNX files for a browser were found")
            return self._free(self._page_template, why, found)
        flavor = self._market.flavor(wish.hardware or CPU_BASIC)
        if flavor is None:
            return None
        sdk: Sdk = wish.sdk or "gradio"
        found = fit(flavor, self._needs.usual)
        return self._on(flavor, self._needs.template(sdk, flavor), "asked for", found, sdk=sdk)

    def _on(
        self,
        flavor: Hardware,
        template: str | None,
        why: str,
        found: Fit,
        *,
        sdk: Sdk = "gradio",
        computes: bool = True,
    ) -> Route:
        allowed, because = self._standing.may(flavor)
        on_zero_gpu = flavor.name == ZERO_GPU
        spent = on_zero_gpu and computes and self._needs.runs_on_zero_gpu
        quotas = visitor_seconds() if spent else {}
        if template and is_frame(template) and self._needs.framework is not None:
            missing = "model" if computes else "call to the provider"
            why += f"; {template} is a frame, the {missing} has to be put in"
        return Route(
            sdk=sdk,
            hardware=flavor.name,
            template=template,
            why=why,
            allowed=allowed,
            allowed_because=because,
            dollars_per_hour=flavor.price_per_hour,
            cost=self._cost(flavor, allowed, quotas),
            fits=found.fits,
            fits_because=found.why,
            zero_gpu_size=found.size if on_zero_gpu else None,
            visitor_seconds=quotas,
        )

    def _cost(self, flavor: Hardware, allowed: Allowed, quotas: dict[str, int]) -> str:
        if flavor.price_per_hour > 0:
            return f"${flavor.price_per_hour:g} an hour while it runs ({self._market.prices_from})"
        free = "$0 to host"
        if quotas:
            daily = ", ".join(f"{name} {seconds}" for name, seconds in quotas.items())
            free += f"; visitors spend their own GPU seconds a day: {daily}"
        price = subscription_price()
        if self._standing.is_free and allowed != "yes" and price:
            free += f"; with PRO ({price}) it is included"
        return free

    def _free(self, template: str | None, why: str, found: Fit) -> Route:
        allowed, because = self._standing.may(None)
        return Route(
            sdk="static",
            hardware=None,
            template=template,
            why=why,
            allowed=allowed,
            allowed_because=because,
            dollars_per_hour=0.0,
            cost="$0",
            fits=found.fits,
            fits_because=found.why,
        )
