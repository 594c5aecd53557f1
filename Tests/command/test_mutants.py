"""Files with one to three random faults behind a repaired checksum: the Embedded reader and the one written from
format.md give the same status and the same offset, or both accept."""

import random
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]

import reader  # noqa: E402
from snnrt.file import seal  # noqa: E402

SEED, COUNT = 20260101, 6000
ARENA_TOO_SMALL = -13  # a valid file that needs 4 GiB or more: no fault of the file
WORDS = (0, 1, 2, 3, 7, 12, 16, 32, 255, 65535, 2**31, 2**32 - 1)


def mutant(data, dice):
    body = bytearray(data[:-4])
    for _ in range(dice.choice((1, 1, 2, 2, 3))):
        place = dice.randrange(16, len(body))
        kind = dice.randrange(4)
        if kind == 0:
            body[place] ^= 1 << dice.randrange(8)
        elif kind == 1:
            body[place] = dice.randrange(256)
        else:
            size = dice.choice((1, 2, 4))
            place -= place % size
            value = dice.choice(WORDS) % 256**size
            body[place:place + size] = value.to_bytes(size, "little")
    return seal(bytes(body))


def verdict(data):
    try:
        reader.parse(data)
        return 0, 0
    except reader.Refused as refused:
        return int(refused.status), refused.offset


def test_mutants_are_received_alike(tmp_path):
    dice = random.Random(SEED)
    names = []
    for kind in ("0[0-4]?-*", "[45]??-*", "6??-[rl]e*"):  # the first six ops, those up to loihi, recurrences
        names += sorted((ROOT / "build/vectors").glob(f"{kind}.snn"), key=lambda path: path.stat().st_size)[:12]
    sources = [path.read_bytes() for path in [ROOT / "build/vectors/example.snn", *names]]
    mutants = [mutant(dice.choice(sources), dice) for _ in range(COUNT)]
    paths = []
    for i, data in enumerate(mutants):
        paths.append(tmp_path / f"{i}.snn")
        paths[-1].write_bytes(data)
    done = subprocess.run([ROOT / "build/c/refuse"], input="\n".join(map(str, paths)) + "\n", capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    different, accepted = [], 0
    for i, line in enumerate(done.stdout.splitlines()):
        found = tuple(map(int, line.split()))
        if found[0] == ARENA_TOO_SMALL:
            found = (0, 0)
        expected = verdict(mutants[i])
        accepted += expected[0] == 0
        if found != expected:
            different.append(f"{i}: engine {found}, reader {expected}")
    assert not different, f"seed {SEED}: {len(different)} of {COUNT}: " + "; ".join(different[:20])
    assert COUNT // 50 < accepted < COUNT // 2
