"""Whether a function can be called with some arguments."""

from __future__ import annotations

import ast
from dataclasses import dataclass

from .scopes import ScopeNode


@dataclass(frozen=True)
class Signature:
    """The parameters of a function of the project; `self` and `cls` are left out."""

    positional: tuple[str, ...]
    only_positional: frozenset[str]
    required: frozenset[str]
    only_keyword: frozenset[str]
    takes_any_number: bool
    takes_any_keyword: bool

    @classmethod
    def of(cls, node: ScopeNode) -> Signature:
        """The signature of a function or lambda; a module has none."""
        if isinstance(node, ast.Module):
            return cls((), frozenset(), frozenset(), frozenset(), False, False)
        given = node.args
        before = [one.arg for one in (*given.posonlyargs, *given.args)]
        without_default = before[: len(before) - len(given.defaults)]
        keywords = zip(given.kwonlyargs, given.kw_defaults, strict=True)
        needed = {one.arg for one, default in keywords if default is None}
        names = tuple(name for name in before if name not in {"self", "cls"})
        return cls(
            positional=names,
            only_positional=frozenset(one.arg for one in given.posonlyargs),
            required=(frozenset(without_default) & frozenset(names)) | needed,
            only_keyword=frozenset(one.arg for one in given.kwonlyargs),
            takes_any_number=given.vararg is not None,
            takes_any_keyword=given.kwarg is not None,
        )

    def refuses(self, count: int, keywords: tuple[str, ...]) -> str | None:
        """Why it cannot be called with `count` positional arguments and these keywords, or None."""
        if count > len(self.positional) and not self.takes_any_number:
            return f"takes {len(self.positional)} positional arguments where it gets {count}"
        by_name = (frozenset(self.positional) - self.only_positional) | self.only_keyword
        unknown = [name for name in keywords if name not in by_name]
        if unknown and not self.takes_any_keyword:
            return f"has no parameter `{unknown[0]}`"
        filled = frozenset(self.positional[:count]) | frozenset(keywords)
        missing = sorted(self.required - filled)
        return f"needs `{missing[0]}`, which it does not get" if missing else None
