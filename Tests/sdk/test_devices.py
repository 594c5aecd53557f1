"""Projects for every emulated processor, built by CMake from the unpacked SDK alone, and run."""

import subprocess

import pytest

import sdk as packed
from sdk import HERE

# By program of Tests/device/targets.mk, the folder that CMake must pick.
CORES = {
    "cortex-m0": "cortex-m0", "cortex-m3": "cortex-m3", "cortex-m33-nodsp": "cortex-m3", "cortex-m4-soft": "cortex-m4",
    "cortex-m4-hard": "cortex-m4", "cortex-m7": "cortex-m4", "cortex-m33": "cortex-m4", "cortex-m55": "cortex-m4",
    "rv32imc": "rv32imc", "rv32imfc": "rv32imfc", "rv64imc": "rv64imc", "rv64gc": "rv64gc", "aarch64-linux": "aarch64-linux"}


@pytest.mark.parametrize("name, core", CORES.items())
def test_cmake_picks_the_core_and_the_program_labels_the_sample(sdk, samples, tmp_path, name, core):
    code, said = packed.configure(HERE / "consumer", tmp_path / "build", sdk, samples, name, f"-DCMAKE_PREFIX_PATH={sdk}",
                                  f"-Dsnnrt_DIR={sdk}/cmake")
    assert code == 0 and f"core {core}\n" in said, said
    packed.build(tmp_path / "build")
    assert packed.emulate(name, tmp_path / "build/label") == 0


@pytest.mark.parametrize("name, core", [("cortex-m4-hard", "cortex-m0"), ("cortex-m33", "cortex-m3")])
def test_a_smaller_core_on_purpose(sdk, samples, tmp_path, name, core):
    code, said = packed.configure(HERE / "consumer", tmp_path / "build", sdk, samples, name, f"-Dsnnrt_DIR={sdk}/cmake",
                                  f"-DSNNRT_CORE={core}")
    assert code == 0 and f"core {core}\n" in said, said
    packed.build(tmp_path / "build")
    assert packed.emulate(name, tmp_path / "build/label") == 0


@pytest.mark.parametrize("example, options", [("cortex-m", []), ("cortex-m", ["BOARD=mps2-an385"]), ("cortex-m", ["DEFINES=-DOPENED"]), ("riscv", [])])
def test_examples_build_where_they_lie(sdk, tmp_path, example, options):
    """A label from the archive and a C compiler: what a new user does first."""
    process = subprocess.run(["make", "-C", sdk / "c-examples" / example, f"BUILD={tmp_path}", *options, "run"],
                             stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=120)
    assert f"output CRC-32C {packed.checksum()}" in process.stdout + process.stderr, process.stdout + process.stderr
