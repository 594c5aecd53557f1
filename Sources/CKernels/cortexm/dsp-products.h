/* Rows times values: part of dsp.h, behind dsp-rows.h. */
#ifndef SNNRT_DSP_PRODUCTS_H
#define SNNRT_DSP_PRODUCTS_H

/* One instruction reads a pair; its registers have to ascend. */
#define SNNRT_PAIR "ldmia %[pair]!, {%[a], %[b], %[v]}\n\t"

/* sum[0 ..< 4] += the int8 weights at `column` of a pair's rows times its values. */
#define SNNRT_PRODUCTS_INT8                                                             \
    SNNRT_PAIR "ldr %[t], [%[a], %[column]]\n\tldr %[a], [%[b], %[column]]\n\t"         \
               "pkhbt %[b], %[t], %[a], lsl #16\n\tpkhtb %[a], %[a], %[t], asr #16\n\t" \
               "sxtb16 %[t], %[b]\n\tsmlad %[s0], %[t], %[v], %[s0]\n\t"                \
               "sxtb16 %[b], %[b], ror #8\n\tsmlad %[s1], %[b], %[v], %[s1]\n\t"        \
               "sxtb16 %[t], %[a]\n\tsmlad %[s2], %[t], %[v], %[s2]\n\t"                \
               "sxtb16 %[a], %[a], ror #8\n\tsmlad %[s3], %[a], %[v], %[s3]\n\t"

/* The same of int4. */
#define SNNRT_PRODUCTS_INT4                                                           \
    SNNRT_PAIR "ldrh %[t], [%[a], %[column]]\n\tldrh %[a], [%[b], %[column]]\n\t"     \
               "orr %[t], %[t], %[a], lsl #16\n\teor %[t], %[t], #0x88888888\n\t"     \
               "and %[a], %[low], %[t]\n\tsmlad %[s0], %[a], %[v], %[s0]\n\t"         \
               "and %[b], %[low], %[t], lsr #4\n\tsmlad %[s1], %[b], %[v], %[s1]\n\t" \
               "and %[a], %[low], %[t], lsr #8\n\tsmlad %[s2], %[a], %[v], %[s2]\n\t" \
               "and %[b], %[low], %[t], lsr #12\n\tsmlad %[s3], %[b], %[v], %[s3]\n\t"

/* All pairs of the list, two in a pass. */
#define SNNRT_EACH_PAIR(products)                                                                         \
    do {                                                                                                  \
        register const uint8_t *a __asm__("r3"), *b __asm__("r4");                                        \
        register int32_t v __asm__("r5");                                                                 \
        int32_t t;                                                                                        \
        __asm__ volatile("1:\n\t" products products "cmp %[pair], %[end]\n\tbne 1b"                       \
                         : [pair] "+&r"(pair), [a] "=&r"(a), [b] "=&r"(b), [v] "=&r"(v), [t] "=&r"(t),    \
                           [s0] "+&r"(sum[0]), [s1] "+&r"(sum[1]), [s2] "+&r"(sum[2]), [s3] "+&r"(sum[3]) \
                         : [column] "r"(column), [end] "r"(end), [low] "r"(0x000f000f)                    \
                         : "cc", "memory");                                                               \
    } while (0)

/* sum[k] += the fields of a pair of rows times its values: of 4 int16 weights, or 8 binary ones. */
SNNRT_PART void snnrt_add_products(const uint8_t *a, const uint8_t *b, int32_t values, int32_t *sum, uint32_t bits)
{
    const uint32_t low = 0x00010001;
    uint32_t k;
    if (bits == 16) {
        SNNRT_EACH(k, 2)
        {
            uint32_t x = snnrt_word(a + 4 * k), y = snnrt_word(b + 4 * k);
            sum[2 * k] = __builtin_arm_smlad((int32_t)snnrt_bottoms(x, y), values, sum[2 * k]);
            sum[2 * k + 1] = __builtin_arm_smlad((int32_t)snnrt_tops(x, y), values, sum[2 * k + 1]);
        }
    } else {
        uint32_t fields = (uint32_t)*a | (uint32_t)*b << 16;
        SNNRT_EACH(k, 8) sum[k] = __builtin_arm_smlad((int32_t)(fields >> k & low), values, sum[k]);
    }
}

/* A field of two rows times their values is one instruction. */
SNNRT_PART void snnrt_products(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                               uint32_t bits)
{
    uint32_t width = bits == 1 ? 8 : 4, k;
    const snnrt_pair *const end = events->pairs + events->count;
    /* With its sign bit flipped a field of 4 bits is the weight plus 8; binary, it is whether that is +1. */
    int32_t offset = bits == 1 ? -events->total : bits == 4 ? -events->total * 8 : 0;
    do {
        const snnrt_pair *pair = events->pairs;
        int32_t sum[8];
        SNNRT_EACH(k, width) sum[k] = bits == 1 ? 0 : bits < 8 ? sums[k] + offset : sums[k];
        if (bits == 8)
            SNNRT_EACH_PAIR(SNNRT_PRODUCTS_INT8);
        else if (bits == 4)
            SNNRT_EACH_PAIR(SNNRT_PRODUCTS_INT4);
        else
            do snnrt_add_products(pair->a + column, pair->b + column, (int32_t)pair->values, sum, bits);
            while (++pair != end);
        SNNRT_EACH(k, width) sums[k] = bits == 1 ? sums[k] + sum[k] + sum[k] + offset : sum[k];
        sums += width;
        column += (int32_t)(width * bits / 8);
    } while (--blocks != 0);
}

SNNRT_KERNEL void snnrt_values_int16(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_products(events, column, sums, blocks, 16);
}

SNNRT_KERNEL void snnrt_values_int8(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_products(events, column, sums, blocks, 8);
}

SNNRT_KERNEL void snnrt_values_int4(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_products(events, column, sums, blocks, 4);
}

/* sums r4 to r11 += the fields r2 of a pair of rows times its values r12; r3 is free, lr has 3 in each half. */
#define SNNRT_FIELD_TERNARY(shift, sum) "and r3, lr, r2, lsr #" #shift "\n\tsmlad " #sum ", r3, r12, " #sum "\n\t"
#define SNNRT_PRODUCTS_TERNARY                                                                                       \
    "ldmia r0!, {r2, r3, r12}\n\tldrh r2, [r2, r1]\n\tldrh r3, [r3, r1]\n\torr r2, r2, r3, lsl #16\n\t"              \
    "eor r2, r2, #0xaaaaaaaa\n\tand r3, lr, r2\n\tsmlad r4, r3, r12, r4\n\t" SNNRT_FIELD_TERNARY(2, r5)              \
        SNNRT_FIELD_TERNARY(4, r6) SNNRT_FIELD_TERNARY(6, r7) SNNRT_FIELD_TERNARY(8, r8) SNNRT_FIELD_TERNARY(10, r9) \
            SNNRT_FIELD_TERNARY(12, r10) SNNRT_FIELD_TERNARY(14, r11)
/* Two sums at r2 += two of the loop's less its offset r12. */
#define SNNRT_TWO_SUMS(a, b)                                                      \
    "ldrd r3, r0, [r2]\n\tsub " #a ", " #a ", r12\n\tsub " #b ", " #b ", r12\n\t" \
    "add " #a ", " #a ", r3\n\tadd " #b ", " #b ", r0\n\tstrd " #a ", " #b ", [r2], #8\n\t"

/* Blocks of 8 ternary weights: fields with their sign bits flipped are the weights plus 2. */
static __attribute__((naked, noinline, unused)) void snnrt_values_ternary(const snnrt_events *events, int32_t column,
                                                                          int32_t *sums, uint32_t blocks)
{
    __asm__(
        "push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n\tldr r12, [r0, %[count]]\n\tadd r12, r12, r12, lsl #1\n\t"
        "add r12, r0, r12, lsl #2\n\tpush {r0, r2, r3, r12}\n\tmov lr, #0x00030003\n"
        "1:\tmovs r4, #0\n\tmovs r5, #0\n\tmovs r6, #0\n\tmovs r7, #0\n\t"
        "mov r8, #0\n\tmov r9, #0\n\tmov r10, #0\n\tmov r11, #0\n"
        "2:\t" SNNRT_PRODUCTS_TERNARY SNNRT_PRODUCTS_TERNARY "ldr r2, [sp, #12]\n\tcmp r0, r2\n\tbne 2b\n\t"
        "ldrd r0, r2, [sp]\n\tldr r12, [r0, %[total]]\n\tlsl r12, r12, #1\n\t" SNNRT_TWO_SUMS(r4, r5)
            SNNRT_TWO_SUMS(r6, r7) SNNRT_TWO_SUMS(r8, r9)
                SNNRT_TWO_SUMS(r10, r11) "ldr r0, [sp]\n\tldr r3, [sp, #8]\n\tadds r1, r1, #2\n\tsubs r3, r3, "
                                         "#1\n\tstrd r2, r3, [sp, #4]\n\tbne 1b\n\t"
                                         "add sp, sp, #16\n\tpop {r4, r5, r6, r7, r8, r9, r10, r11, pc}"
        :
        : [count] "i"(__builtin_offsetof(snnrt_events, count)), [total] "i"(__builtin_offsetof(snnrt_events, total)));
}

SNNRT_KERNEL void snnrt_values_binary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_products(events, column, sums, blocks, 1);
}

#endif
