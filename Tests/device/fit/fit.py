"""Fits what the steps of loops take on each core: python3 fit.py FOLDER COMMAND [--core CORE]

FOLDER has libcount.so and a count_ops-<archive>.elf for each archive, which run the programs of programs.py under QEMU; COMMAND, the
built `snnrt`, says which steps each of their ops takes. The tables that the command carries get for every core and loop the
instructions of each step: on average, of least relative error, and at worst, the least bound that no measured tick of an op
passes, with a margin. Prints how far off both are on the programs themselves; the shipped models are not among them (test_prediction.py).
"""

import argparse
import json
import subprocess
import sys
from collections import defaultdict
from pathlib import Path

import numpy as np
from scipy.optimize import linprog, nnls

sys.path.insert(0, str(Path(__file__).resolve().parent))
from draft import ROOT  # noqa: E402
from programs import programs  # noqa: E402

TABLES = ROOT / "Sources" / "snnrt" / "Instructions" / "Tables"
QUOTES = '"""'
# Core: its archive, what runs it, and its table. QEMU has no Cortex-M0+ with memory enough: a Cortex-M3 executes the same instructions.
ARM = ["qemu-system-arm", "-nographic", "-semihosting", "-M"]
RISCV = ["qemu-system-riscv32", "-M", "virt", "-bios", "none", "-nographic", "-semihosting-config", "enable=on,target=native"]
CORES = {"m4": ("armv7em", [*ARM, "mps2-an386"], "CortexM4"), "m3": ("armv7m", [*ARM, "mps2-an385"], "CortexM3"), "m0": ("armv6m", [*ARM, "mps2-an385"], "CortexM0"),
         "rv32": ("riscv32", RISCV, "RV32")}
CALL = 1  # `bl count_end`, counted too
MARGIN = 1.05  # of bounds, for what no program here meets
LEAST = 20  # instructions below which an error is not looked at in proportion


def measure(folder, core):
    """Of the models that names.txt of `folder` names: by name, per tick (instructions of the beginning and of each op, events of each op)."""
    archive, board, _ = CORES[core]
    command = [*board, "-kernel", f"count_ops-{archive}.elf", "-plugin", f"./libcount.so,out=parts-{archive},parts=yes"]
    printed = subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if printed.returncode != 0:
        sys.exit(f"{command}: {printed.stdout[-300:]}")
    ticks = defaultdict(list)
    counts = (folder / f"parts-{archive}").read_text().splitlines()
    for line, parts in zip(printed.stdout.splitlines(), counts, strict=True):
        name, *events = line.split()
        parts = [int(part) for part in parts.split()]
        parts[-1] -= CALL
        ticks[name].append((parts, [int(event) for event in events]))
    return ticks


def steps_of(command, path):
    """The steps of a model's beginning and ops, as the command counts them."""
    return json.loads(subprocess.run([command, "budget", "--steps", path], check=True, stdout=subprocess.PIPE).stdout)


def counts_of(op, events, hops):
    """How often each step is done in a tick."""
    counts = defaultdict(float)
    for step in op["steps"]:
        times = {"tick": 1, "event": min(events, step.get("most", events)), "hop": hops}[step["pace"]]
        counts[step["name"]] += step["count"] * times
    return counts


def observations(ticks, models):
    """By loop: of each op in each tick, the counts of its steps, those to bound it by, and its instructions.

    A bound is wanted where every event happens. A tick with fewer than half of them is held to that, since what it does for one
    event may be what it does for all."""
    rows = defaultdict(set)
    for name, measured in ticks.items():
        steps = models[name]
        for tick, (parts, events) in enumerate(measured):
            hops = float((tick + 1) % steps["ticksPerResult"] == 0)
            for op, instructions, own in zip(steps["ops"], parts, [0, *events], strict=True):
                if op["loop"].startswith("readout") and tick + 1 < steps["ticksToFirstResult"]:
                    continue  # entries without a result
                most = op["mostEvents"]
                bounded = counts_of(op, own if 2 * own >= most else most, hops)
                is_typical = not name.startswith("forced")
                rows[op["loop"]].add((*(tuple(sorted(counts.items())) for counts in (counts_of(op, own, hops), bounded)), instructions, is_typical))
    return rows


def fitted(rows):
    """Counts of steps and instructions, one row each, then the instructions of each step: (names, counts, bounded, instructions, mean, worst)."""
    names = sorted({name for counts, *_ in rows for name, _ in counts})
    rows = sorted(rows)
    counts, bounded = (np.array([[dict(row[part]).get(name, 0.0) for name in names] for row in rows]) for part in (0, 1))
    instructions = np.array([row[2] for row in rows], float)
    typical = np.array([row[3] for row in rows])
    scale = np.maximum(instructions, LEAST)
    mean, _ = nnls(counts[typical] / scale[typical, None], instructions[typical] / scale[typical], maxiter=200 * len(names))
    size = np.maximum(bounded.max(axis=0), 1)
    bound = linprog((bounded / scale[:, None] / size).sum(axis=0), -bounded / size, -instructions, bounds=(0, None), method="highs")
    if not bound.success:
        sys.exit(f"no bound: {bound.message}")
    worst = MARGIN * bound.x / size
    return names, counts[typical], bounded, instructions, typical, mean, worst


def rounded(value):
    """To five digits, which is less than the margin."""
    return f"{value:.5g}"


def write(core, table):
    """The table of a core, as the command has it: a line per loop, which ends in each step's name, average and bound."""
    path = TABLES / f"{CORES[core][2]}.swift"
    head, _, _ = path.read_text().partition(QUOTES)
    lines = ("; ".join((loop, *(f"{name} {average} {bound}" for name, (average, bound) in steps.items()))) for loop, steps in table.items())
    path.write_text(head + QUOTES + "\n" + "".join(f"    {line}\n" for line in lines) + f"    {QUOTES}\n")


def fit(core, rows):
    """The table of a core, and a line of how far off its loops are."""
    table = {}
    print(f"\n{core}\n\n| loop | ticks | mean: median error | 95 % | worst: median excess |\n|---|---|---|---|---|")
    for loop, observed in sorted(rows.items()):
        names, counts, bounded, instructions, typical, mean, worst = fitted(observed)
        table[loop] = {name: (rounded(average), rounded(bound)) for name, average, bound in zip(names, mean, worst)}
        counted = instructions[typical]
        off = np.abs(counts @ mean - counted) / np.maximum(counted, LEAST)
        over = (bounded @ worst - instructions) / np.maximum(instructions, LEAST)
        print(f"| {loop} | {len(instructions)} | {np.median(off):.1%} | {np.quantile(off, 0.95):.1%} | {np.median(over):.1%} |")
    return table


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("folder", type=Path)
    parser.add_argument("command", type=Path)
    parser.add_argument("--core", choices=CORES, action="append", help="only this core; the rest of the table stays")
    arguments = parser.parse_args()
    folder, models = arguments.folder, {}
    for name, data, frames in programs():
        (folder / f"{name}.snn").write_bytes(data)
        frames.tofile(folder / f"{name}.raw")
        models[name] = steps_of(arguments.command.resolve(), folder / f"{name}.snn")
    (folder / "names.txt").write_text("".join(f"{name}\n" for name in models))
    for core in arguments.core or CORES:
        write(core, fit(core, observations(measure(folder, core), models)))


if __name__ == "__main__":
    main()
