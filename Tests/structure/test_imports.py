"""Foundation makes the command three times as large and as slow to start: FoundationEssentials and the system's calls do."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def foundations(root=ROOT):
    return [str(path.relative_to(root)) for path in sorted((root / "Sources").rglob("*.swift"))
            if re.search(r"^(@\w+ |\w+ )?import Foundation\b", path.read_text(), re.M)]


def test_sources_do_without_foundation():
    assert not foundations()


def test_an_import_is_found(tmp_path):
    (tmp_path / "Sources").mkdir()
    for name, text in {"A": "import Foundation\n", "B": "import FoundationEssentials\n", "C": "internal import Foundation\n"}.items():
        (tmp_path / "Sources" / f"{name}.swift").write_text(text)
    assert foundations(tmp_path) == ["Sources/A.swift", "Sources/C.swift"]
