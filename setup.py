"""Names the packages: the folder `tools` is `huggingface_spaces` in a wheel.

pyproject.toml can map the folder but cannot discover packages below a mapped one. Nor can it take
files from outside of them: what agents and their hosts read lies at the top of the checkout, where
they look for it, and is put into the wheel beside the modules of `huggingface_spaces/skill/`.
"""

import shutil
from pathlib import Path

from setuptools import find_packages, setup
from setuptools.command.build_py import build_py

HERE = Path(__file__).parent
PACK = "huggingface_spaces/skill"
READ_BY_HOSTS = ("SKILL.md", "references", ".claude-plugin", ".mcp.json", "bin")


def skill_files() -> list[str]:
    """The files under `READ_BY_HOSTS`, relative to this folder."""
    tops = [HERE / name for name in READ_BY_HOSTS]
    files = [path for top in tops for path in ([top] if top.is_file() else top.rglob("*"))]
    return sorted(
        path.relative_to(HERE).as_posix()
        for path in files
        if path.is_file() and "__pycache__" not in path.parts
    )


class BuildWithSkill(build_py):
    """Also carries those files; an editable installation reads them where they lie."""

    def run(self) -> None:
        """Build the packages, then put the text beside them."""
        if not self.editable_mode:  # what an older build left there is no part of this one
            shutil.rmtree(Path(self.build_lib, "huggingface_spaces"), ignore_errors=True)
        super().run()
        if self.editable_mode:
            return
        for name in skill_files():
            target = Path(self.build_lib, PACK, name)
            self.mkpath(str(target.parent))
            self.copy_file(name, str(target))

    def get_source_files(self) -> list[str]:
        """What a source distribution needs for this."""
        return [*super().get_source_files(), *skill_files()]

    def get_outputs(self, include_bytecode: bool = True) -> list[str]:
        """Everything that was built."""
        packed = [] if self.editable_mode else skill_files()
        outputs = super().get_outputs(include_bytecode)
        return [*outputs, *(str(Path(self.build_lib, PACK, name)) for name in packed)]


setup(
    cmdclass={"build_py": BuildWithSkill},
    packages=[
        "huggingface_spaces",
        *(f"huggingface_spaces.{name}" for name in find_packages("tools")),
    ],
)
