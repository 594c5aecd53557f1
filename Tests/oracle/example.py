"""The example of format.md, "A whole file in hex": a whole model small enough to be read in hex.

    python3 example.py --out FILE.snn       writes the model
    python3 example.py --hex FILE.md        writes its annotated hex dump, a Markdown table
    python3 example.py --trace FILE.md      what stands in its slots and states, tick by tick
    python3 example.py --state FILE.md      the annotated hex dump of its saved state after three ticks

Two channels → three LIF neurons → two LI neurons, of which the greater at the end of two ticks is the label.
"""

import argparse
import struct
import sys
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

import reader  # noqa: E402
from interpreter import Network  # noqa: E402
from snnrt.file import ModelWriter  # noqa: E402

FRAMES = np.array([[400, 0], [400, -100], [0, 400], [-100, 400]])
SECTIONS = ("", "streams", "channels", "slots", "ops", "parameters", "data", "outputs", "names", "self-test", "metadata")
SLOT_TYPES = ("", "samples", "current", "spikes", "analog")
KINDS = ("", "input", "dense", "block", "lif", "memory", "readout")


def example(checksum=None) -> bytes:
    """The model; its self-test's checksum comes from the interpreter unless given."""
    model = ModelWriter()
    samples = model.stream("tilt", (50, 1), [("x", "g", (1, 1000)), ("y", "g", (1, 1000))])
    values = model.analog(2, bits=8)
    hidden_current, hidden = model.current(3), model.spikes(3)
    class_current, classes = model.current(2), model.analog(2, bits=16, persistent=True)
    model.input(samples, values, offsets=[0, 0], multipliers=[64, 64], shift=8)
    model.dense(values, hidden_current, np.array([[3, -1], [-1, 3], [2, 2]]), "int4")
    model.lif(hidden_current, hidden, threshold=200, decay=29491, reset="subtract")
    model.dense(hidden, class_current, np.array([[1, -1, 0], [-1, 1, 0]]), "ternary")
    model.lif(class_current, classes, model="LI", decay=16384, fraction_bits=8)
    model.output("side", model.readout(classes, window=2, integration="last"), ["left", "right"])
    if checksum is None:
        network = Network(reader.parse(model.build()))
        for frame in FRAMES:
            network.tick(frame)
        checksum = network.checksum
    model.self_test(FRAMES, checksum)
    return model.build()


def annotated_hex(data: bytes | None = None) -> str:
    """Markdown table: offset, bytes and meaning of every field or record of the example, without gaps."""
    data = data or example()
    return table(data, rows(data))


def table(data, rows):
    """Markdown table: offset, bytes and meaning of all of `data`, from (byte count, meaning) of each row."""
    lines = ["| offset | bytes | meaning |", "|---|---|---|"]
    position = 0
    for length, meaning in rows:
        content = data[position:position + length].hex(" ").upper()
        lines.append(f"| {position} | `{content}` | {meaning} |")
        position += length
    assert position == len(data)
    return "\n".join(lines) + "\n"


def signed(values):
    return ", ".join(map(str, values)).replace("-", "−")


def worked_trace() -> str:
    """Markdown table: what stands in slots and states after each tick of the example's frames."""
    network = Network(reader.parse(example()))
    lines = ["| tick | samples | input (slot 1) | current (slot 2) | U of op 2 | spikes (slot 3) | current (slot 4) "
             "| LI (slot 5) | result |", "|---|---|---|---|---|---|---|---|---|"]
    for tick, frame in enumerate(FRAMES):
        result = network.tick(frame)
        slots = [signed(values.tolist()) for values in network.slot_values()]
        slots.insert(3, signed(network.ops[2].membrane.tolist()))
        told = f"label {result[0]}, scores {signed(result[1])}; checksum 0x{network.checksum:08X}" if result else ""
        lines.append(f"| {tick} | {' | '.join(slots)} | {told} |")
    return "\n".join(lines) + "\n"


def annotated_state() -> str:
    """Markdown table: offset, bytes and meaning of everything in the example's saved state after three ticks."""
    data = example()
    network = Network(reader.parse(data))
    for frame in FRAMES[:3]:
        network.tick(frame)
    trailer, = struct.unpack("<I", data[-4:])
    saved = network.saved_state(trailer)
    block, crc = len(saved) - 20, struct.unpack("<I", saved[-4:])[0]
    lif, readout, level = network.ops[2], network.readout, network.slot_values()[5].tolist()
    rows = [(4, "magic"), (2, "version 1 of this layout"), (1, "basic accounting"), (1, "version 1 of the accounting"),
            (4, f"the model's trailer, 0x{trailer:08X}"), (4, f"state block of {block} bytes"),
            (4, f"part 1: hop position {network.position}"), (4, f"part 1: {readout.entry_count} entries (n = 1)"),
            (4, f"part 2: slot 5, analog of 16 bits: {signed(level)}"),
            (8, f"part 3: op 2, U: {signed(lif.membrane.tolist())}; padding to a multiple of 4"),
            (8, f"part 3: op 5, scores: {signed(readout.scores.tolist())}"),
            (4, "part 4: padding to a multiple of 8"), (8, f"part 4: {network.ticks} ticks"),
            (8, f"part 4: {network.results} result"),
            (4, f"part 4: output checksum 0x{network.checksum:08X}"), (4, "part 4: 0")]
    rows += [(8, f"part 4: op {i}, {KINDS[op.op.kind]}: {op.events} events") for i, op in enumerate(network.ops)]
    return table(saved, rows + [(4, f"CRC-32C 0x{crc:08X} of all before it")])


def rows(data):
    """(byte count, meaning) of everything in the file, in order."""
    count = struct.unpack_from("<H", data, 24)[0]
    yield 8, "magic"
    yield 4, "format 1.6"
    yield 4, f"file length {len(data)}"
    yield 6, "arithmetic `snn-tz`"
    yield 2, "version 1 of it"
    yield 2, f"{count} sections"
    yield 6, "reserved"
    table = list(struct.iter_unpack("<HHII", data[32:32 + 12 * count]))
    for kind, flags, offset, length in table:
        yield 12, f"section {kind}, {SECTIONS[kind]}: {'critical' if flags else 'not critical'}, {length} bytes at {offset}"
    for kind, _, offset, length in table:
        part = data[offset:offset + length]
        describe = {1: streams, 2: channels, 3: slots, 4: ops, 5: parameters, 6: tensors, 7: outputs, 8: names,
                    9: self_test}[kind]
        described = 0
        for size, meaning in describe(part, data):
            described += size
            yield size, f"{SECTIONS[kind]}: {meaning}"
        assert described == length, SECTIONS[kind]
        if -length % 4:
            yield -length % 4, "padding"
    yield 4, f"trailer: CRC-32C 0x{struct.unpack('<I', data[-4:])[0]:08X} of all before it"


def section(data, wanted):
    count = struct.unpack_from("<H", data, 24)[0]
    return next(data[offset:offset + length] for kind, _, offset, length in
                struct.iter_unpack("<HHII", data[32:32 + 12 * count]) if kind == wanted)


def name(data, reference):
    strings = section(data, 8)
    return strings[reference:strings.index(0, reference)].decode()


def streams(part, data):
    label, count, numerator, denominator, slot, _ = struct.unpack("<HHIIHH", part)
    yield 16, f"“{name(data, label)}” (name {label}), {count} channels, {numerator}/{denominator} Hz, into slot {slot}"


def channels(part, data):
    for label, unit, numerator, denominator in struct.iter_unpack("<HHII", part):
        yield 12, (f"“{name(data, label)}” (name {label}), unit “{name(data, unit)}” (name {unit}), "
                   f"one count is {numerator}/{denominator}")


def slots(part, _):
    for i, (kind, bits, lifetime, _, _, initial, count) in enumerate(struct.iter_unpack("<BBBBHhI", part)):
        life = f"persistent, initially {initial}" if lifetime else "transient"
        yield 12, f"slot {i}: {SLOT_TYPES[kind]}, {bits} bits, {life}, {count} elements"


def ops(part, _):
    for i, (kind, _, _, _, source, _, _, _, target, _, block) in enumerate(struct.iter_unpack("<BBHHHHHHHHH", part)):
        route = f"slot {source}" + ("" if target == 65535 else f" → slot {target}")
        yield 20, f"op {i}: {KINDS[kind]}, {route}, parameters at {4 * block} of their section"


def parameters(part, data):
    """Valid for an example whose ops share no blocks and stand in the order of their blocks."""
    for i, record in enumerate(struct.iter_unpack("<BBHHHHHHHHH", section(data, 4))):
        block = part[4 * record[10]:]
        if record[0] == 1:
            shift, table = struct.unpack_from("<B3xI", block)
            yield 8, f"op {i}: shift {shift}, offsets and multipliers at {table} of data"
        elif record[0] == 2:
            encoding, join, shift, source_shift, groups, weights, multipliers = struct.unpack_from("<BBBBIII", block)
            assert (join, shift, source_shift, groups, multipliers) == (0, 0, 0, 1, 0)
            encoding = ("", "binary", "ternary", "int4", "int8", "int16")[encoding]
            yield 16, f"op {i}: {encoding} weights at {weights} of data, join add, one group, no multipliers"
        elif record[0] == 4:
            words = struct.unpack_from("<BBBBBBHIIIiIII", block)
            model, reset, _, width, bits, flags, _, decay, _, threshold, bias, *rest = words
            assert flags == 0 and not any(rest)
            model, reset = ("", "LIF", "CuBa-LIF", "LI")[model], ("none", "subtract", "to zero")[reset]
            yield 36, (f"op {i}: {model}, reset {reset}, {width}-bit state, f = {bits}, no array, β = {decay}, "
                       f"α = 0, θ = {threshold}, b = {bias}, ρ = κ = 0, no period")
        else:
            integration, at_end, shift, _, window, hop, _, _ = struct.unpack_from("<BBBBIIHH", block)
            integration = ("", "sum", "last value", "leaky sum")[integration]
            yield 16, (f"op {i}: {integration}, {('keep', 'reset')[at_end]} the state at a window's end, shift {shift}, "
                       f"window {window}, hop {hop}")


def tensors(part, _):
    yield 8, "input: {offset 0, multiplier 64} for x, then for y"
    yield 4, "int4 runs of 3 weights, 2 bytes each: 3, −1, 2, padding 0; −1, 3, 2, padding 0"
    yield 3, "ternary runs of 2 weights, 1 byte each: 1, −1; −1, 1; 0, 0"


def outputs(part, data):
    count, _, label, op, classes, _ = struct.unpack_from("<HHHHHH", part)
    yield 4, f"{count} output"
    yield 8, f"“{name(data, label)}” (name {label}), readout op {op}, {classes} classes"
    for reference, in struct.iter_unpack("<H", part[12:]):
        yield 2, f"class “{name(data, reference)}” (name {reference})"


def names(part, _):
    yield 1, "the empty string, name 0"
    position = 1
    for string in part[1:-1].split(b"\0"):
        yield len(string) + 1, f"name {position}: “{string.decode()}”"
        position += len(string) + 1


def self_test(part, _):
    count, checksum = struct.unpack_from("<II", part)
    yield 8, f"{count} frames must give results with the checksum 0x{checksum:08X}"
    for frame in struct.iter_unpack("<hh", part[8:]):
        yield 4, f"frame {frame[0]}, {frame[1]}".replace("-", "−")


TABLES = {"hex": annotated_hex, "trace": worked_trace, "state": annotated_state}


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--out", type=Path)
    for name in TABLES:
        parser.add_argument(f"--{name}", type=Path)
    options = parser.parse_args()
    if options.out:
        options.out.write_bytes(example())
    for name, make in TABLES.items():
        if getattr(options, name):
            getattr(options, name).write_text(make())


if __name__ == "__main__":
    main()
