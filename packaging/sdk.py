"""The archive that firmware engineers unpack: python3 sdk.py OUT VERSION DATE GENERATED CORE=FOLDER …

GENERATED has the example's model and log as C; FOLDER, beside OUT, a core's libsnnrt.a. OUT is made anew: snnrt-sdk-VERSION, a folder, and the same as .tar.gz and .zip. DATE,
in ISO 8601, dates all files, so that the same sources give the same bytes.
"""

import argparse
import gzip
import io
import shutil
import sys
import tarfile
import zipfile
from datetime import datetime, timezone
from pathlib import Path

import sbom

ROOT = Path(__file__).resolve().parents[1]
HERE = ROOT / "packaging"
DESCRIPTION = "Runs quantized spiking and Legendre-Memory-Unit networks from one flat file, without heap, bit for bit the same everywhere"
# What is not copied as it lies in packaging: by place in the archive.
PLACES = {"snnrt.pc": "pkgconfig/snnrt.pc"}
OWN = {"sdk.py", "sbom.py", "sdk.mk"}
COPIED = ["LICENSE", "NOTICE", "include/snnrt.h", "docs/format.md", "docs/glossary.md", "models/wisdm-small/README.md",
          "models/wisdm-small/wisdm-small-w4.snn", "models/sample.csv"]


def fill(folder, version, date, generated):
    """Everything but the libraries."""
    words = dict(zip(("MAJOR", "MINOR", "PATCH"), version.split(".")))
    words |= {"VERSION": version, "DESCRIPTION": DESCRIPTION, "DATE": date.strftime("%Y-%m-%d")}
    for source in sorted(path for path in HERE.rglob("*") if path.is_file() and "__pycache__" not in path.parts):
        name = source.relative_to(HERE).as_posix()
        if name in OWN:
            continue
        text = source.read_text()
        for word, value in words.items():
            text = text.replace(f"@{word}@", value)
        place(folder / PLACES.get(name, name)).write_text(text)
    examples = [path.relative_to(ROOT) for path in (ROOT / "c-examples").rglob("*") if path.is_file()]
    for name in [*COPIED, *sorted(path.as_posix() for path in examples if "build" not in path.parts)]:
        shutil.copy(ROOT / name, place(folder / name))
    for path in sorted(generated.glob("*.[ch]")):
        shutil.copy(path, place(folder / "c-examples/generated" / path.name))


def place(path):
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def libraries(folder, build, cores):
    for core, source in cores.items():
        for name in ("libsnnrt.a", "snnrt.wasm"):
            if (build / source / name).exists():
                shutil.copy(build / source / name, place(folder / "lib" / core / name))
        if not (folder / "lib" / core).exists():
            sys.exit(f"{build / source} has no archive")


def tar(folder, out, date):
    buffer = io.BytesIO()
    with tarfile.open(fileobj=buffer, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(folder.rglob("*")):
            member = archive.gettarinfo(path, path.relative_to(folder.parent).as_posix())
            member.uid = member.gid = 0
            member.uname = member.gname = ""
            member.mtime, member.mode = int(date.timestamp()), 0o755 if path.is_dir() else 0o644
            archive.addfile(member, path.open("rb") if path.is_file() else None)
    out.write_bytes(gzip.compress(buffer.getvalue(), mtime=0))


def packed(folder, out, date):
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for path in sorted(path for path in folder.rglob("*") if path.is_file()):
            member = zipfile.ZipInfo(path.relative_to(folder.parent).as_posix(), date.timetuple()[:6])
            member.external_attr, member.compress_type = 0o644 << 16, zipfile.ZIP_DEFLATED
            archive.writestr(member, path.read_bytes())


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("out", type=Path)
    parser.add_argument("version")
    parser.add_argument("date", type=datetime.fromisoformat)
    parser.add_argument("generated", type=Path)
    parser.add_argument("cores", nargs="+", metavar="CORE=FOLDER")
    arguments = parser.parse_args()
    date = arguments.date.astimezone(timezone.utc)
    out = arguments.out
    shutil.rmtree(out, ignore_errors=True)
    folder = out / f"snnrt-sdk-{arguments.version}"
    fill(folder, arguments.version, date, arguments.generated)
    libraries(folder, out.parent, dict(pair.split("=") for pair in arguments.cores))
    sbom.write(folder, arguments.version, date)
    tar(folder, out / f"{folder.name}.tar.gz", date)
    packed(folder, out / f"{folder.name}.zip", date)
    for path in (f"{folder}.tar.gz", f"{folder}.zip"):
        print(f"{path}: {Path(path).stat().st_size:,} bytes, {len(arguments.cores)} cores")


if __name__ == "__main__":
    main()
