"""A curve whose shape two sliders decide."""

from __future__ import annotations

import math

import pandas as pd
import streamlit as st

POINTS = 200


def curve(waves: float, damping: float) -> pd.DataFrame:
    """Return the points of a damped wave."""
    xs = [index / POINTS for index in range(POINTS)]
    ys = [math.exp(-damping * x) * math.sin(2 * math.pi * waves * x) for x in xs]
    return pd.DataFrame({"x": xs, "y": ys})


st.title("A damped wave")
waves = st.slider("Waves", 1.0, 10.0, 3.0)
damping = st.slider("Damping", 0.0, 5.0, 1.0)
st.line_chart(curve(waves, damping), x="x", y="y")
