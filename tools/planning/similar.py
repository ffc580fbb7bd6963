"""Prior art: Spaces that use the same model or do something similar."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from ..context import Context
from ..hub.facts import Found
from ..model import Model
from ..problems import Problem
from ..public_reading import read_publicly
from .needs import Needs
from .reading import model_calls
from .subjects import AppSubject, ModelSubject, Subject, TaskSubject

MOST = 3
MOST_ASKED = 8
"""More than are shown, because some of them are the account's own."""
_LEAST_SECONDS = 3.0
Search = Callable[[Context], tuple[Found, ...]]


class PriorArt(Model):
    """What was found, on which Hub, and why nothing was if the search failed.

    `by_words` says that at least one was found by words alone: the Hub gives no measure of how
    well it fits. `note` says that it was not the whole Hub that was searched.
    """

    spaces: tuple[Found, ...]
    looked_at: str
    by_words: bool = False
    note: str | None = None
    failed: str | None = None


def prior_art(
    context: Context, subject: Subject, needs: Needs, namespace: str | None = None
) -> PriorArt:
    """Up to three Spaces, those that name the model first; a failed search is no failure here.

    Spaces of the account's own `namespace` are left out: it knows them.
    """
    found: dict[str, Found] = {}
    by_model: set[str] = set()
    looked_at, failed, note = context.address.endpoint, None, None
    for search, is_by_words in _searches(subject, needs):
        if len(found) >= MOST:
            break
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            failed = "similar Spaces were not searched: no time was left"
            break
        try:
            hits, used, note = read_publicly(context, search)
        except Problem as problem:
            failed = f"similar Spaces could not be searched ({problem.code})"
            if problem.code == "hub_unreachable":
                break
            continue
        looked_at = used.address.endpoint
        others = [hit for hit in hits if not _is_own(hit.space, subject, namespace)]
        by_model |= set() if is_by_words else {hit.space for hit in others}
        for hit in others:
            found.setdefault(hit.space, hit)
    kept = tuple(found.values())[:MOST]
    return PriorArt(
        spaces=kept,
        looked_at=looked_at,
        by_words=any(hit.space not in by_model for hit in kept),
        note=note,
        failed=None if kept else failed,
    )


def _is_own(space: str, subject: Subject, namespace: str | None) -> bool:
    if namespace is not None and space.partition("/")[0] == namespace:
        return True
    return isinstance(subject, AppSubject) and space == subject.name


def _searches(subject: Subject, needs: Needs) -> Iterator[tuple[Search, bool]]:
    """By the model's name, then by what it does; whether it is by words stands beside each."""
    model = _model_of(subject)
    if model is not None:
        yield lambda place: model_calls(place).spaces_using(model, most=MOST_ASKED), False
    words = _words(subject, needs)
    if words:
        yield (
            lambda place: place.hub.search(
                words[:250], sdk=None, tags=(), running_only=True, most=MOST_ASKED
            ),
            True,
        )


def _model_of(subject: Subject) -> str | None:
    if isinstance(subject, ModelSubject):
        return subject.name
    if isinstance(subject, TaskSubject) or not subject.models:
        return None
    return subject.models[0].name


def _words(subject: Subject, needs: Needs) -> str:
    """What to search by meaning: the person's words, else the task and the model's name."""
    if isinstance(subject, TaskSubject):
        return subject.words
    task = needs.task.tag.replace("-", " ") if needs.task else ""
    model = (_model_of(subject) or "").rpartition("/")[2].replace("-", " ")
    return " ".join(word for word in (task, model) if word)
