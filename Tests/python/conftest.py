"""Puts the package of this tree on the path, and lets it use the command of this tree and its library."""

import os
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path[:0] = [str(ROOT / "models"), str(ROOT / "Tests/oracle")]
os.environ.setdefault("SNNRT", str(ROOT / ".build/debug/snnrt"))
