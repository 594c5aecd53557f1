/* Starts a program with newlib's semihosting on an emulated Cortex-M board (QEMU's mps2 machines). */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

extern uint32_t stack_top, data_start, data_end, data_load, bss_start, bss_end;
extern void initialise_monitor_handles(void);
extern int main(int argument_count, char **arguments);

static void reset(void)
{
    static char name[] = "test";
    static char *arguments[] = {name, NULL};
#ifdef __ARM_FP
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the floating-point unit on */
#endif
    memcpy(&data_start, &data_load, (size_t)((uint8_t *)&data_end - (uint8_t *)&data_start));
    memset(&bss_start, 0, (size_t)((uint8_t *)&bss_end - (uint8_t *)&bss_start));
    initialise_monitor_handles();
    exit(main(1, arguments));
}

/* A fault ends the run with an exit code instead of hanging. */
static void fault(void) { _Exit(3); }

/* The timer's interrupt, of a program that has one. */
extern void on_systick(void) __attribute__((weak));

__attribute__((section(".vectors"), used)) const void *const vectors[16] = {
    &stack_top,    (void *)reset, (void *)fault, (void *)fault,
    (void *)fault, (void *)fault, (void *)fault, [15] = (void *)on_systick,
};
