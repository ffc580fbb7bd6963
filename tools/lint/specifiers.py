"""Whether version specifiers can be met together, without asking an index what exists."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import lru_cache

from packaging.specifiers import InvalidSpecifier, SpecifierSet
from packaging.version import InvalidVersion, Version

_LOWEST, _HIGHEST = Version("0"), Version("99999")


def can_be_met(*specifiers: str) -> bool:
    """Whether some version satisfies all specifiers; True also where one cannot be read.

    The versions that decide are those at the bounds and just beside them, so that `>1,<2` can be
    met whether or not such a version was ever released.
    """
    return _can_be_met(",".join(filter(None, specifiers)))


@lru_cache(maxsize=512)
def _can_be_met(together: str) -> bool:
    try:
        wanted = SpecifierSet(together)
    except InvalidSpecifier:
        return True
    if any(specifier.operator == "===" for specifier in wanted):
        return True
    return any(wanted.contains(version, prereleases=True) for version in _candidates(wanted))


def is_met_by(specifier: str, version: str) -> bool:
    """Whether a version satisfies a specifier; True also where one of them cannot be read."""
    try:
        return SpecifierSet(specifier).contains(Version(version), prereleases=True)
    except (InvalidSpecifier, InvalidVersion):
        return True


def lies_within(specifier: str, versions: str) -> bool:
    """Whether all versions that a specifier admits are among others; False if there are none."""
    try:
        wanted, others = SpecifierSet(specifier), SpecifierSet(versions)
    except InvalidSpecifier:
        return False
    candidates = [*_candidates(wanted), *_candidates(others)]
    admitted = [one for one in candidates if wanted.contains(one, prereleases=True)]
    return bool(admitted) and all(others.contains(one, prereleases=True) for one in admitted)


def newest_of(specifier: str, releases: Iterable[str]) -> str | None:
    """The newest of these releases that a specifier admits, or None."""
    fitting = [release for release in releases if is_met_by(specifier, release)]
    return max(fitting, key=Version) if fitting else None


def _candidates(specifiers: SpecifierSet) -> Iterator[Version]:
    yield from (_LOWEST, _HIGHEST)
    for specifier in specifiers:
        try:
            version = Version(specifier.version.removesuffix(".*"))
        except InvalidVersion:
            continue
        yield version
        yield Version(f"{version.epoch}!{'.'.join(map(str, version.release))}.0.0.0.1")
        yield from _just_below(version)


def _just_below(version: Version) -> Iterator[Version]:
    release = list(version.release)
    while release and release[-1] == 0:
        release.pop()
    if release:
        lower = [*release[:-1], release[-1] - 1, 99999]
        yield Version(f"{version.epoch}!{'.'.join(map(str, lower))}")
