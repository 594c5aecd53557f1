"""Overlapping windows and evidence as `snnrt infer` gives them, against the sums of a model whose windows do not overlap."""

import struct
import sys
from pathlib import Path

import pytest

import command
from command import MODEL, SAMPLE

sys.path[:0] = [str(Path(__file__).resolve().parents[2] / "models")]
from snnrt.file import seal  # noqa: E402

SUM, KEEP, RESET = 1, 0, 1


def summary(model, log):
    """The self-test states the results of the readout as shipped."""
    return command.summary(model, log, "--no-self-test")


def with_readout(path, window, hop, end=KEEP, is_early=0, evidence=0):
    """The shipped model with another readout: its parameter block is the only one of this content."""
    body = bytearray(MODEL.read_bytes()[:-4])
    old = struct.pack("<4BIIHH", SUM, RESET, 0, 0, 40, 40, 0, 0)
    assert body.count(old) == 1
    at = body.index(old)
    body[at : at + 16] = struct.pack("<4BIIHH", SUM, end, 0, is_early, window, hop, 0, evidence)
    path.write_bytes(seal(bytes(body)))
    return path


def per_segment(results):
    segments = [[]]
    for before, result in zip([None] + results, results):
        if before and result["end"] - before["end"] > 60:
            segments.append([])
        segments[-1].append(result)
    return segments


def scores(results):
    return [result["scores"] for result in results]


@pytest.mark.parametrize("is_early", [0, 1])
@pytest.mark.parametrize("end", [KEEP, RESET])
def test_overlapping_windows_are_sums_of_hops(tmp_path, is_early, end):
    whole, whole_sum = summary(with_readout(tmp_path / "hops.snn", 10, 10, end), SAMPLE)
    over, over_sum = summary(with_readout(tmp_path / "over.snn", 40, 10, end, is_early), SAMPLE)
    assert whole_sum["results"] == 140 and over_sum["results"] == (140 if is_early else 7 * 17)
    for entries, results in zip(per_segment(whole), per_segment(over), strict=True):
        first = 0 if is_early else 3
        expected = [[sum(column) for column in zip(*scores(entries[max(0, i - 3) : i + 1]))] for i in range(first, 20)]
        assert scores(results) == expected
        assert [r["end"] for r in results] == [e["end"] for e in entries[first:]]
        assert [r["start"] for r in results] == [entries[max(0, i - 3)]["start"] for i in range(first, 20)]
        assert [r["logged"] for r in results] == [e["logged"] for e in entries[first:]]


def test_leaky_evidence_survives_the_reset_of_a_window(tmp_path):
    whole, _ = summary(with_readout(tmp_path / "windows.snn", 40, 40, RESET), SAMPLE)
    leaky, _ = summary(with_readout(tmp_path / "leaky.snn", 40, 40, RESET, evidence=16384), SAMPLE)
    for entries, results in zip(per_segment(whole), per_segment(leaky), strict=True):
        evidence = [0] * 7
        for entry, result in zip(scores(entries), scores(results), strict=True):
            evidence = [int(e / 2) + x for e, x in zip(evidence, entry)]
            assert result == evidence
