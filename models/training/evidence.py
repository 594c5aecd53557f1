"""Evidence is what wisdm-stream's results are made of: how far each activity lies behind the greatest, and its recent mean score.

In every tick the scores of the network, of which a unit is a factor e of probability, are added to what each activity had; the
greatest is then taken from all, and what lies more than the switch cost behind is brought up to it (integer.Evidence has the
equations, export.evidence the ops). That follows the most probable course of activities where a change costs so much (A. Viterbi,
IEEE Transactions on Information Theory 13, 1967): a label stays until another has gained the cost on it, and however long it
stayed, the other needs no more. Alone it would be as sure of all labels that nothing speaks against; the recent mean tells those
apart.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from training.data import ACTIVITIES, INTERVAL_SECONDS
from training.integer import Tensors

NAMES = tuple(name for _, name in ACTIVITIES)
TICKS = 10  # of a result
RESULT_SECONDS = TICKS * INTERVAL_SECONDS
SCORE_STEPS = 32  # per unit of a score
# Of the shipped files, in units of a score; chosen on the people of folds 1 and 3 by a network of the others.
SWITCH_COST = 100
# The mean goes with it: it loses 15 / cost of itself with a result, and counts for .6 ticks a unit of cost.
MEAN_LOSS, MEAN_TICKS = 15, 0.6
CONFIDENCE_DIVISOR = 2300  # of the results of the shipped files, before a softmax; chosen by training.days
# What a wrist hardly tells apart is one activity among 13.
GROUPS = {"sitting": "still", "standing": "still"} | dict.fromkeys(("soup", "chips", "pasta", "drinking", "sandwich"), "meal")
GROUPED_NAMES = tuple(dict.fromkeys(GROUPS.get(name, name) for name in NAMES))
# [18, 18] and [18, 13]: which of the activities a name stands for, by their number.
MEMBERS = {len(NAMES): np.eye(len(NAMES)),
           len(GROUPED_NAMES): np.array([[float(GROUPS.get(name, name) == group) for group in GROUPED_NAMES] for name in NAMES])}


def evidence_tensors(cost: int = SWITCH_COST) -> Tensors:
    """What integer.Evidence needs."""
    left = (1 - MEAN_LOSS / cost) ** (1 / TICKS)
    return {"switch_cost": np.int64(cost * SCORE_STEPS), "mean_a": np.int64(round(left * 2**15)), "mean_a_bits": np.int64(15),
            "mean_b": np.int64(round((1 - left) * MEAN_TICKS * cost * 2**14)), "mean_b_bits": np.int64(14)}


@dataclass(frozen=True)
class Day:
    """What a network said of one person's day: `results` int64 [n, 18] and the true activities int64 [n], by half seconds."""

    person: int
    results: np.ndarray
    truth: np.ndarray


def probabilities(results: np.ndarray, divisor: float, activities: int) -> np.ndarray:
    """Probabilities [n, activities] of results [n, 18]: their softmax at the divisor; a group has the sum of its members'."""
    powers = np.exp((results - results.max(1, keepdims=True)) / divisor)
    return powers / powers.sum(1, keepdims=True) @ MEMBERS[activities]


def true_classes(truth: np.ndarray, activities: int) -> np.ndarray:
    """The classes among 18 or 13 activities of true activities [n]."""
    return MEMBERS[activities].argmax(1)[truth]
