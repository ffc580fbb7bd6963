"""Tests of `tools.app` against real Gradio apps."""
