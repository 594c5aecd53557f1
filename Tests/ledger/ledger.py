"""The ledger of what firmware pays for the library, held by test_ledger.py: python3 ledger.py BUILD

BUILD has the archives by triple, build/<triple>; what is recorded of one that is not built stays. Writes, beside this file:

    sizes.json    bytes in flash of each object of each archive: code, constants and unwind tables, as llvm-size adds them up;
                  of WebAssembly the module's bytes
    stack.json    the most stack that each public function can use on a Cortex-M4, as stack.py bounds it

Instructions have a ledger of their own, models/instructions.json, since counting them takes an emulator (`make bench-device`).
"""

import json
import re
import sys
from pathlib import Path

import stack

HERE = Path(__file__).resolve().parent
ROOT = HERE.parents[1]
STACK_TRIPLE = "armv7em-none-none-eabi"


def sizes(build):
    found = {}
    for archive in sorted(build.glob("*/libsnnrt.a")):
        if archive.with_name("snnrt.wasm").exists():
            found[archive.parent.name] = {"snnrt.wasm": archive.with_name("snnrt.wasm").stat().st_size}
            continue
        for line in stack.run("llvm-size", archive)[1:]:
            text, data, _, _, _, member, *_ = line.split()
            found.setdefault(archive.parent.name, {})[member] = int(text) + int(data)
    return found


def stacks(build):
    names = set(re.findall(r"\b(snnrt_[a-z_]+)\(", (ROOT / "include/snnrt.h").read_text()))
    return {STACK_TRIPLE: stack.Archive(build / STACK_TRIPLE / "libsnnrt.a").public(names)}


LEDGERS = {"sizes": sizes, "stack": stacks}


def recorded(name):
    return json.loads((HERE / f"{name}.json").read_text())


def main():
    for name, measure in LEDGERS.items():
        found = dict(sorted((recorded(name) | measure(Path(sys.argv[1]))).items()))
        (HERE / f"{name}.json").write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
