"""Most files have 50 to 200 lines; at 300 a second subject has moved in."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
LIMIT = 300
KINDS = {"Sources": (".swift", ".h", ".c"), "Tests/oracle": (".py",)}


def long_files(root=ROOT):
    """Lines of each file that is over the limit."""
    paths = [path for folder, suffixes in KINDS.items() for path in (root / folder).rglob("*") if path.suffix in suffixes]
    counts = {str(path.relative_to(root)): len(path.read_text().splitlines()) for path in paths}
    return {path: count for path, count in counts.items() if count > LIMIT}


def test_files_are_short():
    found = long_files()
    assert not found, "\n".join(["", *(f"{file}: {count} lines, at most {LIMIT}" for file, count in sorted(found.items()))])


def test_a_long_file_is_found(tmp_path):
    for folder, suffixes in KINDS.items():
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / f"short{suffixes[0]}").write_text("\n" * LIMIT)
        (tmp_path / folder / f"long{suffixes[-1]}").write_text("\n" * (LIMIT + 1))
    assert long_files(tmp_path) == {"Sources/long.c": 301, "Tests/oracle/long.py": 301}
