"""The ops, one module each.

A module that holds a class `Parameters` with a `kind` is an op; `BY_KIND` finds it by the code of the file. Nothing else
lists them: a new op is a new module.
"""

from importlib import import_module
from pkgutil import iter_modules

MODULES = [import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__)]
BY_KIND = {op.kind: op for module in MODULES for op in module.OPS}
