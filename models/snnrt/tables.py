"""Tables of text, as the command prints them, and the same in HTML for notebooks."""

from __future__ import annotations

import html


def table(header: list[str], rows, right=None) -> str:
    """Aligned columns, two blanks apart. `right`: numbers of the columns that are aligned to the right; None: all but the first."""
    cells = [list(map(str, header))] + [list(map(cell, row)) for row in rows]
    right = range(1, len(header)) if right is None else right
    widths = [max(len(row[i]) for row in cells) for i in range(len(header))]
    lines = []
    for row in cells:
        line = "  ".join(text.rjust(width) if i in right else text.ljust(width) for i, (text, width) in enumerate(zip(row, widths)))
        lines.append(line.rstrip())
    return "\n".join(lines)


def cell(value) -> str:
    """A number with its thousands, a share with three digits, nothing for None."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:.4g}" if isinstance(value, float) else str(value)


class Shown:
    """An object that prints as tables, in a terminal and in a notebook."""

    def _tables(self) -> list[str]:
        raise NotImplementedError

    def __str__(self) -> str:
        return "\n\n".join(self._tables())

    def __repr__(self) -> str:
        return f"<{type(self).__name__}: {str(self).splitlines()[0].strip()}>"

    def _repr_html_(self) -> str:
        return f"<pre>{html.escape(str(self))}</pre>"
