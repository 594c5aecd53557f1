"""Only Sources/SNNRuntime/Kernels asks which processor this is."""

import re
from pathlib import Path

from swift_source import blank

ROOT = Path(__file__).resolve().parents[2]
KERNELS = "Sources/SNNRuntime/Kernels/"
# Every other condition counts as a question about the processor: arch(…), DSP, a module of intrinsics.
OTHER = re.compile(
    r"_pointerBitWidth\(\w+\)|os\(\w+\)|canImport\((Glibc|Musl|Darwin)\)|hasFeature\(\w+\)|compiler\([^)]*\)|DEBUG|DIVIDES")


def questions(root=ROOT):
    """The conditions outside Kernels: from file to `line: condition`s."""
    found = {}
    for path in sorted((root / "Sources").rglob("*.swift")):
        name = str(path.relative_to(root))
        for number, line in enumerate(blank(path.read_text()).splitlines(), 1):
            match = re.match(r"\s*#(?:else)?if\s+(.*?)\s*$", line)
            if match and not name.startswith(KERNELS) and re.sub(r"[\s!&|()]", "", OTHER.sub("", match[1])):
                found.setdefault(name, []).append(f"{number}: #if {match[1]}")
    return found


def test_only_kernels_ask_for_the_processor():
    found = questions()
    places = [f"{file}:{place}" for file, places in found.items() for place in places]
    assert not places, "\n".join(["", *(f"{place} belongs into {KERNELS}" for place in places)])


def test_a_question_elsewhere_is_found(tmp_path):
    for folder in (KERNELS, "Sources/SNNRuntime/Ops"):
        (tmp_path / folder).mkdir(parents=True)
        (tmp_path / folder / "A.swift").write_text(
            "// #if DSP\n#if arch(x86_64)\n#elseif !os(Linux) && DSP\n#elseif canImport(Glibc) || (!os(Linux))\n#endif\n")
    assert questions(tmp_path) == {"Sources/SNNRuntime/Ops/A.swift": ["2: #if arch(x86_64)", "3: #if !os(Linux) && DSP"]}
