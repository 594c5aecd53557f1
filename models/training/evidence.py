"""Evidence is what wisdm-stream sums over its results: every half second an entry of scores, and what is left of those before.

The readout's equation (docs/format.md, section 12.6): E[t] = clamp(tz(E[t-1]·μ, 15) + entry[t]), all int32. From the results of
a file follow its entries, and from the entries the results of a file with any other decay.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.data import ACTIVITIES, INTERVAL_SECONDS
from training.integer import SCORE_STEPS, tz

NAMES = tuple(name for _, name in ACTIVITIES)
TICKS = 10  # of a result
RESULT_SECONDS = TICKS * INTERVAL_SECONDS
EVIDENCE_DECAY = 0.75  # per result, of the files that are shipped
CONFIDENCE_DIVISOR = 20480  # of the scores of the shipped files, before a softmax; chosen by training.days
LIMIT = 2**31 - 1
# What a wrist hardly tells apart is one activity among 13.
GROUPS = {"sitting": "still", "standing": "still"} | dict.fromkeys(("soup", "chips", "pasta", "drinking", "sandwich"), "meal")
GROUPED_NAMES = tuple(dict.fromkeys(GROUPS.get(name, name) for name in NAMES))
# [18, 18] and [18, 13]: which of the activities a name stands for, by their number.
MEMBERS = {len(NAMES): np.eye(len(NAMES), dtype=bool),
           len(GROUPED_NAMES): np.array([[GROUPS.get(name, name) == group for group in GROUPED_NAMES] for name in NAMES])}


@dataclass(frozen=True)
class Day:
    """What a network said of one person's day: `entries` int64 [n, 18] and the true activities int64 [n], by half seconds."""

    person: int
    entries: np.ndarray
    truth: np.ndarray


def natural_divisor(decay: float) -> float:
    """What makes the evidence of this decay a mean score per tick, in the unit of the training's scores."""
    return SCORE_STEPS * TICKS / (1 - decay)


def q15(decay: float) -> int:
    return round(decay * 32768)


def entries_of(results: np.ndarray, decay: float) -> np.ndarray:
    """Entries [n, classes] of the results int64 [n, classes] of a file with this decay."""
    before = np.concatenate([np.zeros_like(results[:1]), results[:-1]])
    return results - tz(before * q15(decay), 15)


def evidence(entries: np.ndarray, decay: float) -> np.ndarray:
    """Results [n, classes] that a file with this decay gives for the entries."""
    out, left = np.empty_like(entries), np.zeros_like(entries[0])
    for i, entry in enumerate(entries):
        left = out[i] = np.clip(tz(left * q15(decay), 15) + entry, -LIMIT, LIMIT)
    return out


def probabilities(results: np.ndarray, divisor: float, activities: int) -> np.ndarray:
    """Probabilities [n, activities] of results [n, 18]: their softmax at the divisor; a group has the sum of its members'."""
    scaled = (results - results.max(1, keepdims=True)) / divisor
    powers = np.exp(scaled)
    return powers / powers.sum(1, keepdims=True) @ MEMBERS[activities]


def true_classes(truth: np.ndarray, activities: int) -> np.ndarray:
    """The classes among 18 or 13 activities of true activities [n]."""
    return MEMBERS[activities].argmax(1)[truth]
