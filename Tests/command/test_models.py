"""Every shipped model gives what its card says on the sample log, to the last bit; and the pictures show what the cards
say."""

import hashlib
import json
import re
import sys

import pytest

from command import ROOT, SAMPLE, run, summary

sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]
import reader  # noqa: E402
from interpreter import Network  # noqa: E402
from training.cards.pictures import pictures  # noqa: E402

MODELS = sorted((ROOT / "models").glob("*/*.snn"))
ROW = re.compile(r"^\| `([\w-]+\.snn)` \| (\d+) of (\d+) \| `(0x[0-9a-f]{8})` \| `(0x[0-9a-f]{8})` \|$", re.M)


def sample(folder):
    """The sample log of a folder's models, and how it is read: the watch's unless it has one of its own."""
    own = folder / "sample.npy"
    return (own, "--raw", "--labels", folder / "sample-labels.npy") if own.exists() else (SAMPLE,)


def test_there_are_models():
    assert len(MODELS) >= 1


@pytest.mark.parametrize("model", MODELS, ids=[model.stem for model in MODELS])
def test_sample_log_as_the_card_has_it(model):
    card = (model.parent / "README.md").read_text()
    stated = {row[0]: row[1:] for row in ROW.findall(card)}
    assert model.name in stated, f"{model.parent.name}/README.md has no row for {model.name} on the sample log"
    right, count, checksum, outputs = stated[model.name]
    _, total = summary(model, *sample(model.parent))
    evaluation = total["evaluation"]
    assert (total["modelChecksum"], total["outputChecksum"]) == (checksum, outputs)
    assert evaluation["count"] == int(count) and round(evaluation["accuracy"] * evaluation["count"]) == int(right)


@pytest.mark.parametrize("model", MODELS, ids=[model.stem for model in MODELS])
def test_card_says_what_the_weights_derive_from(model):
    card = (model.parent / "README.md").read_text()
    source = ("Apache-2.0", "L2MU-Braille") if model.stem.startswith("braille") else ("10.24432/C5HK59", "CC BY 4.0")
    for word in (*source, "Applied Brain Research", "unseen"):
        assert word in card, word
    assert run("inspect", model).returncode == 0


@pytest.mark.parametrize("model", MODELS, ids=[model.stem for model in MODELS])
def test_self_test_is_the_interpreters(model):
    """The runtime passes every self-test; that its results are right, another program in another language says."""
    parsed = reader.parse(model.read_bytes())
    frames, checksum = parsed.self_test
    network = Network(parsed)
    for frame in frames:
        network.tick(frame)
    assert len(frames) > 0 and network.checksum == checksum


def test_instructions_per_tick_are_those_of_the_files():
    """What `make bench-device` counted, it counted of the files that are here, and the cards say it."""
    counted = json.loads((ROOT / "models/instructions.json").read_text())
    for model in MODELS:
        assert counted[model.stem]["sha256"] == hashlib.sha256(model.read_bytes()).hexdigest(), f"{model.name}: run `make bench-device`"
    for folder in sorted({model.parent for model in MODELS}):
        card = (folder / "README.md").read_text()
        files = sorted(folder.glob("*.snn"), key=lambda model: card.index(f"| `{model.name}`"))  # as in the card's first table of them
        medians = " | ".join(f"{counted[model.stem]['cortexM4']['median']:,}" for model in files)
        assert re.search(rf"^\| instructions per tick on a Cortex-M4[^|]*\| {medians} \|$", card, re.M), f"{folder.name}/README.md: {medians}"


def test_pictures_are_those_of_the_cards():
    for path, content in pictures().items():
        assert path.read_text() == content, f"{path.name}: run `make pictures`"
