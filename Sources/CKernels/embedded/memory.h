/* Linear memories of 16 bits throughout (docs/format.md, "memory"): part of embedded.h, behind a processor's own products. */
#ifndef SNNRT_MEMORY_H
#define SNNRT_MEMORY_H

/* `unit_count` memories of `order` elements, one behind the other in `states`. */
typedef struct {
    const int16_t *state_matrix, *input_matrix; /* A, row after row, and B */
    const int32_t *input, *biases;
    int16_t *states;
    int16_t *before; /* room for order + 1 elements */
    uint32_t unit_count, order, bias_step, fraction_bits, a_shift, b_shift;
} snnrt_memories;

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ) of one unit, shifts below 31. |B·drive| ≤ 2^30 − 2^15, so A·before
 * may be saturated first: the sum stays beyond L. */
SNNRT_PART void snnrt_memory_unit(const snnrt_memories *p, int32_t drive, int16_t *state)
{
    const int16_t *row = p->state_matrix, *column = p->input_matrix;
    const int16_t *const end = state + p->order;
    const uint32_t a_half = 1u << p->a_shift >> 1;
    const int32_t b_half = 1 << p->b_shift >> 1;
    for (; state != end; row += p->order) {
        int64_t kept = snnrt_shifted(snnrt_row_product(row, p->before, p->order) + a_half, p->a_shift);
        int32_t low = (int32_t)kept, high = (int32_t)(kept >> 32);
        if (high != low >> 31) low = high >> 31 ^ INT32_MAX;
        low = snnrt_saturated_sum(low, (*column++ * drive + b_half) >> p->b_shift);
        *state++ = (int16_t)snnrt_limited(low, 0);
    }
}

/* Ticks the units that are not at rest: 0 stays 0. Returns how many elements and inputs u = clamp( c·2^f + b, L ) are not 0. */
SNNRT_KERNEL uint32_t snnrt_advance_memories(const snnrt_memories *p)
{
    const int32_t *bias = p->biases;
    int16_t *state = p->states;
    uint32_t events = 0, unit, j;
    for (unit = 0; unit < p->unit_count; unit++, state += p->order, bias += p->bias_step) {
        /* |c·2^f + b| < 2^31: proved at opening. */
        int32_t drive = snnrt_limited((int32_t)((uint32_t)p->input[unit] << p->fraction_bits) + *bias, 0);
        uint32_t found = drive != 0;
        for (j = 0; j < p->order; j++) {
            int16_t m = state[j];
            p->before[j] = m;
            if (m != 0) found++;
        }
        p->before[j] = 0;
        if (found == 0) continue;
        events += found;
        snnrt_memory_unit(p, drive, state);
    }
    return events;
}

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ) of a unit of other widths, A and B of 8 or 16 bits, shifts below
 * 31. */
SNNRT_KERNEL void snnrt_memory(uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift,
                               uint32_t b_shift, const int32_t *before, int32_t drive, uint32_t order, void *state,
                               uint32_t is_wide)
{
    const int64_t a_half = snnrt_half_of(a_shift), b_half = snnrt_half_of(b_shift);
    const uint8_t *row = (const uint8_t *)state_matrix, *column = (const uint8_t *)input_matrix;
    uint32_t i;
    for (i = 0; i < order; i++, column += bits / 8) {
        const int32_t *m = before, *const end = before + order;
        int64_t sum = a_half;
        if (bits == 16)
            for (; m != end; row += 2) sum += snnrt_product(*(const int16_t *)(const void *)row, *m++);
        else
            for (; m != end; row++) sum += snnrt_product(*(const int8_t *)row, *m++);
        sum = snnrt_shifted(sum, a_shift) +
              snnrt_shifted(snnrt_product(snnrt_element(column, bits), drive) + b_half, b_shift);
        if (is_wide)
            ((int32_t *)state)[i] = snnrt_limited(snnrt_clamped(sum), 1);
        else
            ((int16_t *)state)[i] = (int16_t)snnrt_limited(snnrt_clamped(sum), 0);
    }
}

#endif
