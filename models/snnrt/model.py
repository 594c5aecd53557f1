"""A model file in memory: what it takes and gives, and its runs over windows."""

from __future__ import annotations

import ctypes
import os
import warnings
from ctypes import byref, c_char_p, c_size_t, c_uint32, c_void_p
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import NamedTuple

import numpy as np

from . import _library as lib
from .cost import Cost
from .errors import Error, SnnrtWarning
from .network import Network
from .tables import Shown, table
from .trace import NodePlace, Trace, record

_UNLIMITED = 2**64 - 1


def counts(name: str, values: np.ndarray) -> np.ndarray:
    """Integers as samples in counts, int16; raises ValueError where one lies beyond."""
    if values.size and (values.min() < -32768 or values.max() > 32767):
        raise ValueError(f"{name} has integers beyond int16: samples in counts are within -32768 … 32767; values in units are floats")
    return np.ascontiguousarray(values, np.int16)


class Channel(NamedTuple):
    """A channel of the input: a count of a sample is `scale` units."""

    name: str
    unit: str
    scale: Fraction


class Model(Shown):
    """A model file, checked. It runs windows from rest: one call, one array of scores.

    source: a path, or the file's bytes. Raises Error where the file is refused.

    `channels`, `classes`: names, and of channels units and scales. `window`, `hop`: ticks that a result is about, and after which
    the next one comes. `rate`: ticks per second. `metadata`: what the file says of itself, by key; of keys that come several times
    the last. `report`: what `snnrt.compile` said of it, else None.

    Input. x is [windows, ticks, channels] or, for one run, [ticks, channels]; further axes are flattened into channels, in the
    order of the NIR graph's input. Floating point: values in the channels' units, which are rounded to counts, ties to even;
    what lies beyond 16 bits is clipped, with a warning. Integers and booleans: samples in counts, within int16."""

    # On the desk the owner of a file decides how long it may take.
    limits = {"max_operations_per_tick": _UNLIMITED, "max_operations_to_open": _UNLIMITED}

    def __init__(self, source: str | os.PathLike | bytes):
        self.path = None if isinstance(source, (bytes, bytearray, memoryview)) else Path(source)
        self.data: bytes = self.path.read_bytes() if self.path else bytes(source)
        self.memory = lib.aligned(len(self.data), self.data)
        self.report = None
        offset = c_uint32()
        self._info = lib.Info()
        lib.call("inspect", self.memory, len(self.data), byref(lib.Options(**self.limits)), byref(self._info), byref(offset), offset=offset)
        self.window: int = self._info.window_ticks
        self.hop: int = self._info.hop_ticks
        self.rate = Fraction(self._info.rate_numerator, self._info.rate_denominator)
        self.classes: list[str] = []
        self.channels: list[Channel] = []
        self._read_names()

    def _read_names(self) -> None:
        # Names lie in the file, and functions that give them take a network.
        arena, handle = lib.aligned(self._info.arena_bytes), c_void_p()
        lib.call("open", self.memory, len(self.data), arena, self._info.arena_bytes, byref(lib.Options(**self.limits)), byref(handle), None)
        for number in range(self._info.channel_count):
            channel = lib.Channel()
            lib.call("channel_info", handle, number, byref(channel))
            scale = Fraction(channel.scale_numerator, channel.scale_denominator)
            self.channels.append(Channel(channel.name.decode(), channel.unit.decode(), scale))
        for number in range(self._info.class_count):
            name = c_char_p()
            lib.call("class_name", handle, number, byref(name))
            self.classes.append(name.value.decode())
        text, count = c_void_p(), c_size_t()
        lib.call("metadata", handle, None, byref(text), byref(count))
        self.metadata_lines: list[str] = ctypes.string_at(text, count.value).decode().splitlines() if count.value else []
        self.metadata: dict[str, str] = dict(line.split(": ", 1) for line in self.metadata_lines
                                             if ": " in line and NodePlace.read(line) is None)

    # ---- runs

    def run(self, x) -> np.ndarray:
        """Scores, [results, classes], of windows that each begin at rest.

        x [windows, ticks, channels]: a result a window; windows must have as many ticks as the first result takes. x [ticks,
        channels]: one run, and every result that falls due in it.

        Scores are int32 counts; where the file says what one is worth (metadata scores.scale), floats in that unit."""
        labels_and_scores = self._results(x)
        return self._scaled(np.array([result.scores for result in labels_and_scores], np.int32).reshape(-1, len(self.classes)))

    def labels(self, x) -> np.ndarray:
        """The class of each result of `run`, [results] indices into `classes`: of the greatest score, the first among equals."""
        return np.array([result.label for result in self._results(x)], np.int64)

    def trace(self, x) -> Trace:
        """Spikes, membranes and currents of every node of the NIR graph in every tick of x, as for `run`."""
        return record(self, self.windows(x))

    def cost(self, x=None) -> Cost:
        """What each op costs: by the file alone, and with x, as for `run`, what it spent on it (docs/format.md, Accounting)."""
        network = Network(self, accounting="full")
        results = 0
        if x is not None:
            for window in self.windows(x):
                network.reset()
                results += sum(1 for _ in network._push(window))
        return Cost.of(network, self, results, has_run=x is not None)

    def save(self, path: str | os.PathLike) -> Path:
        """Writes the file."""
        self.path = Path(path)
        self.path.write_bytes(self.data)
        return self.path

    @cached_property
    def _network(self) -> Network:
        return Network(self)

    def _results(self, x) -> list:
        windows = self.windows(x)
        isolated = np.ndim(x) > 1 and not self._is_one_run(np.shape(x))
        found = []
        for window in windows:
            self._network.reset()
            results = list(self._network._push(window))
            if isolated and len(results) != 1:
                raise ValueError(f"a window of {len(window)} ticks gives {len(results)} results, expected one: the model's windows "
                                 f"have {self.window} ticks" + (f", a result after every {self.hop}" if self.hop != self.window else ""))
            found += results
        return found

    def _scaled(self, scores: np.ndarray) -> np.ndarray:
        try:
            return scores * float(self.metadata["scores.scale"])
        except (KeyError, ValueError):
            return scores

    # ---- samples

    def windows(self, x) -> np.ndarray:
        """x as counts, [windows, ticks, channels] int16; one run is one window."""
        shape = np.shape(x)
        return self.frames(x, axes=1)[None] if self._is_one_run(shape) else self.frames(x, axes=2)

    def _is_one_run(self, shape: tuple[int, ...]) -> bool:
        """[ticks, channels …]; else [windows, ticks, channels …]."""
        count = len(self.channels)
        if len(shape) > 2 and np.prod(shape[2:]) == count:
            return False
        if len(shape) > 1 and np.prod(shape[1:]) == count:
            return True
        raise ValueError(f"x has the shape {tuple(shape)}, expected [windows, ticks, {count}] or [ticks, {count}]: the model has "
                         f"{count} channel{'s' if count > 1 else ''}")

    def frames(self, x, axes: int) -> np.ndarray:
        """x as counts, int16, with what comes behind the first `axes` axes flattened into channels."""
        values = np.asarray(x.detach().cpu() if hasattr(x, "detach") else x)
        count = len(self.channels)
        if values.ndim < axes + 1 or np.prod(values.shape[axes:]) != count:
            raise ValueError(f"x has the shape {values.shape}, expected {count} channels")
        values = values.reshape(*values.shape[:axes], count)
        if values.dtype.kind in "iub":
            return counts("x", values)
        if values.dtype.kind != "f":
            raise TypeError(f"x has the type {values.dtype}, expected numbers")
        # docs/format.md, From sensor values to samples: the product first, ties to even.
        scales = [channel.scale for channel in self.channels]
        rounded = np.rint(values.astype(np.float64) * [scale.denominator for scale in scales] / [scale.numerator for scale in scales])
        if not np.isfinite(values).all():
            raise ValueError("x has values that are no numbers")
        clipped = int(np.count_nonzero((rounded < -32768) | (rounded > 32767)))
        if clipped:
            warnings.warn(f"{clipped} of {rounded.size} values lie beyond 16 bits of counts and are clipped", SnnrtWarning, stacklevel=3)
        return np.clip(rounded, -32768, 32767).astype(np.int16)

    # ---- what it is

    @cached_property
    def nodes(self) -> dict[str, NodePlace]:
        """Where the model shows the nodes of the NIR graph that it was compiled from, by name."""
        places = [place for place in map(NodePlace.read, self.metadata_lines) if place]
        return {place.node: place for place in places}

    @property
    def bytes(self) -> int:
        """Length of the file."""
        return self._info.model_bytes

    @property
    def arena_bytes(self) -> int:
        """Memory that a network takes beside the file."""
        return self._info.arena_bytes

    @property
    def checksum(self) -> int:
        """Identifies the model."""
        return self._info.model_checksum

    def __repr__(self) -> str:
        return f"<Model {self.path or 'in memory'}: {len(self.channels)} channels, {self.window} ticks, {len(self.classes)} classes>"

    def _tables(self) -> list[str]:
        rate = float(self.rate)
        rows = [("channels", ", ".join(f"{c.name} ({c.unit})" for c in self.channels[:8]) + (" …" if len(self.channels) > 8 else "")),
                ("classes", ", ".join(self.classes[:12]) + (" …" if len(self.classes) > 12 else "")),
                ("window", f"{self.window} ticks, a result after every {self.hop}, {rate:g} ticks per second"),
                ("file", f"{self.bytes:,} bytes, checksum 0x{self.checksum:08x}"), ("arena", f"{self.arena_bytes:,} bytes"),
                ("nodes", ", ".join(self.nodes) or "none named")]
        shown = [table(["model", str(self.path or "in memory")], rows, right=())]
        return shown + (self.report._tables() if self.report is not None else [])


__all__ = ["Channel", "Error", "Model"]
