"""The programs that the instructions of every loop are fitted on: programs() yields drafts as (name, file, frames).

None is a shipped model. Every loop that Sources/snnrt/Instructions names is in several of them, in sizes below and above those of
the blocks that kernels work in.
"""

from itertools import count, product

import numpy as np

from draft import Draft

ENCODINGS = ("binary", "ternary", "int4", "int8", "int16")
STORAGES = ("spikes", "8-bit values", "16-bit values", "32-bit values")
JOINS = ({}, {"join": "left", "shift": 1}, {"join": "right", "shift": 2}, {"join": "multiplier", "shift": 20})
COUNTS = (7, 40, 132)
ROWS = (3, 7, 8, 12, 18, 21, 31, 34, 64, 100, 117)


def programs():
    for maker in (projections, groups, sparse, convolutions, pools, delays, neurons, forced, periods, other_neurons, memories, recurrences,
                  saturating, readouts):
        for i, draft in enumerate(maker()):
            draft, data = draft if isinstance(draft, tuple) else (draft, draft.file())
            yield f"{maker.__name__}-{i}", data, draft.frames()


def join(draft, number, rows):
    options = dict(JOINS[number % len(JOINS)])
    if "join" in options and options["join"] == "multiplier":
        options["multipliers"] = draft.numbers(2**19, 2**20, rows)
    return options


def narrowing(storage):
    return {"source_shift": 6} if storage == "32-bit values" else {}


def projections():
    for sources, storage in product(COUNTS, STORAGES):
        draft = Draft("p", sources, sources)
        source, number = draft.source(storage), count()
        for encoding, rows in product(ENCODINGS, ROWS):
            current = draft.model.current(rows)
            draft.model.dense(source, current, draft.weights(encoding, rows, sources), encoding, **narrowing(storage),
                              **join(draft, next(number), rows))
            draft.sink(current)
        yield draft


def groups():
    for (sources, parts), storage in product(((24, 6), (120, 4), (60, 60)), STORAGES):
        draft = Draft("g", sources, sources)
        source, number = draft.source(storage), count(parts)
        for encoding, rows in product(ENCODINGS, (5, 12, 31, 32) if parts < sources else (1, 3)):
            for _ in range(2):
                current = draft.model.current(parts * rows)
                draft.model.block(source, current, draft.weights(encoding, rows, sources // parts), encoding, parts, **narrowing(storage),
                                  **join(draft, next(number), rows))
                draft.sink(current)
        yield draft


def sparse():
    for sources, storage in product((9, 70), STORAGES):
        draft = Draft("s", sources, sources)
        source, number = draft.source(storage), count()
        for encoding, (targets, fan), delays in product(ENCODINGS, ((11, 3), (90, 20)), (1, 5)):
            rows = [(i, delay, target) for i in range(sources) for delay in range(delays)
                    for target in draft.rng.choice(targets, draft.numbers(0, fan), replace=False)]
            synapses = np.array([(*row, draft.weights(encoding, 1)[0]) for row in rows])
            current = draft.model.current(targets)
            draft.model.sparse(source, current, synapses, encoding, delays, **narrowing(storage), **join(draft, next(number), targets))
            draft.sink(current)
        yield draft


SHAPES = (((1, 24, 2), (1, 5), (1, 1), 1, 6), ((6, 8, 1), (3, 3), (1, 1), 1, 8), ((6, 4, 2), (3, 2), (2, 2), 1, 20), ((4, 4, 3), (3, 3), (1, 2), 3, 9),
          ((2, 2, 12), (2, 2), (1, 1), 2, 34))


def convolutions():
    for storage in STORAGES:
        draft = Draft("c", 48, 48)
        source, number = draft.source(storage), count()
        for encoding, (shape, kernel, strides, parts, rows) in product(ENCODINGS, SHAPES):
            sizes = [(size + 2 - k) // stride + 1 for size, k, stride in zip(shape, kernel, strides)]
            padding = (1, 1, 1, 1)
            current = draft.model.current(sizes[0] * sizes[1] * rows)
            draft.model.convolution(source, current, shape, draft.weights(encoding, rows, shape[2] // parts, *kernel), encoding, strides,
                                    padding, groups=parts, **narrowing(storage), **join(draft, next(number), rows))
            draft.sink(current)
        yield draft


WINDOWS = (((1, 24, 2), (1, 3), (1, 1)), ((6, 8, 1), (2, 2), (2, 2)), ((4, 4, 3), (3, 3), (1, 2)), ((2, 2, 12), (2, 1), (1, 1)))


def pools():
    draft = Draft("o", 48, 4)
    slots = {storage: draft.source(storage) for storage in STORAGES} | {"graded": draft.spikes(bits=4)}
    for (shape, window, strides), (storage, slot) in product(WINDOWS, slots.items()):
        sizes = [(size - k) // stride + 1 for size, k, stride in zip(shape, window, strides)]
        targets = sizes[0] * sizes[1] * shape[2]
        like = {"spikes": lambda n: draft.model.spikes(n), "8-bit values": lambda n: draft.model.analog(n, bits=8), "16-bit values": lambda n: draft.model.analog(n, bits=16),
                "32-bit values": lambda n: draft.model.analog(n, bits=32, persistent=True),
                "graded": lambda n: draft.model.spikes(n, bits=4)}[storage]
        draft.model.pool(slot, like(targets), shape, window, "maximum", strides)
        draft.model.pool(slot, draft.model.analog(targets, bits=16), shape, window, "sum", strides, multiplier=3, shift=4)
        current = draft.model.current(targets)
        draft.model.pool(slot, current, shape, window, "sum", strides, multiplier=3, shift=6)
        draft.sink(current)
    for shape, window, strides in WINDOWS:
        sizes = [(size - k) // stride + 1 for size, k, stride in zip(shape, window, strides)]
        targets = sizes[0] * sizes[1] * shape[2]
        draft.model.pool(draft.drive(), draft.model.analog(targets, bits=16), shape, window, "sum", strides, multiplier=3, shift=4)
        current = draft.model.current(targets)
        draft.model.pool(draft.drive(), current, shape, window, "sum", strides, multiplier=3, shift=6)
        draft.sink(current)
    yield draft


def delays():
    for sources in COUNTS:
        draft = Draft("d", sources, sources)
        for storage in STORAGES:
            slot = draft.source(storage)
            like = {"spikes": lambda n: draft.model.spikes(n), "8-bit values": lambda n: draft.model.analog(n, bits=8), "16-bit values": lambda n: draft.model.analog(n, bits=16),
                    "32-bit values": lambda n: draft.model.analog(n, bits=32, persistent=True)}[storage]
            draft.model.delay(slot, like(sources), 3)
            draft.model.delay(slot, like(sources), draft.numbers(0, 9, sources), kept=10)
        yield draft


ARRAYS = ("none", "all", "bias", "decay", "threshold")


def parameters(draft, model, width, count, arrays):
    """Of neurons that fire now and then at small drives and always at great ones: each one for all, or an array of `count`."""
    most, names = (900 if width == 16 else 90000), iter(("decay", "bias", "synaptic_decay", "threshold", "threshold_decay", "threshold_step"))

    def value(low, high, shared):
        return draft.numbers(low, high, count) if arrays in ("all", next(names)) else shared
    fields = {"decay": value(20000, 32000, 29000), "bias": value(-9, 9, 2)}
    fields |= {"synaptic_decay": value(10000, 30000, 20000), "threshold": value(most // 2, most, most),
               "threshold_decay": value(20000, 32000, 30000), "threshold_step": value(1, 40, 20)}
    has = {"synaptic_decay": "CuBa" in model, "threshold": "LIF" in model, "threshold_decay": "ALIF" in model, "threshold_step": "ALIF" in model}
    return {name: value for name, value in fields.items() if has.get(name, True)}


def neurons():
    kinds = [("LIF", "subtract"), ("LIF", "zero"), ("CuBa-LIF", "subtract"), ("CuBa-LIF", "zero"), ("LI", None), ("CuBa-LI", None)]
    at_once = [(model, reset, refractory, bits) for model, reset in product(("LIF", "CuBa-LIF", "ALIF", "CuBa-ALIF"),
                                                                           ("subtract at once", "zero at once"))
               for refractory, bits in ((0, 1), (3, 1), (0, 4), (2, 4))]
    kinds = [(*kind, 0, 1) for kind in kinds] + at_once
    for sources, width in product((7, 40, 132), (16, 32)):
        draft = Draft("n", sources, sources + width)
        for (model, reset, refractory, bits), arrays in product(kinds, ARRAYS):
            if arrays in ARRAYS[2:] and reset in ("subtract at once", "zero at once"):
                continue  # one loop for all
            is_spiking = "LIF" in model
            target = draft.model.spikes(sources, bits=bits) if is_spiking else draft.model.analog(sources, bits=width, persistent=True)
            draft.model.lif(draft.drive(gain=9 if width == 16 else 90), target, model=model, reset=reset, width=width, refractory=refractory,
                            fraction_bits=2, **parameters(draft, model, width, sources, arrays))
        yield draft


def forced():
    """Neurons far above a threshold of hardly anything: for bounds only, as none of a trained network is."""
    for sources, width in product((7, 40, 132), (16, 32)):
        draft = Draft("f", sources, sources + width)
        for (model, reset), arrays in product((("LIF", "subtract"), ("LIF", "zero"), ("CuBa-LIF", "subtract"), ("CuBa-LIF", "zero"), ("LIF", "zero at once")),
                                                ARRAYS):
            loud = {"threshold": draft.numbers(0, 1, sources) if arrays in ("all", "threshold") else 0,
                    "bias": draft.numbers(2**20, 2**24, sources) if arrays in ("all", "bias") else 2**24}
            draft.model.lif(draft.drive(), draft.model.spikes(sources), model=model, reset=reset, width=width, fraction_bits=2,
                            **parameters(draft, model, width, sources, arrays) | loud)
        yield draft


def periods():
    """Arrays shorter than the population."""
    draft = Draft("n", 120, 9)
    for model, width, period in product(("LIF", "CuBa-LIF", "LI", "CuBa-LI"), (16, 32), (4, 30)):
        target = draft.model.spikes(120) if "LIF" in model else draft.model.analog(120, bits=width, persistent=True)
        draft.model.lif(draft.drive(gain=9), target, model=model, width=width, period=period, fraction_bits=2,
                        **parameters(draft, model, width, period, "all"))
    for function, period in product(("clip", "tanh", "sigmoid"), (4, 30)):
        draft.model.activation(draft.drive(), draft.model.analog(120, bits=8), function, draft.numbers(2**19, 2**20, period),
                               draft.numbers(-9, 9, period), 20, *((-90, 90) if function == "clip" else ()), period=period)
    draft.model.loihi(draft.drive(gain=9), draft.model.spikes(120), threshold=draft.numbers(100, 90000, 6), period=6)
    yield draft


def other_neurons():
    for sources in COUNTS:
        draft = Draft("x", sources, sources)
        for function, arrays, bits in product(("clip", "tanh", "sigmoid"), (False, True), (8, 16)):
            multiplier = draft.numbers(2**19, 2**20, sources) if arrays else 2**20
            draft.model.activation(draft.drive(gain=40), draft.model.analog(sources, bits=bits), function, multiplier,
                                   draft.numbers(-9, 9, sources) if arrays else 3, 18, *((-90, 90) if function == "clip" else ()))
        for arrays, exponent in product((False, True), (0, -2, 3)):
            size = [draft.numbers(low, high, sources) if arrays else high for low, high in ((100, 900), (100, 400), (100, 90000), (-9, 9))]
            draft.model.loihi(draft.drive(gain=9), draft.model.spikes(sources), size[2], size[0], size[1], size[3], exponent)
        yield draft


def saturating():
    """Synaptic slots and xylo behind them."""
    for sources, storage in product((7, 40, 100), ("spikes", "8-bit values", "16-bit values")):
        draft = Draft("y", sources, sources)
        source = draft.source(storage)
        for encoding, rows, (bits, currents, aliases) in product(("binary", "ternary", "int4", "int8"), (6, 41),
                                                                 ((1, 1, False), (1, 2, False), (4, 1, False), (4, 2, True))):
            synaptic = draft.model.synaptic(rows * currents)
            draft.model.dense(source, synaptic, draft.weights(encoding, rows * currents, sources), encoding, join="left", shift=3)
            named = draft.numbers(0, rows - 1, rows) if aliases else None
            arrays = [draft.numbers(1, high, rows * times) if rows > 6 else 3 for high, times in ((4, 1), (4, currents))]
            draft.model.xylo(synaptic, draft.model.spikes(rows, bits=bits), draft.numbers(20, 300, rows), *arrays, 1, named)
        yield draft


def memories():
    for units, encoding, width in product((1, 5, 9), ("int8", "int16"), (16, 32)):
        draft = Draft("m", units, units)
        for order in (3, 8, 17, 30):
            most = 127 if encoding == "int8" else 32767
            target = draft.model.analog(units * order, bits=width, persistent=True)
            draft.model.memory(draft.drive(gain=30), target, draft.numbers(-most // order, most // order, order, order), draft.numbers(1, most, order), encoding,
                               most.bit_length(), 3, draft.numbers(0, 1, units) if order == 8 else 0)
        yield draft


def recurrences():
    for units, width in product((1, 4), (16, 32)):
        draft = Draft("r", units, units)
        for (order, segments), poles, parts, substeps in product(((6, 1), (31, 1), (16, 2), (40, 5)), (1, 3), (1, 2), (1, 3)):
            places = -(-order // segments)
            shape = (poles, 2 * places if segments == 1 else 4 * places + 3, *((2,) if parts == 2 else ()), segments)
            target = draft.model.analog(units * order, bits=width, persistent=True)
            draft.model.recurrence(draft.drive(gain=20), target, draft.numbers(-2**28, 2**28, *shape), 4, 32767, substeps)
        yield draft


def readouts():
    options = [{"window": 3}, {"window": 6, "hop": 2}, {"window": 4, "reset_network": True}, {"window": 5, "integration": "last"},
               {"window": 5, "integration": "leaky", "decay": 30000}, {"window": 20, "hop": 1, "is_early": True},
               {"window": 3, "evidence_decay": 20000, "reset_network": True}, {"window": 2, "evidence_decay": 30000}]
    for sources, storage, option in product((3, 9, 40), STORAGES, options):
        draft = Draft("e", sources, sources)
        for _ in range(3 if option.get("reset_network") else 0):
            draft.model.lif(draft.drive(), draft.model.analog(sources, bits=16, persistent=True, initial=5), model="CuBa-LI", decay=9)
        yield draft, draft.file(draft.source(storage), **option)
