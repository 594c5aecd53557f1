"""Trains wisdm-stream, which tells all 18 activities apart without a reset between windows, and writes its model files.

    python -m training.stream --data DIR_OR_TAR --work DIR --fold 2 --seed 1     without the people of fold 2, at 4 bits
    python -m training.stream --data DIR_OR_TAR --work DIR --everyone            all 40 people, at 8 and 4 bits: what is shipped
    python -m training.days --data DIR_OR_TAR --work DIR --command SNNRT         the figures of all folds, from whole days

Sequences of four seconds begin every second. Each half of a sequence is scored, so that the network learns to begin at rest and
to go on. The last epoch's network is taken.

DIR gets the floating-point network (.pt), the integer tensors (.npz) and the model file (.snn) of each width, named
wisdm-stream-w4-fold2-seed1 or wisdm-stream-w4-seed1, and what training looked like (.log.csv). Networks that DIR has are not
trained again: where only constants of evidence.py changed, the program writes their model files anew.
"""

from __future__ import annotations

import argparse
import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import torch

from training import data, export
from training.data import ACTIVITIES, FOLDS, SEQUENCE, SEQUENCE_HOP, SUBJECTS, WINDOW_LENGTH, Source, cut, gather, without
from training.evidence import CONFIDENCE_DIVISOR, NAMES, SCORE_STEPS, TICKS, evidence_tensors
from training.networks import lmu
from training.quantize import grid_tensors
from training.samples import NEW_WEARERS
from training.trainer import Trainer

NAME = "wisdm-stream"
RESULTS = export.Results("18 activities", NAMES, TICKS, False, CONFIDENCE_DIVISOR)
EPOCHS, RATE = 20, 4e-3
GRID_EPOCHS, GRID_RATE = 3, 1.5e-3
FOLD_BITS, SHIPPED_BITS = (4,), (8, 4)
PARTS = SEQUENCE // WINDOW_LENGTH
VARIATION = replace(NEW_WEARERS[0], posture=0.0)  # what tells sitting, standing and meals apart is posture


def floating(trainer: Trainer, seed: int, title: str, kept: Path) -> lmu.Network:
    """The network in floating point, from `kept` where that is there, else trained and kept."""
    torch.manual_seed(seed)
    network = lmu.Network(lmu.Shape(spiking=False, classes=len(NAMES), ticks=SEQUENCE, parts=PARTS))
    if kept.exists():
        network.load_state_dict(torch.load(kept))
        network.respond()
    else:
        print(f"{title}: {network.parameter_count()} parameters, {len(trainer.windows)} training sequences", flush=True)
        network.scale_orders(trainer.scaling_windows())
        trainer.train(network, EPOCHS, RATE, title=title)
        torch.save(network.state_dict(), kept)
    network.eval()
    return network


def on_grid(trainer: Trainer, network: lmu.Network, bits: int, title: str) -> lmu.Network:
    """A copy of the network, trained on the grid of `bits` with the network as teacher."""
    twin = copy.deepcopy(network)
    twin.quantize(bits)
    trainer.train(twin, GRID_EPOCHS, GRID_RATE, [network], f"{title} w{bits}")
    return twin


def rebuild(source: Source, people: tuple[int, ...], label: str, bit_widths: tuple[int, ...], seed: int, out: Path) -> None:
    """Writes every file of the people's networks, trained where `out` does not have them; `label` is in the files' names."""
    sequences = gather(source, lambda time, samples: cut(time, samples, SEQUENCE_HOP, SEQUENCE), people, ACTIVITIES)
    title = f"{NAME}{label}-seed{seed}"
    trainer = Trainer(sequences, seed, VARIATION, out / f"{title}.log.csv")
    for bits in bit_widths:
        stem = f"{NAME}-w{bits}{label}-seed{seed}"
        kept = out / f"{stem}.npz"
        if not kept.exists():
            network = floating(trainer, seed, title, out / f"{title}.pt")
            np.savez(kept, **grid_tensors(on_grid(trainer, network, bits, title), SCORE_STEPS))
        tensors = dict(np.load(kept)) | evidence_tensors()
        np.savez(kept, **tensors)
        (out / f"{stem}.snn").write_bytes(export.model_file(tensors, NAME, sequences.raw[:1], sequences.raw, RESULTS))
        print(f"{stem}.snn is written", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where results go (default %(default)s)")
    people = parser.add_mutually_exclusive_group(required=True)
    people.add_argument("--fold", type=int, choices=range(5), help="without the people at positions FOLD, FOLD + 5, …")
    people.add_argument("--everyone", action="store_true", help="on all 40 people, at 8 and 4 bits")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default %(default)s")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    source = Source(options.data, options.download)
    if options.everyone:
        rebuild(source, SUBJECTS, "", SHIPPED_BITS, options.seed, options.work)
    else:
        rebuild(source, without(FOLDS[options.fold]), f"-fold{options.fold}", FOLD_BITS, options.seed, options.work)


if __name__ == "__main__":
    main()
