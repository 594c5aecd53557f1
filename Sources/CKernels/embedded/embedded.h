/* The tick's inner loops for processors of 32 bits: those with DSP instructions have loops of their own (cortexm), and all
 * share lists of events and synapses. The Swift loops are their twins; Tests/device/loops.c holds each to its
 * equation. */
#ifndef SNNRT_EMBEDDED_H
#define SNNRT_EMBEDDED_H

#include <stdint.h>

#define SNNRT_KERNEL static __attribute__((unused, noinline))
#define SNNRT_PART static inline __attribute__((unused, always_inline))
#include "../parts.h"
#include "../shared.h"

SNNRT_PART uint32_t snnrt_word(const uint8_t *at)
{
    uint32_t word;
    __builtin_memcpy(&word, at, 4);
    return word;
}

SNNRT_PART uint32_t snnrt_half(const uint8_t *at)
{
    uint16_t half;
    __builtin_memcpy(&half, at, 2);
    return half;
}

SNNRT_PART int32_t snnrt_element(const void *at, uint32_t bits)
{
    return bits == 8 ? *(const int8_t *)at : *(const int16_t *)at;
}

#if defined(__ARM_FEATURE_DSP)
#include "../cortexm/dsp.h"
#else
#include "../small/small.h"
#endif
#include "synapses.h"

/* The loop of an encoding, from the table of those that the program has: opening has found it there. */
SNNRT_PART snnrt_row_loop snnrt_linked_loop(uint32_t bits, uint32_t place, uint32_t int8, uint32_t int16, uint32_t int4,
                                            uint32_t ternary, uint32_t binary)
{
    uint32_t scale = (bits > 1) + (bits > 2) + (bits > 4) + (bits > 8); /* a Cortex-M0 has no clz */
    uint32_t blocks = binary | ternary << 4 | int4 << 8 | int8 << 12 | int16 << 16;
    return (snnrt_row_loop){(snnrt_column_loop *)snnrt_adders[place + scale], scale, blocks >> 4 * scale & 15};
}

SNNRT_PART snnrt_row_loop snnrt_spike_loop(uint32_t bits)
{
    return snnrt_linked_loop(bits, 0, SNNRT_SPIKE_BLOCK_INT8, SNNRT_SPIKE_BLOCK_INT16, SNNRT_SPIKE_BLOCK,
                             SNNRT_SPIKE_BLOCK, SNNRT_SPIKE_BLOCK);
}

SNNRT_PART snnrt_row_loop snnrt_value_loop(uint32_t bits)
{
    return snnrt_linked_loop(bits, SNNRT_PLACE_OF_VALUES, 2, 2, SNNRT_VALUE_BLOCK_INT4, 3, 3);
}

/* Adds the rows of spikes, or those of elements that are not 0 times them: of which it returns how many there were. */
SNNRT_KERNEL void snnrt_add_spikes(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                   uint32_t word_count, uint32_t inputs, int32_t *sums, uint32_t length)
{
    const snnrt_row_loop loop = snnrt_spike_loop(bits);
    snnrt_add_spikes_by(&loop, runs, stride, words, word_count, inputs, sums, length);
}

SNNRT_KERNEL uint32_t snnrt_add_values(uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow,
                                       const int32_t *wide, uint32_t shift, uint32_t source_count, uint32_t inputs,
                                       int32_t *sums, uint32_t length)
{
    const snnrt_row_loop loop = snnrt_value_loop(bits);
    const snnrt_source source = {narrow, wide, shift};
    return snnrt_add_values_by(&loop, runs, stride, &source, source_count, inputs, sums, length);
}

/* Tick a population of 16 or of 32 bits. Return how many fired, and in the upper half how many membranes changed, if those are to
 * be counted. */
SNNRT_KERNEL uint64_t snnrt_reset_later_16(const snnrt_population *p, uint32_t counts_changes)
{
    snnrt_progress progress = {0, 0, 0};
    if (!counts_changes) snnrt_reset_later_fast(p, &progress);
    if (progress.next == p->count) return progress.spikes;
    return (uint64_t)snnrt_reset_later_rest(p, &progress, snnrt_reset_later_narrow, 0, counts_changes) << 32 |
           progress.spikes;
}

SNNRT_KERNEL uint64_t snnrt_reset_later_32(const snnrt_population *p, uint32_t counts_changes)
{
    snnrt_progress progress = {0, 0, 0};
    uint32_t changes = snnrt_reset_later_rest(p, &progress, snnrt_reset_later_wide, 1, counts_changes);
    return (uint64_t)changes << 32 | progress.spikes;
}

#endif
