"""The package's version is that of include/snnrt.h, and its platform that of the command and the library inside, which
packaging/wheel.py puts there; without them it is for any. Everything else is in pyproject.toml."""

import os
import re
from pathlib import Path

from setuptools import Distribution, setup
from setuptools.command.bdist_wheel import bdist_wheel

PLATFORM = os.environ.get("SNNRT_WHEEL_PLATFORM")


class Package(Distribution):
    def has_ext_modules(self) -> bool:
        return PLATFORM is not None


class Wheel(bdist_wheel):
    def get_tag(self) -> tuple[str, str, str]:
        return ("py3", "none", PLATFORM) if PLATFORM else super().get_tag()


def version() -> str:
    header = (Path(__file__).resolve().parent / "include/snnrt.h").read_text()
    return ".".join(re.search(rf"^#define SNNRT_VERSION_{part} +(\d+)", header, re.M)[1]
                    for part in ("MAJOR", "MINOR", "PATCH"))


setup(version=version(), distclass=Package, cmdclass={"bdist_wheel": Wheel})
