"""PlatformIO's build script: links the archive of the core that the board is compiled for."""

import subprocess
from pathlib import Path

Import("env")  # noqa: F821

ROOT = Path(env.Dir(".").srcnode().abspath)  # noqa: F821
FOLDERS = {name.replace("-", "_"): name for name in (path.name for path in (ROOT / "lib").iterdir())}


def core():
    """What the compiler says under the board's options, as cmake/core.c asks it."""
    flags = [str(flag) for name in ("CCFLAGS", "CFLAGS") for flag in env.Flatten(env.get(name, []))]  # noqa: F821
    said = subprocess.run(
        [env.subst("$CC"), *map(env.subst, flags), "-E", f"-I{ROOT / 'include'}", str(ROOT / "cmake/core.c")],  # noqa: F821
        check=True, capture_output=True, text=True, env=dict(env["ENV"])).stdout  # noqa: F821
    name = said.split("snnrt_core_is")[-1].split()[0]
    if name not in FOLDERS:
        raise SystemExit(f"snnrt: no archive for this board's core ({name})")
    return FOLDERS[name]


env.Append(LIBPATH=[str(ROOT / "lib" / core())], LIBS=["snnrt"])  # noqa: F821
