"""Trains the single-layer wisdm-l2mu.snn: one network, its weights on their 8-bit grid for the last of its epochs.

    python -m training.single --data DIR_OR_TAR --work DIR --command .build/release/snnrt

Windows without overlap of the 32 people trained on are split at random into training, validation and test; the other
eight are unseen. The network is that of the epoch, among those trained on the grid, with the best accuracy on the
validation windows; the two test parts are scored once, with it.

DIR gets the network (wisdm-l2mu.pt), its integer tensors (.npz), the model file (.snn) and the figures
(wisdm-l2mu-metrics.json).
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from training import data, export, integer
from training.data import Source, Windows, load_windows, split_windows
from training.engine import engine_results
from training.networks import l2mu_single
from training.quantize_single import POPULATIONS, calibrated_tensors
from training.samples import augment
from training.score import figures
from training.trainer import Trainer, classes

NAME = "wisdm-l2mu"
EPOCHS, RATE, WARMUP = 160, 4e-3, 0.05
EPOCHS_IN_FLOAT = 112  # before the weights go on their grid
FIRING_RATE, PENALTY = 0.10, 2.0  # of a neuron, above which it is penalised
CALIBRATION_WINDOWS = 1000


def squared_excess(rates: list[Tensor]) -> Tensor:
    """The penalty on neurons that fire too often."""
    return PENALTY * sum((own - FIRING_RATE).clamp_min(0).square().mean() for own in rates)


def trained(training: Windows, validation: Windows, seed: int) -> l2mu_single.Network:
    """The best network on its grid."""
    torch.manual_seed(seed)
    trainer = Trainer(training, seed, lambda x, generator: augment(x, generator, 1.0))
    network = l2mu_single.Network()
    print(f"{network.parameter_count()} parameters, {len(training)} training windows", flush=True)
    best, kept = -1.0, {}

    def after_epoch(done: int) -> None:
        nonlocal best, kept
        score = float((classes(network, validation.raw) == validation.label).mean())
        print(f"    validation {score:.4f}", flush=True)
        if network.quantized and score > best:
            best, kept = score, copy.deepcopy(network.state_dict())
        network.quantized = done >= EPOCHS_IN_FLOAT

    trainer.train(network, EPOCHS, RATE, warmup=WARMUP, penalty=squared_excess, after_epoch=after_epoch)
    print(f"best validation accuracy on the grid {best:.4f}", flush=True)
    network.load_state_dict(kept)
    network.quantized = False
    return network


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="results (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    split = split_windows(load_windows(Source(options.data, options.download)))
    network = trained(split.train, split.validation, options.seed)
    torch.save(network.state_dict(), options.work / f"{NAME}.pt")
    chosen = np.linspace(0, len(split.train) - 1, CALIBRATION_WINDOWS).astype(int)
    tensors = calibrated_tensors(network, split.train.raw[chosen])
    np.savez(options.work / f"{NAME}.npz", **tensors)
    model = options.work / f"{NAME}.snn"
    model.write_bytes(export.model_file(tensors, NAME, split.train.raw[[0, len(split.train) // 2]], split.train.raw))

    metrics = {"parameters": network.parameter_count()}
    for part, windows in (("random windows", split.random_test), ("unseen subjects", split.unseen)):
        in_float = classes(network, windows.raw)
        in_integer, shares = integer.classify(tensors, windows.raw)
        scores = engine_results(options.command, model, windows.raw)
        metrics[part] = {"float": figures(windows, in_float), "integer": figures(windows, in_integer) | {
            key: dict(zip(POPULATIONS, values)) for key, values in shares.items()}}
        print(f"{part}: {len(windows)} windows, accuracy {metrics[part]['integer']['accuracy']:.4f}, in floating point "
              f"{metrics[part]['float']['accuracy']:.4f}, same class {(in_float == in_integer).mean():.4f}, "
              f"{int((scores != integer.run(tensors, windows.raw)[0]).any(1).sum())} windows differ from integer.py")
    (options.work / f"{NAME}-metrics.json").write_text(json.dumps(metrics, indent=1))


if __name__ == "__main__":
    main()
