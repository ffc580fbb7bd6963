"""Every way in which a kind of app is broken, with the evidence that the report has to name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

KINDS = (
    "text",
    "number",
    "image",
    "sized_image",
    "edited_image",
    "audio",
    "gallery",
    "dataframe",
    "chat",
    "streaming_chat",
    "messages",
    "generator",
    "state",
    "several",
    "server",
    "file",
    "label",
    "html",
    "json",
    "markdown",
    "image_and_text",
)

RETURN_NO_TEXT = {"number", "image", "sized_image", "edited_image", "audio", "gallery"} | {
    "dataframe",
    "several",
    "server",
    "file",
    "label",
    "json",
    "image_and_text",
}
TEXTS = tuple(kind for kind in KINDS if kind not in RETURN_NO_TEXT)
PICTURES = ("image", "edited_image", "image_and_text")
ONE_VALUE_TEXTS = ("text", "chat", "streaming_chat", "messages", "generator", "markdown")

BROKEN = ("broken",)
NOTHING = (
    "nothing came back (None)",
    "an empty structure",
    "'NoneType' object has no attribute",
    "Invalid message for Chatbot component: None",
)
AN_OBJECT = (
    "the printed form of a Python object",
    "Could not postprocess output component",
    "'object' object has no attribute 'get'",
)
DOUBTFUL = ("works_with_warnings", "broken", "not_verified")


@dataclass(frozen=True)
class Variant:
    """A broken app. One of `words` has to be in the evidence; `verdicts` are the honest ones."""

    kind: str
    mutation: str
    words: tuple[str, ...]
    verdicts: tuple[str, ...] = DOUBTFUL

    def __str__(self) -> str:
        return f"{self.kind}-{self.mutation}"


def variants() -> Iterator[Variant]:
    """All of them, in the order of the kinds of trouble."""
    for kind in KINDS:
        yield Variant(kind, "exception", ("RuntimeError: the weights are missing",), BROKEN)
        yield Variant(kind, "crash", ("the call ended its process",), BROKEN)
        yield Variant(kind, "sleep", ("no end within",))
        yield Variant(kind, "page_500", ("HTTP 500",), ("broken", "unreachable"))
        yield Variant(kind, "none", NOTHING)
        yield Variant(kind, "wrong_type", AN_OBJECT)
    yield from _texts()
    yield from _pictures()
    yield from _sounds_and_files()
    yield from _numbers_and_structures()


def _texts() -> Iterator[Variant]:
    for kind in TEXTS:
        yield Variant(kind, "user_error", ("The model is not loaded",), BROKEN)
        yield Variant(kind, "blank", ("an empty text",))
        yield Variant(kind, "error_text", ("looks like an error message",))
        yield Variant(kind, "traceback_text", ("traceback", "error message"))
        yield Variant(kind, "object_text", ("the printed form of a Python object",))
    for kind in ONE_VALUE_TEXTS:
        yield Variant(kind, "repeated", ("over and over",))
        yield Variant(kind, "thinking", ("<think>",))
        yield Variant(kind, "unclosed_thinking", ("<think>",))
        yield Variant(kind, "end_marker", ("<|im_end|>",))
        yield Variant(kind, "empty", ("an empty text",))
    yield Variant("text", "nan_text", ("not finite",))
    yield Variant("html", "empty_tags", ("an empty text",))


def _pictures() -> Iterator[Variant]:
    for kind in PICTURES:
        yield Variant(kind, "black", ("all black",))
        yield Variant(kind, "transparent", ("fully transparent",))
        yield Variant(kind, "one_color", ("the whole picture has one color",))
        yield Variant(kind, "not_a_picture", ("text/plain", "cannot identify image"))
        yield Variant(kind, "cut_picture", ("cannot be decoded",))
        yield Variant(kind, "one_pixel", ("1x1",))
        yield Variant(kind, "missing_file", ("result.bin was not fetched",))
    yield Variant("sized_image", "black", ("all black",))
    yield Variant("sized_image", "snapped", ("256x128",))
    yield Variant("gallery", "black", ("all black",))
    yield Variant("gallery", "empty", ("an empty structure",))


def _sounds_and_files() -> Iterator[Variant]:
    yield Variant("audio", "silent", ("the sound is silent",))
    yield Variant("audio", "no_samples", ("no samples",))
    yield Variant("audio", "missing_file", ("result.bin was not fetched",))
    yield Variant("file", "missing_file", ("FileNotFoundError",), BROKEN)
    yield Variant("file", "empty_file", ("the file is empty",))


def _numbers_and_structures() -> Iterator[Variant]:
    for kind in ("number", "several"):
        yield Variant(kind, "no_number", ("not finite", "nothing came back"))
        yield Variant(kind, "words_for_number", ("is no number",))
    yield Variant("dataframe", "empty", ("an empty structure",))
    yield Variant("dataframe", "no_number", ("NaN", "null"))
    yield Variant("json", "no_number", ("NaN", "null"))
    yield Variant("json", "empty", ("an empty structure",))
    yield Variant("label", "no_labels", ("an empty structure", "nothing came back", "broken"))
    yield Variant("label", "nan_labels", ("NaN", "null", "not finite"))
