"""What a sensor's rows cost to become frames on Cortex-M, by doubles and by integers: python3 sampling.py FOLDER

FOLDER has libcount.so, and per archive count_sampling-<archive>.elf and link_sampling<n>-<archive>.elf, n = 0, 1, 2. Prints
a Markdown table: instructions per row, frames included, and the bytes of flash that a program links for it, those of libgcc
among them.
"""

import re
import subprocess
import sys
from pathlib import Path

BOARDS = {"armv7em": ("Cortex-M4", "mps2-an386"), "armv6m": ("Cortex-M0+", "mps2-an385")}
CALL = 1  # `bl count_end`, counted too


def symbols(program):
    """By name: where each function or constant lies, and its bytes. Sums of sections would count what alignment happens to
    leave between them."""
    lines = subprocess.run(["arm-none-eabi-nm", "-S", program], check=True, capture_output=True, text=True).stdout.splitlines()
    sized = [fields for fields in map(str.split, lines) if len(fields) == 4 and fields[2] in "tTrRW"]
    return {name: (address, int(size, 16)) for address, size, _, name in sized}


def flash(program, plain):
    """Bytes that a program links and a plain one does not, each once: a function of libgcc may have several names and
    entries."""
    without = symbols(plain)
    added = [(int(address, 16) & ~1, size) for name, (address, size) in symbols(program).items() if name not in without]
    return len({byte for address, size in added for byte in range(address, address + size)})


def instructions(folder, archive):
    """By kind and rate: instructions per row."""
    out = folder / f"sampling-{archive}"
    printed = subprocess.run(
        ["qemu-system-arm", "-nographic", "-semihosting", "-M", BOARDS[archive][1], "-kernel", f"count_sampling-{archive}.elf",
         "-plugin", f"./libcount.so,out={out.name}"], cwd=folder, stdin=subprocess.DEVNULL, check=True, capture_output=True, text=True)
    counts = iter([int(line) - CALL for line in out.read_text().split()])
    found = {}
    for kind, rate, rows, _ in (line.split() for line in printed.stdout.splitlines()):
        burst = int((re.search(r"\d+$", kind) or [1])[0])
        found[kind.replace("-", " "), int(rate)] = sum(next(counts) for _ in range(int(rows) // burst)) / int(rows)
    return found


def main(folder):
    print("| core | | instructions a row, 52 Hz | 104 Hz | flash, bytes |\n|---|---|---|---|---|")
    for archive, (core, _) in BOARDS.items():
        plain, *programs = (folder / f"link_sampling{n}-{archive}.elf" for n in range(3))
        sizes = [flash(program, plain) for program in programs]
        found = instructions(folder, archive)
        for kind in dict.fromkeys(kind for kind, _ in found):
            size = sizes[0 if kind == "doubles" else 1]
            print(f"| {core} | {kind} | {found[kind, 52]:,.0f} | {found[kind, 104]:,.0f} | {size:,} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
