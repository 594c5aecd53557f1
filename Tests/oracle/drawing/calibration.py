"""Calibration of a draft: fraction bits for a lively current, thresholds for the wanted firing rate, and the proof."""

import numpy as np

import reader
from drawing.provable import provable
from drawing.thresholds import choose_chip_threshold, choose_threshold
from drawing.values import draw_frames
from interpreter import Network

CALIBRATION_TICKS = 24


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


def frames_for(draft, ticks, dice):
    """Frames for a draft, which is calibrated on them."""
    channels = next(slot["count"] for slot in draft.slots if slot["make"] == "stream")
    frames = draw_frames(dice, ticks, channels)
    calibrate(draft, frames, dice)
    return frames


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
