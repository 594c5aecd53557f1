/* What becomes of sums: part of dsp.h. Joins, activations and memories. */
#ifndef SNNRT_DSP_MEMORY_H
#define SNNRT_DSP_MEMORY_H

/* ---- sums that join a current ---------------------------------------------------------------- */

/* x >> shift, 0 ≤ shift ≤ 31. */
SNNRT_PART int64_t snnrt_shifted(int64_t x, uint32_t shift)
{
    uint32_t high = (uint32_t)((uint64_t)x >> 32), low = (uint32_t)x >> shift | high << 1 << (31 - shift);
    return (int64_t)((uint64_t)(uint32_t)((int32_t)high >> shift) << 32 | low);
}

SNNRT_PART int64_t snnrt_half_of(uint32_t shift) { return shift == 0 ? 0 : (int64_t)(1ull << (shift - 1)); }

SNNRT_PART int32_t snnrt_clamped(int64_t x)
{
    int32_t low = (int32_t)x, high = (int32_t)(x >> 32);
    if (high != low >> 31) {
        low = high >> 31 ^ INT32_MAX;
        __asm__("" : "+r"(low)); /* rare: a branch */
    }
    return low;
}

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

/* current[i] += rnd( sums[i]·multipliers[i mod period], shift ), shift ≤ 47, which fits 32 bits. `count` is a multiple of period. */
SNNRT_KERNEL void snnrt_join_multiplied(int32_t *current, const int32_t *sums, const int32_t *multipliers,
                                        uint32_t shift, uint32_t count, uint32_t period)
{
    int64_t half = snnrt_half_of(shift);
    const int32_t *end = current + count;
    while (current != end) {
        const int32_t *multiplier = multipliers, *last = multipliers + period;
        if (shift < 32) do
                *current++ += (int32_t)snnrt_shifted((int64_t)*sums++ * *multiplier++ + half, shift);
            while (multiplier != last);
        else
            do *current++ += (int32_t)(((int64_t)*sums++ * *multiplier++ + half) >> 32) >> (shift - 32);
            while (multiplier != last);
    }
}

/* Activation with the function clip (docs/format.md, "activation"); `arrays`: bit 0 multiplier, bit 1 bias, of `period` elements.
 * Returns how many outputs are not 0. */
SNNRT_PART uint32_t snnrt_clip_loop(const int32_t *input, int16_t *output, const int32_t *multipliers,
                                    const int32_t *biases, uint32_t arrays, uint32_t shift, int32_t low, int32_t high,
                                    uint32_t count, uint32_t period, uint32_t is_far)
{
    int64_t half = snnrt_half_of(shift);
    const int16_t *end = output + count;
    uint32_t events = 0, multiplier_step = arrays & 1, bias_step = arrays >> 1 & 1;
    while (output != end) {
        const int32_t *multiplier = multipliers, *bias = biases;
        const int16_t *last = output + period;
        do {
            int64_t scaled = (int64_t)(*input++ + *bias) * *multiplier + half;
            int32_t y = is_far ? (int32_t)(scaled >> 32) >> (shift - 32) : snnrt_clamped(snnrt_shifted(scaled, shift));
            y = y > high ? high : y < low ? low : y;
            *output++ = (int16_t)y;
            events += y != 0;
            multiplier += multiplier_step;
            bias += bias_step;
        } while (output != last);
    }
    return events;
}

SNNRT_KERNEL uint32_t snnrt_clip(const int32_t *input, int16_t *output, const int32_t *multipliers,
                                 const int32_t *biases, uint32_t arrays, uint32_t shift, int32_t low, int32_t high,
                                 uint32_t count, uint32_t period)
{
    if (shift >= 32)
        return snnrt_clip_loop(input, output, multipliers, biases, arrays, shift, low, high, count, period, 1);
    return snnrt_clip_loop(input, output, multipliers, biases, arrays, shift, low, high, count, period, 0);
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ), A and B of 8 or 16 bits (docs/format.md, "memory"),
 * shifts below 31. */
SNNRT_PART void snnrt_memory_loop(uint32_t bits, const uint8_t *row, const uint8_t *column, uint32_t a_shift,
                                  uint32_t b_shift, const int32_t *before, int32_t drive, uint32_t order, void *state,
                                  uint32_t is_wide)
{
    int64_t a_half = snnrt_half_of(a_shift), b_half = snnrt_half_of(b_shift);
    uint32_t i, left;
    for (i = 0; i < order; i++, column += bits / 8) {
        const int32_t *m = before;
        int64_t sum = a_half;
        for (left = order; left != 0; left--, row += bits / 8) sum += (int64_t)snnrt_element(row, bits) * *m++;
        sum =
            snnrt_shifted(sum, a_shift) + snnrt_shifted((int64_t)snnrt_element(column, bits) * drive + b_half, b_shift);
        if (is_wide)
            ((int32_t *)state)[i] = snnrt_limited(snnrt_clamped(sum), 1);
        else
            ((int16_t *)state)[i] = (int16_t)snnrt_limited(snnrt_clamped(sum), 0);
    }
}

/* The same of 16 bits throughout: two products an instruction, and B·drive in 32 bits, |B·drive| ≤ 2^30. A·before may be
 * saturated before the other is added: with |other| ≤ 2^30 the sum stays beyond L. Where the order is odd, before[order] is 0,
 * times the weight behind the row's, or the file's trailer. */
SNNRT_KERNEL void snnrt_memory_narrow(const uint8_t *row, const int16_t *column, uint32_t a_shift, uint32_t b_shift,
                                      const uint8_t *before, int32_t drive, uint32_t order, int16_t *state)
{
    uint32_t a_half = 1u << a_shift >> 1, skip = 2 * (order & 1);
    int32_t b_half = 1 << b_shift >> 1;
    int16_t *end = state + order;
    do {
        const uint8_t *m = before;
        uint32_t left = (order + 1) >> 1;
        int64_t sum = a_half;
        int32_t kept;
        do {
            sum = __builtin_arm_smlald((int32_t)snnrt_word(row), (int32_t)snnrt_word(m), sum);
            row += 4;
            m += 4;
        } while (--left != 0);
        row -= skip;
        kept = snnrt_clamped(snnrt_shifted(sum, a_shift));
        *state++ = (int16_t)snnrt_limited(__builtin_arm_qadd(kept, (*column++ * drive + b_half) >> b_shift), 0);
    } while (state != end);
}

/* `before` has room for another half and is overwritten. */
SNNRT_KERNEL void snnrt_memory(uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift,
                               uint32_t b_shift, int32_t *before, int32_t drive, uint32_t order, void *state,
                               uint32_t is_wide)
{
    const uint8_t *rows = (const uint8_t *)state_matrix, *column = (const uint8_t *)input_matrix;
    uint32_t i;
    if (bits == 16 && !is_wide) {
        uint8_t *halves = (uint8_t *)before;
        for (i = 0; i < order; i++) {
            int16_t m = (int16_t)before[i];
            __builtin_memcpy(halves + 2 * i, &m, 2);
        }
        __builtin_memset(halves + 2 * order, 0, 2);
        snnrt_memory_narrow(rows, (const int16_t *)input_matrix, a_shift, b_shift, (const uint8_t *)before, drive,
                            order, (int16_t *)state);
    } else if (bits == 16) {
        snnrt_memory_loop(16, rows, column, a_shift, b_shift, before, drive, order, state, 1);
    } else {
        snnrt_memory_loop(8, rows, column, a_shift, b_shift, before, drive, order, state, is_wide);
    }
}

#endif
