"""A running Gradio app, seen from outside: what it offers, a payload for it, a call, the evidence.

The input is the app's URL, wherever it runs. `description.describe_app` reads what the app says
about itself; `smoke.smoke_test` calls it and judges what comes back. gradio_client, httpx and PIL
are imported inside functions only, because they would double the start-up time of every program
that merely imports this package.
"""
