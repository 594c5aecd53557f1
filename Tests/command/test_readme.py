"""The README's program compiles and runs, and its outputs are today's."""

import re
import subprocess

from command import MODEL, ROOT, SNNRT

README = (ROOT / "README.md").read_text()
ARCHIVE = ROOT / "build/x86_64-unknown-linux-gnu/libsnnrt.a"


def block(language, containing):
    found = [text for text in re.findall(rf"```{language}\n(.*?)```", README, re.S) if containing in text]
    assert len(found) == 1, f"{len(found)} blocks of {language} with {containing!r}"
    return found[0]


def test_program_compiles_and_labels(tmp_path):
    source = tmp_path / "readme.c"
    source.write_text(block("c", "snnrt_open"))
    program = tmp_path / "readme"
    subprocess.run(
        ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT}/include", source, ARCHIVE, "-o", program],
        check=True)
    done = subprocess.run([program], stdin=MODEL.open("rb"), capture_output=True, text=True, timeout=10)
    assert done.returncode == 0
    assert done.stdout.strip() in "dribbling catch typing writing clapping teeth folding".split()


def test_quoted_output_is_todays():
    """Every quoted line stands in the output, in order; a line `...` stands for any number of lines."""
    quoted = block("text", "output CRC-32C").splitlines()
    done = subprocess.run(
        [SNNRT, "infer", "models/wisdm-small/wisdm-small-w4.snn", "models/sample.csv"],
        cwd=ROOT, capture_output=True, text=True)
    output = iter(line.rstrip() for line in done.stdout.splitlines())
    for line in quoted:
        if line != "..." and line:
            assert line.rstrip() in output, line


def test_links_lead_somewhere():
    for page in [
        ROOT / "README.md", ROOT / "docs/design.md", ROOT / "docs/firmware.md", *ROOT.glob("models/*/README.md"),
        *ROOT.glob("c-examples/**/README.md"),
    ]:
        for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page.read_text()):
            assert (page.parent / target).exists(), f"{page.name}: {target}"
