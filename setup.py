"""Names the packages: the folder `tools` is `huggingface_spaces` in a wheel.

pyproject.toml can map the folder but cannot discover packages below a mapped one.
"""

from setuptools import find_packages, setup

setup(
    packages=[
        "huggingface_spaces",
        *(f"huggingface_spaces.{name}" for name in find_packages("tools")),
    ]
)
