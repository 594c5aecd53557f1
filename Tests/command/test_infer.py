"""`snnrt infer` on good logs: its formats agree, and equal the C example."""

import csv
import io
import re
import subprocess

import pytest

from command import CHANNELS, HEADER, LABEL_CSV, MODEL, SAMPLE, SNNRT, log, raw_samples, rows, run, summary


def test_formats_agree():
    table = run("infer", MODEL, SAMPLE)
    as_csv = run("infer", MODEL, SAMPLE, "--format", "csv")
    results, total = summary(MODEL, SAMPLE)
    assert table.returncode == as_csv.returncode == 0
    read = list(csv.DictReader(io.StringIO(as_csv.stdout)))
    assert [row["label"] for row in read] == [row["label"] for row in results]
    assert [row["logged"] for row in read] == [row["logged"] for row in results]
    assert len(results) == total["results"] > 30
    body = [line.split() for line in table.stdout.splitlines() if re.match(r"\s+\d+\s+\d+\.\d{3}\s", line)]
    assert [line[3] for line in body] == [row["label"] for row in results]
    assert total["outputChecksum"] in table.stdout and total["outputChecksum"] in as_csv.stderr
    for first, second in zip(read, results):
        assert [int(v) for k, v in first.items() if k.startswith("score_")] == second["scores"]


def test_evaluation_is_that_of_the_rows():
    results, total = summary(MODEL, SAMPLE)
    evaluation = total["evaluation"]
    right = sum(row["label"] == row["logged"] for row in results)
    assert evaluation["count"] == len(results)
    assert evaluation["accuracy"] == pytest.approx(right / len(results))
    assert sum(map(sum, evaluation["confusion"])) == len(results)
    f1 = []
    for name in evaluation["classes"]:
        true = sum(row["label"] == name == row["logged"] for row in results)
        given = sum(row["label"] == name for row in results)
        logged = sum(row["logged"] == name for row in results)
        f1.append(2 * true / (given + logged) if given + logged else None)
    assert evaluation["f1"] == pytest.approx(f1)
    assert evaluation["macroF1"] == pytest.approx(sum(f1) / len(f1))


def test_gaps_restart_and_are_stated():
    done = run("infer", MODEL, SAMPLE)
    assert done.stderr.count("restart") == 1 and re.search(r"6 gaps of \S+( … \S+)? s: restart at each, the first before line 202\n", done.stderr)
    assert "in 7 segments" in done.stdout
    assert run("infer", MODEL, SAMPLE, "--quiet").stderr == ""


def test_standard_input_equals_file():
    assert summary(MODEL, "-", stdin=SAMPLE.read_text())[1]["outputChecksum"] == summary(MODEL, SAMPLE)[1]["outputChecksum"]


def test_c_example_gives_the_same_bits():
    """The whole sample through the C surface."""
    results, total = summary(MODEL, SAMPLE)
    done = subprocess.run([LABEL_CSV, MODEL], input=raw_samples(SAMPLE), capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    assert done.stdout.split() == [row["label"] for row in results]
    assert total["outputChecksum"] in done.stderr
    assert f"NS-ACE {total['nsAce']} bits" in done.stderr


def test_c_example_names_a_bad_line():
    done = subprocess.run([LABEL_CSV, MODEL], input="1 2 3 4 5 6\n1 2 3\n", capture_output=True, text=True)
    assert done.returncode == 1 and "line 2: expected 6" in done.stderr


def test_columns_can_be_mapped_and_reordered(tmp_path):
    cells = [line.split(",") for line in SAMPLE.read_text().splitlines()[:201]]
    order = [6, 0, 3, 2, 1, 5, 4]
    names = {"accel_x": "ax", "gyro_z": "gz"}
    header = [names.get(name, name) for name in cells[0]]
    text = "\n".join(";".join(row[i] for i in order) for row in [header] + cells[1:]) + "\n"
    mapped = summary(MODEL, log(tmp_path, text), "--map", "accel_x=ax", "--map", "gyro_z=gz")[1]
    plain = summary(MODEL, log(tmp_path, "\n".join(",".join(row) for row in cells) + "\n", "plain.csv"))[1]
    assert mapped["outputChecksum"] == plain["outputChecksum"]


def test_time_units_are_taken_from_the_name_or_inferred(tmp_path):
    checksums = set()
    for name, factor in [("time_s", 1), ("time_ms", 10**3), ("t_us", 10**6), ("timestamp_ns", 10**9), ("timestamp", 10**3), ("t", 1)]:
        text = ",".join([name] + CHANNELS) + "\n"
        text += "".join(f"{i * 0.05 * factor:.3f}," + ",".join(f"{(i * (c + 1)) % 9}" for c in range(6)) + "\n" for i in range(90))
        done = run("infer", MODEL, log(tmp_path, text))
        assert done.returncode == 0 and "in " in done.stderr
        checksums.add(re.search(r"CRC-32C (0x\w+)", done.stdout)[1])
    assert len(checksums) == 1


def test_other_rates_are_resampled_and_said_so(tmp_path):
    done = run("infer", MODEL, log(tmp_path, HEADER + rows(800, period=0.01)))
    assert done.returncode == 0
    assert "160 ticks" in done.stdout and re.search(r"100.* Hz.*20.* Hz", done.stderr)


def test_a_stated_rate_stands_in_place_of_times(tmp_path):
    path = log(tmp_path, HEADER + rows(400, period=0.02))
    assert summary(MODEL, path)[1]["ticks"] == summary(MODEL, path, "--log-rate", "50")[1]["ticks"] == 160
    for rate, ticks in (("33.3", 240), ("20", 400), ("model", 400)):
        assert summary(MODEL, path, "--log-rate", rate)[1]["ticks"] == ticks
    text = " ".join(run("infer", "--help").stdout.split())
    assert "in place of a log's times" in text and "With --live the times stay in use" in text


def test_wisdm_pair(tmp_path):
    accel, gyro = "", ""
    for i in range(120):
        stamp = 10**12 + i * 50_000_000
        accel += f"1600,F,{stamp},{0.1 * i:.2f},1.5,9.0;\n"
        gyro += f"1600,F,{stamp},0.1,{0.01 * i:.2f},-0.3;\n"
    first = log(tmp_path, accel, "data_1600_accel_watch.txt")
    second = log(tmp_path, gyro, "data_1600_gyro_watch.txt")
    results, both = summary(MODEL, first, second)
    assert len(results) == 3 and {row["logged"] for row in results} == {"typing"}
    assert summary(MODEL, first)[1]["outputChecksum"] == both["outputChecksum"]  # finds its twin


def test_a_reader_that_leaves_ends_it_quietly():
    done = subprocess.run(f"{SNNRT} infer {MODEL} {SAMPLE} {SAMPLE} -q | head -1", shell=True, capture_output=True, text=True)
    assert done.stderr == "" and done.stdout.count("\n") == 1


def test_labels_that_the_model_does_not_know_are_said(tmp_path):
    text = HEADER.strip() + ",label\n" + "".join(line + ",juggling\n" for line in rows(80).splitlines())
    done = run("infer", MODEL, log(tmp_path, text))
    assert done.returncode == 0 and '2 results on "juggling"' in done.stdout and "accuracy" not in done.stdout
    assert 'label "juggling": 80 ticks, no class of the model\n' in done.stderr
    assert summary(MODEL, log(tmp_path, text))[1]["evaluation"]["unknown"] == {"juggling": 2}


@pytest.mark.parametrize("written, meant", [("Clap", "clapping"), ("teath", "teeth"), ("typping", "typing")])
def test_a_label_that_is_nearly_a_class_is_told_of_it(tmp_path, written, meant):
    text = HEADER.strip() + ",label\n" + "".join(line + f",{written}\n" for line in rows(80).splitlines())
    done = run("infer", MODEL, log(tmp_path, text), log(tmp_path, text, "again.csv"))
    expected = f'label "{written.strip()}": 80 ticks, no class of the model; the nearest is "{meant}"\n'
    assert done.stderr.count(expected) == 2, done.stderr


def test_each_kind_of_note_is_one_line(tmp_path):
    parts = [rows(60, period=period, start=start) for period, start in ((0.01, 0), (0.011, 5), (0.01, 20))]
    path = log(tmp_path, HEADER + "".join(parts))
    done = run("infer", MODEL, path)
    notes = [line.split(": ", 2)[2] for line in done.stderr.splitlines() if line.startswith("note: " + str(path))]
    assert "resampled 90.91 … 100 Hz -> 20 Hz in 3 segments" in notes
    assert "2 gaps of 4.41 … 14.35 s: restart at each, the first before line 62" in notes and len(notes) == 4
    live = run("infer", MODEL, path, "--live", "--log-rate", "100")
    assert live.stderr.count("restart") == 2


def test_no_result_is_said(tmp_path):
    path = log(tmp_path, HEADER + rows(10))
    done = run("infer", MODEL, path)
    assert done.returncode == 0 and "warning: no result: it takes 40 ticks in one segment, and there were 10 in 1" in done.stderr
    assert run("infer", MODEL, path, "-q").stderr.startswith("warning: no result")
