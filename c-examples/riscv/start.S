/* From reset to main: stack, traps, memory. */
    .option arch, +zicsr
    .section .start, "ax"
    .global start
start:
    la sp, stack_top
    la t0, on_trap
    csrw mtvec, t0
    la t0, bss_start
    la t1, bss_end
1:  bgeu t0, t1, 2f
    sw zero, 0(t0)
    addi t0, t0, 4
    j 1b
2:  call main
    j end_run
    .align 2
on_trap:
    la sp, stack_top
    j trap
