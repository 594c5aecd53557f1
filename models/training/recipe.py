"""Trains one of the networks of PLANS on some people and writes its model files.

    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR --fold 2      without the people of fold 2, at 4 bits
    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR --everyone    all 40 people, every width: what is shipped
    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR --random      P1: windows of all 40, split at random
    python -m training.recipe wisdm-lmu --data DIR_OR_TAR --work DIR --choose      what choices are made by, see below

A network is trained in floating point, then each bit width starts from it and trains some epochs on its grid. Teachers of
the second cycle and of the grids are the floating-point wisdm-lmu networks of TEACHER_SEEDS on the same people (trained first,
where DIR does not have them); wisdm-lmu itself has none in floating point. Windows begin every quarter of a second. The last epoch's network is taken, whatever it scores. --choose trains on
folds 0, 2 and 4, in floating point, and scores on the people of folds 1 and 3.

DIR gets the floating-point network (.first.pt after the first cycle, .pt), the integer tensors (.npz) and the model file (.snn) of each width, what
training looked like (.log.csv; training.curves draws it) and, for --random and --choose, figures (.json).
`training.folds` scores the files of folds.
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
from training.data import FOLDS, HOP, SUBJECTS, Source, Windows, load_overlapping, load_windows, split_at_random, without
from training.networks import delay, l2mu, lmu
from training.quantize import grid_tensors
from training.samples import KNOWN_WEARERS, NEW_WEARERS
from training.score import figures
from training.trainer import Network, Trainer, classes


@dataclass
class Plan:
    """How one network is trained: in floating point, in two cycles of the learning rate, the second on windows that are varied
    less, then on the grid of each bit width, from peak learning rates."""

    network: Callable[[], Network]
    epochs: tuple[int, int]
    rate: float
    grid_epochs: dict[int, int]  # by bit width
    grid_rate: dict[int, float]


PLANS = {
    "wisdm-lmu": Plan(lambda: lmu.Network(lmu.Shape(spiking=False)), (24, 28), 4e-3, {8: 5, 4: 5, 2: 8},
                      {8: 1.5e-3, 4: 1.5e-3, 2: 1.5e-3}),
    # The flagship: at 4 bits under 32 KB, with an arena under 4 KB.
    "wisdm-small": Plan(lambda: lmu.Network(lmu.Shape(spiking=False, units=(12, 12, 16), hidden=(80, 80, 96))), (16, 20),
                        4e-3, {4: 6}, {4: 1.5e-3}),
    "wisdm-slmu": Plan(lambda: lmu.Network(lmu.Shape(spiking=True)), (24, 24), 8e-3, {8: 8, 4: 8, 2: 20},
                       {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}),
    "wisdm-l2mu": Plan(l2mu.Network, (30, 20), 8e-3, {8: 4, 4: 5, 2: 15}, {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}),
    "wisdm-delay": Plan(delay.Network, (30, 20), 8e-3, {8: 3, 4: 4, 2: 12}, {8: 1.5e-3, 4: 1.5e-3, 2: 3e-3}),
    # Alike but for the bits of a spike.
    "wisdm-graded-s1": Plan(lambda: delay.Network(delay.Shape(spike_bits=1)), (24, 16), 8e-3, {4: 4}, {4: 1.5e-3}),
    "wisdm-graded-s2": Plan(lambda: delay.Network(delay.Shape(spike_bits=2)), (24, 16), 8e-3, {4: 4}, {4: 1.5e-3}),
    # Two bits on half the synapses, which is about the cost of one bit on all.
    "wisdm-graded-s2-half": Plan(lambda: delay.Network(delay.Shape(spike_bits=2, synapses=(960, 9250, 9250))), (24, 16),
                                 8e-3, {4: 4}, {4: 1.5e-3}),
}
TEACHER, TEACHER_SEEDS = "wisdm-lmu", (1, 2)
CHOSEN_ON = (1, 3)  # folds
ELIMINATION, ELIMINATIONS = (0.05, 0.6), 100  # of synapses with delays: shares of the training, steps


@dataclass
class Training:
    """The windows to train on, how the files made of them are called, and the windows that DIR's figures are of."""

    windows: Windows
    label: str
    scored: Windows | None = None
    bits: tuple[int, ...] = ()  # none: floating point only

    def stem(self, name: str, seed: int) -> str:
        return f"{name}{self.label}-seed{seed}"


def chosen_training(options: argparse.Namespace) -> Training:
    """What the options say."""
    source = Source(options.data, options.download)
    if options.fold is not None:
        return Training(load_overlapping(source, without(FOLDS[options.fold]), HOP), f"-fold{options.fold}", None, (4,))
    if options.everyone:
        return Training(load_overlapping(source, SUBJECTS, HOP), "", None, tuple(PLANS[options.name].grid_epochs))
    windows = load_windows(source)
    if options.random:
        training, _, test = split_at_random(windows, np.ones(len(windows), bool))
        return Training(training, "-random", test, tuple(PLANS[options.name].grid_epochs))
    tested = tuple(sorted(person for fold in CHOSEN_ON for person in FOLDS[fold]))
    return Training(load_overlapping(source, without(tested), HOP), "-choose", windows.take(np.isin(windows.subject, tested)))


def floating(name: str, training: Training, seed: int, out: Path) -> Network:
    """The trained floating-point network, from `out` where it is there, whole or after its first cycle."""
    plan, stem = PLANS[name], training.stem(name, seed)
    kept, first = out / f"{stem}.pt", out / f"{stem}.first.pt"
    torch.manual_seed(seed)
    network = plan.network()
    if kept.exists():
        return loaded(network, kept)
    if first.exists():
        loaded(network, first)
    else:
        trainer = new_trainer(name, training, seed, out, 0)
        after_step = eliminator(network) if isinstance(network, delay.Network) else lambda share: None
        if not isinstance(network, delay.Network):
            network.scale_orders(trainer.scaling_windows())
        trainer.train(network, plan.epochs[0], plan.rate, (), f"{stem} cycle 1", after_step)
        torch.save(network.state_dict(), first)
    teachers = teachers_of(training, out) if name != TEACHER else ()
    new_trainer(name, training, seed, out, 1).train(network, plan.epochs[1], plan.rate, teachers, f"{stem} cycle 2")
    network.eval()
    torch.save(network.state_dict(), kept)
    return network


def loaded(network: Network, path: Path) -> Network:
    network.load_state_dict(torch.load(path))
    if isinstance(network, lmu.Network):
        network.respond()
    network.eval()
    return network


def new_trainer(name: str, training: Training, seed: int, out: Path, cycle: int) -> Trainer:
    """With a generator of its own, so that a network continued from `out` is the one that was never interrupted."""
    varied = KNOWN_WEARERS if training.label == "-random" else NEW_WEARERS[cycle]
    return Trainer(training.windows, seed + 1000 * cycle, varied, out / f"{training.stem(name, seed)}.log.csv")


def teachers_of(training: Training, out: Path) -> list[Network]:
    return [floating(TEACHER, training, seed, out) for seed in TEACHER_SEEDS]


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


def on_grid(name: str, network: Network, bits: int, training: Training, seed: int, out: Path) -> Network:
    """A copy of the network, trained on its grid; the floating-point network stays."""
    plan, twin = PLANS[name], copy.deepcopy(network)
    twin.quantize(bits)
    trainer = new_trainer(name, training, seed, out, 1)
    trainer.train(twin, plan.grid_epochs[bits], plan.grid_rate[bits], teachers_of(training, out),
                  f"{training.stem(name, seed)} w{bits}")
    return twin


def rebuild(name: str, training: Training, seed: int, out: Path) -> None:
    """Trains, writes the files and, where the training has windows to be scored, their figures."""
    scored = training.scored
    network = floating(name, training, seed, out)
    metrics: dict = {"parameters": network.parameter_count()}
    if scored:
        metrics["float"] = figures(scored, classes(network, scored.raw))
        print(f"{training.stem(name, seed)} float: {metrics['float']['subjects']['mean']:.4f}", flush=True)
    for bits in training.bits:
        tensors = grid_tensors(on_grid(name, network, bits, training, seed, out))
        stem = out / f"{name}-w{bits}{training.label}-seed{seed}"
        np.savez(stem.with_suffix(".npz"), **tensors)
        windows = training.windows
        stem.with_suffix(".snn").write_bytes(
            export.model_file(tensors, name, windows.raw[[0, len(windows) // 2]], windows.raw))
        if scored:
            found, shares = integer.classify(tensors, scored.raw)
            metrics[f"w{bits}"] = figures(scored, found) | shares
            print(f"{stem.name}: {metrics[f'w{bits}']['accuracy']:.4f} {shares}", flush=True)
    if scored:
        (out / f"{training.stem(name, seed)}.json").write_text(json.dumps(metrics, indent=1))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name", choices=PLANS)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where results go (default %(default)s)")
    people = parser.add_mutually_exclusive_group(required=True)
    people.add_argument("--fold", type=int, choices=range(5), help="without the people at positions FOLD, FOLD + 5, …")
    people.add_argument("--everyone", action="store_true", help="on all 40 people, every width of the plan")
    people.add_argument("--random", action="store_true", help="P1: 70/15/15 of the windows of all 40 people")
    people.add_argument("--choose", action="store_true", help="on folds 0, 2 and 4, scored on 1 and 3, floating point only")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--threads", type=int, default=1, help="default %(default)s")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    options.work.mkdir(parents=True, exist_ok=True)
    rebuild(options.name, chosen_training(options), options.seed, options.work)


if __name__ == "__main__":
    main()
