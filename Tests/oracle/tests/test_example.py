"""The example, and what of it the document shows."""

import struct

import numpy as np
import pytest

import example
import generate
import reader
from faults.edits import Base
from interpreter import Network, self_test
from snnrt.file import assemble
from tests.support import ROOT


def test_example():
    model = reader.parse(example.example())
    frames, checksum = model.self_test
    network = Network(model)
    results = [network.tick(frame) for frame in frames]
    # Worked out in format.md's terms: hidden currents (300, −100, 200), (325, −175, 150), (−100, 300, 200),
    # (−175, 325, 150); U (300, −100, 200), (394, −264, 329) [269 + 325 − 200; 179 + 150], (54, 63, 296), (−127, 381, 216)
    assert [result for result in results if result] == [(0, [384, -384]), (1, [-160, 160])]
    assert network.ops[2].membrane.tolist() == [-127, 381, 216]
    assert network.checksum == checksum
    assert len(example.annotated_hex().splitlines()) > 50


def test_given_model_and_results_only(tmp_path):
    (tmp_path / "a.snn").write_bytes(example.example())
    np.save(tmp_path / "f.npy", example.FRAMES.astype(np.int16))
    options = type("Options", (), dict(model=tmp_path / "a.snn", frames=tmp_path / "f.npy", out=tmp_path, name="a"))
    options.results_only = False
    generate.trace_given(options)
    content = (tmp_path / "a.trace").read_bytes()
    magic, version, count, channels, slots, block, classes = struct.unpack_from("<8s6I", content)
    assert (magic, version, count, channels, slots, classes) == (b"SNNTRACE", 1, 4, 2, 6, 2)
    elements = struct.unpack_from("<6I", content, 32)
    assert len(content) == 32 + 24 + 16 + 4 * (4 * sum(elements) + 4 * (2 + classes) + block)
    options.results_only = True
    generate.trace_given(options)
    results = (tmp_path / "a.results").read_bytes()
    assert struct.unpack_from("<6i", results) == (0, 384, -384, 1, -160, 160)
    assert results[24:] == content[-block:]


@pytest.mark.parametrize("table", example.TABLES.values())
def test_format_document_shows_the_example(table):
    document = (ROOT / "docs" / "format.md").read_text()
    assert table().strip() in document


def test_the_self_test():
    data = example.example()
    assert self_test(reader.parse(data)) == 0
    assert self_test(reader.parse(example.example(checksum=1))) == -21  # it opens all the same
    sections = [section for section in Base(data).sections() if section[0] != 9]
    assert self_test(reader.parse(assemble(sections))) == -20
    # One frame, where the first result takes two, proves nothing, whatever checksum it states.
    for checksum in (0, 5):
        short = struct.pack("<IIhh", 1, checksum, 400, 0)
        assert self_test(reader.parse(assemble(sections + [(9, 0, short)]))) == -20


def test_saved_state():
    model = reader.parse(example.example())
    network, full = Network(model), Network(model, full_accounting=True)
    for frame in example.FRAMES[:3]:
        network.tick(frame)
        full.tick(frame)
    saved = network.saved_state(0x12345678)
    assert saved[:16] == b"SNNS" + struct.pack("<HBBII", 1, 0, 1, 0x12345678, 104) and len(saved) == 16 + 104 + 4
    assert saved[16:-4] == network.state_block()
    assert saved[-4:] == struct.pack("<I", reader.crc32c(saved[:-4]))
    assert full.saved_state(0)[6:8] == b"\1\1" and len(full.saved_state(0)) == 16 + 56 + 6 * 4 * 8 + 4
