/* The tick's inner loops for processors of 32 bits without DSP instructions: Cortex-M0+, whose own loops lie in cortexm0,
 * Cortex-M3, RISC-V and WebAssembly. The Swift loops are their twins; Tests/device/loops.c holds each to its
 * equation. */
#ifndef SNNRT_SMALL_H
#define SNNRT_SMALL_H

#include "list.h"
#include "../embedded/events.h"
#include "rows.h"

/* x limited to ±L. */
SNNRT_PART int32_t snnrt_limited(int32_t x, uint32_t is_wide)
{
    int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    return x > limit ? limit : x < -limit ? -limit : x;
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

#include "../embedded/memory.h"
#include "../embedded/neurons.h"

/* Neurons that some processors have faster loops for: none here. */
SNNRT_PART void snnrt_reset_later_fast(const snnrt_population *population, snnrt_progress *progress)
{
    (void)population, (void)progress;
}

#endif
