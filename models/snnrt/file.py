"""Writer of snnrt model files, format 1 (docs/format.md).

A recipe declares a stream, slots, ops and one output on a `ModelWriter` and calls `build()`:

    model = ModelWriter()
    samples = model.stream("imu", (50, 1), [("accel_x", "m/s^2", (1, 1000))])
    values, drive, spikes = model.analog(1, bits=8), model.current(3), model.spikes(3)
    model.input(samples, values, offsets=[0], multipliers=[64], shift=8)
    model.dense(values, drive, weights, "int4")                 # weights: (3, 1), w[destination][source]
    model.lif(drive, spikes, threshold=100, decay=29491)
    model.output("gesture", model.readout(spikes, window=50), ["rest", "wave", "tap"])
    data = model.build()

All quantities are the integers of the file: every lossy choice is the caller's. A value out of its range
raises ValueError naming the field. Whole-model rules (wiring, the proof of sums) are the reader's.
Arrays are stored once for each array object: pass the same object to several ops to share a tensor; do not
change it before `build()`. `assemble` and `seal` make any file, a faulty one included.
"""

import struct

import numpy as np

ENCODINGS = {"binary": (1, 1), "ternary": (2, 2), "int4": (3, 4), "int8": (4, 8), "int16": (5, 16)}  # code, bits
JOINS = {"add": (0, 0), "left": (1, 30), "right": (2, 30), "multiplier": (3, 47)}  # code, greatest shift
NEURONS = {"LIF": 1, "CuBa-LIF": 2, "LI": 3, "CuBa-LI": 4, "ALIF": 5, "CuBa-ALIF": 6}
RESETS = {"none": 0, "subtract": 1, "zero": 2, "subtract at once": 3, "zero at once": 4}
COMPARISONS = {">": 0, ">=": 1}
INTEGRATIONS = {"sum": 1, "last": 2, "leaky": 3, "maximum": 4}
POOLS = {"sum": 1, "maximum": 2}
ACTIVATIONS = {"clip": 1, "tanh": 2, "sigmoid": 3}
MINORS = range(6, 8)  # of the format; files without later additions are written as the first
CRITICAL = 1
NONE = 65535
INT32 = (-2**31, 2**31 - 1)
UINT32 = (1, 2**32 - 1)

_CRC_TABLE = []
for _byte in range(256):
    for _ in range(8):
        _byte = (_byte >> 1) ^ (0x82F63B78 if _byte & 1 else 0)
    _CRC_TABLE.append(_byte)


def crc32c(data: bytes) -> int:
    """CRC-32C (Castagnoli) of `data`; of b"123456789" it is 0xE3069283."""
    crc = 0xFFFFFFFF
    for byte in data:
        crc = (crc >> 8) ^ _CRC_TABLE[(crc ^ byte) & 255]
    return crc ^ 0xFFFFFFFF


def seal(body: bytes) -> bytes:
    """`body` (a file without its trailer) with the trailer appended."""
    return bytes(body) + struct.pack("<I", crc32c(body))


def assemble(sections, minor=MINORS.start) -> bytes:
    """A file of `sections`, each (type, flags, payload), in this order and unchecked: header, table, padding, trailer."""
    table_end = 32 + 12 * len(sections)
    table, payloads = b"", b""
    for kind, flags, payload in sections:
        table += struct.pack("<HHII", kind, flags, table_end + len(payloads), len(payload))
        payloads += payload + bytes(-len(payload) % 4)
    length = table_end + len(payloads) + 4
    header = struct.pack("<8sHHI6sHHHI", b"\x89SNN\r\n\x1a\n", 1, minor, length, b"snn-tz", 1, len(sections), 0, 0)
    return seal(header + table + payloads)


def pack_weights(weights, encoding: str) -> bytes:
    """Runs of `weights`, shape (destinations r, sources k) with w[i][j] from source j to destination i.

    `encoding` is a key of ENCODINGS; binary holds −1 and +1, ternary −1, 0 and +1, intN two's complement.
    Run j is column j packed from the least significant bit upward, padded with 0 bits to a whole byte.
    """
    bits = _choice("weight encoding", encoding, ENCODINGS)[1]
    low, high = (-1, 1) if bits <= 2 else (-(2 ** (bits - 1)), 2 ** (bits - 1) - 1)
    weights = _integers("weights", weights, low, high)
    if weights.ndim != 2 or (bits == 1 and not np.all(weights)):
        raise ValueError(f"weights: not a matrix of {encoding} values")
    codes = (weights.T > 0) if bits == 1 else weights.T & (2**bits - 1)
    spread = (codes.astype(np.int64)[:, :, None] >> np.arange(bits)) & 1
    return np.packbits(spread.reshape(len(codes), -1).astype(np.uint8), axis=1, bitorder="little").tobytes()


def _choice(field, key, table):
    if key not in table:
        raise ValueError(f"{field}: {key!r} is none of {list(table)}")
    return table[key]


def _within(field, value, low, high):
    if value != int(value) or not low <= value <= high:
        raise ValueError(f"{field}: {value} is outside {low} … {high}")
    return int(value)


def _integers(field, values, low, high, count=None):
    array = np.asarray(values)
    if not np.issubdtype(array.dtype, np.integer) or (count is not None and array.shape != (count,)):
        raise ValueError(f"{field}: shape {array.shape} of {array.dtype}, not {count} integers")
    if array.size and not low <= int(array.min()) <= int(array.max()) <= high:
        raise ValueError(f"{field}: {array.min()} … {array.max()} is outside {low} … {high}")
    return array.astype(np.int64)


def _sizes(field, values, high=255, low=1):
    return [_within(field, value, low, high) for value in values]


class ModelWriter:
    """Collects one model. Slots and ops are named by the index that declaring them returns; ops run as declared."""

    def __init__(self):
        self._strings, self._references = bytearray(1), {"": 0}
        self._streams, self._channels, self._slots, self._counts = b"", b"", b"", []
        self._synaptic = set()
        self._ops, self._parameters, self._blocks = b"", bytearray(), {}
        self._data, self._tensors = bytearray(), {}
        self._output, self._optional = None, []
        self.minor = MINORS.start

    # Names, stream, slots.

    def name(self, text: str) -> int:
        """Reference of `text` in the names section; equal strings are stored once."""
        if text not in self._references:
            if any(ord(letter) < 32 or ord(letter) == 127 for letter in text):
                raise ValueError(f"name: control character in {text!r}")
            self._references[text] = _within("names", len(self._strings), 1, 65534)
            self._strings += text.encode("utf-8") + b"\0"
        return self._references[text]

    def stream(self, name: str, rate, channels) -> int:
        """The stream: `rate` (numerator, denominator) in frames per second; `channels` of (name, unit, scale).

        `scale` (numerator, denominator) is what one count of a raw sample is worth in the unit. Returns the
        stream's samples slot (i16, one element per channel).
        """
        if self._streams:
            raise ValueError("stream: format 1 has exactly one")
        slot = self._slot(1, 16, _within("channel count", len(channels), 1, 65535), False, 0)
        self._streams = struct.pack("<HHIIHH", self.name(name), len(channels),
                                    *(_within("rate", part, *UINT32) for part in rate), slot, 0)
        for label, unit, scale in channels:
            parts = (_within("scale", part, *UINT32) for part in scale)
            self._channels += struct.pack("<HHII", self.name(label), self.name(unit), *parts)
        return slot

    def current(self, count: int) -> int:
        """Slot of `count` i32 sums, 0 at the start of each tick."""
        return self._slot(2, 32, count, False, 0)

    def spikes(self, count: int, persistent=False, bits=1) -> int:
        """Slot of `count` spikes, 0 … 2^bits − 1 (bits 1 … 8); persistent: last tick's can be read above and by their
        writer."""
        return self._slot(3, _within("bits", bits, 1, 8), count, persistent, 0)

    def analog(self, count: int, bits: int, persistent=False, initial=0) -> int:
        """Slot of `count` integers of magnitude ≤ 2^(bits−1) − 1 (bits 2 … 16, i16) or 2^30 − 1 (bits 32, i32)."""
        limit = 2**30 - 1 if bits == 32 else 2 ** (_within("bits", bits, 2, 16) - 1) - 1
        limit = min(limit, 32767) if persistent else 0
        return self._slot(4, bits, count, persistent, _within("initial value", initial, -limit, limit))

    def synaptic(self, count: int) -> int:
        """Slot of `count` i16 currents that last, for xylo: P of each neuron, first one of every neuron."""
        slot = self._slot(5, 16, count, True, 0)
        self._synaptic.add(slot)
        return slot

    def _slot(self, kind, bits, count, persistent, initial):
        count = _within("element count", count, 1, 2**24)
        index = _within("slot", len(self._counts), 0, 4095)
        self._slots += struct.pack("<BBBBHhI", kind, bits, bool(persistent), 0, 1, initial, count)
        self._counts.append(count)
        return index

    # The ops. Each returns the op's index.

    def input(self, samples: int, target: int, offsets, multipliers, shift: int) -> int:
        """target[c] = clamp(rnd((samples[c] − offsets[c]) · multipliers[c], shift)); i16 each, one per channel."""
        count = self._counts[samples]
        pairs = [_integers(field, values, -32768, 32767, count)
                 for field, values in (("offset", offsets), ("multiplier", multipliers))]
        table = self._store(np.stack(pairs, axis=1).astype("<i2").tobytes())
        return self.op(1, samples, target, struct.pack("<B3xI", _within("shift", shift, 0, 31), table))

    def dense(self, source: int, target: int, weights, encoding: str, join="add", shift=0, source_shift=0,
              multipliers=None, _groups=None) -> int:
        """Adds join(Σ_j weights[i][j] · source[j]) to the current `target`; to a synaptic one event by event.

        weights: integers, shape (target count, source count); encoding: a key of ENCODINGS; join: a key of
        JOINS with its `shift`; source_shift: for a 32-bit analog source; multipliers: i32, shape (target count,).
        Into a synaptic slot: not int16; add, or left with a shift up to 8.
        """
        groups = _within("group count", 1 if _groups is None else _groups, 1, 2**24)
        counts = self._counts[target], self._counts[source]
        shape = tuple(count // groups for count in counts)
        if np.shape(weights) != shape or any(count % groups for count in counts):
            raise ValueError(f"weights: shape {np.shape(weights)} in {groups} groups, not {shape}")
        if target in self._synaptic:
            if encoding == "int16" or join not in ("add", "left"):
                raise ValueError(f"join: {join} of {encoding} weights does not go into a synaptic slot")
            _within("join shift", shift, 0, 8)
            _within("source shift", source_shift, 0, 0)
        start = self._join(encoding, join, shift, source_shift, multipliers)
        runs = self._tensor(weights, pack_weights(weights, encoding))
        block = start + struct.pack("<III", groups, runs, self._multipliers(multipliers, shape[0]))
        return self.op(2 if _groups is None else 3, source, target, block)

    def _join(self, encoding, join, shift, source_shift, multipliers):
        """The first four bytes of a projection's block."""
        code, greatest = _choice("join", join, JOINS)
        if (multipliers is not None) != (join == "multiplier"):
            raise ValueError("multipliers: exactly with the join multiplier")
        return struct.pack("<BBBB", _choice("weight encoding", encoding, ENCODINGS)[0], code,
                           _within("join shift", shift, 0, greatest), _within("source shift", source_shift, 0, 31))

    def _multipliers(self, multipliers, count):
        """The field of a projection's multipliers, 0 without."""
        return 0 if multipliers is None else self._array("multipliers", multipliers, "<i4", *INT32, count)

    def block(self, source: int, target: int, weights, encoding: str, groups: int, *join, **options) -> int:
        """`dense`, and its further parameters, for `groups` equal parts of both slots, which share the weights
        (target count / groups, source count / groups) and multipliers (target count / groups,)."""
        return self.dense(source, target, weights, encoding, *join, _groups=groups, **options)

    def lif(self, current: int, target: int, threshold=0, decay=0, synaptic_decay=0, bias=0, model="LIF",
            reset=None, width=16, fraction_bits=0, comparison=">", refractory=0, threshold_decay=0,
            threshold_step=0, period=None) -> int:
        """Neurons: LI or CuBa-LI into a persistent analog slot of `width` bits, other models into a spikes slot.

        decay, synaptic_decay (CuBa models), threshold_decay (ALIF models): Q15, 0 … 32768; threshold, threshold_step
        (ALIF models): 0 … L; bias: i32. Each is one integer or an array (count,), or (period,) with a period, which divides
        the count: neuron i has element i mod period. reset: a key of RESETS, by default subtract, for ALIF models at once,
        for LI models none. comparison: a key of COMPARISONS. refractory: ticks, with a reset at once. width: 16 or 32;
        fraction_bits 0 … 15.
        """
        code = _choice("model", model, NEURONS)
        is_current_based, is_spiking, is_adaptive = code in (2, 4, 6), code not in (3, 4), code in (5, 6)
        reset = reset or ("none" if not is_spiking else "subtract at once" if is_adaptive else "subtract")
        reset_code = _choice("reset", reset, RESETS)
        if (reset_code == 0) == is_spiking or reset_code in (1, 2) and is_adaptive:
            raise ValueError(f"reset: {reset} does not go with {model}")
        limit = _choice("state width", width, {16: 32767, 32: 2**30 - 1})
        state = f"<i{width // 8}"
        fields = (("decay", decay, "<u2", 0, 32768, True),
                  ("synaptic decay", synaptic_decay, "<u2", 0, 32768, is_current_based),
                  ("threshold", threshold, state, 0, limit, is_spiking),
                  ("bias", bias, "<i4", *INT32, True),
                  ("threshold decay", threshold_decay, "<u2", 0, 32768, is_adaptive),
                  ("threshold step", threshold_step, state, 0, limit, is_adaptive))
        flags, words = 0, []
        for i, (field, value, kind, low, high, has) in enumerate(fields):
            if np.ndim(value) == 0:
                words.append(_within(field, value, low, high if has else 0) & 0xFFFFFFFF)
            elif not has:
                raise ValueError(f"{field}: not for {model}")
            else:
                flags |= 1 << i
                words.append(self._array(field, value, kind, low, high, period or self._counts[current]))
        comparison = _within("comparison", _choice("comparison", comparison, COMPARISONS), 0, int(is_spiking))
        refractory = _within("refractory ticks", refractory, 0, 32767 if reset_code > 2 else 0)
        block = struct.pack("<BBBBBBHIIIIIII", code, reset_code, comparison, width,
                            _within("fraction bits", fraction_bits, 0, 15), flags, refractory, *words,
                            self._period(period, current))
        return self.op(4, current, target, block)

    def _period(self, period, current):
        """The field of a period, 0 without."""
        if period is not None and self._counts[current] % _within("period", period, 1, 2**24):
            raise ValueError(f"period: {period} does not divide {self._counts[current]}")
        return period or 0

    def memory(self, current: int, target: int, state_matrix, input_matrix, encoding: str, state_bits: int,
               input_bits: int, bias=0, fraction_bits=0) -> int:
        """Linear memory of M = current count units of order q in a persistent analog slot of M·q elements.

        state_matrix A: (q, q), `state_bits` fraction bits; input_matrix B: (q,), `input_bits` fraction bits; both
        int8 or int16 by `encoding`; bias: i32, one or an array (M,).
        """
        if encoding not in ("int8", "int16"):
            raise ValueError(f"encoding: {encoding!r} is neither int8 nor int16")
        order, units = _within("order", len(input_matrix), 1, 4096), self._counts[current]
        if np.shape(state_matrix) != (order, order) or self._counts[target] != units * order:
            raise ValueError(f"A: shape {np.shape(state_matrix)} for order {order}, target {self._counts[target]}")
        kind, limit = ("<i1", 128) if encoding == "int8" else ("<i2", 32768)
        offsets = [self._array(field, values, kind, -limit, limit - 1)
                   for field, values in (("A", state_matrix), ("B", input_matrix))]
        shared = np.ndim(bias) == 0
        word = _within("bias", bias, *INT32) if shared else self._array("bias", bias, "<i4", *INT32, units)
        block = struct.pack("<BBBBHBBIII", ENCODINGS[encoding][0], _within("sA", state_bits, 0, 30),
                            _within("sB", input_bits, 0, 30), _within("fraction bits", fraction_bits, 0, 15), order,
                            not shared, 0, *offsets, word & 0xFFFFFFFF)
        return self.op(5, current, target, block)

    def readout(self, source: int, window: int, integration="sum", reset_network=False, shift=0, decay=0, hop=None,
                is_early=False, evidence_decay=0) -> int:
        """Scores of `source`, one result over `window` ticks every `hop` ticks (by default the window).

        integration: sum, last, leaky (a sum with a decay) or maximum, the latter two with hop = window. decay (leaky),
        evidence_decay (hop = window): Q15, 0 … 32768. is_early (hop < window): the first result at the first hop's end,
        not when the window is full.
        """
        code = _choice("integration", integration, INTEGRATIONS)
        if integration == "maximum":
            self.minor = 7
        window = _within("window", window, 1, 2**24)
        hop = _within("hop", window if hop is None else hop, window if integration in ("leaky", "maximum") else 1, window)
        _within("window / hop", window / hop, 1, 4096)
        block = struct.pack("<BBBBIIHH", code, bool(reset_network), _within("shift", shift, 0, 31),
                            _within("is_early", is_early, 0, int(hop < window)), window, hop,
                            _within("decay", decay, 0, 32768 if integration == "leaky" else 0),
                            _within("evidence decay", evidence_decay, 0, 32768 if hop == window else 0))
        return self.op(6, source, NONE, block)

    def sparse(self, source: int, target: int, synapses, encoding: str, delays=1, join="add", shift=0, source_shift=0,
               multipliers=None) -> int:
        """Adds join(Σ weight · source of `delay` ticks ago) over `synapses` to the current `target`.

        synapses: integers, shape (N, 4), each (source, delay, target, weight), in any order; no two with the same first
        three; delays: D, 1 … 4096, above every delay. The rest as for `dense`; multipliers: shape (target count,).
        """
        count, targets = self._counts[source], self._counts[target]
        delays = _within("delays", delays, 1, 4096)
        columns = [_integers(field, np.asarray(synapses)[:, i], 0, limit - 1)
                   for i, (field, limit) in enumerate((("source", count), ("delay", delays), ("target", targets)))]
        run = columns[0] * delays + columns[1]
        order = np.lexsort((columns[2], run))
        if np.any(np.diff(run[order] * 2**24 + columns[2][order]) == 0):
            raise ValueError("synapses: two of one source, delay and target")
        start = self._join(encoding, join, shift, source_shift, multipliers)
        table = np.concatenate(([0], np.cumsum(np.bincount(run, minlength=count * delays))))
        weights = pack_weights(np.asarray(synapses)[order, 3:], encoding)
        parts = (table.astype("<u4").tobytes(), columns[2][order].astype("<u2" if targets <= 65536 else "<u4").tobytes(), weights)
        block = start + struct.pack("<HHIIII", delays, 0, *(self._tensor(synapses, part) for part in parts),
                                    self._multipliers(multipliers, targets))
        return self.op(7, source, target, block)

    def delay(self, source: int, target: int, delay, kept=None) -> int:
        """target[i] = source[i] of delay[i] ticks ago. delay: one or an array (count,), 0 … kept − 1; kept: 1 … 4096
        frames, by default as many as the delay needs."""
        kept = _within("frames kept", np.max(delay) + 1 if kept is None else kept, 1, 4096)
        shared = np.ndim(delay) == 0
        word = (_within("delay", delay, 0, kept - 1) if shared else
                self._array("delay", delay, "<u2", 0, kept - 1, self._counts[source]))
        return self.op(8, source, target, struct.pack("<HBBI", kept, not shared, 0, word))

    def convolution(self, source: int, target: int, shape, weights, encoding: str, strides=(1, 1), padding=(0, 0, 0, 0),
                    dilations=(1, 1), groups=1, join="add", shift=0, source_shift=0, multipliers=None) -> int:
        """Adds the joined convolution of `source` to the current `target`, both channel last.

        shape: (height, width, channels C) of the source; weights: (C′, C / groups, kernel height, kernel width); padding:
        above, below, left, right; multipliers: (C′,); the rest as for `dense`.
        """
        if np.ndim(weights) != 4 or any(size % groups for size in (shape[2], len(weights))):
            raise ValueError(f"weights: shape {np.shape(weights)} in {groups} groups for {shape}")
        targets, sources, *kernel = np.shape(weights)
        if shape[2] != groups * sources:
            raise ValueError(f"weights: {groups} groups of {sources} channels, not {shape[2]}")
        start = self._join(encoding, join, shift, source_shift, multipliers)
        rows = np.asarray(weights).reshape(groups, targets // groups, -1).swapaxes(0, 1).reshape(targets // groups, -1)
        block = start + struct.pack("<4H10BHII", *_sizes("shape", shape, 65535), targets, *_sizes("kernel", kernel),
                                    *_sizes("strides", strides), *_sizes("padding", padding, low=0),
                                    *_sizes("dilations", dilations), groups,
                                    self._tensor(weights, pack_weights(rows, encoding)),
                                    self._multipliers(multipliers, targets))
        return self.op(9, source, target, block)

    def pool(self, source: int, target: int, shape, window, function="sum", strides=None, padding=(0, 0, 0, 0), multiplier=1,
             shift=0) -> int:
        """target = rnd(multiplier · Σ, shift) over windows of `source`, or their maximum, both channel last; added to a
        current. shape: (height, width, channels); window: (height, width); strides: by default the window; padding: above,
        below, left, right. multiplier: i16, and shift: 0 … 47, of a sum."""
        code = _choice("function", function, POOLS)
        is_sum = int(code == 1)
        block = struct.pack("<BB3H8BhH", code, _within("shift", shift, 0, 47 * is_sum), *_sizes("shape", shape, 65535),
                            *_sizes("window", window), *_sizes("strides", strides or window),
                            *(_within("padding", value, 0, window[i // 2] - 1) for i, value in enumerate(padding)),
                            _within("multiplier", multiplier, -32768, 32767) * is_sum, 0)
        return self.op(10, source, target, block)

    def activation(self, current: int, target: int, function="clip", multiplier=1, bias=0, shift=0, low=0, high=0,
                   period=None) -> int:
        """target = function(rnd((current + bias) · multiplier, shift)), function a key of ACTIVATIONS.

        multiplier, bias: i32, each one or an array (count,), with a period (period,); shift: 0 … 47; low, high: bounds of
        clip. tanh and sigmoid take 4096 for 1 and give units of 2^(1 − bits of the target).
        """
        code = _choice("function", function, ACTIVATIONS)
        flags, words = self._fields((("multiplier", multiplier, "<i4", *INT32), ("bias", bias, "<i4", *INT32)),
                                    [period or self._counts[current]] * 2)
        limit = 32767 if code == 1 else 0
        block = struct.pack("<BBBBIIhhI", code, _within("shift", shift, 0, 47), flags, 0, *words,
                            _within("low", low, -limit, limit), _within("high", high, low, limit),
                            self._period(period, current))
        return self.op(11, current, target, block)

    def loihi(self, current: int, target: int, threshold=0, current_decay=0, voltage_decay=0, bias=0, exponent=0, comparison=">",
              period=None) -> int:
        """Loihi's neurons, into spikes of 1 bit.

        current_decay, voltage_decay: 0 … 4096; threshold: 0 … 2^23 − 1; bias: of magnitude up to 2^30 − 1; each one or an
        array (count,), with a period (period,). exponent: of the weights, −8 … 7. comparison: a key of COMPARISONS.
        """
        flags, words = self._fields((("current decay", current_decay, "<u2", 0, 4096),
                                     ("voltage decay", voltage_decay, "<u2", 0, 4096),
                                     ("threshold", threshold, "<i4", 0, 2**23 - 1), ("bias", bias, "<i4", 1 - 2**30, 2**30 - 1)),
                                    [period or self._counts[current]] * 4)
        block = struct.pack("<BbBBIIIII", _choice("comparison", comparison, COMPARISONS), _within("exponent", exponent, -8, 7),
                            flags, 0, *words, self._period(period, current))
        return self.op(12, current, target, block)

    def xylo(self, synaptic: int, target: int, threshold=0, membrane_dash=0, synaptic_dash=0, bias=0, aliases=None) -> int:
        """Xylo's neurons, N of them into N spikes, from the N or 2·N currents of a synaptic slot.

        threshold: 0 … 32767; membrane_dash, synaptic_dash: 0 … 15; bias: i16; each one or an array (N,), of synaptic dashes
        one for each current. aliases, of graded spikes: (N,), for each neuron the one to which its spikes are given too, or NONE.
        """
        count = self._counts[target]
        flags, words = self._fields((("membrane dash", membrane_dash, "<u2", 0, 15),
                                     ("synaptic dash", synaptic_dash, "<u2", 0, 15),
                                     ("threshold", threshold, "<i2", 0, 32767), ("bias", bias, "<i4", -32768, 32767)),
                                    (count, self._counts[synaptic], count, count))
        word = 0 if aliases is None else self._array("aliases", aliases, "<u2", 0, NONE, count)
        return self.op(13, synaptic, target, struct.pack("<BxxxIIIII", flags | 16 * (aliases is not None), *words, word))

    def recurrence(self, current: int, target: int, factors, output_shift: int, limit: int, substeps=1, bias=0,
                   fraction_bits=0) -> int:
        """Memory of M = current count units of order q, by factors that they share, in a persistent analog slot of M·q elements.

        factors: i32, shape (poles, rows, K) or, complex, (poles, rows, 2, K): of each pole, K segments of n = ⌈q/K⌉ places, the
        rows g, d and, where K > 1, x and y of n each, p, x, y; legendre.integers makes them. output_shift: 0 … 30; limit L: of u
        and m, up to that of the slot; substeps: 1 … 16; bias: i32, one or an array (M,).
        """
        shape, units = np.shape(factors), self._counts[current]
        if len(shape) not in (3, 4) or len(shape) == 4 and shape[2] != 2:
            raise ValueError(f"factors: shape {shape}, not (poles, rows, segments) or (poles, rows, 2, segments)")
        segments, (order, rest) = _within("segment count", shape[-1], 1, 16), divmod(self._counts[target], units)
        if rest:
            raise ValueError(f"target: {self._counts[target]} elements for {units} units")
        places = -(-order // segments)
        rows = 2 * places if segments == 1 else 4 * places + 3
        if shape[1] != rows:
            raise ValueError(f"factors: {shape[1]} rows, not {rows}, for order {order} in {segments} segments")
        greatest = 2**30 - 1 if self._slots[12 * target + 1] == 32 else 32767
        shared = np.ndim(bias) == 0
        word = _within("bias", bias, *INT32) if shared else self._array("bias", bias, "<i4", *INT32, units)
        block = struct.pack("<BBBBHBBIII", segments, _within("pole count", shape[0], 1, 8),
                            _within("substeps", substeps, 1, 16), _within("fraction bits", fraction_bits, 0, 15),
                            _within("order", order, 1, 4096), (not shared) | 2 * (len(shape) == 4),
                            _within("output shift", output_shift, 0, 30), self._array("factors", factors, "<i4", *INT32),
                            _within("limit", limit, 1, greatest), word & 0xFFFFFFFF)
        return self.op(14, current, target, block)

    def _fields(self, fields, counts):
        """Flags and words of (name, value, form, low, high), each one value or an array of its count."""
        flags, words = 0, []
        for i, ((field, value, form, low, high), count) in enumerate(zip(fields, counts)):
            flags |= bool(np.ndim(value)) << i
            words.append(self._array(field, value, form, low, high, count) if np.ndim(value)
                         else _within(field, value, low, high) & 0xFFFFFFFF)
        return flags, words

    def op(self, kind: int, source: int, target: int, block: bytes) -> int:
        """An op of any kind, from `source` into `target` (NONE without), with the parameters of `block`, unchecked."""
        if (kind, block) not in self._blocks:
            self._blocks[kind, block] = _within("parameters offset", len(self._parameters) // 4, 0, 65535)
            self._parameters += block
        self._ops += struct.pack("<BBHHHHHHHHH", kind, 1, 1, 0, source, NONE, NONE, NONE, target, NONE,
                                 self._blocks[kind, block])
        return len(self._ops) // 20 - 1

    def _array(self, field, values, kind, low, high, count=None):
        return self._tensor(values, _integers(field, values, low, high, count).astype(kind).tobytes())

    def _tensor(self, values, content):
        """Offset in data of `content`, stored once for each array object (kept alive here) it was made from."""
        if (id(values), content) not in self._tensors:
            self._tensors[id(values), content] = (self._store(content), values)
        return self._tensors[id(values), content][0]

    def _store(self, content):
        self._data += bytes(-len(self._data) % 4)
        self._data += content
        return _within("data offset", len(self._data) - len(content), 0, 2**32 - 4)

    # Output, self-test, metadata, and the whole.

    def output(self, name: str, op: int, classes) -> None:
        """The output: readout op `op`, one class name for each of its scores."""
        count = _within("class count", len(classes), 1, 65535)
        references = [self.name(label) for label in classes]
        self._output = struct.pack("<HHHHHH", 1, 0, self.name(name), op, count, 0)
        self._output += np.array(references, "<u2").tobytes()

    def self_test(self, frames, checksum: int) -> None:
        """frames: i16, shape (ticks, channels); checksum: the output checksum they give on a fresh network."""
        frames = _integers("frames", frames, -32768, 32767)
        payload = struct.pack("<II", len(frames), checksum) + frames.astype("<i2").tobytes()
        self._optional.append((9, 0, payload))

    def metadata(self, text: str) -> None:
        """Lines `key: value` for people."""
        self._optional.append((10, 0, text.encode("utf-8")))

    def sections(self) -> list:
        """The (type, flags, payload) that `build` assembles; valid once stream and output are declared."""
        if self._output is None or not self._streams:
            raise ValueError("outputs: no stream or no output was declared")
        payloads = (self._streams, self._channels, self._slots, self._ops, bytes(self._parameters),
                    bytes(self._data), self._output, bytes(self._strings))
        return [(i + 1, CRITICAL, payload) for i, payload in enumerate(payloads)] + self._optional

    def build(self) -> bytes:
        """The model file."""
        return assemble(self.sections(), self.minor)
