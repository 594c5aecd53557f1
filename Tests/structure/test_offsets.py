"""Where a field lies in the file stands in Sources/SNNRuntime/Format/Records.swift and in the ops' tables of fields, nowhere else."""

import re
from pathlib import Path

import exceptions
from swift_source import tokens

ROOT = Path(__file__).resolve().parents[2]
READER = [f"Sources/SNNRuntime/{floor}" for floor in ("Format", "Ops", "Model", "Network")]
WRITER = ["Sources/Compiler"]
RECORDS = "Sources/SNNRuntime/Format/Records.swift"
# What takes an offset in the file, as its argument or behind the label `at`.
READS = {"u8", "u16", "u32", "i8", "i16", "i32", "load", "loadUnaligned", "number", "require", "tensor", "Refusal"}
# What turns a field into bytes.
BYTES = {"u8", "u16", "u32", "i16", "i32"}


def reader_offsets(stream):
    """Where a literal of 1 or more is added within the arguments of a read, unless it is multiplied, or is all of its argument."""
    for at in range(2, len(stream) - 1):
        before, token, after = stream[at - 1], stream[at], stream[at + 1]
        if not re.fullmatch(r"[1-9][\d_]*|0x[\da-fA-F_]+", token):
            continue
        isRead = READS & set(token.calls) or stream[at + 1 : at + 3] == [")", "."] and stream[at + 3] in READS
        if isRead and before in ("+", "&+") and "*" not in after:
            yield at
        elif isRead and after == ")" and (before == "(" and stream[at - 2] in READS or before == ":" and stream[at - 2] == "at"):
            yield at


def writer_offsets(stream):
    """Where fields are put one behind the other by hand, `u16(…) + u32(…)`."""
    for at in range(1, len(stream) - 1):
        if stream[at] in BYTES and stream[at + 1] == "(" and stream[at - 1] in ("+", "+="):
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
    exceptions.hold_counts("offsets", {file: len(places) for file, places in found.items()}, lambda file: "; ".join(found[file]))


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
    (tmp_path / "Sources/Compiler/A.swift").write_text("let a = tensor(values.flatMap(u16))\nlet b = u32(value)\nlet c = [1] + u16(2)\n")
    assert offsets(tmp_path) == {
        "Sources/SNNRuntime/Ops/A.swift": ["4: block &+ 3 )", "5: base + 28 )", "6: u32 ( 12 )", "7: record &+ 4 )", "8: at : 24 )"],
        "Sources/Compiler/A.swift": ["3: ] + u16 ("]}
