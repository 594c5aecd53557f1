"""The model as parsed. All arrays are int64."""

from dataclasses import dataclass, field


@dataclass
class Op:
    kind: int
    inputs: list  # of slot indices
    outputs: list
    parameters: object
    offset: int  # of its record
    block: int  # offset of its parameters in the file
    tensors: list  # offsets of its tensors in the file


@dataclass
class Model:
    byte_count: int = 0
    sections: dict = field(default_factory=dict)  # type: (offset, length, offset of its table entry)
    name: str = ""
    rate: tuple = ()
    channels: list = field(default_factory=list)  # of (name, unit, (numerator, denominator))
    samples_slot: int = 0
    slots: list = field(default_factory=list)
    ops: list = field(default_factory=list)
    output_name: str = ""
    classes: list = field(default_factory=list)
    self_test: tuple | None = None  # (frames (n, channels), checksum)
    metadata: str | None = None

    @property
    def readout(self) -> Op:
        return next(op for op in self.ops if not op.outputs)
