"""`snnrt export`: C files that say what the model says, and compile wherever firmware does."""

import json
import os
import re
import shutil
import subprocess

import pytest

from command import BAD_MODEL, MODEL, ROOT, USAGE, acceleration_model, run

LMU = ROOT / "models/wisdm-lmu/wisdm-lmu-w4.snn"
OTHER = ROOT / "models/braille-l2mu/braille-l2mu-w8.snn"
ARCHIVE = ROOT / "build/x86_64-unknown-linux-gnu/libsnnrt.a"
OUTPUT = 74
COMPILERS = [
    ["gcc", "-std=c99", "-pedantic"], ["gcc", "-std=c11", "-pedantic"], ["gcc", "-std=c90"], ["g++", "-x", "c++", "-std=c++98"],
    ["g++", "-x", "c++", "-std=c++17", "-pedantic"], ["clang", "-std=c99", "-pedantic"],
    ["arm-none-eabi-gcc", "-mcpu=cortex-m4", "-std=c99", "-pedantic"],
]

# What the headers state, held to what the library finds in the arrays.
PROGRAM = r"""
#include <stdio.h>
#include <string.h>
#include "wisdm_small_w4.h"
#include "braille_l2mu_w8.h"
static WISDM_SMALL_W4_ARENA(arena);
static BRAILLE_L2MU_W8_ARENA_FULL(full_arena);
WISDM_SMALL_W4_CHECK_ARENA(arena);
static const snnrt_channel channels[WISDM_SMALL_W4_CHANNEL_COUNT] = WISDM_SMALL_W4_CHANNELS;
static const char *const names[WISDM_SMALL_W4_CLASS_COUNT] = WISDM_SMALL_W4_CLASS_NAMES;
#define EXPECT(condition) if (!(condition)) { puts(#condition); return 1; }
int main(int count, char **arguments)
{
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_options full = {.struct_size = sizeof full, .accounting = SNNRT_ACCOUNTING_FULL};
    snnrt_network *network;
    static uint8_t file[1 << 17];
    size_t saved;
    FILE *stream = fopen(arguments[count - 1], "rb");
    size_t bytes = fread(file, 1, sizeof file, stream);
    fclose(stream);
    EXPECT(bytes == WISDM_SMALL_W4_MODEL_BYTES && memcmp(file, wisdm_small_w4_model, bytes) == 0)
    EXPECT(((uintptr_t)wisdm_small_w4_model & 7) == 0 && ((uintptr_t)braille_l2mu_w8_model & 7) == 0)
    EXPECT(snnrt_inspect(wisdm_small_w4_model, sizeof wisdm_small_w4_model, NULL, &info, NULL) == SNNRT_OK)
    EXPECT(info.arena_bytes == WISDM_SMALL_W4_ARENA_BYTES && info.model_checksum == WISDM_SMALL_W4_CHECKSUM)
    EXPECT(info.channel_count == WISDM_SMALL_W4_CHANNEL_COUNT && info.class_count == WISDM_SMALL_W4_CLASS_COUNT)
    EXPECT(info.rate_numerator == WISDM_SMALL_W4_RATE_NUMERATOR && info.rate_denominator == WISDM_SMALL_W4_RATE_DENOMINATOR)
    EXPECT(info.window_ticks == WISDM_SMALL_W4_WINDOW_TICKS && info.hop_ticks == WISDM_SMALL_W4_HOP_TICKS)
    EXPECT(snnrt_open(wisdm_small_w4_model, WISDM_SMALL_W4_MODEL_BYTES, arena, sizeof arena, NULL, &network, NULL) == SNNRT_OK)
    EXPECT(snnrt_save(network, NULL, 0, &saved) == SNNRT_OK && saved == WISDM_SMALL_W4_SAVED_BYTES)
    for (uint32_t c = 0; c < WISDM_SMALL_W4_CHANNEL_COUNT; c++) {
        snnrt_channel channel = {.struct_size = sizeof channel};
        EXPECT(snnrt_channel_info(network, c, &channel) == SNNRT_OK && channel.struct_size == channels[c].struct_size)
        EXPECT(strcmp(channel.name, channels[c].name) == 0 && strcmp(channel.unit, channels[c].unit) == 0)
        EXPECT(channel.scale_numerator == channels[c].scale_numerator && channel.scale_denominator == channels[c].scale_denominator)
    }
    for (uint32_t i = 0; i < WISDM_SMALL_W4_CLASS_COUNT; i++) {
        const char *name;
        EXPECT(snnrt_class_name(network, i, &name) == SNNRT_OK && strcmp(name, names[i]) == 0)
    }
    EXPECT(strcmp(names[WISDM_SMALL_W4_CLASS_TEETH], "teeth") == 0)
    EXPECT(strcmp(channels[WISDM_SMALL_W4_CHANNEL_GYRO_X].name, "gyro_x") == 0)
    EXPECT(snnrt_inspect(braille_l2mu_w8_model, BRAILLE_L2MU_W8_MODEL_BYTES, &full, &info, NULL) == SNNRT_OK)
    EXPECT(info.arena_bytes == BRAILLE_L2MU_W8_ARENA_BYTES_FULL && info.model_checksum == BRAILLE_L2MU_W8_CHECKSUM)
    EXPECT(snnrt_open(braille_l2mu_w8_model, sizeof braille_l2mu_w8_model, full_arena, sizeof full_arena, &full, &network, NULL) == SNNRT_OK)
    return 0;
}
"""


def exported(model, folder, *options):
    done = run("export", model, "-o", folder, *options, "--format", "json")
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)["models"][0]


def compiled(compiler, source, target, *options):
    return subprocess.run(
        [*compiler, "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", f"-I{source.parent}", *options, "-c", source, "-o", target],
        capture_output=True, text=True)


@pytest.mark.parametrize("compiler", COMPILERS, ids=" ".join)
def test_compiles_everywhere(tmp_path, compiler):
    if shutil.which(compiler[0]) is None:
        pytest.skip(f"no {compiler[0]}: make test-device installs it")
    exported(MODEL, tmp_path)
    done = compiled(compiler, tmp_path / "wisdm_small_w4.c", tmp_path / "model.o")
    assert done.returncode == 0 and done.stderr == ""
    # A constant is neither .data nor .bss, so that it stays in flash.
    sections = subprocess.run(["readelf", "-SW", tmp_path / "model.o"], capture_output=True, text=True, check=True).stdout
    line = next(line for line in sections.splitlines() if ".rodata.snnrt.wisdm_small_w4" in line)
    assert line.split()[-4:] == ["A", "0", "0", "8"]


def test_header_and_array_say_what_the_model_says(tmp_path):
    report = exported(MODEL, tmp_path)
    exported(OTHER, tmp_path)
    (tmp_path / "program.c").write_text(PROGRAM)
    subprocess.run(
        ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT}/include", "program.c", "wisdm_small_w4.c",
         "braille_l2mu_w8.c", ARCHIVE, "-o", "program"], cwd=tmp_path, check=True)
    done = subprocess.run([tmp_path / "program", MODEL], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout
    assert report["modelBytes"] == MODEL.stat().st_size and report["name"] == "wisdm_small_w4"
    inspected = json.loads(run("inspect", MODEL, "--format", "json").stdout)
    assert (report["arenaBytes"], report["checksum"]) == (inspected["arenaBytes"], inspected["checksum"])
    header = (tmp_path / "wisdm_small_w4.h").read_text()
    defined = {name: int(value) for name, value in re.findall(r"#define WISDM_SMALL_W4_(\w+) (\d+)u\n", header)}
    stack = json.loads((ROOT / "Tests/ledger/stack.json").read_text())["armv7em-none-none-eabi"]
    assert (defined["CORTEX_M4_STACK_BYTES_OPEN"], defined["CORTEX_M4_STACK_BYTES_PUSH"]) == (stack["snnrt_open"], stack["snnrt_push"])
    for core, name in (("m0", "CORTEX_M0"), ("m3", "CORTEX_M3"), ("m4", "CORTEX_M4"), ("rv32", "RV32")):
        predicted = json.loads(run("budget", MODEL, "--core", core, "--format", "json").stdout)["instructions"]
        assert defined[f"WORST_INSTRUCTIONS_{name}"] == predicted["worstPerTick"]
    assert "licence: CC BY 4.0" in header and "notice: the Legendre Memory Unit" in header and "data.channel" not in header


ATTACHES = r"""
#include <stdio.h>
#include "wisdm_small_w4.h"
#include "wisdm_lmu_w4.h"
#define EXPECT(condition) if (!(condition)) { printf("%s\n", #condition); return 1; }

static uint32_t checksum(snnrt_network *network, FILE *frames)
{
    int16_t frame[WISDM_SMALL_W4_CHANNEL_COUNT];
    snnrt_usage usage = {.struct_size = sizeof usage};
    rewind(frames);
    while (fread(frame, sizeof frame, 1, frames) == 1)
        if (snnrt_push(network, frame, 1, NULL) < 0) return 0;
    return snnrt_get_usage(network, SNNRT_TOTAL, &usage) == SNNRT_OK ? usage.output_checksum : 0;
}

int main(int count, char **arguments)
{
    static WISDM_SMALL_W4_ARENA(opened);
    static WISDM_SMALL_W4_ATTACHED_ARENA(attached);
    static WISDM_LMU_W4_ATTACHED_ARENA(other);
    static uint8_t damaged[WISDM_SMALL_W4_MODEL_BYTES + 8];
    static uint64_t copy[(WISDM_SMALL_W4_IMAGE_BYTES + 7) / 8];
    snnrt_network *network, *second;
    FILE *frames = fopen(arguments[count - 1], "rb");
    uint32_t expected, i;
    EXPECT(frames && snnrt_open(wisdm_small_w4_model, WISDM_SMALL_W4_MODEL_BYTES, opened, sizeof opened, NULL, &network, NULL) == SNNRT_OK)
    expected = checksum(network, frames);
#define ATTACH(image, model, arena) snnrt_attach(image, sizeof image, model, sizeof model, arena, sizeof arena, &second, NULL)
    EXPECT(ATTACH(wisdm_small_w4_image, wisdm_small_w4_model, attached) == SNNRT_OK)
    EXPECT(expected != 0 && checksum(second, frames) == expected)
    EXPECT(snnrt_reset(second, SNNRT_RESET_STATE | SNNRT_RESET_USAGE) == SNNRT_OK && checksum(second, frames) == expected)
    EXPECT(ATTACH(wisdm_lmu_w4_image, wisdm_lmu_w4_model, other) == SNNRT_OK)
    EXPECT(ATTACH(wisdm_small_w4_image, wisdm_lmu_w4_model, attached) == SNNRT_ERR_OTHER_MODEL && second == NULL)
    EXPECT(ATTACH(wisdm_small_w4_model, wisdm_small_w4_model, attached) == SNNRT_ERR_BAD_IMAGE)
    EXPECT(snnrt_attach(wisdm_small_w4_image, 1, wisdm_small_w4_model, sizeof wisdm_small_w4_model, attached, sizeof attached, &second, NULL) == SNNRT_ERR_BAD_IMAGE)
    EXPECT(snnrt_attach(wisdm_small_w4_image, sizeof wisdm_small_w4_image, wisdm_small_w4_model, 99, attached, sizeof attached, &second, NULL) == SNNRT_ERR_TRUNCATED)
    EXPECT(snnrt_attach(wisdm_small_w4_image, sizeof wisdm_small_w4_image, wisdm_small_w4_model, sizeof wisdm_small_w4_model, attached, sizeof attached - 8, &second, NULL) == SNNRT_ERR_ARENA_TOO_SMALL)
    EXPECT(snnrt_attach(NULL, 0, wisdm_small_w4_model, sizeof wisdm_small_w4_model, attached, sizeof attached, &second, NULL) == SNNRT_ERR_BAD_ARGUMENT)
    for (i = 0; i < WISDM_SMALL_W4_IMAGE_BYTES; i++) ((uint8_t *)copy)[i] = wisdm_small_w4_image[i];
    EXPECT(snnrt_attach(copy, sizeof copy, wisdm_small_w4_model, sizeof wisdm_small_w4_model, attached, sizeof attached, &second, NULL) == SNNRT_OK)
    EXPECT(snnrt_model_intact(second, SNNRT_INTACT_QUICK) == SNNRT_OK && snnrt_model_intact(second, SNNRT_INTACT_COMPLETE) == SNNRT_OK)
    ((uint8_t *)copy)[200] ^= 1;
    EXPECT(snnrt_model_intact(second, SNNRT_INTACT_QUICK) == SNNRT_OK && snnrt_model_intact(second, SNNRT_INTACT_COMPLETE) == SNNRT_ERR_BAD_IMAGE)
    for (i = 0; i < WISDM_SMALL_W4_IMAGE_BYTES; i++) ((uint8_t *)copy)[i] = 0xff;
    EXPECT(snnrt_model_intact(second, SNNRT_INTACT_QUICK) == SNNRT_ERR_BAD_IMAGE)
    for (i = 0; i < WISDM_SMALL_W4_MODEL_BYTES; i++) (damaged + (8 - (uintptr_t)damaged % 8) % 8)[i] = wisdm_small_w4_model[i];
    (damaged + (8 - (uintptr_t)damaged % 8) % 8)[1000] ^= 1;
    EXPECT(snnrt_attach(wisdm_small_w4_image, sizeof wisdm_small_w4_image, damaged + (8 - (uintptr_t)damaged % 8) % 8, sizeof wisdm_small_w4_model, attached, sizeof attached, &second, NULL) == SNNRT_ERR_DAMAGED)
    return 0;
}
"""


def test_opened_models_attach(tmp_path):
    """The image of a model gives the bits that opening gives; of another model, damaged or cut off it is refused."""
    done = run("export", MODEL, LMU, "-o", tmp_path, "--opened")
    assert done.returncode == 0 and "2,960 of arena" in done.stdout and "snnrt_ops.c  written" in done.stdout
    (tmp_path / "program.c").write_text(ATTACHES)
    (tmp_path / "frames.raw").write_bytes(os.urandom(2 * 6 * 400))
    subprocess.run(
        ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT}/include", "program.c", "wisdm_small_w4.c",
         "wisdm_lmu_w4.c", "snnrt_ops.c", ARCHIVE, "-o", "program"], cwd=tmp_path, check=True)
    done = subprocess.run([tmp_path / "program", tmp_path / "frames.raw"], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


WITHOUT_LOADERS = r"""#include "snnrt.h"
#include "wisdm_small_w4.h"
static uint64_t arena[512];
static uint8_t saved[4096];
int main(void)
{
    snnrt_network *network;
    snnrt_cost cost = {.struct_size = sizeof cost};
    snnrt_usage usage = {.struct_size = sizeof usage};
    snnrt_op op = {.struct_size = sizeof op};
    size_t bytes;
    if (snnrt_attach(wisdm_small_w4_image, sizeof wisdm_small_w4_image, wisdm_small_w4_model, sizeof wisdm_small_w4_model, arena, sizeof arena,
                     &network, NULL) != SNNRT_OK || snnrt_save(network, saved, sizeof saved, &bytes) != SNNRT_OK) return 1;
    if (snnrt_restore(network, saved, bytes, NULL) != SNNRT_ERR_UNSUPPORTED) return 2;
    if (snnrt_get_cost(network, 0, &cost) != SNNRT_ERR_UNSUPPORTED) return 3;
    if (snnrt_get_cost(network, SNNRT_TOTAL, &cost) != SNNRT_ERR_UNSUPPORTED) return 4;
    if (snnrt_get_usage(network, SNNRT_TOTAL, &usage) != SNNRT_ERR_UNSUPPORTED) return 5;
    if (snnrt_op_info(network, 0, &op) != SNNRT_ERR_UNSUPPORTED) return 6;
    if (snnrt_state_variable(network, 2, 0, NULL, NULL, 0) != SNNRT_ERR_UNSUPPORTED) return 7;
    return 0;
}
"""


def test_what_asks_for_loaders_says_that_there_are_none(tmp_path):
    """A program that only attaches may leave out all loaders: what needs them is then refused, and not answered with nothing."""
    assert run("export", MODEL, "-o", tmp_path, "--opened").returncode == 0
    tables, count = re.subn(r"SNNRT_LOADERS = \{.*?\};", "SNNRT_LOADERS = {0};", (tmp_path / "snnrt_ops.c").read_text(), flags=re.S)
    assert count == 1
    (tmp_path / "tables.c").write_text(tables)
    (tmp_path / "program.c").write_text(WITHOUT_LOADERS)
    subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", f"-I{ROOT}/include", "program.c", "tables.c", "wisdm_small_w4.c",
                    ARCHIVE, "-o", "program"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "program"], check=False).returncode == 0


@pytest.mark.parametrize("compiler", COMPILERS[:5], ids=" ".join)
def test_an_arena_too_small_does_not_compile(tmp_path, compiler):
    exported(MODEL, tmp_path, "--name", "small")
    program = tmp_path / "program.c"
    text = '#include "small.h"\nextern uint64_t arena[{}];\nSMALL_CHECK_ARENA(arena);\nint main(void) {{ SMALL_CHECK_ARENA(arena); return 0; }}\n'
    program.write_text(text.format("SMALL_ARENA_BYTES / 8"))
    done = compiled(compiler, program, tmp_path / "program.o")
    assert done.returncode == 0, done.stderr
    program.write_text(text.format("SMALL_ARENA_BYTES / 8 - 1"))
    done = compiled(compiler, program, tmp_path / "program.o")
    assert done.returncode != 0 and "small" in done.stderr and done.stderr.count("error:") >= 2


def test_an_older_library_does_not_compile(tmp_path):
    exported(MODEL, tmp_path)
    older = tmp_path / "older"
    older.mkdir()
    header, count = re.subn(r"(#define SNNRT_FORMAT_MINOR) \d+", r"\1 5", (ROOT / "include/snnrt.h").read_text())
    assert count == 1
    (older / "snnrt.h").write_text(header)
    done = subprocess.run(["gcc", f"-I{older}", "-c", "wisdm_small_w4.c"], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode != 0 and "newer than snnrt.h: update snnrt" in done.stderr


def odd_model(folder, classes, channels="x,y,z", unit="m/s^2"):
    done = run("compile", ROOT / "Tests/fixtures/nir/three_axes.nir", "-o", folder / "odd.snn", "--window", 4, "--rate", "20",
               "--unit", unit, "--channels", channels, "--classes", classes, "--dialect", "norse", "--dt", "1e-3")
    assert done.returncode == 0, done.stderr
    return folder / "odd.snn"


@pytest.mark.parametrize("classes, identifiers", [
    ("going up,going-up", ["GOING_UP_0", "GOING_UP_1"]),
    ("a_1_0,a 1", ["A_1_0", "A_1"]),
    ("COUNT,names", ["COUNT_0", "NAMES_1"]),
    ("Zähne,漢字", ["Z_HNE", "UNNAMED"]),
    ("??/,*/ int x; /*", ["UNNAMED", "INT_X"]),
    ("2nd,say \"a\\b\"", ["2ND", "SAY_A_B"]),
])
def test_odd_names(tmp_path, classes, identifiers):
    model = odd_model(tmp_path, classes, channels="x,X,x", unit="*/??/")
    exported(model, tmp_path)
    header = (tmp_path / "odd.h").read_text()
    assert re.findall(r"ODD_CLASS_(\w+) = \d+", header) == identifiers
    assert re.findall(r"ODD_CHANNEL_(\w+) = \d+", header) == ["X_0", "X_1", "X_2"]
    checks = "".join(f'    if (strcmp(names[ODD_CLASS_{identifier}], arguments[{i + 1}]) != 0) return {i + 1};\n'
                     for i, identifier in enumerate(identifiers))
    (tmp_path / "program.c").write_text(
        '#include <string.h>\n#include "odd.h"\nstatic const char *const names[] = ODD_CLASS_NAMES;\n'
        f"int main(int count, char **arguments)\n{{\n{checks}    return count != 3;\n}}\n")
    subprocess.run(
        ["gcc", "-std=c99", "-Wall", "-Wextra", "-Werror", "-pedantic", f"-I{ROOT}/include", "program.c", "odd.c", "-o", "program"],
        cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "program", *classes.split(",")]).returncode == 0


def test_names_of_files(tmp_path):
    for file, name in (("2 nets.v1.snn", "model_2_nets_v1"), ("Watch.snn", "watch")):
        shutil.copy(MODEL, tmp_path / file)
        assert exported(tmp_path / file, tmp_path)["name"] == name
        assert compiled(COMPILERS[0], tmp_path / f"{name}.c", tmp_path / "model.o").returncode == 0
    assert exported(MODEL, tmp_path, "--name", "Wrist_2")["files"][1]["file"] == "Wrist_2.c"
    for name in ("2nd", "a-b", "", "_model", "string", "SNNRT", "naïve", "x" * 49):
        done = run("export", MODEL, "-o", tmp_path, "--name", name)
        assert done.returncode == USAGE and "--name" in done.stderr, name
    for file in ("string.snn", "snnrt.snn", "漢字.snn"):
        shutil.copy(MODEL, tmp_path / file)
        done = run("export", tmp_path / file, "-o", tmp_path)
        assert done.returncode == USAGE and "hint: choose one" in done.stderr
    assert not (tmp_path / "string.h").exists()


def test_several_models(tmp_path):
    report = json.loads(run("export", MODEL, OTHER, "-o", tmp_path, "--format", "json").stdout)
    assert [model["name"] for model in report["models"]] == ["wisdm_small_w4", "braille_l2mu_w8"]
    assert len(list(tmp_path.iterdir())) == 5
    text = run("export", MODEL, OTHER, "-o", tmp_path).stdout
    assert text.count("unchanged") == 5 and "4,008 bytes of arena" in text
    assert run("export", MODEL, OTHER, "-o", tmp_path, "--name", "one").returncode == USAGE
    # The one table file then serves the models of the latest command only, which is said.
    assert run("export", MODEL, "-o", tmp_path).stderr.count("was for braille-l2mu-w8.snn too") == 1
    folder = tmp_path / "same"
    folder.mkdir()
    shutil.copy(OTHER, folder / "WISDM SMALL W4.snn")
    done = run("export", MODEL, folder / "WISDM SMALL W4.snn", "-o", folder)
    assert done.returncode == USAGE and "its C files would be those of" in done.stderr
    (folder / "bad.snn").write_bytes(b"no model")
    assert run("export", MODEL, folder / "bad.snn", "-o", folder).returncode == BAD_MODEL
    assert not (folder / "wisdm_small_w4.h").exists()


def test_section(tmp_path):
    exported(MODEL, tmp_path, "--section", ".extflash.a-$b")
    assert compiled(COMPILERS[0], tmp_path / "wisdm_small_w4.c", tmp_path / "model.o").returncode == 0
    assert ".extflash.a-$b" in subprocess.run(["readelf", "-SW", tmp_path / "model.o"], capture_output=True, text=True).stdout
    assert run("export", MODEL, "-o", tmp_path, "--section", 'a"').returncode == USAGE


def test_care_for_what_is_there(tmp_path):
    folder = tmp_path / "made" / "here"
    assert [file["outcome"] for file in exported(MODEL, folder)["files"]] == ["written", "written"]
    texts = [(folder / name).read_bytes() for name in ("wisdm_small_w4.h", "wisdm_small_w4.c")]
    assert [file["outcome"] for file in exported(MODEL, folder)["files"]] == ["unchanged", "unchanged"]
    assert [file["outcome"] for file in exported(OTHER, folder, "--name", "wisdm_small_w4")["files"]] == ["written", "written"]
    assert [file["outcome"] for file in exported(MODEL, folder)["files"]] == ["written", "written"]
    assert texts == [(folder / name).read_bytes() for name in ("wisdm_small_w4.h", "wisdm_small_w4.c")]
    assert sorted(path.name for path in folder.iterdir()) == ["snnrt_ops.c", "wisdm_small_w4.c", "wisdm_small_w4.h"]
    (folder / "wisdm_small_w4.c").write_text("int mine;\n")
    (folder / "wisdm_small_w4.h").unlink()
    done = run("export", MODEL, "-o", folder)
    assert done.returncode == OUTPUT and "no export wrote it" in done.stderr and "hint:" in done.stderr
    assert (folder / "wisdm_small_w4.c").read_text() == "int mine;\n" and not (folder / "wisdm_small_w4.h").exists()
    done = run("export", MODEL, "-o", folder / "wisdm_small_w4.c")
    assert done.returncode == OUTPUT and "cannot be made a folder" in done.stderr


def test_bad_models(tmp_path):
    for content in (b"", b"no model", MODEL.read_bytes()[:-1], bytes([*MODEL.read_bytes()[:-1], 0])):
        (tmp_path / "bad.snn").write_bytes(content)
        done = run("export", tmp_path / "bad.snn", "-o", tmp_path / "out")
        assert done.returncode == BAD_MODEL and "bad.snn" in done.stderr and not (tmp_path / "out").exists()
    assert run("export", tmp_path / "missing.snn", "-o", tmp_path).returncode == BAD_MODEL


def test_bytes_behind_the_model_stay_behind(tmp_path):
    (tmp_path / "wisdm-small-w4.snn").write_bytes(MODEL.read_bytes() + b"behind")
    assert exported(tmp_path / "wisdm-small-w4.snn", tmp_path / "a")["modelBytes"] == MODEL.stat().st_size
    exported(MODEL, tmp_path / "b")
    for name in ("wisdm_small_w4.h", "wisdm_small_w4.c"):
        assert (tmp_path / "a" / name).read_text() == (tmp_path / "b" / name).read_text()


def test_a_model_without_a_self_test(tmp_path):
    exported(acceleration_model(tmp_path), tmp_path)
    assert "#define THREE_AXES_SELFTEST_FRAMES 0u" in (tmp_path / "three_axes.h").read_text()
