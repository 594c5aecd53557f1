"""The bound on stack, on assembly whose stack can be counted by hand."""

import subprocess

import pytest

import stack

HEAD = ".syntax unified\n.thumb\n"


def archive(tmp_path, **functions):
    head = ".section .text.{0},\"ax\",%progbits\n.globl {0}\n.type {0},%function\n{0}:\n"
    (tmp_path / "a.s").write_text(HEAD + "".join(
        head.format(name) + "\n".join(lines.split("; ")) + "\n" for name, lines in functions.items()))
    clang = ["clang", "--target=armv7em-none-none-eabi", "-mcpu=cortex-m4"]
    subprocess.run([*clang, "-c", tmp_path / "a.s", "-o", tmp_path / "a.o"], check=True)
    subprocess.run(["llvm-ar", "rcs", tmp_path / "a.a", tmp_path / "a.o"], check=True)
    return stack.Archive(tmp_path / "a.a")


def test_frames_add_up_along_calls(tmp_path):
    leaf = "push {r4, r5, r6, lr}; sub sp, #24; add sp, #24; pop {r4, r5, r6, pc}"
    assert archive(
        tmp_path, leaf=leaf, none="bx lr",
        outer="cbz r0, 1f; push {r4, lr}; sub.w sp, sp, #512; bl leaf; add.w sp, sp, #512; pop {r4, pc}; "
              "1:; str lr, [sp, #-8]!; bl none; ldr lr, [sp], #8; b.w leaf",
        cases="push {lr}; tbb [pc, r0]; .byte 2; .byte 3; bl leaf; sub sp, #4; add sp, #4; pop {pc}; 2:; b 2b",
        far="push {r4, lr}; bl memcpy; pop {r4, pc}",
    ).public(["leaf", "outer", "none", "cases", "far"]) == {
        "leaf": 40, "outer": 8 + 512 + 40, "none": 0, "cases": 4 + 40, "far": 8}


def test_a_call_through_a_register_counts_as_the_deepest(tmp_path):
    assert archive(
        tmp_path, small="push {r4, lr}; pop {r4, pc}", deep="push {r4, lr}; sub sp, #64; add sp, #64; pop {r4, pc}",
        deeper="sub sp, #400; bx lr",
        outer="push {r4, lr}; ldr r0, 1f; blx r0; pop {r4, pc}; .p2align 2; 1:; .word small; .word deep",
    ).public(["outer"]) == {"outer": 8 + 72}


@pytest.mark.parametrize("lines, said", [
    ("push {lr}; bl other; pop {pc}", "recursion"), ("mov sp, r0; bx lr", "cannot be followed"),
    ("sub sp, r0; bx lr", "cannot be followed")])
def test_what_has_no_bound_is_refused(tmp_path, lines, said):
    with pytest.raises(SystemExit, match=said):
        archive(tmp_path, outer=lines, other="push {lr}; bl outer; pop {pc}").public(["outer"])
