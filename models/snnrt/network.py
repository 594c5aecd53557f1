"""A network in memory, for streams: samples go in as they come, results come out as they fall due."""

from __future__ import annotations

import ctypes
from ctypes import byref, c_int32, c_size_t, c_uint32, c_void_p
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from . import _library as lib
from .errors import Error

if TYPE_CHECKING:
    from .model import Model


class Result(NamedTuple):
    """A result: the label's index and name, and the score of every class, [classes] int32."""

    label: int
    name: str
    scores: np.ndarray


class Network:
    """A network of a model, with a state of its own.

    model: a Model, or what Model takes. accounting: "basic" counts events, "full" also effective operations and membrane updates.
    Any number of networks may share a model. A network belongs to one thread at a time.

    Raises Error where the model is refused."""

    def __init__(self, model, accounting: str = "basic"):
        from .model import Model

        if accounting not in lib.ACCOUNTING:
            raise ValueError(f'accounting is "{accounting}", expected basic or full')
        self.model: Model = model if isinstance(model, Model) else Model(model)
        options = lib.Options(accounting=lib.ACCOUNTING[accounting], **self.model.limits)
        info, offset = lib.Info(), c_uint32()
        lib.call("inspect", self.model.memory, len(self.model.data), byref(options), byref(info), byref(offset), offset=offset)
        self._arena = lib.aligned(info.arena_bytes)
        self._handle = c_void_p()
        lib.call("open", self.model.memory, len(self.model.data), self._arena, info.arena_bytes, byref(options), byref(self._handle),
                 byref(offset), offset=offset)
        self.arena_bytes: int = info.arena_bytes

    # ---- samples and results

    def push(self, x) -> list[Result]:
        """Runs a tick for each frame and gives the results that fell due.

        x: [ticks, channels] or one frame [channels]; more axes of channels are flattened. Floating point: values in the channels'
        units (`Model.channels`); integers: samples in counts."""
        frames = self.model.frames(x, axes=0 if np.ndim(x) == 1 else 1)
        return list(self._push(frames.reshape(-1, frames.shape[-1])))

    def _push(self, frames: np.ndarray):
        taken, start, left = c_size_t(), frames.ctypes.data, len(frames)
        while left:
            status = lib.call("push", self._handle, start, left, byref(taken))
            start += taken.value * frames.strides[0]
            left -= taken.value
            if status == lib.RESULT:
                yield self.result()

    def result(self) -> Result | None:
        """The latest result; None where none has fallen due since the network was opened, reset or restored."""
        label, scores = c_int32(), np.empty(len(self.model.classes), np.int32)
        try:
            lib.call("result", self._handle, byref(label), scores.ctypes.data, len(scores))
        except Error as error:
            if error.status == lib.ERR_NO_RESULT:
                return None
            raise
        return Result(label.value, self.model.classes[label.value], scores)

    def reset(self, usage: bool = False) -> None:
        """Returns membranes, slots and scores to their initial values, and with `usage` all counters too."""
        lib.call("reset", self._handle, lib.RESET_STATE | (lib.RESET_USAGE if usage else 0))

    # ---- state

    def save(self) -> bytes:
        """The network's state, counters included, to be restored here or on another machine (docs/format.md, A saved state)."""
        count = c_size_t()
        lib.call("save", self._handle, None, 0, byref(count))
        saved = ctypes.create_string_buffer(count.value)
        lib.call("save", self._handle, saved, count.value, byref(count))
        return saved.raw

    def restore(self, saved: bytes) -> None:
        """Continues from a saved state of the same model and accounting, bit for bit. Raises Error, and then changes nothing, where
        it is another model's, damaged or out of range."""
        offset = c_uint32()
        lib.call("restore", self._handle, saved, len(saved), byref(offset), offset=offset)

    def slot(self, number: int) -> np.ndarray:
        """The elements of a slot as the latest tick left them, int32 (`snnrt inspect` shows a model's slots)."""
        count = c_uint32()
        lib.call("slot", self._handle, number, None, 0, byref(count))
        values = np.empty(count.value, np.int32)
        lib.call("slot", self._handle, number, values.ctypes.data, count.value, None)
        return values

    def ops(self) -> list[lib.OpInfo]:
        """The program: of each op its kind, its slots and how many state variables it has (`snnrt_op` of include/snnrt.h)."""
        found = [lib.OpInfo() for _ in range(self.model._info.op_count)]
        for number, op in enumerate(found):
            lib.call("op_info", self._handle, number, byref(op))
        return found

    def variables(self, op: int) -> dict[str, np.ndarray]:
        """The state variables of an op as the latest tick left them, int32, by the letter of its equations (docs/format.md, The
        ops): of lif U, the membranes, Y, A and C."""
        info = lib.OpInfo()
        lib.call("op_info", self._handle, op, byref(info))
        found = {}
        for number in range(info.variable_count):
            variable = lib.Variable()
            lib.call("state_variable", self._handle, op, number, byref(variable), None, 0)
            values = np.empty(variable.count, np.int32)
            lib.call("state_variable", self._handle, op, number, None, values.ctypes.data, variable.count)
            found[variable.name.decode()] = values
        return found

    # ---- accounts

    def usage(self, op: int | None = None) -> dict[str, int]:
        """What has been spent since the counters were last reset, of an op or of all: `snnrt_usage` of include/snnrt.h."""
        return self._account("get_usage", lib.Usage(), op)

    def cost(self, op: int | None = None) -> dict[str, int]:
        """What an op, or all, cost by the file alone: `snnrt_cost` of include/snnrt.h."""
        return self._account("get_cost", lib.Cost(), op)

    def _account(self, name: str, struct, op: int | None) -> dict[str, int]:
        lib.call(name, self._handle, lib.TOTAL if op is None else op, byref(struct))
        return {field: getattr(struct, field) for field, _ in struct._fields_ if field not in ("struct_size", "reserved")}
