"""`make install`, and a C program outside the tree that knows nothing but what was installed."""

import os
import shutil
import subprocess

import pytest

from command import MODEL, ROOT, SAMPLE, defined, raw_samples, summary, version


# Installed once, by one of several processes.
pytestmark = pytest.mark.xdist_group("install")


@pytest.fixture(scope="module")
def prefix(tmp_path_factory):
    folder = tmp_path_factory.mktemp("installed") / "usr"
    environment = {name: value for name, value in os.environ.items() if not name.startswith("MAKE")}
    subprocess.run(["make", "-C", ROOT, "install", f"PREFIX={folder}"], env=environment, check=True, capture_output=True)
    return folder


def flags(prefix, *options):
    environment = os.environ | {"PKG_CONFIG_PATH": str(prefix / "lib/pkgconfig")}
    return subprocess.run(
        ["pkg-config", *options, "snnrt"], env=environment, check=True, capture_output=True, text=True).stdout.split()


@pytest.mark.parametrize("linking", ["shared", "static"])
def test_program_outside_the_tree_gives_the_commands_checksum(prefix, tmp_path, linking):
    shutil.copy(ROOT / "c-examples/label_csv.c", tmp_path / "program.c")
    libraries = flags(prefix, "--libs") if linking == "shared" else [str(prefix / "lib/libsnnrt.a")]
    subprocess.run(
        ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", *flags(prefix, "--cflags"), "program.c", *libraries,
         "-o", "program"], cwd=tmp_path, check=True)
    done = subprocess.run(
        [tmp_path / "program", MODEL], input=raw_samples(SAMPLE), capture_output=True, text=True,
        env=os.environ | {"LD_LIBRARY_PATH": str(prefix / "lib")})
    assert done.returncode == 0, done.stderr
    assert summary(MODEL, SAMPLE)[1]["outputChecksum"] in done.stderr


def test_header_serves_cplusplus(prefix, tmp_path):
    (tmp_path / "program.cpp").write_text('#include <snnrt.h>\nint main() { return snnrt_status_text(0) == nullptr; }\n')
    subprocess.run(
        ["g++", "-Wall", "-Wextra", "-Werror", *flags(prefix, "--cflags"), "program.cpp", str(prefix / "lib/libsnnrt.a"),
         "-o", "program"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "program"]).returncode == 0


def test_cmake_finds_what_was_installed(prefix, tmp_path):
    """The host's archive by the compiler alone; those of devices lie beside it, by core."""
    (tmp_path / "CMakeLists.txt").write_text(
        "cmake_minimum_required(VERSION 3.16)\nproject(program C)\n"
        f"find_package(snnrt {version()} REQUIRED)\nadd_executable(program program.c)\ntarget_link_libraries(program snnrt::snnrt)\n")
    shutil.copy(ROOT / "c-examples/label_csv.c", tmp_path / "program.c")
    subprocess.run(["cmake", "-B", "build", f"-DCMAKE_PREFIX_PATH={prefix}"], cwd=tmp_path, check=True, capture_output=True)
    subprocess.run(["cmake", "--build", "build"], cwd=tmp_path, check=True, capture_output=True)
    done = subprocess.run([tmp_path / "build/program", MODEL], input=raw_samples(SAMPLE), capture_output=True, text=True)
    assert summary(MODEL, SAMPLE)[1]["outputChecksum"] in done.stderr
    # `make lib` has built these.
    assert {"cortex-m0", "cortex-m4", "rv32imc"} <= {path.name for path in (prefix / "lib/snnrt").iterdir()}


def test_shared_library_has_its_name(prefix):
    dynamic = subprocess.run(["readelf", "-d", prefix / "lib/libsnnrt.so"], check=True, capture_output=True, text=True).stdout
    soname = f"libsnnrt.so.{defined('VERSION_MAJOR')}"
    assert f"Library soname: [{soname}]" in dynamic
    assert (prefix / "lib" / soname).resolve().name == f"libsnnrt.so.{version()}"


def test_installed_versions_are_those_of_the_header(prefix):
    done = subprocess.run([prefix / "bin/snnrt", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout.startswith(version() + " ")
    assert flags(prefix, "--modversion") == [version()]
