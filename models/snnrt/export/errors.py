"""The one exception of the exporter."""

from __future__ import annotations


class ExportError(ValueError):
    """A network, or a part of it, that a NIR file of dialect "snnrt" cannot say, or that does not come out equal.

    The message names the module or the line of the user's code, the reason and what can be done."""

    def __init__(self, message: str, is_final: bool = False):
        """`is_final`: no other layout of the input changes it."""
        super().__init__(message)
        self.is_final = is_final
