"""The places of fields in the file stand in Sources/SNNRuntime/Format/Records.swift and in the ops' tables of fields,
nowhere else."""

import re
from pathlib import Path

from swift_source import tokens

ROOT = Path(__file__).resolve().parents[2]
READER = [f"Sources/SNNRuntime/{floor}" for floor in ("Format", "Ops", "Model", "Network")]
WRITER = ["Sources/Compiler"]
RECORDS = "Sources/SNNRuntime/Format/Records.swift"
# These take an offset in the file, as an argument or behind the label `at`.
READS = {"u8", "u16", "u32", "i8", "i16", "i32", "load", "loadUnaligned", "number", "require", "tensor", "Refusal"}
# These turn a field into bytes.
BYTES = {"u8", "u16", "u32", "i16", "i32"}
LITERAL = re.compile(r"[1-9][\d_]*|0x[\da-fA-F_]+")


def reader_offsets(stream):
    """Yields the literals of 1 or more that are added within the arguments of a read, unless they are multiplied, and
    those that are all of its argument."""
    for at in range(2, len(stream) - 1):
        before, token, after = stream[at - 1], stream[at], stream[at + 1]
        if not LITERAL.fullmatch(token):
            continue
        isRead = READS & set(token.calls) or stream[at + 1 : at + 3] == [")", "."] and stream[at + 3] in READS
        if isRead and before in ("+", "&+") and "*" not in after:
            yield at
        elif isRead and after == ")" and (before == "(" and stream[at - 2] in READS or before == ":" and stream[at - 2] == "at"):
            yield at


def writer_offsets(stream):
    """Yields what puts fields one behind the other by hand, `u16(…) + u32(…)`, and the literals that say where a field is
    put, unless they are multiplied."""
    for at in range(2, len(stream) - 1):
        before, token, after = stream[at - 1], stream[at], stream[at + 1]
        if token in BYTES and after == "(" and before in ("+", "+="):
            yield at
        elif LITERAL.fullmatch(token) and "put" in token.calls and "*" not in (before, after):
            # Back to the comma, or parenthesis, that the argument begins behind.
            depth = len(token.calls) - token.calls[::-1].index("put")
            first = next(i for i in range(at, 0, -1) if stream[i] in (",", "(") and len(stream[i].calls) == depth)
            if stream[first + 1 : first + 3] == ["at", ":"]:
                yield at


def offsets(root=ROOT):
    """The naked offsets: from file to `line: expression`s."""
    found = {}
    for folders, search in ((READER, reader_offsets), (WRITER, writer_offsets)):
        for path in (path for folder in folders for path in sorted((root / folder).rglob("*.swift"))):
            name = str(path.relative_to(root))
            stream = tokens(path.read_text()) if name != RECORDS else []
            places = [f"{stream[at].line}: {' '.join(stream[at - 2 : at + 2])}" for at in search(stream)]
            if places:
                found[name] = places
    return found


def test_offsets_have_names():
    found = offsets()
    places = [f"{file}:{place}" for file, places in found.items() for place in places]
    assert not places, "\n".join(["", *(f"{place}: an offset by hand; {RECORDS} names it" for place in places)])


def test_a_naked_offset_is_found(tmp_path):
    for folder in (*READER, *WRITER):
        (tmp_path / folder).mkdir(parents=True)
    (tmp_path / RECORDS).write_text("let a = u16(record &+ 2)\n")
    (tmp_path / "Sources/SNNRuntime/Ops/A.swift").write_text("""
        let a = file.u16(record &+ Record.Slot.bits) &+ 1, b = file.u8(values &+ 4 &* at)
        let c = rows(at &+ 1), d = file.u16(at &+ 0), e = (at + 2).clamped
        let f = file.u8(block &+ 3)
        let g = (base + 28).load(as: UInt32.self)
        let h = file.u32(12)
        throw Refusal(.unsupported, at: record &+ 4)
        throw Refusal(.unsupported, at: 24)
        """)
    (tmp_path / "Sources/Compiler/A.swift").write_text("""
        let a = tensor(values.flatMap(u16)), b = u32(value)
        let c = [1] + u16(2)
        record.put(UInt16(count + 1), at: Record.Op.kind)
        record.put(name, at: UInt32(2 * i))
        record.put(name, at: 4)
        record.put(name, at: start + 12)
        record.put(theta, at: Record.Op.kind, flag: 1, width: bits == 16 ? 2 : 4)
        """)
    assert offsets(tmp_path) == {
        "Sources/SNNRuntime/Ops/A.swift": [
            "4: block &+ 3 )", "5: base + 28 )", "6: u32 ( 12 )", "7: record &+ 4 )", "8: at : 24 )"],
        "Sources/Compiler/A.swift": ["3: ] + u16 (", "6: at : 4 )", "7: start + 12 )"]}
