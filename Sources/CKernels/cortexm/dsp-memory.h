/* What becomes of sums: part of dsp.h. Joins, activations and memories. */
#ifndef SNNRT_DSP_MEMORY_H
#define SNNRT_DSP_MEMORY_H

/* ---- sums that join a current ---------------------------------------------------------------- */

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

/* m of one unit whose elements before are `before`, but for 16 bits throughout. */
SNNRT_KERNEL void snnrt_memory(uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift,
                               uint32_t b_shift, const int32_t *before, int32_t drive, uint32_t order, void *state,
                               uint32_t is_wide)
{
    const uint8_t *rows = (const uint8_t *)state_matrix, *column = (const uint8_t *)input_matrix;
    if (bits == 16)
        snnrt_memory_loop(16, rows, column, a_shift, b_shift, before, drive, order, state, 1);
    else
        snnrt_memory_loop(8, rows, column, a_shift, b_shift, before, drive, order, state, is_wide);
}

#endif
