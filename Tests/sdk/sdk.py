"""The packed SDK, unpacked into a folder of its own, and a project that is built from it alone."""

import os
import re
import shlex
import subprocess
import sys
import tarfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
HERE = ROOT / "Tests/sdk"
PACKED = ROOT / os.environ.get("SNNRT_SDK", "build/sdk/snnrt-sdk.tar.gz")
NAME = PACKED.name.removesuffix(".tar.gz")
sys.path.insert(0, str(ROOT / "Tests/oracle"))


def unpack(folder):
    with tarfile.open(PACKED) as archive:
        archive.extractall(folder, filter="data")
    return folder / NAME


def checksum():
    """That of the model that comes along on its sample log, as the README states it."""
    return re.search(r"output CRC-32C (0x[0-9a-f]{8})", (ROOT / "README.md").read_text())[1]


def frames(path):
    import windows
    windows.counts(ROOT / "models/sample.csv").astype("<i2").tofile(path)
    return path


def programs():
    """The emulated processors of Tests/device/targets.mk: by name the words of the compiler's line and of what runs a program."""
    lines = (ROOT / "build/device/programs.tsv").read_text().splitlines()
    return {name: (shlex.split(line), shlex.split(run)) for name, _, line, run in (each.split("\t") for each in lines)}


def emulate(name, program):
    """The exit code."""
    return subprocess.run([*programs()[name][1], program], stdin=subprocess.DEVNULL, timeout=120).returncode


def configure(source, build, sdk, samples, name=None, *options):
    """CMake's definitions for a project of the consumer's sources; with the processor's compiler, if one is named."""
    model = sdk / "models/wisdm-small/wisdm-small-w4.snn"
    command = ["cmake", "-S", source, "-B", build, f"-DMODEL={model}", f"-DFRAMES={samples}", f"-DCHECKSUM={checksum()}"]
    if name:
        compiler, *words = programs()[name][0]
        machine = [word for word in words if word.startswith(("-m", "--specs", "--oslib", "-fPIE"))]
        linking = [str(ROOT / word) if word.endswith(".ld") else word for word in words if word not in machine and not word.endswith(".c")]
        sources = [str(ROOT / word) for word in words if word.endswith(".c")]
        command += ["-DCMAKE_SYSTEM_NAME=" + ("Linux" if name == "aarch64-linux" else "Generic"), f"-DCMAKE_C_COMPILER={compiler}",
                    f"-DCMAKE_C_FLAGS={' '.join(machine)}", f"-DCMAKE_EXE_LINKER_FLAGS={' '.join(linking)}", f"-DSUPPORT={';'.join(sources)}",
                    "-DCMAKE_TRY_COMPILE_TARGET_TYPE=STATIC_LIBRARY"]
    done = subprocess.run([*command, *options], capture_output=True, text=True)
    return done.returncode, done.stdout + done.stderr


def build(folder):
    done = subprocess.run(["cmake", "--build", folder], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr
