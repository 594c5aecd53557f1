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

enum { SNNRT_CHUNK = 64 }; /* events listed at a time: a multiple of 4; 64 · 3 < 2^8, 64 · 128 < 2^15 */

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
    uint32_t count; /* of rows, or of pairs */
    int32_t total;  /* of the values */
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

/* Eight words at a time; a C library's memset may take a byte at a time. */
SNNRT_KERNEL void snnrt_clear(uint32_t *words, uint32_t count)
{
    for (; count >= 8; count -= 8)
        __asm__("strd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8\n\tstrd %1, %1, [%0], #8"
                : "+r"(words) : "r"(0) : "memory");
    for (; count != 0; count--) __asm__("str %1, [%0], #4" : "+r"(words) : "r"(0) : "memory");
}

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

/* sums[step·k] += byte k of a plane less `offset`: of 1 bit twice the byte. */
SNNRT_PART void snnrt_add_plane(int32_t *sums, uint32_t plane, uint32_t step, uint32_t offset, uint32_t bits)
{
    uint32_t k;
    if (bits == 1) plane += plane;
    plane = (uint32_t)__builtin_arm_ssub8((int32_t)plane, (int32_t)offset);
    SNNRT_EACH(k, 4) sums[step * k] += (int8_t)(plane >> 8 * k);
}

/* sums[i] += Σ w[row][i] of packed weights, `words` words of every row. With its sign bit flipped a field is 0 … 2^bits − 1, the
 * weight plus 2^(bits−1), or whether it is +1; the fields of a byte are summed in as many planes, of up to `most` rows. */
SNNRT_PART void snnrt_spikes_packed(
    const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits, uint32_t words, uint32_t most)
{
    uint32_t planes = 8 / bits, low = ((1u << bits) - 1) * 0x01010101, flip = bits == 4 ? 0x88888888 : bits == 2 ? 0xaaaaaaaa : 0;
    uint32_t first, k, p;
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
        if (bits == 1) {
            uint32_t last[8];
            SNNRT_EACH(p, 8) last[p] = plane[p];
            _Pragma("clang loop unroll(disable)") for (p = 0; p < 8; p++) snnrt_add_plane(sums + p, last[p], 8, offset, 1);
        } else {
            SNNRT_EACH(k, words)
                SNNRT_EACH(p, planes) snnrt_add_plane(sums + 4 * planes * k + p, plane[planes * k + p], planes, offset, bits);
        }
    }
}

/* The same of 8 int16 weights. */
SNNRT_KERNEL void snnrt_spikes_int16(const snnrt_events *events, int32_t column, int32_t *sums)
{
    const uint8_t *const *rows = events->rows, *const *end = rows + events->count;
    int32_t sum[8] = {0};
    uint32_t k;
    do {
        const uint8_t *at = *rows++ + column;
        SNNRT_EACH(k, 4) {
            int32_t word = (int32_t)snnrt_word(at + 4 * k);
            sum[2 * k] += (int16_t)word;
            sum[2 * k + 1] += word >> 16;
        }
    } while (rows != end);
    SNNRT_EACH(k, 8) sums[k] += sum[k];
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

/* sum[k] += the fields of a pair of rows times its values, of 4 weights, or 8 of less than 4 bits. */
SNNRT_PART void snnrt_add_products(const uint8_t *a, const uint8_t *b, int32_t values, int32_t *sum, uint32_t bits)
{
    uint32_t width = bits < 4 ? 8 : 4, low = ((1u << bits) - 1) * 0x00010001, k;
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
                             : "+r"(pair), "=r"(a), "=r"(b), "=r"(values), "=r"(c), "=r"(d), "=r"(more) : : "memory");
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

/* ---- lists of events ------------------------------------------------------------------------- */

/* Adds all columns of the listed events, `width` at a time. */
SNNRT_KERNEL void snnrt_add_columns(
    const snnrt_events *events, void (*add)(const snnrt_events *, int32_t, int32_t *), uint32_t width, uint32_t bits, int32_t *sums,
    uint32_t length)
{
    uint32_t step = width * bits / 8, byte_count = (length * bits + 7) / 8, column = 0, k;
    int32_t last[32];
    for (; length >= width; length -= width, column += step, sums += width) add(events, (int32_t)column, sums);
    if (length > 0) {
        const int32_t *from = last + (step - (byte_count - column)) * 8 / bits;
        snnrt_clear((uint32_t *)last, width);
        add(events, (int32_t)(byte_count - step), last);
        for (k = 0; k < length; k++) sums[k] += from[k];
    }
}

/* Adds `count` rows of `length` weights. */
SNNRT_PART void snnrt_add_rows(snnrt_events *events, uint32_t count, uint32_t bits, int32_t *sums, uint32_t length)
{
    if (count == 0) return;
    events->count = count;
    if (bits == 16)
        snnrt_add_columns(events, snnrt_spikes_int16, 8, 16, sums, length);
    else if (bits == 8)
        snnrt_add_columns(events, snnrt_spikes_int8, 16, 8, sums, length);
    else if (bits == 4)
        snnrt_add_columns(events, snnrt_spikes_int4, 16, 4, sums, length);
    else if (bits == 2)
        snnrt_add_columns(events, snnrt_spikes_ternary, 16, 2, sums, length);
    else
        snnrt_add_columns(events, snnrt_spikes_binary, 32, 1, sums, length);
}

/* Adds `count` pairs of rows of `length` weights, times their values. */
SNNRT_PART void snnrt_add_pairs(snnrt_events *events, uint32_t count, uint32_t bits, int32_t *sums, uint32_t length)
{
    if (count == 0) return;
    if (count & 1) {
        events->pairs[count] = events->pairs[0];
        events->pairs[count++].values = 0;
    }
    events->count = count;
    if (bits == 16)
        snnrt_add_columns(events, snnrt_products_int16, 4, 16, sums, length);
    else if (bits == 8)
        snnrt_add_columns(events, snnrt_products_int8, 4, 8, sums, length);
    else if (bits == 4)
        snnrt_add_columns(events, snnrt_products_int4, 4, 4, sums, length);
    else if (bits == 2)
        snnrt_add_columns(events, snnrt_products_ternary, 8, 2, sums, length);
    else
        snnrt_add_columns(events, snnrt_products_binary, 8, 1, sums, length);
}

/* Adds the rows of the spikes in `words` to the sums: of `inputs` sources and `length` sums to a group. */
SNNRT_KERNEL void snnrt_add_spikes(
    uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words, uint32_t word_count, uint32_t inputs, int32_t *sums,
    uint32_t length)
{
    snnrt_events events;
    const uint8_t **row = events.rows, **const full = events.rows + SNNRT_CHUNK;
    uint32_t number, first = 0;
    for (number = 0; number < word_count; number++) {
        uint32_t word = words[number];
        for (; word != 0; word &= word - 1) {
            uint32_t element = 32 * number + (uint32_t)__builtin_ctz(word);
            if (element - first >= inputs || row == full) {
                snnrt_add_rows(&events, (uint32_t)(row - events.rows), bits, sums, length);
                for (; element - first >= inputs; first += inputs) sums += length;
                row = events.rows;
            }
            *row++ = (const uint8_t *)runs + (element - first) * stride;
        }
    }
    snnrt_add_rows(&events, (uint32_t)(row - events.rows), bits, sums, length);
}

/* Element j of `narrow`, or of `wide` rounded by the source shift and clamped (FORMAT.md section 9.2). */
SNNRT_PART int32_t snnrt_value(const int16_t *narrow, const int32_t *wide, uint32_t shift, uint32_t j)
{
    int32_t value;
    if (narrow) return narrow[j];
    value = shift == 0 ? wide[j] : (wide[j] >> shift) + (wide[j] >> (shift - 1) & 1);
    return value > 32767 ? 32767 : value < -32767 ? -32767 : value;
}

/* Lists elements j ..< end that are not 0 until the list is full. Returns the element to go on with. */
SNNRT_PART uint32_t snnrt_list_values(
    snnrt_events *events, const int16_t *narrow, const int32_t *wide, uint32_t shift, uint32_t j, uint32_t end, const uint8_t *row,
    uint32_t stride)
{
    snnrt_pair *pair = events->pairs, *const full = events->pairs + SNNRT_CHUNK / 2;
    const uint8_t *odd = 0;
    int32_t odd_value = 0, total = 0;
    for (; j < end; j++, row += stride) {
        int32_t value = snnrt_value(narrow, wide, shift, j);
        if (value == 0) continue;
        if (pair == full) break;
        total += value;
        if (odd) {
            pair->a = odd;
            pair->b = row;
            pair++->values = (odd_value & 0xffff) | (uint32_t)value << 16;
            odd = 0;
        } else {
            odd = row;
            odd_value = value;
        }
    }
    events->count = 2 * (uint32_t)(pair - events->pairs);
    events->total = total;
    if (odd) {
        pair->a = pair->b = odd;
        pair->values = odd_value & 0xffff;
        events->count++;
    }
    return j;
}

SNNRT_KERNEL uint32_t snnrt_list_narrow(
    snnrt_events *events, const int16_t *values, uint32_t j, uint32_t end, const uint8_t *row, uint32_t stride)
{
    return snnrt_list_values(events, values, 0, 0, j, end, row, stride);
}

SNNRT_KERNEL uint32_t snnrt_list_wide(
    snnrt_events *events, const int32_t *values, uint32_t shift, uint32_t j, uint32_t end, const uint8_t *row, uint32_t stride)
{
    return snnrt_list_values(events, 0, values, shift, j, end, row, stride);
}

/* The same of elements that are not 0, times them: of `narrow`, or of `wide` by the source shift. Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(
    uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow, const int32_t *wide, uint32_t shift,
    uint32_t source_count, uint32_t inputs, int32_t *sums, uint32_t length)
{
    snnrt_events events;
    uint32_t count = 0, first, j;
    for (first = 0; first < source_count; first += inputs, sums += length)
        for (j = first; j < first + inputs;) {
            const uint8_t *row = (const uint8_t *)runs + (j - first) * stride;
            j = narrow ? snnrt_list_narrow(&events, narrow, j, first + inputs, row, stride)
                       : snnrt_list_wide(&events, wide, shift, j, first + inputs, row, stride);
            count += events.count;
            snnrt_add_pairs(&events, (events.count + 1) / 2, bits, sums, length);
        }
    return count;
}

/* ---- synapses with targets of their own ------------------------------------------------------ */

/* Element j of the source has the synapses runs[j·delay_count] ..< runs[j·delay_count + 1]. */
typedef struct {
    uint32_t bits, target_bits, delay_count;
    const void *weights, *targets;
    const uint32_t *runs;
    int32_t *sums;
} snnrt_synapses;

SNNRT_PART int32_t snnrt_element(const void *at, uint32_t bits) { return bits == 8 ? *(const int8_t *)at : *(const int16_t *)at; }

SNNRT_PART int32_t snnrt_lowest(uint32_t fields, uint32_t bits)
{
    return bits == 1 ? (int32_t)(fields & 1) * 2 - 1 : (int32_t)(fields << (32 - bits)) >> (32 - bits);
}

/* sums[target] += w·value of a run of synapses. Returns how many they are. */
SNNRT_PART uint32_t snnrt_add_synapses(const snnrt_synapses *synapses, const uint32_t *run, int32_t value, uint32_t bits)
{
    const uint8_t *weights = (const uint8_t *)synapses->weights;
    uint32_t first = run[0], count = run[1] - first, left = count;
    const uint16_t *target = (const uint16_t *)synapses->targets + first;
    int32_t *sums = synapses->sums;
    if (bits >= 8) {
        for (weights += first * (bits / 8); left != 0; left--, weights += bits / 8)
            sums[*target++] += snnrt_element(weights, bits) * value;
    } else {
        while (left != 0) {
            /* A word has its first field at bit 7 at the latest; behind the last weights comes the file's trailer. */
            uint32_t most = bits == 4 ? 7 : bits == 2 ? 13 : 25, n = left < most ? left : most;
            uint32_t fields = snnrt_word(weights + (first * bits >> 3)) >> (first * bits & 7);
            left -= n;
            first += n;
            do {
                sums[*target++] += snnrt_lowest(fields, bits) * value;
                fields >>= bits;
            } while (--n != 0);
        }
    }
    return count;
}

SNNRT_KERNEL uint32_t snnrt_synapses_int16(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 16);
}

SNNRT_KERNEL uint32_t snnrt_synapses_int8(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 8);
}

SNNRT_KERNEL uint32_t snnrt_synapses_int4(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 4);
}

SNNRT_KERNEL uint32_t snnrt_synapses_ternary(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 2);
}

SNNRT_KERNEL uint32_t snnrt_synapses_binary(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 1);
}

/* The same of targets of 32 bits. */
SNNRT_KERNEL uint32_t snnrt_synapses_far(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    const uint8_t *weights = (const uint8_t *)synapses->weights;
    const uint32_t *targets = (const uint32_t *)synapses->targets;
    uint32_t bits = synapses->bits, i;
    for (i = run[0]; i != run[1]; i++)
        synapses->sums[targets[i]] += value * (bits >= 8 ? snnrt_element(weights + i * (bits / 8), bits)
                                                        : snnrt_lowest(weights[i * bits >> 3] >> (i * bits & 7), bits));
    return i - run[0];
}

typedef uint32_t snnrt_run_loop(const snnrt_synapses *, const uint32_t *, int32_t);

SNNRT_KERNEL snnrt_run_loop *snnrt_loop_of(const snnrt_synapses *synapses)
{
    if (synapses->target_bits == 32) return snnrt_synapses_far;
    if (synapses->bits == 16) return snnrt_synapses_int16;
    if (synapses->bits == 8) return snnrt_synapses_int8;
    if (synapses->bits == 4) return snnrt_synapses_int4;
    return synapses->bits == 2 ? snnrt_synapses_ternary : snnrt_synapses_binary;
}

/* Adds the synapses of the spikes in `words`. Returns how many they are. */
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_spikes(const snnrt_synapses *synapses, const uint32_t *words, uint32_t word_count)
{
    snnrt_run_loop *add = snnrt_loop_of(synapses);
    const uint32_t *runs = synapses->runs;
    uint32_t number, count = 0, stride = synapses->delay_count;
    for (number = 0; number < word_count; number++, runs += 32 * stride) {
        uint32_t word = words[number];
        for (; word != 0; word &= word - 1) count += add(synapses, runs + stride * (uint32_t)__builtin_ctz(word), 1);
    }
    return count;
}

/* The same of elements that are not 0, times them. */
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_values(
    const snnrt_synapses *synapses, const int16_t *narrow, const int32_t *wide, uint32_t shift, uint32_t source_count)
{
    snnrt_run_loop *add = snnrt_loop_of(synapses);
    const uint32_t *runs = synapses->runs;
    uint32_t j, count = 0;
    for (j = 0; j < source_count; j++, runs += synapses->delay_count) {
        int32_t value = snnrt_value(narrow, wide, shift, j);
        if (value != 0) count += add(synapses, runs, value);
    }
    return count;
}

/* ---- sums that join a current ---------------------------------------------------------------- */

/* x >> shift, 0 ≤ shift ≤ 31. */
SNNRT_PART int64_t snnrt_shifted(int64_t x, uint32_t shift)
{
    uint32_t high = (uint32_t)((uint64_t)x >> 32), low = (uint32_t)x >> shift | high << 1 << (31 - shift);
    return (int64_t)((uint64_t)(uint32_t)((int32_t)high >> shift) << 32 | low);
}

SNNRT_PART int64_t snnrt_half_of(uint32_t shift) { return shift == 0 ? 0 : (int64_t)(1ull << (shift - 1)); }

SNNRT_PART int32_t snnrt_clamped(int64_t x)
{
    int32_t low = (int32_t)x, high = (int32_t)(x >> 32);
    if (high != low >> 31) {
        low = high >> 31 ^ INT32_MAX;
        __asm__("" : "+r"(low)); /* rare: a branch */
    }
    return low;
}

/* x limited to ±L: the processor saturates to −L − 1 … L. */
SNNRT_PART int32_t snnrt_limited(int32_t x, uint32_t is_wide)
{
    int32_t limited;
    if (is_wide)
        __asm__("ssat %0, #31, %1\n\tcmn %0, #0x40000000\n\tit eq\n\taddeq %0, %0, #1" : "=&r"(limited) : "r"(x) : "cc");
    else
        __asm__("ssat %0, #16, %1\n\tcmn %0, #0x8000\n\tit eq\n\taddeq %0, %0, #1" : "=&r"(limited) : "r"(x) : "cc");
    return limited;
}

/* current[i] += rnd( sums[i]·multipliers[i mod period], shift ), shift ≤ 47, which fits 32 bits. `count` is a multiple of period. */
SNNRT_KERNEL void snnrt_join_multiplied(
    int32_t *current, const int32_t *sums, const int32_t *multipliers, uint32_t shift, uint32_t count, uint32_t period)
{
    int64_t half = snnrt_half_of(shift);
    const int32_t *end = current + count;
    while (current != end) {
        const int32_t *multiplier = multipliers, *last = multipliers + period;
        if (shift < 32)
            do *current++ += (int32_t)snnrt_shifted((int64_t)*sums++ * *multiplier++ + half, shift);
            while (multiplier != last);
        else
            do *current++ += (int32_t)(((int64_t)*sums++ * *multiplier++ + half) >> 32) >> (shift - 32);
            while (multiplier != last);
    }
}

/* Activation with the function clip (FORMAT.md section 9.11); `arrays`: bit 0 multiplier, bit 1 bias, of `period` elements.
 * Returns how many outputs are not 0. */
SNNRT_KERNEL uint32_t snnrt_clip(
    const int32_t *input, int16_t *output, const int32_t *multipliers, const int32_t *biases, uint32_t arrays, uint32_t shift,
    int32_t low, int32_t high, uint32_t count, uint32_t period)
{
    int64_t half = snnrt_half_of(shift);
    const int16_t *end = output + count;
    uint32_t events = 0, multiplier_step = arrays & 1, bias_step = arrays >> 1 & 1;
    while (output != end) {
        const int32_t *multiplier = multipliers, *bias = biases;
        const int16_t *last = output + period;
        do {
            int64_t scaled = (int64_t)(*input++ + *bias) * *multiplier + half;
            int32_t y = shift < 32 ? snnrt_clamped(snnrt_shifted(scaled, shift)) : (int32_t)(scaled >> 32) >> (shift - 32);
            y = y > high ? high : y < low ? low : y;
            *output++ = (int16_t)y;
            events += y != 0;
            multiplier += multiplier_step;
            bias += bias_step;
        } while (output != last);
    }
    return events;
}

/* ---- memory ---------------------------------------------------------------------------------- */

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ), A and B of 8 or 16 bits (FORMAT.md section 9.4), shifts
 * below 31. */
SNNRT_PART void snnrt_memory_loop(
    uint32_t bits, const uint8_t *row, const uint8_t *column, uint32_t a_shift, uint32_t b_shift, const int32_t *before,
    int32_t drive, uint32_t order, void *state, uint32_t is_wide)
{
    int64_t a_half = snnrt_half_of(a_shift), b_half = snnrt_half_of(b_shift);
    uint32_t i, left;
    for (i = 0; i < order; i++, column += bits / 8) {
        const int32_t *m = before;
        int64_t sum = a_half;
        for (left = order; left != 0; left--, row += bits / 8) sum += (int64_t)snnrt_element(row, bits) * *m++;
        sum = snnrt_shifted(sum, a_shift) + snnrt_shifted((int64_t)snnrt_element(column, bits) * drive + b_half, b_shift);
        if (is_wide)
            ((int32_t *)state)[i] = snnrt_limited(snnrt_clamped(sum), 1);
        else
            ((int16_t *)state)[i] = (int16_t)snnrt_limited(snnrt_clamped(sum), 0);
    }
}

/* The same of 16 bits throughout: two products an instruction, and B·drive in 32 bits, |B·drive| ≤ 2^30. A·before may be
 * saturated before the other is added: with |other| ≤ 2^30 the sum stays beyond L. Where the order is odd, before[order] is 0,
 * times the weight behind the row's, or the file's trailer. */
SNNRT_KERNEL void snnrt_memory_narrow(
    const uint8_t *row, const int16_t *column, uint32_t a_shift, uint32_t b_shift, const uint8_t *before, int32_t drive,
    uint32_t order, int16_t *state)
{
    uint32_t a_half = 1u << a_shift >> 1, skip = 2 * (order & 1);
    int32_t b_half = 1 << b_shift >> 1;
    int16_t *end = state + order;
    do {
        const uint8_t *m = before;
        uint32_t left = (order + 1) >> 1;
        int64_t sum = a_half;
        int32_t kept;
        do {
            sum = __builtin_arm_smlald((int32_t)snnrt_word(row), (int32_t)snnrt_word(m), sum);
            row += 4;
            m += 4;
        } while (--left != 0);
        row -= skip;
        kept = snnrt_clamped(snnrt_shifted(sum, a_shift));
        *state++ = (int16_t)snnrt_limited(__builtin_arm_qadd(kept, (*column++ * drive + b_half) >> b_shift), 0);
    } while (state != end);
}

/* `before` has room for another half and is overwritten. */
SNNRT_KERNEL void snnrt_memory(
    uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift, uint32_t b_shift, int32_t *before,
    int32_t drive, uint32_t order, void *state, uint32_t is_wide)
{
    const uint8_t *rows = (const uint8_t *)state_matrix, *column = (const uint8_t *)input_matrix;
    uint32_t i;
    if (bits == 16 && !is_wide) {
        for (i = 0; i < order; i++) ((int16_t *)before)[i] = (int16_t)before[i];
        ((int16_t *)before)[order] = 0;
        snnrt_memory_narrow(
            rows, (const int16_t *)input_matrix, a_shift, b_shift, (const uint8_t *)before, drive, order, (int16_t *)state);
    } else if (bits == 16) {
        snnrt_memory_loop(16, rows, column, a_shift, b_shift, before, drive, order, state, 1);
    } else {
        snnrt_memory_loop(8, rows, column, a_shift, b_shift, before, drive, order, state, is_wide);
    }
}

/* ---- neurons --------------------------------------------------------------------------------- */

/* A population of FORMAT.md section 9.3 that resets in the next tick. A parameter is an array of `period` elements, or one for
 * all where its bit in `arrays` is clear: 1 decay, 2 synaptic decay, 4 threshold, 8 bias. */
typedef struct {
    void *membranes;
    void *currents; /* CuBa models, else NULL */
    const int32_t *input;
    const uint16_t *betas, *alphas;
    const void *thetas;
    const int32_t *biases;
    uint32_t *words;
    uint32_t arrays;
    uint32_t period;
    uint32_t fraction_bits;
    uint32_t count;
    uint32_t fires_at_threshold, subtracts;
} snnrt_population;

SNNRT_PART int32_t snnrt_load(const void *at, uint32_t is_wide) { return is_wide ? *(const int32_t *)at : *(const int16_t *)at; }

SNNRT_PART void snnrt_store(void *at, int32_t x, uint32_t is_wide)
{
    if (is_wide)
        *(int32_t *)at = x;
    else
        *(int16_t *)at = (int16_t)x;
}

/* tz( x·decay, 15 ). */
SNNRT_PART int32_t snnrt_decayed(int32_t x, uint32_t decay, uint32_t is_wide)
{
    if (is_wide) {
        int64_t product = (int64_t)x * (int32_t)decay;
        return (int32_t)((product + ((uint32_t)(product >> 63) >> 17)) >> 15);
    } else {
        int32_t product = x * (int32_t)decay;
        return (product + (int32_t)((uint32_t)(product >> 31) >> 17)) >> 15;
    }
}

/* drives[i] = clamp( input[i]·2^bits + bias, L ). */
SNNRT_PART void snnrt_drive(
    const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits, int32_t *drives, uint32_t count, uint32_t is_wide)
{
    do {
        *drives++ = snnrt_limited((*input++ << bits) + *bias, is_wide);
        bias += step;
    } while (--count != 0);
}

/* Y = clamp( tz( Y·α, 15 ) + I, L ), and I with it. */
SNNRT_PART void snnrt_filter(
    uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives, uint32_t count, uint32_t is_wide)
{
    do {
        *drives = snnrt_limited(snnrt_decayed(snnrt_load(currents, is_wide), *decay, is_wide) + *drives, is_wide);
        snnrt_store(currents, *drives++, is_wide);
        currents += is_wide ? 4 : 2;
        decay += step;
    } while (--count != 0);
}

typedef struct {
    const uint16_t *decay;
    const uint8_t *theta;
    uint32_t decay_step, theta_step; /* bytes */
    int32_t slack;                   /* U ≥ θ is U > θ − 1 */
    uint32_t subtracts;
} snnrt_membrane;

/* Returns the spikes of `count` ≤ 32 neurons. */
SNNRT_PART uint32_t snnrt_fire(uint8_t *states, const int32_t *drives, const snnrt_membrane *p, uint32_t count, uint32_t is_wide)
{
    const uint8_t *decay = (const uint8_t *)p->decay, *theta = p->theta;
    uint32_t decay_step = p->decay_step, theta_step = p->theta_step, word = 0, bit = 1u << (32 - count);
    int32_t slack = p->slack;
    do {
        int32_t membrane = snnrt_load(states, is_wide), highest = snnrt_load(theta, is_wide) - slack;
        int32_t kept = snnrt_decayed(membrane, *(const uint16_t *)decay, is_wide);
        if (membrane > highest) {
            kept = p->subtracts ? kept - (highest + slack) : 0;
            __asm__("" : "+r"(kept)); /* few fire: a branch */
        }
        membrane = snnrt_limited(kept + *drives++, is_wide);
        snnrt_store(states, membrane, is_wide);
        if (membrane > highest) word |= bit;
        states += is_wide ? 4 : 2;
        decay += decay_step;
        theta += theta_step;
    } while ((bit <<= 1) != 0);
    return word >> (32 - count);
}

SNNRT_KERNEL void snnrt_drive_narrow(
    const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits, int32_t *drives, uint32_t count)
{
    snnrt_drive(input, bias, step, bits, drives, count, 0);
}

SNNRT_KERNEL void snnrt_drive_wide(
    const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits, int32_t *drives, uint32_t count)
{
    snnrt_drive(input, bias, step, bits, drives, count, 1);
}

SNNRT_KERNEL void snnrt_filter_narrow(uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives, uint32_t count)
{
    snnrt_filter(currents, decay, step, drives, count, 0);
}

SNNRT_KERNEL void snnrt_filter_wide(uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives, uint32_t count)
{
    snnrt_filter(currents, decay, step, drives, count, 1);
}

SNNRT_KERNEL uint32_t snnrt_fire_narrow(uint8_t *states, const int32_t *drives, const snnrt_membrane *parameters, uint32_t count)
{
    return snnrt_fire(states, drives, parameters, count, 0);
}

SNNRT_KERNEL uint32_t snnrt_fire_wide(uint8_t *states, const int32_t *drives, const snnrt_membrane *parameters, uint32_t count)
{
    return snnrt_fire(states, drives, parameters, count, 1);
}

/* `count` ≤ 32 neurons from `first` on, whose parameters begin at `k`. Returns their spikes. In passes, each of which has what
 * it needs in registers. */
SNNRT_PART uint32_t snnrt_reset_later_span(const snnrt_population *p, uint32_t first, uint32_t k, uint32_t count, uint32_t is_wide)
{
    uint32_t width = is_wide ? 4 : 2, decay_step = p->arrays & 1, filter_step = p->arrays >> 1 & 1, bias_step = p->arrays >> 3 & 1;
    uint32_t theta_step = p->arrays & 4 ? width : 0;
    snnrt_membrane membrane = {p->betas + decay_step * k, (const uint8_t *)p->thetas + theta_step * k, 2 * decay_step, theta_step,
                               (int32_t)p->fires_at_threshold, p->subtracts};
    uint8_t *states = (uint8_t *)p->membranes + width * first, *currents = (uint8_t *)p->currents + width * first;
    int32_t drives[32];
    (is_wide ? snnrt_drive_wide : snnrt_drive_narrow)(
        p->input + first, p->biases + bias_step * k, bias_step, p->fraction_bits, drives, count);
    if (p->currents)
        (is_wide ? snnrt_filter_wide : snnrt_filter_narrow)(currents, p->alphas + filter_step * k, filter_step, drives, count);
    return (is_wide ? snnrt_fire_wide : snnrt_fire_narrow)(states, drives, &membrane, count);
}

/* Ticks the population. Returns how many fired, and in the upper half how many membranes changed, if those are to be counted. */
SNNRT_KERNEL uint64_t snnrt_reset_later(const snnrt_population *population, uint32_t is_wide, uint32_t counts_changes)
{
    uint32_t count = population->count, spikes = 0, changes = 0, k = 0, first = 0, number, i;
    for (number = 0; first < count; number++) {
        uint32_t end = count - first < 32 ? count : first + 32, word = 0;
        const uint8_t *states = (const uint8_t *)population->membranes;
        int32_t before[32];
        if (counts_changes)
            for (i = first; i < end; i++) before[i & 31] = snnrt_load(states + (is_wide ? 4 : 2) * i, is_wide);
        while (first < end) {
            uint32_t span = end - first < population->period - k ? end - first : population->period - k, fired;
            fired = snnrt_reset_later_span(population, first, k, span, is_wide);
            word |= fired << (first & 31);
            first += span;
            k += span;
            if (k == population->period) k = 0;
        }
        if (counts_changes)
            for (i = 32 * number; i < end; i++) changes += before[i & 31] != snnrt_load(states + (is_wide ? 4 : 2) * i, is_wide);
        population->words[number] = word;
        for (; word != 0; word &= word - 1) spikes++;
    }
    return (uint64_t)changes << 32 | spikes;
}

#endif
