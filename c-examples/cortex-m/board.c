#include "board.h"

/* ---- Semihosting: an operation and an argument, which the debugger carries out ---- */

static void semihosting(uint32_t operation, const void *argument)
{
    register uint32_t r0 __asm__("r0") = operation;
    register const void *r1 __asm__("r1") = argument;
    __asm__ volatile("bkpt 0xAB" : "+r"(r0) : "r"(r1) : "memory");
}

void print(const char *text) { semihosting(0x04 /* SYS_WRITE0 */, text); }

static void print_digits(uint32_t number, uint32_t base, int least)
{
    char text[12];
    int at = sizeof text - 1;
    text[at] = '\0';
    do {
        text[--at] = "0123456789abcdef"[number % base];
        number /= base;
        least--;
    } while (number > 0 || least > 0);
    print(text + at);
}

void print_number(uint32_t number) { print_digits(number, 10, 1); }
void print_hexadecimal(uint32_t number) { print_digits(number, 16, 8); }

void end_run(int status)
{
    const uint32_t arguments[2] = {0x20026 /* ADP_Stopped_ApplicationExit */, (uint32_t)status};
    semihosting(0x20 /* SYS_EXIT_EXTENDED */, arguments);
    for (;;) {}
}

/* ---- The CMSDK watchdog ---- */

#define WATCHDOG(offset) (*(volatile uint32_t *)(0x40008000 + (offset)))

void watchdog_start(uint32_t milliseconds)
{
    WATCHDOG(0xC00) = 0x1ACCE551;            /* LOCK: unlocked */
    WATCHDOG(0x000) = milliseconds * 25000u; /* LOAD: ticks of 25 MHz */
    WATCHDOG(0x008) = 3;                     /* CONTROL: interrupt, then reset */
    WATCHDOG(0xC00) = 0;                     /* locked again */
}

void watchdog_kick(void)
{
    WATCHDOG(0xC00) = 0x1ACCE551;
    WATCHDOG(0x00C) = 1; /* INTCLR: from LOAD again */
    WATCHDOG(0xC00) = 0;
}

/* ---- Power ---- */

void sleep_unless(int (*has_work)(void))
{
    /* With interrupts masked none can come between the question and the wait; a pending one ends the wait all the same. */
    __asm__ volatile("cpsid i" ::: "memory");
    if (!has_work()) __asm__ volatile("wfi" ::: "memory");
    __asm__ volatile("cpsie i" ::: "memory");
}

void power_down(void)
{
    *(volatile uint32_t *)0xE000ED0C = 0x05FA0004; /* AIRCR: SYSRESETREQ */
    for (;;) {}
}

/* ---- From reset to main ---- */

extern uint32_t stack_top, data_start, data_end, data_load, bss_start, bss_end;
extern int main(void);
extern void systick_interrupt(void);
extern void reset(void);

void reset(void)
{
    uint32_t *to = &data_start;
    const uint32_t *from = &data_load;
#ifdef __ARM_FP
    *(volatile uint32_t *)0xE000ED88 |= 0xFu << 20; /* CPACR: the floating-point unit on */
#endif
    while (to < &data_end) *to++ = *from++;
    for (to = &bss_start; to < &bss_end; to++) *to = 0;
    end_run(main());
}

/* The watchdog's first miss: nothing to save here, its second one resets. */
static void watchdog_miss(void)
{
    print("watchdog: the main loop hangs\n");
    for (;;) {}
}

static void fault(void)
{
    print("fault\n");
    end_run(3);
}

__attribute__((section(".vectors"), used)) static const struct {
    uint32_t *stack;
    void (*handlers[15])(void);
} vectors = {
    &stack_top,
    {reset, watchdog_miss, fault, fault, fault, fault, 0, 0, 0, 0, fault, fault, 0, fault, systick_interrupt},
};
