"""Converts lengths and temperatures: one function, one `gr.Interface`."""

from __future__ import annotations

import gradio as gr

METERS = {"m": 1.0, "km": 1000.0, "mile": 1609.344, "foot": 0.3048, "inch": 0.0254}
TEMPERATURES = ("°C", "°F", "K")


def to_kelvin(value: float, unit: str) -> float:
    """Return a temperature in kelvin."""
    if unit == "°C":
        return value + 273.15
    return (value + 459.67) * 5 / 9 if unit == "°F" else value


def from_kelvin(kelvin: float, unit: str) -> float:
    """Return a temperature given in kelvin in another unit."""
    if unit == "°C":
        return kelvin - 273.15
    return kelvin * 9 / 5 - 459.67 if unit == "°F" else kelvin


def convert(value: float, source: str, target: str) -> float:
    """Return `value` of unit `source` in unit `target`."""
    if (source in METERS) != (target in METERS):
        raise gr.Error(f"{source} and {target} do not measure the same thing.")
    if source in METERS:
        return round(value * METERS[source] / METERS[target], 6)
    return round(from_kelvin(to_kelvin(value, source), target), 6)


UNITS = [*METERS, *TEMPERATURES]

demo = gr.Interface(
    convert,
    inputs=[gr.Number(1, label="Value"), gr.Dropdown(UNITS, value="km"), gr.Dropdown(UNITS)],
    outputs=gr.Number(label="Result"),
    title="Unit converter",
    api_name="convert",
    flagging_mode="never",
)

if __name__ == "__main__":
    demo.launch()
