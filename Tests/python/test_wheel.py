"""What packaging/wheel.py takes into a wheel, and for which glibc."""

import re
import subprocess
import sys
from pathlib import Path

import pytest

from snnrt import _library as lib

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "packaging"))
import wheel  # noqa: E402


def program(folder, *options):
    path = folder / "program"
    subprocess.run(["gcc", "-x", "c", "-", "-o", path, "-Wl,--no-as-needed", *options], input=b"int main(void) { return 0; }", check=True)
    return path


def test_the_tag_is_the_greatest_glibc_that_is_asked_for(tmp_path):
    minor = int(re.fullmatch(r"manylinux_2_(\d+)_\w+", wheel.tag([program(tmp_path, "-lm"), lib.path()]))[1])
    asked = wheel.output("objdump", "-T", program(tmp_path, "-lm"))
    assert minor >= 17 and (f"GLIBC_2.{minor})" in asked or minor == 17)


def test_another_library_is_refused(tmp_path):
    with pytest.raises(SystemExit, match="needs libz.so.1, which a wheel must not"):
        wheel.tag([program(tmp_path, "-lz")])
