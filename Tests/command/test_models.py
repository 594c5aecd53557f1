"""Every shipped model gives what its card says on the sample log, to the last bit; the figures that lead a card are those of its
folder's people.csv; and the pictures show what the cards say."""

import hashlib
import json
import re
import sys

import pytest

from command import MODEL, ROOT, SAMPLE, run, summary

sys.path[:0] = [str(ROOT / "Tests/oracle"), str(ROOT / "models")]
import reader  # noqa: E402
from interpreter import Network  # noqa: E402
from training import people  # noqa: E402
from training.cards import headline  # noqa: E402
from training.cards.pictures import pictures, tables  # noqa: E402

# The folders whose cards lead with five folds, each with its people.csv, and those whose cards still have fold 0 alone. A folder
# moves when its people.csv is recorded (python -m training.folds), together with its card and its cells in the two tables.
FIVE_FOLDS = {"wisdm-lmu", "wisdm-small"}
FOLD_0 = {"wisdm-slmu", "wisdm-l2mu", "wisdm-delay", "wisdm-graded"}
OTHERS = {"wisdm-stream", "braille-l2mu"}  # whole days; another task
WINDOWS = 24_896  # of the 40 people: every one is scored once by each file and seed

MODELS = sorted((ROOT / "models").glob("*/*.snn"))
ROW = re.compile(r"^\| `([\w-]+\.snn)` \| (\d+) of (\d+) \| `(0x[0-9a-f]{8})` \| `(0x[0-9a-f]{8})` \|$", re.M)
ROW_OF_MEDIANS = "instructions per tick on a Cortex-M4"


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
        found = [table for table in tables((folder / "README.md").read_text()) if any(row[0].startswith(ROW_OF_MEDIANS) for row in table)]
        assert len(found) == 1, f"{folder.name}/README.md has {len(found)} tables with {ROW_OF_MEDIANS}"
        header, medians = found[0][0][1:], next(row for row in found[0] if row[0].startswith(ROW_OF_MEDIANS))[1:]
        files = [[model.stem for model in folder.glob("*.snn") if model.stem.endswith(f"-{column}")] for column in header]
        assert sorted(sum(files, [])) == sorted(model.stem for model in folder.glob("*.snn")), f"{folder.name}/README.md: columns {header}"
        wanted = [f"{counted[file]['cortexM4']['median']:,}" for [file] in files]
        assert medians == wanted, f"{folder.name}/README.md: {wanted}"


def table_of(folder):
    return people.read(ROOT / "models" / folder / "people.csv")


def test_every_folder_leads_with_five_folds_or_is_listed():
    folders = {model.parent.name for model in MODELS}
    assert FIVE_FOLDS | FOLD_0 | OTHERS == folders and len(FIVE_FOLDS) + len(FOLD_0) + len(OTHERS) == len(folders)
    recorded = {path.parent.name for path in (ROOT / "models").glob("*/people.csv")}
    assert recorded == FIVE_FOLDS, "a folder with people.csv belongs in FIVE_FOLDS, and no other"


@pytest.mark.parametrize("folder", sorted(FIVE_FOLDS))
def test_card_leads_with_its_record(folder):
    """The first table of the card is what people.csv gives, to the letter; the record is of files that are here, on all windows."""
    rows, card = table_of(folder), (ROOT / "models" / folder / "README.md").read_text()
    wanted = headline.tables(rows)
    assert wanted in card, f"models/{folder}/README.md lacks\n{wanted}"
    assert tables(card)[0][0][0] == headline.LEADS, f"models/{folder}/README.md: another table comes first"
    counts = people.confusion(ROOT / "models" / folder / "confusion.csv", rows[-1].file)
    own = [row for row in rows if row.file == rows[-1].file]
    assert headline.confusion_table(counts) in card, f"models/{folder}/README.md lacks\n{headline.confusion_table(counts)}"
    assert (counts.sum(), counts.trace()) == (sum(row.windows for row in own), sum(row.right for row in own))
    for file, seed in {(row.file, row.seed) for row in rows}:
        assert (ROOT / "models" / folder / f"{file}.snn").exists(), f"{file} has a record and is not shipped"
        assert sum(row.windows for row in rows if (row.file, row.seed) == (file, seed)) == WINDOWS


def test_tables_of_models_say_what_is_recorded():
    """The cells of models/README.md, and the README's for its own model."""
    cells = re.findall(r"^\|[^|]*\| \[([\w-]+)\]\(\1/README\.md\)`/([\w-]+)\.snn` \| ([^|]*) \|", (ROOT / "models/README.md").read_text(), re.M)
    assert {folder for folder, _, _ in cells} == FIVE_FOLDS | FOLD_0 | OTHERS
    for folder, file, cell in cells:
        if folder in FIVE_FOLDS:
            figures = headline.by_file(table_of(folder))
            assert file in figures, f"models/{folder}/people.csv has no rows of {file}"
            assert cell == headline.in_short(figures[file]), f"models/README.md, {file}: {cell}"
    if MODEL.parent.name in FIVE_FOLDS:
        cell = re.search(r"^\| accuracy in integers \| ([^|]*) \|$", (ROOT / "README.md").read_text(), re.M)[1]
        assert cell.startswith(headline.in_short(headline.by_file(table_of(MODEL.parent.name))[MODEL.stem])), f"README.md: {cell}"


def test_pictures_are_those_of_the_cards():
    for path, content in pictures().items():
        assert path.read_text() == content, f"{path.name}: run `make pictures`"
