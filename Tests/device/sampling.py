"""What a sensor's rows cost to become frames on Cortex-M, by doubles and by integers: python3 sampling.py FOLDER

FOLDER has libcount.so, and per archive count_sampling-<archive>.elf and link_sampling<n>-<archive>.elf, n = 0, 1, 2. Prints
a Markdown table: instructions per row, frames included, and the bytes of flash that a program of three axes links more than
one that makes no samples, what it takes of libgcc among them.
"""

import re
import subprocess
import sys
from pathlib import Path

BOARDS = {"armv7em": ("Cortex-M4", "mps2-an386"), "armv6m": ("Cortex-M0+", "mps2-an385")}
CALL = 1  # `bl count_end`, counted too


def flash(program):
    """Code and constants."""
    text, data, *_ = subprocess.run(
        ["arm-none-eabi-size", program], check=True, capture_output=True, text=True).stdout.splitlines()[1].split()
    return int(text) + int(data)


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
        sizes = [flash(folder / f"link_sampling{n}-{archive}.elf") for n in range(3)]
        found = instructions(folder, archive)
        for kind in dict.fromkeys(kind for kind, _ in found):
            size = sizes[1 if kind == "doubles" else 2] - sizes[0]
            print(f"| {core} | {kind} | {found[kind, 52]:,.0f} | {found[kind, 104]:,.0f} | {size:,} |")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
