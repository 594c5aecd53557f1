#!/usr/bin/env python3
"""Float checkpoint -> integer tensors with 8-bit weights, and the scores of both.

    python quantize.py checkpoint.npz --data DIR_OR_TAR --out integer.npz
    python quantize.py checkpoint.npz --data DIR_OR_TAR --final --metrics metrics.json

Keys, shapes and formats of the result are listed in integer.py. Each destination neuron has its own
weight grid: one step of row r is max|w| / 127 over all matrices that enter r, and the bias and the
threshold of r are written in that step too. Fraction bits and the shift of the input population are
chosen on training windows so that membranes saturate in at most 1 of 10,000 neuron-ticks.
"""

from __future__ import annotations

import argparse
import json
import sys
from pathlib import Path

import numpy as np
import torch

import integer

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))
from training.data import Source, Windows, load_windows, split_windows  # noqa: E402
from training.samples import INPUT_GAIN, INPUT_LIMIT, scale_input  # noqa: E402
from training.score import figures  # noqa: E402
from network import Network  # noqa: E402

INPUT_BITS = 12  # y in ±2047, that is 256 steps per unit of network input
INPUT_SHIFT = 17  # the largest with which the multipliers fit int16, as the model file wants them
SATURATION_ALLOWED = 1e-4
FRACTION_MAXIMUM = 7
CALIBRATION_WINDOWS = 1000

Tensors = dict[str, np.ndarray]


def to_grid(*matrices: np.ndarray) -> tuple[np.ndarray, ...]:
    """The step of each row [rows] and the matrices of one row group as int8 on that grid."""
    step = np.maximum(np.max([np.abs(m).max(1) for m in matrices], axis=0), 1e-9) / 127
    return step, *(np.rint(m / step[:, None]).astype(np.int8) for m in matrices)


def integer_tensors(checkpoint: Tensors, fraction: dict[str, int], shift_in: int) -> Tensors:
    """The integer network for given fraction bits per population and input-population shift."""
    c = checkpoint
    steps_per_unit = (2 ** (INPUT_BITS - 1)) / INPUT_LIMIT
    gain = np.array(INPUT_GAIN) / 1000 * steps_per_unit
    out: Tensors = {
        "input_offset": np.zeros(6, np.int32),
        "input_multiplier": np.rint(gain * 2**INPUT_SHIFT).astype(np.int32),
        "input_shift": np.int32(INPUT_SHIFT),
        "input_bits": np.int32(INPUT_BITS),
        "shift_in": np.int32(shift_in),
    }
    step = {}
    step["in"], out["w_in"] = to_grid(c["w_in"])
    step["u"], out["e_x"], out["e_h"], out["e_m"] = to_grid(c["e_x"], c["e_h"], c["e_m"])
    step_m, out["a_hat"], out["b_hat"] = to_grid(c["a_hat"], c["b_hat"][:, None])
    step["h"], out["w_x"], out["w_h"], out["w_m"] = to_grid(c["w_x"], c["w_h"], c["w_m"])
    step["o"], out["w_o"] = to_grid(c["w_o"])
    units = len(c["bias_u"])
    step["m"] = np.tile(step_m, units)
    # Membrane units of the input population: its source is y, 256 steps per unit, then shifted.
    step["in"] = step["in"] / steps_per_unit * 2**shift_in
    theta = {name: np.ones(len(c[f"bias_{name}"])) for name in integer.POPULATIONS}
    theta["m"] = np.tile(c["theta_m"], units)
    for name in integer.POPULATIONS:
        unit = step[name] / 2 ** fraction[name]
        out[f"fraction_{name}"] = np.int32(fraction[name])
        out[f"bias_{name}"] = np.rint(c[f"bias_{name}"] / unit).astype(np.int32)
        out[f"theta_{name}"] = np.rint(theta[name] / unit).astype(np.int32)
        out[f"beta_{name}"] = np.clip(np.rint(c[f"beta_{name}"] * 32768), 0, 32768).astype(np.int32)
    return out


def quantize(checkpoint: Tensors, calibration: Windows) -> Tensors:
    """Integer tensors of a checkpoint. For each population the most fraction bits (the least shift
    of the input population) that keep saturation on the calibration windows rare."""
    fraction = dict.fromkeys(integer.POPULATIONS, FRACTION_MAXIMUM)
    fraction["in"], shift_in = 0, 0
    while True:
        tensors = integer_tensors(checkpoint, fraction, shift_in)
        _, _, saturated = integer.classify(tensors, calibration.raw)
        bad = [name for name in integer.POPULATIONS
               if saturated[name] > SATURATION_ALLOWED
               or tensors[f"theta_{name}"].max() > integer.LIMIT // 4]
        if not bad:
            return tensors
        # One population at a time, in the order of the tick: a saturated one misleads the next.
        if bad[0] == "in":
            shift_in += 1
        elif fraction[bad[0]] == 0:
            raise ValueError(f"population {bad[0]} saturates even without fraction bits")
        else:
            fraction[bad[0]] -= 1


@torch.no_grad()
def float_classes(network: Network, raw: np.ndarray) -> tuple[np.ndarray, dict[str, float]]:
    """Classes int64 [N] in floating point and the mean spikes per neuron and tick."""
    classes, rates = [], []
    for at in range(0, len(raw), 512):
        spikes = network(scale_input(raw[at : at + 512]))
        classes.append(spikes["o"].sum(0).numpy().argmax(1))
        rates.append([s.mean().item() * s.shape[1] for s in spikes.values()])
    return np.concatenate(classes), dict(zip(spikes, (np.sum(rates, axis=0) / len(raw)).tolist()))


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("checkpoint", help="float checkpoint written by train.py")
    parser.add_argument("--data", metavar="DIR_OR_TAR", help="as in train.py")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download", help="as in train.py")
    parser.add_argument("--out", default="integer.npz",
                        help="integer tensors to write (default %(default)s)")
    parser.add_argument("--final", action="store_true",
                        help="also score the two test parts; for the chosen model, once")
    parser.add_argument("--metrics", help="JSON file for all figures")
    arguments = parser.parse_args()

    checkpoint = dict(np.load(arguments.checkpoint))
    split = split_windows(load_windows(Source(arguments.data, arguments.download)))
    chosen = np.linspace(0, len(split.train) - 1, CALIBRATION_WINDOWS).astype(int)
    tensors = quantize(checkpoint, split.train.take(chosen))
    np.savez(arguments.out, **tensors)
    for name in integer.POPULATIONS:
        theta = tensors[f"theta_{name}"]
        print(f"{name}: {len(theta)} neurons, fraction {tensors[f'fraction_{name}']}, "
              f"theta {theta.min()}..{theta.max()}")
    print(f"input population shift {tensors['shift_in']}, "
          f"multiplier {tensors['input_multiplier'].tolist()}")

    network = Network.from_checkpoint(checkpoint)
    parts = {"validation": split.validation}
    if arguments.final:
        parts |= {"random_test": split.random_test, "unseen_subjects": split.unseen}
    metrics: dict = {"parameters": network.parameter_count()}
    for part, windows in parts.items():
        classes, rates = float_classes(network, windows.raw)
        in_float = figures(windows, classes)
        integer_classes, integer_rates, saturated = integer.classify(tensors, windows.raw)
        in_integer = figures(windows, integer_classes)
        metrics[part] = {
            "windows": len(windows),
            "float": in_float | {"rates": rates},
            "integer": in_integer | {"rates": integer_rates, "saturated": saturated},
            "same_class": float((classes == integer_classes).mean()),
        }
        print(f"{part}: {len(windows)} windows, accuracy float {in_float['accuracy']:.4f} integer "
              f"{in_integer['accuracy']:.4f}, macro-F1 {in_float['macro_f1']:.4f} "
              f"{in_integer['macro_f1']:.4f}, same class {metrics[part]['same_class']:.4f}")
        print("  rates " + " ".join(f"{n} {r:.3f}" for n, r in integer_rates.items())
              + "  saturated " + " ".join(f"{n} {r:.1e}" for n, r in saturated.items()))
        if part == "unseen_subjects":
            print(f"  over subjects: {json.dumps(in_integer['subjects'])}")
    if arguments.metrics:
        with open(arguments.metrics, "w") as file:
            json.dump(metrics, file, indent=1)


if __name__ == "__main__":
    main()
