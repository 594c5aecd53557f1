"""No arrow of the device half points to a higher floor."""

import shutil
import subprocess

import pytest

from floors import FLOORS, RUNTIME, arrows, files

CKERNELS = RUNTIME.parent / "CKernels"


def test_nothing_uses_a_higher_floor():
    found = arrows()
    assert not found, "\n".join(["", *found.values()])


def test_every_file_is_on_a_floor():
    assert sorted(RUNTIME.rglob("*.swift")) == sorted(path for floor in FLOORS for path in files(RUNTIME, floor))


def errors(sources, floors):
    """What the compiler says of these floors alone."""
    paths = [path for floor in floors for path in files(sources, floor)]
    done = subprocess.run(
        ["swiftc", "-typecheck", "-parse-as-library", "-swift-version", "6", "-module-name", "SNNRuntime",
         "-package-name", "snnrt", "-I", CKERNELS, *paths], capture_output=True, text=True)
    return "" if done.returncode == 0 else done.stderr


@pytest.mark.parametrize("top", FLOORS[:-1])
def test_floors_compile_without_those_above(top):
    said = errors(RUNTIME, FLOORS[: FLOORS.index(top) + 1])
    assert not said, f"floors up to {top}, alone: {said[:2000]}"


LOWER = {
    "a type": ("struct Plan {}", "func plan() -> Int { let plan: Plan? = nil; return plan == nil ? 1 : 0 }", "Plan"),
    "a function": ("func planned() -> Int { 1 }", "func plan() -> Int { planned() }", "planned"),
    "a member": ("extension Scale { var planned: Int { 1 } }", "func plan(_ scale: Scale) -> Int { scale.planned }", "planned"),
    "in interpolation": ("let planned = 1", 'func plan() -> String { "\\(planned)" }', "planned"),
}


@pytest.mark.parametrize("name", LOWER)
def test_an_added_arrow_is_found(tmp_path, name):
    upper, lower, identifier = LOWER[name]
    for floor in FLOORS:
        (tmp_path / floor).mkdir()
    (tmp_path / "Arithmetic/Scale.swift").write_text("""
        // planned, Plan: a comment uses nothing
        struct Scale { enum Kind { case narrow, wide }; enum Plan {}; let kind: Kind }
        func text() -> String { "Plan" }
        """)
    (tmp_path / "Model/Plan.swift").write_text(
        f"{upper}\nfunc above(_ scale: Scale) -> Bool {{ scale.kind == .wide }}\n")
    assert not arrows(tmp_path) and not errors(tmp_path, FLOORS[:4])
    (tmp_path / "Ops/Use.swift").write_text(f"\n{lower}\n")
    assert list(arrows(tmp_path)) == [f"Ops/Use.swift {identifier}"]
    message = arrows(tmp_path)[f"Ops/Use.swift {identifier}"]
    assert f"Ops/Use.swift:2: Ops uses {identifier}, a " in message and "of the higher floor Model (Model/Plan.swift)" in message
    assert identifier in errors(tmp_path, FLOORS[:4]) and not errors(tmp_path, FLOORS[:5])


def test_an_arrow_added_to_the_runtime_is_found(tmp_path):
    shutil.copytree(RUNTIME, tmp_path, dirs_exist_ok=True)
    before = set(arrows(tmp_path))
    path = tmp_path / "Arithmetic/FixedPoint.swift"
    path.write_text(path.read_text() + "\nfunc opens(_ model: Network) -> Bool { true }\n")
    assert set(arrows(tmp_path)) - before == {"Arithmetic/FixedPoint.swift Network"}
    assert "Network" in errors(tmp_path, FLOORS[:1])
