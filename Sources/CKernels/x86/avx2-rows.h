/* Rows of weights added, for spikes and times values. Runs are read 32 bytes at a time: the last read of a run ends at the run's
 * end, and what it takes from before the run, which is the same file, is ignored; fields below 8 bits times values are read where
 * they begin, up to 3 bytes beyond the run, which are another run's or the file's trailer. */
enum { SNNRT_CHUNK = 255 }; /* rows added at a time: 255 · 128 < 2^15 */

SNNRT_PART void snnrt_add16(int32_t *sums, snnrt_v16i16 x)
{
    snnrt_v8i32 *to = (snnrt_v8i32 *)sums;
    to[0] += __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7), snnrt_v8i32);
    to[1] += __builtin_convertvector(__builtin_shufflevector(x, x, 8, 9, 10, 11, 12, 13, 14, 15), snnrt_v8i32);
}

SNNRT_PART snnrt_v16i16 snnrt_int8s(const uint8_t *row)
{
    return __builtin_convertvector(*(const snnrt_v16i8 *)row, snnrt_v16i16);
}

/* sums[i] += Σ_e w[offsets[e]][i] over `length` int8 weights; the sums of a chunk stay in registers of 16 bits. */
SNNRT_PART void snnrt_rows_int8(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums,
                                uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 128 <= length; i += 128) {
        snnrt_v16i16 sum[8] = {{0}};
        for (e = 0; e < count; e++) SNNRT_EACH(k, 8) sum[k] += snnrt_int8s(runs + offsets[e] + i + 16 * k);
        SNNRT_EACH(k, 8) snnrt_add16(sums + i + 16 * k, sum[k]);
    }
    for (; i + 32 <= length; i += 32) {
        snnrt_v16i16 sum[2] = {{0}};
        for (e = 0; e < count; e++) SNNRT_EACH(k, 2) sum[k] += snnrt_int8s(runs + offsets[e] + i + 16 * k);
        SNNRT_EACH(k, 2) snnrt_add16(sums + i + 16 * k, sum[k]);
    }
    if (i < length) {
        snnrt_v16i16 sum[2] = {{0}};
        for (e = 0; e < count; e++) SNNRT_EACH(k, 2) sum[k] += snnrt_int8s(runs + offsets[e] + length + 16 * k - 32);
        for (; i < length; i++) sums[i] += ((const int16_t *)sum)[32 + i - length];
    }
}

SNNRT_PART void snnrt_rows_int16(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums,
                                 uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 64 <= length; i += 64) {
        snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i), sum[8];
        SNNRT_EACH(k, 8) sum[k] = to[k];
        for (e = 0; e < count; e++) SNNRT_EACH(k, 8)
        sum[k] += __builtin_convertvector(((const snnrt_v8i16 *)(runs + offsets[e] + 2 * i))[k], snnrt_v8i32);
        SNNRT_EACH(k, 8) to[k] = sum[k];
    }
    for (; i + 8 <= length; i += 8) {
        snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i), sum = *to;
        for (e = 0; e < count; e++)
            sum += __builtin_convertvector(*(const snnrt_v8i16 *)(runs + offsets[e] + 2 * i), snnrt_v8i32);
        *to = sum;
    }
    for (; i < length; i++)
        for (e = 0; e < count; e++) sums[i] += ((const int16_t *)(runs + offsets[e]))[i];
}

/* a0 b0 a1 b1 …, 64 bytes. */
SNNRT_PART void snnrt_interleave(snnrt_v32u8 a, snnrt_v32u8 b, snnrt_v32u8 *to)
{
    to[0] = __builtin_shufflevector(a, b, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 8, 40, 9, 41, 10, 42,
                                    11, 43, 12, 44, 13, 45, 14, 46, 15, 47);
    to[1] = __builtin_shufflevector(a, b, 16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55, 24, 56, 25,
                                    57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63);
}

/* Packed weights of `bits` bits, 32 bytes of every row: field p of byte j belongs to destination j·planes + p. With their
 * sign bit flipped they are 0 … 2^bits − 1, the weight plus `zero`, and are summed in bytes, one plane a field. Up to 255 /
 * (2^bits − 1) rows. to[destination] = Σ (weight + zero); binary: how many weights are +1. */
SNNRT_PART void snnrt_planes(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int bits, snnrt_v32u8 *to)
{
    int planes = 8 / bits, p;
    uint8_t flip = bits == 1 ? 0 : bits == 2 ? 0xaa : 0x88, low = (uint8_t)((1 << bits) - 1);
    snnrt_v32u8 sum[8], part[8];
    uint32_t e;
    SNNRT_EACH(p, planes) sum[p] = (snnrt_v32u8){0};
    for (e = 0; e < count; e++) {
        snnrt_v32u8 row = *(const snnrt_v32u8 *)(runs + offsets[e]) ^ flip;
        SNNRT_EACH(p, planes) sum[p] += row >> (uint8_t)(bits * p) & low;
    }
    if (bits == 4) {
        snnrt_interleave(sum[0], sum[1], to);
    } else if (bits == 2) {
        snnrt_interleave(sum[0], sum[2], part);
        snnrt_interleave(sum[1], sum[3], part + 2);
        SNNRT_EACH(p, 2) snnrt_interleave(part[p], part[p + 2], to + 2 * p);
    } else {
        snnrt_v32u8 half[8];
        SNNRT_EACH(p, 4) snnrt_interleave(sum[p], sum[p + 4], part + 2 * p);
        SNNRT_EACH(p, 2)
        {
            snnrt_interleave(part[p], part[p + 4], half + 2 * p);         /* 0 2 4 6 */
            snnrt_interleave(part[p + 2], part[p + 6], half + 4 + 2 * p); /* 1 3 5 7 */
        }
        SNNRT_EACH(p, 4) snnrt_interleave(half[p], half[p + 4], to + 2 * p);
    }
}

/* sums[i] += Σ_e w[offsets[e]][i]·2^shift. */
SNNRT_PART void snnrt_rows_packed(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int bits, int32_t *sums,
                                  uint32_t length, uint32_t shift)
{
    int planes = 8 / bits, p, k;
    uint32_t most = 255 / ((1u << bits) - 1), width = 32 * (uint32_t)planes, bytes = (length * (uint32_t)bits + 7) / 8,
             first, i;
    /* A binary weight is 2·plane − 1: a shift more, and 1 as the zero. What wraps below wraps back: the sum fits. */
    uint32_t zero = bits == 1 ? 1 : 1u << (bits - 1), scale = shift + (bits == 1);
    for (first = 0; first < count; first += most) {
        const uint32_t *rows = offsets + first;
        uint32_t number = count - first < most ? count - first : most;
        uint32_t offset = 0 - (number << shift) * zero;
        snnrt_v32u8 columns[8];
        for (i = 0; i + width <= length; i += width) {
            snnrt_planes(runs + i / (uint32_t)planes, rows, number, bits, columns);
            SNNRT_EACH(p, planes)
            SNNRT_EACH(k, 4)
            {
                snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i + 32 * p + 8 * k);
                snnrt_v8i32 sum = __builtin_convertvector(((const snnrt_v8u8 *)columns)[4 * p + k], snnrt_v8i32);
                *to += (sum << (int32_t)scale) + (int32_t)offset;
            }
        }
        if (i < length) {
            const uint8_t *column = (const uint8_t *)columns + width + i - bytes * (uint32_t)planes;
            snnrt_planes(runs + bytes - 32, rows, number, bits, columns);
            for (; i < length; i++) sums[i] = (int32_t)((uint32_t)sums[i] + ((uint32_t)*column++ << scale) + offset);
        }
    }
}

SNNRT_PART void snnrt_rows(uint32_t bits, const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums,
                           uint32_t length, uint32_t shift)
{
    switch (bits) {
    case 1: snnrt_rows_packed(runs, offsets, count, 1, sums, length, shift); break;
    case 2: snnrt_rows_packed(runs, offsets, count, 2, sums, length, shift); break;
    case 4: snnrt_rows_packed(runs, offsets, count, 4, sums, length, shift); break;
    case 8: snnrt_rows_int8(runs, offsets, count, sums, length); break;
    default: snnrt_rows_int16(runs, offsets, count, sums, length); break;
    }
}

/* Lists `width` spikes of a word at a time from `to` on, were there fewer, and at least once: where a loop of one at a time
 * ends, and whether a word has any, cannot be predicted. */
SNNRT_PART void snnrt_list(uint64_t word, uint32_t first, uint32_t stride, uint32_t *to, uint32_t width)
{
    uint32_t k;
    do {
        SNNRT_EACH(k, width)
        {
            to[k] = (first + (uint32_t)__builtin_ia32_tzcnt_u64(word)) * stride;
            word &= word - 1;
        }
        to += width;
    } while (word != 0);
}

/* Adds the runs of `length` weights of the spikes in `words`, `events` of them, to the sums: times 2^shift, which is 0 with weights of
 * 8 and 16 bits. */
SNNRT_PART void snnrt_spikes(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                             uint32_t word_count, uint32_t events, int32_t *sums, uint32_t length, uint32_t shift)
{
    uint32_t offsets[SNNRT_CHUNK + 8], count = 0, number;
    for (number = 0; number < word_count; number += 2) {
        uint64_t word = words[number];
        if (number + 1 < word_count) word |= (uint64_t)words[number + 1] << 32;
        if (events < word_count)
            snnrt_list(word, 32 * number, stride, offsets + count, 4);
        else
            snnrt_list(word, 32 * number, stride, offsets + count, 8);
        count += (uint32_t)__builtin_popcountll(word);
        if (count > SNNRT_CHUNK - 64 || number + 2 >= word_count) {
            snnrt_rows(bits, (const uint8_t *)runs, offsets, count, sums, length, shift);
            count = 0;
        }
    }
}

SNNRT_KERNEL void snnrt_add_spikes(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                   uint32_t word_count, uint32_t events, int32_t *sums, uint32_t length)
{
    snnrt_spikes(bits, runs, stride, words, word_count, events, sums, length, 0);
}

/* Of weights of less than 8 bits. A loop of its own: without a shift they are faster. */
SNNRT_KERNEL void snnrt_add_shifted_spikes(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                           uint32_t word_count, uint32_t events, int32_t *sums, uint32_t length,
                                           uint32_t shift)
{
    snnrt_spikes(bits, runs, stride, words, word_count, events, sums, length, shift);
}
