"""The shared library of snnrt through its C surface, as much of it as comparisons need."""

import ctypes
import os
from pathlib import Path

import numpy as np

LIBRARY = Path(os.environ["SNNRT_LIBRARY"]) if "SNNRT_LIBRARY" in os.environ else next(
    iter(sorted((Path(__file__).resolve().parents[2] / "build/x86_64-unknown-linux-gnu").glob("libsnnrt.so.*"))), None)
FIELDS = ["struct_size", "arena_bytes", "arena_alignment", "model_bytes", "model_checksum", "state_bytes"]


class Info(ctypes.Structure):
    _fields_ = [(name, ctypes.c_uint32) for name in FIELDS] + [("rest", ctypes.c_uint32 * 8), ("wide", ctypes.c_uint64 * 4)]


class Network:
    """A network of the model in `data`."""

    def __init__(self, data: bytes):
        self._snnrt = ctypes.CDLL(LIBRARY)
        self._model = _aligned(data)
        info = Info(struct_size=ctypes.sizeof(Info))
        _check(self._snnrt.snnrt_inspect(self._model, ctypes.c_size_t(len(data)), None, ctypes.byref(info), None))
        self._arena = _aligned(bytes(info.arena_bytes))
        self._handle = ctypes.c_void_p()
        _check(self._snnrt.snnrt_open(self._model, ctypes.c_size_t(len(data)), self._arena, ctypes.c_size_t(info.arena_bytes), None,
                                      ctypes.byref(self._handle), None))

    def push(self, frames) -> None:
        """Runs a tick per frame; `frames` is a C-ordered i16 array (ticks, channels), all of one window."""
        taken = ctypes.c_size_t()
        _check(self._snnrt.snnrt_push(self._handle, frames.ctypes.data_as(ctypes.c_void_p), ctypes.c_size_t(len(frames)), ctypes.byref(taken)))
        assert taken.value == len(frames)

    def reset(self) -> None:
        _check(self._snnrt.snnrt_reset(self._handle, ctypes.c_uint32(3)))

    def slot(self, number: int, count: int):
        """The elements of a slot after the latest tick."""
        values = np.empty(count, np.int32)
        found = ctypes.c_uint32()
        _check(self._snnrt.snnrt_slot(self._handle, ctypes.c_uint32(number), values.ctypes.data_as(ctypes.c_void_p),
                                      ctypes.c_size_t(count), ctypes.byref(found)))
        assert found.value == count
        return values

    def state(self) -> bytes:
        """The state block (docs/format.md)."""
        start, count = ctypes.c_void_p(), ctypes.c_size_t()
        _check(self._snnrt.snnrt_state(self._handle, ctypes.byref(start), ctypes.byref(count)))
        return ctypes.string_at(start, count.value)


def _aligned(data: bytes):
    """The bytes in memory of an address that is a multiple of 8."""
    memory = (ctypes.c_uint64 * (len(data) // 8 + 1))()
    ctypes.memmove(memory, data, len(data))
    return memory


def _check(status: int) -> None:
    assert status >= 0, f"status {status}"
