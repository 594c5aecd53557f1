"""Trains one of the networks of PLANS and writes its model files at 8-, 4- and 2-bit weights, or those of the plan.

    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR                 both protocols, then the files
    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR --validate      only figures on validation people

One network in floating point is trained on each protocol, the spiking ones with wisdm-lmu's as teacher (trained first,
where DIR does not have it). Each bit width starts from it and trains some epochs on its grid, with the floating-point
network as teacher. P1: windows of all 40 people, split at random. P2: the people at positions 0, 5, 10, … are held out;
the others' windows begin every quarter of a second. The last epoch's network is taken, whatever it scores. --validate
trains without the people at positions 1, 6, 11, … too and scores on them: choices were made by that, and by P1's
validation windows. The shipped files are those of P2.

DIR gets, for each protocol and width, the integer tensors (.npz), the model file (.snn) and the figures (metrics.json).
"""

from __future__ import annotations

import argparse
import copy
import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch

from training import data, export, integer
from training.data import HOP, SUBJECTS, Source, Windows, load_overlapping, load_windows, split_at_random
from training.networks import delay, l2mu, lmu
from training.quantize import grid_tensors
from training.samples import KNOWN_WEARERS, NEW_WEARERS, Variation
from training.score import figures
from training.trainer import Network, Trainer, classes


@dataclass
class Plan:
    """How one network is trained: in floating point, then on the grid of each bit width, from peak learning rates."""

    network: Callable[[], Network]
    epochs: int
    rate: float
    grid_epochs: dict[int, int]  # by bit width
    grid_rate: dict[int, float]
    p1: Variation = NEW_WEARERS  # of P1's windows; P2's are varied as for new wearers


PLANS = {
    "wisdm-lmu": Plan(lambda: lmu.Network(lmu.Shape(spiking=False)), 50, 4e-3, {8: 5, 4: 5, 2: 5},
                      {8: 1.5e-3, 4: 1.5e-3, 2: 1.5e-3}),
    "wisdm-slmu": Plan(lambda: lmu.Network(lmu.Shape(spiking=True)), 80, 8e-3, {8: 8, 4: 8, 2: 20},
                       {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}),
    "wisdm-l2mu": Plan(l2mu.Network, 70, 8e-3, {8: 4, 4: 5, 2: 15}, {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}, KNOWN_WEARERS),
    "wisdm-delay": Plan(delay.Network, 60, 8e-3, {8: 3, 4: 4, 2: 12}, {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}, KNOWN_WEARERS),
    # Alike but for the bits of a spike.
    "wisdm-graded-s1": Plan(lambda: delay.Network(delay.Shape(spike_bits=1)), 40, 8e-3, {4: 4}, {4: 1.5e-3}),
    "wisdm-graded-s2": Plan(lambda: delay.Network(delay.Shape(spike_bits=2)), 40, 8e-3, {4: 4}, {4: 1.5e-3}),
    # Two bits on half the synapses, which is about the cost of one bit on all.
    "wisdm-graded-s2-half": Plan(lambda: delay.Network(delay.Shape(spike_bits=2, synapses=(960, 9250, 9250))), 40, 8e-3,
                                 {4: 4}, {4: 1.5e-3}),
}
VALIDATION_SUBJECTS = SUBJECTS[1::5]
ELIMINATION, ELIMINATIONS = (0.05, 0.6), 100  # of synapses with delays: shares of the training, steps


def floating(name: str, trainer: Trainer, seed: int, out: Path, label: str) -> Network:
    """The trained floating-point network, kept in `out`."""
    plan, teacher = PLANS[name], None
    if name != "wisdm-lmu":
        kept = out / f"wisdm-lmu-{label}.pt"
        teacher = PLANS["wisdm-lmu"].network()
        if kept.exists():
            teacher.load_state_dict(torch.load(kept))
            teacher.respond()
            teacher.eval()
        else:
            teacher = floating("wisdm-lmu", Trainer(trainer.windows, seed), seed, out, label)
    torch.manual_seed(seed)
    network = plan.network()
    print(f"{name} {label}: {len(trainer.x)} training windows", flush=True)
    if isinstance(network, delay.Network):
        trainer.train(network, plan.epochs, plan.rate, teacher, after_step=eliminator(network))
    else:
        network.scale_orders(trainer.scaling_windows())
        trainer.train(network, plan.epochs, plan.rate, teacher)
    network.eval()
    torch.save(network.state_dict(), out / f"{name}-{label}.pt")
    return network


def eliminator(network: delay.Network) -> Callable[[float], None]:
    """Takes synapses away between two shares of the training, a few times an epoch."""
    done = 0

    def after_step(share: float) -> None:
        nonlocal done
        due = int(ELIMINATIONS * min(1, (share - ELIMINATION[0]) / (ELIMINATION[1] - ELIMINATION[0])))
        if due > done:
            network.eliminate(due / ELIMINATIONS)
            done = due

    return after_step


def rebuild(name: str, trainer: Trainer, test: Windows, bit_widths: tuple[int, ...], seed: int, out: Path,
            label: str) -> dict:
    """Trains on one protocol, writes its files and returns the figures on `test`, looked at once per network."""
    network = floating(name, trainer, seed, out, label)
    in_float = classes(network, test.raw)
    metrics = {"parameters": network.parameter_count(), "float": figures(test, in_float)}
    print(f"{name} {label} float: {metrics['float']['accuracy']:.4f}", flush=True)
    for bits in bit_widths:
        twin = copy.deepcopy(network)
        twin.quantize(bits)
        trainer.train(twin, PLANS[name].grid_epochs[bits], PLANS[name].grid_rate[bits], network)
        tensors = grid_tensors(twin)
        stem = f"{name}-w{bits}-{label}"
        np.savez(out / f"{stem}.npz", **tensors)
        windows = trainer.windows.raw[[0, len(trainer.windows) // 2]]
        (out / f"{stem}.snn").write_bytes(export.model_file(tensors, name, windows, trainer.windows.raw))
        in_integer, shares = integer.classify(tensors, test.raw)
        in_twin = classes(twin, test.raw)
        metrics[f"w{bits}"] = figures(test, in_integer) | shares | {
            "twin": float((in_twin == test.label).mean()),
            "as_twin": float((in_integer == in_twin).mean()), "as_float": float((in_integer == in_float).mean())}
        m = metrics[f"w{bits}"]
        print(f"{name} {label} w{bits}: {m['accuracy']:.4f}, twin {m['twin']:.4f}, same class as twin {m['as_twin']:.4f}, "
              f"as float {m['as_float']:.4f}, {shares}", flush=True)
    return metrics


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=PLANS)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where results go (default %(default)s)")
    parser.add_argument("--validate", action="store_true", help="hold the validation people out too; score on them")
    parser.add_argument("--protocols", nargs="+", choices=("P1", "P2"), default=("P1", "P2"), help="default both")
    parser.add_argument("--fold", type=int, choices=range(5), default=0,
                        help="P2 holds out the people at positions fold, fold + 5, …; other folds than 0 at 4 bits only")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default %(default)s")
    options = parser.parse_args()
    if options.fold and (options.validate or "P1" in options.protocols):
        parser.error("--fold is one of P2 alone (--protocols P2), without --validate: fold 1 holds the validation people out")
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)

    source = Source(options.data, options.download)
    windows = load_windows(source)
    unseen = SUBJECTS[options.fold :: 5]
    people = tuple(p for p in SUBJECTS if p not in unseen and not (options.validate and p in VALIDATION_SUBJECTS))
    for protocol in options.protocols:
        if protocol == "P1":
            training, validation, test = split_at_random(windows, np.ones(len(windows), bool))
        else:
            training = load_overlapping(source, people, HOP)
            test = windows.take(np.isin(windows.subject, unseen))
            validation = windows.take(np.isin(windows.subject, VALIDATION_SUBJECTS))
        label = protocol + (f"-fold{options.fold}" if options.fold else "") + ("-validation" if options.validate else "")
        scored = validation if options.validate else test
        bits = (4,) if options.fold else tuple(PLANS[options.name].grid_epochs)
        trainer = Trainer(training, options.seed, PLANS[options.name].p1 if protocol == "P1" else NEW_WEARERS)
        metrics = rebuild(options.name, trainer, scored, bits, options.seed, options.work, label)
        (options.work / f"{options.name}-{label}-metrics.json").write_text(json.dumps(metrics, indent=1))


if __name__ == "__main__":
    main()
