"""What files that hold secrets are called, and how a private key begins; for upload and linter."""

from __future__ import annotations

import re

ENVIRONMENT_FILE = re.compile(
    r"(?!.*[._-](?:example|sample|template|dist)$)(?:\.env(?:$|rc$|[._-]|\d)|.*\.env$)",
    re.IGNORECASE,
)
"""Matches the name of a file with environment variables; the empty form of one may be shared."""
KEY_FILE = re.compile(
    r"id_(?:rsa|dsa|ecdsa|ed25519)(?:_sk)?$|.*\.(?:p12|pfx|jks|keystore|ppk)$|[._]netrc$|"
    r"\.git-credentials$|\.pgpass$|kaggle\.json$",
    re.IGNORECASE,
)
"""Matches the name of a file that is a key or a password, whatever is in it."""
PEM_FILE = re.compile(r".*\.(?:pem|key)$", re.IGNORECASE)
"""Matches the name of a file that may be a private key or a public certificate."""
PRIVATE_KEY = (
    r"(?m)^[ \t]*-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----|"
    r"-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----(?:\\[nr]|\s)*[A-Za-z0-9+/=]{16}"
)
"""Pattern of a private key's first line (RFC 7468), also inside a string literal."""
