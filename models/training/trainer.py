"""The training loop that every recipe shares."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor, nn

from training.data import Windows
from training.networks import delay, l2mu, l2mu_single, lmu
from training.networks.spiking import excess
from training.samples import NEW_WEARERS, scale_input

Network = lmu.Network | delay.Network | l2mu.Network | l2mu_single.Network

SCALING_WINDOWS = 2000  # that the memories' bases are scaled on
BATCH, WINDOWS_PER_EPOCH = 192, 18000  # at most
WEIGHT_DECAY = 1e-2
LABEL_SMOOTHING = 0.05
FIRING_RATE, EXCESS_WEIGHT = 0.09, 1.0  # per neuron and tick, above which a population is penalised
TEACHER_SHARE, TEMPERATURE = 0.7, 2.0


def excess_firing(rates: list[Tensor]) -> Tensor:
    """The penalty on populations that fire too often."""
    return EXCESS_WEIGHT * excess(rates, FIRING_RATE)


class Trainer:
    """Draws varied batches from the training windows: `vary(x [B, T, 6], generator)`."""

    def __init__(self, windows: Windows, seed: int,
                 vary: Callable[[Tensor, torch.Generator], Tensor] = NEW_WEARERS):
        self.windows, self.vary = windows, vary
        self.x, self.label = scale_input(windows.raw), torch.from_numpy(windows.label)
        self.generator = torch.Generator().manual_seed(seed + 1)
        self.batches = min(len(windows), WINDOWS_PER_EPOCH) // BATCH

    def epoch(self):
        """Batches of one epoch: some windows, in random order."""
        order = torch.randperm(len(self.x), generator=self.generator)[: self.batches * BATCH]
        for chosen in order.view(self.batches, -1):
            yield self.vary(self.x[chosen], self.generator), self.label[chosen]

    def scaling_windows(self) -> Tensor:
        """Inputs to set the memories' bases for."""
        return self.x[torch.randperm(len(self.x), generator=self.generator)[:SCALING_WINDOWS]]

    def train(self, network: Network, epochs: int, rate: float, teacher: Network | None = None, warmup: float = 0.08,
              penalty: Callable[[list[Tensor]], Tensor] = excess_firing,
              after_step: Callable[[float], None] = lambda share: None,
              after_epoch: Callable[[int], None] = lambda done: None) -> None:
        """One cycle of the learning rate, up to `rate` over a share `warmup` of the steps. `penalty` is of the network's
        rates; `after_step` is told the share of the steps that is done, `after_epoch` the number of epochs."""

        def is_matrix(p: Tensor) -> bool:
            return p.dim() == 2 and p.shape[1] > 1

        parameters = [p for p in network.parameters() if p.requires_grad]
        optimizer = torch.optim.AdamW(
            [{"params": [p for p in parameters if is_matrix(p)], "weight_decay": WEIGHT_DECAY},
             {"params": [p for p in parameters if not is_matrix(p)], "weight_decay": 0.0}], lr=rate)
        schedule = torch.optim.lr_scheduler.OneCycleLR(
            optimizer, rate, total_steps=epochs * self.batches, pct_start=warmup, cycle_momentum=False,
            final_div_factor=100)
        started, steps = time.time(), 0
        for epoch in range(epochs):
            network.train()
            total, correct = 0.0, 0
            for x, label in self.epoch():
                with torch.autocast("cpu", torch.bfloat16):
                    scores = network(x)
                    label = label.repeat(len(scores) // len(label))  # scores of parts of a sequence
                    if teacher:
                        with torch.no_grad():
                            wanted = teacher(x)
                loss = nn.functional.cross_entropy(scores, label, label_smoothing=LABEL_SMOOTHING)
                if teacher:
                    loss = (1 - TEACHER_SHARE) * loss + TEACHER_SHARE * TEMPERATURE**2 * nn.functional.kl_div(
                        (scores / TEMPERATURE).log_softmax(1), (wanted / TEMPERATURE).log_softmax(1),
                        log_target=True, reduction="batchmean")
                loss = loss + penalty(network.rates)
                optimizer.zero_grad()
                loss.backward()
                nn.utils.clip_grad_norm_(parameters, 1.0)
                optimizer.step()
                schedule.step()
                steps += 1
                after_step(steps / (epochs * self.batches))
                total += loss.item()
                correct += int((scores.argmax(1) == label).sum())
            print(f"  epoch {epoch + 1}/{epochs} loss {total / self.batches:.4f} "
                  f"train {correct / self.batches / len(label):.4f} {time.time() - started:.0f} s", flush=True)
            after_epoch(epoch + 1)
        network.rates = []  # of the last pass, with its graph: no network could be copied with it


@torch.no_grad()
def classes(network: Network, raw: np.ndarray) -> np.ndarray:
    """Classes int64 [N], in float32."""
    network.eval()
    return np.concatenate(
        [network(scale_input(raw[at : at + 512])).argmax(1).numpy() for at in range(0, len(raw), 512)])
