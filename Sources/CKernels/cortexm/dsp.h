/* The tick's inner loops for Arm cores with the DSP extension (Cortex-M4, M7): rows, and what becomes of their sums. The
 * Swift loops are their twins; Tests/device/loops.c holds each to its equation. */
#ifndef SNNRT_DSP_H
#define SNNRT_DSP_H

#include "dsp-list.h"
#include "../embedded/events.h"

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

#include "dsp-rows.h"
#include "dsp-products.h"
/* The exact product. */
SNNRT_PART int64_t snnrt_product(int32_t x, int32_t y) { return (int64_t)x * y; }

/* x limited to ±L: the processor saturates to −L − 1 … L. */
SNNRT_PART int32_t snnrt_limited(int32_t x, uint32_t is_wide)
{
    int32_t limited;
    if (is_wide)
        __asm__("ssat %0, #31, %1\n\tcmn %0, #0x40000000\n\tit eq\n\taddeq %0, %0, #1"
                : "=&r"(limited)
                : "r"(x)
                : "cc");
    else
        __asm__("ssat %0, #16, %1\n\tcmn %0, #0x8000\n\tit eq\n\taddeq %0, %0, #1" : "=&r"(limited) : "r"(x) : "cc");
    return limited;
}

/* Σ row[j]·before[j], two products an instruction. Where the order is odd, before[order] is 0, times the weight behind the row's, or the
 * file's trailer. */
SNNRT_PART int64_t snnrt_row_product(const int16_t *row, const int16_t *before, uint32_t order)
{
    const uint8_t *a = (const uint8_t *)row, *m = (const uint8_t *)before, *const end = m + 2 * order;
    int64_t sum = 0;
    do {
        sum = __builtin_arm_smlald((int32_t)snnrt_word(a), (int32_t)snnrt_word(m), sum);
        a += 4;
        m += 4;
    } while (m < end);
    return sum;
}

/* x + y, saturated. */
SNNRT_PART int32_t snnrt_saturated_sum(int32_t x, int32_t y) { return __builtin_arm_qadd(x, y); }

#include "../embedded/joins.h"
#include "../embedded/memory.h"
#include "../embedded/neurons.h"
#include "dsp-neurons.h"

#endif
