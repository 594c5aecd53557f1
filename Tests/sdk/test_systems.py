"""What Zephyr, ESP-IDF, PlatformIO, CMSIS-Pack and readers of SPDX make of the SDK.

Zephyr and ESP-IDF themselves are not here. Stand-ins define the functions of theirs that the SDK calls, as their documentation
has them, and Zephyr's Kconfig names of a board; what is built by them runs in an emulator.
"""

import json
import re
import subprocess
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import kconfiglib
import pytest
import yaml

import sdk as packed
from sdk import HERE

ZEPHYR = """cmake_minimum_required(VERSION 3.16)
project(zephyr_stand_in C)
add_library(zephyr_interface INTERFACE)
function(zephyr_include_directories)
  target_include_directories(zephyr_interface INTERFACE ${ARGN})
endfunction()
function(zephyr_link_libraries)
  target_link_libraries(zephyr_interface INTERFACE ${ARGN})
endfunction()
macro(zephyr_library_named name)
  set(ZEPHYR_CURRENT_LIBRARY ${name})
  add_library(${name} STATIC)
  target_link_libraries(${name} PUBLIC zephyr_interface)
  set_property(GLOBAL APPEND PROPERTY ZEPHYR_LIBS ${name})
endmacro()
function(zephyr_library_sources)
  target_sources(${ZEPHYR_CURRENT_LIBRARY} PRIVATE ${ARGN})
endfunction()
include(${CONFIGURATION})
add_subdirectory(${MODULE} module)
get_property(libraries GLOBAL PROPERTY ZEPHYR_LIBS)
add_executable(label ${CONSUMER}/label.c ${SUPPORT})
target_link_libraries(label PRIVATE -Wl,--gc-sections -Wl,--whole-archive ${libraries} -Wl,--no-whole-archive zephyr_interface)
target_compile_definitions(label PRIVATE "MODEL=\\"${MODEL}\\"" "FRAMES=\\"${FRAMES}\\"" CHECKSUM=${CHECKSUM})
"""

ESP_IDF = """cmake_minimum_required(VERSION 3.16)
project(esp_idf_stand_in C)
set(ESP_PLATFORM 1)
macro(idf_component_register)
  cmake_parse_arguments(component "" "" "SRCS;INCLUDE_DIRS" ${ARGN})
  set(COMPONENT_LIB component_snnrt)
  add_library(${COMPONENT_LIB} INTERFACE)
  foreach(folder ${component_INCLUDE_DIRS})
    target_include_directories(${COMPONENT_LIB} INTERFACE ${CMAKE_CURRENT_LIST_DIR}/${folder})
  endforeach()
endmacro()
function(add_prebuilt_library name path)
  get_filename_component(path ${path} ABSOLUTE BASE_DIR ${CMAKE_CURRENT_LIST_DIR})
  add_library(${name} STATIC IMPORTED GLOBAL)
  set_property(TARGET ${name} PROPERTY IMPORTED_LOCATION ${path})
endfunction()
add_subdirectory(${COMPONENT} component)
add_executable(label ${CONSUMER}/label.c ${SUPPORT})
target_link_libraries(label PRIVATE component_snnrt)
target_compile_definitions(label PRIVATE "MODEL=\\"${MODEL}\\"" "FRAMES=\\"${FRAMES}\\"" CHECKSUM=${CHECKSUM})
"""

# What Zephyr's own Kconfig says of a board, as far as the module asks: a processor of the emulator, symbols, the folder picked.
NAMES = """CPU_CORTEX_M CPU_CORTEX_M4 CPU_CORTEX_M7 ARMV8_M_DSP ARMV8_1_M_MVEI ARMV7_M_ARMV8_M_MAINLINE ARMV6_M_ARMV8_M_BASELINE RISCV
64BIT FLOAT_HARD CPU_HAS_FPU_DOUBLE_PRECISION ARM64 ARCH_POSIX""".split()
BOARDS = {
    "nrf51": ("cortex-m0", "CPU_CORTEX_M ARMV6_M_ARMV8_M_BASELINE", "cortex-m0"),
    "mps2/an385": ("cortex-m3", "CPU_CORTEX_M ARMV7_M_ARMV8_M_MAINLINE", "cortex-m3"),
    "mps2/an386": ("cortex-m4-hard", "CPU_CORTEX_M CPU_CORTEX_M4 ARMV7_M_ARMV8_M_MAINLINE FLOAT_HARD", "cortex-m4"),
    "nrf5340/cpunet": ("cortex-m33-nodsp", "CPU_CORTEX_M ARMV7_M_ARMV8_M_MAINLINE", "cortex-m3"),
    "mps2/an505": ("cortex-m33", "CPU_CORTEX_M ARMV7_M_ARMV8_M_MAINLINE ARMV8_M_DSP", "cortex-m4"),
    "mps3/an547": ("cortex-m55", "CPU_CORTEX_M ARMV7_M_ARMV8_M_MAINLINE ARMV8_M_DSP ARMV8_1_M_MVEI FLOAT_HARD", "cortex-m4"),
    "qemu_riscv32": ("rv32imc", "RISCV", "rv32imc"),
    "qemu_riscv32 with F": ("rv32imfc", "RISCV FLOAT_HARD", "rv32imfc"),
    "qemu_riscv64": ("rv64imc", "RISCV 64BIT", "rv64imc"),
    "qemu_riscv64 with D": ("rv64gc", "RISCV 64BIT FLOAT_HARD CPU_HAS_FPU_DOUBLE_PRECISION", "rv64gc"),
}


def zephyr_configuration(sdk, tmp_path, symbols, chosen=""):
    """The .config of a board that has these symbols and an application that sets those chosen."""
    module = yaml.safe_load((sdk / "zephyr/module.yml").read_text())
    text = "".join(f"config {name}\n\tbool\n\tdefault {'y' if name in symbols.split() else 'n'}\n" for name in NAMES)
    (tmp_path / "Kconfig").write_text(f'{text}source "{sdk / module["build"]["kconfig"]}"\n')
    tree = kconfiglib.Kconfig(str(tmp_path / "Kconfig"), warn_to_stderr=False)
    for name in ["SNNRT", *chosen.split()]:
        tree.syms[name].set_value("y")
    assert not tree.warnings, tree.warnings
    write_configuration(tree, tmp_path)
    return tree


def write_configuration(tree, folder):
    """As variables of CMake, and macros of the application and the module's sources."""
    lines = [f'set(CONFIG_{symbol.name} "{symbol.str_value}")' for symbol in tree.unique_defined_syms if symbol.str_value not in ("n", "")]
    macros = [f"CONFIG_{symbol.name}=1" for symbol in tree.unique_defined_syms if symbol.str_value == "y"]
    lines.append(f"target_compile_definitions(zephyr_interface INTERFACE {' '.join(macros)})")
    (folder / "configuration.cmake").write_text("\n".join(lines) + "\n")


def zephyr_program(sdk, samples, tmp_path, name):
    """Configures and builds the consumer as a Zephyr application; gives the program's exit code, or what CMake said."""
    module = yaml.safe_load((sdk / "zephyr/module.yml").read_text())
    (tmp_path / "CMakeLists.txt").write_text(ZEPHYR)
    code, said = packed.configure(
        tmp_path, tmp_path / "build", sdk, samples, name, f"-DMODULE={sdk / module['build']['cmake']}",
        f"-DCONFIGURATION={tmp_path / 'configuration.cmake'}", f"-DCONSUMER={HERE / 'consumer'}")
    if code != 0:
        return said
    packed.build(tmp_path / "build")
    return packed.emulate(name, tmp_path / "build/label")


@pytest.mark.parametrize("board", BOARDS)
def test_zephyr_module(sdk, samples, tmp_path, board):
    name, symbols, core = BOARDS[board]
    assert zephyr_configuration(sdk, tmp_path, symbols).syms["SNNRT_CORE"].str_value == core
    assert zephyr_program(sdk, samples, tmp_path, name) == 0


def test_zephyr_board_without_archive(sdk, samples, tmp_path):
    assert zephyr_configuration(sdk, tmp_path, "").syms["SNNRT"].str_value == "n"
    tree = zephyr_configuration(sdk, tmp_path, "RISCV FLOAT_HARD CPU_HAS_FPU_DOUBLE_PRECISION")
    assert tree.syms["SNNRT_CORE"].str_value == ""
    assert "no archive for this board's core" in zephyr_program(sdk, samples, tmp_path, "rv32imc")


def flash(program):
    """Bytes of code and constants."""
    said = subprocess.run(["llvm-size", program], check=True, capture_output=True, text=True).stdout.splitlines()[1].split()
    return int(said[0]) + int(said[1])


def test_zephyr_links_the_groups_that_kconfig_chooses(sdk, samples, tmp_path):
    """The sample's model runs with the groups of motion networks, in less flash, and is refused without leaky neurons."""
    sizes = {}
    for name, chosen, expected in (("all", "", 0), ("chosen", "SNNRT_LINK_CHOSEN", 0), ("less", "SNNRT_LINK_CHOSEN", 3)):
        (tmp_path / name).mkdir()
        tree = zephyr_configuration(sdk, tmp_path / name, BOARDS["mps2/an386"][1], chosen)
        if name == "less":
            tree.syms["SNNRT_OP_LIF"].set_value("n")
            write_configuration(tree, tmp_path / name)
        # QEMU gives 1 for every exit code but 0.
        assert bool(zephyr_program(sdk, samples, tmp_path / name, "cortex-m4-hard")) == bool(expected)
        sizes[name] = flash(tmp_path / name / "build/label")
    assert sizes["chosen"] < sizes["all"] - 12000 and sizes["less"] < sizes["chosen"]


def test_kconfig_names_every_op(sdk):
    header, tables = (sdk / "include/snnrt.h").read_text(), (sdk / "zephyr/ops.c").read_text()
    for table in ("LOAD", "TICK", "ADDER"):
        places = re.findall(rf"^    SNNRT_{table}_([A-Z0-9_]+)(?: = \d+)?,", header, re.M)
        assert len(set(places) - {"COUNT"}) > 10 and set(places) - {"COUNT"} == set(re.findall(rf"\[SNNRT_{table}_([A-Z0-9_]+)\]", tables))
    asked = set(re.findall(r"CONFIG_(\w+)", tables)) - {"SNNRT_LINK_CHOSEN"}
    assert asked == {name for name in re.findall(r"^config (\w+)", (sdk / "zephyr/Kconfig").read_text(), re.M)
                     if name.startswith(("SNNRT_OP_", "SNNRT_WEIGHTS_", "SNNRT_WIDE", "SNNRT_ACC"))}


@pytest.mark.parametrize("chip, name", [("esp32c3", "rv32imc"), ("esp32c6", "rv32imc"), ("esp32p4", "rv32imfc")])
def test_esp_idf_component(sdk, samples, tmp_path, chip, name):
    (tmp_path / "CMakeLists.txt").write_text(ESP_IDF)
    code, said = packed.configure(tmp_path, tmp_path / "build", sdk, samples, name, f"-DCOMPONENT={sdk}", f"-DIDF_TARGET={chip}",
                                  f"-DCONSUMER={HERE / 'consumer'}")
    assert code == 0, said
    packed.build(tmp_path / "build")
    assert packed.emulate(name, tmp_path / "build/label") == 0


def test_esp_idf_chip_without_archive(sdk, samples, tmp_path):
    (tmp_path / "CMakeLists.txt").write_text(ESP_IDF)
    code, said = packed.configure(tmp_path, tmp_path / "build", sdk, samples, "rv32imc", f"-DCOMPONENT={sdk}", "-DIDF_TARGET=esp32s3",
                                  f"-DCONSUMER={HERE / 'consumer'}")
    assert code != 0 and "no archive for esp32s3" in said
    manifest = yaml.safe_load((sdk / "idf_component.yml").read_text())
    assert "esp32c3" in manifest["targets"] and "esp32s3" not in manifest["targets"]


def test_platformio_reads_the_manifest(sdk):
    from platformio.package.manifest.parser import ManifestParserFactory
    from platformio.package.manifest.schema import ManifestSchema
    fields = ManifestParserFactory.new_from_dir(str(sdk)).as_dict()
    # PlatformIO would fetch SPDX's list of licences to check this one by.
    assert fields.pop("license") == "Apache-2.0"
    manifest = ManifestSchema().load_manifest(fields)
    assert manifest["name"] == "snnrt" and manifest["version"] == packed.NAME.removeprefix("snnrt-sdk-")
    assert (sdk / manifest["headers"][0]).exists() or (sdk / "include" / manifest["headers"][0]).exists()


@pytest.mark.parametrize("name, core", [("cortex-m0", "cortex-m0"), ("cortex-m33-nodsp", "cortex-m3"), ("cortex-m4-hard", "cortex-m4"),
                                        ("rv32imc", "rv32imc")])
def test_platformio_s_build_script(sdk, tmp_path, name, core):
    """In SCons, as PlatformIO runs it."""
    compiler, *words = packed.programs()[name][0]
    machine = [word for word in words if word.startswith(("-m", "--specs"))]
    (tmp_path / "SConstruct").write_text(
        f"import os\nenv = Environment(CC={compiler!r}, CCFLAGS={machine!r}, ENV=os.environ)\n"
        f"SConscript({str(sdk / 'platformio.py')!r}, exports='env')\nprint('links', env['LIBPATH'], env['LIBS'])\n")
    done = subprocess.run([Path(packed.sys.executable).with_name("scons"), "-Q"], cwd=tmp_path, capture_output=True, text=True)
    assert f"links ['{sdk}/lib/{core}'] ['snnrt']" in done.stdout, done.stdout + done.stderr


def test_pack_has_an_archive_for_every_core_once(sdk):
    pack = ElementTree.parse(sdk / "snnrt.snnrt.pdsc").getroot()
    conditions = {each.get("id"): [(rule.get("Dcore"), rule.get("Ddsp")) for rule in each.iter("accept")] for each in pack.iter("condition")}
    libraries = {file.get("condition"): file.get("name") for file in pack.iter("file") if file.get("category") == "library"}
    assert all(name == f"lib/{condition}/libsnnrt.a" and (sdk / name).exists() for condition, name in libraries.items())
    cores = [core for condition in libraries for core in conditions[condition]]
    assert len(cores) == len(set(cores)) and ("Cortex-M33", "NO_DSP") in conditions["cortex-m3"]


def test_spdx_tools_accept_the_bill_of_materials(sdk):
    from spdx_tools.spdx.parser.parse_anything import parse_file
    from spdx_tools.spdx.validation.document_validator import validate_full_spdx_document
    document = parse_file(str(sdk / "sbom.spdx.json"))
    assert [message.validation_message for message in validate_full_spdx_document(document)] == []
    assert len(document.files) == len(json.loads((sdk / "sbom.spdx.json").read_text())["files"])
