/* Memories of other widths than 16 bits throughout: part of dsp.h. */
#ifndef SNNRT_DSP_MEMORY_H
#define SNNRT_DSP_MEMORY_H

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
