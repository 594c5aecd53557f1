/* The tick's inner loops for x86-64 with AVX2, and some with AVX-512 (avx512.h), chosen when a network is opened; elsewhere,
 * and in the tests beside them, the Swift loops run (Projection, LIFLoops), which these must equal bit for bit. C, because a
 * Swift function cannot ask for an instruction set of its own; vectors as clang's own types, so that nothing is included but
 * stdint.h.
 *
 * Sums do not wrap: proved at opening (FORMAT.md section 9.12). Runs of weights are read 32 bytes at a time; the last read
 * of a run ends at the run's end, and what it takes from before the run, which is the same file, is ignored. */
#ifndef SNNRT_VECTORS_H
#define SNNRT_VECTORS_H

#include <stdint.h>

#if defined(__ARM_FEATURE_DSP)
#include "dsp.h"
#endif

#if defined(__x86_64__)

typedef int8_t snnrt_v8i8 __attribute__((vector_size(8), aligned(1)));
typedef int8_t snnrt_v16i8 __attribute__((vector_size(16), aligned(1)));
typedef uint8_t snnrt_v8u8 __attribute__((vector_size(8), aligned(1)));
typedef uint8_t snnrt_v32u8 __attribute__((vector_size(32), aligned(1)));
typedef int16_t snnrt_v8i16 __attribute__((vector_size(16), aligned(2)));
typedef uint16_t snnrt_v8u16 __attribute__((vector_size(16), aligned(2)));
typedef int16_t snnrt_v16i16 __attribute__((vector_size(32), aligned(2)));
typedef int32_t snnrt_v8i32 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t snnrt_v8u32 __attribute__((vector_size(32), aligned(4)));
typedef int64_t snnrt_v4i64 __attribute__((vector_size(32)));
typedef uint64_t snnrt_v4u64 __attribute__((vector_size(32)));
typedef float snnrt_v8f32 __attribute__((vector_size(32)));

#define SNNRT_KERNEL static __attribute__((target("avx2,popcnt,bmi"), unused, noinline))
#define SNNRT_PART static inline __attribute__((target("avx2,popcnt,bmi"), unused, always_inline))
/* A loop over the few elements that vectors leave: clang would make masked stores of it, which AMD's processors take long for. */
#define SNNRT_REST _Pragma("clang loop vectorize(disable)")
#include "shared.h"

/* Whether processor and system have AVX2, BMI1 and POPCNT. */
static __attribute__((unused)) int32_t snnrt_has_avx2(void)
{
    uint32_t a = 1, b, c = 0, d;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if ((c >> 27 & 1) == 0 || (c >> 23 & 1) == 0) return 0;
    __asm__("xgetbv" : "=a"(a), "=d"(d) : "c"(0));
    if ((a & 6) != 6) return 0;
    a = 7, c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    return (b >> 5 & 1) != 0 && (b >> 3 & 1) != 0;
}

/* ---- rows of weights ------------------------------------------------------------------------- */

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
SNNRT_PART void snnrt_rows_int8(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums, uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 128 <= length; i += 128) {
        snnrt_v16i16 sum[8] = {{0}};
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 8) sum[k] += snnrt_int8s(runs + offsets[e] + i + 16 * k);
        SNNRT_EACH(k, 8) snnrt_add16(sums + i + 16 * k, sum[k]);
    }
    for (; i + 32 <= length; i += 32) {
        snnrt_v16i16 sum[2] = {{0}};
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 2) sum[k] += snnrt_int8s(runs + offsets[e] + i + 16 * k);
        SNNRT_EACH(k, 2) snnrt_add16(sums + i + 16 * k, sum[k]);
    }
    if (i < length) {
        snnrt_v16i16 sum[2] = {{0}};
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 2) sum[k] += snnrt_int8s(runs + offsets[e] + length + 16 * k - 32);
        for (; i < length; i++) sums[i] += ((const int16_t *)sum)[32 + i - length];
    }
}

SNNRT_PART void snnrt_rows_int16(const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums, uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 64 <= length; i += 64) {
        snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i), sum[8];
        SNNRT_EACH(k, 8) sum[k] = to[k];
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 8)
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
    to[0] = __builtin_shufflevector(a, b, 0, 32, 1, 33, 2, 34, 3, 35, 4, 36, 5, 37, 6, 38, 7, 39, 8, 40, 9, 41, 10, 42, 11,
                                    43, 12, 44, 13, 45, 14, 46, 15, 47);
    to[1] = __builtin_shufflevector(a, b, 16, 48, 17, 49, 18, 50, 19, 51, 20, 52, 21, 53, 22, 54, 23, 55, 24, 56, 25, 57, 26,
                                    58, 27, 59, 28, 60, 29, 61, 30, 62, 31, 63);
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
        SNNRT_EACH(p, 2) {
            snnrt_interleave(part[p], part[p + 4], half + 2 * p);         /* 0 2 4 6 */
            snnrt_interleave(part[p + 2], part[p + 6], half + 4 + 2 * p); /* 1 3 5 7 */
        }
        SNNRT_EACH(p, 4) snnrt_interleave(half[p], half[p + 4], to + 2 * p);
    }
}

SNNRT_PART void snnrt_rows_packed(
    const uint8_t *runs, const uint32_t *offsets, uint32_t count, int bits, int32_t *sums, uint32_t length)
{
    int planes = 8 / bits, p, k;
    uint32_t most = 255 / ((1u << bits) - 1), width = 32 * (uint32_t)planes, bytes = (length * (uint32_t)bits + 7) / 8, first, i;
    /* The weight is (sum − rows·zero)·scale. */
    int32_t zero = bits == 1 ? 0 : 1 << (bits - 1);
    for (first = 0; first < count; first += most) {
        const uint32_t *rows = offsets + first;
        uint32_t number = count - first < most ? count - first : most;
        int32_t offset = bits == 1 ? -(int32_t)number : -(int32_t)number * zero;
        snnrt_v32u8 columns[8];
        for (i = 0; i + width <= length; i += width) {
            snnrt_planes(runs + i / (uint32_t)planes, rows, number, bits, columns);
            SNNRT_EACH(p, planes)
                SNNRT_EACH(k, 4) {
                    snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i + 32 * p + 8 * k);
                    snnrt_v8i32 sum = __builtin_convertvector(((const snnrt_v8u8 *)columns)[4 * p + k], snnrt_v8i32);
                    *to += (bits == 1 ? sum + sum : sum) + offset;
                }
        }
        if (i < length) {
            const uint8_t *column = (const uint8_t *)columns + width + i - bytes * (uint32_t)planes;
            snnrt_planes(runs + bytes - 32, rows, number, bits, columns);
            for (; i < length; i++) sums[i] += (bits == 1 ? 2 * *column++ : *column++) + offset;
        }
    }
}

SNNRT_PART void snnrt_rows(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, uint32_t count, int32_t *sums, uint32_t length)
{
    switch (bits) {
    case 1: snnrt_rows_packed(runs, offsets, count, 1, sums, length); break;
    case 2: snnrt_rows_packed(runs, offsets, count, 2, sums, length); break;
    case 4: snnrt_rows_packed(runs, offsets, count, 4, sums, length); break;
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
        SNNRT_EACH(k, width) {
            to[k] = (first + (uint32_t)__builtin_ia32_tzcnt_u64(word)) * stride;
            word &= word - 1;
        }
        to += width;
    } while (word != 0);
}

/* Adds the runs of `length` weights of the spikes in `words`, `events` of them, to the sums. */
SNNRT_KERNEL void snnrt_add_spikes(
    uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words, uint32_t word_count, uint32_t events, int32_t *sums,
    uint32_t length)
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
            snnrt_rows(bits, (const uint8_t *)runs, offsets, count, sums, length);
            count = 0;
        }
    }
}

/* ---- rows times values ----------------------------------------------------------------------- */

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
SNNRT_KERNEL void snnrt_last_products(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int32_t *sums,
    uint32_t length)
{
    uint32_t rest = length % 8, first = bits < 8 ? 0 : 8 - rest, e, k;
    snnrt_v8i32 sum = {0};
    runs += bits < 8 ? length / 8 * bits : ((int64_t)length - 8) * (bits / 8);
    switch (bits) {
    case 1: for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 1) * values[e]; break;
    case 2: for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 2) * values[e]; break;
    case 4: for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 4) * values[e]; break;
    case 8: for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 8) * values[e]; break;
    default: for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e], 16) * values[e];
    }
    SNNRT_REST for (k = 0; k < rest; k++) sums[length - rest + k] += sum[first + k];
}

/* Eight weights of two runs, the first run's in the lower halves. */
SNNRT_PART snnrt_v16i16 snnrt_eight_pairs(const uint8_t *a, const uint8_t *b, uint32_t bits)
{
    if (bits == 16)
        return __builtin_shufflevector(
            *(const snnrt_v8i16 *)a, *(const snnrt_v8i16 *)b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15);
    if (bits == 8)
        return __builtin_convertvector(
            __builtin_shufflevector(*(const snnrt_v8i8 *)a, *(const snnrt_v8i8 *)b, 0, 8, 1, 9, 2, 10, 3, 11, 4, 12, 5, 13, 6, 14, 7, 15),
            snnrt_v16i16);
    return (snnrt_v16i16)((snnrt_eight(a, bits) & 0xffff) | snnrt_eight(b, bits) << 16);
}

/* `blocks` times eight destinations of all events, two events at a time; an odd last one goes with a value of 0. */
SNNRT_PART void snnrt_paired_products(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int32_t *sums, int blocks)
{
    snnrt_v8i32 *to = (snnrt_v8i32 *)sums, sum[8];
    uint32_t e;
    int k;
    SNNRT_EACH(k, blocks) sum[k] = to[k];
    for (e = 0; e < count; e += 2) {
        const uint8_t *a = runs + offsets[e], *b = e + 1 < count ? runs + offsets[e + 1] : a;
        snnrt_v16i16 pair = (snnrt_v16i16)((snnrt_v8i32){0} + ((values[e] & 0xffff) | (e + 1 < count ? values[e + 1] << 16 : 0)));
        SNNRT_EACH(k, blocks) sum[k] += __builtin_ia32_pmaddwd256(snnrt_eight_pairs(a + k * (int)bits, b + k * (int)bits, bits), pair);
    }
    SNNRT_EACH(k, blocks) to[k] = sum[k];
}

/* sums[i] += Σ_e w[offsets[e]][i]·values[e], |values[e]| < 2^15. */
SNNRT_PART void snnrt_products(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int32_t *sums,
    uint32_t length)
{
    uint32_t i = 0;
    for (; i + 64 <= length; i += 64) snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 8);
    for (; i + 32 <= length; i += 32) snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 4);
    for (; i + 8 <= length; i += 8) snnrt_paired_products(bits, runs + i / 8 * bits, offsets, values, count, sums + i, 1);
    if (i < length) snnrt_last_products(bits, runs, offsets, values, count, sums, length);
}

SNNRT_PART void snnrt_switch_products(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int32_t *sums,
    uint32_t length)
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
 * (FORMAT.md section 9.2). Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(
    uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow, const int32_t *wide, uint32_t shift,
    uint32_t source_count, int32_t *sums, uint32_t length)
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

/* ---- neurons --------------------------------------------------------------------------------- */

SNNRT_PART snnrt_v8i32 snnrt_clamped(snnrt_v8i32 x, int32_t limit)
{
    snnrt_v8i32 high = (snnrt_v8i32){0} + limit;
    return __builtin_elementwise_max(__builtin_elementwise_min(x, high), -high);
}

SNNRT_PART snnrt_v8i32 snnrt_states(const void *states, uint32_t i, int is_wide)
{
    if (is_wide) return *(const snnrt_v8i32 *)((const int32_t *)states + i);
    return __builtin_convertvector(*(const snnrt_v8i16 *)((const int16_t *)states + i), snnrt_v8i32);
}

SNNRT_PART void snnrt_keep(void *states, uint32_t i, snnrt_v8i32 x, int is_wide)
{
    if (is_wide)
        *(snnrt_v8i32 *)((int32_t *)states + i) = x;
    else
        *(snnrt_v8i16 *)((int16_t *)states + i) = __builtin_convertvector(x, snnrt_v8i16);
}

SNNRT_PART snnrt_v8i32 snnrt_decays(const uint16_t *decays, uint32_t i)
{
    return __builtin_convertvector(*(const snnrt_v8u16 *)(decays + i), snnrt_v8i32);
}

/* tz( x·decay, 15 ), decay ≤ 2^15. |x| < 2^30 is h·2^15 + l with h, l < 2^15: h·decay + (l·decay >> 15), without 64 bits. */
SNNRT_PART snnrt_v8i32 snnrt_decayed(snnrt_v8i32 x, snnrt_v8i32 decay, int is_wide)
{
    snnrt_v8i32 sign = x >> 31;
    if (!is_wide) return (x * decay + (sign & 0x7fff)) >> 15;
    snnrt_v8i32 magnitude = (x ^ sign) - sign;
    snnrt_v8i32 kept = (magnitude >> 15) * decay + ((magnitude & 0x7fff) * decay >> 15);
    return (kept ^ sign) - sign;
}

SNNRT_PART uint32_t snnrt_mask(snnrt_v8i32 x) { return (uint32_t)__builtin_ia32_movmskps256((snnrt_v8f32)x); }

SNNRT_PART uint32_t snnrt_total(snnrt_v8i32 x)
{
    return (uint32_t)(x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7]);
}

/* What happens after a spike: resets 1 and 2, resets 3 and 4 of plain spikes, or LI and CuBa-LI, which have none. */
enum { SNNRT_RESETS_NEXT_TICK, SNNRT_RESETS_SAME_TICK, SNNRT_INTEGRATES };

SNNRT_PART uint64_t snnrt_neuron_loop(const snnrt_population *population, int kind, int is_wide, int is_cuba, uint32_t arrays)
{
    const snnrt_population p = *population; /* what is stored below is no part of it */
    const int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    snnrt_v8i32 none = {0}, events = none, unchanged = none, theta = none;
    snnrt_v8i32 beta = none + p.betas[0], bias = none + p.biases[0], alpha = is_cuba ? none + p.alphas[0] : none;
    snnrt_v8i32 subtracts = none - (int32_t)p.subtracts;
    uint8_t *bits = (uint8_t *)p.words;
    uint32_t i;
    if (kind != SNNRT_INTEGRATES) {
        theta = none + (is_wide ? *(const int32_t *)p.thetas : *(const int16_t *)p.thetas);
        if (p.count & 31) p.words[p.count >> 5] = 0;
    }
    for (i = 0; i + 8 <= p.count; i += 8) {
        snnrt_v8i32 membrane = snnrt_states(p.membranes, i, is_wide), drive, highest, updated, firing;
        if (arrays & 1) beta = snnrt_decays(p.betas, i);
        if (arrays & 4) theta = snnrt_states(p.thetas, i, is_wide);
        if (arrays & 8) bias = *(const snnrt_v8i32 *)(p.biases + i);
        drive = snnrt_clamped((*(const snnrt_v8i32 *)(p.input + i) << (int32_t)p.fraction_bits) + bias, limit);
        if (is_cuba) {
            if (arrays & 2) alpha = snnrt_decays(p.alphas, i);
            drive = snnrt_clamped(snnrt_decayed(snnrt_states(p.currents, i, is_wide), alpha, is_wide) + drive, limit);
            snnrt_keep(p.currents, i, drive, is_wide);
        }
        highest = theta - (int32_t)p.fires_at_threshold;
        updated = snnrt_decayed(membrane, beta, is_wide);
        if (kind == SNNRT_RESETS_NEXT_TICK) {
            firing = membrane > highest;
            updated = (updated & (subtracts | ~firing)) - (theta & firing & subtracts);
        }
        updated = snnrt_clamped(updated + drive, limit);
        firing = updated > highest;
        if (kind == SNNRT_RESETS_SAME_TICK) updated = (updated & (subtracts | ~firing)) - (theta & firing & subtracts);
        snnrt_keep(p.membranes, i, updated, is_wide);
        if (kind == SNNRT_INTEGRATES) {
            events -= updated != 0;
        } else {
            bits[i >> 3] = (uint8_t)snnrt_mask(firing);
            events -= firing;
        }
        unchanged -= updated == membrane;
    }
    return (uint64_t)(i - snnrt_total(unchanged)) << 32 | snnrt_total(events);
}

SNNRT_PART uint64_t snnrt_neurons(const snnrt_population *p, int kind, uint32_t is_wide)
{
    if (p->currents) return is_wide ? snnrt_neuron_loop(p, kind, 1, 1, p->arrays) : snnrt_neuron_loop(p, kind, 0, 1, p->arrays);
    /* The common case of parameters that are one for all has loops without their loads. */
    if ((p->arrays & 15) == 0) return is_wide ? snnrt_neuron_loop(p, kind, 1, 0, 0) : snnrt_neuron_loop(p, kind, 0, 0, 0);
    return is_wide ? snnrt_neuron_loop(p, kind, 1, 0, p->arrays) : snnrt_neuron_loop(p, kind, 0, 0, p->arrays);
}

/* The first count / 8 · 8 neurons; `words` gets their spikes. Returns how many fired (of LI: are not 0), and in the upper half
 * how many membranes changed. */
SNNRT_KERNEL uint64_t snnrt_tick_neurons(const snnrt_population *population, uint32_t kind, uint32_t is_wide)
{
    if (kind == SNNRT_RESETS_NEXT_TICK) return snnrt_neurons(population, SNNRT_RESETS_NEXT_TICK, is_wide);
    if (kind == SNNRT_RESETS_SAME_TICK) return snnrt_neurons(population, SNNRT_RESETS_SAME_TICK, is_wide);
    return snnrt_neurons(population, SNNRT_INTEGRATES, is_wide);
}

/* ---- saturating sums of a chip --------------------------------------------------------------- */

/* currents[i] = sat16( currents[i] + w[offsets[e]][i]·values[e] ), e after e, of int8 weights and −256 < values[e] ≤ 256:
 * −2^15 ≤ w·value < 2^15, and the processor's own additions saturate. */
SNNRT_PART void snnrt_saturate_int8(
    const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int16_t *currents, uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 64 <= length; i += 64) {
        snnrt_v16i16 *to = (snnrt_v16i16 *)(currents + i), sum[4];
        SNNRT_EACH(k, 4) sum[k] = to[k];
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 4)
                sum[k] = __builtin_elementwise_add_sat(sum[k], snnrt_int8s(runs + offsets[e] + i + 16 * k) * (int16_t)values[e]);
        SNNRT_EACH(k, 4) to[k] = sum[k];
    }
    for (; i < length; i += 16) {
        uint32_t rest = length - i < 16 ? length - i : 16;
        int16_t last[16] = {0};
        snnrt_v16i16 sum;
        __builtin_memcpy(last + 16 - rest, currents + i, 2 * rest);
        sum = *(snnrt_v16i16 *)last;
        for (e = 0; e < count; e++)
            sum = __builtin_elementwise_add_sat(sum, snnrt_int8s(runs + offsets[e] + i + rest - 16) * (int16_t)values[e]);
        *(snnrt_v16i16 *)last = sum;
        __builtin_memcpy(currents + i, last + 16 - rest, 2 * rest);
    }
}

SNNRT_PART snnrt_v8i32 snnrt_saturated(snnrt_v8i32 x)
{
    return __builtin_elementwise_max(__builtin_elementwise_min(x, (snnrt_v8i32){0} + 32767), (snnrt_v8i32){0} - 32768);
}

/* The same of any weights and |w·value| ≤ 2^30. */
SNNRT_PART void snnrt_saturate(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int16_t *currents,
    uint32_t length)
{
    uint32_t i = 0, e;
    for (; i + 8 <= length; i += 8) {
        snnrt_v8i32 sum = snnrt_states(currents, i, 0);
        for (e = 0; e < count; e++) sum = snnrt_saturated(sum + snnrt_eight(runs + offsets[e] + i / 8 * bits, bits) * values[e]);
        snnrt_keep(currents, i, sum, 0);
    }
    for (; i < length; i++)
        for (e = 0; e < count; e++) {
            int32_t sum = currents[i] + snnrt_one(runs + offsets[e], i, bits) * values[e];
            currents[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
        }
}

/* Adds the runs of the elements that are not 0, times them and 2^shift, to a synaptic slot (FORMAT.md section 9.2): of spikes
 * in `words`, or of `values`. Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_saturating(
    uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words, const int16_t *values, uint32_t shift,
    uint32_t source_count, int32_t limit, int16_t *currents, uint32_t length)
{
    uint32_t offsets[SNNRT_CHUNK + 1], count = 0, events = 0, j;
    int32_t factors[SNNRT_CHUNK + 1];
    for (j = 0; j < source_count; j++) {
        int32_t value = words ? (int32_t)(words[j >> 5] >> (j & 31) & 1) : values[j];
        offsets[count] = j * stride;
        factors[count] = value << shift;
        count += value != 0;
        if (count == SNNRT_CHUNK || j + 1 == source_count) {
            if (bits == 8 && limit <= 255 >> shift)
                snnrt_saturate_int8((const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 8)
                snnrt_saturate(8, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 4)
                snnrt_saturate(4, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 2)
                snnrt_saturate(2, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else
                snnrt_saturate(1, (const uint8_t *)runs, offsets, factors, count, currents, length);
            events += count;
            count = 0;
        }
    }
    return events;
}

/* A population of FORMAT.md section 9.14 without aliases. A parameter is an array, or one for all where its bit in `arrays` is
 * clear: 1 membrane dash, 2 synaptic dash, 4 threshold, 8 bias. */
typedef struct {
    int16_t *membranes;
    int16_t *currents; /* current_count rows of `count` */
    const uint16_t *membrane_dashes, *synaptic_dashes;
    const int16_t *thresholds;
    const int32_t *biases;
    uint32_t *words;   /* plain spikes, else NULL */
    int16_t *spikes;   /* graded ones */
    uint32_t arrays;
    uint32_t count;
    uint32_t current_count;
    int32_t limit; /* spikes of a tick at most */
} snnrt_xylo_population;

/* d( x, dash ): x >> dash, but 1 where that is 0 and x > 0. */
SNNRT_PART snnrt_v8i32 snnrt_dashed(snnrt_v8i32 x, snnrt_v8i32 dash)
{
    snnrt_v8i32 part = x >> dash;
    return part - ((part == 0) & (x > 0));
}

SNNRT_PART snnrt_v8i32 snnrt_dashes(const uint16_t *dashes, uint32_t i, uint32_t is_array)
{
    return is_array ? snnrt_decays(dashes, i) : (snnrt_v8i32){0} + dashes[0];
}

/* The first count / 8 · 8 neurons. Returns how many fired, and in the upper half how many membranes changed. */
SNNRT_KERNEL uint64_t snnrt_tick_xylo(const snnrt_xylo_population *population)
{
    const snnrt_xylo_population p = *population;
    snnrt_v8i32 none = {0}, events = none, unchanged = none;
    uint8_t *bits = (uint8_t *)p.words;
    uint32_t i, row;
    if (bits && (p.count & 31)) p.words[p.count >> 5] = 0;
    for (i = 0; i + 8 <= p.count; i += 8) {
        snnrt_v8i32 membrane = snnrt_states(p.membranes, i, 0), threshold, change, reached, spikes;
        /* −(−32768), of a dash of 0, is −32768 in the chip's 16 bits. */
        change = -snnrt_dashed(membrane, snnrt_dashes(p.membrane_dashes, i, p.arrays & 1)) << 16 >> 16;
        for (row = 0; row < p.current_count; row++) {
            uint32_t at = row * p.count + i;
            snnrt_v8i32 current = snnrt_states(p.currents, at, 0);
            current -= snnrt_dashed(current, snnrt_dashes(p.synaptic_dashes, at, p.arrays & 2));
            snnrt_keep(p.currents, at, current, 0);
            change += current;
        }
        change = snnrt_saturated(change) + (p.arrays & 8 ? *(const snnrt_v8i32 *)(p.biases + i) : none + p.biases[0]);
        reached = snnrt_saturated(membrane + snnrt_saturated(change));
        threshold = p.arrays & 4 ? snnrt_states(p.thresholds, i, 0) : none + p.thresholds[0];
        /* Quotients of numbers below 2^15 are 2^-15 or more below the next whole number, unless they are one: floats tell. */
        spikes = __builtin_convertvector(
            __builtin_convertvector(reached, snnrt_v8f32) / __builtin_convertvector(threshold - (threshold == 0), snnrt_v8f32),
            snnrt_v8i32);
        spikes = __builtin_elementwise_min(spikes | ((threshold == 0) & 0x7fffffff), none + p.limit) & (reached >= threshold);
        reached -= spikes * threshold;
        snnrt_keep(p.membranes, i, reached, 0);
        if (bits)
            bits[i >> 3] = (uint8_t)snnrt_mask(spikes != 0);
        else
            snnrt_keep(p.spikes, i, spikes, 0);
        events -= spikes != 0;
        unchanged -= reached == membrane;
    }
    return (uint64_t)(i - snnrt_total(unchanged)) << 32 | snnrt_total(events);
}

/* ---- products of 64 bits --------------------------------------------------------------------- */

/* (x + 2^(shift−1)) >> shift of |x| < 2^62, shift < 48, arithmetic: AVX2 has logical shifts of 64 bits only, so x goes
 * through them with 2^63 on top. */
SNNRT_PART snnrt_v4i64 snnrt_rounded64(snnrt_v4i64 x, uint32_t shift)
{
    snnrt_v4u64 top = (snnrt_v4u64){0} + ((uint64_t)1 << 63), half = (snnrt_v4u64){0} + (uint64_t)(shift == 0 ? 0 : 1ull << (shift - 1));
    return (snnrt_v4i64)((((snnrt_v4u64)x + top + half) >> (uint64_t)shift) - (top >> (uint64_t)shift));
}

SNNRT_PART snnrt_v4i64 snnrt_clamped64(snnrt_v4i64 x, int64_t limit)
{
    snnrt_v4i64 high = (snnrt_v4i64){0} + limit, above = x > high, below = x < -high;
    return (x & ~above & ~below) | (high & above) | (-high & below);
}

SNNRT_PART snnrt_v8i32 snnrt_odd(snnrt_v8i32 x) { return (snnrt_v8i32)((snnrt_v4u64)x >> 32); }

/* The first four elements, or the last four. */
SNNRT_PART snnrt_v4i64 snnrt_first_four(snnrt_v8i32 x) { return __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3), snnrt_v4i64); }
SNNRT_PART snnrt_v4i64 snnrt_last_four(snnrt_v8i32 x) { return __builtin_convertvector(__builtin_shufflevector(x, x, 4, 5, 6, 7), snnrt_v4i64); }

/* rnd( x·y, shift ), limited to ±(2^31 − 1). */
SNNRT_PART snnrt_v8i32 snnrt_scaled(snnrt_v8i32 x, snnrt_v8i32 y, uint32_t shift, int is_bounded)
{
    snnrt_v4i64 even = snnrt_rounded64(__builtin_ia32_pmuldq256(x, y), shift);
    snnrt_v4i64 odd = snnrt_rounded64(__builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(y)), shift);
    if (!is_bounded) even = snnrt_clamped64(even, INT32_MAX), odd = snnrt_clamped64(odd, INT32_MAX);
    return (snnrt_v8i32)((even & (int64_t)0xffffffff) | (snnrt_v4i64)((snnrt_v4u64)odd << 32));
}

/* current[i] += rnd( sums[i]·multipliers[i], shift ) of the first count / 8 · 8 elements, which fit 32 bits. */
SNNRT_KERNEL void snnrt_join_multiplied(
    int32_t *current, const int32_t *sums, const int32_t *multipliers, uint32_t shift, uint32_t count)
{
    uint32_t i;
    for (i = 0; i + 8 <= count; i += 8)
        *(snnrt_v8i32 *)(current + i) +=
            snnrt_scaled(*(const snnrt_v8i32 *)(sums + i), *(const snnrt_v8i32 *)(multipliers + i), shift, 1);
}

/* current[i] += sums[i] shifted, right with rounding or left, of the first count / 8 · 8 elements. */
SNNRT_KERNEL void snnrt_join_shifted(int32_t *current, const int32_t *sums, uint32_t shift, uint32_t is_left, uint32_t count)
{
    uint32_t i;
    int32_t down = is_left ? 0 : (int32_t)shift, up = is_left ? (int32_t)shift : 0, bit = down == 0 ? 0 : 1;
    for (i = 0; i + 8 <= count; i += 8) {
        snnrt_v8i32 x = *(const snnrt_v8i32 *)(sums + i);
        *(snnrt_v8i32 *)(current + i) += ((x >> down) + (x >> (down - bit) & bit)) << up;
    }
}

/* Activation with the function clip (FORMAT.md section 9.11) of the first count / 8 · 8 neurons; `arrays`: bit 0 multiplier,
 * bit 1 bias. Returns how many outputs are not 0. */
SNNRT_KERNEL uint32_t snnrt_clip(
    const int32_t *input, int16_t *output, const int32_t *multipliers, const int32_t *biases, uint32_t arrays, uint32_t shift,
    int32_t low, int32_t high, uint32_t count)
{
    snnrt_v8i32 none = {0}, zeros = none, multiplier = none + *multipliers, bias = none + *biases;
    uint32_t i;
    for (i = 0; i + 8 <= count; i += 8) {
        snnrt_v8i32 y;
        if (arrays & 1) multiplier = *(const snnrt_v8i32 *)(multipliers + i);
        if (arrays & 2) bias = *(const snnrt_v8i32 *)(biases + i);
        y = snnrt_scaled(*(const snnrt_v8i32 *)(input + i) + bias, multiplier, shift, 0);
        y = __builtin_elementwise_min(__builtin_elementwise_max(y, none + low), none + high);
        *(snnrt_v8i16 *)(output + i) = __builtin_convertvector(y, snnrt_v8i16);
        zeros -= y == 0;
    }
    return i - snnrt_total(zeros);
}

/* ---- memory ---------------------------------------------------------------------------------- */

enum { SNNRT_ORDER = 4096 };

SNNRT_PART snnrt_v16i16 snnrt_sixteen(const uint8_t *at, uint32_t bits)
{
    if (bits == 8) return __builtin_convertvector(*(const snnrt_v16i8 *)at, snnrt_v16i16);
    return *(const snnrt_v16i16 *)at;
}

/* The sums of pairs of products, |x| ≤ 2^15 and |y| < 2^15: below 2^31. */
SNNRT_PART snnrt_v4i64 snnrt_pairs(snnrt_v16i16 x, snnrt_v16i16 y)
{
    snnrt_v8i32 sum = __builtin_ia32_pmaddwd256(x, y);
    return snnrt_first_four(sum) + snnrt_last_four(sum);
}

SNNRT_PART void snnrt_memory_loop(
    uint32_t bits, const uint8_t *row, const int32_t *before, uint32_t order, int64_t *sums, int is_wide)
{
    /* |m| < 2^30 is high·2^15 + low with its sign on both; rows are read 16 weights at a time, and their ends once more with
     * the places that were read before as 0. */
    int16_t low[SNNRT_ORDER + 16], high[SNNRT_ORDER + 16];
    uint32_t whole = order & ~15u, rest = order & 15, row_bytes = order * (bits / 8), i, j;
    for (j = 0; j < 16; j++) low[whole + j] = high[whole + j] = 0;
    for (j = 0; j < order; j++) {
        int32_t m = before[j], sign = m >> 31, magnitude = (m ^ sign) - sign;
        uint32_t to = j < whole ? j : j + 16 - rest;
        low[to] = (int16_t)(((magnitude & 0x7fff) ^ sign) - sign);
        high[to] = (int16_t)(((magnitude >> 15) ^ sign) - sign);
    }
    for (i = 0; i < order; i++, row += row_bytes) {
        snnrt_v4i64 lows = {0}, highs = {0};
        for (j = 0; j < whole; j += 16) {
            snnrt_v16i16 weights = snnrt_sixteen(row + j * (bits / 8), bits);
            lows += snnrt_pairs(weights, *(const snnrt_v16i16 *)(low + j));
            if (is_wide) highs += snnrt_pairs(weights, *(const snnrt_v16i16 *)(high + j));
        }
        if (rest) {
            snnrt_v16i16 weights = snnrt_sixteen(row + row_bytes - 2 * bits, bits);
            lows += snnrt_pairs(weights, *(const snnrt_v16i16 *)(low + whole));
            if (is_wide) highs += snnrt_pairs(weights, *(const snnrt_v16i16 *)(high + whole));
        }
        lows += highs * 32768;
        sums[i] = lows[0] + lows[1] + lows[2] + lows[3];
    }
}

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ), A and B of 8 or 16 bits (FORMAT.md section 9.4). */
SNNRT_KERNEL void snnrt_memory(
    uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift, uint32_t b_shift, const int32_t *before,
    int32_t drive, uint32_t order, void *state, uint32_t is_wide)
{
    int64_t sums[SNNRT_ORDER], limit = is_wide ? (1 << 30) - 1 : 32767;
    uint32_t i;
    if (bits == 8)
        snnrt_memory_loop(8, (const uint8_t *)state_matrix, before, order, sums, 1);
    else if (is_wide)
        snnrt_memory_loop(16, (const uint8_t *)state_matrix, before, order, sums, 1);
    else
        snnrt_memory_loop(16, (const uint8_t *)state_matrix, before, order, sums, 0);
    for (i = 0; i < order; i++) {
        int64_t added = (int64_t)drive * (bits == 8 ? ((const int8_t *)input_matrix)[i] : ((const int16_t *)input_matrix)[i]);
        int64_t kept = a_shift == 0 ? sums[i] : (sums[i] + (1ll << (a_shift - 1))) >> a_shift;
        int64_t sum = kept + (b_shift == 0 ? added : (added + (1ll << (b_shift - 1))) >> b_shift);
        sum = sum > limit ? limit : sum < -limit ? -limit : sum;
        if (is_wide)
            ((int32_t *)state)[i] = (int32_t)sum;
        else
            ((int16_t *)state)[i] = (int16_t)sum;
    }
}

/* Memories of an order below 16 and 16-bit state, `units` of them: clamp( c·2^f + b, L ) enters each; `bias_step` is 0 where b is
 * one for all. Returns the events: elements of m[t−1] and inputs that are not 0. */
SNNRT_KERNEL uint32_t snnrt_small_memories(
    uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift, uint32_t b_shift, const int32_t *input,
    const int32_t *biases, uint32_t bias_step, uint32_t fraction_bits, uint32_t units, uint32_t order, int16_t *state)
{
    /* Columns of A by twos, those of row i side by side; B. */
    int16_t pairs[2][8][16] = {{{0}}}, before[16] = {0}, after[16];
    int32_t column[16] = {0}, half = b_shift == 0 ? 0 : 1 << (b_shift - 1);
    uint32_t unit, i, j, block, blocks = order > 8 ? 2 : 1, events = 0;
    for (i = 0; i < order; i++) {
        column[i] = snnrt_one((const uint8_t *)input_matrix, i, bits);
        SNNRT_REST for (j = 0; j < order; j++)
            pairs[i / 8][j / 2][2 * (i % 8) + j % 2] = (int16_t)snnrt_one((const uint8_t *)state_matrix, i * order + j, bits);
    }
    for (unit = 0; unit < units; unit++, state += order) {
        int32_t drive = (int32_t)((uint32_t)input[unit] << fraction_bits) + biases[unit * bias_step];
        uint32_t nonzero;
        drive = drive > 32767 ? 32767 : drive < -32767 ? -32767 : drive;
        nonzero = drive != 0;
        SNNRT_REST for (i = 0; i < order; i++) nonzero += (before[i] = state[i]) != 0;
        events += nonzero;
        if (nonzero == 0) continue;
        for (block = 0; block < blocks; block++) {
            snnrt_v8i32 added = (*(const snnrt_v8i32 *)(column + 8 * block) * drive + half) >> (int32_t)b_shift; /* < 2^31 */
            snnrt_v4i64 low = {0}, high = {0};
            for (j = 0; j < (order + 1) / 2; j++) {
                int32_t two;
                __builtin_memcpy(&two, before + 2 * j, 4);
                snnrt_v8i32 sum = __builtin_ia32_pmaddwd256(
                    *(const snnrt_v16i16 *)pairs[block][j], (snnrt_v16i16)((snnrt_v8i32){0} + two));
                low += snnrt_first_four(sum);
                high += snnrt_last_four(sum);
            }
            low = snnrt_clamped64(snnrt_rounded64(low, a_shift) + snnrt_first_four(added), 32767);
            high = snnrt_clamped64(snnrt_rounded64(high, a_shift) + snnrt_last_four(added), 32767);
            *(snnrt_v8i16 *)(after + 8 * block) =
                __builtin_shufflevector((snnrt_v16i16)low, (snnrt_v16i16)high, 0, 4, 8, 12, 16, 20, 24, 28);
        }
        SNNRT_REST for (i = 0; i < order; i++) state[i] = after[i];
    }
    return events;
}

/* ---- recurrences ----------------------------------------------------------------------------- */

/* FORMAT.md section 9.15 with a lookahead of 3: 8 places never wait for one another. A sweep takes a block of 8 places
 * after the other, all levels of it at once, and does the same to what lies in its last block beyond its end; nothing reads that.
 * Factors are read up to 7 places before a row and behind one, where another row lies or the file's header. */
enum { SNNRT_BEYOND = 8 };

typedef struct {
    snnrt_v8i32 real, imaginary;
} snnrt_complex8;

/* Of the latest block: what each level found, and the sweep. */
typedef struct {
    snnrt_complex8 levels[3], swept;
} snnrt_history;

/* One pole: row k of g is at k·row, the imaginary parts of a row order elements behind its real ones, as those of v. */
typedef struct {
    const int32_t *g;
    int32_t *v;
    uint32_t order, row, v_apart;
} snnrt_pole;

/* rnd( x, shift ) modulo 2^32 of products in even and in odd places. Logical shifts do: only bits shift … shift + 31 count. */
SNNRT_PART snnrt_v8i32 snnrt_low32(snnrt_v4i64 even, snnrt_v4i64 odd, uint32_t shift)
{
    uint64_t half = shift == 0 ? 0 : 1ull << (shift - 1);
    snnrt_v4u64 low = ((snnrt_v4u64)even + half) >> (uint64_t)shift, high = (snnrt_v4u64)odd + half;
    high = shift == 30 ? high << 2 : high >> (uint64_t)shift << 32;
    return __builtin_shufflevector((snnrt_v8i32)low, (snnrt_v8i32)high, 0, 9, 2, 11, 4, 13, 6, 15);
}

/* mul( g, v, shift ), g's imaginary parts `apart` elements behind its real ones. */
SNNRT_PART snnrt_complex8 snnrt_times(const int32_t *g, uint32_t apart, snnrt_complex8 v, uint32_t shift, int is_complex)
{
    snnrt_v8i32 x = *(const snnrt_v8i32 *)g;
    snnrt_v4i64 even = __builtin_ia32_pmuldq256(x, v.real), odd = __builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(v.real));
    snnrt_complex8 result = {{0}, {0}};
    if (is_complex) {
        snnrt_v8i32 y = *(const snnrt_v8i32 *)(g + apart);
        even -= __builtin_ia32_pmuldq256(y, v.imaginary);
        odd -= __builtin_ia32_pmuldq256(snnrt_odd(y), snnrt_odd(v.imaginary));
        result.imaginary = snnrt_low32(
            __builtin_ia32_pmuldq256(x, v.imaginary) + __builtin_ia32_pmuldq256(y, v.real),
            __builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(v.imaginary)) + __builtin_ia32_pmuldq256(snnrt_odd(y), snnrt_odd(v.real)),
            shift);
    }
    result.real = snnrt_low32(even, odd, shift);
    return result;
}

/* The places 2^level before those of `block`, in the sweep's direction; `latest` is the block before it. */
SNNRT_PART snnrt_v8i32 snnrt_earlier(snnrt_v8i32 latest, snnrt_v8i32 block, uint32_t level, int is_down)
{
    if (level == 0)
        return is_down ? __builtin_shufflevector(block, latest, 1, 2, 3, 4, 5, 6, 7, 8)
                       : __builtin_shufflevector(latest, block, 7, 8, 9, 10, 11, 12, 13, 14);
    if (level == 1)
        return is_down ? __builtin_shufflevector(block, latest, 2, 3, 4, 5, 6, 7, 8, 9)
                       : __builtin_shufflevector(latest, block, 6, 7, 8, 9, 10, 11, 12, 13);
    return is_down ? __builtin_shufflevector(block, latest, 4, 5, 6, 7, 8, 9, 10, 11)
                   : __builtin_shufflevector(latest, block, 4, 5, 6, 7, 8, 9, 10, 11);
}

/* The block of a sweep at `place`. Its sign is + downward, − upward, on the way in and on the way out. */
SNNRT_PART snnrt_complex8 snnrt_sweep(
    const snnrt_pole *pole, int32_t place, snnrt_complex8 block, snnrt_history *history, int is_down, int is_complex)
{
    const int32_t *g = pole->g + place;
    snnrt_complex8 x;
    uint32_t level;
    SNNRT_EACH(level, 3) {
        snnrt_complex8 *latest = &history->levels[level];
        x.real = snnrt_earlier(latest->real, block.real, level, is_down);
        x.imaginary = snnrt_earlier(latest->imaginary, block.imaginary, level, is_down);
        *latest = block;
        x = snnrt_times(g, pole->order, x, 30, is_complex);
        block.real += level == 0 && !is_down ? -x.real : x.real;
        block.imaginary += level == 0 && !is_down ? -x.imaginary : x.imaginary;
        g += pole->row - (is_down ? 0 : 1u << level);
    }
    x = snnrt_times(g, pole->order, history->swept, 30, is_complex);
    block.real += x.real;
    block.imaginary += x.imaginary;
    return history->swept = block;
}

SNNRT_PART snnrt_complex8 snnrt_block(const int32_t *x, uint32_t apart, int is_complex)
{
    snnrt_complex8 block = {*(const snnrt_v8i32 *)x, {0}};
    if (is_complex) block.imaginary = *(const snnrt_v8i32 *)(x + apart);
    return block;
}

/* From an end to before the middle: v = g·a, swept. */
SNNRT_PART void snnrt_sweep_in(const snnrt_pole *pole, const int32_t *a, int32_t first, int32_t count, int is_down, int is_complex)
{
    snnrt_history history = {{{{0}, {0}}}, {{0}, {0}}};
    int32_t done;
    for (done = 0; done < count; done += 8) {
        int32_t place = is_down ? first + count - 8 - done : first + done;
        snnrt_complex8 given = {*(const snnrt_v8i32 *)(a + place), {0}}, block = snnrt_times(pole->g + place, 0, given, 30, 0);
        if (is_complex) block.imaginary = snnrt_times(pole->g + pole->order + place, 0, given, 30, 0).real;
        block = snnrt_sweep(pole, place, block, &history, is_down, is_complex);
        *(snnrt_v8i32 *)(pole->v + place) = block.real;
        if (is_complex) *(snnrt_v8i32 *)(pole->v + pole->v_apart + place) = block.imaginary;
    }
}

/* From behind the middle, which has `middle`, to an end: sum += Re( d·v ), v swept. */
SNNRT_PART void snnrt_sweep_out(
    const snnrt_pole *pole, const int32_t *middle, int32_t *sum, uint32_t shift, int32_t first, int32_t count, int is_down,
    int is_complex)
{
    const int32_t *d = pole->g + pole->row * 4;
    snnrt_complex8 start = {{0}, {0}};
    int32_t rest[16], done, i;
    start.real[is_down ? 0 : 7] = middle[0];
    if (is_complex) start.imaginary[is_down ? 0 : 7] = middle[1];
    snnrt_history history = {{start, start, start}, start};
    for (done = 0; done < count; done += 8) {
        int32_t place = is_down ? first + count - 8 - done : first + done;
        snnrt_complex8 block = snnrt_block(pole->v + place, pole->v_apart, is_complex);
        const int32_t *outputs = d + place;
        uint32_t apart = pole->order;
        block = snnrt_sweep(pole, place, block, &history, is_down, is_complex);
        if (place + 8 > (int32_t)pole->order) { /* nothing is known to lie behind the last row */
            SNNRT_REST for (i = 0; i < 8; i++) {
                int is_there = place + i < (int32_t)pole->order;
                rest[i] = is_there ? outputs[i] : 0;
                rest[8 + i] = is_there && is_complex ? outputs[apart + i] : 0;
            }
            outputs = rest, apart = 8;
        }
        *(snnrt_v8i32 *)(sum + place) += snnrt_times(outputs, apart, block, shift, is_complex).real;
    }
}

/* rnd( re + im, shift ) modulo 2^32, of products summed modulo 2^64. */
SNNRT_PART int32_t snnrt_low(uint64_t sum, uint32_t shift) { return (int32_t)((sum + (shift == 0 ? 0 : 1ull << (shift - 1))) >> shift); }
SNNRT_PART uint64_t snnrt_wide(int32_t x, int32_t y) { return (uint64_t)((int64_t)x * y); }

/* sum += Re( d·v ) of one pole with the right side a. All go on for SNNRT_BEYOND elements on either side; v has room for either half. */
SNNRT_PART void snnrt_solve(const snnrt_pole *pole, uint32_t shift, const int32_t *a, int32_t *sum, int is_complex)
{
    int32_t order = (int32_t)pole->order, h = (order - 1) / 2, apart = (int32_t)pole->v_apart, middle[2] = {0, 0}, x, y = 0;
    const int32_t *g = pole->g + h, *d = pole->g + pole->row * 4 + h;
    snnrt_pole upper = *pole;
    upper.v += order + 2 * SNNRT_BEYOND;
    snnrt_sweep_in(pole, a, 0, h, 0, is_complex);
    snnrt_sweep_in(&upper, a, h + 1, order - h - 1, 1, is_complex);

    x = (int32_t)((uint32_t)a[h] - (uint32_t)pole->v[h - 1] + (uint32_t)upper.v[h + 1]);
    if (is_complex) y = (int32_t)((uint32_t)upper.v[apart + h + 1] - (uint32_t)pole->v[apart + h - 1]);
    middle[0] = snnrt_low(snnrt_wide(g[0], x) - (is_complex ? snnrt_wide(g[order], y) : 0), 30);
    if (is_complex) middle[1] = snnrt_low(snnrt_wide(g[0], y) + snnrt_wide(g[order], x), 30);
    x = snnrt_low(snnrt_wide(d[0], middle[0]) - (is_complex ? snnrt_wide(d[order], middle[1]) : 0), shift);
    sum[h] = (int32_t)((uint32_t)sum[h] + (uint32_t)x);

    snnrt_sweep_out(pole, middle, sum, shift, 0, h, 1, is_complex);
    snnrt_sweep_out(&upper, middle, sum, shift, h + 1, order - h - 1, 0, is_complex);
}

/* A substep of a unit: m = clamp( m + Σ Re( d·v ), limit ); order 16 … 4096. */
SNNRT_KERNEL void snnrt_recurrence(
    const int32_t *factors, uint32_t order, uint32_t poles, uint32_t shift, uint32_t is_complex, int32_t drive, int32_t limit,
    int32_t *m)
{
    int32_t v[4 * (SNNRT_ORDER + 2 * SNNRT_BEYOND)], room[2][SNNRT_ORDER + 2 * SNNRT_BEYOND];
    int32_t *a = room[0] + SNNRT_BEYOND, *sum = room[1] + SNNRT_BEYOND;
    snnrt_v8i32 none = {0};
    snnrt_pole pole = {factors, v + SNNRT_BEYOND, order, order << is_complex, 2 * (order + 2 * SNNRT_BEYOND)};
    uint32_t i;
    *(snnrt_v8i32 *)(a - SNNRT_BEYOND) = *(snnrt_v8i32 *)(a + order) = none;
    for (i = 0; i + 8 <= order; i += 8) *(snnrt_v8i32 *)(a + i) = *(const snnrt_v8i32 *)(m + i), *(snnrt_v8i32 *)(sum + i) = none;
    SNNRT_REST for (; i < order; i++) a[i] = m[i], sum[i] = 0;
    a[0] = (int32_t)((uint32_t)a[0] - (uint32_t)drive);
    for (; poles > 0; poles--, pole.g += pole.row * 5) {
        if (is_complex)
            snnrt_solve(&pole, shift, a, sum, 1);
        else
            snnrt_solve(&pole, shift, a, sum, 0);
    }
    for (i = 0; i + 8 <= order; i += 8)
        *(snnrt_v8i32 *)(m + i) = snnrt_clamped(*(const snnrt_v8i32 *)(m + i) + *(const snnrt_v8i32 *)(sum + i), limit);
    SNNRT_REST for (; i < order; i++) {
        int32_t x = (int32_t)((uint32_t)m[i] + (uint32_t)sum[i]);
        m[i] = x > limit ? limit : x < -limit ? -limit : x;
    }
}

#include "avx512.h"

#endif
#endif
