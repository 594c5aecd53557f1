/* The tick's inner loops for Arm cores with the DSP extension (Cortex-M4, M7): rows and synapses, and what becomes
 * of their sums. The Swift loops are their twins and run on other cores; Tests/device/loops.c holds each to its equation. */
#ifndef SNNRT_DSP_H
#define SNNRT_DSP_H

#include <stdint.h>

#define SNNRT_KERNEL static __attribute__((unused, noinline))
#define SNNRT_PART static inline __attribute__((unused, always_inline))
#include "../shared.h"

SNNRT_PART uint32_t snnrt_word(const uint8_t *at)
{
    uint32_t word;
    __builtin_memcpy(&word, at, 4);
    return word;
}

/* Eight words at a time; a C library's memset may take a byte at a time. */
SNNRT_KERNEL void snnrt_clear(uint32_t *words, uint32_t count)
{
    for (; count >= 8; count -= 8)
        __asm__ volatile(
            "strd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8"
            : "+r"(words)
            : "r"(0)
            : "memory");
    for (; count != 0; count--) __asm__ volatile("str %1, [%0], #4" : "+r"(words) : "r"(0) : "memory");
}

SNNRT_PART int32_t snnrt_element(const void *at, uint32_t bits)
{
    return bits == 8 ? *(const int8_t *)at : *(const int16_t *)at;
}

#include "dsp-rows.h"
#include "dsp-products.h"
#include "dsp-events.h"
#include "dsp-synapses.h"
#include "dsp-memory.h"
#include "dsp-neurons.h"

#endif
