"""Units of a log's values: named, stated and refused, held to the oracle's conversion."""

import sys

import pytest

from command import BAD_LOG, CHANNELS, HEADER, MODEL, ROOT, SAMPLE, USAGE, log, rows, run, summary

sys.path.insert(0, str(ROOT / "Tests/oracle"))
from sampling import UNITS, converted  # noqa: E402


def sample_in(accel, gyro, names):
    """The sample log with its values in other units, as Python's doubles print, and the same log as the oracle converts it
    back: the one to be read, the other what must come out of it."""
    given, expected = [",".join(["time_s", *names])], [HEADER.strip()]
    for line in SAMPLE.read_text().splitlines()[1:401]:
        time, *cells = line.split(",")[:7]
        values = [converted(float(cell), "m/s^2" if i < 3 else "rad/s", accel if i < 3 else gyro) for i, cell in enumerate(cells)]
        back = [converted(value, accel if i < 3 else gyro, "m/s^2" if i < 3 else "rad/s") for i, value in enumerate(values)]
        given.append(",".join([time, *map(repr, values)]))
        expected.append(",".join([time, *map(repr, back)]))
    return "\n".join(given) + "\n", "\n".join(expected) + "\n"


@pytest.mark.parametrize("accel, gyro", [("g", "deg/s"), ("mg", "mdeg/s"), ("cm/s^2", "mrad/s"), ("m/s^2", "deg/s")])
@pytest.mark.parametrize("how", ["named", "row", "stated"])
def test_other_units_give_what_the_oracle_gives(tmp_path, accel, gyro, how):
    assert accel in UNITS and gyro in UNITS
    units = 3 * [accel] + 3 * [gyro]
    names = [f"{name} ({unit})" for name, unit in zip(CHANNELS, units)] if how == "named" else CHANNELS
    given, expected = sample_in(accel, gyro, names)
    if how == "row":
        given = given.replace("\n", "\n" + ",".join(["s", *units]) + "\n", 1)
    stated = ["--unit", f"accel={accel}", "--unit", f"gyro={gyro}"] if how == "stated" else []
    path = log(tmp_path, given)
    got, wanted = summary(MODEL, path, *stated)[1], summary(MODEL, log(tmp_path, expected, "expected.csv"))[1]
    assert got["outputChecksum"] == wanted["outputChecksum"] and got["results"] == 10
    note = run("infer", MODEL, path, *stated).stderr
    assert note.count(f"{accel} -> m/s^2") == (accel != "m/s^2") and note.count(f"{gyro} -> rad/s") == 1


def test_counts_of_a_64th_of_g(tmp_path):
    table = [line.split(",") for line in rows(80).splitlines()]
    counts = "".join(",".join([row[0], *(str(round(float(c) * 7)) for c in row[1:4]), *row[4:]]) + "\n" for row in table)
    in_g = "".join(",".join([row[0], *(repr(round(float(c) * 7) / 64) for c in row[1:4]), *row[4:]]) + "\n" for row in table)
    stated = summary(MODEL, log(tmp_path, HEADER + counts), "--unit", "accel=g", "--scale", "accel=1/64")[1]
    assert stated["outputChecksum"] == summary(MODEL, log(tmp_path, HEADER + in_g, "g.csv"), "--unit", "accel=g")[1]["outputChecksum"]


def test_acceleration_in_g_that_is_not_said_is_noticed(tmp_path):
    given, _ = sample_in("g", "rad/s", CHANNELS)
    path = log(tmp_path, given)
    done = run("infer", MODEL, path)
    assert "m/s^2 where the model's data had 9.934: it looks like g; --unit accel=g\n" in done.stderr
    for right in (run("infer", MODEL, path, "--unit", "accel=g"), run("infer", MODEL, SAMPLE)):
        assert "warning" not in right.stderr


def test_units_that_do_not_fit_are_refused(tmp_path):
    path = log(tmp_path, HEADER.replace("accel_y", "accel_y [hPa]") + rows(50))
    done = run("infer", MODEL, path)
    assert done.returncode == BAD_LOG and '"hPa", which cannot be converted to the model\'s "m/s^2"' in done.stderr
    assert "watch.csv:1: column 3 (accel_y [hPa])" in done.stderr
    assert run("infer", MODEL, path, "--unit", "accel_y=m/s2").returncode == 0
    for wrong in (["--unit", "accel"], ["--unit", "accel=ell"], ["--unit", "mag=uT"], ["--scale", "accel=x"], ["--scale", "accel=1/0"],
                  ["--scale", "accel=1/2/3"], ["--raw", "--unit", "accel=g"]):
        assert run("infer", MODEL, SAMPLE, *wrong).returncode == USAGE, wrong
    # A unit alone is that of the channels whose quantity it has.
    done = run("infer", MODEL, SAMPLE, "--unit", "g")
    assert done.returncode == 0 and "accel_x, accel_y, accel_z: g -> m/s^2" in done.stderr and "gyro_x:" not in done.stderr
    done = run("infer", MODEL, SAMPLE, "--unit", "hPa")
    assert done.returncode == USAGE and 'no channel of the model can be in "hPa"' in done.stderr
