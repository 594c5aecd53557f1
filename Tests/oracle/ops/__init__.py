"""The ops, one module each: what a file says of an op (a subclass of core.parameters.Parameters) and what it does in a
network (a subclass of core.running.RunningOp). A module lists its pairs as OPS.

Nothing else lists modules: a new op is a new module. It may bring its own faults and random programs too (see faults and
drawing).
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
BY_KIND = {parameters.kind: parameters for module in MODULES for parameters in module.OPS}
MODULE_OF = {parameters.name: module for module in MODULES for parameters in module.OPS}
RUNNING = {parameters.kind: running for module in MODULES for parameters, running in module.OPS.items()}
