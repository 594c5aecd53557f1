/* Rows times values: part of dsp.h, behind dsp-rows.h. */
#ifndef SNNRT_DSP_PRODUCTS_H
#define SNNRT_DSP_PRODUCTS_H

/* sum[k] += the fields of a pair of rows times its values, of 4 weights, or 8 of less than 4 bits. */
SNNRT_PART void snnrt_add_products(const uint8_t *a, const uint8_t *b, int32_t values, int32_t *sum, uint32_t bits)
{
    uint32_t width = bits < 4 ? 8 : 4, low = ((1u << bits) - 1) * 0x00010001, k;
    if (bits == 16) {
        SNNRT_EACH(k, 2)
        {
            uint32_t x = snnrt_word(a + 4 * k), y = snnrt_word(b + 4 * k);
            sum[2 * k] = __builtin_arm_smlad((int32_t)snnrt_bottoms(x, y), values, sum[2 * k]);
            sum[2 * k + 1] = __builtin_arm_smlad((int32_t)snnrt_tops(x, y), values, sum[2 * k + 1]);
        }
    } else if (bits == 8) {
        uint32_t x = snnrt_word(a), y = snnrt_word(b);
        SNNRT_EACH(k, 4)
        {
            uint32_t fields = k < 2 ? snnrt_bottoms(x, y) : snnrt_tops(x, y);
            fields = k & 1 ? snnrt_rotated(fields, 8) : fields;
            sum[k] = __builtin_arm_smlad(__builtin_arm_sxtb16((int32_t)fields), values, sum[k]);
        }
    } else {
        uint32_t flip = bits == 4 ? 0x88888888 : bits == 2 ? 0xaaaaaaaa : 0;
        uint32_t fields = (bits == 1 ? (uint32_t)*a | (uint32_t)*b << 16 : snnrt_half(a) | snnrt_half(b) << 16) ^ flip;
        SNNRT_EACH(k, width) sum[k] = __builtin_arm_smlad((int32_t)(fields >> bits * k & low), values, sum[k]);
    }
}

/* sums[i] += Σ w[row][i]·value: a field of two rows times their values is one instruction. The number of pairs is even. */
SNNRT_PART void snnrt_products(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    const snnrt_pair *pair = events->pairs, *end = pair + events->count;
    uint32_t width = bits < 4 ? 8 : 4, k;
    /* With its sign bit flipped a field of 2 or 4 bits is the weight plus 2^(bits−1); binary, it is whether that is +1. */
    int32_t offset = bits == 1 ? -events->total : bits < 8 ? -events->total * (1 << (bits - 1)) : 0, sum[8];
    SNNRT_EACH(k, width) sum[k] = bits == 1 ? 0 : offset;
    do {
        /* One instruction reads one pair or two; its registers have to ascend. */
        register const uint8_t *a __asm__("r3"), *b __asm__("r4"), *c __asm__("r6"), *d __asm__("r8");
        register int32_t values __asm__("r5"), more __asm__("r9");
        if (bits < 4) {
            __asm__ volatile("ldmia %0!, {%1, %2, %3}" : "+r"(pair), "=r"(a), "=r"(b), "=r"(values) : : "memory");
            snnrt_add_products(a + column, b + column, values, sum, bits);
        } else {
            __asm__ volatile("ldmia %0!, {%1, %2, %3, %4, %5, %6}"
                             : "+r"(pair), "=r"(a), "=r"(b), "=r"(values), "=r"(c), "=r"(d), "=r"(more)
                             :
                             : "memory");
            snnrt_add_products(a + column, b + column, values, sum, bits);
            snnrt_add_products(c + column, d + column, more, sum, bits);
        }
    } while (pair != end);
    SNNRT_EACH(k, width) sums[k] += bits == 1 ? sum[k] + sum[k] + offset : sum[k];
}

SNNRT_KERNEL void snnrt_products_int16(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_products(events, column, sums, 16);
}

SNNRT_KERNEL void snnrt_products_int8(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_products(events, column, sums, 8);
}

SNNRT_KERNEL void snnrt_products_int4(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_products(events, column, sums, 4);
}

SNNRT_KERNEL void snnrt_products_ternary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_products(events, column, sums, 2);
}

SNNRT_KERNEL void snnrt_products_binary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_products(events, column, sums, 1);
}

#endif
