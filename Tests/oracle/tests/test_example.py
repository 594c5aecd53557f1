"""The example, and what of it the document shows."""

import struct

import numpy as np

import example
import generate
import reader
from interpreter import Network
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


def test_format_document_shows_the_example():
    document = (ROOT / "docs" / "format.md").read_text()
    assert example.annotated_hex().strip() in document
