"""Seeded random programs with golden traces, and traces of given models.

    python3 generate.py --out DIR --programs 400 --seed 1 --ticks 48     NAME.snn .trace .json, coverage.json, golden.tsv
    python3 generate.py --check golden.tsv [--out DIR]                   the same set again, compared by CRC-32C
    python3 generate.py --model FILE.snn --frames FRAMES.npy --out DIR --name NAME [--results-only]

A trace is little-endian: magic b"SNNTRACE"; u32 version 1, frame count n, channels, slot count, state byte count
(full accounting), class count; u32 element count of each slot; n·channels i16 frames, padded to a multiple of 4;
then for each tick every slot's elements as i32, in order, as they stand after the tick; i32 1 when a result was
issued, else 0; i32 label; i32 scores (zeros without a result); the state block. NAME.results holds for each result
i32 label and i32 scores, and at the end the state block. NAME.json is the accounting after the last tick.

Everything random comes from `Dice` (getrandbits of a seeded Mersenne twister, integer arithmetic only), so that
the set depends neither on numpy's version nor on floating point.
"""

import argparse
import json
import random
import struct
import sys
import tempfile
from collections import Counter, namedtuple
from math import gcd, isqrt
from pathlib import Path

import numpy as np

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parents[1] / "models")]

import reader  # noqa: E402
from program_coverage import Coverage  # noqa: E402
from interpreter import LifOp, Network  # noqa: E402
from snnfile import COMPARISONS, ModelWriter, assemble  # noqa: E402

CALIBRATION_TICKS = 24
TARGET_RATES = (2, 4, 8, 12, 18, 25, 35, 45, 55)  # percent
FIELDS = {"decay": 1, "synaptic_decay": 2, "threshold": 4, "bias": 8, "threshold_decay": 16, "threshold_step": 32}  # flags
MODELS = {"LIF": 1 + 4 + 8, "CuBa-LIF": 15, "LI": 1 + 8, "CuBa-LI": 1 + 2 + 8, "ALIF": 63 - 2, "CuBa-ALIF": 63}  # their fields
SIZES = (1, 2, 3, 4, 5, 7, 8, 9, 11, 13, 15, 16, 17, 20, 24, 31, 32, 33, 40, 47, 63, 64, 65, 100, 127, 128, 129, 130)


# What `Maker.population` makes. Of a memory, `model` is the encoding and only width and flags count; `refracts` is
# whether there are refractory ticks.
Wish = namedtuple("Wish", "make model width flags reset comparison refracts", defaults=("none", ">", False))


class Dice:
    """Reproducible random integers."""

    def __init__(self, seed: int):
        self.source = random.Random(seed)

    def between(self, low, high):
        return low + self.source.getrandbits(64) % (high - low + 1)

    def chance(self, percent):
        return self.between(0, 99) < percent

    def pick(self, values):
        return values[self.between(0, len(values) - 1)]

    def shuffled(self, values):
        keys = [self.source.getrandbits(64) for _ in values]
        return [value for _, _, value in sorted(zip(keys, range(len(values)), values))]

    def array(self, shape, low, high):
        count = int(np.prod(shape))
        words = np.frombuffer(self.source.getrandbits(32 * count).to_bytes(4 * count, "little"), "<u4")
        return (words.astype(np.int64) % (high - low + 1) + low).reshape(shape)


class Wishes:
    """A shuffled list of combinations that is dealt out over and over, so that each comes up equally often."""

    def __init__(self, dice, combinations):
        self.dice, self.combinations, self.left = dice, list(combinations), []

    def next(self, fits=lambda combination: True):
        for _ in range(2):
            for i, combination in enumerate(self.left):
                if fits(combination):
                    return self.left.pop(i)
            self.left += self.dice.shuffled(self.combinations)
        raise ValueError("no combination fits")


class Draft:
    """A program in the making: slots and ops as the arguments of ModelWriter's methods, in file order."""

    def __init__(self, dice, name):
        self.dice, self.name, self.slots, self.ops, self.extras = dice, name, [], [], []
        self.unplaced_memories = []
        self.self_test = None

    def slot(self, make, count, **arguments):
        self.slots.append({"make": make, "count": count} | arguments)
        return len(self.slots) - 1

    def op(self, make, **arguments):
        self.ops.append({"make": make} | arguments)
        return self.ops[-1]

    def count(self, slot):
        return self.slots[slot]["count"]

    def source_kind(self, slot):
        """spikes, graded, analog (up to 16 bits) or wide (32 bits)."""
        slot = self.slots[slot]
        if slot["make"] == "spikes":
            return "spikes" if slot["bits"] == 1 else "graded"
        return "wide" if slot["bits"] == 32 else "analog"

    def sections(self):
        writer = ModelWriter()
        for slot in self.slots:
            arguments = {key: value for key, value in slot.items() if key not in ("make", "channels")}
            if slot["make"] == "stream":
                writer.stream(f"stream of {self.name}", (50, 1), slot["channels"])
            else:
                getattr(writer, slot["make"])(**arguments)
        for op in self.ops:
            index = getattr(writer, op["make"])(**{key: value for key, value in op.items() if key != "make"})
            if op["make"] == "readout":
                writer.output("label", index, [f"class {i}" for i in range(self.count(op["source"]))])
        if self.self_test:
            writer.self_test(*self.self_test)
        self.minor = writer.minor
        return writer.sections() + self.extras

    def build(self):
        sections = self.sections()
        if self.extras:  # the order of sections is free
            sections = sections[3:] + sections[:3]
        return assemble(sections, self.minor)


# --- Drawing a program ---


class Maker:
    """Draws programs; deals out the combinations that the set must cover."""

    def __init__(self, dice):
        self.dice = dice
        lifs = [wish for variant in variants() for wish in with_flags(dice, *variant) * (1 if variant[1] != "none" else 3)]
        memories = [Wish("memory", encoding, width, flags)
                    for encoding in ("int8", "int16") for width in (16, 32) for flags in (0, 1)]
        self.populations = Wishes(dice, lifs + 8 * memories)
        self.spike_bits = Wishes(dice, (1, 1, 1, *range(2, 9)))
        self.projections = {kind: Wishes(dice, [(encoding, join) for encoding in ("binary", "ternary", "int4", "int8", "int16")
                                                for join in ("add", "left", "right", "multiplier")])
                            for kind in ("spikes", "graded", "analog", "wide")}
        self.readouts = Wishes(dice, [(integration, resets, kind, shifted)
                                      for integration in ("sum", "last", "leaky") for resets in (False, True)
                                      for kind in ("spikes", "graded", "analog", "wide") for shifted in (False, True)])
        self.evidence = {(integration, resets): Wishes(dice, ["plain", "plain", "leak", "no leak", "no leak"] + rings)
                         for integration, rings in (("leaky", []), *((name, ["few, early", "few", "many, early", "many"])
                                                                     for name in ("sum", "last")))
                         for resets in (False, True)}
        self.input_bits = Wishes(dice, range(2, 17))
        self.sizes = Wishes(dice, SIZES)

    def size(self, base, most=130):
        if base > 1 and self.dice.chance(80):
            return base * self.dice.between(1, max(1, min(most, 60) // base))
        return self.sizes.next(lambda size: size <= most)

    def random_program(self, name, is_1_0=False):
        """is_1_0: of what format 1.0 has."""
        dice = self.dice
        draft = Draft(dice, name)
        base = dice.pick((1, 1, 2, 3, 4, 5, 8))
        values = self.front(draft, self.size(base, dice.pick((3, 6, 12, 130))))
        readout = self.readouts.next(lambda wish: not is_1_0 or wish[2] != "graded")

        def allowed(wish):
            return not is_1_0 or (wish.model != "CuBa-LI" and not wish.reset.endswith("at once") and wish.comparison == ">")

        populations = [self.population(draft, base, self.populations.next(allowed)) for _ in range(dice.between(1, 3))]
        outputs = [values] + [population["target"] for population in populations]
        fitting = [slot for slot in outputs if draft.source_kind(slot) == readout[2] and draft.count(slot) <= 40]
        if not fitting:
            wish = self.populations.next(lambda wish: allowed(wish) and readout[2] in kinds_of_population(wish))
            populations.append(self.population(draft, base, wish, most=12, kind=readout[2]))
            outputs.append(populations[-1]["target"])
            fitting = outputs[-1:]
        if draft.slots[values].get("persistent") and dice.chance(50):
            front = draft.ops.pop()  # the input op below its readers, which then see the last tick's values
            self.connect(draft, populations, outputs)
            draft.ops.append(front)
        else:
            self.connect(draft, populations, outputs)
        self.readout(draft, dice.pick(fitting), readout, "plain" if is_1_0 else None)
        return draft

    def front(self, draft, channels, bits=None):
        """Stream and input op; returns the analog slot."""
        dice = self.dice
        bits = bits or self.input_bits.next()
        slots = [lambda: draft.slot("stream", channels, channels=[
            (f"channel {i}", dice.pick(("", "m/s^2", "g")), (dice.between(1, 2**32 - 1), dice.between(1, 5000)))
            for i in range(channels)])]
        persistent = dice.chance(25)
        slots.append(lambda: draft.slot("analog", channels, bits=bits, persistent=persistent,
                                        initial=dice.between(-1, 1) if persistent else 0))
        order = dice.shuffled([0, 1])
        made = {i: slots[i]() for i in order}
        # A typical sample of `amplitude` becomes about half of the slot's limit, so that large ones saturate.
        amplitude = dice.pick((2, 60, 1500, 15000, 32767))
        multipliers = dice.array(channels, 1, 32767) * (2 * dice.array(channels, 0, 1) - 1)
        if dice.chance(15):
            multipliers = dice.array(channels, -1, 1)
        if dice.chance(10):
            multipliers[0] = dice.pick((-32768, 32767))
        shift = (amplitude * int(np.abs(multipliers).max() // 2 + 1) // 2 ** (bits - 2)).bit_length() - 1
        offsets = dice.array(channels, -amplitude, amplitude) // 4
        if dice.chance(20):
            offsets[0] = dice.pick((-32768, 32767))
        draft.op("input", samples=made[0], target=made[1], offsets=offsets, multipliers=multipliers,
                 shift=max(0, min(31, shift)))
        return made[1]

    def population(self, draft, base, wish, most=130, count=None, persistent=None, kind=None):
        """Slots and op of a population; thresholds, their steps and fraction bits are set by `calibrate`. Returns the op,
        unplaced. kind: that of the target, where the wish leaves it open."""
        dice = self.dice
        make, model, width, flags, reset, comparison, refracts = wish
        if make == "memory":
            order = dice.pick((1, 2, 3, 4, 5, 6, 8, 9, 12, 24)) if count is None else 4
            units = max(1, min(self.size(base, 24), most // order, 130 // order)) if count is None else count
            current = draft.slot("current", units)
            target = draft.slot("analog", units * order, bits=width, persistent=True, initial=dice.pick((0, 0, 1, -77, 32767)))
            return {"make": make, "current": current, "target": target} | self.memory(draft, units, order, model, width, flags)
        count = count or self.size(base, most)
        current = draft.slot("current", count)
        if reset == "none":
            target = draft.slot("analog", count, bits=width, persistent=True, initial=dice.pick((0, 0, 5, -32767, 32767)))
        else:
            bits = 1
            if reset.endswith("at once"):
                bits = self.spike_bits.next(lambda bits: kind is None or (bits > 1) == (kind == "graded"))
            target = draft.slot("spikes", count, persistent=dice.chance(60) if persistent is None else persistent, bits=bits)
        limit = 32767 if width == 16 else 2**30 - 1
        swing = limit >> dice.between(4, 12)
        op = {"make": "lif", "current": current, "target": target, "model": model, "reset": reset, "width": width,
              "comparison": comparison, "refractory": dice.pick((1, 1, 2, 3, 5, 9, 100, 32767)) if refracts else 0}
        for field, shared, low, high in (
                ("decay", dice.pick((0, 16384, 32768, 30000, 32700, dice.between(1, 32767))), 20000, 32768),
                ("synaptic_decay", dice.pick((0, 16384, 32768, 29000, dice.between(1, 32767))), 10000, 32768),
                ("bias", dice.pick((0, 0, dice.between(-swing, swing))), -swing, swing),
                ("threshold_decay", dice.pick((0, 16384, 32768, 31000, 32700, dice.between(1, 32767))), 16000, 32768),
                ("threshold", limit, limit, limit), ("threshold_step", 0, 0, 0)):
            if MODELS[model] & FIELDS[field]:
                op[field] = dice.array(count, low, high) if flags & FIELDS[field] else shared
        return op

    def memory(self, draft, units, order, encoding, width, flags):
        """Matrices whose rows of A sum in magnitude to about 2^sA: some memories decay, some saturate."""
        dice = self.dice
        earlier = [op for op in draft.unplaced_memories if op["encoding"] == encoding and len(op["input_matrix"]) == order]
        limit = 127 if encoding == "int8" else 32767
        state_bits = dice.between(2, 6) if encoding == "int8" else dice.between(4, 14)
        per_element = max(1, (2**state_bits * dice.between(40, 160) // 100) * 2 // order)
        matrix = np.clip(dice.array((order, order), -per_element, per_element), -limit - 1, limit)
        matrix *= dice.array((order, order), 0, 99) < dice.pick((30, 70, 100))
        np.fill_diagonal(matrix, np.clip(dice.array(order, 0, 2**state_bits), -limit - 1, limit))
        if dice.chance(20):
            matrix[0, 0] = dice.pick((-limit - 1, limit))
        input_matrix = dice.array(order, -limit - 1, limit) * (dice.array(order, 0, 99) < 85)
        input_bits = dice.between(5, 9) if encoding == "int8" else dice.between(13, 17)
        if dice.chance(5):
            state_bits, input_bits = dice.pick(((30, 0), (0, 30), (30, 30), (0, 0)))
        op = {"state_matrix": matrix, "input_matrix": input_matrix, "encoding": encoding, "state_bits": state_bits,
              "input_bits": input_bits, "bias": 0}
        if earlier:  # shared tensors
            op |= {key: earlier[0][key] for key in ("state_matrix", "input_matrix", "state_bits")}
        greatest = 32767 if width == 16 else 2**30 - 1
        swing = greatest >> dice.between(5, 12)
        op["bias"] = dice.array(units, -swing, swing) if flags else dice.pick((0, dice.between(-swing, swing)))
        if dice.chance(15):  # close to the limit
            op["bias"] = op["bias"] + dice.pick((-greatest, greatest))
        draft.unplaced_memories.append(op)
        return op

    def connect(self, draft, populations, outputs):
        """Places each population's projections and op, in order."""
        dice = self.dice
        for i, population in enumerate(populations):
            target = population["target"]
            above = [outputs[0]] + [other["target"] for other in populations[:i]]
            recurrent = [slot for slot in outputs if slot not in above and draft.slots[slot].get("persistent")]
            sources = [dice.pick(above[-2:])]
            while len(sources) < 4 and dice.chance(45):
                sources.append(dice.pick(above + recurrent))
            if target in recurrent and dice.chance(50):
                sources.append(target)
            for source in sources:
                self.projection(draft, source, population["current"], population.get("width", 32))
                if dice.chance(6):  # once more, with the same parameters
                    draft.ops.append(dict(draft.ops[-1]))
            draft.ops.append(population)

    def projection(self, draft, source, target, width, wish=None, groups=None, shape_weights=None):
        dice = self.dice
        kind = draft.source_kind(source)
        encoding, join = wish or self.projections[kind].next()
        counts = draft.count(source), draft.count(target)
        if groups is None:
            divisors = [i for i in range(2, gcd(*counts) + 1) if counts[0] % i == 0 == counts[1] % i]
            groups = dice.pick(divisors) if divisors and dice.chance(60) else dice.pick((None, None, 1))
        sources, destinations = (count // (groups or 1) for count in counts)
        arguments = {"source": source, "target": target, "encoding": encoding, "join": join}
        if groups:
            arguments["groups"] = groups
        greatest = typical = 1
        if kind == "graded":
            greatest = 2 ** draft.slots[source]["bits"] - 1
            typical = greatest // dice.pick((2, 4, 16)) + 1
        elif kind == "analog":
            greatest = 2 ** (draft.slots[source]["bits"] - 1) - 1
            typical = greatest // 4 + 1
        elif kind == "wide":
            source_shift = dice.pick((0, 8, 15, 17, 19, 22, 25, 29, 31))
            arguments["source_shift"] = source_shift
            greatest = min(32767, 2**30 >> source_shift) + 1
            typical = greatest // 4 + 1
        amplitude = {"binary": 1, "ternary": 1, "int4": dice.pick((1, 3, 7)), "int8": dice.pick((7, 60, 127)),
                     "int16": 2 ** dice.between(4, 15) - 1}[encoding]
        amplitude = max(1, min(amplitude, 2**29 // (sources * greatest)))
        weights = draw_weights(dice, encoding, (destinations, sources), amplitude)
        size = ((amplitude + 1) * typical * (isqrt(sources) + 1) // 2).bit_length()  # of a typical sum, in bits
        wanted = dice.between(6, 13)
        if join == "left":
            arguments["shift"] = max(0, min(30, wanted - size))
        elif join == "right":
            arguments["shift"] = max(0, min(30, size - wanted)) or dice.between(0, 2)
        elif join == "multiplier":
            bits = dice.between(1, 30)
            multipliers = dice.array(destinations, 2 ** (bits - 1), 2**bits) * (2 * (dice.array(destinations, 0, 9) > 1) - 1)
            if dice.chance(10):
                multipliers[0] = dice.pick((0, 2**31 - 1, -2**31))
            arguments |= {"multipliers": multipliers, "shift": max(0, min(47, size + bits - wanted))}
        elif width == 16 and encoding.startswith("int") and size > 15:
            weights = toward_zero(weights, size - 15)
        same = [op for op in draft.ops if op.get("encoding") == encoding and "weights" in op
                and op["weights"].shape == weights.shape]
        if same and dice.chance(40) and kind in ("spikes", "graded"):
            weights = same[0]["weights"]
        draft.op("block" if groups else "dense", weights=weights, **arguments)

    def readout(self, draft, source, wish, evidence=None):
        """The readout op, at the end of the program or, in some, further up."""
        dice = self.dice
        integration, resets, kind, shifted = wish
        evidence = evidence or self.evidence[integration, resets].next()
        most = {"spikes": 3, "graded": 7, "analog": 15, "wide": 31}[kind]
        op = {"source": source, "integration": integration, "reset_network": resets,
              "shift": dice.between(1, most) if shifted else 0,
              "decay": dice.pick((0, 32768, 32000, dice.between(1, 32767))) if integration == "leaky" else 0}
        if evidence == "plain":
            op["window"] = dice.pick((1, 2, 3, 5, 7, 8, 12, 16, 20, 31, 100))
        elif evidence.endswith("leak"):
            op["window"] = dice.pick((1, 2, 3, 5, 7, 8, 12))
            op["evidence_decay"] = 32768 if evidence == "no leak" else dice.pick((1, 16384, 32767, dice.between(1, 32767)))
        else:
            n = dice.between(2, 4) if evidence.startswith("few") else dice.pick((5, 6, 7, 8, 9, 12, 16, 23, 100))
            op["hop"] = dice.pick((1, 1, 2, 3, 5, 7, 10) if n <= 4 else (1, 1, 2, 3))
            op |= {"window": n * op["hop"], "is_early": evidence.endswith("early")}
        draft.op("readout", **op)
        if dice.chance(25):
            writer = next(i for i, other in enumerate(draft.ops) if other.get("target") == source)
            first = 0 if draft.slots[source]["persistent"] else writer + 1
            draft.ops.insert(dice.between(first, len(draft.ops) - 1), draft.ops.pop())

    def l2mu(self, name):
        """input → dense → LIF; u; memory of LIFs in blocks; hidden with recurrence; output; readout sum."""
        dice = self.dice
        draft = Draft(dice, name)
        values = self.front(draft, dice.pick((3, 6, 9)), bits=dice.pick((8, 12, 16)))
        units, order, hidden = dice.pick((2, 3, 5)), dice.pick((4, 6, 9)), dice.pick((16, 21, 30))
        width = dice.pick((16, 32))
        model = dice.pick(("LIF", "CuBa-LIF", "ALIF", "CuBa-ALIF"))
        resets = ("subtract", "zero", "subtract at once", "zero at once")[2 * model.endswith("ALIF"):]

        def lif(count, flags=0, persistent=True):
            reset = dice.pick(resets)
            wish = Wish("lif", model, width, flags, reset, dice.pick(list(COMPARISONS)),
                        reset.endswith("at once") and dice.chance(30))
            return self.population(draft, 1, wish, count=count, persistent=persistent)

        encoder, writing, memory = lif(hidden, persistent=False), lif(units), lif(units * order)
        hidden_layer, output = lif(hidden, flags=4), lif(dice.pick((4, 6, 7)), persistent=False)
        encoding = dice.pick(("ternary", "int4", "int8"))

        def project(source, target, groups=None, encoding=encoding):
            self.projection(draft, source["target"], target["current"], width, (encoding, dice.pick(("add", "multiplier"))),
                            groups or 0)

        project({"target": values}, encoder, encoding="int8")
        draft.ops.append(encoder)
        for source in (encoder, hidden_layer, memory):
            project(source, writing)
        draft.ops.append(writing)
        project(writing, memory, units, "int8")
        project(memory, memory, units, "int8")
        draft.ops.append(memory)
        for source in (encoder, memory, hidden_layer):
            project(source, hidden_layer)
        draft.ops.append(hidden_layer)
        project(hidden_layer, output)
        draft.ops.append(output)
        window, hops = dice.pick((12, 24)), dice.pick((1, 1, 2, 4, 12))
        draft.op("readout", source=output["target"], window=window, hop=window // hops, reset_network=dice.chance(50))
        return draft


def variants():
    """(model, reset, width, comparison, refracts) of every population."""
    for width in (16, 32):
        for model in MODELS:
            if model.endswith("LI"):
                yield model, "none", width, ">", False
                continue
            for comparison in COMPARISONS:
                if not model.endswith("ALIF"):
                    yield from ((model, reset, width, comparison, False) for reset in ("subtract", "zero"))
                yield from ((model, f"{reset} at once", width, comparison, refracts)
                            for reset in ("subtract", "zero") for refracts in (False, True))


def with_flags(dice, model, reset, width, comparison, refracts):
    """Four wishes for a variant, with each field per neuron in two of them."""
    fields = MODELS[model]
    return [Wish("lif", model, width, flags, reset, comparison, refracts)
            for some in (dice.between(0, 63) & fields, dice.between(0, 63) & fields) for flags in (some, fields - some)]


def kinds_of_population(wish):
    if wish.reset == "none":  # memories too
        return ("wide",) if wish.width == 32 else ("analog",)
    return ("spikes", "graded") if wish.reset.endswith("at once") else ("spikes",)


def toward_zero(values, shift):
    return np.sign(values) * (np.abs(values) >> shift)


def draw_weights(dice, encoding, shape, amplitude):
    if encoding == "binary":
        return 2 * dice.array(shape, 0, 1) - 1
    weights = dice.array(shape, -amplitude, amplitude)
    if amplitude > 1:
        weights += (dice.array(shape, 0, 3) == 0) * (amplitude // 3)  # leaning to excitation
    weights *= dice.array(shape, 0, 99) < dice.pick((20, 60, 100))
    lowest = {"ternary": -1, "int4": -8, "int8": -128, "int16": -32768}[encoding]
    if amplitude >= 2**13 or (lowest >= -128 and amplitude > 1 and dice.chance(25)):
        weights.flat[dice.between(0, weights.size - 1)] = dice.pick((lowest, -lowest - 1))
    return np.clip(weights, lowest, max(1, -lowest - 1))


def draw_frames(dice, ticks, channels):
    """Pieces of rest, constant, noise of several amplitudes, walks, impulses and extremes."""
    pieces, walk = [], dice.array(channels, -2000, 2000)
    while sum(map(len, pieces)) < ticks:
        length = dice.between(3, 14)
        shape = (length, channels)
        kind = dice.between(0, 8)
        if kind == 0:
            piece = np.zeros(shape, np.int64) if dice.chance(40) else dice.array(shape, -1, 1)
        elif kind == 1:
            piece = np.tile(dice.array(channels, -9000, 9000), (length, 1))
        elif kind in (2, 3, 4):
            amplitude = (50, 2500, 32767)[kind - 2]
            piece = dice.array(shape, -amplitude, amplitude)
        elif kind in (5, 6):
            piece = walk + np.cumsum(dice.array(shape, -600, 700), axis=0)
        elif kind == 7:
            piece = dice.array(shape, -12000, 12000) * (dice.array(shape, 0, 9) == 0)
        else:
            piece = np.array((-32768, 32767, 0, -32767))[dice.array(shape, 0, 3)]
        pieces.append(np.clip(piece, -32768, 32767))
        walk = pieces[-1][-1]
    return np.concatenate(pieces)[:ticks]


# --- Calibration: fraction bits for a lively current, thresholds for the wanted firing rate, and the proof ---


class Alone:
    """As much of a Network as one lif op needs, to run it on recorded currents."""

    tally, full_accounting = None, False

    def __init__(self, model, op):
        self.model, self.values = model, [None] * len(model.slots)
        for i in op.outputs:
            self.values[i] = np.full(model.slots[i].count, model.slots[i].initial, np.int64)
        self.op = LifOp(self, op)
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
        if spec["make"] not in ("lif", "memory"):
            continue
        op, network = model.ops[i], Network(model)
        currents = []
        for frame in frames[:CALIBRATION_TICKS]:
            network.tick(frame)
            currents.append(network.values[op.inputs[0]])
        choose_fraction_bits(model, op, currents, dice)
        spec["fraction_bits"] = op.parameters.fraction_bits
        if "threshold" in spec:
            choose_threshold(model, op, currents, dice)
            for field in ("threshold", "bias", "threshold_decay", "threshold_step"):
                if field in spec:
                    value = getattr(op.parameters, field)
                    spec[field] = value if np.ndim(value) else int(value)


def choose_fraction_bits(model, op, currents, dice):
    """Brings a large current of the recording to a few bits below the state's limit, as far as the proof allows."""
    width = op.parameters.width if op.kind == reader.Kind.LIF else model.slots[op.outputs[0]].bits
    magnitudes = np.sort(np.abs(np.stack(currents)).ravel())
    typical = int(magnitudes[len(magnitudes) * 9 // 10])
    wanted = width if dice.chance(10) else dice.between(width * 9 // 16, width - 2)
    bits = max(0, min(15, wanted - typical.bit_length()))
    while True:
        op.parameters.fraction_bits = bits
        try:
            return reader.prove(model.slots, model.ops)
        except reader.Refused:
            bits -= 1


def choose_threshold(model, op, currents, dice):
    """Thresholds and their steps: by bisection those for which the population alone comes closest to a wanted firing rate,
    or, for some with graded spikes, to a wanted mean spike.

    A population that nothing drives above 0 is given a positive bias.
    """
    parameters, count = op.parameters, model.slots[op.inputs[0]].count
    limit, greatest = parameters.limit, model.slots[op.outputs[0]].limit
    profile = dice.array(count, 160, 400) if parameters.flags & FIELDS["threshold"] else np.int64(256)
    by_mean = greatest > 1 and dice.chance(50)
    percent = dice.pick(TARGET_RATES[2:] if parameters.is_adaptive else TARGET_RATES)
    wanted = max(1, percent // (parameters.refractory + 1)) * count * len(currents) * (greatest if by_mean else 1)
    step_profile = np.int64(0)
    if parameters.is_adaptive:
        step = dice.pick((8, 32, 64, 128, 256, 600))
        step_profile = dice.array(count, step // 2, 2 * step) if parameters.flags & FIELDS["threshold_step"] else np.int64(step)
        step_corner = dice.pick((0, limit)) if dice.chance(12) else None
        if step_corner == limit and not np.ndim(parameters.threshold_decay):  # so that a neuron can fire again
            parameters.threshold_decay = np.int64(dice.pick((1000, 9000, 16384)))

    def set_level(level):
        parameters.threshold = np.minimum(profile * level >> 8, limit)
        if parameters.is_adaptive:
            steps = np.minimum(step_profile * level >> 8, limit)
            parameters.threshold_step = steps if step_corner is None else np.full_like(steps, step_corner)

    def spikes_at(level):
        set_level(level)
        alone = Alone(model, op)
        for current in currents:
            alone.tick(current)
        return 100 * (alone.spikes if by_mean else alone.op.events)

    def bisect():
        low, high, best = 0, limit, (2 * wanted + 1, limit)
        for _ in range(11):
            level = (low + high) // 2 if high - low < 64 else isqrt((low + 1) * high)
            spikes = spikes_at(level)
            best = min(best, (abs(spikes - wanted) if spikes else 2 * wanted, level))
            low, high = (level, high) if spikes > wanted else (low, level)
        return best

    corner = dice.pick((0, limit)) if dice.chance(8) else None
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


def provable(draft):
    """The draft's file, after shrinking what the proof of section 9.7 refuses."""
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


def shrink(draft, population):
    """Halves what can be halved of the projections into a population's current slot."""
    shrunk = False
    for op in draft.ops:
        if op.get("target") == population["current"]:
            shrunk = True
            if op["join"] == "left" and op["shift"]:
                op["shift"] -= 1
            elif op["join"] == "right" and op["shift"] < 30 or op["join"] == "multiplier" and op["shift"] < 47:
                op["shift"] += 1
            elif op["encoding"].startswith("int"):
                op["weights"] = toward_zero(op["weights"], 1)
            elif "multipliers" in op:
                op["multipliers"] = toward_zero(op["multipliers"], 1)
            else:
                shrunk = False
    if not shrunk and "bias" in population:
        population["bias"] = toward_zero(population["bias"], 1)


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


def make_set(out, programs, seed, ticks):
    """Writes the set; returns its coverage and the lines of golden.tsv."""
    out.mkdir(parents=True, exist_ok=True)
    dice = Dice(seed)
    maker, coverage = Maker(dice), Coverage()
    golden = [f"# generate.py --programs {programs} --seed {seed} --ticks {ticks}"]
    for i in range(programs):
        is_l2mu = i % 16 == 8
        name = f"{i:03d}-l2mu" if is_l2mu else f"{i:03d}-random"
        draft = maker.l2mu(name) if is_l2mu else maker.random_program(name, is_1_0=i % 16 == 4)
        channels = next(slot["count"] for slot in draft.slots if slot["make"] == "stream")
        frames = draw_frames(dice, ticks, channels)
        calibrate(draft, frames, dice)
        add_extras(draft, i, frames, dice)
        data = draft.build()
        model, tally = reader.parse(data), Counter()
        content, network = trace(model, frames, tally)
        (out / f"{name}.snn").write_bytes(data)
        (out / f"{name}.trace").write_bytes(content)
        write_accounting(out / f"{name}.json", network)
        coverage.add(model, network, frames, tally, is_l2mu)
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
    parser.add_argument("--programs", type=int, default=400)
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
