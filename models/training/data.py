"""The WISDM hand-activity recordings and windows, and the protocols' fixed splits.

Data: WISDM Smartphone and Smartwatch Activity and Biometrics Dataset (Weiss 2019), UCI dataset 507,
CC BY 4.0. Only the watch logs of 40 of the 51 subjects are used, so that everybody who runs the
recipe trains and tests on the same people.
"""

from __future__ import annotations

import argparse
import io
import tarfile
import urllib.request
import zipfile
from dataclasses import dataclass
from pathlib import Path

import numpy as np

DATASET_URL = (
    "https://archive.ics.uci.edu/static/public/507/"
    "wisdm+smartphone+and+smartwatch+activity+and+biometrics+dataset.zip"
)

# Activity letters of the raw logs and class name; the position is the class index of the network.
CLASSES = (
    ("P", "dribbling"),
    ("O", "catch"),
    ("F", "typing"),
    ("Q", "writing"),
    ("R", "clapping"),
    ("G", "teeth"),
    ("S", "folding"),
)
# All 18, and what wisdm-stream tells apart.
ACTIVITIES = (
    ("A", "walking"), ("B", "jogging"), ("C", "stairs"), ("D", "sitting"), ("E", "standing"), ("F", "typing"),
    ("G", "teeth"), ("H", "soup"), ("I", "chips"), ("J", "pasta"), ("K", "drinking"), ("L", "sandwich"),
    ("M", "kicking"), ("O", "catch"), ("P", "dribbling"), ("Q", "writing"), ("R", "clapping"), ("S", "folding"),
)
CHANNELS = ("accel_x", "accel_y", "accel_z", "gyro_x", "gyro_y", "gyro_z")
# The ways to wear one watch, as signs of the channels: turned by half about z, the crown points the other way; the other wrist
# mirrors x (a rotation about x keeps its sign under that mirror, those about y and z change theirs).
WATCH_POSITIONS = {
    "as recorded": (1, 1, 1, 1, 1, 1), "turned": (-1, -1, 1, -1, -1, 1), "other wrist": (-1, 1, 1, 1, -1, -1),
    "both": (1, -1, 1, -1, 1, -1),
}

SUBJECTS = (
    1600, 1601, 1602, 1603, 1604, 1605, 1606, 1607, 1608, 1609,
    1610, 1612, 1613, 1614, 1615, 1616, 1617, 1618, 1620, 1621,
    1622, 1623, 1625, 1626, 1627, 1628, 1630, 1631, 1632, 1634,
    1635, 1636, 1641, 1642, 1643, 1645, 1646, 1647, 1649, 1650,
)
FOLDS = tuple(SUBJECTS[fold::5] for fold in range(5))  # the people that each fold holds out


def without(people: tuple[int, ...]) -> tuple[int, ...]:
    """The people that are trained on where `people` are held out."""
    return tuple(person for person in SUBJECTS if person not in people)


WINDOW_LENGTH = 40
INTERVAL_SECONDS = 0.05
HOP = 5  # samples between the beginnings of training windows
SEQUENCE, SEQUENCE_HOP = 80, 20  # ticks of a training sequence of wisdm-stream, and between the beginnings of two
SPAN_TOLERANCE = 0.10
SPLIT_SEED = 507  # part of the protocol, independent of the training's seed
COUNTS_PER_UNIT = 1000  # accel: 0.001 m/s² per count; gyro: 0.001 rad/s per count


@dataclass
class Windows:
    """N windows. `raw` int16 [N, T, 6] in counts, T 40 unless said otherwise, `label` int64 [N], `subject` int64 [N]."""

    raw: np.ndarray
    label: np.ndarray
    subject: np.ndarray

    def __len__(self) -> int:
        return len(self.label)

    def take(self, chosen: np.ndarray) -> "Windows":
        """The windows at `chosen`, an index array or a mask."""
        return Windows(self.raw[chosen], self.label[chosen], self.subject[chosen])


def add_options(parser: argparse.ArgumentParser) -> None:
    """Where a program finds the logs: `Source(options.data, options.download)`."""
    parser.add_argument("--data", metavar="DIR_OR_TAR",
                        help="folder with accel/ and gyro/ watch logs, or an archive of one; "
                             "without it the dataset is downloaded from UCI (about 300 MB)")
    parser.add_argument("--download", metavar="DIR", default="wisdm-download", help="its place (default %(default)s)")


class Source:
    """Raw text logs by sensor and subject, from a folder, a tar.xz or a download."""

    def __init__(self, location: str | None, download_directory: str = "wisdm-download"):
        """`location`: a folder that holds accel/ and gyro/ (at any depth), an archive of one, or
        None to download the dataset (about 300 MB) and keep its watch logs in
        `download_directory`."""
        self.texts: dict[tuple[str, int], str] = {}
        self.parsed: dict[tuple[str, int], dict[str, tuple[np.ndarray, np.ndarray]]] = {}
        wanted = {
            f"data_{subject}_{sensor}_watch.txt": (sensor, subject)
            for subject in SUBJECTS
            for sensor in ("accel", "gyro")
        }
        if location is None:
            location = str(download(Path(download_directory), wanted))
        path = Path(location)
        if path.is_dir():
            for file in sorted(path.rglob("data_*_watch.txt")):
                if file.name in wanted:
                    self.texts[wanted[file.name]] = file.read_text()
        else:
            with tarfile.open(path) as archive:
                for member in archive:
                    name = Path(member.name).name
                    if member.isfile() and name in wanted:
                        self.texts[wanted[name]] = archive.extractfile(member).read().decode()
        missing = sorted(set(wanted.values()) - set(self.texts))
        if missing:
            raise FileNotFoundError(f"{location}: no log of {missing[:4]} ({len(missing)} missing)")

    def rows(self, sensor: str, subject: int, letter: str) -> tuple[np.ndarray, np.ndarray]:
        """Timestamps int64 [n] in ns and values float64 [n, 3] of one sensor in one activity, in the file's order."""
        if (sensor, subject) not in self.parsed:
            self.parsed[sensor, subject] = parse(self.texts[sensor, subject])
        return self.parsed[sensor, subject].get(letter, (np.empty(0, np.int64), np.empty((0, 3))))

    def session(self, subject: int, letter: str) -> tuple[np.ndarray, np.ndarray]:
        """All samples of one activity of one subject that both sensors hold, by time.

        Returns timestamps int64 [n] in ns and samples int16 [n, 6] in counts."""
        accel_time, accel = self.rows("accel", subject, letter)
        gyro_time, gyro = self.rows("gyro", subject, letter)
        time, in_accel, in_gyro = np.intersect1d(accel_time, gyro_time, return_indices=True)
        return time, to_counts(np.concatenate([accel[in_accel], gyro[in_gyro]], axis=1))


def parse(text: str) -> dict[str, tuple[np.ndarray, np.ndarray]]:
    """Timestamps int64 [n] and values float64 [n, 3] of the lines of each activity letter, in the order of the lines."""
    rows = [line.rstrip("; ").split(",") for line in text.splitlines() if line]
    letter = np.array([row[1] for row in rows])
    time = np.array([row[2] for row in rows]).astype(np.int64)
    values = np.array([row[3:6] for row in rows]).astype(np.float64)
    return {own: (time[letter == own], values[letter == own]) for own in np.unique(letter)}


def to_counts(values: np.ndarray) -> np.ndarray:
    """m/s² or rad/s to int16 counts: half to even, saturating at ±32767."""
    return np.clip(np.rint(values * COUNTS_PER_UNIT), -32767, 32767).astype(np.int16)


def cut(time: np.ndarray, samples: np.ndarray, hop: int = WINDOW_LENGTH, length: int = WINDOW_LENGTH) -> np.ndarray:
    """Windows int16 [n, length, 6] of consecutive samples, one every `hop`, by default without overlap; a
    window whose span is more than 10 % off 1.95 s (of 40 samples) is dropped."""
    index = np.arange(0, len(time) - length + 1, hop)[:, None] + np.arange(length)
    span, nominal = (time[index[:, -1]] - time[index[:, 0]]) * 1e-9, (length - 1) * INTERVAL_SECONDS
    kept = np.abs(span - nominal) <= SPAN_TOLERANCE * nominal
    return samples[index[kept]]


def load_windows(source: Source) -> Windows:
    """Every window of the 40 subjects, ordered by subject, class and time."""
    return gather(source, cut)


def load_overlapping(source: Source, subjects: tuple[int, ...], hop: int) -> Windows:
    """The windows of `subjects` that begin every `hop` samples: for training on people none of whom is tested."""
    return gather(source, lambda time, samples: cut(time, samples, hop), subjects)


def gather(source: Source, cut_session, subjects: tuple[int, ...] = SUBJECTS, classes=CLASSES) -> Windows:
    """Windows by subject, class and time: what `cut_session(time, samples)` makes of each session of `classes`."""
    raw, label, subject = [], [], []
    for person in subjects:
        for index, (letters, _) in enumerate(classes):
            for letter in letters:
                windows = cut_session(*source.session(person, letter))
                raw.append(windows)
                label.append(np.full(len(windows), index))
                subject.append(np.full(len(windows), person))
    return Windows(np.concatenate(raw), np.concatenate(label), np.concatenate(subject))


def split_at_random(windows: Windows, eligible: np.ndarray) -> tuple[Windows, Windows, Windows]:
    """Training, validation and test windows: 70/15/15 of the eligible ones (a mask), per class."""
    generator = np.random.default_rng(SPLIT_SEED)
    parts: list[list[np.ndarray]] = [[], [], []]
    for index in np.unique(windows.label):
        members = generator.permutation(np.flatnonzero(eligible & (windows.label == index)))
        first, second = round(0.70 * len(members)), round(0.85 * len(members))
        for part, chosen in zip(parts, np.split(members, [first, second])):
            part.append(chosen)
    return tuple(windows.take(np.sort(np.concatenate(part))) for part in parts)


def download(directory: Path, wanted: dict[str, tuple[str, int]]) -> Path:
    """Fetches the dataset once and unpacks the wanted watch logs into `directory`."""
    marker = directory / "complete"
    if marker.exists():
        return directory
    print(f"downloading {DATASET_URL}", flush=True)
    with urllib.request.urlopen(DATASET_URL) as response:
        outer = zipfile.ZipFile(io.BytesIO(response.read()))
    inner_name = next(n for n in outer.namelist() if n.endswith("wisdm-dataset.zip"))
    inner = zipfile.ZipFile(io.BytesIO(outer.read(inner_name)))
    for entry in inner.namelist():
        name = Path(entry).name
        if name in wanted and "/raw/watch/" in f"/{entry}":
            target = directory / wanted[name][0] / name
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(inner.read(entry))
    marker.touch()
    return directory
