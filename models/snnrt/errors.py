"""What the package raises, and what it warns of."""

from __future__ import annotations


class Error(Exception):
    """A model, a state or an argument that the library refuses. `status` is the number of include/snnrt.h, `offset` the byte at
    fault where a file or a saved state was refused, else 0."""

    def __init__(self, message: str, status: int = 0, offset: int = 0):
        super().__init__(message)
        self.status, self.offset = status, offset


class CompileError(Exception):
    """A network that the command refuses, or whose model does not give what the framework gave.

    `exit_code`: of the command (64 the options were wrong, 65 the network was refused, 66 a log or the expected outputs were, 1 the
    model differs from the framework). `command`: its arguments. `report`: what it reported nonetheless, or None. The text is the
    command's, with its hint."""

    def __init__(self, message: str, exit_code: int, command: list[str], report: dict | None = None):
        super().__init__(message)
        self.exit_code, self.command, self.report = exit_code, command, report


class SnnrtWarning(UserWarning):
    """What the command or the package warns of: samples that are clipped, a network that was not compared with its framework."""
