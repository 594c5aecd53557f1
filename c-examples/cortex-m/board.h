/* What the example wants of a board: here QEMU's mps2-an385 (Cortex-M3) and mps2-an386 (Cortex-M4). */
#ifndef BOARD_H
#define BOARD_H

#include <stdint.h>

/* Text to the debugger, by semihosting. */
void print(const char *text);
void print_number(uint32_t number);
void print_hexadecimal(uint32_t number);

/* Ends the emulator's run with an exit status. */
void end_run(int status);

/* Restarts the board unless watchdog_kick comes every so many milliseconds: at the first miss an NMI, at the second a
 * reset. */
void watchdog_start(uint32_t milliseconds);
void watchdog_kick(void);

/* Sleeps until an interrupt, unless has_work() says that one has come already. */
void sleep_unless(int (*has_work)(void));

/* Off, and on again: a reset, at which only memory in section .retained keeps its content. In a product: the deepest sleep
 * that keeps that memory, or flash instead of it. */
void power_down(void);

#endif
