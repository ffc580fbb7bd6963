"""Build and run logs of Spaces."""

from __future__ import annotations

from starlette.responses import Response

from .. import access, event_stream
from ..call import Call
from ..errors import HubError, bad_request
from ..hub import Log, LogKind
from ..router import Route
from ..store.records import RepositoryRecord

LOG_KINDS: tuple[LogKind, ...] = ("build", "run")


def find_log(call: Call, record: RepositoryRecord, kind: str) -> Log:
    """Return a Space's newest log. Raises 404 when there is none yet."""
    for known in LOG_KINDS:
        if known == kind:
            log = call.hub.machine.journal(record.full_name, known)
            if log is None:
                raise HubError(404, f"{record.full_name} has no {kind} log yet")
            return log
    raise bad_request(f"logs must be one of [{', '.join(LOG_KINDS)}], not {kind!r}")


async def logs(call: Call) -> Response:
    """Answer `GET .../logs/build|run`, for those who may change the Space."""
    log = find_log(call, access.writable(call), call.captured["log"])
    return event_stream.answer(log, call.hub.stopping)


ROUTES = [Route("GET", "/api/spaces/{namespace}/{name}/logs/{log}", logs)]
