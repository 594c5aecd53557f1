"""Quantized spiking and Legendre-memory networks: from a trained network to a model file, and its runs (docs/python.md).

    model = snnrt.compile(module, x)        a network trained in PyTorch, a nir.NIRGraph or a NIR file; compared with its framework
    scores = model.run(x)                   [windows, classes]; labels, trace and cost likewise
    network = snnrt.Network(model)          a stream: push, result, save, restore, usage

    snnrt.check, snnrt.verify               what becomes of each node; where integers and floats part
    snnrt.export                            a module as a NIR file, with what it gave on a sample; needs PyTorch
    snnrt.torch                             training in the file's own integers (docs/quantization.md); needs PyTorch
    snnrt.plot                              raster, membranes, confusion, pareto; needs matplotlib

    from snnrt.file import ModelWriter      model files, op by op: every integer is the caller's
    from snnrt.profile import profile_lines  metadata on the data that a model was made from
    from snnrt.legendre import integers     a Legendre memory's factors, for ModelWriter.recurrence
    from snnrt.nir import chain, write      NIR files for `snnrt compile`, from PyTorch modules or arrays; needs h5py
"""

from __future__ import annotations

import importlib
import importlib.util
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from .compiling import check, compile, verify  # noqa: A004
    from .cost import Cost
    from .errors import CompileError, Error, SnnrtWarning
    from .model import Channel, Model
    from .network import Network, Result
    from .reports import CheckReport, Comparison, CompileReport
    from .trace import Trace

_HOMES = {
    "compiling": ["check", "compile", "verify"], "cost": ["Cost"], "errors": ["CompileError", "Error", "SnnrtWarning"],
    "model": ["Channel", "Model"], "network": ["Network", "Result"], "reports": ["CheckReport", "Comparison", "CompileReport"],
    "trace": ["Trace"]}
_NAMES = {name: home for home, names in _HOMES.items() for name in names}

__all__ = ["Channel", "CheckReport", "Comparison", "CompileError", "CompileReport", "Cost", "Error", "Model", "Network", "Result",
           "SnnrtWarning", "Trace", "check", "compile", "verify"]


def __getattr__(name: str):
    """Loads what is asked for: writing a file takes no library, and starting the command no NumPy."""
    if name in _NAMES:
        return getattr(importlib.import_module(f".{_NAMES[name]}", __name__), name)
    if name.startswith("_") or importlib.util.find_spec(f"{__name__}.{name}") is None:
        raise AttributeError(f"module snnrt has no attribute {name}")
    return importlib.import_module(f".{name}", __name__)


def __dir__() -> list[str]:
    return [*globals(), *__all__, "export", "plot", "torch"]
