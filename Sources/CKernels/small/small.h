/* The tick's inner loops for processors of 32 bits without DSP instructions: Cortex-M0+, whose own loops lie in cortexm0,
 * Cortex-M3, RISC-V and WebAssembly. The Swift loops are their twins; Tests/device/loops.c holds each to its
 * equation. */
#ifndef SNNRT_SMALL_H
#define SNNRT_SMALL_H

#include "list.h"
#include "../embedded/events.h"
#include "rows.h"

/* The exact product. A Cortex-M0+ has none of more than 32 bits: by halves. */
SNNRT_PART int64_t snnrt_product(int32_t x, int32_t y)
{
#if defined(__ARM_ARCH_6M__)
    uint32_t x_low = (uint32_t)x & 0xffff, y_low = (uint32_t)y & 0xffff, low = x_low * y_low;
    int32_t x_high = x >> 16, y_high = y >> 16;
    /* Within ±2^31: 2^15·(2^16 − 1), and 2^16 − 1 more. */
    int32_t middle = x_high * (int32_t)y_low + (int32_t)(low >> 16),
            other = (int32_t)x_low * y_high + (middle & 0xffff);
    uint32_t high = (uint32_t)(x_high * y_high + (middle >> 16) + (other >> 16));
    return (int64_t)((uint64_t)high << 32 | ((uint32_t)other << 16 | (low & 0xffff)));
#else
    return (int64_t)x * y;
#endif
}

/* x limited to ±L. */
SNNRT_PART int32_t snnrt_limited(int32_t x, uint32_t is_wide)
{
    const int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    if ((uint32_t)x + (uint32_t)limit > 2 * (uint32_t)limit) x = x < 0 ? -limit : limit;
    return x;
}

/* Σ row[j]·before[j]. Two products together are within 2^31, since |before| < 2^15. */
SNNRT_PART int64_t snnrt_row_product(const int16_t *row, const int16_t *before, uint32_t order)
{
    int64_t sum = 0;
    for (; order > 1; order -= 2, row += 2, before += 2) sum += row[0] * before[0] + row[1] * before[1];
    if (order != 0) sum += *row * *before;
    return sum;
}

/* x + y, saturated at 2^30 and beyond: |y| < 2^30. */
SNNRT_PART int32_t snnrt_saturated_sum(int32_t x, int32_t y) { return snnrt_limited(x, 1) + y; }

#include "../embedded/joins.h"
#include "../embedded/memory.h"
#include "../embedded/neurons.h"

/* Neurons that some processors have faster loops for: none here. */
SNNRT_PART void snnrt_reset_later_fast(const snnrt_population *population, snnrt_progress *progress)
{
    (void)population, (void)progress;
}

#endif
