"""The part of the rehearsal Hub that builds and runs Spaces.

It knows nothing of HTTP: `source.py` says what it needs from the store, `supervisor.py` is what
the routes talk to.
"""
