"""A program links the archive of its own core and no other, by the line that targets.mk compiles it with."""

import re
import shlex
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TABLE = [line.split("\t") for line in (ROOT / "build/device/programs.tsv").read_text().splitlines()]
COMPILE = {program: line for program, _, line, _ in TABLE}
OWN = {program: archive for program, archive, _, _ in TABLE}
SOURCE = """#include "snnrt.h"
int main(void)
{
    snnrt_network *network;
    snnrt_info info = {sizeof info};
    return snnrt_inspect(NULL, 0, NULL, &info, NULL) == SNNRT_OK ||
           snnrt_open(NULL, 0, NULL, 0, NULL, &network, NULL) == SNNRT_OK || snnrt_push(network, NULL, 0, NULL);
}
"""


def link(folder, program, archive, *options):
    """What the linker says against it; nothing where it links."""
    (folder / "program.c").write_text(SOURCE)
    done = subprocess.run(
        [*shlex.split(COMPILE[program]), "-std=c99", "-O1", *options, "-Iinclude", "-o", folder / "program", folder / "program.c",
         f"build/{archive}/libsnnrt.a"], cwd=ROOT, capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr


def family(program):
    """Programs whose linker may take each other's archives for its own."""
    return COMPILE[program].split()[0]


PAIRS = [(program, archive) for program in OWN for archive in sorted(set(OWN.values()))
         if any(OWN[other] == archive and family(other) == family(program) for other in OWN) and "aarch64" not in program]


@pytest.mark.parametrize("program, archive", PAIRS)
def test_archive_of_another_core_is_a_link_error(tmp_path, program, archive):
    said = link(tmp_path, program, archive)
    if archive == OWN[program]:
        assert said == ""
    else:
        assert re.search(r"undefined reference to `snnrt_open_for_\w+'|incompatible", said), said


def test_archives_differ_by_core():
    assert len(PAIRS) == 8 * 3 + 4 * 4


@pytest.mark.parametrize("program, core", [
    ("cortex-m3", "cortex_m0"), ("cortex-m4-hard", "cortex_m0"), ("cortex-m4-soft", "cortex_m3"), ("cortex-m33", "cortex_m3")])
def test_a_smaller_core_links_on_purpose(tmp_path, program, core):
    archive = {"cortex_m0": "armv6m-none-none-eabi", "cortex_m3": "armv7m-none-none-eabi"}[core]
    assert link(tmp_path, program, archive, f"-DSNNRT_CORE={core}") == ""


def test_a_core_without_multiplication_links_none(tmp_path):
    for options in (["-march=rv32ic"], ["-march=rv32im"], ["-march=rv32imafdc", "-mabi=ilp32d"]):
        assert "snnrt_open_for_a_core_without_archive" in link(tmp_path, "rv32imc", OWN["rv32imc"], *options)


def test_every_function_without_a_network_has_a_name_of_its_core():
    header = (ROOT / "include/snnrt.h").read_text()
    functions = dict(re.findall(r"^(?:int32_t|uint32_t|const char \*)\s?\*?(snnrt_[a-z_]+)\(([^;]*)\);", header, re.M))
    without = {name for name, arguments in functions.items() if not re.match(r"(const )?snnrt_network \*", arguments)}
    assert len(functions) > 20
    assert without == set(re.findall(r"^#define (snnrt_[a-z_]+) SNNRT_FOR\(", header, re.M))


@pytest.mark.parametrize("language", [["-std=c90"], ["-std=c99"], ["-std=c11"], ["-std=c17"], ["-x", "c++", "-std=c++11"],
                                      ["-x", "c++", "-std=c++20", "-Wold-style-cast", "-Weffc++"]])
def test_header_is_clean_on_every_core(tmp_path, language):
    (tmp_path / "header.c").write_text('#include "snnrt.h"\nconst char *text(void);\nconst char *text(void) '
                                       '{ return snnrt_status_text(SNNRT_OK); }\n')
    for program in sorted({program for program, _ in PAIRS}):
        compiler, *words = shlex.split(COMPILE[program])
        command = [compiler, *(word for word in words if word.startswith(("-m", "--specs")))]
        options = ["-Wall", "-Wextra", "-Werror", "-pedantic", "-Wundef", "-Wconversion", *language]
        done = subprocess.run([*command, *options, "-Iinclude", "-c", "-o", tmp_path / "header.o", tmp_path / "header.c"],
                              cwd=ROOT, capture_output=True, text=True)
        assert done.returncode == 0, f"{program}: {done.stderr}"
