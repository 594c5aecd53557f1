"""Trains small L2MUs whose memories differ, and records what each gives on people it has never seen.

    python -m training.memory --data DIR_OR_TAR --fold 1

Rows of table people go to models/wisdm-l2mu/memory.csv: of a variant and fold, the share of each person's windows that are
right. docs/log/2026-12-01-memory.md has the figures.
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch

from training import data
from training.data import FOLDS, HOP, Source, load_overlapping, load_windows, without
from training.memory_rows import record
from training.networks import coded, l2mu
from training.networks.coded import Code
from training.trainer import Trainer, classes

SHAPE = l2mu.Shape(inputs=32, units=(16,), theta=(20.0,), hidden=(64,))
EPOCHS, RATE, SEED = 6, 8e-3, 1


def at_random(shape: l2mu.Shape) -> l2mu.Network:
    """Pairs whose A and B are random numbers of the size of Legendre's."""
    network = l2mu.Network(shape)
    for layer in network.layers:
        a = torch.randn(layer.a_hat.shape, dtype=torch.float64)
        radius = [float(np.abs(np.linalg.eigvals(matrix.numpy())).max()) for matrix in (layer.a_hat, a)]
        layer.a_hat.copy_(a * radius[0] / radius[1])
        layer.b_hat.copy_(torch.randn(layer.b_hat.shape, dtype=torch.float64) * layer.b_hat.square().mean().sqrt())
    return network


def alone(shape: l2mu.Shape, hidden: Callable[[l2mu.Shape], int]) -> l2mu.Network:
    """No memory: one hidden population that only recurs."""
    return l2mu.Network(replace(shape, units=(0,), hidden=(hidden(shape),)))


def same_parameters(shape: l2mu.Shape) -> int:
    """How many hidden neurons have about as many weights as the layer with pairs."""
    wanted = l2mu.Network(shape).parameter_count()
    return next(h for h in range(1, 4000) if l2mu.Network(replace(shape, units=(0,), hidden=(h,))).parameter_count() >= wanted)


VARIANTS: dict[str, Callable[[l2mu.Shape], l2mu.Network]] = {
    "no memory": lambda shape: alone(shape, lambda shape: shape.hidden[0]),
    "no memory, as many weights": lambda shape: alone(shape, same_parameters),
    "pairs": l2mu.Network,
    "pairs, random matrices": at_random,
    "3 levels": lambda shape: coded.Network(Code(3, 0.25), shape),
    "8 levels": lambda shape: coded.Network(Code(8), shape),
    "linear": lambda shape: coded.Network(Code(0), shape),
    "linear, analog units": lambda shape: coded.Network(Code(0, units_spike=False), shape),
}


def people(source: Source, fold: int, variants: list[str]) -> None:
    """Trains each variant without the fold's people and records what it gives on each of them."""
    tested = FOLDS[fold]
    windows = load_windows(source)
    windows = windows.take(np.isin(windows.subject, tested))
    trainer_windows = load_overlapping(source, without(tested), HOP)
    for variant in variants:
        torch.manual_seed(SEED)
        network, trainer, began = VARIANTS[variant](SHAPE), Trainer(trainer_windows, SEED), time.process_time()
        network.scale_orders(trainer.scaling_windows())
        trainer.train(network, EPOCHS, RATE, title=f"{variant}, fold {fold}")
        right = classes(network, windows.raw) == windows.label
        shares = {person: right[windows.subject == person].mean() for person in tested}
        record("people", variant, fold, shares)
        print(f"{variant}, fold {fold}: {np.mean(list(shares.values())):.4f}, {network.parameter_count()} parameters, "
              f"{time.process_time() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--fold", type=int, choices=range(5), default=1)
    parser.add_argument("--variant", choices=VARIANTS, action="append", help="by default all")
    options = parser.parse_args()
    torch.set_num_threads(1)
    people(Source(options.data, options.download), options.fold, options.variant or list(VARIANTS))


if __name__ == "__main__":
    main()
