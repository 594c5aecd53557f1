"""Instructions of opening a model and of its ticks on Cortex-M, counted under QEMU: python3 instructions.py FOLDER [--json FILE]

FOLDER has libcount.so and a count_ticks-<archive>.elf for each archive; S128 and lmu256 (Tests/bench/networks.py) and every
shipped model are run there, each over its sample log. Prints a Markdown table per archive. In FILE, by model: the file's
SHA-256, and by core arena and stack bytes and the instructions of opening, of a tick (median, max) and of an idle one: the
median of ticks 101 to 200 of zeros from the reset state.

With it, the row of the models' cards that gives a tick's median on a Cortex-M4 is filled in too.

Instructions are not cycles: loads, branches taken, multiplications of 64 bits and wait states of flash cost more than one.
"""

import argparse
import hashlib
import json
import re
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

import numpy as np

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests" / folder) for folder in ("bench", "oracle")]
import networks  # noqa: E402
import windows  # noqa: E402

# Archive: the core it is for, its key in FILE, and the board that runs it. What is built for Cortex-M0+ executes the same instructions on any
# core, and QEMU has no M0+ with memory enough, so a Cortex-M3 runs it.
ARCHIVES = {
    "armv7em": ("Cortex-M4", "cortexM4", "mps2-an386"), "armv7m": ("Cortex-M3", "cortexM3", "mps2-an385"),
    "armv6m": ("Cortex-M0+", "cortexM0plus", "mps2-an385")}
IDLE_TICKS, LOOP = 200, 2002  # of count_ticks.c
CALL = 1  # `bl count_end`, counted too


def prepare(folder):
    """Models and frames as count_ticks.c reads them. Returns the names."""
    watch = windows.counts(ROOT / "models/sample.csv")
    (folder / "S128.snn").write_bytes(networks.spiking(128))
    networks.frames().astype("<i2").tofile(folder / "S128.raw")
    names = ["S128"]
    for name, shape in {"lmu256": {}, **{f"lmu256-{name}": shape for name, shape in networks.RECURRENCES.items()}}.items():
        (folder / f"{name}.snn").write_bytes(networks.lmu(**shape))
        networks.frames()[:784, :1].astype("<i2").tofile(folder / f"{name}.raw")
        names.append(name)
    for model in sorted((ROOT / "models").glob("*/*.snn")):
        own = model.parent / "sample.npy"
        shutil.copy(model, folder)
        (np.load(own) if own.exists() else watch).astype("<i2").tofile(folder / f"{model.stem}.raw")
        names.append(model.stem)
    (folder / "names.txt").write_text("".join(f"{name}\n" for name in names))
    return names


def count(folder, archive):
    """By model: arena and stack bytes, and instructions."""
    program, out = folder / f"count_ticks-{archive}.elf", folder / f"counts-{archive}"
    command = ["qemu-system-arm", "-nographic", "-semihosting", "-M", ARCHIVES[archive][2], "-kernel", program.name,
               "-plugin", f"./libcount.so,out={out.name},functions=functions-{archive}"]
    printed = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, text=True)
    if printed.returncode != 0:
        sys.exit(f"{program}: {printed.stdout}")
    counts = iter([int(line) - CALL for line in out.read_text().split()])
    if (next(counts), next(counts)) != (0, LOOP):
        sys.exit(f"{out}: this QEMU does not count the calibration's instructions exactly")
    rows = {}
    for line in printed.stdout.splitlines():
        name, arena, opening_stack, tick_stack, s_ace, frames = line.split()
        opening = next(counts)
        ticks = [next(counts) for _ in range(int(frames))]
        idle = [next(counts) for _ in range(IDLE_TICKS)]
        rows[name] = {
            "arena": int(arena), "openingStack": int(opening_stack), "tickStack": int(tick_stack), "opening": opening, "sAce": int(s_ace),
            "median": statistics.median_low(ticks), "max": max(ticks), "idle": statistics.median_low(idle[IDLE_TICKS // 2 :])}
    return rows


def fill_cards(report):
    """The cards' rows of medians on a Cortex-M4: a folder's files in the order of the card's first table of them."""
    for card in sorted((ROOT / "models").glob("*/README.md")):
        text = card.read_text()
        models = sorted(card.parent.glob("*.snn"), key=lambda model: text.index(f"| `{model.name}`"))
        medians = (f"{report[model.stem]['cortexM4']['median']:,}" for model in models)
        card.write_text(re.sub(r"^(\| instructions per tick on a Cortex-M4[^|]*\|).*$", lambda row: f"{row[1]} {' | '.join(medians)} |",
                               text, flags=re.M))


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--json", type=Path, metavar="FILE")
    arguments = parser.parse_args()
    names = prepare(arguments.folder)
    report = {name: {} for name in names}
    for archive, (cores, key, _) in ARCHIVES.items():
        print(f"{cores}\n\n| model | tick, median | max | idle | opening | arena | stack: opening | tick |\n|" + "---|" * 8)
        for name, row in count(arguments.folder, archive).items():
            report[name][key] = row
            if row["sAce"] != next(iter(report[name].values()))["sAce"]:
                sys.exit(f"{name}: the archives say another static bit budget")
            columns = ("median", "max", "idle", "opening", "arena", "openingStack", "tickStack")
            print(f"| {name} | " + " | ".join(f"{row[column]:,}" for column in columns) + " |")
        print()
    for name in names:
        report[name]["sha256"] = hashlib.sha256((arguments.folder / f"{name}.snn").read_bytes()).hexdigest()
    if arguments.json:
        arguments.json.write_text(json.dumps(report, indent=1) + "\n")
        fill_cards(report)


if __name__ == "__main__":
    main()
