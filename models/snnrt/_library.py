"""The shared library through its C surface (include/snnrt.h): declarations, and how statuses become exceptions."""

from __future__ import annotations

import ctypes
import functools
import os
import platform
from ctypes import POINTER, Structure, c_char, c_char_p, c_int16, c_int32, c_size_t, c_uint32, c_uint64, c_void_p
from pathlib import Path

from .errors import Error

HERE = Path(__file__).resolve().parent
RESULT = 1
ERR_NO_RESULT = -16
TOTAL = NO_SLOT = 0xFFFFFFFF
RESET_STATE, RESET_USAGE = 1, 2
ACCOUNTING = {"basic": 0, "full": 1}
KINDS = {1: "input", 2: "dense", 3: "block", 4: "lif", 5: "memory", 6: "readout", 7: "sparse", 8: "delay", 9: "convolution",
         10: "pool", 11: "activation", 12: "loihi", 13: "xylo", 14: "recurrence"}


class _Struct(Structure):
    """A struct of the header, which begins with its own size."""

    def __init__(self, **values):
        super().__init__(struct_size=ctypes.sizeof(type(self)), **values)


def _fields(text: str, kind) -> list:
    return [(name, kind) for name in text.split()]


class Options(_Struct):
    _fields_ = _fields("struct_size accounting", c_uint32) + _fields(
        "max_arena_bytes max_model_bytes max_s_ace_per_result max_operations_per_tick max_operations_to_open reserved", c_uint64)


class Info(_Struct):
    _fields_ = _fields("struct_size arena_bytes arena_alignment model_bytes model_checksum state_bytes channel_count class_count "
                       "op_count slot_count rate_numerator rate_denominator window_ticks hop_ticks", c_uint32) + _fields(
        "s_ace_per_result footprint_bits operations_per_tick operations_to_open", c_uint64)


class Channel(_Struct):
    _fields_ = _fields("struct_size scale_numerator scale_denominator reserved", c_uint32) + _fields("name unit", c_char_p)


class OpInfo(_Struct):
    _fields_ = _fields("struct_size kind source_slot target_slot variable_count", c_uint32)


class Variable(_Struct):
    _fields_ = _fields("struct_size count bits", c_uint32) + [("name", c_char * 4)]


class Cost(_Struct):
    _fields_ = _fields("struct_size weight_bits source_bits operations_per_event ticks_per_result reserved", c_uint32) + _fields(
        "bit_budget synapses s_ace_per_result neurons weights zero_weights parameter_bits_per_tick state_bits_read_per_tick "
        "state_bits_written_per_tick", c_uint64)


class Usage(_Struct):
    _fields_ = _fields("struct_size output_checksum", c_uint32) + _fields(
        "ticks results events spikes synaptic_operations ns_ace effective_acs effective_macs membrane_updates dense_operations "
        "neuron_ticks model_bits_read state_bits_read state_bits_written", c_uint64)


_NETWORK = c_void_p
_SIGNATURES = {
    "inspect": [c_void_p, c_size_t, POINTER(Options), POINTER(Info), POINTER(c_uint32)],
    "open": [c_void_p, c_size_t, c_void_p, c_size_t, POINTER(Options), POINTER(_NETWORK), POINTER(c_uint32)],
    "channel_info": [_NETWORK, c_uint32, POINTER(Channel)],
    "class_name": [_NETWORK, c_uint32, POINTER(c_char_p)],
    "metadata": [_NETWORK, c_char_p, POINTER(c_void_p), POINTER(c_size_t)],
    "push": [_NETWORK, c_void_p, c_size_t, POINTER(c_size_t)],
    "result": [_NETWORK, POINTER(c_int32), c_void_p, c_size_t],
    "reset": [_NETWORK, c_uint32],
    "save": [_NETWORK, c_void_p, c_size_t, POINTER(c_size_t)],
    "restore": [_NETWORK, c_char_p, c_size_t, POINTER(c_uint32)],
    "clone": [_NETWORK, c_void_p, c_size_t, POINTER(_NETWORK)],
    "get_cost": [_NETWORK, c_uint32, POINTER(Cost)],
    "get_usage": [_NETWORK, c_uint32, POINTER(Usage)],
    "slot": [_NETWORK, c_uint32, c_void_p, c_size_t, POINTER(c_uint32)],
    "op_info": [_NETWORK, c_uint32, POINTER(OpInfo)],
    "state_variable": [_NETWORK, c_uint32, c_uint32, POINTER(Variable), c_void_p, c_size_t],
}


def path() -> Path:
    """The library's file: what SNNRT_LIBRARY names, the one of this wheel, or the one that make has built in this tree."""
    if "SNNRT_LIBRARY" in os.environ:
        return Path(os.environ["SNNRT_LIBRARY"])
    inside = HERE / "_bin/libsnnrt.so"
    if inside.exists():
        return inside
    machine = platform.machine().replace("arm64", "aarch64")
    built = sorted((HERE.parents[1] / f"build/{machine}-unknown-linux-gnu").glob("libsnnrt.so.*"))
    if built:
        return built[-1]
    raise ImportError("this installation of snnrt has no library: install a wheel (make wheel), or name one in SNNRT_LIBRARY")


@functools.cache
def library() -> ctypes.CDLL:
    found = ctypes.CDLL(str(path()))
    found.snnrt_status_text.argtypes, found.snnrt_status_text.restype = [c_int32], c_char_p
    for name, arguments in _SIGNATURES.items():
        function = getattr(found, f"snnrt_{name}")
        function.argtypes, function.restype = arguments, c_int32
    return found


def status_text(status: int) -> str:
    return library().snnrt_status_text(status).decode()


def call(name: str, *arguments, offset: c_uint32 | None = None) -> int:
    """Calls snnrt_NAME; a refusal is raised as Error. `offset`: the argument that receives the byte at fault."""
    status = getattr(library(), f"snnrt_{name}")(*arguments)
    if status < 0:
        place = f" at byte {offset.value}" if offset is not None and offset.value else ""
        raise Error(f"snnrt_{name}: {status_text(status)}{place}", status, offset.value if offset is not None else 0)
    return status


def aligned(byte_count: int, data: bytes = b"") -> ctypes.Array:
    """Memory at a multiple of 8 that begins with the data."""
    memory = (c_uint64 * (byte_count // 8 + 1))()
    ctypes.memmove(memory, data, len(data))
    return memory


__all__ = ["Channel", "Cost", "Info", "OpInfo", "Options", "Usage", "Variable", "aligned", "call", "c_int16", "library", "path"]
