"""The command of this installation: where it is, and how it is run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import threading
import warnings
from pathlib import Path

from .errors import CompileError, SnnrtWarning

HERE = Path(__file__).resolve().parent
_CLEAR = "\r\x1b[K"


def path() -> Path:
    """The command's file: what SNNRT names, the one of this wheel, or the one that make has built in this tree."""
    if "SNNRT" in os.environ:
        return Path(os.environ["SNNRT"])
    for found in (HERE / "_bin/snnrt", HERE.parents[1] / ".build/release/snnrt"):
        if found.exists():
            return found
    raise ImportError("this installation of snnrt has no command: install a wheel (make wheel), or name one in SNNRT")


def main() -> None:
    """The entry point `snnrt`: becomes the command."""
    try:
        found = str(path())
    except ImportError as error:
        sys.exit(f"snnrt: {error}")
    os.execv(found, [found, *sys.argv[1:]])


def run(*arguments, folder: Path | None = None) -> tuple[dict | None, list[str]]:
    """Runs the command with --format json.

    Gives what it reported and its notes. Its warnings become SnnrtWarning; an exit code that is not 0 raises CompileError with
    its text. While it works it shows its progress where Python's standard error is a terminal. Files in `folder`, which the caller
    made and the user does not know, are called by their names alone."""
    command = [str(path()), *map(str, arguments), "--format", "json"]
    code, *texts = _watched(command) if _is_terminal() else _plain(command)
    output, text = (text.replace(f"{folder}/", "") if folder else text for text in texts)
    notes, failures = [], []
    for text_line in text.split("\n"):
        line = text_line.rpartition(_CLEAR)[2].rstrip("\r")
        if line.startswith("warning: "):
            warnings.warn(line.removeprefix("warning: "), SnnrtWarning, stacklevel=3)
        elif line.startswith("note: "):
            notes.append(line.removeprefix("note: "))
        elif line:
            failures.append(line.removeprefix("snnrt: ").removeprefix("Error: "))
    report = json.loads(output) if output.lstrip().startswith("{") else None
    if code:
        raise CompileError("\n".join(failures) or f"the command ended with {code}", code, command, report)
    return report, notes + failures


def _is_terminal() -> bool:
    try:
        return os.isatty(sys.stderr.fileno())
    except (AttributeError, OSError, ValueError):
        return False


def _plain(command: list[str]) -> tuple[int, str, str]:
    done = subprocess.run(command, capture_output=True, check=False, stdin=subprocess.DEVNULL)
    return done.returncode, done.stdout.decode(), done.stderr.decode(errors="replace")


def _watched(command: list[str]) -> tuple[int, str, str]:
    """The same with a terminal as its standard error, so that it shows progress, which is passed on."""
    import pty

    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, stdin=subprocess.DEVNULL, text=True) as process:
        os.close(theirs)
        output: list[str] = []
        reader = threading.Thread(target=lambda: output.append(process.stdout.read()))
        reader.start()
        seen = ""
        while chunk := _chunk(ours):
            seen += chunk
            rest = seen.rpartition("\n")[2]
            if rest.startswith(_CLEAR):
                sys.stderr.write(_CLEAR + rest.rpartition(_CLEAR)[2])
                sys.stderr.flush()
        reader.join()
    os.close(ours)
    if _CLEAR in seen:
        sys.stderr.write(_CLEAR)
    return process.returncode, output[0], seen


def _chunk(descriptor: int) -> str:
    """What the other end of a terminal has written; empty once it is closed, which Linux says by an error."""
    try:
        return os.read(descriptor, 1 << 16).decode(errors="replace")
    except OSError:
        return ""
