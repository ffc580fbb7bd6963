"""Lines of requirements.txt that name a file, a folder or an address instead of a release."""

from __future__ import annotations

import re
from collections.abc import Iterator
from urllib.parse import unquote

from packaging.tags import Tag
from packaging.utils import InvalidWheelFilename, parse_wheel_filename

from ...knowledge.builder import builder_facts
from ...knowledge.card_keys import zero_gpu_pythons
from ..finding import Fix, Hit, Severity
from ..installing import all_lines, applies, names_python, pythons, without_secrets
from ..project import Project
from ..requirements import LineKind, RequirementLine
from ..rule import on_gradio, rule

_MOUNTED = "build logs of 2026: only requirements.txt is mounted while pip runs"
_FILE_URL = re.compile(r"^file:")
_EXPIRING = re.compile(
    r"[?&](?:X-Amz-|Expires=|Signature=|sig=|se=|GoogleAccessId=)|gradio-pypi-previews|gradio-builds",
    re.IGNORECASE,
)
_MANYLINUX = re.compile(r"^manylinux_(\d+)_(\d+)_x86_64$")


def _lines(project: Project, *kinds: LineKind) -> Iterator[RequirementLine]:
    for line in all_lines(project):
        if line.kind in kinds and applies(line, project):
            yield line


def _is_remote(target: str) -> bool:
    return "://" in target and not _FILE_URL.match(target)


@rule(
    "REQ_EDITABLE",
    Severity.ERROR,
    "The Space's own package cannot be installed from requirements.txt",
    source=_MOUNTED,
    as_of="2026-09-23",
    reference="requirements",
    when=on_gradio,
)
def editable(project: Project) -> Iterator[Hit]:
    """The files of the Space are copied only after pip has run, so `-e .` finds no project. What
    lies beside app.py can be imported without being installed.
    """
    for line in _lines(project, LineKind.EDITABLE):
        if not _is_remote(line.target):
            message = (
                f"`{line.text}` finds nothing: the Space's files are copied after pip has run. "
                "Take it out; app.py can import what lies beside it"
            )
            yield Hit(line.file, line.line, message)


@rule(
    "REQ_INCLUDE",
    Severity.ERROR,
    "requirements.txt cannot include another file",
    source=_MOUNTED,
    as_of="2026-09-23",
    reference="requirements",
    when=on_gradio,
    fix=Fix.SAFE,
)
def include(project: Project) -> Iterator[Hit]:
    """Only requirements.txt itself is there while pip runs: a file that it includes is not found,
    and the build ends.
    """
    for line in _lines(project, LineKind.INCLUDE, LineKind.CONSTRAINT):
        if not _is_remote(line.target):
            message = f"`{line.text}` names a file that is not there while pip runs"
            fixable = line.kind is LineKind.INCLUDE and _is_plain_list(project, line.target)
            yield Hit(line.file, line.line, f"{message}; put its lines here", fixable=fixable)


def _is_plain_list(project: Project, path: str) -> bool:
    """Whether a file of the project can be put in place of the line that includes it."""
    included = project.requirements_file(path.removeprefix("./"))
    return included is not None and not any(
        line.kind in {LineKind.INCLUDE, LineKind.CONSTRAINT, LineKind.EDITABLE, LineKind.LOCAL}
        for line in included.lines
    )


@rule(
    "REQ_LOCAL_PATH",
    Severity.ERROR,
    "A path in requirements.txt is not there while pip runs",
    source=_MOUNTED,
    as_of="2026-09-23",
    reference="requirements",
    when=on_gradio,
)
def local_path(project: Project) -> Iterator[Hit]:
    """Wheels and folders of the repository are copied after pip has run, and paths of another
    machine (as `pip freeze` writes them under conda) exist only there.
    """
    for line in _lines(project, LineKind.LOCAL, LineKind.URL):
        if line.kind is LineKind.LOCAL or _FILE_URL.match(line.target):
            message = f"`{line.text}` is a path that does not exist while pip runs"
            yield Hit(line.file, line.line, f"{message}; name a release, or an address for a wheel")


@rule(
    "REQ_URL_PIN",
    Severity.WARNING,
    "The address will stop working",
    source="signed addresses of S3, Google and Azure; Gradio's preview wheels",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
)
def url_pin(project: Project) -> Iterator[Hit]:
    """A signed address expires, and preview wheels are deleted. The next build then fails without a
    change of the Space.
    """
    for line in _lines(project, LineKind.URL):
        if _EXPIRING.search(line.target):
            message = f"`{without_secrets(line.target)}` is an address that expires"
            yield Hit(line.file, line.line, f"{message}; use a release, or a file that stays")
        elif line.target.startswith("git+ssh"):
            message = f"`{line.text}` needs an SSH key, and the build has none; use git+https"
            yield Hit(line.file, line.line, message, Severity.ERROR)


@rule(
    "REQ_UNPINNED_GIT",
    Severity.INFO,
    "A repository without a commit is another one tomorrow",
    source="pip: VCS support",
    as_of="2026-11-22",
    reference="requirements",
    when=on_gradio,
)
def unpinned_git(project: Project) -> Iterator[Hit]:
    """Every build takes what the default branch is at that moment, so a Space that worked can break
    when it is built again. A commit or a tag after `@` keeps it.
    """
    for line in _lines(project, LineKind.URL, LineKind.EDITABLE):
        _, _, path = line.target.partition("://")
        path = path.partition("#")[0].partition("/")[2]
        if line.target.startswith("git+") and "@" not in path:
            shown = line.name or "the repository"
            message = f"{shown} is taken from whatever its default branch is; add `@` and a commit"
            yield Hit(line.file, line.line, message)


@rule(
    "REQ_WHEEL_PYTHON",
    Severity.ERROR,
    "The wheel is for another Python or system",
    source="PEP 425 and PEP 600; base images of build logs (python:3.12.12 on Debian)",
    as_of="2026-09-23",
    reference="requirements",
    when=on_gradio,
)
def wheel_python(project: Project) -> Iterator[Hit]:
    """A wheel with compiled code names the Python and the system it was built for; pip refuses it
    for any other. The card's `python_version` has to be the one in the file's name.
    """
    for line in _lines(project, LineKind.URL):
        tags = _wheel_tags(line.target)
        if not tags:
            continue
        if not any(_is_for_the_platform(tag.platform) for tag in tags):
            message = f"{_file_name(line.target)} is not built for Linux on x86_64"
            yield Hit(line.file, line.line, message)
        elif not any(_suits(tag, python) for tag in tags for python in pythons(project)):
            yield _for_another_python(project, line, tags)


def _for_another_python(project: Project, line: RequirementLine, tags: frozenset[Tag]) -> Hit:
    wanted = ", ".join(sorted({tag.interpreter for tag in tags}))
    wheel, platform = _file_name(line.target), " or ".join(pythons(project))
    if names_python(project):
        message = f"{wheel} is for {wanted}, and `python_version` is {platform}"
        return Hit(line.file, line.line, message)
    fitting = [one for one in zero_gpu_pythons() if any(_suits(tag, one) for tag in tags)]
    if project.on_zero_gpu and fitting:
        # What ZeroGPU takes unasked is documented and in no log, so this may work as it is.
        minor = ".".join(fitting[-1].split(".")[:2])
        message = f"{wheel} is for {wanted}, and the documented Python is {platform}"
        advice = f'write `python_version: "{minor}"` into the card'
        return Hit(line.file, line.line, f"{message}; {advice}", Severity.WARNING)
    return Hit(line.file, line.line, f"{wheel} is for {wanted}, the platform takes {platform}")


def _file_name(address: str) -> str:
    return unquote(re.split(r"[?#]", address, maxsplit=1)[0].rsplit("/", 1)[-1])


def _wheel_tags(address: str) -> frozenset[Tag]:
    try:
        return parse_wheel_filename(_file_name(address))[3]
    except (InvalidWheelFilename, ValueError):
        return frozenset()


def _is_for_the_platform(platform: str) -> bool:
    facts = builder_facts()
    found = _MANYLINUX.match(platform)
    if found is not None:
        return (int(found[1]), int(found[2])) <= facts.glibc
    is_linux = platform.startswith(("linux", "manylinux1", "manylinux2"))
    return platform == "any" or (is_linux and platform.endswith(facts.machine))


def _suits(tag: Tag, python: str) -> bool:
    """Whether a Python can import what the tag's interpreter was built for."""
    major, minor = (int(part) for part in python.split(".")[:2])
    found = re.fullmatch(r"(?:cp|py)(\d)(\d*)", tag.interpreter)
    if found is None or int(found[1]) != major:
        return False
    asked = int(found[2]) if found[2] else 0
    # The stable interface, and Python code alone, also serve every later version.
    return asked == minor or (asked < minor and (tag.abi == "abi3" or tag.interpreter[:2] == "py"))
