"""Seeded random programs with golden traces, and traces of given models.

    python3 generate.py --out DIR --programs 700 --seed 1 --ticks 48     NAME.snn .trace .json, coverage.json, golden.tsv
    python3 generate.py --check golden.tsv [--out DIR]                   the same set again, compared by CRC-32C
    python3 generate.py --model FILE.snn --frames FRAMES.npy --out DIR --name NAME [--results-only]

A trace is little-endian: magic b"SNNTRACE"; u32 version 1, frame count n, channels, slot count, state byte count
(full accounting), class count; u32 element count of each slot; n·channels i16 frames, padded to a multiple of 4;
then for each tick every slot's elements as i32, in order, as they stand after the tick; i32 1 when a result was
issued, else 0; i32 label; i32 scores (zeros without a result); the state block. NAME.results holds for each result
i32 label and i32 scores, and at the end the state block. NAME.json is the accounting after the last tick.
"""

import argparse
import json
import struct
import sys
import tempfile
from collections import Counter
from math import isqrt
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

import reader  # noqa: E402
from program_coverage import Coverage, fires_everywhere, is_layered  # noqa: E402
from interpreter import OPS, Network  # noqa: E402
from draw import FIELDS, Dice, Maker, draw_frames, toward_zero  # noqa: E402
from draw_chips import ChipsMaker  # noqa: E402
from draw_ops import OpsMaker  # noqa: E402
from draw_recurrence import RecurrenceMaker  # noqa: E402

FIRST_OPS = 400  # programs from here on use what format 1.2 added
FIRST_CHIPS = 560  # from here on what 1.3 did
FIRST_RECURRENCES = 656  # and from here on what 1.5 did
MAKERS = {FIRST_OPS: OpsMaker, FIRST_CHIPS: ChipsMaker, FIRST_RECURRENCES: RecurrenceMaker}
CALIBRATION_TICKS = 24
TARGET_RATES = (2, 4, 8, 12, 18, 25, 35, 45, 55)  # percent


# --- Calibration: fraction bits for a lively current, thresholds for the wanted firing rate, and the proof ---


class Alone:
    """As much of a Network as one spiking population needs, to run it on recorded currents."""

    tally, full_accounting = None, False

    def __init__(self, model, op):
        self.model, self.values = model, [None] * len(model.slots)
        for i in op.outputs:
            self.values[i] = np.full(model.slots[i].count, model.slots[i].initial, np.int64)
        self.op = OPS[op.kind](self, op)
        self.op.events = self.spikes = 0

    def tick(self, current):
        self.values[self.op.source] = current
        self.op.tick()
        self.spikes += int(self.values[self.op.target].sum())

    def clamp(self, value, limit, _):
        return np.minimum(np.maximum(value, -limit), limit)


def calibrate(draft, frames, dice):
    """Sets fraction bits and thresholds of a draft, in program order, on the first frames."""
    data = provable(draft)
    model = reader.parse(data)
    for i, spec in enumerate(draft.ops):
        into_analog = (spec["make"] == "pool" and spec["function"] == "sum" and spec["target"] != spec["source"]
                       and draft.slots[spec["target"]]["make"] == "analog")
        if spec["make"] in ("loihi", "xylo"):
            choose_chip_threshold(model, model.ops[i], what_is_read(model, i, frames[:CALIBRATION_TICKS]), dice)
            take_fields(spec, model.ops[i].parameters, ("threshold", "bias"))
            continue
        if spec["make"] not in ("lif", "memory", "activation", "recurrence") and not into_analog:
            continue
        op, network = model.ops[i], Network(model)
        currents = []
        for frame in frames[:CALIBRATION_TICKS]:
            network.tick(frame)
            currents.append(network.values[op.inputs[0]])
        if into_analog:
            choose_pool_scale(model, op, currents, dice)
            spec |= {"multiplier": op.parameters.multiplier, "shift": op.parameters.shift}
            continue
        if op.kind == reader.Kind.ACTIVATION:
            choose_scale(model, op, currents, dice)
            take_fields(spec, op.parameters, ("multiplier", "bias", "shift"))
            continue
        choose_fraction_bits(model, op, currents, dice)
        spec["fraction_bits"] = op.parameters.fraction_bits
        if "threshold" in spec:
            choose_threshold(model, op, currents, dice, draft.is_lively)
            take_fields(spec, op.parameters, [field for field in ("threshold", "bias", "threshold_decay", "threshold_step")
                                              if field in spec])


def take_fields(spec, parameters, fields):
    for field in fields:
        value = getattr(parameters, field)
        spec[field] = value if np.ndim(value) else int(value)


def what_is_read(model, i, frames):
    """What op i finds in its source at each of the frames (of a synaptic slot before it decays)."""
    network, found = Network(model), []
    op = network.ops[i]

    def tick(original=op.tick):
        found.append(network.values[op.source].copy())
        original()
    op.tick = tick
    for frame in frames:
        network.tick(frame)
    return found


def typical_magnitude(values):
    """What nine of ten are at most."""
    magnitudes = np.sort(np.abs(np.stack(values)).ravel())
    return int(magnitudes[len(magnitudes) * 9 // 10])


def choose_pool_scale(model, op, sources, dice):
    """A shift that brings large sums to about the slot's limit; the multiplier stays unless they are smaller."""
    parameters, bits = op.parameters, model.slots[op.outputs[0]].bits
    area = parameters.rows.kernel * parameters.columns.kernel
    size = (typical_magnitude(sources) * area * abs(parameters.multiplier)).bit_length()
    wanted = bits - 1 + dice.between(-1, 1)
    if size < wanted:
        parameters.multiplier = max(-32768, min(32767, (parameters.multiplier or 1) * 2 ** (wanted - size)))
    parameters.shift = max(0, min(47, size - wanted))


def choose_scale(model, op, currents, dice):
    """Of an activation: multiplier and shift that bring large currents to the bounds of clip, or to the bend of tanh and
    sigmoid; biases in the proportion drawn, as far as the proof allows."""
    parameters, slot = op.parameters, model.slots[op.outputs[0]]
    typical = max(1, typical_magnitude(currents))
    parameters.bias = parameters.bias * typical >> 8
    try:
        reader.prove(model.slots, model.ops)
    except reader.Refused:
        parameters.bias = parameters.bias * 0
    wanted = (slot.limit if parameters.function == 1 else 2**12) * dice.pick((1, 2, 3, 6, 40)) // 2
    bits = dice.pick((0, 1, 7, 14, 20, 21))
    parameters.shift = max(0, min(47, typical.bit_length() + bits - wanted.bit_length()))
    factor = max(1, min(2**21, (wanted << parameters.shift) // typical)) * dice.pick((1, 1, 1, -1))
    parameters.multiplier = np.maximum(np.minimum(parameters.multiplier * factor >> 8, 2**31 - 1), -(2**31))


def choose_fraction_bits(model, op, currents, dice):
    """Brings a large current of the recording to a few bits below the state's limit, as far as the proof allows."""
    width = op.parameters.width if op.kind == reader.Kind.LIF else model.slots[op.outputs[0]].bits
    if op.kind == reader.Kind.RECURRENCE:
        width = max(8, op.parameters.limit.bit_length() + 1)
    typical = typical_magnitude(currents)
    wanted = width if dice.chance(10) else dice.between(width * 9 // 16, width - 2)
    bits = max(0, min(15, wanted - typical.bit_length()))
    while True:
        op.parameters.fraction_bits = bits
        try:
            return reader.prove(model.slots, model.ops)
        except reader.Refused:
            bits -= 1


def choose_threshold(model, op, currents, dice, is_lively):
    """Thresholds and their steps: by bisection those for which the population alone comes closest to a wanted firing rate,
    or, for some with graded spikes, to a wanted mean spike.

    A population that nothing drives above 0 is given a positive bias.
    """
    parameters, count = op.parameters, model.slots[op.inputs[0]].count
    limit, greatest = parameters.limit, model.slots[op.outputs[0]].limit
    length = parameters.period or count
    profile = dice.array(length, 160, 400) if parameters.flags & FIELDS["threshold"] else np.int64(256)
    by_mean = greatest > 1 and dice.chance(50)
    percent = dice.pick(TARGET_RATES[2:] if parameters.is_adaptive or is_lively else TARGET_RATES)
    wanted = max(1, percent // (parameters.refractory + 1)) * count * len(currents) * (greatest if by_mean else 1)
    step_profile = np.int64(0)
    if parameters.is_adaptive:
        step = dice.pick((8, 32, 64, 128, 256, 600))
        step_profile = dice.array(length, step // 2, 2 * step) if parameters.flags & FIELDS["threshold_step"] else np.int64(step)
        step_corner = dice.pick((0, limit)) if dice.chance(12) else None
        if step_corner == limit and not np.ndim(parameters.threshold_decay):  # so that a neuron can fire again
            parameters.threshold_decay = np.int64(dice.pick((1000, 9000, 16384)))

    def set_level(level):
        parameters.threshold = np.minimum(profile * level >> 8, limit)
        if parameters.is_adaptive:
            steps = np.minimum(step_profile * level >> 8, limit)
            parameters.threshold_step = steps if step_corner is None else np.full_like(steps, step_corner)

    def bisect():
        return found_level(model, op, currents, limit, set_level, wanted, by_mean)

    corner = dice.pick((0, limit)) if not is_lively and dice.chance(8) else None
    distance, level = (0, corner) if corner is not None else bisect()
    if distance >= wanted:
        bias = parameters.bias
        parameters.bias = np.abs(bias) + (limit >> dice.between(3, 8))
        try:
            reader.prove(model.slots, model.ops)
            level = bisect()[1]
        except reader.Refused:
            parameters.bias = bias
    set_level(level)


def found_level(model, op, currents, limit, set_level, wanted, by_mean):
    """(distance from what is wanted, level) of the best level up to `limit`: by bisection with the population alone.

    wanted: 100 times the neurons that fire, or, by mean, 100 times their spikes.
    """
    low, high, best = 0, limit, (2 * wanted + 1, limit)
    for _ in range(11):
        level = (low + high) // 2 if high - low < 64 else isqrt((low + 1) * high)
        set_level(level)
        alone = Alone(model, op)
        for current in currents:
            alone.tick(current)
        spikes = 100 * (alone.spikes if by_mean else alone.op.events)
        best = min(best, (abs(spikes - wanted) if spikes else 2 * wanted, level))
        low, high = (level, high) if spikes > wanted else (low, level)
    return best


def choose_chip_threshold(model, op, currents, dice):
    """As choose_threshold, for Loihi's and Xylo's neurons."""
    parameters, slot = op.parameters, model.slots[op.outputs[0]]
    limit, greatest = 2**23 - 1 if op.kind == reader.Kind.LOIHI else 32767, slot.limit
    profile = dice.array(np.size(parameters.threshold), 160, 400) if np.ndim(parameters.threshold) else np.int64(256)
    by_mean = greatest > 1 and dice.chance(50)
    wanted = dice.pick(TARGET_RATES[2:]) * slot.count * len(currents) * (greatest if by_mean else 1)

    def set_level(level):
        parameters.threshold = np.minimum(profile * level >> 8, limit)

    def bisect():
        return found_level(model, op, currents, limit, set_level, wanted, by_mean)

    distance, level = (0, dice.pick((0, limit))) if dice.chance(10) else bisect()
    if distance >= wanted:
        parameters.bias = np.minimum(np.abs(parameters.bias) + (limit >> dice.between(3, 8)), limit)
        level = bisect()[1]
    set_level(level)


def provable(draft):
    """The draft's file, after shrinking what the proof of section 9.12 refuses."""
    while True:
        data = draft.build()
        try:
            reader.parse(data)
            return data
        except reader.Refused as refused:
            if refused.status != reader.Status.MAY_OVERFLOW:
                raise
            sections = dict((kind, (offset, length)) for kind, _, offset, length in
                            struct.iter_unpack("<HHII", data[32:32 + 12 * struct.unpack_from("<H", data, 24)[0]]))
            shrink(draft, draft.ops[(refused.offset - sections[4][0]) // 20])


def shrink(draft, reading):
    """Halves what can be halved of what goes into the current slot of the op `reading`."""
    shrunk = False
    current = reading["current"] if "current" in reading else reading["source"]
    for op in draft.ops:
        if op.get("target") == current:
            shrunk = True
            if op["make"] == "pool":
                if op["function"] == "sum" and op["shift"] < 47:
                    op["shift"] += 1
                elif draft.slots[op["source"]]["make"] == "current":
                    shrink(draft, op)
                else:
                    shrunk = False
            elif op["join"] == "left" and op["shift"]:
                op["shift"] -= 1
            elif op["join"] == "right" and op["shift"] < 30 or op["join"] == "multiplier" and op["shift"] < 47:
                op["shift"] += 1
            elif op["make"] == "sparse" and op["encoding"].startswith("int"):
                op["synapses"] = np.column_stack((op["synapses"][:, :3], toward_zero(op["synapses"][:, 3], 1)))
            elif op["encoding"].startswith("int"):
                op["weights"] = toward_zero(op["weights"], 1)
            elif "multipliers" in op:
                op["multipliers"] = toward_zero(op["multipliers"], 1)
            else:
                shrunk = False
    if not shrunk and reading["make"] == "loihi":
        reading["exponent"] -= 1
    elif not shrunk and "bias" in reading:
        reading["bias"] = toward_zero(reading["bias"], 1)


# --- Traces ---


def trace(model, frames, tally):
    """Trace bytes and network after the last frame."""
    network = Network(model, full_accounting=True, tally=tally)
    counts = [slot.count for slot in model.slots]
    block_size = len(network.state_block())
    frame_bytes = frames.astype("<i2").tobytes()
    parts = [b"SNNTRACE", struct.pack(f"<{6 + len(counts)}I", 1, len(frames), frames.shape[1], len(counts), block_size,
                                      len(model.classes), *counts), frame_bytes, bytes(-len(frame_bytes) % 4)]
    for frame in frames:
        result = network.tick(frame)
        label, scores = result or (0, [0] * len(model.classes))
        parts.append(np.concatenate(network.slot_values()).astype("<i4").tobytes())
        parts.append(struct.pack(f"<{2 + len(scores)}i", result is not None, label, *scores))
        parts.append(network.state_block())
    return b"".join(parts), network


def results_only(model, frames):
    network = Network(model, full_accounting=True)
    parts = []
    for frame in frames:
        result = network.tick(frame)
        if result:
            parts.append(struct.pack(f"<{1 + len(result[1])}i", result[0], *result[1]))
    return b"".join(parts) + network.state_block(), network


def write_accounting(path, network):
    path.write_text(json.dumps(network.accounting(), indent=1) + "\n")


# --- Commands ---


def add_extras(draft, index, frames, dice):
    """Optional sections in some programs: self-test, metadata, sections of a later format, another order."""
    if index % 6 == 3:
        frames = frames[:17]
        network = Network(reader.parse(draft.build()))
        for frame in frames:
            network.tick(frame)
        draft.self_test = frames, network.checksum
    if index % 8 == 5:
        draft.extras = [(10, 0, "licence: CC0-1.0\nsource: générate.py".encode()),
                        (dice.pick((11, 999, 65535)), 0, bytes(dice.array(dice.between(0, 9), 0, 255).tolist()))]


def frames_for(draft, ticks, dice):
    """Frames for a draft, which is calibrated on them."""
    channels = next(slot["count"] for slot in draft.slots if slot["make"] == "stream")
    frames = draw_frames(dice, ticks, channels)
    calibrate(draft, frames, dice)
    return frames


def lively(maker, i, ticks):
    """Draft, shape and frames of a later program; of a network of layers the first drawn in which every population fires."""
    while True:
        draft, shape = maker.program("", i)
        draft.name = f"{i:03d}-{shape.replace(' program', '').replace(' ', '-')}"
        frames = frames_for(draft, ticks, maker.dice)
        if not is_layered(shape):
            return draft, shape, frames
        network = Network(reader.parse(draft.build()))
        for frame in frames:
            network.tick(frame)
        if fires_everywhere(network):
            return draft, shape, frames


def make_set(out, programs, seed, ticks):
    """Writes the set; returns its coverage and the lines of golden.tsv."""
    out.mkdir(parents=True, exist_ok=True)
    dice = Dice(seed)
    maker, coverage = Maker(dice), Coverage()
    makers = {first: make(Dice(seed + 2**(20 + i))) for i, (first, make) in enumerate(MAKERS.items())}
    golden = [f"# generate.py --programs {programs} --seed {seed} --ticks {ticks}"]
    for i in range(programs):
        if i >= FIRST_OPS:
            maker = makers[max(first for first in MAKERS if first <= i)]
            dice = maker.dice
            draft, shape, frames = lively(maker, i, ticks)
            name = draft.name
        elif i % 16 == 8:
            shape, name = "L2MU", f"{i:03d}-l2mu"
            draft = maker.l2mu(name)
        else:
            shape, name = "", f"{i:03d}-random"
            draft = maker.random_program(name, is_1_0=i % 16 == 4)
        if i < FIRST_OPS:
            frames = frames_for(draft, ticks, dice)
        add_extras(draft, i, frames, dice)
        data = draft.build()
        model, tally = reader.parse(data), Counter()
        content, network = trace(model, frames, tally)
        if i >= FIRST_OPS:
            maker.take_back(draft, network)
        (out / f"{name}.snn").write_bytes(data)
        (out / f"{name}.trace").write_bytes(content)
        write_accounting(out / f"{name}.json", network)
        coverage.add(model, network, frames, tally, shape)
        golden.append(f"{name}\t{reader.crc32c(data[:-4]):08x}\t{reader.crc32c(content):08x}")
    (out / "golden.tsv").write_text("\n".join(golden) + "\n")
    (out / "coverage.json").write_text(json.dumps(coverage.summary(), indent=1, ensure_ascii=False) + "\n")
    return coverage, golden


def check_set(path, out):
    """The number of lines in which the set made anew differs from the list at `path`."""
    expected = path.read_text().splitlines()
    words = expected[0].split()
    programs, seed, ticks = (int(words[words.index(option) + 1]) for option in ("--programs", "--seed", "--ticks"))
    _, golden = make_set(out, programs, seed, ticks)
    different = sorted(set(expected) ^ set(golden))
    for line in different:
        print("only in", "the list:" if line in set(expected) else "the new set:", line)
    return len(different)


def trace_given(options):
    model = reader.parse(Path(options.model).read_bytes())
    frames = np.load(options.frames)
    if frames.ndim != 2 or frames.dtype != np.int16:
        raise ValueError(f"{options.frames}: not int16 of shape (ticks, channels)")
    options.out.mkdir(parents=True, exist_ok=True)
    content, network = results_only(model, frames) if options.results_only else trace(model, frames, None)
    (options.out / f"{options.name}.{'results' if options.results_only else 'trace'}").write_bytes(content)
    write_accounting(options.out / f"{options.name}.json", network)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    parser.add_argument("--programs", type=int, default=700)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--ticks", type=int, default=48)
    parser.add_argument("--check", type=Path, metavar="GOLDEN.TSV")
    parser.add_argument("--model", metavar="FILE.snn")
    parser.add_argument("--frames", metavar="FRAMES.npy")
    parser.add_argument("--name", default="given")
    parser.add_argument("--results-only", action="store_true")
    options = parser.parse_args()
    if options.check:
        with tempfile.TemporaryDirectory() as folder:
            different = check_set(options.check, options.out or Path(folder))
        print(f"{different} lines differ")
        return 1 if different else 0
    if options.out is None:
        parser.error("--out is needed")
    if options.model:
        trace_given(options)
        return 0
    coverage, _ = make_set(options.out, options.programs, options.seed, options.ticks)
    print(coverage.table())
    return 1 if coverage.missing() else 0


if __name__ == "__main__":
    sys.exit(main())
