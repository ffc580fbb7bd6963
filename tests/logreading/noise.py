"""Ordinary output of builds and runs: nothing in it is an error, much of it looks like one."""

from __future__ import annotations

import itertools
import random

BUILD = """\
===== Build Queued at 2026-10-02 15:37:14 / Commit SHA: a75174f =====

--> FROM docker.io/library/python:3.12.12@sha256:a8462db480ec3a74499a297b1f8e074944283407
DONE 0.0s
--> RUN apt-get update && apt-get install -y git git-lfs ffmpeg libsm6 && echo "E: no error"
debconf: unable to initialize frontend: Dialog
W: Download is performed unsandboxed as root
CACHED
--> Restoring cache
Collecting torch<=2.13.0
  Downloading torch-2.13.0-cp312-cp312-manylinux_2_28_x86_64.whl.metadata (30 kB)
  Preparing metadata (setup.py): finished with status 'done'
  Building wheel for exceptiongroup (pyproject.toml): finished with status 'done'
Requirement already satisfied: error-reporter in /usr/local/lib/python3.12/site-packages (25.0)
WARNING: gradio 6.28.0 does not provide the extra 'oauth2'
WARNING: Running pip as the 'root' user can result in broken permissions
ERROR: pip's dependency resolver does not currently take into account all the packages
npm warn deprecated inflight@1.0.6: This module is not supported, and leaks memory.
found 0 vulnerabilities
fatal: not a git repository (or any of the parent directories): .git
{"total":25,"completed":19,"user_total":14,"user_cached":9,"client_duration_ms":11961}
cache miss: [base 6/7] RUN pip install --no-cache-dir -r /tmp/requirements.txt
DONE 95.2s
""".splitlines()

RUN = (
    """\
===== Application Startup at 2026-10-02 15:41:02 =====

Fetching 16 files:   0%|          | 0/16 [00:00<?, ?it/s]<CR>Fetching 16 files: 100%|##| 16/16
`torch_dtype` is deprecated! Use `dtype` instead!
/usr/local/lib/python3.12/site-packages/gradio/blocks.py:1800: UserWarning: Expected 2 arguments
  warnings.warn("Error while reading infos from Nvidia driver FS")
/home/user/app/app.py:3: FutureWarning: TypeError: will be raised by a later version
DeprecationWarning: There is no current event loop
Error while trying to fetch updates is ignored in tests
2026-07-01 10:00:00,000 - app - WARNING - retrying, the last error was 503
2026-07-01 10:00:00,000 CRIT Supervisor is running as root.  Privileges were not dropped
INFO:     10.16.4.123:53211 - "GET /favicon.ico HTTP/1.1" 404 Not Found
INFO:httpx:HTTP Request: GET https://huggingface.co/api/models/x/y "HTTP/1.1 200 OK"
Failed to send telemetry event ClientStartEvent: capture() takes 1 positional argument
ERROR:chromadb.telemetry.product.posthog:Failed to send telemetry event ClientStartEvent
<ESC>[33mwarning<ESC>[0m: 3 errors were found and fixed
E0000 00:00:1734 cuda_dnn.cc:8310] Unable to register cuDNN factory
SPACES_ZERO_GPU_DEBUG self.arg_queue._writer.fileno()=20
0 errors, 2 warnings
Exception ignored in: <function BaseEventLoop.__del__ at 0x7f2b1c0d3a60>
Traceback (most recent call last):
  File "/usr/local/lib/python3.12/asyncio/base_events.py", line 731, in __del__
    self.close()
ValueError: Invalid file descriptor: -1
100%|##########| 28/28 [00:11<00:00,  2.40it/s]
""".replace("<CR>", "\r")
    .replace("<ESC>", "\x1b")
    .split("\n")
)


def lines(count: int, seed: int = 0) -> list[str]:
    """Return at least so many lines of ordinary output; blocks in it stay whole."""
    random_blocks = random.Random(seed)  # noqa: S311 - a repeatable shuffle
    output: list[str] = []
    while len(output) < count:
        block = random_blocks.choice((BUILD, RUN))
        start = random_blocks.randrange(5)
        output += itertools.islice(block, start, None)
    return output
