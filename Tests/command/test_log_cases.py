"""The layouts that people really have, each as its case says is right: SNNRT_SHARED/logs/CASES.md names source and case.

Right is five windows of clapping, then five of writing, and where values are the same bits the checksum of a00_base.csv. The
inputs lie beside the project; the same kinds, made by hand, are in LayoutTests, JoinTests, ClockTests, DateTests, BytesTests.
"""

import os
import re
import warnings
from pathlib import Path

import pytest

from command import BAD_LOG, MODEL, ROOT, acceleration_model, run, summary

LOGS = Path(os.environ.get("SNNRT_SHARED", ROOT / "../shared")) / "logs"
BASE = "0x75c66d56"
RIGHT = ["clapping"] * 5 + ["writing"] * 5

if not LOGS.is_dir():
    warnings.warn(f"SKIPPED: no logs in {LOGS}; SNNRT_SHARED names the folder that has them")
pytestmark = pytest.mark.skipif(not LOGS.is_dir(), reason=f"no logs in {LOGS}")


@pytest.fixture(scope="module")
def upright(tmp_path_factory):
    """A model of an accelerometer alone: z_up where z is above 5 m/s^2."""
    return acceleration_model(tmp_path_factory.mktemp("upright"), window=10)


def infer(model, *arguments):
    paths = [str(LOGS / argument) if (LOGS / argument).exists() else argument for argument in arguments]
    return run("infer", model, *paths)


def labels(model, *arguments):
    paths = [LOGS / argument if (LOGS / argument).exists() else argument for argument in map(str, arguments)]
    results, total = summary(model, *paths)
    return [result["label"] for result in results], total["outputChecksum"]


@pytest.mark.parametrize("arguments, isExact", [
    (["a00_base.csv"], True),
    (["a01_sensorlogger/joined.csv"], True),
    (["a01_sensorlogger/TotalAcceleration.csv", "a01_sensorlogger/Gyroscope.csv"], False),
    (["a02_g_dps_t.csv"], True),
    (["a02_mg_mdps.csv"], False),
    (["a02_mg_mdps_t.csv"], False),
    (["a02_g_named.csv", "--unit", "accel=g", "--unit", "gyro=deg/s"], True),
    (["a04_excel_minutes.csv"], True),
    (["a04_iso.csv"], True),
    (["a07_concat.csv"], True),
    (["a09_phyphox_de.csv"], True),
    (["a09_phyphox_en.csv"], True),
    (["a10_emteq.csv"], True),
    (["a11_shimmer.csv"], True),
    (["a11_shimmer_user_cut.csv", "--unit", "gyro=deg/s"], True),
    (["a13_bom_crlf.csv"], True),
    (["a13_cr_only.csv"], True),
    (["a13_pandas_index.csv"], True),
    (["a13_quoted_all.csv"], True),
    (["a13_utf16.csv"], True),
    (["a13_utf16_nobom.csv"], True),
    (["a17_edge.csv"], True),
    (["a17_edge.json"], True),
], ids=lambda value: value[0] if isinstance(value, list) else "")
def test_layouts_that_are_read(arguments, isExact):
    given, checksum = labels(MODEL, *arguments)
    assert given == RIGHT
    if isExact:
        assert checksum == BASE


@pytest.mark.parametrize("name", ["a06_pamap2.dat", "a06_pamap2_head.dat", "a06_pamap2_head.csv"])
def test_pamap2(name):
    """Four rows of 400 have no values, so each half gives a window less."""
    assert labels(MODEL, name)[0] == ["clapping"] * 4 + ["writing"] * 4
    assert "dropped 4 rows without a value, as the layout marks it" in infer(MODEL, name).stderr
    # Without the layout the hint leads to the same.
    plain = ["--layout", "none", "--map", "accel_x=5", "--map", "accel_y=6", "--map", "accel_z=7", "--map", "gyro_x=11",
             "--map", "gyro_y=12", "--map", "gyro_z=13", "--map", "time=1", "--time-unit", "s"]
    asked = infer(MODEL, name, *plain)
    assert asked.returncode == BAD_LOG and 'found "NaN", expected a number' in asked.stderr
    assert "--skip-bad-rows drops and counts rows without a value" in asked.stderr
    assert labels(MODEL, name, *plain, "--skip-bad-rows")[0] == ["clapping"] * 4 + ["writing"] * 4


def test_seconds_that_twenty_rows_share():
    given, checksum = labels(MODEL, "a19_seconds.csv")
    assert given == ["clapping"] * 5
    assert checksum == labels(MODEL, "a19_seconds.csv", "--log-rate", "20")[1]
    assert "190 rows have the time of the row before: such rows are spread evenly up to the next time" in infer(MODEL, "a19_seconds.csv").stderr


def test_a_clock_with_another_name():
    done = infer(MODEL, "a20_50hz_creation_time.csv")
    assert done.returncode == 0 and '"Creation_Time" taken as time in ns' in done.stderr and "resampled 50 Hz -> 20 Hz" in done.stderr
    assert len(labels(MODEL, "a20_50hz_creation_time.csv")[0]) == 4


@pytest.mark.parametrize("name", ["a02_g_named.csv", "a02_quiet_g.csv", "a11_shimmer_user_cut.csv"])
def test_a_wrong_unit_is_warned_of(name):
    done = infer(MODEL, name)
    assert done.returncode == 0 and "warning: " in done.stderr and "looks like" in done.stderr
    assert infer(MODEL, name, "--strict").returncode == BAD_LOG


def test_logs_of_one_sensor_name_the_other(upright):
    done = infer(MODEL, "a01_sensorlogger/TotalAcceleration.csv")
    assert done.returncode == BAD_LOG and "no column for channel gyro_x, gyro_y, gyro_z" in done.stderr
    assert "a01_sensorlogger/Gyroscope.csv has other channels: if it is of the same recording, name both files" in done.stderr


def test_acceleration_alone(upright):
    """ActiGraph, Empatica, HHAR and WISDM v1.1, as a00_base.csv is read."""
    base = labels(upright, "a00_base.csv")[0]
    assert set(base) == {"z_up", "z_low"} and len(base) == 40
    for arguments in (["a03_actigraph.csv"], ["a03_actigraph_notime.csv"], ["a03_actigraph_notime_cut.csv", "--log-rate", "20"],
                      ["a03_actigraph_cut.csv", "--time-format", "dd/mm/yyyy"],
                      ["a07_hhar_phones_accelerometer.csv", "--only", "Device=s3_1"],
                      ["a07_hhar_one_device.csv", "--map", "accel_x=x", "--map", "accel_y=y", "--map", "accel_z=z"]):
        assert labels(upright, *arguments)[0] == base, arguments
    mapped = ["--map", "accel_x=x", "--map", "accel_y=y", "--map", "accel_z=z"]
    assert labels(upright, "a07_hhar_blocks.csv", *mapped)[0] == base + base


def test_actigraph_asks_for_what_it_leaves_open(upright):
    cut = infer(upright, "a03_actigraph_cut.csv")
    assert cut.returncode == BAD_LOG and "could be 11 December or 12 November" in cut.stderr
    assert "--time-format dd/mm/yyyy or mm/dd/yyyy says which; --log-rate HZ does without times" in cut.stderr
    assert "no column with times" in infer(upright, "a03_actigraph_notime_cut.csv").stderr
    # As m/s^2 it is doubted.
    plain = infer(upright, "a03_actigraph_notime_cut.csv", "--log-rate", "20", "--layout", "none")
    assert "it looks like g; --unit accel=g" in plain.stderr


def test_empatica(upright):
    base = labels(upright, "a05_e4_ACC.csv")[0]
    assert base == labels(upright, "a05_e4_headed_all.csv")[0] and {"z_up", "z_low"} == set(base)
    done = infer(upright, "a05_e4_ACC.csv")
    assert "layout empatica-e4" in done.stderr and "resampled 32 Hz -> 20 Hz" in done.stderr and "each row is one tick" not in done.stderr
    for name in ("a05_e4_headed.csv", "a05_e4_quiet.csv"):
        assert "no column with times" in infer(upright, name).stderr
        doubted = infer(upright, name, "--log-rate", "32")
        hint = re.search(r"--scale accel=1/\d+ --unit accel=g", doubted.stderr)
        assert hint, doubted.stderr
        followed = infer(upright, name, "--log-rate", "32", *hint.group(0).split())
        assert followed.returncode == 0 and "warning" not in followed.stderr
    assert labels(upright, "a05_e4_headed.csv", "--log-rate", "32", "--scale", "accel=1/64", "--unit", "accel=g")[0] == base


def test_recordings_that_are_mixed_are_asked_for(upright):
    done = infer(upright, "a07_hhar_phones_accelerometer.csv")
    assert done.returncode == BAD_LOG and "the rows of several recordings are mixed" in done.stderr
    assert "--only Device=nexus4_1 reads the rows of one of them" in done.stderr


def test_labels_that_are_no_class(upright):
    done = infer(upright, "a07_hhar_one_device.csv", "--map", "accel_x=x", "--map", "accel_y=y", "--map", "accel_z=z")
    assert 'label "stand": 400 ticks, no class of the model' in done.stderr


@pytest.mark.parametrize("name, damage", [("a08_wisdm11_raw.txt", True), ("a08_wisdm11_clean.txt", False)])
def test_wisdm_as_first_published(upright, name, damage):
    done = infer(upright, name)
    assert done.returncode == 0 and "WISDM v1.1 raw text" in done.stderr
    assert 'label "Jogging"' in done.stderr and 'label "Walking": 200 ticks' in done.stderr
    assert ("dropped 1 row that could not be read" in done.stderr and "with the time 0" in done.stderr) == damage
    given = labels(upright, name)[0]
    assert len(given) == 39 and set(given[-20:]) == {"z_low"} and "z_up" in given


def test_uci_har():
    done = infer(MODEL, "a12_ucihar")
    assert done.returncode == 0 and "each window is a session of its own" in done.stderr and "g -> m/s^2" in done.stderr
    assert set(labels(MODEL, "a12_ucihar")[0]) == {"clapping"}
    single = infer(MODEL, "a12_ucihar/total_acc_x_test.txt")
    assert single.returncode == BAD_LOG and "hint: name its folder" in single.stderr


@pytest.mark.parametrize("name, words", [
    ("a09_excel_thousands.csv", "signs between thousands are not read"),
    ("a09_decimal_points_thousands.csv", 'found "1.700.000", expected a number'),
])
def test_points_between_thousands_are_refused(name, words):
    done = infer(MODEL, name)
    assert done.returncode == BAD_LOG and words in done.stderr
