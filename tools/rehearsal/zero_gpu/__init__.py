"""ZeroGPU without a GPU: the device API that the real `spaces` package talks to.

The package schedules each call of a decorated function here, forks the worker itself, and sends
arguments and results by pickle. This side plays the platform: startup check, quota, one GPU with a
queue, the end of a worker that overruns. Protocol: spaces 0.51.3, measured 2026-11-22.
"""
