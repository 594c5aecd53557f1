"""Asks what the Legendre memory of an all-LIF L2MU carries and what it earns; docs/log/2026-12-01-memory.md is made of it.

    python -m training.memory people --data DIR_OR_TAR --fold 1      small L2MUs of VARIANTS on people they have never seen
    python -m training.memory recall --seed 1                        the same populations recall a random signal

Rows go to models/wisdm-l2mu/memory.csv in place of those of the same table, variant and group:

    table     group    key            value
    people    fold     person         share of the person's windows that are right
    recall    seed     delay, ticks   1 − squared error / variance of the signal so long ago
"""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from training import data
from training.data import HOP, SUBJECTS, Source, load_overlapping, load_windows
from training.memory_rows import record
from training.networks import coded, l2mu
from training.networks.coded import Code
from training.trainer import Trainer, classes

SHAPE = l2mu.Shape(inputs=32, units=(16,), theta=(20.0,), hidden=(64,))
EPOCHS, RATE = 6, 8e-3
RECALLED = l2mu.Shape(inputs=16, units=(4,), theta=(20.0,), hidden=(32,))
DELAYS = (2, 5, 10, 15, 20)  # ticks
TICKS, SIGNALS, STEPS = 60, 64, 500


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
    """Hidden neurons with about as many weights as a layer with pairs: 2·(2·order + …) of them."""
    wanted, inputs = l2mu.Network(shape).parameter_count(), shape.inputs
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


def people(source: Source, fold: int, variants: list[str], seed: int) -> None:
    """Trains each variant without the fold's people and records what it gives on each of them."""
    tested = SUBJECTS[fold::5]
    windows = load_windows(source)
    windows = windows.take(np.isin(windows.subject, tested))
    trainer_windows = load_overlapping(source, tuple(p for p in SUBJECTS if p not in tested), HOP)
    for variant in variants:
        torch.manual_seed(seed)
        network, trainer, began = VARIANTS[variant](SHAPE), Trainer(trainer_windows, seed), time.process_time()
        network.scale_orders(trainer.scaling_windows())
        trainer.train(network, EPOCHS, RATE, title=f"{variant}, fold {fold}")
        right = classes(network, windows.raw) == windows.label
        shares = {person: right[windows.subject == person].mean() for person in tested}
        record("people", variant, fold, shares)
        print(f"{variant}, fold {fold}: {np.mean(list(shares.values())):.4f}, {network.parameter_count()} parameters, "
              f"{time.process_time() - began:.0f} s", flush=True)


def signals(generator: torch.Generator) -> Tensor:
    """Random signals [B, T, 6] in the first channel, of unit variance, slower than some 3 ticks; the others are zero."""
    noise, past = torch.randn(TICKS + 20, SIGNALS, generator=generator), torch.zeros(2, SIGNALS)
    out = []
    for now in noise:
        past[0] = 0.7 * past[0] + now
        past[1] = 0.7 * past[1] + past[0]
        out.append(past[1].clone())
    x = torch.zeros(SIGNALS, TICKS, 6)
    x[:, :, 0] = torch.stack(out[20:], 1) / 3.38
    return x


class Recall(nn.Module):
    """A network whose hidden spikes, leaky sums of them, tell the signal of so many ticks ago."""

    def __init__(self, network: l2mu.Network):
        super().__init__()
        self.network, self.told = network, nn.Linear(network.shape.hidden[-1], len(DELAYS))
        self.decay_logit = nn.Parameter(torch.zeros(network.shape.hidden[-1]) + 0.5)

    def forward(self, x: Tensor) -> tuple[Tensor, Tensor]:
        """x [B, T, 6] -> what is told and what was, [T − longest, B, delays]."""
        h = self.network.layers[0](self.network.enter(x))[2]
        decay, kept, out = torch.sigmoid(self.decay_logit), torch.zeros_like(h[0]), []
        for now in h:
            kept = decay * kept + now
            out.append(kept)
        longest = max(DELAYS)
        was = torch.stack([x[:, longest - delay : TICKS - delay, 0].t() for delay in DELAYS], 2)
        return self.told(torch.stack(out[longest:])), was


def recall(seed: int, variants: list[str]) -> None:
    """Trains each variant to recall and records how much of the signal it tells, on other signals."""
    for variant in variants:
        torch.manual_seed(seed)
        model, generator, began = Recall(VARIANTS[variant](RECALLED)), torch.Generator().manual_seed(seed), time.process_time()
        model.network.scale_orders(signals(generator))
        optimizer = torch.optim.Adam(model.parameters(), 5e-3)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, 5e-3, total_steps=STEPS, pct_start=0.1)
        for _ in range(STEPS):
            told, was = model(signals(generator))
            optimizer.zero_grad()
            (told - was).square().mean().backward()
            nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimizer.step()
            schedule.step()
        model.eval()
        with torch.no_grad():
            told, was = (torch.cat(part, 1) for part in zip(*(model(signals(generator)) for _ in range(8))))
        share = 1 - (told - was).square().mean((0, 1)) / was.var((0, 1))
        record("recall", variant, seed, dict(zip(DELAYS, share.tolist())))
        print(f"{variant}, seed {seed}: {[round(s, 3) for s in share.tolist()]}, {time.process_time() - began:.0f} s", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("table", choices=("people", "recall"))
    data.add_options(parser)
    parser.add_argument("--fold", type=int, choices=range(5), default=1)
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--variant", choices=VARIANTS, action="append", help="by default all")
    options = parser.parse_args()
    torch.set_num_threads(1)
    variants = options.variant or list(VARIANTS)
    if options.table == "people":
        people(Source(options.data, options.download), options.fold, variants, options.seed)
    else:
        recall(options.seed, variants)


if __name__ == "__main__":
    main()
