#!/usr/bin/env python3
"""Trains the L2MU hand-activity network on WISDM and writes a float checkpoint.

    python train.py --data DIR_OR_TAR --out checkpoint.npz

Selection looks at the validation part only: the checkpoint is the epoch with the best validation
accuracy among those trained on the 8-bit weight grid. The two test parts are not read here;
quantize.py scores them, once.
"""

from __future__ import annotations

import argparse
import sys
import time
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from training.data import CLASSES, Source, load_windows, split_windows  # noqa: E402
from training.samples import augment, scale_input  # noqa: E402
from network import Network  # noqa: E402

COUNT_SCALE = 0.3  # logits = 0.3 · spike counts over the window
LABEL_SMOOTHING = 0.05
RATE_TARGET = 0.10  # spikes per neuron and tick above which the penalty sets in


@torch.no_grad()
def accuracy(network: Network, x: Tensor, label: Tensor) -> float:
    """Share of windows whose spike-count argmax (ties to the lowest index) is the label."""
    correct = 0
    for at in range(0, len(x), 512):
        counts = network(x[at : at + 512])["o"].sum(0).numpy()
        correct += int((counts.argmax(1) == label[at : at + 512].numpy()).sum())
    return correct / len(x)


def train(arguments: argparse.Namespace) -> None:
    torch.manual_seed(arguments.seed)
    generator = torch.Generator().manual_seed(arguments.seed + 1)
    split = split_windows(load_windows(Source(arguments.data, arguments.download)))
    x, label = scale_input(split.train.raw), torch.from_numpy(split.train.label)
    x_validation = scale_input(split.validation.raw)
    label_validation = torch.from_numpy(split.validation.label)
    print(f"{len(x)} training and {len(x_validation)} validation windows, {len(CLASSES)} classes",
          flush=True)

    network = Network(arguments.inputs, arguments.units, arguments.order, arguments.hidden,
                      len(CLASSES), arguments.theta)
    parameters = list(network.parameters())
    print(f"{network.parameter_count()} parameters", flush=True)
    matrices = [p for p in parameters if p.dim() == 2]
    vectors = [p for p in parameters if p.dim() == 1]
    optimizer = torch.optim.AdamW(
        [{"params": matrices, "weight_decay": arguments.weight_decay},
         {"params": vectors, "weight_decay": 0.0}], lr=arguments.rate)
    batches = len(x) // arguments.batch
    schedule = torch.optim.lr_scheduler.OneCycleLR(
        optimizer, arguments.rate, total_steps=arguments.epochs * batches, pct_start=0.05,
        cycle_momentum=False, final_div_factor=100)
    loss_of = nn.CrossEntropyLoss(label_smoothing=LABEL_SMOOTHING)
    first_quantized = round(arguments.epochs * arguments.quantize_from)
    best = -1.0
    started = time.time()

    for epoch in range(arguments.epochs):
        network.quantized = epoch >= first_quantized
        network.train()
        order = torch.randperm(len(x), generator=generator)
        total, correct = 0.0, 0
        rates = torch.zeros(5)
        for batch in range(batches):
            chosen = order[batch * arguments.batch : (batch + 1) * arguments.batch]
            spikes = network(augment(x[chosen], generator, arguments.augmentation))
            counts = spikes["o"].sum(0)
            loss = loss_of(counts * COUNT_SCALE, label[chosen])
            total += loss.item()
            for name in ("in", "u", "m", "h"):
                excess = (spikes[name].mean((0, 1)) - RATE_TARGET).clamp_min(0)
                loss = loss + arguments.rate_penalty * excess.square().mean()
            optimizer.zero_grad()
            loss.backward()
            nn.utils.clip_grad_norm_(parameters, 1.0)
            optimizer.step()
            schedule.step()
            correct += int((counts.argmax(1) == label[chosen]).sum())
            rates += torch.stack([s.detach().mean() for s in spikes.values()])
        network.eval()
        score = accuracy(network, x_validation, label_validation)
        kept = network.quantized and score > best
        if kept:
            best = score
            np.savez(arguments.out, **network.checkpoint())
        print(f"epoch {epoch + 1}/{arguments.epochs} loss {total / batches:.4f} "
              f"train {correct / (batches * arguments.batch):.4f} validation {score:.4f} rates "
              + " ".join(f"{k} {r:.3f}" for k, r in zip(spikes, rates / batches))
              + f" {'8-bit ' if network.quantized else ''}{'kept ' if kept else ''}"
              f"{time.time() - started:.0f} s", flush=True)
    print(f"best validation accuracy {best:.4f}, written to {arguments.out}", flush=True)


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", metavar="DIR_OR_TAR",
                        help="folder with accel/ and gyro/ watch logs, or an archive of one; "
                             "without it the dataset is downloaded from UCI (about 300 MB)")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download",
                        help="where a download is kept (default %(default)s)")
    parser.add_argument("--out", default="checkpoint.npz",
                        help="float checkpoint to write (default %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    parser.add_argument("--epochs", type=int, default=160, help="default %(default)s")
    parser.add_argument("--batch", type=int, default=192, help="default %(default)s")
    parser.add_argument("--rate", type=float, default=4e-3,
                        help="peak learning rate (default %(default)s)")
    parser.add_argument("--weight-decay", type=float, default=1e-2, help="default %(default)s")
    parser.add_argument("--quantize-from", type=float, default=0.7,
                        help="share of the epochs after which weights are trained on the 8-bit "
                             "grid (default %(default)s)")
    parser.add_argument("--rate-penalty", type=float, default=2.0,
                        help="weight of the firing-rate penalty (default %(default)s)")
    parser.add_argument("--augmentation", type=float, default=1.0,
                        help="strength of the augmentation, 0 for none (default %(default)s)")
    parser.add_argument("--inputs", type=int, default=40, help="input population (default %(default)s)")
    parser.add_argument("--units", type=int, default=16, help="memory units (default %(default)s)")
    parser.add_argument("--order", type=int, default=6, help="Legendre order (default %(default)s)")
    parser.add_argument("--hidden", type=int, default=96, help="hidden neurons (default %(default)s)")
    parser.add_argument("--theta", type=float, default=12.0,
                        help="Legendre window in ticks (default %(default)s)")
    parser.add_argument("--threads", type=int, default=1, help="default %(default)s")
    arguments = parser.parse_args()
    torch.set_num_threads(arguments.threads)
    train(arguments)


if __name__ == "__main__":
    main()
