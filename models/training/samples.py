"""From raw counts to the network's input, and its random variations in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

# Fixed input scaling, not statistics of the data: accel/8 in m/s², gyro/2 in rad/s, both ±8.
INPUT_GAIN = (1 / 8, 1 / 8, 1 / 8, 1 / 2, 1 / 2, 1 / 2)
INPUT_LIMIT = 8.0


def scale_input(raw: np.ndarray) -> Tensor:
    """int16 counts [N, T, 6] -> float32 network input."""
    x = raw.astype(np.float32) / 1000 * np.array(INPUT_GAIN, dtype=np.float32)
    return torch.from_numpy(np.clip(x, -INPUT_LIMIT, INPUT_LIMIT))


def augment(x: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """One random variation per window of x [B, T, 6]: a rotation of the watch on the wrist (the same
    for both sensors), a gain per sensor, a circular shift in time and sensor jitter."""
    batch, ticks, _ = x.shape

    def normal(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=generator)

    axis = normal(batch, 3)
    axis = axis / axis.norm(dim=1, keepdim=True)
    angle = normal(batch) * 0.35 * strength
    skew = torch.zeros(batch, 3, 3)
    skew[:, 0, 1], skew[:, 0, 2], skew[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    skew = skew - skew.transpose(1, 2)
    sine, cosine = torch.sin(angle)[:, None, None], torch.cos(angle)[:, None, None]
    rotation = torch.eye(3) + sine * skew + (1 - cosine) * skew @ skew  # Rodrigues
    gain = (normal(batch, 2, 1) * 0.10 * strength).exp()
    vectors = x.view(batch, ticks, 2, 3) @ rotation.transpose(1, 2).unsqueeze(1)
    x = (vectors * gain.unsqueeze(1)).reshape(batch, ticks, 6)
    shift = torch.randint(0, ticks, (batch, 1), generator=generator)
    index = (torch.arange(ticks) + shift) % ticks
    x = x.gather(1, index.unsqueeze(2).expand(-1, -1, 6))
    return x + normal(batch, ticks, 6) * 0.02 * strength


def rewear(x: Tensor, generator: torch.Generator, share: float) -> Tensor:
    """x [B, T, 6] with a `share` of the windows as if the watch were worn otherwise: on the other wrist, which mirrors
    the x axis (a rotation about x keeps its sign under that mirror, those about y and z change theirs), the other way up,
    which turns it by half about z, or both. Of the 32 people trained on, gravity tells, one wears it the other way up
    and two mirrored."""
    ways = torch.tensor([[1, 1, 1, 1, 1, 1], [-1, 1, 1, 1, -1, -1], [-1, -1, 1, -1, -1, 1], [1, -1, 1, -1, 1, -1]])
    chance = torch.tensor([1 - share, share / 2, share / 4, share / 4])
    way = torch.multinomial(chance, len(x), replacement=True, generator=generator)
    return x * ways[way].unsqueeze(1)


def stretch(x: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """x [B, T, 6] at another tempo per window, about its middle; beyond its ends the window is reflected."""
    batch, ticks, channels = x.shape
    factor = (torch.randn(batch, 1, generator=generator) * strength).exp()
    place = (torch.arange(ticks) - (ticks - 1) / 2) * factor + (ticks - 1) / 2
    place = (ticks - 1) - ((ticks - 1) - place.abs()).abs()
    below = place.floor().clamp(0, ticks - 2)
    index = below.long().unsqueeze(2).expand(-1, -1, channels)
    return torch.lerp(x.gather(1, index), x.gather(1, index + 1), (place - below).unsqueeze(2))


@dataclass(frozen=True)
class Variation:
    """How the windows of a training batch are varied: worn otherwise, at another tempo, then turned, scaled, shifted and
    jittered."""

    reworn: float = 0.4
    stretch: float = 0.1
    augmentation: float = 1.0

    def __call__(self, x: Tensor, generator: torch.Generator) -> Tensor:
        x = rewear(x, generator, self.reworn)
        x = stretch(x, generator, self.stretch)
        return augment(x, generator, self.augmentation)


NEW_WEARERS = Variation()
KNOWN_WEARERS = Variation(reworn=0.0, augmentation=0.5)  # for P1, which tests the people it trains on
