"""Trains wisdm-stream, all 18 activities without a reset between windows, and plays whole days of unseen people to it.

    python -m training.stream --data DIR_OR_TAR --work DIR --command .build/release/snnrt

P2, whose files are shipped: sequences of four seconds of 32 people, which begin every second; both halves of a sequence are
scored, so that the network learns to begin at rest and to go on. Each of the eight people held out is then played through
`snnrt infer` as one log, session after session in the order they were recorded in. P1: windows of two seconds of all 40
people, split at random, begun at rest, for comparison with what is published. The last epoch's network is taken.

DIR gets the integer tensors (.npz), the model files (.snn) and the figures (wisdm-stream-*-metrics.json).
"""

from __future__ import annotations

import argparse
import copy
import json
from pathlib import Path

import numpy as np
import torch

from training import data, export, integer
from training.data import (ACTIVITIES, INTERVAL_SECONDS, SEQUENCE, SEQUENCE_HOP, TEST_SUBJECTS, TRAINING_SUBJECTS, WINDOW_LENGTH,
                           Source, Windows, cut, gather, split_at_random)
from training.engine import engine_results
from training.networks import lmu
from training.quantize import SCORE_STEPS, grid_tensors
from training.samples import KNOWN_WEARERS, NEW_WEARERS
from training.score import changes, figures
from training.trainer import Trainer, classes

NAMES = tuple(name for _, name in ACTIVITIES)
# What a wrist hardly tells apart counts as one activity in the grouped figures.
GROUPS = {"sitting": "still", "standing": "still"} | dict.fromkeys(("soup", "chips", "pasta", "drinking", "sandwich"), "meal")
RESULTS = export.Results("18 activities", NAMES, ticks=10, is_reset=False, evidence_decay=round(0.75 * 32768))
EPOCHS, RATE = {"P1": 40, "P2": 20}, 4e-3
VARIATION = {"P1": KNOWN_WEARERS, "P2": NEW_WEARERS}
GRID_EPOCHS, GRID_RATE = 3, 1.5e-3
BITS = (8, 4)
CHECKED_TICKS = 6000  # five minutes of a day, in which the runtime's every score is held to integer.py


def trained(shape: lmu.Shape, windows: Windows, seed: int, protocol: str) -> tuple[Trainer, lmu.Network]:
    trainer = Trainer(windows, seed, VARIATION[protocol])
    torch.manual_seed(seed)
    network = lmu.Network(shape)
    print(f"{network.parameter_count()} parameters, {len(windows)} training sequences", flush=True)
    network.scale_orders(trainer.scaling_windows())
    trainer.train(network, EPOCHS[protocol], RATE)
    network.eval()
    return trainer, network


def on_grid(trainer: Trainer, network: lmu.Network, bits: int) -> lmu.Network:
    twin = copy.deepcopy(network)
    twin.quantize(bits)
    trainer.train(twin, GRID_EPOCHS, GRID_RATE, network)
    return twin


def day(source: Source, person: int) -> tuple[np.ndarray, np.ndarray]:
    """Everything recorded of one person, in the order of recording: raw int16 [n, 6] and activities int64 [n]. A session with
    5 % more or fewer rows than its time has ticks is interpolated to 20 Hz; elsewhere rows are ticks."""
    sessions = []
    for index, (letter, _) in enumerate(ACTIVITIES):
        time, raw = source.session(person, letter)
        if len(time):
            begun, time = time[0], (time - time[0]) * 1e-9
            ticks = np.arange(int(time[-1] / INTERVAL_SECONDS) + 1)
            if abs(len(time) / len(ticks) - 1) > 0.05:
                raw = np.stack([np.rint(np.interp(ticks * INTERVAL_SECONDS, time, c)) for c in raw.T], 1).astype(np.int16)
            sessions.append((begun, raw, np.full(len(raw), index)))
    sessions.sort(key=lambda session: session[0])
    return np.concatenate([s[1] for s in sessions]), np.concatenate([s[2] for s in sessions])


def confidence(scores: np.ndarray) -> np.ndarray:
    """Probabilities [n, classes] of results int64 [n, classes]: the softmax of the evidence's mean score per tick."""
    steps = SCORE_STEPS * RESULTS.ticks / (1 - RESULTS.evidence_decay / 32768)
    powers = np.exp((scores - scores.max(1, keepdims=True)) / steps)
    return powers / powers.sum(1, keepdims=True)


def played(results: dict[int, np.ndarray], activities: dict[int, np.ndarray], groups: dict[str, str]) -> dict:
    """Figures of people's days from their results int64 [n, classes] and activities per tick, with the activities taken
    together that `groups` names alike: a group is as probable as its members in sum. `reliability`: share of the results, and
    of them those that are right, by tenths of confidence."""
    names = list(dict.fromkeys(groups.get(name, name) for name in NAMES))
    member = np.array([[groups.get(name, name) == group for group in names] for name in NAMES])
    seconds, latencies, switches, parts = RESULTS.ticks * INTERVAL_SECONDS, [], 0, []
    for person, scores in results.items():
        true = member.argmax(1)[activities[person][RESULTS.ticks - 1 :: RESULTS.ticks]]
        probable = confidence(scores) @ member
        label = probable.argmax(1)
        late, false = changes(true, label, settle=round(3 / seconds))
        latencies, switches = latencies + late, switches + false
        parts.append((np.full(len(true), person), true, label, probable.max(1)))
    people, truth, label, sure = (np.concatenate(part) for part in zip(*parts))
    late, tenth = np.array(latencies) * seconds, np.minimum(sure * 10, 9).astype(int)
    return figures(Windows(np.empty(0), truth, people), label, tuple(names)) | {
        "changes": len(late), "never": float(np.isinf(late).mean()),
        "false_switches_per_minute": switches / (len(truth) * seconds / 60),
        "latency_seconds": {str(q): float(np.quantile(late, q / 100, method="inverted_cdf")) for q in (25, 50, 75)},
        "reliability": {str(t / 10): [float((tenth == t).mean()), float((label == truth)[tenth == t].mean())]
                        for t in range(10) if (tenth == t).any()}}


def days_figures(command: str, model: Path, tensors: integer.Tensors, source: Source) -> dict:
    """Figures of the unseen people's days through the runtime, whose first results are held to integer.py."""
    days = {person: day(source, person) for person in TEST_SUBJECTS}
    results = {person: engine_results(command, model, raw, NAMES) for person, (raw, _) in days.items()}
    first = TEST_SUBJECTS[0]
    expected = integer.results(tensors, days[first][0][None, :CHECKED_TICKS], RESULTS.ticks, RESULTS.evidence_decay)[0][0]
    differ = (results[first][: len(expected)] != expected).any(1).sum()
    print(f"{model.name}: {differ} of {len(expected)} results differ from integer.py", flush=True)
    activities = {person: activity for person, (_, activity) in days.items()}
    return {kind: played(results, activities, groups) for kind, groups in (("days", {}), ("days, grouped", GROUPS))}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    data.add_options(parser)
    parser.add_argument("--work", type=Path, default=Path("build/training"), help="where results go (default %(default)s)")
    parser.add_argument("--command", default=".build/release/snnrt", help="default %(default)s")
    parser.add_argument("--protocols", nargs="+", choices=("P1", "P2"), default=("P1", "P2"), help="default both")
    parser.add_argument("--seed", type=int, default=1, help="default %(default)s")
    options = parser.parse_args()
    torch.set_num_threads(1)
    options.work.mkdir(parents=True, exist_ok=True)
    source = Source(options.data, options.download)
    windows = gather(source, cut, classes=ACTIVITIES)
    for protocol in options.protocols:
        if protocol == "P1":
            training, _, test = split_at_random(windows, np.ones(len(windows), bool))
            shape = lmu.Shape(spiking=False, classes=len(NAMES))
        else:
            training = gather(source, lambda time, samples: cut(time, samples, SEQUENCE_HOP, SEQUENCE), TRAINING_SUBJECTS, ACTIVITIES)
            test = windows.take(np.isin(windows.subject, TEST_SUBJECTS))
            shape = lmu.Shape(spiking=False, classes=len(NAMES), ticks=SEQUENCE, parts=SEQUENCE // WINDOW_LENGTH)
        trainer, network = trained(shape, training, options.seed, protocol)
        torch.save(network.state_dict(), options.work / f"wisdm-stream-{protocol}.pt")
        short = copy.deepcopy(network)
        short.resize(WINDOW_LENGTH)
        found = classes(short, test.raw)
        metrics = {"parameters": network.parameter_count(), "float": {"windows": figures(test, found, NAMES)}}
        for bits in BITS:
            tensors = grid_tensors(on_grid(trainer, network, bits))
            stem = options.work / f"wisdm-stream-w{bits}-{protocol}"
            np.savez(stem.with_suffix(".npz"), **tensors)
            stem.with_suffix(".snn").write_bytes(export.model_file(tensors, "wisdm-stream", training.raw[:1], training.raw, RESULTS))
            found, shares = integer.classify(tensors, test.raw)
            metrics[f"w{bits}"] = {"windows": figures(test, found, NAMES) | shares}
            if protocol == "P2":
                metrics[f"w{bits}"] |= days_figures(options.command, stem.with_suffix(".snn"), tensors, source)
        for width, own in metrics.items():
            if width != "parameters":
                print(protocol, width, {kind: {k: v for k, v in m.items() if isinstance(v, (int, float))}
                                        for kind, m in own.items()}, flush=True)
        (options.work / f"wisdm-stream-{protocol}-metrics.json").write_text(json.dumps(metrics, indent=1))


if __name__ == "__main__":
    main()
