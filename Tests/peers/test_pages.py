"""The pages of docs/frameworks: their blocks, run in order in an empty folder, as a reader would."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
PAGES = sorted(path for path in (ROOT / "docs/frameworks").glob("*.md") if path.stem != "README")
COMMAND = Path(os.environ.get("SNNRT", ROOT / ".build/release/snnrt"))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.stem)
def test_blocks_run(page, tmp_path):
    blocks = re.findall(r"^```(python|sh)\n(.*?)^```$", page.read_text(), re.M | re.S)
    assert {language for language, _ in blocks} == {"python", "sh"}
    python = "\n".join(text for language, text in blocks if language == "python")
    shell = "set -e\n" + "\n".join(text for language, text in blocks if language == "sh")
    # A shell command named snnrt, and the package, as an installed wheel has them.
    (tmp_path / "bin").mkdir()
    (tmp_path / "bin/snnrt").symlink_to(COMMAND)
    paths = {"PATH": f"{tmp_path / 'bin'}:{os.environ['PATH']}", "PYTHONPATH": str(ROOT / "models"), "OMP_NUM_THREADS": "1"}
    for name, command in (("block.py", [sys.executable, "block.py"]), ("block.sh", ["bash", "block.sh"])):
        (tmp_path / name).write_text(python if name.endswith("py") else shell)
        done = subprocess.run(command, cwd=tmp_path, env=os.environ | paths, capture_output=True, text=True)
        print(done.stdout)
        assert done.returncode == 0, done.stdout + done.stderr
    assert "the same label in 100.00 %" in done.stdout or re.search(r"the same label in 9[7-9]", done.stdout)
    assert (tmp_path / "firmware/net.h").exists()
