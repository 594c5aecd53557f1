/* The tick's inner loops for processors of 32 bits: those with DSP instructions have loops of their own (cortexm), and all
 * share lists of events and synapses. The Swift loops are their twins; Tests/device/loops.c holds each to its
 * equation. */
#ifndef SNNRT_EMBEDDED_H
#define SNNRT_EMBEDDED_H

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

/* The loops of the encodings. No table: its addresses would make it data that a program copies to RAM. */
SNNRT_PART snnrt_row_loop snnrt_spike_loop(uint32_t bits)
{
    if (bits == 8) return (snnrt_row_loop){snnrt_spikes_int8, 3, SNNRT_SPIKE_BLOCK_INT8};
    if (bits == 4) return (snnrt_row_loop){snnrt_spikes_int4, 2, SNNRT_SPIKE_BLOCK};
    __asm__("" : "+r"(bits)); /* else the compiler makes a table */
    if (bits == 2) return (snnrt_row_loop){snnrt_spikes_ternary, 1, SNNRT_SPIKE_BLOCK};
    if (bits == 16) return (snnrt_row_loop){snnrt_spikes_int16, 4, SNNRT_SPIKE_BLOCK_INT16};
    return (snnrt_row_loop){snnrt_spikes_binary, 0, SNNRT_SPIKE_BLOCK};
}

SNNRT_PART snnrt_row_loop snnrt_value_loop(uint32_t bits)
{
    if (bits == 8) return (snnrt_row_loop){snnrt_values_int8, 3, 2};
    if (bits == 4) return (snnrt_row_loop){snnrt_values_int4, 2, SNNRT_VALUE_BLOCK_INT4};
    __asm__("" : "+r"(bits));
    if (bits == 2) return (snnrt_row_loop){snnrt_values_ternary, 1, 3};
    if (bits == 16) return (snnrt_row_loop){snnrt_values_int16, 4, 2};
    return (snnrt_row_loop){snnrt_values_binary, 0, 3};
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

/* Ticks the population. Returns how many fired, and in the upper half how many membranes changed, if those are to be counted. */
SNNRT_KERNEL uint64_t snnrt_reset_later(const snnrt_population *p, uint32_t is_wide, uint32_t counts_changes)
{
    snnrt_progress progress = {0, 0, 0};
    if (!is_wide && !counts_changes) snnrt_reset_later_fast(p, &progress);
    if (progress.next == p->count) return progress.spikes;
    return (uint64_t)snnrt_reset_later_rest(p, &progress, is_wide, counts_changes) << 32 | progress.spikes;
}

#endif
