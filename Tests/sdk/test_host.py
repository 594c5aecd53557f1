"""Projects for this machine, built from the unpacked SDK alone."""

import os
import platform
import shutil
import subprocess

import pytest

import sdk as packed
from sdk import HERE

CORE = f"{platform.machine().replace('arm64', 'aarch64')}-linux"


def test_cmake_project_gives_the_sample_s_checksum(sdk, samples, tmp_path):
    code, said = packed.configure(HERE / "consumer", tmp_path / "build", sdk, samples, None, f"-DCMAKE_PREFIX_PATH={sdk}")
    assert code == 0 and f"core {CORE}" in said, said
    packed.build(tmp_path / "build")
    assert subprocess.run([tmp_path / "build/label"]).returncode == 0


def test_subdirectory_of_a_cmake_project(sdk, samples, tmp_path):
    shutil.copytree(HERE / "consumer", tmp_path / "project")
    lists = tmp_path / "project/CMakeLists.txt"
    lists.write_text(lists.read_text().replace("find_package(snnrt REQUIRED)", f"add_subdirectory({sdk} snnrt)"))
    code, said = packed.configure(tmp_path / "project", tmp_path / "build", sdk, samples)
    assert code == 0, said
    packed.build(tmp_path / "build")
    assert subprocess.run([tmp_path / "build/label"]).returncode == 0


MAJOR, MINOR, PATCH = map(int, packed.NAME.removeprefix("snnrt-sdk-").split("."))


@pytest.mark.parametrize("wanted, fits", [
    (f"{MAJOR}.{MINOR}", True), (f"{MAJOR}.{MINOR}.{PATCH}", True), (f"{MAJOR}.{MINOR}.{PATCH + 1}", False),
    (f"{MAJOR}.{MINOR + 1}", False), (f"{MAJOR + 1}.0", False)])
def test_versions_that_fit(sdk, samples, tmp_path, wanted, fits):
    shutil.copytree(HERE / "consumer", tmp_path / "project")
    lists = tmp_path / "project/CMakeLists.txt"
    lists.write_text(lists.read_text().replace("snnrt REQUIRED", f"snnrt {wanted} REQUIRED"))
    code, said = packed.configure(tmp_path / "project", tmp_path / "build", sdk, samples, None, f"-DCMAKE_PREFIX_PATH={sdk}")
    assert (code == 0) == fits, said


def test_core_without_archive_is_said(sdk, samples, tmp_path):
    code, said = packed.configure(
        HERE / "consumer", tmp_path / "build", sdk, samples, None, f"-DCMAKE_PREFIX_PATH={sdk}", "-DSNNRT_CORE=z80")
    assert code != 0 and "no archive for the core 'z80'" in said, said


def test_pkg_config(sdk):
    def flags(*options):
        environment = os.environ | {"PKG_CONFIG_PATH": str(sdk / "pkgconfig")}
        return subprocess.run(["pkg-config", *options, "snnrt"], env=environment, check=True, capture_output=True, text=True).stdout

    assert (sdk / "lib/cortex-m4").resolve() == next(
        (sdk / word[2:]).resolve() for word in flags("--define-variable=core=cortex-m4", "--libs-only-L").split())
    assert flags("--modversion").strip() == packed.NAME.removeprefix("snnrt-sdk-")
