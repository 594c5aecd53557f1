"""What the command says of a folder's files, as rows of its card: sizes, costs and what they recognise of the sample log."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

from training.cards.headline import percent, row
from training.people import MODELS

SAMPLE = MODELS / "sample.csv"


def said(command: str, *words: str | Path) -> dict:
    done = subprocess.run([command, *words, "--format", "json"], capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def columns(command: str, files: list[Path]) -> dict[str, list[str]]:
    """The cells of each row, by its first cell, one for each file."""
    cells: dict[str, list[str]] = {}

    def put(name: str, text: str) -> None:
        cells.setdefault(name, []).append(text)

    for file in files:
        about, budget = said(command, "inspect", file), said(command, "budget", file, SAMPLE)
        measured, total = budget["measured"], budget["measured"]["total"]
        results = measured["results"]
        put("file, bytes", f"{about['fileBytes']:,}")
        put("arena, state block, bytes", f"{about['arenaBytes']:,}, {about['stateBytes']:,}")
        put("S-ACE per result", f"{about['sAcePerResult']:,}")
        put("NS-ACE per result, measured", f"{round(total['nsAce'] / results):,}")
        put("effective ACs, MACs per result", f"{round(total['effectiveACs'] / results):,}, {round(total['effectiveMACs'] / results):,}")
        weights = budget["budget"]["total"]
        put("activation sparsity, connection sparsity",
            f"{percent(measured['activationSparsity'])}, {percent(weights['zeroWeights'] / weights['weights'])}")
        put("footprint, bits", f"{about['footprintBits']:,}")
    return cells


def rows(command: str, files: list[Path]) -> dict[str, str]:
    """Rows of a card by their first cell: those of `columns`, and each file's on the sample log."""
    found = {name: row(name, *cells) for name, cells in columns(command, files).items()}
    for file in files:
        done = subprocess.run([command, "infer", file, SAMPLE, "--quiet", "--format", "jsonl"],
                              capture_output=True, text=True, check=True)
        summary = json.loads(done.stdout.splitlines()[-1])["summary"]
        of = summary["evaluation"]
        found[f"`{file.name}`"] = row(f"`{file.name}`", f"{round(of['accuracy'] * of['count'])} of {of['count']}",
                                      f"`{summary['modelChecksum']}`", f"`{summary['outputChecksum']}`")
    return found
