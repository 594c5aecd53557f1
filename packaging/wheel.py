"""Makes the Python wheel with the command and the shared library inside: python3 wheel.py COMMAND LIBRARY FOLDER

The wheel is for every Linux of this machine's architecture whose glibc has the symbols that the two ask for. Refused: what needs
another shared library than glibc's, as a command that was not linked with the archives of HDF5, zlib and Zstandard."""

import os
import platform
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
STAGE = ROOT / "build/wheel"
GLIBC = re.compile(r"lib(c|m|dl|pthread|rt)\.so\.\d+|ld-linux.*|linux-vdso.*")
# Debian's packages of what is linked into the command, whose licences ask to be handed on.
LINKED = ["libhdf5-dev", "libaec-dev", "zlib1g-dev", "libzstd-dev"]


def output(*command) -> str:
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def tag(files: list[Path]) -> str:
    """manylinux_2_35_x86_64: glibc's version as the files' symbols ask for it."""
    minor = 17
    for file in files:
        needed = re.findall(r"NEEDED +(\S+)", output("objdump", "-p", file))
        others = [name for name in needed if not GLIBC.fullmatch(name)]
        if others:
            sys.exit(f"{file}: needs {', '.join(others)}, which a wheel must not\n  hint: install the archives, and make command")
        minor = max([minor, *(int(found) for found in re.findall(r"GLIBC_2\.(\d+)", output("objdump", "-T", file)))])
    return f"manylinux_2_{minor}_{platform.machine()}"


def stage(command: Path, library: Path) -> list[Path]:
    """Everything that the wheel is built from, in a folder of its own: the tree keeps no binaries."""
    shutil.rmtree(STAGE, ignore_errors=True)
    binaries = STAGE / "models/snnrt/_bin"
    ignored = shutil.ignore_patterns("__pycache__", "_bin")
    shutil.copytree(ROOT / "models/snnrt", STAGE / "models/snnrt", ignore=ignored)
    (STAGE / "include").mkdir()
    for name in ("pyproject.toml", "setup.py", "MANIFEST.in", "LICENSE", "include/snnrt.h"):
        shutil.copy(ROOT / name, STAGE / name)
    notices = [(ROOT / "NOTICE").read_text()]
    for package in LINKED:
        text = Path(f"/usr/share/doc/{package}/copyright")
        if text.exists():
            notices.append(f"The command has code of {package.removesuffix('-dev')}:\n\n{text.read_text()}")
    (STAGE / "NOTICE").write_text("\n\n".join(notices))
    binaries.mkdir()
    for source, name in ((command, "snnrt"), (library, "libsnnrt.so")):
        subprocess.run(["strip", "-o", binaries / name, source], check=True)
        (binaries / name).chmod(0o755)
    return [binaries / "snnrt", binaries / "libsnnrt.so"]


def main() -> None:
    command, library, folder = map(Path, sys.argv[1:])
    platform_tag = tag(stage(command.resolve(), library.resolve()))
    for old in folder.glob("snnrt-*.whl"):
        old.unlink()
    subprocess.run([sys.executable, "-m", "pip", "wheel", "--quiet", "--disable-pip-version-check", "--no-deps", "--wheel-dir",
                    str(folder.resolve()), str(STAGE)], check=True, env=os.environ | {"SNNRT_WHEEL_PLATFORM": platform_tag})
    wheel, = folder.glob("snnrt-*.whl")
    print(f"{wheel}: {wheel.stat().st_size:,} bytes")


if __name__ == "__main__":
    main()
