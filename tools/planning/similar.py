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
from .subjects import ModelSubject, Subject, TaskSubject

MOST = 3
_LEAST_SECONDS = 3.0
Search = Callable[[Context], tuple[Found, ...]]


class PriorArt(Model):
    """What was found, on which Hub, and why nothing was if the search failed."""

    spaces: tuple[Found, ...]
    looked_at: str
    failed: str | None = None


def prior_art(context: Context, subject: Subject, needs: Needs) -> PriorArt:
    """Up to three Spaces, those that name the model first; a failed search is no failure here."""
    found: dict[str, Found] = {}
    looked_at, failed = context.address.endpoint, None
    for search in _searches(subject, needs):
        if len(found) > MOST:
            break
        if context.remaining(_LEAST_SECONDS) < _LEAST_SECONDS:
            failed = "similar Spaces were not searched: no time was left"
            break
        try:
            hits, used, _ = read_publicly(context, search)
        except Problem as problem:
            failed = f"similar Spaces could not be searched ({problem.code})"
            if problem.code == "hub_unreachable":
                break
            continue
        looked_at = used.address.endpoint
        for hit in hits:
            found.setdefault(hit.space, hit)
    own = getattr(subject, "name", None)
    kept = tuple(hit for name, hit in found.items() if name != own)
    return PriorArt(spaces=kept[:MOST], looked_at=looked_at, failed=None if kept else failed)


def _searches(subject: Subject, needs: Needs) -> Iterator[Search]:
    """By the model's name, then by what it does."""
    model = _model_of(subject)
    if model is not None:
        yield lambda place: model_calls(place).spaces_using(model, most=MOST + 1)
    words = _words(subject, needs)
    if words:
        yield lambda place: place.hub.search(
            words[:250], sdk=None, tags=(), running_only=True, most=MOST + 1
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
