/* Rows of weights with AVX-512 (VBMI2 and VNNI: Ice Lake, Zen 4 and what came after them). Masks take the ends of rows, so that
 * nothing beside a row is read, but by the loops of AVX2 that spikes share. */

typedef int8_t snnrt_v32i8 __attribute__((vector_size(32), aligned(1)));
typedef uint32_t snnrt_v4u32 __attribute__((vector_size(16)));
typedef uint16_t snnrt_v4u16 __attribute__((vector_size(8)));
typedef uint8_t snnrt_v4u8 __attribute__((vector_size(4)));
typedef uint8_t snnrt_v16u8 __attribute__((vector_size(16)));
typedef int8_t snnrt_v64i8 __attribute__((vector_size(64), aligned(1)));
typedef uint8_t snnrt_v64u8 __attribute__((vector_size(64), aligned(1)));
typedef int16_t snnrt_v32i16 __attribute__((vector_size(64), aligned(2)));
typedef int32_t snnrt_v16i32 __attribute__((vector_size(64), aligned(4)));
typedef int64_t snnrt_v8i64 __attribute__((vector_size(64)));

#define SNNRT_AVX512 "avx512f,avx512bw,avx512dq,avx512vl,avx512vbmi,avx512vbmi2,avx512vnni,avx2,popcnt,bmi"
#define SNNRT_KERNEL512 static __attribute__((target(SNNRT_AVX512), unused, noinline))
#define SNNRT_PART512 static inline __attribute__((target(SNNRT_AVX512), unused, always_inline))

/* A mask of the first n elements; n < 0 is as 0. */
SNNRT_PART512 uint64_t snnrt_first_mask(int32_t n) { return n >= 64 ? ~0ull : n <= 0 ? 0 : (1ull << n) - 1; }

SNNRT_PART512 snnrt_v16i32 snnrt_load16(const int32_t *x, int32_t n)
{
    return (snnrt_v16i32)__builtin_ia32_loaddqusi512_mask((const void *)x, (snnrt_v16i32){0},
                                                          (uint16_t)snnrt_first_mask(n));
}

/* sums[i] += x[i] of the first n of 16 elements. */
SNNRT_PART512 void snnrt_add_first(int32_t *sums, snnrt_v16i32 x, int32_t n)
{
    __builtin_ia32_storedqusi512_mask((void *)sums, snnrt_load16(sums, n) + x, (uint16_t)snnrt_first_mask(n));
}

/* The same of 32. */
SNNRT_PART512 void snnrt_add_columns(int32_t *sums, snnrt_v32i16 x, int32_t n)
{
    snnrt_v16i16 low = __builtin_shufflevector(x, x, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
    snnrt_v16i16 high = __builtin_shufflevector(x, x, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31);
    snnrt_add_first(sums, __builtin_convertvector(low, snnrt_v16i32), n);
    snnrt_add_first(sums + 16, __builtin_convertvector(high, snnrt_v16i32), n - 16);
}

/* ---- rows of weights ------------------------------------------------------------------------- */

/* sums[i] += Σ_e w[offsets[e]][i] of `blocks` times 32 columns of int8, or of the first n of 32; up to SNNRT_CHUNK rows, whose
 * sums stay in 16 bits. */
SNNRT_PART512 void snnrt_columns_int8(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums,
                                      int blocks, int32_t n)
{
    snnrt_v32i16 sum[8] = {{0}};
    uint32_t e;
    int k;
    for (e = 0; e < count; e++) SNNRT_EACH(k, blocks)
        {
            const void *row = runs + offsets[e] + 32 * k;
            sum[k] += __builtin_convertvector(
                (snnrt_v32i8)__builtin_ia32_loaddquqi256_mask(row, (snnrt_v32i8){0}, (uint32_t)snnrt_first_mask(n)),
                snnrt_v32i16);
        }
    SNNRT_EACH(k, blocks) snnrt_add_columns(sums + 32 * k, sum[k], n);
}

#define SNNRT_TWO(k) k, 64 + k
#define SNNRT_EIGHT(k) SNNRT_TWO(k), SNNRT_TWO(k + 1), SNNRT_TWO(k + 2), SNNRT_TWO(k + 3)
#define SNNRT_THIRTY_TWO(k) SNNRT_EIGHT(k), SNNRT_EIGHT(k + 4), SNNRT_EIGHT(k + 8), SNNRT_EIGHT(k + 12)

/* The same of int4, `blocks` times 128 columns and up to 17 rows, in bytes as by snnrt_planes. */
SNNRT_PART512 void snnrt_columns_int4(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums,
                                      int blocks, uint32_t shift)
{
    snnrt_v64u8 low[4], high[4];
    uint32_t e;
    int k, p;
    SNNRT_EACH(k, blocks) low[k] = high[k] = (snnrt_v64u8){0};
    for (e = 0; e < count; e++) SNNRT_EACH(k, blocks)
        {
            snnrt_v64u8 row = *(const snnrt_v64u8 *)(runs + offsets[e] + 64 * k) ^ 0x88;
            low[k] += row & 15;
            high[k] += row >> 4;
        }
    SNNRT_EACH(k, blocks)
    {
        snnrt_v64u8 columns[2];
        columns[0] = __builtin_shufflevector(low[k], high[k], SNNRT_THIRTY_TWO(0), SNNRT_THIRTY_TWO(16));
        columns[1] = __builtin_shufflevector(low[k], high[k], SNNRT_THIRTY_TWO(32), SNNRT_THIRTY_TWO(48));
        SNNRT_EACH(p, 8)
        {
            snnrt_v16i32 *to = (snnrt_v16i32 *)(sums + 128 * k + 16 * p);
            *to += (__builtin_convertvector(((const snnrt_v16u8 *)columns)[p], snnrt_v16i32) - 8 * (int32_t)count)
                   << (int32_t)shift;
        }
    }
}

/* Many columns at a time: how many rows there are cannot be predicted, so that each loop over them ends in a wrong guess. */
SNNRT_PART512 void snnrt_rows512(uint32_t bits, const uint8_t *runs, const uint32_t *offsets, uint32_t count,
                                 int32_t *sums, uint32_t length, uint32_t shift)
{
    uint32_t i = 0, first;
    if (bits == 8) {
        for (; i + 256 <= length; i += 256) snnrt_columns_int8(runs + i, offsets, count, sums + i, 8, 32);
        for (; i + 128 <= length; i += 128) snnrt_columns_int8(runs + i, offsets, count, sums + i, 4, 32);
        for (; i < length; i += 32) snnrt_columns_int8(runs + i, offsets, count, sums + i, 1, (int32_t)(length - i));
    } else if (bits == 4 && length >= 512) {
        for (first = 0; first < count; first += 17) {
            uint32_t number = count - first < 17 ? count - first : 17;
            for (i = 0; i + 512 <= length; i += 512)
                snnrt_columns_int4(runs + i / 2, offsets + first, number, sums + i, 4, shift);
        }
        if (i < length) snnrt_rows(4, runs + i / 2, offsets, count, sums + i, length - i, shift);
    } else {
        snnrt_rows(bits, runs, offsets, count, sums, length, shift);
    }
}

/* to[k] = (first + place of bit k of those set in `word`) · stride, 16 at a time: at most 64 are written. Returns how many there are. */
SNNRT_PART512 uint32_t snnrt_list512(uint64_t word, uint32_t first, uint32_t stride, uint32_t *to)
{
    static const uint8_t all[64] = {0,  1,  2,  3,  4,  5,  6,  7,  8,  9,  10, 11, 12, 13, 14, 15,
                                    16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28, 29, 30, 31,
                                    32, 33, 34, 35, 36, 37, 38, 39, 40, 41, 42, 43, 44, 45, 46, 47,
                                    48, 49, 50, 51, 52, 53, 54, 55, 56, 57, 58, 59, 60, 61, 62, 63};
    uint32_t count = (uint32_t)__builtin_popcountll(word), k;
    snnrt_v64u8 places =
        (snnrt_v64u8)__builtin_ia32_compressqi512_mask(*(const snnrt_v64i8 *)all, (snnrt_v64i8){0}, word);
    for (k = 0;; k += 16) {
        snnrt_v16u8 sixteen =
            __builtin_shufflevector(places, places, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15);
        *(snnrt_v16i32 *)(to + k) = (__builtin_convertvector(sixteen, snnrt_v16i32) + (int32_t)first) * (int32_t)stride;
        if (k + 16 >= count) return count;
        places = (snnrt_v64u8)__builtin_shufflevector((snnrt_v8i64)places, (snnrt_v8i64)places, 2, 3, 4, 5, 6, 7, 0, 1);
    }
}

/* As snnrt_spikes. */
SNNRT_PART512 void snnrt_spikes512(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                   uint32_t word_count, int32_t *sums, uint32_t length, uint32_t shift)
{
    uint32_t offsets[SNNRT_CHUNK], count = 0, number; /* a word is listed from SNNRT_CHUNK − 64 on at the latest */
    for (number = 0; number < word_count; number += 2) {
        uint64_t word = words[number];
        if (number + 1 < word_count) word |= (uint64_t)words[number + 1] << 32;
        count += snnrt_list512(word, 32 * number, stride, offsets + count);
        if (count > SNNRT_CHUNK - 64 || (count > 0 && number + 2 >= word_count)) {
            snnrt_rows512(bits, (const uint8_t *)runs, offsets, count, sums, length, shift);
            count = 0;
        }
    }
}

SNNRT_KERNEL512 void snnrt_add_spikes512(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                         uint32_t word_count, int32_t *sums, uint32_t length)
{
    snnrt_spikes512(bits, runs, stride, words, word_count, sums, length, 0);
}

SNNRT_KERNEL512 void snnrt_add_shifted_spikes512(uint32_t bits, const void *runs, uint32_t stride,
                                                 const uint32_t *words, uint32_t word_count, int32_t *sums,
                                                 uint32_t length, uint32_t shift)
{
    snnrt_spikes512(bits, runs, stride, words, word_count, sums, length, shift);
}

/* ---- rows times values ----------------------------------------------------------------------- */

/* 32 weights of up to 8 bits, of which n are there. Fields come into bytes of their own, and a table gives their values. */
SNNRT_PART512 snnrt_v32i8 snnrt_thirty_two(const uint8_t *at, uint32_t bits, int32_t n)
{
    const uint64_t steps = bits == 4 ? 0x1c1814100c080400 : bits == 2 ? 0x0e0c0a0806040200 : 0x0706050403020100;
    const uint64_t low = (bits == 4 ? 15 : bits == 2 ? 3 : 1) * 0x0101010101010101;
    const snnrt_v32i8 signs = bits == 4 ? (snnrt_v32i8){0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1,
                                                        0, 1, 2, 3, 4, 5, 6, 7, -8, -7, -6, -5, -4, -3, -2, -1}
                              : bits == 2
                                  ? (snnrt_v32i8){0, 1, -2, -1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, -2, -1}
                                  : (snnrt_v32i8){-1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, -1, 1};
    snnrt_v16u8 bytes;
    snnrt_v4u64 fields;
    if (bits == 8)
        return (snnrt_v32i8)__builtin_ia32_loaddquqi256_mask((const void *)at, (snnrt_v32i8){0},
                                                             (uint32_t)snnrt_first_mask(n));
    n = (n * (int32_t)bits + 7) / 8;
    bytes = (snnrt_v16u8)__builtin_ia32_loaddquqi128_mask(
        (const void *)at, (snnrt_v16i8){0},
        (uint16_t)snnrt_first_mask(n < (int32_t)(4 * bits) ? n : (int32_t)(4 * bits)));
    if (bits == 4)
        fields = __builtin_convertvector((snnrt_v4u32)bytes, snnrt_v4u64);
    else if (bits == 2)
        fields = __builtin_convertvector((snnrt_v4u16)__builtin_shufflevector(bytes, bytes, 0, 1, 2, 3, 4, 5, 6, 7),
                                         snnrt_v4u64);
    else
        fields = __builtin_convertvector((snnrt_v4u8)__builtin_shufflevector(bytes, bytes, 0, 1, 2, 3), snnrt_v4u64);
    fields =
        (snnrt_v4u64)__builtin_ia32_vpmultishiftqb256((snnrt_v32i8)((snnrt_v4u64){0} + steps), (snnrt_v32i8)fields) &
        low;
    return (snnrt_v32i8)__builtin_ia32_pshufb256(signs, (snnrt_v32i8)fields);
}

/* sums[i] += Σ_e w[offsets[e]][i]·values[e] of `blocks` times 32 destinations, or of the first n of 32, two events at a time:
 * 2·2^7·2^15 < 2^31. values[count] is 0. */
SNNRT_PART512 void snnrt_paired_products512(uint32_t bits, const uint8_t *runs, const uint32_t *offsets,
                                            const int16_t *values, uint32_t count, int32_t *sums, int blocks, int32_t n)
{
    /* Interleaving stays within 16 bytes: destinations 0 … 7 and 16 … 23 come together, and 8 … 15 and 24 … 31. */
    snnrt_v16i32 first[4] = {{0}}, second[4] = {{0}};
    uint32_t e;
    int k;
    for (e = 0; e < count; e += 2) {
        const uint8_t *a = runs + offsets[e], *b = runs + offsets[e + 1 < count ? e + 1 : e];
        int32_t two;
        __builtin_memcpy(&two, values + e, 4);
        SNNRT_EACH(k, blocks)
        {
            snnrt_v32i8 x = snnrt_thirty_two(a + 4 * k * (int)bits, bits, n),
                        y = snnrt_thirty_two(b + 4 * k * (int)bits, bits, n);
            snnrt_v32i8 low = __builtin_shufflevector(x, y, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 16,
                                                      48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55);
            snnrt_v32i8 high =
                __builtin_shufflevector(x, y, 8, 40, 9, 41, 10, 42, 11, 43, 12, 44, 13, 45, 14, 46, 15, 47, 24, 56, 25,
                                        57, 26, 58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63);
            snnrt_v16i32 pair = (snnrt_v16i32){0} + two;
            first[k] = (snnrt_v16i32)__builtin_ia32_vpdpwssd512(
                first[k], (snnrt_v16i32) __builtin_convertvector(low, snnrt_v32i16), pair);
            second[k] = (snnrt_v16i32)__builtin_ia32_vpdpwssd512(
                second[k], (snnrt_v16i32) __builtin_convertvector(high, snnrt_v32i16), pair);
        }
    }
    SNNRT_EACH(k, blocks)
    {
        snnrt_add_first(
            sums + 32 * k,
            __builtin_shufflevector(first[k], second[k], 0, 1, 2, 3, 4, 5, 6, 7, 16, 17, 18, 19, 20, 21, 22, 23), n);
        snnrt_add_first(
            sums + 32 * k + 16,
            __builtin_shufflevector(first[k], second[k], 8, 9, 10, 11, 12, 13, 14, 15, 24, 25, 26, 27, 28, 29, 30, 31),
            n - 16);
    }
}

SNNRT_PART512 void snnrt_products512(uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int16_t *values,
                                     uint32_t count, int32_t *sums, uint32_t length)
{
    uint32_t i = 0;
    for (; i + 128 <= length; i += 128)
        snnrt_paired_products512(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 4, 32);
    for (; i < length; i += 32)
        snnrt_paired_products512(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 1, (int32_t)(length - i));
}

/* As snnrt_add_values, of weights of up to 8 bits. */
SNNRT_KERNEL512 uint32_t snnrt_add_values512(uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow,
                                             const int32_t *wide, uint32_t shift, uint32_t source_count, int32_t *sums,
                                             uint32_t length)
{
    const snnrt_v16i32 places = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
    uint32_t offsets[SNNRT_CHUNK], count = 0, events = 0, j; /* 16 are listed from SNNRT_CHUNK − 16 on at the latest */
    int16_t values[SNNRT_CHUNK + 1];
    for (j = 0; j < source_count; j += 16) {
        int32_t left = (int32_t)(source_count - j);
        snnrt_v16i32 x;
        uint16_t chosen;
        if (wide) {
            x = snnrt_load16(wide + j, left);
            if (shift > 0) x = (x >> (int32_t)shift) + (x >> (int32_t)(shift - 1) & 1);
            x = __builtin_elementwise_max(__builtin_elementwise_min(x, (snnrt_v16i32){0} + 32767),
                                          (snnrt_v16i32){0} - 32767);
        } else {
            x = __builtin_convertvector(
                (snnrt_v16i16)__builtin_ia32_loaddquhi256_mask((const void *)(narrow + j), (snnrt_v16i16){0},
                                                               (uint16_t)snnrt_first_mask(left)),
                snnrt_v16i32);
        }
        chosen = (uint16_t)__builtin_ia32_cvtd2mask512((snnrt_v16i32)(x != 0));
        *(snnrt_v16i32 *)(offsets + count) = (snnrt_v16i32)__builtin_ia32_compresssi512_mask(
            (places + (int32_t)j) * (int32_t)stride, (snnrt_v16i32){0}, chosen);
        x = (snnrt_v16i32)__builtin_ia32_compresssi512_mask(x, (snnrt_v16i32){0}, chosen);
        *(snnrt_v16i16 *)(values + count) = __builtin_convertvector(x, snnrt_v16i16);
        count += (uint32_t)__builtin_popcount(chosen);
        if (count > SNNRT_CHUNK - 16 || (count > 0 && left <= 16)) {
            values[count] = 0;
            switch (bits) {
            case 1: snnrt_products512(1, (const uint8_t *)runs, offsets, values, count, sums, length); break;
            case 2: snnrt_products512(2, (const uint8_t *)runs, offsets, values, count, sums, length); break;
            case 4: snnrt_products512(4, (const uint8_t *)runs, offsets, values, count, sums, length); break;
            default: snnrt_products512(8, (const uint8_t *)runs, offsets, values, count, sums, length); break;
            }
            events += count;
            count = 0;
        }
    }
    return events;
}
