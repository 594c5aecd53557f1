"""Drawing random programs: dice, drafts of programs, and the frames to run them on.

Everything random comes from `Dice` (getrandbits of a seeded Mersenne twister, integer arithmetic only), so that
a set depends neither on numpy's version nor on floating point.
"""

import random
from collections import namedtuple
from math import gcd, isqrt

import numpy as np

from snnrt.file import COMPARISONS, ModelWriter, assemble

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
        self.is_lively = False  # whether `calibrate` leaves out thresholds that silence a population

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
        return writer.sections() + self.extras

    def build(self):
        sections = self.sections()
        if self.extras:  # the order of sections is free
            sections = sections[3:] + sections[:3]
        return assemble(sections)


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
        greatest, typical = self.strength(draft, source, arguments)
        amplitude = self.amplitude(encoding, sources * greatest)
        weights = draw_weights(dice, encoding, (destinations, sources), amplitude)
        size = ((amplitude + 1) * typical * (isqrt(sources) + 1) // 2).bit_length()  # of a typical sum, in bits
        excess = self.join(arguments, size, destinations, width)
        if excess:
            weights = toward_zero(weights, excess)
        same = [op for op in draft.ops if op.get("encoding") == encoding and "weights" in op
                and op["weights"].shape == weights.shape]
        if same and dice.chance(40) and kind in ("spikes", "graded"):
            weights = same[0]["weights"]
        draft.op("block" if groups else "dense", weights=weights, **arguments)

    def strength(self, draft, source, arguments):
        """Greatest and typical magnitude of a source's elements; gives a wide one its source shift."""
        dice, kind = self.dice, draft.source_kind(source)
        if kind == "spikes":
            return 1, 1
        if kind == "graded":
            greatest = 2 ** draft.slots[source]["bits"] - 1
            return greatest, greatest // dice.pick((2, 4, 16)) + 1
        if kind == "analog":
            greatest = 2 ** (draft.slots[source]["bits"] - 1) - 1
        else:
            source_shift = dice.pick((0, 8, 15, 17, 19, 22, 25, 29, 31))
            arguments["source_shift"] = source_shift
            greatest = min(32767, 2**30 >> source_shift) + 1
        return greatest, greatest // 4 + 1

    def amplitude(self, encoding, fan_in):
        """Of weights, for a `fan_in` of sources times their greatest value."""
        dice = self.dice
        amplitude = {"binary": 1, "ternary": 1, "int4": dice.pick((1, 3, 7)), "int8": dice.pick((7, 60, 127)),
                     "int16": 2 ** dice.between(4, 15) - 1}[encoding]
        return max(1, min(amplitude, 2**29 // fan_in))

    def join(self, arguments, size, destinations, width):
        """Arguments of the join that bring sums of `size` bits to 6 … 13; returns by how many bits the weights are too
        large for a 16-bit state without a join."""
        dice, join = self.dice, arguments["join"]
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
        elif width == 16 and arguments["encoding"].startswith("int") and size > 15:
            return size - 15
        return 0

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
