"""A table, a filter and a plot with pandas."""

from __future__ import annotations

from pathlib import Path

import gradio as gr
import pandas as pd

CITIES = pd.read_csv(Path(__file__).parent / "cities.csv")
CONTINENTS = sorted(CITIES["continent"].unique())


def explore(continents: list[str], least: float) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return the cities of some continents with at least `least` million people, twice."""
    chosen = CITIES["continent"].isin(continents or CONTINENTS)
    found = CITIES[chosen & (CITIES["millions"] >= least)].sort_values("millions")
    return found, found


with gr.Blocks(title="Table explorer") as demo:
    gr.Markdown("# Table explorer\nMade-up figures for made-up cities.")
    continents = gr.CheckboxGroup(CONTINENTS, value=CONTINENTS, label="Continents")
    least = gr.Slider(0, 10, 1, step=0.5, label="At least (millions)")
    table = gr.Dataframe(CITIES, label="Cities")
    plot = gr.BarPlot(CITIES, x="city", y="millions", color="continent", title="People")
    inputs, outputs = [continents, least], [table, plot]
    continents.change(explore, inputs, outputs, api_name="explore")
    least.release(explore, inputs, outputs, api_name=False)

if __name__ == "__main__":
    demo.launch()
