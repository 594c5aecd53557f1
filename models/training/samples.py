"""From raw counts to the network's input, and its random variations in training."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from training.data import WATCH_POSITIONS

# Fixed input scaling, not statistics of the data: accel/8 in m/s², gyro/2 in rad/s, both ±8.
INPUT_GAIN = (1 / 8, 1 / 8, 1 / 8, 1 / 2, 1 / 2, 1 / 2)
INPUT_LIMIT = 8.0
# In the order of rewear's chances: another order would train other networks.
WEARINGS = tuple(WATCH_POSITIONS[name] for name in ("as recorded", "other wrist", "turned", "both"))


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
    x = rotated(x, axis / axis.norm(dim=1, keepdim=True), normal(batch) * 0.35 * strength)
    gain = (normal(batch, 2, 1) * 0.10 * strength).exp()
    x = (x.view(batch, ticks, 2, 3) * gain.unsqueeze(1)).reshape(batch, ticks, 6)
    shift = torch.randint(0, ticks, (batch, 1), generator=generator)
    index = (torch.arange(ticks) + shift) % ticks
    x = x.gather(1, index.unsqueeze(2).expand(-1, -1, 6))
    return x + normal(batch, ticks, 6) * 0.02 * strength


def rewear(x: Tensor, generator: torch.Generator, share: float) -> Tensor:
    """x [B, T, 6] with a `share` of the windows as if the watch were worn otherwise: on the other wrist, which mirrors
    the x axis (a rotation about x keeps its sign under that mirror, those about y and z change theirs), the other way up,
    which turns it by half about z, or both: each a third of the share."""
    chance = torch.tensor([1 - share, share / 3, share / 3, share / 3])
    way = torch.multinomial(chance, len(x), replacement=True, generator=generator)
    return x * torch.tensor(WEARINGS)[way].unsqueeze(1)


def stretch(x: Tensor, generator: torch.Generator, strength: float) -> Tensor:
    """x [B, T, 6] at another tempo per window, about its middle; beyond its ends the window is reflected."""
    batch, ticks, channels = x.shape
    factor = (torch.randn(batch, 1, generator=generator) * strength).exp()
    place = (torch.arange(ticks) - (ticks - 1) / 2) * factor + (ticks - 1) / 2
    place = (ticks - 1) - ((ticks - 1) - place.abs()).abs()
    below = place.floor().clamp(0, ticks - 2)
    index = below.long().unsqueeze(2).expand(-1, -1, channels)
    return torch.lerp(x.gather(1, index), x.gather(1, index + 1), (place - below).unsqueeze(2))


class Postures:
    """Where gravity points in the sessions trained on, by class: accelerations [classes, sessions, 3] of input x, each the
    mean of one person's windows of a class, and how many sessions each class has."""

    def __init__(self, x: Tensor, label: Tensor, subject: np.ndarray):
        gravity = x[:, :, :3].mean(1)
        sessions = [[gravity[(label == index).numpy() & (subject == person)].mean(0)
                     for person in np.unique(subject[label.numpy() == index])] for index in range(int(label.max()) + 1)]
        self.count = torch.tensor([len(own) for own in sessions])
        self.of_class = torch.zeros(len(sessions), int(self.count.max()), 3)
        for index, own in enumerate(sessions):
            self.of_class[index, : len(own)] = torch.stack(own)
        self.of_any = torch.cat([self.of_class[index, :count] for index, count in enumerate(self.count)])

    def draw(self, label: Tensor, generator: torch.Generator, of_any: float) -> Tensor:
        """A session's posture [B, 3] for each label: of its class, or for a share `of_any` of any class."""
        drawn = torch.randint(0, 1 << 30, label.shape, generator=generator)
        own = self.of_class[label, drawn % self.count[label]]
        is_any = torch.rand(len(label), generator=generator) < of_any
        return torch.where(is_any[:, None], self.of_any[drawn % len(self.of_any)], own)


def rotated(x: Tensor, axis: Tensor, angle: Tensor) -> Tensor:
    """x [B, T, 6] with both sensors' vectors turned about unit axes [B, 3] by angles [B]: Rodrigues' formula."""
    skew = torch.zeros(len(x), 3, 3)
    skew[:, 0, 1], skew[:, 0, 2], skew[:, 1, 2] = -axis[:, 2], axis[:, 1], -axis[:, 0]
    skew = skew - skew.transpose(1, 2)
    sine, cosine = torch.sin(angle)[:, None, None], torch.cos(angle)[:, None, None]
    rotation = torch.eye(3) + sine * skew + (1 - cosine) * skew @ skew
    return (x.view(len(x), -1, 2, 3) @ rotation.transpose(1, 2).unsqueeze(1)).reshape(x.shape)


def exchange_postures(x: Tensor, label: Tensor, postures: Postures, generator: torch.Generator, share: float,
                      of_any: float) -> Tensor:
    """x [B, T, 6] with a `share` of the windows turned, by the smallest rotation, some of the way to where gravity points in
    another session: the movement of one person in the posture of another."""
    gravity = x[:, :, :3].mean(1)
    other = postures.draw(label, generator, of_any)
    axis = torch.linalg.cross(gravity, other)
    length = axis.norm(dim=1)
    angle = torch.atan2(length, (gravity * other).sum(1)) * torch.rand(len(x), generator=generator)
    angle = angle * (torch.rand(len(x), generator=generator) < share)
    return rotated(x, axis / length.clamp_min(1e-6)[:, None], angle)


@dataclass(frozen=True)
class Variation:
    """How the windows of a training batch are varied: in another's posture, worn otherwise, at another tempo, then turned,
    scaled, shifted and jittered. `posture` is a share of the windows, `of_any` the share of those postures that may be of
    another class."""

    posture: float = 0.6
    of_any: float = 0.0
    reworn: float = 0.6
    stretch: float = 0.1
    augmentation: float = 1.0

    def __call__(self, x: Tensor, label: Tensor, postures: Postures, generator: torch.Generator) -> Tensor:
        if self.posture:
            x = exchange_postures(x, label, postures, generator, self.posture, self.of_any)
        x = rewear(x, generator, self.reworn)
        x = stretch(x, generator, self.stretch)
        return augment(x, generator, self.augmentation)


NEW_WEARERS = (Variation(), Variation(posture=0.3, stretch=0.05, augmentation=0.6))  # of the two cycles of a training
KNOWN_WEARERS = Variation(posture=0.0, reworn=0.0, augmentation=0.5)  # for P1, which tests the people it trains on
