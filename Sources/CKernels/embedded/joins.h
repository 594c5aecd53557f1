/* What becomes of sums: part of embedded.h, behind a processor's own product of 32 bits by 32. */
#ifndef SNNRT_JOINS_H
#define SNNRT_JOINS_H

/* x >> shift, 0 ≤ shift ≤ 31. */
SNNRT_PART int64_t snnrt_shifted(int64_t x, uint32_t shift)
{
    uint32_t high = (uint32_t)((uint64_t)x >> 32), low = (uint32_t)x >> shift | high << 1 << (31 - shift);
    return (int64_t)((uint64_t)(uint32_t)((int32_t)high >> shift) << 32 | low);
}

/* 2^(shift − 1), or 0; by halves, since shifting 64 bits is a call on a Cortex-M0+. */
SNNRT_PART int64_t snnrt_half_of(uint32_t shift)
{
    uint32_t low = shift <= 32 ? 1u << (shift & 31) >> 1 : 0, high = shift > 32 ? 1u << (shift - 33) : 0;
    if (shift == 32) low = 0x80000000;
    return (int64_t)((uint64_t)high << 32 | low);
}

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
                *current++ += (int32_t)snnrt_shifted(snnrt_product(*sums++, *multiplier++) + half, shift);
            while (multiplier != last);
        else
            do *current++ += (int32_t)((snnrt_product(*sums++, *multiplier++) + half) >> 32) >> (shift - 32);
            while (multiplier != last);
    }
}

/* current[i] += sums[i] << left, or where `right` is not 0 rnd( sums[i], right ), which are at most 31. */
SNNRT_KERNEL void snnrt_join_shifted(int32_t *current, const int32_t *sums, uint32_t left, uint32_t right,
                                     uint32_t count)
{
    if (right == 0)
        for (; count != 0; count--) *current++ += (int32_t)((uint32_t)*sums++ << left);
    else
        for (right--; count != 0; count--) *current++ += ((*sums++ >> right) + 1) >> 1;
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
            int64_t scaled = snnrt_product(*input++ + *bias, *multiplier) + half;
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

#endif
