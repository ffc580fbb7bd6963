"""The smoke test against many real apps: our own healthy ones, broken copies, Gradio's demos."""
