/* Rows on a Cortex-M0+: part of small/rows.h. Only assembly keeps sums in the registers behind the first eight. */
#ifndef SNNRT_CORTEXM0_ROWS_H
#define SNNRT_CORTEXM0_ROWS_H

/* A block of 4 int8 columns of spikes. */
SNNRT_PART void snnrt_spikes_of_four(const snnrt_events *events, int32_t column, int32_t *sums)
{
    const uint8_t *const *row = events->rows;
    register const uint8_t *const *end __asm__("r12") = row + events->count;
    register int32_t a __asm__("r8") = sums[0], b __asm__("r9") = sums[1], c __asm__("r10") = sums[2];
    register int32_t d __asm__("r11") = sums[3];
    __asm__("1:\n\tldmia %[row]!, {r2}\n\tldrsb r3, [r2, %[one]]\n\tadd r8, r3\n\t"
            "ldrsb r3, [r2, %[two]]\n\tadd r9, r3\n\tldrsb r3, [r2, %[three]]\n\tadd r10, r3\n\t"
            "ldrsb r3, [r2, %[four]]\n\tadd r11, r3\n\tcmp %[row], %[end]\n\tbne 1b"
            : [row] "+&l"(row), "+r"(a), "+r"(b), "+r"(c), "+r"(d)
            : [one] "l"(column), [two] "l"(column + 1), [three] "l"(column + 2), [four] "l"(column + 3), [end] "r"(end)
            : "r2", "r3", "cc", "memory");
    sums[0] = a;
    sums[1] = b;
    sums[2] = c;
    sums[3] = d;
}

/* Four sums += the fields at a column of a row times its value, without masks. */
#define SNNRT_FOUR_FIELDS(load, one, two, three)                                                                       \
    "ldmia %[row]!, {r2, r3}\n\t" load " r2, [r2, %[column]]\n\teors r2, %[flip]\n\t"                                  \
    "lsrs r4, r2, #" one "\n\tmuls r4, r3, r4\n\tadd r9, r4\n\t"                                                      \
    "lsrs r4, r2, #" two "\n\tmuls r4, r3, r4\n\tadd r10, r4\n\t"                                                     \
    "lsrs r4, r2, #" three "\n\tmuls r4, r3, r4\n\tadd r11, r4\n\tmuls r2, r3, r2\n\tadd r8, r2\n\t"
#define SNNRT_EACH_ROW(fields)                                                                                         \
    __asm__("1:\n\t" fields fields "cmp %[row], %[end]\n\tbne 1b"                                                      \
            : [row] "+&l"(row), "+r"(a), "+r"(b), "+r"(c), "+r"(d)                                                     \
            : [column] "l"(column), [flip] "l"(flip), [end] "r"(end)                                                   \
            : "r2", "r3", "r4", "cc", "memory")

SNNRT_PART void snnrt_products_of_four(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    const snnrt_valued_row *row = events->valued;
    register const snnrt_valued_row *end __asm__("r12") = row + events->count;
    register uint32_t a __asm__("r8") = 0, b __asm__("r9") = 0, c __asm__("r10") = 0, d __asm__("r11") = 0;
    const uint32_t flip = bits == 4 ? 0x8888 : 0xaa;
    int32_t offset;
    if (bits == 4)
        SNNRT_EACH_ROW(SNNRT_FOUR_FIELDS("ldrh", "4", "8", "12"));
    else
        SNNRT_EACH_ROW(SNNRT_FOUR_FIELDS("ldrb", "2", "4", "6"));
    offset = events->total * (1 << (bits - 1));
    sums[0] += (int32_t)(a - (b << bits)) - offset;
    sums[1] += (int32_t)(b - (c << bits)) - offset;
    sums[2] += (int32_t)(c - (d << bits)) - offset;
    sums[3] += (int32_t)d - offset;
}

/* A block of 8 columns. */
SNNRT_PART void snnrt_products_of_fields(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    uint32_t half;
    _Pragma("clang loop unroll(disable)") for (half = 0; half < 2; half++)
        snnrt_products_of_four(events, column + (int32_t)(half * bits / 2), sums + 4 * half, bits);
}

#endif
