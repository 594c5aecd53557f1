"""What the SDK holds, and that its bill of materials is of exactly that."""

import hashlib
import json
import re
import subprocess
import zipfile

import sdk as packed
from sdk import NAME, PACKED, ROOT


def files(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


def test_zip_is_the_same(sdk):
    with zipfile.ZipFile(PACKED.with_name(f"{NAME}.zip")) as archive:
        assert {name.removeprefix(f"{NAME}/"): archive.read(name) for name in archive.namelist()} == files(sdk)


def test_what_is_needed_is_there(sdk):
    names = set(files(sdk))
    assert {"include/snnrt.h", "LICENSE", "NOTICE", "README.md", "CMakeLists.txt", "cmake/snnrtConfig.cmake",
            "cmake/snnrtConfigVersion.cmake", "cmake/core.c", "pkgconfig/snnrt.pc", "zephyr/module.yml", "zephyr/Kconfig",
            "zephyr/CMakeLists.txt", "idf_component.yml", "library.json", "platformio.py", "snnrt.snnrt.pdsc", "sbom.spdx.json",
            "c-examples/label_csv.c", "c-examples/cortex-m/Makefile", "c-examples/generated/wisdm_small_w4.c", "models/wisdm-small/wisdm-small-w4.snn", "docs/format.md"} <= names
    assert not [name for name in names if name.endswith(".pyc")]
    assert "Applied Brain Research" in (sdk / "NOTICE").read_text()
    assert "Swift" in (sdk / "NOTICE").read_text()


def test_no_place_is_left_to_fill(sdk):
    version = NAME.removeprefix("snnrt-sdk-")
    for name, data in files(sdk).items():
        if not name.startswith(("lib/", "models/", "docs/", "c-examples/")):
            assert not re.search(rb"@[A-Z]+@", data), name
    for name in ("library.json", "idf_component.yml", "snnrt.snnrt.pdsc", "pkgconfig/snnrt.pc", "cmake/snnrtConfigVersion.cmake"):
        assert version in (sdk / name).read_text(), name


def test_every_archive_is_named_in_the_readme(sdk):
    readme = (sdk / "README.md").read_text()
    for core in (sdk / "lib").iterdir():
        assert f"`{core.name}`" in readme


def test_the_pack_names_files_that_exist(sdk):
    named = re.findall(r'name="([^"]+/[^"]*)"', (sdk / "snnrt.snnrt.pdsc").read_text())
    missing = {name for name in named if not (sdk / name).exists()}
    # The short SDK of `make test` lacks the archives that it does not build.
    assert missing <= {"lib/cortex-m3/libsnnrt.a"} and (not missing or "sdk-short" in str(PACKED)), missing


def test_bill_of_materials_has_every_file(sdk):
    bill = json.loads((sdk / "sbom.spdx.json").read_text())
    listed = {file["fileName"].removeprefix("./"): {each["algorithm"]: each["checksumValue"] for each in file["checksums"]}
              for file in bill["files"]}
    actual = {name: {"SHA1": hashlib.sha1(data).hexdigest(), "SHA256": hashlib.sha256(data).hexdigest()}
              for name, data in files(sdk).items() if name != "sbom.spdx.json"}
    assert bill["spdxVersion"] == "SPDX-2.3" and listed == actual
    inside = [each for each in bill["relationships"] if each["relationshipType"] == "STATIC_LINK"]
    assert len(inside) == len(list(sdk.glob("lib/*/*")))


def test_packing_again_gives_the_same_bytes(tmp_path):
    before = PACKED.read_bytes()
    cores = {path.parent.name for path in packed.unpack(tmp_path).glob("lib/*/*")}
    (tmp_path / "build").mkdir()
    for core in cores:
        (tmp_path / "build" / core).symlink_to(tmp_path / NAME / "lib" / core)
    date = subprocess.run(["tar", "--list", "--verbose", "--full-time", "--utc", "-f", PACKED], capture_output=True, text=True, check=True)
    stamp = re.search(r"(\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d)", date.stdout)
    subprocess.run(
        ["python3", ROOT / "packaging/sdk.py", tmp_path / "build/sdk", NAME.removeprefix("snnrt-sdk-"), f"{stamp[1]}T{stamp[2]}+00:00",
         packed.unpack(tmp_path / "again") / "c-examples/generated", *(f"{core}={core}" for core in cores)], check=True, capture_output=True)
    assert (tmp_path / "build/sdk" / PACKED.name).read_bytes() == before
