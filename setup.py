"""The package's version is that of include/snnrt.h; everything else is in pyproject.toml."""

import re
from pathlib import Path

from setuptools import setup


def version() -> str:
    header = (Path(__file__).resolve().parent / "include/snnrt.h").read_text()
    return ".".join(re.search(rf"^#define SNNRT_VERSION_{part} +(\d+)", header, re.M)[1]
                    for part in ("MAJOR", "MINOR", "PATCH"))


setup(version=version())
