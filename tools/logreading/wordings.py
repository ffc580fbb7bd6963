"""What tools and the platform say when something fails, in their own words.

Parts of regular expressions without look-around, for the table in `cues.py`. Collected from real
logs and from the installed packages (pip 25 and 26, uv 0.13, npm 10, gradio 6.31.0, spaces 0.51.3),
2026-11-22 and 23.
"""

from __future__ import annotations

PIP_SAYS = (
    "Could not find a version|No matching distribution|Cannot install|ResolutionImpossible|"
    "Could not open requirements|Invalid requirement|Failed building|Failed to build|"
    "Could not build|Could not install packages|Wheel '|Package '|Ignored the following|"
    "In --require-hashes mode|THESE PACKAGES DO NOT MATCH|Some build dependencies|"
    "Double requirement given|Cannot uninstall|Command errored out|Editable mode|file://|"
    "HTTP error|Could not detect requirement|Exception:|Directory '|Hash of|"
    r"\S+\.whl is not a (?:supported|valid) wheel|.* does not appear to be a Python project"
)
UV_SAYS = (
    "No solution found|The build backend |Failed to |Distribution |Request failed|Package `|"
    "Couldn't parse|Because |No interpreter|Requirements? |File not found|Git operation|"
    "Querying |The wheel "
)
PLATFORM_SAYS = (
    "[Ll]aunch timed out, (?:workload|space) was not healthy",
    "Flagged as abusive|Blocked by abuse-handler",
    "Something went wrong when restarting this Space|Your space is in error, check its status",
    "Internal Error - We're working hard to fix this",
    "This Space is missing an app file",
    r"Invalid (?:YAML|metadata) in README\.md|You can't have a key with a ",
    r"Memory limit exceeded \(",
    "Workload evicted",
    "Scheduling failure: ",
    "Missing configuration in README",
    "Collision on variables and secrets names",
    r"No @spaces\.GPU function detected during startup",
    r"torch version in requirements\.txt is not compatible",
    "rejected during YAML metadata verification",
    "push was rejected because",
    r'"\w+" (?:length )?must be (?:one of|less than|a |an |at )',
    r"Invalid space_sdk\.",
    r"Invalid (?:user token|credentials in Authorization)",
    "Failed to retrieve error logs",
    r"reached your \S+ quota limit|reached your hardware quota",
    "must be subscribed to PRO|requires a PRO subscription|Without a PRO subscription",
    "must add a payment method",
    "storage limit reached",
    "NO_APP_FILE|Invalid username or password|Queue is full",
    r"\b(?:401 Unauthorized|402 Payment Required|403 Forbidden|429 Too Many Requests): ",
    r"\b(?:4\d\d Client|5\d\d (?:Client|Server)) Error: ",
)
ZEROGPU_SAYS = (
    "is larger than the maximum allowed",
    r"You have exceeded your (?:\w+ )?(?:ZeroGPU|GPU) (?:quota|runs limit)",
    "Space app has reached its GPU limit",
    "too many ZeroGPU credits allocated",
    "No GPU was available",
    "Expired ZeroGPU proxy token",
    "GPU task aborted",
    "ZeroGPU worker error",
    "ZeroGPU is only compatible with",
    r"ZeroGPU API /\w+ error",
    "Error while initializing ZeroGPU",
    "CUDA has been initialized before importing",
    "CUDA must not be initialized in the main process",
    r"Low-level CUDA init \(",
)
PRINTED_EXCEPTIONS = (  # str(exception), printed by an app without the exception's name
    "No module named '",
    "cannot import name '",
    "Can't instantiate abstract class ",
    r"\[Errno 28\] No space left on device",
    "CUDA out of memory",
    "A module that was compiled using NumPy 1",
    r"Cannot access gated repo for url|Access to model \S+ is restricted",
    r"connection to server at \S+ .* failed: ",
    "Did not find [a-z_]+, please add an environment variable",
    "is not supported by any provider you have enabled",
    r"is no longer supported\. Please use https://router",
    r"Unable to load any of \{lib",
    "not found in any model repository|Repository Not Found for url:|Entry Not Found for url:",
    "capability sm_[0-9]+ is not compatible with the current PyTorch",
)
COMMANDS_SAY = (
    r"\S*python[\d.]*: (?:No module named |can't open file )",
    r"(?:useradd|groupadd|adduser): (?:The )?(?:UID|GID|user|group) |useradd: uid ",
    r"git: '\S+' is not a git command|git-lfs\S*.*: not found",
    "mkdir: cannot create directory|Failed to find attribute '",
    r"nginx: \[emerg\] ",
    r" ?! \[rejected\] |batch response: |Error downloading object: ",
    "Cargo, the Rust package manager, is not installed",
)
"""Of commands that a build step or a start script runs; at the start of the line."""
