"""Trouble of the platform: told apart from the code's, and put into words for its support."""

from __future__ import annotations

from ..problems import Problem
from .model import Diagnosis, ProposedFix, RootCause

# Owners of Spaces that hung report that mail to this address helped (huggingface.co/spaces/
# ejschwartz/dirty-ghidra discussion 3 and others, read 2026-11-23).
SUPPORT = "website@huggingface.co, or a topic on https://discuss.huggingface.co"
PLATFORM_CODES = frozenset({"hub_error"})
ACCOUNT_CODES = frozenset(
    {"plan_gate", "forbidden", "read_only_token", "bad_token", "not_logged_in"}
)


def support_fix(
    space: str, stage: str, *, said: str = "", since: str = "", request: str = ""
) -> ProposedFix:
    """What to send to support, with all that they will ask for. No code is to be edited."""
    facts = [f"Space {space}", f"stage {stage}"]
    facts += [f"since {since} UTC"] if since else []
    facts += [f'message "{said}"'] if said else []
    facts += [f"request id {request}"] if request else []
    how = f"Edit no code for it. If it lasts, write to {SUPPORT}: {'; '.join(facts)}."
    return ProposedFix(how=how, kind="advice")


def of_problem(problem: Problem, space: str) -> Diagnosis | None:
    """The diagnosis when the Hub itself refuses or fails, or None where that is no diagnosis."""
    if problem.code in PLATFORM_CODES:
        return Diagnosis(
            verdict="platform",
            root_cause=RootCause(text=problem.message, line=None, log="message"),
            cause="The Hub itself answers with an error, so nothing is known about the Space.",
            confidence="medium",
            why="the Hub went on failing when it was asked again",
            fixes=(
                ProposedFix(how="Ask again in some minutes.", kind="advice"),
                support_fix(space, "unknown", said=problem.message, request=_request(problem)),
            ),
        )
    if problem.code in ACCOUNT_CODES:
        how = problem.advice or "Look at what the account may do, and use one that may."
        return Diagnosis(
            verdict="account",
            root_cause=RootCause(text=problem.message, line=None, log="message"),
            cause="The Hub refuses this account or token; the Space's code is not the reason.",
            confidence="high",
            why=f"the Hub's own answer: {problem.code}",
            fixes=(ProposedFix(how=how, kind="advice"),),
        )
    return None


def _request(problem: Problem) -> str:
    """The id by which the Hub's operators find a request, where the answer had one."""
    told = getattr(problem.__cause__, "request_id", None)
    return told if isinstance(told, str) else ""
