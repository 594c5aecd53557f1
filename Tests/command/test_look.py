"""snnrt look: what is in a log before anything runs."""

import json
import xml.etree.ElementTree

from command import BAD_LOG, HEADER, MODEL, SAMPLE, USAGE, acceleration_model, log, rows, run


def look(*arguments):
    done = run("look", *arguments, "--format", "json")
    return done, json.loads(done.stdout)


def test_a_log_without_a_model(tmp_path):
    done, report = look(SAMPLE)
    assert done.returncode == 0
    table, recording = report["tables"][0], report["recordings"][0]
    assert [column["role"] for column in table["columns"]] == ["time", "accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z", "label"]
    assert table["rows"] == 1400 == recording["ticks"] == sum(label["ticks"] for label in recording["labels"])
    assert recording["gaps"] == 6 and recording["segments"] == 7 and not recording["isForModel"] and recording["doubts"] == []
    # Rows are shown as they are, at their own rate.
    assert 19.9 < recording["lowestRate"] <= recording["highestRate"] < 20.1
    text = run("look", SAMPLE).stdout
    assert "7 segments of" in text and "clapping 200" in text and "no doubt" in text


def test_units_and_what_is_converted(tmp_path):
    text = "time[ms],accX[mg],accY[mg],accZ[mg],gyrX (dps),gyrY (dps),gyrZ (dps),state\n"
    text += "".join(f"{50 * i},0,{i % 3},1000,180,0,0,{'a' if i < 30 else 'b'}\n" for i in range(50))
    done, report = look(log(tmp_path, text), "--model", MODEL)
    columns = {column["name"]: column for column in report["tables"][0]["columns"]}
    assert columns["accZ[mg]"]["unit"] == "mg" and columns["accZ[mg]"]["role"] == "accel_z" and columns["accZ[mg]"]["median"] == 1000
    assert columns["state"]["values"] == {"a": 30, "b": 20} and columns["state"]["role"] is None if "role" in columns["state"] else True
    channels = {channel["name"]: channel for channel in report["recordings"][0]["channels"]}
    assert channels["accel_z"]["median"] == 9.807 and channels["gyro_x"]["median"] == 3.142
    assert any("mg -> m/s^2" in note for note in report["recordings"][0]["notes"])


def test_doubts_and_refusals_have_exit_codes(tmp_path):
    doubtful = log(tmp_path, HEADER + rows(200).replace("9.8", "1.0"))
    done, report = look(doubtful, "--model", MODEL)
    assert done.returncode == 0 and report["recordings"][0]["doubts"]
    assert run("look", doubtful, "--model", MODEL, "--strict").returncode == BAD_LOG
    done, report = look(log(tmp_path, "accel_x,accel_y,accel_z\n1,2,3\n", "bare.csv"), "--model", acceleration_model(tmp_path))
    assert done.returncode == BAD_LOG and "no column with times" in report["recordings"][0]["refusal"]
    assert report["tables"][0]["columns"][2]["role"] == "accel_z"


def test_a_plot_is_a_drawing(tmp_path):
    drawing = tmp_path / "log.svg"
    assert run("look", SAMPLE, "--model", MODEL, "--plot", drawing).returncode == 0
    root = xml.etree.ElementTree.parse(drawing).getroot()
    text = "".join(root.itertext())
    assert all(name in text for name in ("accel_x", "gyro_z", "m/s^2", "rad/s", "clapping", "seconds from the first row"))
    assert len([rect for rect in root.iter("{http://www.w3.org/2000/svg}rect") if rect.get("fill") == "#888"]) == 6
    assert run("look", SAMPLE, "--plot", tmp_path / "log.png").returncode == USAGE


def test_an_accelerometer_alone_in_a_format_of_its_own(tmp_path):
    lines = "".join(f"33,Jogging,{49_105_962_326_000 + 50_000_000 * i},0.5,9.5,1.5;\n" for i in range(60))
    done, report = look(log(tmp_path, lines, "WISDM_ar_v1.1_raw.txt"))
    recording = report["recordings"][0]
    assert done.returncode == 0 and [channel["name"] for channel in recording["channels"]] == ["accel_x", "accel_y", "accel_z"]
    assert recording["ticks"] == 60 and recording["labels"] == [{"label": "Jogging", "ticks": 60}]
