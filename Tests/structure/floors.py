"""The floors of the device half: a folder of Sources/SNNRuntime may use what is declared in its own and in those below.

    python3 floors.py [SOURCES]    every arrow upwards, a line each
"""

import sys
from pathlib import Path

from swift_source import TYPES, declarations, isIdentifier, local_names, tokens

FLOORS = ("Arithmetic", "Format", "Kernels", "Ops", "Model", "Network")
DECLARING = (*TYPES, "func", "let", "var", "case")
RUNTIME = Path(__file__).resolve().parents[2] / "Sources/SNNRuntime"


def files(sources, floor):
    return sorted((sources / floor).rglob("*.swift"))


def arrows(sources=RUNTIME):
    """The uses of what a higher floor declares: from `file identifier` to a message about the first of them.

    A type, a global or a member that an extension adds counts as used where a lower floor names it. A global or a member
    may share its name with something that the lower floors declare themselves; then only a compiler can tell, and
    test_floors.py asks one.
    """
    streams = {floor: {path: tokens(path.read_text()) for path in files(sources, floor)} for floor in FLOORS}
    homes = {}
    for floor in FLOORS:
        for path, stream in streams[floor].items():
            for name, kind in declarations(stream):
                homes.setdefault(str(name), []).append((floor, kind, path.relative_to(sources)))
    found, known = {}, set()
    for level, floor in enumerate(FLOORS):
        for stream in streams[floor].values():
            known |= {str(name) for name in local_names(stream)}
        for path, stream in streams[floor].items():
            for before, token in zip(["", *stream], stream):
                home = homes.get(str(token), ())
                above = [place for place in home if FLOORS.index(place[0]) > level]
                if not isIdentifier(token) or len(above) != len(home) or not above or before in DECLARING:
                    continue
                if above[0][1] != "type" and str(token) in known:
                    continue
                if above[0][1] == "type" and before == ".":
                    continue  # a nested type of that name
                upper, kind, where = above[0]
                found.setdefault(
                    f"{path.relative_to(sources)} {token}",
                    f"Sources/SNNRuntime/{path.relative_to(sources)}:{token.line}: {floor} uses {token}, "
                    f"a {kind} of the higher floor {upper} ({where})")
    return found


if __name__ == "__main__":
    for entry in sorted(arrows(Path(sys.argv[1]) if len(sys.argv) > 1 else RUNTIME)):
        print(entry)
