/* Rows times values: AVX2, behind avx2-rows.h. */
/* Eight weights of `bits` bits, from byte `at` of a run. */
SNNRT_PART snnrt_v8i32 snnrt_eight(const uint8_t *at, uint32_t bits)
{
    if (bits == 16) return __builtin_convertvector(*(const snnrt_v8i16 *)at, snnrt_v8i32);
    if (bits == 8) return __builtin_convertvector(*(const snnrt_v8i8 *)at, snnrt_v8i32);
    snnrt_v8u32 top;
    if (bits == 4) {
        uint32_t word;
        __builtin_memcpy(&word, at, 4);
        top = (snnrt_v8u32){0} + word;
        return (snnrt_v8i32)(top << (snnrt_v8u32){28, 24, 20, 16, 12, 8, 4, 0}) >> 28;
    }
    if (bits == 2) {
        uint16_t word;
        __builtin_memcpy(&word, at, 2);
        top = (snnrt_v8u32){0} + word;
        return (snnrt_v8i32)(top << (snnrt_v8u32){30, 28, 26, 24, 22, 20, 18, 16}) >> 30;
    }
    top = (snnrt_v8u32){0} + *at;
    return ((snnrt_v8i32)(top << (snnrt_v8u32){31, 30, 29, 28, 27, 26, 25, 24}) >> 31) * -2 - 1;
}

SNNRT_PART int32_t snnrt_one(const uint8_t *run, uint32_t i, uint32_t bits)
{
    uint32_t field;
    if (bits == 16) return ((const int16_t *)run)[i];
    if (bits == 8) return ((const int8_t *)run)[i];
    field = (uint32_t)run[i * bits / 8] >> i * bits % 8;
    if (bits == 1) return (int32_t)(field & 1) * 2 - 1;
    return (int32_t)(field << (32 - bits)) >> (32 - bits);
}

/* The last length % 8 of them. Fields below 8 bits are read where they begin: what follows a run is another, or the file's trailer. */
SNNRT_KERNEL void snnrt_last_products(uint32_t bits, const uint8_t *runs, const uint32_t *offsets,
                                      const int32_t *values, uint32_t count, int32_t *sums, uint32_t length)
{
    uint32_t rest = length % 8, first = bits < 8 ? 0 : 8 - rest, e, k;
    snnrt_v8i32 sum = {0};
    runs += bits < 8 ? length / 8 * bits : ((int64_t)length - 8) * (bits / 8);
    switch (bits) {
    case 1:
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 1) * values[e];
        break;
    case 2:
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 2) * values[e];
        break;
    case 4:
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 4) * values[e];
        break;
    case 8:
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 8) * values[e];
        break;
    default:
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 16) * values[e];
    }
    SNNRT_REST for (k = 0; k < rest; k++) sums[length - rest + k] += sum[first + k];
}

/* Eight weights of two runs, the first run's in the lower halves. */
SNNRT_PART snnrt_v16i16 snnrt_eight_pairs(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    if (bits == 16)
        return __builtin_shufflevector(*(const snnrt_v8i16 *)a, *(const snnrt_v8i16 *)b, 0, 8, 1, 9, 2, 10, 3, 11, 4,
                                       12, 5, 13, 6, 14, 7, 15);
    if (bits == 8)
        return __builtin_convertvector(__builtin_shufflevector(*(const snnrt_v8i8 *)a, *(const snnrt_v8i8 *)b, 0, 8, 1,
                                                               9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15),
                                       snnrt_v16i16);
    return (snnrt_v16i16)((snnrt_eight(a, bits) & 0xffff) | snnrt_eight(b, bits) << 16);
}

/* `blocks` times eight destinations of all events, two events at a time; an odd last one goes with a value of 0. */
SNNRT_PART void snnrt_paired_products(uint32_t bits, const uint8_t *runs, const uint32_t *offsets,
                                      const int32_t *values, uint32_t count, int32_t *sums, int blocks)
{
    snnrt_v8i32 *to = (snnrt_v8i32 *)sums, sum[8];
    uint32_t e;
    int k;
    SNNRT_EACH(k, blocks) sum[k] = to[k];
    for (e = 0; e < count; e += 2) {
        const uint8_t *a = runs + offsets[e], *b = e + 1 < count ? runs + offsets[e + 1] : a;
        snnrt_v16i16 pair =
            (snnrt_v16i16)((snnrt_v8i32){0} + ((values[e] & 0xffff) | (e + 1 < count ? values[e + 1] << 16 : 0)));
        SNNRT_EACH(k, blocks)
        sum[k] += __builtin_ia32_pmaddwd256(snnrt_eight_pairs(a + k * (int)bits, b + k * (int)bits, bits), pair);
    }
    SNNRT_EACH(k, blocks) to[k] = sum[k];
}

/* sums[i] += Σ_e w[offsets[e]][i]·values[e], |values[e]| < 2^15. */
SNNRT_PART void snnrt_products(uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values,
                               uint32_t count, int32_t *sums, uint32_t length)
{
    uint32_t i = 0;
    for (; i + 64 <= length; i += 64)
        snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 8);
    for (; i + 32 <= length; i += 32)
        snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 4);
    for (; i + 8 <= length; i += 8)
        snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 1);
    if (i < length) snnrt_last_products(bits, runs, offsets, values, count, sums, length);
}

SNNRT_PART void snnrt_switch_products(uint32_t bits, const uint8_t *runs, const uint32_t *offsets,
                                      const int32_t *values, uint32_t count, int32_t *sums, uint32_t length)
{
    switch (bits) {
    case 1: snnrt_products(1, runs, offsets, values, count, sums, length); break;
    case 2: snnrt_products(2, runs, offsets, values, count, sums, length); break;
    case 4: snnrt_products(4, runs, offsets, values, count, sums, length); break;
    case 8: snnrt_products(8, runs, offsets, values, count, sums, length); break;
    default: snnrt_products(16, runs, offsets, values, count, sums, length); break;
    }
}

/* sums[i] += w[i]·value over one run. */
SNNRT_KERNEL void snnrt_add_run(uint32_t bits, const void *run, int32_t value, int32_t *sums, uint32_t length)
{
    uint32_t offset = 0;
    snnrt_switch_products(bits, (const uint8_t *)run, &offset, &value, 1, sums, length);
}

/* Adds the runs of the elements that are not 0, times them: of `narrow`, or of `wide` rounded by the source shift and clamped
 * (docs/format.md, "Projections"). Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow,
                                       const int32_t *wide, uint32_t shift, uint32_t source_count, int32_t *sums,
                                       uint32_t length)
{
    uint32_t offsets[SNNRT_CHUNK + 1], count = 0, events = 0, j;
    int32_t values[SNNRT_CHUNK + 1];
    for (j = 0; j < source_count; j++) {
        int32_t value = snnrt_value(narrow, wide, shift, j);
        offsets[count] = j * stride;
        values[count] = value;
        count += value != 0;
        if (count == SNNRT_CHUNK || j + 1 == source_count) {
            snnrt_switch_products(bits, (const uint8_t *)runs, offsets, values, count, sums, length);
            events += count;
            count = 0;
        }
    }
    return events;
}
