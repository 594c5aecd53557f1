/* The tick's inner loops for x86-64 with AVX2, chosen when a network is opened; elsewhere, and in the tests beside it, the
 * Swift loops run (Projection, LIFLoops), which are what these must equal bit for bit. C, because a Swift function cannot
 * ask for an instruction set of its own; vectors as clang's own types, so that nothing is included but stdint.h.
 *
 * Sums do not wrap: proved at opening (FORMAT.md section 9.12). Runs of weights are read 32 bytes at a time; the last read
 * of a run ends at the run's end, and what it takes from before the run, which is the same file, is ignored. */
#ifndef SNNRT_VECTORS_H
#define SNNRT_VECTORS_H

#include <stdint.h>

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
typedef float snnrt_v8f32 __attribute__((vector_size(32)));

#define SNNRT_KERNEL static __attribute__((target("avx2,popcnt,bmi"), unused, noinline))
#define SNNRT_PART static inline __attribute__((target("avx2,popcnt,bmi"), unused, always_inline))
/* A loop whose elements are to lie in registers. */
#define SNNRT_EACH(k, count) _Pragma("clang loop unroll(full)") for (k = 0; k < count; k++)

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

/* Adds the runs of `length` weights of the spikes in `words` to the sums. */
SNNRT_KERNEL void snnrt_add_spikes(
    uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words, uint32_t word_count, int32_t *sums, uint32_t length)
{
    uint32_t offsets[SNNRT_CHUNK + 32], count = 0, number;
    for (number = 0; number < word_count; number++) {
        uint32_t word = words[number], first = 32 * number * stride;
        for (; word != 0; word &= word - 1) offsets[count++] = first + (uint32_t)__builtin_ctz(word) * stride;
        if (count > SNNRT_CHUNK - 32 || number + 1 == word_count) {
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

/* sums[i] += Σ_e w[offsets[e]][i]·values[e]. */
SNNRT_PART void snnrt_products(
    uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count, int32_t *sums,
    uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 64 <= length; i += 64) {
        snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i), sum[8];
        SNNRT_EACH(k, 8) sum[k] = to[k];
        for (e = 0; e < count; e++)
            SNNRT_EACH(k, 8) sum[k] += snnrt_eight(runs + offsets[e] + (i / 8 + k) * bits, bits) * values[e];
        SNNRT_EACH(k, 8) to[k] = sum[k];
    }
    for (; i + 8 <= length; i += 8) {
        snnrt_v8i32 *to = (snnrt_v8i32 *)(sums + i), sum = *to;
        for (e = 0; e < count; e++) sum += snnrt_eight(runs + offsets[e] + i / 8 * bits, bits) * values[e];
        *to = sum;
    }
    for (; i < length; i++)
        for (e = 0; e < count; e++) sums[i] += snnrt_one(runs + offsets[e], i, bits) * values[e];
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

/* Adds the runs of the elements that are not 0, times them: of `narrow`, or of `wide` rounded by the source shift and clamped
 * (FORMAT.md section 9.2). Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(
    uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow, const int32_t *wide, uint32_t shift,
    uint32_t source_count, int32_t *sums, uint32_t length)
{
    uint32_t offsets[SNNRT_CHUNK + 1], count = 0, events = 0, j;
    int32_t values[SNNRT_CHUNK + 1];
    for (j = 0; j < source_count; j++) {
        int32_t value;
        if (wide) {
            value = shift == 0 ? wide[j] : (wide[j] >> shift) + (wide[j] >> (shift - 1) & 1);
            value = value > 32767 ? 32767 : value < -32767 ? -32767 : value;
        } else {
            value = narrow[j];
        }
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

/* A population of FORMAT.md section 9.3. A parameter is an array, or one for all where its bit in `arrays` is clear: 1 decay,
 * 2 synaptic decay, 4 threshold, 8 bias. */
typedef struct {
    void *membranes;
    void *currents; /* CuBa models, else NULL */
    const int32_t *input;
    const uint16_t *betas, *alphas;
    const void *thetas;
    const int32_t *biases;
    uint32_t *words;
    uint32_t arrays;
    uint32_t fraction_bits;
    uint32_t count;
    uint32_t fires_at_threshold, subtracts;
} snnrt_population;

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

SNNRT_PART uint64_t snnrt_neurons(const snnrt_population *p, int is_wide, int is_cuba)
{
    const int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    uint32_t i, spikes = 0, changes = 0, word = 0;
    snnrt_v8i32 none = {0};
    snnrt_v8i32 beta = none + p->betas[0], bias = none + p->biases[0], alpha = is_cuba ? none + p->alphas[0] : none;
    snnrt_v8i32 theta = none + (is_wide ? *(const int32_t *)p->thetas : *(const int16_t *)p->thetas);
    snnrt_v8i32 subtracts = none - (int32_t)p->subtracts;
    int32_t slack = (int32_t)p->fires_at_threshold;
    for (i = 0; i + 8 <= p->count; i += 8) {
        snnrt_v8i32 membrane = snnrt_states(p->membranes, i, is_wide), drive, highest, fired, kept, updated, spiking;
        uint32_t mask;
        if (p->arrays & 1) beta = snnrt_decays(p->betas, i);
        if (p->arrays & 4) theta = snnrt_states(p->thetas, i, is_wide);
        if (p->arrays & 8) bias = *(const snnrt_v8i32 *)(p->biases + i);
        drive = snnrt_clamped((*(const snnrt_v8i32 *)(p->input + i) << (int32_t)p->fraction_bits) + bias, limit);
        if (is_cuba) {
            if (p->arrays & 2) alpha = snnrt_decays(p->alphas, i);
            drive = snnrt_clamped(snnrt_decayed(snnrt_states(p->currents, i, is_wide), alpha, is_wide) + drive, limit);
            snnrt_keep(p->currents, i, drive, is_wide);
        }
        highest = theta - slack;
        fired = membrane > highest;
        kept = snnrt_decayed(membrane, beta, is_wide) & (subtracts | ~fired);
        updated = snnrt_clamped(kept - (theta & fired & subtracts) + drive, limit);
        snnrt_keep(p->membranes, i, updated, is_wide);
        spiking = updated > highest;
        mask = snnrt_mask(spiking);
        word |= mask << (i & 31);
        spikes += (uint32_t)__builtin_popcount(mask);
        changes += 8 - (uint32_t)__builtin_popcount(snnrt_mask(updated == membrane));
        if ((i & 31) == 24) {
            p->words[i >> 5] = word;
            word = 0;
        }
    }
    if (i & 31) p->words[i >> 5] = word;
    return (uint64_t)changes << 32 | spikes;
}

/* Resets 1 and 2 of the first count / 8 · 8 neurons; `words` gets their spikes. Returns how many fired, and in the upper half how many
 * membranes changed. */
SNNRT_KERNEL uint64_t snnrt_fire(const snnrt_population *population, uint32_t is_wide)
{
    if (population->currents) return is_wide ? snnrt_neurons(population, 1, 1) : snnrt_neurons(population, 0, 1);
    return is_wide ? snnrt_neurons(population, 1, 0) : snnrt_neurons(population, 0, 0);
}

#endif
#endif
