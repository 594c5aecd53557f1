/* The tick's inner loops for Arm cores with the DSP extension (Cortex-M4, M7, M33 and up): the rows of many events at a time,
 * so that the sums of a few columns stay in registers. The Swift loops are their twins and run on other cores.
 *
 * Sums do not wrap: proved at opening (FORMAT.md section 9.12), so their order is free; what an intermediate sum of fields
 * with an offset wraps it wraps back. Rows lie at any byte and are read in words; the last read of a row ends at its end, and
 * what it takes from before the row, which is the same file, is ignored. */
#ifndef SNNRT_DSP_H
#define SNNRT_DSP_H

#include <stdint.h>

#define SNNRT_KERNEL static __attribute__((unused, noinline))
#define SNNRT_PART static inline __attribute__((unused, always_inline))
/* A loop whose elements are to lie in registers. */
#define SNNRT_EACH(k, count) _Pragma("clang loop unroll(full)") for (k = 0; k < count; k++)

enum { SNNRT_CHUNK = 64 }; /* events listed at a time: even; 64 · 3 < 2^8, 64 · 128 < 2^15 */

/* Two rows and their values, the first in the lower half. */
typedef struct {
    const uint8_t *a, *b;
    uint32_t values;
} snnrt_pair;

typedef struct {
    union {
        const uint8_t *rows[SNNRT_CHUNK]; /* of spikes */
        snnrt_pair pairs[SNNRT_CHUNK / 2];
    };
    uint32_t count;
    int32_t total; /* of the values */
} snnrt_events;

SNNRT_PART uint32_t snnrt_word(const uint8_t *at)
{
    uint32_t word;
    __builtin_memcpy(&word, at, 4);
    return word;
}

SNNRT_PART uint32_t snnrt_half(const uint8_t *at)
{
    uint16_t half;
    __builtin_memcpy(&half, at, 2);
    return half;
}

/* The lower halves of x and y, and their upper ones. */
SNNRT_PART uint32_t snnrt_bottoms(uint32_t x, uint32_t y) { return (x & 0xffff) | y << 16; }
SNNRT_PART uint32_t snnrt_tops(uint32_t x, uint32_t y) { return x >> 16 | (y & 0xffff0000); }

SNNRT_PART uint32_t snnrt_rotated(uint32_t x, uint32_t by) { return x >> by | x << (32 - by); }

/* ---- rows of spikes -------------------------------------------------------------------------- */

/* sums[i] += Σ w[row][i] of 16 int8 weights, in lanes of 16 bits. `column`: bytes into a row. */
SNNRT_KERNEL void snnrt_spikes_int8(const snnrt_events *events, int32_t column, int32_t *sums)
{
    const uint8_t *const *rows = events->rows, *const *end = rows + events->count;
    int32_t even[4] = {0}, odd[4] = {0};
    uint32_t k;
    do {
        const uint8_t *at = *rows++ + column;
        SNNRT_EACH(k, 4) {
            uint32_t word = snnrt_word(at + 4 * k);
            even[k] = __builtin_arm_sxtab16(even[k], (int32_t)word);
            odd[k] = __builtin_arm_sxtab16(odd[k], (int32_t)snnrt_rotated(word, 8));
        }
    } while (rows != end);
    SNNRT_EACH(k, 4) {
        sums[4 * k] += (int16_t)even[k];
        sums[4 * k + 1] += (int16_t)odd[k];
        sums[4 * k + 2] += even[k] >> 16;
        sums[4 * k + 3] += odd[k] >> 16;
    }
}

/* The same of packed weights, `words` words of every row. With its sign bit flipped a field is 0 … 2^bits − 1, the weight plus
 * 2^(bits−1), or whether it is +1; the fields of a byte are summed in as many planes. */
SNNRT_PART void snnrt_spikes_packed(
    const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits, uint32_t words, uint32_t most)
{
    uint32_t planes = 8 / bits, low = ((1u << bits) - 1) * 0x01010101, flip = bits == 4 ? 0x88888888 : bits == 2 ? 0xaaaaaaaa : 0;
    uint32_t first, k, p, b;
    for (first = 0; first < events->count; first += most) {
        const uint8_t *const *rows = events->rows + first, *const *end;
        uint32_t plane[8] = {0}, count = events->count - first < most ? events->count - first : most;
        uint32_t offset = (count << (bits == 1 ? 0 : bits - 1)) * 0x01010101;
        end = rows + count;
        do {
            const uint8_t *at = *rows++ + column;
            SNNRT_EACH(k, words) {
                uint32_t word = snnrt_word(at + 4 * k) ^ flip;
                SNNRT_EACH(p, planes) plane[planes * k + p] += word >> bits * p & low;
            }
        } while (rows != end);
        SNNRT_EACH(k, words)
            SNNRT_EACH(p, planes) {
                uint32_t sum = plane[planes * k + p];
                if (bits == 1) sum += sum; /* 2·(how many are +1) − (how many rows), in 8 bits */
                sum = (uint32_t)__builtin_arm_ssub8((int32_t)sum, (int32_t)offset);
                SNNRT_EACH(b, 4) sums[4 * planes * k + planes * b + p] += (int8_t)(sum >> 8 * b);
            }
    }
}

SNNRT_KERNEL void snnrt_spikes_int4(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 4, 2, 16);
}

SNNRT_KERNEL void snnrt_spikes_ternary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 2, 1, SNNRT_CHUNK);
}

SNNRT_KERNEL void snnrt_spikes_binary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 1, 1, SNNRT_CHUNK);
}

/* ---- rows times values ----------------------------------------------------------------------- */

/* sums[i] += Σ w[row][i]·value of 4 weights, or 8 of less than 4 bits: a field of two rows times their values is one
 * instruction. */
SNNRT_PART void snnrt_products(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    const snnrt_pair *pair = events->pairs, *end = pair + ((events->count + 1) >> 1);
    uint32_t width = bits < 4 ? 8 : 4, low = ((1u << bits) - 1) * 0x00010001, k;
    /* With its sign bit flipped a field of 2 or 4 bits is the weight plus 2^(bits−1); binary, it is whether that is +1. */
    int32_t offset = bits == 1 ? -events->total : bits < 8 ? -events->total * (1 << (bits - 1)) : 0, sum[8];
    SNNRT_EACH(k, width) sum[k] = bits == 1 ? 0 : offset;
    do {
        const uint8_t *a = pair->a + column, *b = pair->b + column;
        int32_t values = (int32_t)pair->values;
        pair++;
        if (bits == 16) {
            SNNRT_EACH(k, 2) {
                uint32_t x = snnrt_word(a + 4 * k), y = snnrt_word(b + 4 * k);
                sum[2 * k] = __builtin_arm_smlad((int32_t)snnrt_bottoms(x, y), values, sum[2 * k]);
                sum[2 * k + 1] = __builtin_arm_smlad((int32_t)snnrt_tops(x, y), values, sum[2 * k + 1]);
            }
        } else if (bits == 8) {
            uint32_t x = snnrt_word(a), y = snnrt_word(b);
            SNNRT_EACH(k, 4) {
                uint32_t fields = k < 2 ? snnrt_bottoms(x, y) : snnrt_tops(x, y);
                fields = k & 1 ? snnrt_rotated(fields, 8) : fields;
                sum[k] = __builtin_arm_smlad(__builtin_arm_sxtb16((int32_t)fields), values, sum[k]);
            }
        } else {
            uint32_t flip = bits == 4 ? 0x88888888 : bits == 2 ? 0xaaaaaaaa : 0;
            uint32_t fields = (bits == 1 ? (uint32_t)*a | (uint32_t)*b << 16 : snnrt_half(a) | snnrt_half(b) << 16) ^ flip;
            SNNRT_EACH(k, width) sum[k] = __builtin_arm_smlad((int32_t)(fields >> bits * k & low), values, sum[k]);
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

/* ---- lists of events ------------------------------------------------------------------------- */

/* Adds the rows of `length` weights of all events, listed as spikes or as pairs, and empties the list. */
SNNRT_KERNEL void snnrt_add_events(snnrt_events *events, uint32_t bits, uint32_t are_spikes, int32_t *sums, uint32_t length)
{
    void (*add)(const snnrt_events *, int32_t, int32_t *);
    uint32_t width, step, byte_count = (length * bits + 7) / 8, column = 0, k;
    int32_t last[32];
    if (events->count == 0) return;
    if (are_spikes) {
        add = bits == 8 ? snnrt_spikes_int8 : bits == 4 ? snnrt_spikes_int4 : bits == 2 ? snnrt_spikes_ternary : snnrt_spikes_binary;
        width = bits == 1 ? 32 : 16;
    } else {
        add = bits == 16  ? snnrt_products_int16
              : bits == 8 ? snnrt_products_int8
              : bits == 4 ? snnrt_products_int4
              : bits == 2 ? snnrt_products_ternary
                          : snnrt_products_binary;
        width = bits < 4 ? 8 : 4;
    }
    step = width * bits / 8;
    for (; length >= width; length -= width, column += step, sums += width) add(events, (int32_t)column, sums);
    if (length > 0) {
        const int32_t *from = last + (step - (byte_count - column)) * 8 / bits;
        for (k = 0; k < width; k++) last[k] = 0;
        add(events, (int32_t)(byte_count - step), last);
        for (k = 0; k < length; k++) sums[k] += from[k];
    }
    events->count = 0;
    events->total = 0;
}

SNNRT_PART void snnrt_list(snnrt_events *events, const uint8_t *row, int32_t value, uint32_t are_spikes)
{
    snnrt_pair *pair = events->pairs + (events->count >> 1);
    if (are_spikes) {
        events->rows[events->count++] = row;
        return;
    }
    events->total += value;
    if (events->count++ & 1) {
        pair->b = row;
        pair->values |= (uint32_t)value << 16;
    } else {
        pair->a = pair->b = row;
        pair->values = value & 0xffff;
    }
}

/* Adds the rows of the spikes in `words` to the sums: of `inputs` sources and `length` sums to a group. */
SNNRT_KERNEL void snnrt_add_spikes(
    uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words, uint32_t word_count, uint32_t inputs, int32_t *sums,
    uint32_t length)
{
    snnrt_events events;
    uint32_t number, first = 0;
    events.count = 0;
    events.total = 0;
    for (number = 0; number < word_count; number++) {
        uint32_t word = words[number];
        while (word != 0) {
            uint32_t element = 32 * number + (uint32_t)__builtin_ctz(word);
            word &= word - 1;
            if (element - first >= inputs || events.count == SNNRT_CHUNK) {
                snnrt_add_events(&events, bits, bits != 16, sums, length);
                for (; element - first >= inputs; first += inputs) sums += length;
            }
            snnrt_list(&events, (const uint8_t *)runs + (element - first) * stride, 1, bits != 16);
        }
    }
    snnrt_add_events(&events, bits, bits != 16, sums, length);
}

/* The same of elements that are not 0, times them: of `narrow`, or of `wide` rounded by the source shift and clamped
 * (FORMAT.md section 9.2). Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(
    uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow, const int32_t *wide, uint32_t shift,
    uint32_t source_count, uint32_t inputs, int32_t *sums, uint32_t length)
{
    snnrt_events events;
    const uint8_t *row = (const uint8_t *)runs;
    uint32_t count = 0, left = inputs, j;
    events.count = 0;
    events.total = 0;
    for (j = 0; j < source_count; j++) {
        int32_t value;
        if (wide) {
            value = shift == 0 ? wide[j] : (wide[j] >> shift) + (wide[j] >> (shift - 1) & 1);
            value = value > 32767 ? 32767 : value < -32767 ? -32767 : value;
        } else {
            value = narrow[j];
        }
        if (value != 0) {
            snnrt_list(&events, row, value, 0);
            count++;
        }
        row += stride;
        left--;
        if (left == 0 || events.count == SNNRT_CHUNK) {
            snnrt_add_events(&events, bits, 0, sums, length);
            if (left == 0) {
                row = (const uint8_t *)runs;
                left = inputs;
                sums += length;
            }
        }
    }
    return count;
}

#endif
