"""Independent reader and validator of snnrt model files, written from docs/format.md alone.

`parse(data)` gives a `Model` or raises `Refused` with the status and offset of the first fault, in the order of
checks of section 16. Section numbers in comments are format.md's; "chosen:" marks readings the document leaves open.
"""

import struct
from dataclasses import dataclass, field, replace
from enum import IntEnum

import numpy as np

MAGIC = b"\x89SNN\r\n\x1a\n"
NONE = 65535


class Status(IntEnum):
    NOT_A_MODEL = -3
    NEWER_VERSION = -4
    UNSUPPORTED_ARITHMETIC = -5
    TRUNCATED = -6
    DAMAGED = -7
    MALFORMED = -8
    UNSUPPORTED = -9
    BAD_WIRING = -10
    BAD_VALUE = -11
    MAY_OVERFLOW = -12


class Refused(Exception):
    """The model is refused: `status` (a negative int), `offset` in the file, `reason` for people."""

    def __init__(self, status: int, offset: int, reason: str):
        super().__init__(f"{Status(status).name} at {offset}: {reason}")
        self.status, self.offset, self.reason = int(status), int(offset), reason


# --- The model as parsed. All arrays are int64 unless said otherwise. ---


class SlotType(IntEnum):
    SAMPLES = 1
    CURRENT = 2
    SPIKES = 3
    ANALOG = 4
    SYNAPTIC = 5


CURRENT_BASED, INTEGRATORS, ADAPTIVE = (2, 4, 6), (3, 4), (5, 6)  # lif models


class Kind(IntEnum):
    INPUT = 1
    DENSE = 2
    BLOCK = 3
    LIF = 4
    MEMORY = 5
    READOUT = 6
    SPARSE = 7
    DELAY = 8
    CONVOLUTION = 9
    POOL = 10
    ACTIVATION = 11
    LOIHI = 12
    XYLO = 13
    RECURRENCE = 14


PROJECTIONS = (Kind.DENSE, Kind.BLOCK, Kind.SPARSE, Kind.CONVOLUTION)
SUMS = (SlotType.CURRENT, SlotType.SYNAPTIC)  # slots of several writers and one reader


@dataclass
class Slot:
    type: int
    bits: int
    persistent: bool
    initial: int
    count: int
    offset: int  # of its record

    @property
    def limit(self) -> int:
        """Largest magnitude of an element of a spikes, analog or synaptic slot (of this, between ticks)."""
        if self.type == SlotType.SPIKES:
            return 2**self.bits - 1
        return 2**30 - 1 if self.bits == 32 else 2 ** (self.bits - 1) - 1

    @property
    def is_wide_analog(self) -> bool:
        return self.type == SlotType.ANALOG and self.bits == 32

    @property
    def is_graded(self) -> bool:
        return self.type == SlotType.SPIKES and self.bits > 1


@dataclass
class InputParameters:
    shift: int
    offsets: np.ndarray  # (channels,)
    multipliers: np.ndarray  # (channels,)


@dataclass
class ProjectionParameters:
    encoding: int
    weight_bits: int
    join: int
    shift: int
    source_shift: int
    groups: int
    runs: np.ndarray  # (k, r): weights from source element j of a group to its destinations
    multipliers: np.ndarray | None  # (r,)


@dataclass
class LifParameters:
    model: int  # 1 LIF, 2 CuBa-LIF, 3 LI, 4 CuBa-LI, 5 ALIF, 6 CuBa-ALIF
    reset: int
    comparison: int  # 0 >, 1 ≥
    width: int
    fraction_bits: int
    flags: int
    refractory: int  # ticks
    decay: np.ndarray  # β, scalar or (count,); the next ones likewise
    synaptic_decay: np.ndarray  # α
    threshold: np.ndarray  # θ
    bias: np.ndarray
    threshold_decay: np.ndarray  # ρ, 0 without an adaptive threshold
    threshold_step: np.ndarray  # κ, likewise
    period: int | None = None  # P: arrays are (P,), neuron i has element i mod P

    def of_neurons(self, count):
        """The same with an element per neuron in arrays."""
        if self.period is None:
            return self
        names = ("decay", "synaptic_decay", "threshold", "bias", "threshold_decay", "threshold_step")
        return replace(self, period=None, **{name: of_neurons(getattr(self, name), count) for name in names})

    @property
    def is_current_based(self) -> bool:
        return self.model in CURRENT_BASED

    @property
    def is_adaptive(self) -> bool:
        return self.model in ADAPTIVE

    @property
    def is_spiking(self) -> bool:
        return self.model not in INTEGRATORS

    @property
    def resets_in_same_tick(self) -> bool:
        return self.reset in (3, 4)

    @property
    def limit(self) -> int:
        return 32767 if self.width == 16 else 2**30 - 1


def of_neurons(values, count):
    """A shared value as it is; of an array neuron i has element i mod its length."""
    return values if np.ndim(values) == 0 else np.tile(values, count // len(values))


@dataclass
class MemoryParameters:
    encoding: int
    weight_bits: int
    state_matrix_bits: int
    input_matrix_bits: int
    fraction_bits: int
    order: int
    flags: int
    state_matrix: np.ndarray  # A, (q, q)
    input_matrix: np.ndarray  # B, (q,)
    bias: np.ndarray  # scalar or (M,)


@dataclass
class ReadoutParameters:
    integration: int
    resets_network: bool
    shift: int
    is_early: bool  # the first result at the first hop's end
    window: int
    hop: int
    decay: int
    evidence_decay: int

    @property
    def entries(self) -> int:
        """n of section 9.5."""
        return self.window // self.hop


@dataclass
class SparseParameters:
    encoding: int
    weight_bits: int
    join: int
    shift: int
    source_shift: int
    delays: int  # D
    runs: np.ndarray  # (k·D + 1,)
    targets: np.ndarray  # (N,)
    target_bits: int  # 16 or 32, as stored
    weights: np.ndarray  # (N,)
    multipliers: np.ndarray | None  # (destinations,)


@dataclass
class DelayParameters:
    kept: int  # D
    flags: int
    delay: np.ndarray  # scalar or (count,)


@dataclass
class Axis:
    """Height or width of a convolution or pool: where source, kernel and destination meet (section 9.9)."""

    size: int
    kernel: int
    stride: int
    before: int
    after: int
    dilation: int = 1

    @property
    def dividend(self) -> int:
        return self.size + self.before + self.after - self.dilation * (self.kernel - 1) - 1

    @property
    def count(self) -> int:
        """H′ or W′."""
        return self.dividend // self.stride + 1

    def meets(self, k):
        """(destinations, sources) of kernel position k, as slices."""
        first = self.dilation * k - self.before  # the source of destination 0
        low = max(0, -(first // self.stride))
        high = min(self.count, (self.size - 1 - first) // self.stride + 1)
        if high <= low:
            return slice(0, 0), slice(0, 0)
        return slice(low, high), slice(first + self.stride * low, first + self.stride * (high - 1) + 1, self.stride)

    @property
    def pairs(self) -> int:
        """Ty or Tx."""
        return sum(max(0, destinations.stop - destinations.start) for destinations, _ in map(self.meets, range(self.kernel)))


@dataclass
class ConvolutionParameters:
    encoding: int
    weight_bits: int
    join: int
    shift: int
    source_shift: int
    rows: Axis
    columns: Axis
    channels: int  # C
    target_channels: int  # C′
    groups: int
    weights: np.ndarray  # (C, kh, kw, r)
    multipliers: np.ndarray | None  # (C′,)

    @property
    def taps(self) -> int:
        """T."""
        return self.rows.pairs * self.columns.pairs


@dataclass
class PoolParameters:
    function: int  # 1 sum, 2 maximum
    shift: int
    rows: Axis
    columns: Axis
    channels: int
    multiplier: int


@dataclass
class ActivationParameters:
    function: int  # 1 clip, 2 tanh, 3 sigmoid
    shift: int
    flags: int
    multiplier: np.ndarray  # scalar or (period or count,)
    bias: np.ndarray  # likewise
    low: int
    high: int
    period: int | None


@dataclass
class LoihiParameters:
    comparison: int  # 0 >, 1 ≥
    exponent: int  # e
    flags: int
    current_decay: np.ndarray  # δu, scalar or (period or count,); the next ones likewise
    voltage_decay: np.ndarray  # δv
    threshold: np.ndarray  # θ
    bias: np.ndarray
    period: int | None

    @property
    def input_bits(self) -> int:
        """f of section 9.12."""
        return 6 + max(self.exponent, 0)


@dataclass
class XyloParameters:
    flags: int
    membrane_dash: np.ndarray  # scalar or (N,)
    synaptic_dash: np.ndarray  # scalar or (P·N,)
    threshold: np.ndarray  # θ, scalar or (N,); the bias likewise
    bias: np.ndarray
    aliases: np.ndarray | None  # (N,), NONE for none


@dataclass
class RecurrenceParameters:
    segments: int  # K
    substeps: int  # S
    fraction_bits: int
    order: int
    flags: int
    output_shift: int
    factors: np.ndarray  # (poles, rows, 1 or, complex, 2, K)
    limit: int  # L
    bias: np.ndarray  # scalar or (M,)

    @property
    def places(self) -> int:
        """n"""
        return -(-self.order // self.segments)

    @property
    def products(self) -> int:
        """e of section 14."""
        n, others = self.places, self.segments - 1
        if self.flags & 2:
            per_pole = 10 * n * self.segments + (4 * n + 12) * others
        else:
            per_pole = 3 * n * self.segments + (2 * n + 3) * others
        return self.substeps * len(self.factors) * per_pole


@dataclass
class Op:
    kind: int
    inputs: list  # of slot indices
    outputs: list
    parameters: object
    offset: int  # of its record
    block: int = 0  # offset of its parameters in the file
    tensors: list = field(default_factory=list)  # offsets of its tensors in the file


@dataclass
class Model:
    minor: int  # format version
    name: str
    rate: tuple
    channels: list  # of (name, unit, (numerator, denominator))
    samples_slot: int
    slots: list
    ops: list
    output_name: str
    classes: list
    self_test: tuple | None  # (frames (n, channels), checksum)
    metadata: str | None
    sections: dict = field(default_factory=dict)  # type: (offset, length, offset of its table entry)

    @property
    def readout(self) -> Op:
        return next(op for op in self.ops if op.kind == Kind.READOUT)


# --- Checks ---


def check(holds, status, offset, reason):
    if not holds:
        raise Refused(status, offset, reason)


def in_range(value, low, high, offset, what):
    check(low <= value <= high, Status.BAD_VALUE, offset, f"{what} {value} is outside {low} … {high}")
    return value


def reserved(holds, offset, what):
    check(holds, Status.UNSUPPORTED, offset, f"{what} is reserved")


def first_fault(faulty, status, offset, stride, reason):
    """Refuse at the first true element of `faulty`, whose elements lie `stride` bytes apart from `offset`."""
    if faulty.any():
        raise Refused(status, offset + stride * int(np.argmax(faulty)), reason)


def round_shift(value, shift):
    """rnd of section 1, for Python integers and int64 arrays."""
    return value if shift == 0 else (value + (1 << (shift - 1))) >> shift


# --- CRC-32C: bytes in parallel lanes, then the lanes' remainders joined (the CRC is linear over GF(2)). ---


def _crc_step_table():
    table = np.arange(256, dtype=np.uint32)
    for _ in range(8):
        table = (table >> 1) ^ np.where(table & 1, np.uint32(0x82F63B78), np.uint32(0))
    return table


_STEP = _crc_step_table()
_STEP_LIST = _STEP.tolist()


def crc32c(data: bytes, crc: int = 0) -> int:
    """CRC-32C of `data`, going on from `crc`, the CRC of what stands before it."""
    remainder = crc ^ 0xFFFFFFFF
    lanes = 256
    lane_length = len(data) // lanes
    if lane_length >= 16:
        head = np.frombuffer(data, np.uint8, lanes * lane_length).reshape(lanes, lane_length).T
        parts = np.zeros(lanes, np.uint32)
        for column in np.ascontiguousarray(head):
            parts = (parts >> np.uint32(8)) ^ _STEP[(parts ^ column) & 255]
        # The effect of lane_length zero bytes on each bit of a remainder, as four tables of 256.
        powers = np.left_shift(np.uint32(1), np.arange(32, dtype=np.uint32))
        for _ in range(lane_length):
            powers = (powers >> np.uint32(8)) ^ _STEP[powers & 255]
        tables = []
        for i in range(4):
            table = np.zeros(256, np.uint32)
            for bit in range(8):
                table ^= np.where(np.arange(256) >> bit & 1, powers[8 * i + bit], np.uint32(0))
            tables.append(table.tolist())
        for part in parts.tolist():
            remainder = (tables[0][remainder & 255] ^ tables[1][remainder >> 8 & 255]
                         ^ tables[2][remainder >> 16 & 255] ^ tables[3][remainder >> 24] ^ part)
        data = data[lanes * lane_length:]
    for byte in data:
        remainder = (remainder >> 8) ^ _STEP_LIST[(remainder ^ byte) & 255]
    return remainder ^ 0xFFFFFFFF


# --- Reading ---

REQUIRED = range(1, 9)
KNOWN_FLAGS = {kind: 1 for kind in REQUIRED} | {9: 0, 10: 0}
STREAMS, CHANNELS, SLOTS, OPS, PARAMETERS, DATA, OUTPUTS, NAMES, SELF_TEST, METADATA = range(1, 11)


class Reader:
    """One parse; its methods are the checks of section 16 in their order."""

    def __init__(self, data: bytes):
        self.data = bytes(data)
        self.sections = {}

    def fields(self, form, offset):
        return struct.unpack_from("<" + form, self.data, offset)

    def read(self) -> Model:
        self.header()
        self.section_table()
        self.names()
        self.streams_and_channels()
        self.read_slots()
        self.read_ops()
        self.synapses()
        self.wiring()
        self.outputs()
        self.read_self_test()
        prove(self.slots, self.ops)
        metadata = self.sections.get(METADATA)
        text = None if metadata is None else self.data[metadata[0]:sum(metadata[:2])].decode("utf-8", "replace")
        return Model(self.minor, self.stream_name, self.rate, self.channels, self.stream_slot, self.slots, self.ops,
                     self.output_name, self.classes, self.self_test, text, self.sections)

    # Section 2.

    def header(self):
        data = self.data
        if len(data) < 36:
            check(data[:8] == MAGIC[:len(data)], Status.NOT_A_MODEL, 0, "magic")
            raise Refused(Status.TRUNCATED, len(data), "shorter than any file")
        check(data[:8] == MAGIC, Status.NOT_A_MODEL, 0, "magic")
        major, self.minor, length = self.fields("HHI", 8)
        check(major == 1, Status.NEWER_VERSION, 8, f"format {major}")
        check(self.minor <= 5, Status.NEWER_VERSION, 10, f"format 1.{self.minor}")
        # chosen: a length that no file has is "damaged" even where the buffer is shorter too.
        check(length % 4 == 0 and length >= 36, Status.DAMAGED, 12, f"file length {length}")
        check(len(data) >= length, Status.TRUNCATED, 12, f"{len(data)} bytes of {length}")
        self.data = data = data[:length]
        self.trailer = length - 4
        check(crc32c(data[:-4]) == self.fields("I", self.trailer)[0], Status.DAMAGED, self.trailer, "trailer")
        arithmetic, version, self.section_count, short_reserve, long_reserve = self.fields("6sHHHI", 16)
        check(arithmetic == b"snn-tz", Status.UNSUPPORTED_ARITHMETIC, 16, f"arithmetic {arithmetic}")
        check(version == 1, Status.UNSUPPORTED_ARITHMETIC, 22, f"arithmetic version {version}")
        in_range(self.section_count, 1, 64, 24, "section count")
        reserved(short_reserve == 0, 26, "a header field")
        reserved(long_reserve == 0, 28, "a header field")

    # Section 3.

    def section_table(self):
        position = 32 + 12 * self.section_count
        check(position <= self.trailer, Status.MALFORMED, 24, "the section table does not fit")
        seen = set()
        for i in range(self.section_count):
            entry = 32 + 12 * i
            kind, flags, offset, length = self.fields("HHII", entry)
            check(kind not in seen, Status.MALFORMED, entry, f"section {kind} is repeated")
            seen.add(kind)
            reserved(kind in KNOWN_FLAGS or not flags & 1, entry, f"critical section {kind}")
            reserved(flags & ~1 == 0, entry + 2, f"flags {flags}")
            check(flags == KNOWN_FLAGS.get(kind, 0), Status.BAD_VALUE, entry + 2, f"flags {flags} of section {kind}")
            check(offset == position, Status.MALFORMED, entry + 4, f"section at {offset}, not {position}")
            check(offset + length <= self.trailer, Status.MALFORMED, entry + 8, f"section of {length} bytes")
            position = offset + length + -length % 4
            check(i + 1 < self.section_count or position == self.trailer, Status.MALFORMED, entry + 8,
                  "the last section ends before the trailer")
            for place in range(offset + length, position):
                check(self.data[place] == 0, Status.MALFORMED, place, "padding")
            if kind in KNOWN_FLAGS:
                self.sections[kind] = offset, length, entry
        for kind in REQUIRED:
            check(kind in self.sections, Status.MALFORMED, 24, f"section {kind} is missing")

    def wrong_length(self, holds, section, what):
        check(holds, Status.MALFORMED, self.sections[section][2] + 8, f"{what} section's length")

    # Section 4.

    def names(self):
        offset, length, _ = self.sections[NAMES]
        self.wrong_length(1 <= length <= 65535, NAMES, "names")
        self.strings = self.data[offset:offset + length]
        check(self.strings[0] == 0, Status.MALFORMED, offset, "first byte of names")
        check(self.strings[-1] == 0, Status.MALFORMED, offset + length - 1, "last byte of names")
        for i, byte in enumerate(self.strings):
            check(byte == 0 or 0x20 <= byte != 0x7F, Status.BAD_VALUE, offset + i, f"byte {byte} in a name")

    def name(self, reference, offset):
        good = reference < len(self.strings) and (reference == 0 or self.strings[reference - 1] == 0)
        check(good, Status.MALFORMED, offset, f"name reference {reference}")
        return self.strings[reference:self.strings.index(0, reference)].decode("utf-8", "replace")

    # Section 5.

    def streams_and_channels(self):
        offset, length, entry = self.sections[STREAMS]
        self.wrong_length(length % 16 == 0 and length > 0, STREAMS, "streams")
        reserved(length == 16, entry + 8, "a second stream")
        name, self.channel_count, numerator, denominator, self.stream_slot, reserve = self.fields("HHIIHH", offset)
        self.stream_name = self.name(name, offset)
        check(self.channel_count >= 1, Status.BAD_VALUE, offset + 2, "no channels")
        self.rate = self.ratio(numerator, denominator, offset + 4)
        # chosen: the slot section's own length is checked later, a reference is held to its whole records.
        check(self.stream_slot < self.sections[SLOTS][1] // 12, Status.MALFORMED, offset + 12, "slot of the stream")
        reserved(reserve == 0, offset + 14, "a stream field")
        offset, length, _ = self.sections[CHANNELS]
        self.wrong_length(length == 12 * self.channel_count, CHANNELS, "channels")
        self.channels = []
        for record in range(offset, offset + length, 12):
            name, unit, numerator, denominator = self.fields("HHII", record)
            self.channels.append((self.name(name, record), self.name(unit, record + 2),
                                  self.ratio(numerator, denominator, record + 4)))

    def ratio(self, numerator, denominator, offset):
        check(numerator >= 1, Status.BAD_VALUE, offset, "numerator 0")
        check(denominator >= 1, Status.BAD_VALUE, offset + 4, "denominator 0")
        return numerator, denominator

    # Section 6.

    def read_slots(self):
        offset, length, _ = self.sections[SLOTS]
        self.wrong_length(length % 12 == 0 and 1 <= length // 12 <= 4096, SLOTS, "slots")
        self.slots = [self.slot(record) for record in range(offset, offset + length, 12)]

    def slot(self, record):
        kind, bits, lifetime, reserve, depth, initial, count = self.fields("BBBBHhI", record)
        reserved(1 <= kind <= 5, record, f"slot type {kind}")
        widths = {1: (16,), 2: (32,), 3: range(1, 9), 4: (*range(2, 17), 32), 5: (16,)}[kind]
        reserved(kind != SlotType.SPIKES or not 9 <= bits <= 16, record + 1, f"spikes of {bits} bits")
        check(bits in widths, Status.BAD_VALUE, record + 1, f"{bits} bits")
        in_range(lifetime, int(kind == SlotType.SYNAPTIC), 1 if kind >= SlotType.SPIKES else 0, record + 2, "lifetime")
        reserved(reserve == 0, record + 3, "a slot field")
        reserved(depth == 1, record + 4, f"ring depth {depth}")
        slot = Slot(kind, bits, lifetime == 1, initial, count, record)
        limit = slot.limit if kind == SlotType.ANALOG and lifetime == 1 else 0
        in_range(initial, -limit, limit, record + 6, "initial value")
        in_range(count, 1, 2**24, record + 8, "element count")
        return slot

    # Section 7.

    def read_ops(self):
        offset, length, _ = self.sections[OPS]
        self.wrong_length(length % 20 == 0 and 1 <= length // 20 <= 4096, OPS, "ops")
        self.ops = [self.op(record) for record in range(offset, offset + length, 20)]

    def op(self, record):
        kind, version, period, phase, *references, block = self.fields("BBHHHHHHHHH", record)
        reserved(1 <= kind <= 14, record, f"op kind {kind}")
        reserved(version == (2 if kind == Kind.RECURRENCE else 1), record + 1, f"version {version} of an op kind")
        reserved(period == 1, record + 2, f"period {period}")
        reserved(phase == 0, record + 4, f"phase {phase}")
        output_count = 0 if kind == Kind.READOUT else 1
        for i, reference in enumerate(references):
            field_offset = record + 6 + 2 * i
            if i == 0 or i == 4 and output_count:
                check(reference < len(self.slots), Status.MALFORMED, field_offset, f"slot {reference}")
            else:
                check(reference == NONE, Status.BAD_WIRING, field_offset, "a slot that the op does not use")
        op = Op(kind, references[:1], references[4:4 + output_count], None, record)
        size, parse = {1: (8, self.input), 2: (12, self.projection), 3: (12, self.projection), 4: (24, self.lif),
                       5: (20, self.memory), 6: (16, self.readout), 7: (20, self.sparse), 8: (8, self.delay),
                       9: (28, self.convolution), 10: (20, self.pool), 11: (20, self.activation), 12: (24, self.loihi),
                       13: (24, self.xylo), 14: (20, self.recurrence)}[kind]
        start, length, _ = self.sections[PARAMETERS]
        check(4 * block + size <= length, Status.MALFORMED, record + 18, f"parameter block {block}")
        op.block = start + 4 * block
        if kind in PROJECTIONS and self.fields("xB", op.block)[0] == 3:
            size += 4
        if kind == Kind.LIF:
            model, flags = self.fields("BxxxxB", op.block)
            size += 8 * (model in ADAPTIVE) + 4 * (flags >> 6 & 1)
        check(4 * block + size <= length, Status.MALFORMED, record + 18, f"parameter block {block} of {size} bytes")
        self.slots_of_op(op)
        self.referenced, self.elements = op.tensors, []
        op.parameters = parse(op, op.block)
        for fault in self.elements:
            first_fault(*(fault() if callable(fault) else fault))
        return op

    def slots_of_op(self, op):
        """The table of section 7. chosen: it comes before the parameters, so what it needs of them is taken as it stands."""
        source = self.slots[op.inputs[0]]
        sources = {1: (1,), 4: (2,), 5: (2,), 10: (2, 3, 4), 11: (2,), 12: (2,), 13: (5,),
                   14: (2,)}.get(op.kind, (3, 4))
        check(source.type in sources, Status.BAD_WIRING, op.offset + 6, f"input of type {source.type}")
        if op.kind == Kind.READOUT:
            return
        target = self.slots[op.outputs[0]]
        is_state = target.type == SlotType.ANALOG and target.persistent and target.bits in (16, 32)
        if op.kind == Kind.INPUT:
            good = target.type == SlotType.ANALOG and target.bits <= 16 and target.count == source.count
        elif op.kind in PROJECTIONS:
            is_synaptic = op.kind == Kind.DENSE and target.type == SlotType.SYNAPTIC and not source.is_wide_analog
            good = target.type == SlotType.CURRENT or is_synaptic
        elif op.kind == Kind.LOIHI:
            good = (target.type, target.bits, target.count) == (SlotType.SPIKES, 1, source.count)
        elif op.kind == Kind.XYLO:  # chosen: N is the output's count, so another P·N is the input's fault
            check(source.count in (target.count, 2 * target.count), Status.BAD_WIRING, op.offset + 6,
                  f"{source.count} currents of {target.count} neurons")
            good = target.type == SlotType.SPIKES
        elif op.kind == Kind.DELAY:
            good = (target.type, target.bits, target.count) == (source.type, source.bits, source.count)
        elif op.kind == Kind.POOL:  # chosen: of a reserved function any slot; counts come behind the fields
            function, = self.fields("B", op.block)
            good = {1: target.type == SlotType.CURRENT or target.type == SlotType.ANALOG and target.bits <= 16,
                    2: (target.type, target.bits) == (source.type, source.bits)}.get(function, True)
        elif op.kind == Kind.ACTIVATION:
            good = target.type == SlotType.ANALOG and target.bits <= 16 and target.count == source.count
        elif op.kind == Kind.LIF:
            model, width = self.fields("BxxB", op.block)
            fits = is_state and target.bits == width if model in INTEGRATORS else target.type == SlotType.SPIKES
            good = target.count == source.count and (fits or not 1 <= model <= 6)
        else:
            good = is_state and target.count == source.count * self.fields("H", op.block + 4)[0]
        check(good, Status.BAD_WIRING, op.offset + 14, "output slot")

    # Section 8: tensors. `place` is the offset of the field that refers to the tensor. Bounds are checked at once,
    # elements when the op's parameters are through.

    def array(self, place, reference, form, count, low=None, high=None):
        """int64 array of `count` elements of numpy type `form` at `reference` in data, each low … high."""
        size = np.dtype(form).itemsize
        start = self.tensor(place, reference, count * size, size)
        values = np.frombuffer(self.data, form, count, start).astype(np.int64)
        if low is not None:
            self.elements.append(((values < low) | (values > high), Status.BAD_VALUE, start, size,
                                  f"outside {low} … {high}"))
        return values

    def tensor(self, place, reference, byte_count, alignment):
        start, length, _ = self.sections[DATA]
        check(reference % alignment == 0, Status.MALFORMED, place, f"tensor at {reference}: misaligned")
        check(reference + byte_count <= length, Status.MALFORMED, place, f"tensor at {reference}: out of bounds")
        self.referenced.append(start + reference)
        return start + reference

    def weights(self, place, reference, bits, sources, destinations):
        """Runs (sources, destinations) decoded."""
        run = (destinations * bits + 7) // 8
        start = self.tensor(place, reference, sources * run, 4)
        packed = np.frombuffer(self.data, np.uint8, sources * run, start).reshape(sources, run)
        if bits == 8:
            return packed.view(np.int8).astype(np.int64)
        if bits == 16:
            return packed.copy().view("<i2").astype(np.int64)
        per_byte = 8 // bits
        codes = packed[:, :, None] >> np.arange(0, 8, bits, dtype=np.uint8) & (2**bits - 1)
        codes = codes.reshape(sources, run * per_byte)
        faulty = np.zeros(codes.shape, bool)
        faulty[:, destinations:] = codes[:, destinations:] != 0
        if bits == 2:
            faulty |= codes == 2
        self.elements.append((faulty.reshape(-1, per_byte).any(axis=1), Status.MALFORMED, start, 1,
                              "ternary code or padding bit"))
        codes = codes[:, :destinations].astype(np.int64)
        return 2 * codes - 1 if bits == 1 else codes - (codes >> (bits - 1) << bits)

    # Section 9: parameters.

    def input(self, op, block):
        shift, *reserve, table = self.fields("BBBBI", block)
        in_range(shift, 0, 31, block, "shift")
        reserved(not any(reserve), block + 1, "a field of input")
        count = self.slots[op.inputs[0]].count
        start = self.tensor(block + 4, table, 4 * count, 4)
        pairs = np.frombuffer(self.data, "<i2", 2 * count, start).reshape(count, 2).astype(np.int64)
        return InputParameters(shift, pairs[:, 0].copy(), pairs[:, 1].copy())

    def projection_start(self, op, block):
        """Encoding, weight width, join, its shift and the source shift: the first bytes of every projection."""
        encoding, join, shift, source_shift = self.fields("BBBB", block)
        is_synaptic = self.slots[op.outputs[0]].type == SlotType.SYNAPTIC
        reserved(1 <= encoding <= 5, block, f"weight encoding {encoding}")
        in_range(encoding, 1, 4 if is_synaptic else 5, block, "weight encoding")
        in_range(join, 0, 1 if is_synaptic else 3, block + 1, "join")
        in_range(shift, 0, (0, 8 if is_synaptic else 30, 30, 47)[join], block + 2, "join shift")
        in_range(source_shift, 0, 31 if self.slots[op.inputs[0]].is_wide_analog else 0, block + 3, "source shift")
        return encoding, (1, 2, 4, 8, 16)[encoding - 1], join, shift, source_shift

    def multipliers(self, join, place, count):
        """The array of the multiplier join, whose reference is the block's last field; else None."""
        return self.array(place, self.fields("I", place)[0], "<i4", count) if join == 3 else None

    def projection(self, op, block):
        start = self.projection_start(op, block)
        groups, weights = self.fields("II", block + 4)
        source, target = self.slots[op.inputs[0]], self.slots[op.outputs[0]]
        # chosen: a group count that does not divide is out of the field's range, not bad wiring.
        in_range(groups, 1, 1 if op.kind == Kind.DENSE else 2**32 - 1, block + 4, "group count")
        check(source.count % groups == 0 and target.count % groups == 0, Status.BAD_VALUE, block + 4, "group count")
        destinations = target.count // groups
        runs = self.weights(block + 8, weights, start[1], source.count // groups, destinations)
        return ProjectionParameters(*start, groups, runs, self.multipliers(start[2], block + 12, destinations))

    def sparse(self, op, block):
        start = self.projection_start(op, block)
        delays, reserve, run_table, first_target, first_weight = self.fields("HHIII", block + 4)
        in_range(delays, 1, 4096, block + 4, "delay count")
        reserved(reserve == 0, block + 6, "a field of sparse")
        destinations = self.slots[op.outputs[0]].count
        runs = self.array(block + 8, run_table, "<u4", self.slots[op.inputs[0]].count * delays + 1)
        run_place, synapses = op.tensors[-1], int(runs[-1])
        steps = np.diff(runs, prepend=0)
        self.elements.append((np.concatenate(([runs[0] != 0], steps[1:] < 0)), Status.BAD_VALUE, run_place, 4, "run table"))
        form = "<u2" if destinations <= 65536 else "<u4"
        targets = self.array(block + 12, first_target, form, synapses)
        target_place = op.tensors[-1]

        def faulty_targets():  # known to be called behind the check of the run table
            faulty = targets >= destinations
            ascends = np.concatenate(([True], np.diff(targets) > 0))[:synapses]
            ascends[runs[:-1][runs[:-1] < synapses]] = True  # the first of each run
            return faulty | ~ascends, Status.BAD_VALUE, target_place, np.dtype(form).itemsize, "target"
        self.elements.append(faulty_targets)
        weights = self.weights(block + 16, first_weight, start[1], 1, synapses)[0]
        return SparseParameters(*start, delays, runs, targets, 8 * np.dtype(form).itemsize, weights,
                                self.multipliers(start[2], block + 20, destinations))

    def delay(self, op, block):
        kept, flags, reserve, delay = self.fields("HBBI", block)
        in_range(kept, 1, 4096, block, "frames kept")
        check(flags <= 1, Status.BAD_VALUE, block + 2, f"per-element flags {flags}")
        reserved(reserve == 0, block + 3, "a field of delay")
        if flags:
            values = self.array(block + 4, delay, "<u2", self.slots[op.inputs[0]].count, 0, kept - 1)
        else:
            values = np.int64(in_range(delay, 0, kept - 1, block + 4, "delay"))
        return DelayParameters(kept, flags, values)

    def convolution(self, op, block):
        start = self.projection_start(op, block)
        *sizes, height, width, sy, sx, above, below, left, right, dy, dx, groups, weights = self.fields("4H10BHI", block + 4)
        for i, size in enumerate(sizes):
            in_range(size, 1, 65535, block + 4 + 2 * i, ("height", "width", "channels", "destination channels")[i])
        for i, value in ((12, height), (13, width), (14, sy), (15, sx), (20, dy), (21, dx)):
            in_range(value, 1, 255, block + i, "a kernel's size, stride or dilation")
        rows, columns = Axis(sizes[0], height, sy, above, below, dy), Axis(sizes[1], width, sx, left, right, dx)
        self.check_axes(rows, columns, block + 12)  # known only now
        channels, target_channels = sizes[2:]
        in_range(groups, 1, 65535, block + 22, "groups")
        check(channels % groups == 0 == target_channels % groups, Status.BAD_VALUE, block + 22, "groups")
        destinations = target_channels // groups
        runs = self.weights(block + 24, weights, start[1], channels * height * width, destinations)
        multipliers = self.multipliers(start[2], block + 28, target_channels)
        self.check_counts(op, rows, columns, channels, target_channels)
        return ConvolutionParameters(*start, rows, columns, channels, target_channels, groups,
                                     runs.reshape(channels, height, width, destinations), multipliers)

    def pool(self, op, block):
        function, shift, *sizes, height, width, sy, sx, above, below, left, right, multiplier, reserve = self.fields(
            "BBHHH8BhH", block)
        reserved(1 <= function <= 2, block, f"pool function {function}")
        in_range(shift, 0, 47 if function == 1 else 0, block + 1, "shift")
        for i, size in enumerate(sizes):
            in_range(size, 1, 65535, block + 2 + 2 * i, ("height", "width", "channels")[i])
        for i, value in enumerate((height, width, sy, sx)):
            in_range(value, 1, 255, block + 8 + i, "a window's size or stride")
        for i, padding in enumerate((above, below, left, right)):
            in_range(padding, 0, (height if i < 2 else width) - 1, block + 12 + i, "padding")
        rows, columns = Axis(sizes[0], height, sy, above, below), Axis(sizes[1], width, sx, left, right)
        self.check_axes(rows, columns, block + 8)
        check(multiplier == 0 or function == 1, Status.BAD_VALUE, block + 16, f"multiplier {multiplier} of a maximum")
        reserved(reserve == 0, block + 18, "a field of pool")
        self.check_counts(op, rows, columns, sizes[2], sizes[2])
        return PoolParameters(function, shift, rows, columns, sizes[2], multiplier)

    def check_axes(self, rows, columns, place):
        for i, axis in enumerate((rows, columns)):
            check(axis.dividend >= 0, Status.BAD_VALUE, place + i, "a kernel or window larger than the padded source")

    def check_counts(self, op, rows, columns, channels, target_channels):
        """Section 9.9: the slots' counts, behind all fields."""
        for slot, place, expected in ((op.inputs[0], 6, rows.size * columns.size * channels),
                                      (op.outputs[0], 14, rows.count * columns.count * target_channels)):
            check(self.slots[slot].count == expected, Status.BAD_WIRING, op.offset + place,
                  f"{self.slots[slot].count} elements, not {expected}")

    def activation(self, op, block):
        function, shift, flags, reserve = self.fields("BBBB", block)
        low, high, period = self.fields("hhI", block + 12)
        reserved(1 <= function <= 3, block, f"activation {function}")
        in_range(shift, 0, 47, block + 1, "shift")
        check(flags <= 7, Status.BAD_VALUE, block + 2, f"per-neuron flags {flags}")
        reserved(reserve == 0, block + 3, "a field of activation")
        target = self.slots[op.outputs[0]]
        self.check_period(period if flags & 4 else None, target.count, block + 16)
        check(flags & 4 or period == 0, Status.BAD_VALUE, block + 16, "a period without its flag")
        count = period if flags & 4 else target.count
        multiplier, bias = (self.bias(block + 4 + 4 * i, flags >> i & 1, count) for i in range(2))
        limit = target.limit if function == 1 else 0
        in_range(low, -limit, limit, block + 12, "lower bound")
        in_range(high, low, limit, block + 14, "upper bound")
        return ActivationParameters(function, shift, flags, multiplier, bias, low, high, period if flags & 4 else None)

    def loihi(self, op, block):
        comparison, exponent, flags, reserve = self.fields("BbBB", block)
        period, = self.fields("I", block + 20)
        reserved(comparison <= 1, block, f"comparison {comparison}")
        in_range(exponent, -8, 7, block + 1, "weight exponent")
        check(flags <= 31, Status.BAD_VALUE, block + 2, f"per-neuron flags {flags}")
        reserved(reserve == 0, block + 3, "a field of loihi")
        count = self.slots[op.outputs[0]].count
        self.check_period(period if flags & 16 else None, count, block + 20)
        check(flags & 16 or period == 0, Status.BAD_VALUE, block + 20, "a period without its flag")
        count = period if flags & 16 else count
        values = [self.value(block + 4 + 4 * i, flags >> i & 1, count, *field) for i, field in enumerate((
            ("<u2", 0, 4096), ("<u2", 0, 4096), ("<i4", 0, 2**23 - 1), ("<i4", 1 - 2**30, 2**30 - 1)))]
        return LoihiParameters(comparison, exponent, flags, *values, period if flags & 16 else None)

    def xylo(self, op, block):
        flags, *reserve = self.fields("BBBB", block)
        source, target = self.slots[op.inputs[0]], self.slots[op.outputs[0]]
        in_range(flags, 0, 31 if target.is_graded else 15, block, "per-neuron flags")
        reserved(not any(reserve), block + 1, "a field of xylo")
        count = target.count
        values = [self.value(block + 4 + 4 * i, flags >> i & 1, *field) for i, field in enumerate((
            (count, "<u2", 0, 15), (source.count, "<u2", 0, 15), (count, "<i2", 0, 32767), (count, "<i4", -32768, 32767)))]
        reference, aliases = self.fields("I", block + 20)[0], None
        if flags & 16:
            aliases = self.array(block + 20, reference, "<u2", count)
            self.elements.append(((aliases >= count) & (aliases != NONE), Status.BAD_VALUE, op.tensors[-1], 2, "alias"))
        check(flags & 16 or reference == 0, Status.BAD_VALUE, block + 20, "aliases without their flag")
        return XyloParameters(flags, *values, aliases)

    def value(self, place, per_element, count, form, low, high):
        """The field at `place`, low … high: a shared value, or the reference of an array of `count` of them."""
        word, = self.fields("I" if low == 0 else "i", place)
        return self.array(place, word & 0xFFFFFFFF, form, count, low, high) if per_element else np.int64(
            in_range(word, low, high, place, "a parameter"))

    def check_period(self, period, count, place):
        check(period is None or period >= 1 and count % period == 0, Status.BAD_VALUE, place, f"period {period} of {count}")

    def lif(self, op, block):
        model, reset, comparison, width, fraction_bits, flags, refractory = self.fields("BBBBBBH", block)
        reserved(1 <= model <= 6, block, f"lif model {model}")
        is_integrator, is_adaptive = model in INTEGRATORS, model in ADAPTIVE
        reserved(reset <= 4, block + 1, f"reset {reset}")
        check((reset == 0) == is_integrator, Status.BAD_VALUE, block + 1, "reset 0 goes with LI and CuBa-LI, and they with it")
        reserved(reset not in (1, 2) or not (is_adaptive or self.slots[op.outputs[0]].is_graded), block + 1,
                 f"reset {reset} with an adaptive threshold or graded spikes")
        reserved(comparison <= 1, block + 2, f"comparison {comparison}")
        in_range(comparison, 0, 0 if is_integrator else 1, block + 2, "comparison")
        check(width in (16, 32), Status.BAD_VALUE, block + 3, f"state width {width}")
        in_range(fraction_bits, 0, 15, block + 4, "fraction bits")
        limit = 32767 if width == 16 else 2**30 - 1
        state = "<i2" if width == 16 else "<i4"
        # (name, offset in the block, bit of its flag, form of an array's element, greatest value, whether the model has it)
        fields = (("decay", 8, 1, "<u2", 32768, True),
                  ("synaptic decay", 12, 2, "<u2", 32768, model in CURRENT_BASED),
                  ("threshold", 16, 4, state, limit, not is_integrator),
                  ("bias", 20, 8, None, None, True),
                  ("threshold decay", 24, 16, "<u2", 32768, is_adaptive),
                  ("threshold step", 28, 32, state, limit, is_adaptive))
        allowed = sum(bit for _, _, bit, _, _, has in fields if has)
        check(flags & ~(allowed | 64) == 0, Status.BAD_VALUE, block + 5, f"per-neuron flags {flags}")
        in_range(refractory, 0, 0 if is_integrator else 32767, block + 6, "refractory ticks")
        reserved(refractory == 0 or reset not in (1, 2), block + 6, f"refractory ticks with reset {reset}")
        count = period_count = self.slots[op.inputs[0]].count
        period, period_place = None, block + (32 if is_adaptive else 24)
        if flags & 64:
            period, = self.fields("I", period_place)
            self.check_period(period, count, period_place)
            period_count = period
        values = []
        for name, offset, bit, form, high, has in fields:
            place = block + offset
            if form is None:
                values.append(self.bias(place, flags & bit, period_count))
            elif offset >= 24 and not has:  # beyond the block
                values.append(np.int64(0))
            else:
                word, = self.fields("I", place)
                values.append(self.array(place, word, form, period_count, 0, high) if flags & bit
                              else np.int64(in_range(word, 0, high if has else 0, place, name)))
        return LifParameters(model, reset, comparison, width, fraction_bits, flags, refractory, *values, period)

    def bias(self, place, per_element, count):
        if per_element:
            return self.array(place, self.fields("I", place)[0], "<i4", count)
        return np.int64(self.fields("i", place)[0])

    def memory(self, op, block):
        encoding, state_bits, input_bits, fraction_bits, order, flags, reserve, first, second = self.fields(
            "BBBBHBBII", block)
        reserved(1 <= encoding <= 5, block, f"encoding {encoding}")
        in_range(encoding, 4, 5, block, "encoding")
        in_range(state_bits, 0, 30, block + 1, "sA")
        in_range(input_bits, 0, 30, block + 2, "sB")
        in_range(fraction_bits, 0, 15, block + 3, "fraction bits")
        in_range(order, 1, 4096, block + 4, "order")
        check(flags <= 1, Status.BAD_VALUE, block + 6, f"per-unit flags {flags}")
        reserved(reserve == 0, block + 7, "a field of memory")
        form = "<i1" if encoding == 4 else "<i2"
        state_matrix = self.array(block + 8, first, form, order * order).reshape(order, order)
        input_matrix = self.array(block + 12, second, form, order)
        bias = self.bias(block + 16, flags & 1, self.slots[op.inputs[0]].count)
        return MemoryParameters(encoding, 8 if encoding == 4 else 16, state_bits, input_bits, fraction_bits, order, flags,
                                state_matrix, input_matrix, bias)

    def recurrence(self, op, block):
        segments, poles, substeps, fraction_bits, order, flags, output_shift, reference, limit = self.fields("BBBBHBBII", block)
        in_range(segments, 1, 16, block, "segment count")
        in_range(poles, 1, 8, block + 1, "pole count")
        in_range(substeps, 1, 16, block + 2, "substeps")
        in_range(fraction_bits, 0, 15, block + 3, "fraction bits")
        in_range(order, 1, 4096, block + 4, "order")
        check(flags <= 3, Status.BAD_VALUE, block + 6, f"flags {flags}")
        in_range(output_shift, 0, 30, block + 7, "output shift")
        places = -(-order // segments)
        shape = poles, 4 * places + 3 if segments > 1 else 2 * places, 1 + (flags >> 1), segments
        factors = self.array(block + 8, reference, "<i4", int(np.prod(shape))).reshape(shape)
        in_range(limit, 1, self.slots[op.outputs[0]].limit, block + 12, "limit")
        bias = self.bias(block + 16, flags & 1, self.slots[op.inputs[0]].count)
        return RecurrenceParameters(segments, substeps, fraction_bits, order, flags, output_shift, factors, limit, bias)

    def readout(self, op, block):
        integration, at_end, shift, first, window, hop, decay, evidence_decay = self.fields("BBBBIIHH", block)
        reserved(1 <= integration <= 3, block, f"integration {integration}")
        in_range(at_end, 0, 1, block + 1, "what happens at a hop's end")
        in_range(shift, 0, 31, block + 2, "shift")
        in_range(first, 0, 1, block + 3, "first result")
        in_range(window, 1, 2**24, block + 4, "window")
        in_range(hop, window if integration == 3 else 1, window, block + 8, "hop")
        check(window % hop == 0, Status.BAD_VALUE, block + 8, f"hop {hop} does not divide the window {window}")
        in_range(window // hop, 1, 4096, block + 8, "window / hop")
        in_range(first, 0, 1 if hop < window else 0, block + 3, "first result")  # known only now
        in_range(decay, 0, 32768 if integration == 3 else 0, block + 12, "decay")
        in_range(evidence_decay, 0, 32768 if hop == window else 0, block + 14, "evidence decay")
        return ReadoutParameters(integration, at_end == 1, shift, first == 1, window, hop, decay, evidence_decay)

    # Section 6 "Wiring". chosen: the stream's slot field first.

    def synapses(self):
        """Section 7: 2^32 − 1 synapses (section 14) at most."""
        total = 0
        for op in self.ops:
            source = self.slots[op.inputs[0]].count
            if op.kind == Kind.INPUT:
                total += source
            elif op.kind in (Kind.DENSE, Kind.BLOCK):
                total += source * (self.slots[op.outputs[0]].count // op.parameters.groups)
            elif op.kind == Kind.MEMORY:
                total += source * (op.parameters.order ** 2 + op.parameters.order)
            elif op.kind == Kind.RECURRENCE:
                total += source * op.parameters.products
            elif op.kind == Kind.SPARSE:
                total += source * op.parameters.delays * self.slots[op.outputs[0]].count
            elif op.kind == Kind.CONVOLUTION:
                total += op.parameters.weights.shape[3] * op.parameters.channels * op.parameters.taps
            check(total <= 2**32 - 1, Status.BAD_VALUE, op.offset, f"{total} synapses")

    def wiring(self):
        self.stream_wiring()
        writers = [[] for _ in self.slots]
        readers = [[] for _ in self.slots]
        for i, op in enumerate(self.ops):
            for slot in op.outputs:
                writers[slot].append(i)
            for slot in op.inputs:
                readers[slot].append(i)
        for i, slot in enumerate(self.slots):
            count = len(writers[i]) + (i == self.stream_slot)
            check(count >= 1, Status.BAD_WIRING, slot.offset, f"slot {i} is not written")
            check(count == 1 or slot.type in SUMS, Status.BAD_WIRING, slot.offset, f"slot {i} written twice")
            check(slot.type != SlotType.SAMPLES or not writers[i], Status.BAD_WIRING, slot.offset, "samples from an op")
            check(slot.type not in SUMS or readers[i], Status.BAD_WIRING, slot.offset, f"slot {i} is not read")
        for i, op in enumerate(self.ops):
            self.op_wiring(i, op, writers, readers)

    def stream_wiring(self):
        place = self.sections[STREAMS][0] + 12
        slot = self.slots[self.stream_slot]
        check(slot.type == SlotType.SAMPLES, Status.BAD_WIRING, place, "the stream's slot is not samples")
        check(slot.count == self.channel_count, Status.BAD_WIRING, place, "channels and samples")

    def op_wiring(self, i, op, writers, readers):
        """Slots are read where they may be."""
        index = op.inputs[0]
        source = self.slots[index]
        place = op.offset + 6
        if source.type in SUMS:
            check(readers[index][0] == i, Status.BAD_WIRING, place, "a current or synaptic slot is read twice")
            check(max(writers[index]) < i, Status.BAD_WIRING, place, "a current or synaptic slot is read above a projection")
            # chosen: reported at the pool that reads, not at the slot.
            check(op.kind != Kind.POOL or all(self.ops[j].kind in PROJECTIONS for j in writers[index]), Status.BAD_WIRING,
                  place, "a pool reads a current slot that a pool writes")
        elif source.type != SlotType.SAMPLES and not source.persistent:
            check(writers[index][0] < i, Status.BAD_WIRING, place, "a transient slot is read above its writer")

    # Section 10.

    def outputs(self):
        offset, length, _ = self.sections[OUTPUTS]
        self.wrong_length(length >= 4, OUTPUTS, "outputs")
        count, reserve = self.fields("HH", offset)
        reserved(count == 1, offset, f"{count} outputs")
        reserved(reserve == 0, offset + 2, "an outputs field")
        self.wrong_length(length >= 12, OUTPUTS, "outputs")
        name, index, class_count, reserve = self.fields("HHHH", offset + 4)
        self.output_name = self.name(name, offset + 4)
        check(index < len(self.ops), Status.MALFORMED, offset + 6, f"op {index}")
        readouts = [i for i, op in enumerate(self.ops) if op.kind == Kind.READOUT]
        check(readouts == [index], Status.BAD_WIRING, offset + 6, f"op {index} of the readouts {readouts}")
        scores = self.slots[self.ops[index].inputs[0]].count
        check(class_count == scores, Status.BAD_WIRING, offset + 8, f"{class_count} classes of {scores} scores")
        reserved(reserve == 0, offset + 10, "an outputs field")
        self.wrong_length(length == 12 + 2 * class_count, OUTPUTS, "outputs")
        places = range(offset + 12, offset + length, 2)
        self.classes = [self.name(self.fields("H", place)[0], place) for place in places]

    # Section 11.

    def read_self_test(self):
        self.self_test = None
        if SELF_TEST in self.sections:
            offset, length, _ = self.sections[SELF_TEST]
            self.wrong_length(length >= 8, SELF_TEST, "self-test")
            count, checksum = self.fields("II", offset)
            self.wrong_length(length == 8 + 2 * count * self.channel_count, SELF_TEST, "self-test")
            frames = np.frombuffer(self.data, "<i2", count * self.channel_count, offset + 8)
            self.self_test = frames.reshape(count, self.channel_count).astype(np.int64), checksum


# --- Section 9.12. ---


def prove(slots, ops):
    """Refuses unless no sum of any current slot can overflow."""
    totals = {}
    for reader in ops:
        i = reader.inputs[0]
        slot = slots[i]
        if slot.type != SlotType.CURRENT:
            continue
        total = np.zeros(slot.count, np.int64)
        for op in ops:
            if op.outputs == [i]:
                total += pooled_bound(slots, op, totals) if op.kind == Kind.POOL else joined_bound(slots, op, reader)
                bounded(total, reader)
        totals[i] = int(total.max())
        if reader.kind == Kind.LOIHI:
            bounded(total << reader.parameters.input_bits, reader)
        elif reader.kind != Kind.POOL:
            fraction_bits = 0 if reader.kind == Kind.ACTIVATION else reader.parameters.fraction_bits
            bounded((total << fraction_bits) + of_neurons(np.abs(reader.parameters.bias), slot.count), reader)


def bounded(values, reader):
    check(int(np.max(values)) <= 2**31 - 1, Status.MAY_OVERFLOW, reader.offset, f"a sum may reach {np.max(values)}")


def pooled_bound(slots, op, totals):
    """joined_p of a pool, the same for every element; below 2^62 + 1."""
    parameters = op.parameters
    greatest = totals[op.inputs[0]] if slots[op.inputs[0]].type == SlotType.CURRENT else slots[op.inputs[0]].limit
    if parameters.function == 2:
        return greatest
    window = parameters.rows.kernel * parameters.columns.kernel
    return (window * greatest * abs(parameters.multiplier) >> parameters.shift) + 1


def joined_bound(slots, op, reader):
    """joined_p for every element of the current slot, below 2^62."""
    source, parameters = slots[op.inputs[0]], op.parameters
    greatest = source.limit
    if source.is_wide_analog:
        greatest = min(32767, round_shift(2**30 - 1, parameters.source_shift))
    count = slots[op.outputs[0]].count
    if op.kind == Kind.SPARSE:  # doubles are exact: 2^32 synapses of 2^15
        magnitudes = np.bincount(parameters.targets, np.abs(parameters.weights), count).astype(np.int64)
    elif op.kind == Kind.CONVOLUTION:
        of_groups = np.abs(parameters.weights).reshape(parameters.groups, -1, parameters.weights.shape[3])
        magnitudes = of_groups.sum(axis=1).reshape(-1)
    else:
        magnitudes = np.abs(parameters.runs).sum(axis=0)
    bound = magnitudes * greatest  # k ≤ 2^32, |w| ≤ 2^15, x < 2^15: below 2^62
    bounded(bound, reader)
    if parameters.join == 1:
        bound = bound << parameters.shift
    elif parameters.join == 2:
        bound = (bound >> parameters.shift) + 1
    elif parameters.join == 3:
        bound = (bound * np.abs(parameters.multipliers) >> parameters.shift) + 1
    return np.tile(bound, count // len(bound))


def parse(data: bytes) -> Model:
    """The model in `data` (bytes beyond its file length are ignored), or `Refused` at the first fault."""
    return Reader(data).read()
