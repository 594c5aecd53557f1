"""A log's labels as the model's classes: spellings, maps, and labels that are no class."""

import numpy
import pytest

from command import HEADER, MODEL, SAMPLE, USAGE, log, rows, run, sample_windows, saved, summary


def relabelled(tmp_path, names, name="watch.csv"):
    """The sample log with other names for its labels."""
    lines = SAMPLE.read_text().splitlines()
    body = [line.rsplit(",", 1) for line in lines[1:]]
    return log(tmp_path, "\n".join([lines[0], *(f"{cells},{names.get(label, label)}" for cells, label in body)]) + "\n", name)


def evaluation(path, *options):
    return summary(MODEL, path, *options)[1]["evaluation"]


@pytest.mark.parametrize("spelled", [str.upper, str.title, lambda name: f"_{name[:3]} {name[3:]}-"])
def test_spellings_do_not_matter(tmp_path, spelled):
    classes = evaluation(SAMPLE)["classes"]
    path = relabelled(tmp_path, {name: spelled(name) for name in classes})
    assert evaluation(path) == evaluation(SAMPLE)
    assert "no class" not in run("infer", MODEL, path).stderr


@pytest.mark.parametrize("how", ["inline", "repeated", "csv", "semicolon", "tab", "equals"])
def test_labels_are_mapped(tmp_path, how):
    # A label with a comma in it stands in quotes, in the log as in the map.
    applaud = '"applaud, loudly"' if how == "csv" else "applaud"
    path = relabelled(tmp_path, {"clapping": applaud, "typing": "7"})
    assert set(evaluation(path)["unknown"]) == {applaud.strip('"'), "7"}
    table = {
        "csv": '# what they wrote, what it is\nlabel,class\n\n"applaud, loudly",clapping\n7,typing\n', "semicolon": "applaud;clapping\n7;typing",
        "tab": "applaud\tclapping\r\n7\ttyping\r\n", "equals": "applaud = Clapping\n7=typing\n"}
    options = {
        "inline": ["--label-map", "applaud=clapping,7=typing"],
        "repeated": ["--label-map", "applaud=clapping", "--label-map", "7=TYPING"],
    }.get(how) or ["--label-map", str(log(tmp_path, table[how], "map.txt"))]
    assert evaluation(path, *options) == evaluation(SAMPLE)


def test_maps_that_say_nothing_are_refused(tmp_path):
    for wrong, words in [
        ("clap", "no such file, and no label=class"), ("a=b=c", "no such file"), ("=typing", "no such file"), ("a=", "no such file"),
        ("a=walking", '"walking", to which "a" is mapped, is no class of the model'),
        ("typing=walking", "the log's label comes first, then the class; its classes: dribbling, catch"),
        ("a=typing,a=catch", '"a" is mapped to both typing and catch'),
        (log(tmp_path, "a,typing\nb\n", "short.csv"), "short.csv:2: expected a label and a class"),
        (log(tmp_path, "a,typing,1\n", "long.csv"), "long.csv:1: expected a label and a class"),
        (tmp_path, "cannot be read as text"),
    ]:
        done = run("infer", MODEL, SAMPLE, "--label-map", wrong)
        assert done.returncode == USAGE and words in done.stderr and done.stdout == "", (wrong, done.stderr)


def test_the_rest_is_scored_and_strangers_are_named_once(tmp_path):
    path = relabelled(tmp_path, {"folding": "Stand Up", "catch": "Stand Up"})
    done = run("infer", MODEL, path)
    assert done.stderr.count('label "Stand Up": 400 ticks, no class of the model') == 1
    got, all_of = evaluation(path), evaluation(SAMPLE)
    assert got["unknown"] == {"Stand Up": 10} and got["count"] == all_of["count"] - 10 and got["accuracy"] is not None


def test_labels_of_arrays_are_mapped(tmp_path):
    windows, labels = sample_windows()
    x = saved(tmp_path / "x.npy", windows)
    plain = evaluation(x, "--labels", saved(tmp_path / "y.npy", labels))
    shouted = saved(tmp_path / "shouted.npy", numpy.char.upper(labels))
    assert evaluation(x, "--labels", shouted) == plain
    codes = {name: str(100 + i) for i, name in enumerate(numpy.unique(labels))}
    numbers = saved(tmp_path / "numbers.npy", numpy.vectorize(codes.get)(labels).astype(int))
    assert run("infer", MODEL, x, "--labels", numbers).returncode != 0
    pairs = ",".join(f"{code}={name}" for name, code in codes.items())
    assert evaluation(x, "--labels", numbers, "--label-map", pairs) == plain


def test_a_label_that_no_class_is_near(tmp_path):
    text = HEADER.strip() + ",label\n" + "".join(line + ",Clap\n" for line in rows(80).splitlines())
    path = log(tmp_path, text)
    assert 'label "Clap": 80 ticks, no class of the model; the nearest is "clapping"\n' in run("infer", MODEL, path).stderr
    assert "no class" not in run("infer", MODEL, path, "--label-map", "clap=clapping").stderr
