"""An app without Gradio: its page, what the page loads, and the routes that it documents."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from .browser import Drawn, NotDrawn, draw
from .content import examine
from .deadline import Deadline
from .errors import AppProblem
from .page import Asset, Page, read_page
from .report import EndpointReport, EndpointVerdict, Evidence, SmokeReport, overall
from .routes import documented_routes
from .runlog import RunLog, log_evidence
from .values import render
from .web import Answer, Credential, get
from .wording import complaint

MOST_ASSETS = 24
MOST_BYTES_OF_AN_ASSET = 64 * 1024
MOST_SECONDS_FOR_A_ROUTE = 8.0


@dataclass(frozen=True)
class Site:
    """An app that is reached by plain HTTP, and what is known about the way to it.

    `is_static` says that it is files only, so that a missing page cannot be meant.
    """

    url: str
    access: Credential | None
    clock: Deadline
    log: RunLog
    is_static: bool = False

    def get(self, url: str, *, most_bytes: int = 4 * 1024 * 1024) -> Answer:
        """Fetch an address of the site. Raises what `web.get` raises."""
        limit = Deadline(min(self.clock.left, MOST_SECONDS_FOR_A_ROUTE))
        return get(url, token=self.access, deadline=limit, most_bytes=most_bytes)


def visit_site(site: Site, page: Answer, *, path: str | None, most_routes: int) -> SmokeReport:
    """Judge the page that was fetched and up to `most_routes` documented GET routes.

    `path` limits the test to one route. Nothing but GET is ever sent.
    """
    site.log.begin(site.clock)
    if path and path != "/":
        endpoints = [_route(site, path)]
    else:
        paths = documented_routes(site.url, token=site.access, deadline=site.clock)
        routes = [_route(site, each) for each in paths[:most_routes]]
        endpoints = [_with_log(site, _front(site, page, routes)), *routes]
        endpoints += [_left_out(each, most_routes) for each in paths[most_routes:]]
    what = f"a plain HTTP app: it answers HTTP {page.status}, is not a Gradio app"
    evidence = (Evidence(what=what, ok=None), *site.log.evidence())
    return SmokeReport(
        verdict=overall(evidence, endpoints),
        evidence=evidence,
        endpoints=tuple(endpoints),
        seconds=round(site.clock.elapsed, 2),
    )


def routes_of(site: Site, most: int) -> list[EndpointReport]:
    """Reports on up to `most` documented GET routes beside an app's other endpoints."""
    paths = documented_routes(site.url, token=site.access, deadline=site.clock)
    return [_route(site, path) for path in paths[:most]]


def _left_out(path: str, most: int) -> EndpointReport:
    what = f"not called: only {most} routes are asked; name it to have it asked"
    return EndpointReport(
        name=f"GET {path}", verdict="skipped", evidence=(Evidence(what=what, ok=None),)
    )


def _route(site: Site, path: str) -> EndpointReport:
    """Ask one route, and judge the answer by status and content."""
    clock = Deadline(0.0)
    try:
        answer = site.get(f"{site.url.rstrip('/')}{path}")
    except AppProblem as problem:
        evidence = Evidence(what=f"no complete answer: {problem.reason}", ok=None)
        return _report(path, "not_verified", [evidence], clock)
    verdict, evidence = _judge(answer)
    return _with_log(site, _report(path, verdict, [evidence], clock, answer))


def _judge(answer: Answer) -> tuple[EndpointVerdict, Evidence]:
    shown = f"HTTP {answer.status} with {answer.content_type or 'no content type'}"
    if answer.status >= 500:
        return "broken", Evidence(what=shown, ok=False)
    if answer.status >= 400:
        return "not_verified", Evidence(what=shown, ok=None)
    if not answer.body.strip():
        return "not_verified", Evidence(what=f"{shown}, without content", ok=None)
    size = f"{shown}, {len(answer.body):,} bytes"
    is_text = answer.content_type.startswith("text/plain") or "json" in answer.content_type
    wrong = complaint(answer.text.strip().strip('"')) if is_text else ""
    wrong = wrong or ("" if is_text else examine(answer.body).problem)
    if wrong:
        return "warnings", Evidence(what=f"{size}; {wrong}", ok=False)
    return "works", Evidence(what=size, ok=True)


def _front(site: Site, answer: Answer, routes: Sequence[EndpointReport]) -> EndpointReport:
    """The front page: what a visitor of the Space sees."""
    clock = Deadline(0.0)
    verdict, evidence = _judge(answer)
    if answer.status in {404, 405} and not site.is_static:
        what = f"{evidence.what}: this is what a visitor of the Space sees"
        only_routes = any(each.verdict == "works" for each in routes)
        found = Evidence(what=what, ok=False)
        return _report("/", "warnings" if only_routes else "not_verified", [found], clock, answer)
    if answer.status >= 400 and answer.status not in {401, 403}:
        found = Evidence(what=evidence.what, ok=False)
        return _report("/", "broken", [found], clock, answer)
    if verdict != "works" or not answer.looks_like_html:
        return _report("/", verdict, [evidence], clock, answer)
    return _html(site, answer, evidence, clock)


def _html(site: Site, answer: Answer, evidence: Evidence, clock: Deadline) -> EndpointReport:
    page = read_page(answer.text, answer.url)
    missing = [each for each in map(_fetched(site), page.assets[:MOST_ASSETS]) if each]
    found = [evidence, *missing]
    if page.complaint:
        found.append(Evidence(what=f"the page says {page.complaint!r}", ok=False))
    drawn = _drawn(site, page)
    if isinstance(drawn, Drawn):
        page = read_page(drawn.html, answer.url)
        found += _drawn_evidence(page, drawn)
    elif page.scripts:
        found.append(Evidence(what=f"served; JavaScript not run ({drawn.reason})", ok=None))
    verdict = _page_verdict(page, drawn, found)
    if not page.shows_something:
        found.append(Evidence(what="the page shows nothing", ok=False if missing else None))
    report = _report("/", verdict, found, clock)
    return report.model_copy(update={"outputs": (render(page.text),) if page.text else ()})


def _drawn(site: Site, page: Page) -> Drawn | NotDrawn:
    if not page.scripts:
        return NotDrawn("it has none")
    if site.access is not None and site.access.headers:
        return NotDrawn("the page needs a login, which a browser here does not have")
    return draw(site.url, site.clock)


def _drawn_evidence(page: Page, drawn: Drawn) -> list[Evidence]:
    if page.shows_something:
        what = f"rendered in a headless browser: text of {len(page.text)} characters"
        found = [Evidence(what=f"{what}, {page.things} pictures and controls", ok=True)]
    else:
        found = [Evidence(what="a headless browser ran its scripts", ok=None)]
    found += [Evidence(what=f"uncaught in the browser: {each}", ok=False) for each in drawn.errors]
    if drawn.elsewhere:
        what = f"not reached from this machine: {', '.join(drawn.elsewhere[:3])}"
        found.append(Evidence(what=what, ok=None))
    return found


def _page_verdict(
    page: Page, drawn: Drawn | NotDrawn, found: Sequence[Evidence]
) -> EndpointVerdict:
    against = any(each.ok is False for each in found)
    elsewhere = isinstance(drawn, Drawn) and bool(drawn.elsewhere)
    if page.shows_something:
        return "warnings" if against else "works"
    return "broken" if against and not elsewhere else "not_verified"


def _fetched(site: Site) -> Callable[[Asset], Evidence | None]:
    """Evidence against an asset that is missing or something else; None for a good one."""

    def look(asset: Asset) -> Evidence | None:
        name = asset.url[len(site.url.rstrip("/")) :] or asset.url
        try:
            answer = site.get(asset.url, most_bytes=MOST_BYTES_OF_AN_ASSET)
        except AppProblem as problem:
            return Evidence(what=f"{name} was not fetched: {problem.reason}", ok=None)
        if answer.status >= 400:
            return Evidence(what=f"the page loads {name}: HTTP {answer.status}", ok=False)
        if asset.kind in {"script", "style"} and answer.looks_like_html:
            what = f"the page loads {name} as a {asset.kind}: an HTML page came"
            return Evidence(what=what, ok=False)
        return None

    return look


def _with_log(site: Site, report: EndpointReport) -> EndpointReport:
    lines = site.log.since(site.clock, expect_error=report.verdict == "broken")
    found = log_evidence(lines, failed=report.verdict == "broken")
    if found is None:
        return report
    verdict = "warnings" if report.verdict == "works" else report.verdict
    return report.model_copy(
        update={"verdict": verdict, "evidence": (*report.evidence, found)},
    )


def _report(
    path: str,
    verdict: EndpointVerdict,
    evidence: Sequence[Evidence],
    clock: Deadline,
    answer: Answer | None = None,
) -> EndpointReport:
    shown = answer is not None and answer.body and not answer.looks_like_html
    return EndpointReport(
        name=f"GET {path}",
        verdict=verdict,
        evidence=tuple(evidence),
        seconds=round(clock.elapsed, 2),
        outputs=(render(answer.text),) if answer and shown else (),
    )
