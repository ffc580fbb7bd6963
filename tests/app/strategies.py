"""Strategies for JSON and JSON schemas of strangers."""

from __future__ import annotations

from hypothesis import settings
from hypothesis import strategies as st

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=20),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=10), inner, max_size=4)
    ),
    max_leaves=12,
)
KEYWORDS = st.sampled_from(
    [
        "type",
        "enum",
        "items",
        "anyOf",
        "properties",
        "required",
        "default",
        "const",
        "$ref",
        "$defs",
    ]
)
SCHEMAS = st.recursive(
    JSON | st.sampled_from(["array", "object", "string", "number", "integer"]),
    lambda inner: st.dictionaries(KEYWORDS, inner | st.lists(inner, max_size=3), max_size=5),
    max_leaves=12,
)
COMPONENTS = st.sampled_from(
    ["Textbox", "Slider", "Image", "Gallery", "File", "Imageeditor", "Video", "Custom", "Api", ""]
)
OUTPUTS = st.sampled_from(["Chatbot", "Html", "Label", "Dataframe"])
unhurried = settings(deadline=None)  # the first example imports PIL
