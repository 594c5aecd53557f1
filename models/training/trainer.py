"""The training loop that every recipe shares."""

from __future__ import annotations

import csv
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn

from training.data import Windows
from training.networks import delay, l2mu, lmu
from training.networks.spiking import excess
from training.samples import NEW_WEARERS, Postures, Variation, scale_input

Network = lmu.Network | delay.Network | l2mu.Network

SCALING_WINDOWS = 2000  # that the memories' bases are scaled on
BATCH, WINDOWS_PER_EPOCH = 192, 18000  # at most
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.05
FIRING_RATE, EXCESS_WEIGHT = 0.09, 1.0  # per neuron and tick, above which a population is penalised
TEACHER_SHARE, TEMPERATURE = 0.7, 2.0
WARMUP = 0.08  # share of the steps in which the learning rate rises
LOG_COLUMNS = ("training", "epoch", "seconds", "loss", "rate", "accuracy")


def wanted(teachers: Sequence[Network], x: Tensor) -> Tensor:
    """Class probabilities [B, classes] at the temperature, their mean over the teachers."""
    with torch.no_grad():
        return torch.stack([(teacher(x) / TEMPERATURE).softmax(1) for teacher in teachers]).mean(0)


class Trainer:
    """Draws varied batches from the training windows and trains networks on them. With `log`, a CSV file gets a line for
    each epoch: what is trained, epoch, seconds, loss, learning rate and accuracy on the varied training windows."""

    def __init__(self, windows: Windows, seed: int, vary: Variation = NEW_WEARERS[0], log: Path | None = None):
        self.windows, self.vary, self.log = windows, vary, log
        self.x, self.label = scale_input(windows.raw), torch.from_numpy(windows.label)
        self.postures = Postures(self.x, self.label, windows.subject)
        self.generator = torch.Generator().manual_seed(seed + 1)
        self.batches = min(len(windows), WINDOWS_PER_EPOCH) // BATCH

    def epoch(self):
        """Batches of one epoch: some windows, in random order."""
        order = torch.randperm(len(self.x), generator=self.generator)[: self.batches * BATCH]
        for chosen in order.view(self.batches, -1):
            label = self.label[chosen]
            yield self.vary(self.x[chosen], label, self.postures, self.generator), label

    def scaling_windows(self) -> Tensor:
        """Inputs to set the memories' bases for."""
        return self.x[torch.randperm(len(self.x), generator=self.generator)[:SCALING_WINDOWS]]

    def train(self, network: Network, epochs: int, rate: float, teachers: Sequence[Network] = (), title: str = "",
              after_step: Callable[[float], None] = lambda share: None) -> None:
        """One cycle of the learning rate, up to `rate` over a share WARMUP of the steps. `after_step` is told the share of
        the steps that is done."""

        def is_matrix(p: Tensor) -> bool:
            return p.dim() == 2 and p.shape[1] > 1

        parameters = [p for p in network.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(
            [{"params": [p for p in parameters if is_matrix(p)], "weight_decay": WEIGHT_DECAY},
             {"params": [p for p in parameters if not is_matrix(p)], "weight_decay": 0.0}], lr=rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, rate, total_steps=epochs * self.batches, pct_start=WARMUP, cycle_momentum=False,
            final_div_factor=100)
        started, steps = time.time(), 0
        for epoch in range(epochs):
            network.train()
            total, correct = 0.0, 0
            for x, label in self.epoch():
                scores = network(x)
                label = label.repeat(len(scores) // len(label))  # scores of parts of a sequence
                loss = nn.functional.cross_entropy(scores, label, label_smoothing=LABEL_SMOOTHING)
                if teachers:
                    loss = (1 - TEACHER_SHARE) * loss + TEACHER_SHARE * TEMPERATURE**2 * nn.functional.kl_div(
                        (scores / TEMPERATURE).log_softmax(1), wanted(teachers, x), reduction="batchmean")
                loss = loss + EXCESS_WEIGHT * excess(network.rates, FIRING_RATE)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()
                steps += 1
                after_step(steps / (epochs * self.batches))
                total += loss.item()
                correct += int((scores.argmax(1) == label).sum())
            self.report(title, epoch + 1, epochs, time.time() - started, total / self.batches, schedule.get_last_lr()[0],
                        correct / self.batches / len(label))
        network.rates = []  # of the last pass, with its graph: no network could be copied with it

    def report(self, title: str, epoch: int, epochs: int, seconds: float, loss: float, rate: float, accuracy: float) -> None:
        print(f"  {title} epoch {epoch}/{epochs} loss {loss:.4f} train {accuracy:.4f} {seconds:.0f} s of about "
              f"{seconds / epoch * epochs:.0f}", flush=True)
        if self.log:
            is_new = not self.log.exists()
            with self.log.open("a", newline="") as file:
                rows = csv.writer(file)
                if is_new:
                    rows.writerow(LOG_COLUMNS)
                rows.writerow((title, epoch, f"{seconds:.1f}", f"{loss:.5f}", f"{rate:.3g}", f"{accuracy:.5f}"))


@torch.no_grad()
def classes(network: Network, raw: np.ndarray) -> np.ndarray:
    """Classes int64 [N], in float32."""
    network.eval()
    return np.concatenate(
        [network(scale_input(raw[at : at + 512])).argmax(1).numpy() for at in range(0, len(raw), 512)])
