"""Puts the oracle and the Python library on the path."""

import sys
from pathlib import Path

ORACLE = Path(__file__).resolve().parents[1]
sys.path[:0] = [str(ORACLE), str(ORACLE.parents[1] / "models")]
