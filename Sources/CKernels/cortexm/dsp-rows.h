/* Weights from events to sums: part of dsp.h. The rows of many events at a time, so that the sums of a few columns stay in
 * registers.
 *
 * Sums do not wrap: proved at opening (format.md section 9.12), so their order is free; what an intermediate sum of fields
 * with an offset wraps it wraps back. Rows lie at any byte and are read in words; the last read of a row ends at its end, and
 * what it takes from before the row, which is the same file, is ignored. */
#ifndef SNNRT_DSP_ROWS_H
#define SNNRT_DSP_ROWS_H

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
        SNNRT_EACH(k, 4)
        {
            uint32_t word = snnrt_word(at + 4 * k);
            even[k] = __builtin_arm_sxtab16(even[k], (int32_t)word);
            odd[k] = __builtin_arm_sxtab16(odd[k], (int32_t)snnrt_rotated(word, 8));
        }
    } while (rows != end);
    SNNRT_EACH(k, 4)
    {
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
SNNRT_PART void snnrt_spikes_packed(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits,
                                    uint32_t words, uint32_t most)
{
    uint32_t planes = 8 / bits, low = ((1u << bits) - 1) * 0x01010101,
             flip = bits == 4   ? 0x88888888
                    : bits == 2 ? 0xaaaaaaaa
                                : 0;
    uint32_t first, k, p;
    for (first = 0; first < events->count; first += most) {
        const uint8_t *const *rows = events->rows + first, *const * end;
        uint32_t plane[8] = {0}, count = events->count - first < most ? events->count - first : most;
        uint32_t offset = (count << (bits == 1 ? 0 : bits - 1)) * 0x01010101;
        end = rows + count;
        do {
            const uint8_t *at = *rows++ + column;
            SNNRT_EACH(k, words)
            {
                uint32_t word = snnrt_word(at + 4 * k) ^ flip;
                SNNRT_EACH(p, planes) plane[planes * k + p] += word >> bits * p & low;
            }
        } while (rows != end);
        if (bits == 1) {
            uint32_t last[8];
            SNNRT_EACH(p, 8) last[p] = plane[p];
            _Pragma("clang loop unroll(disable)") for (p = 0; p < 8; p++)
                snnrt_add_plane(sums + p, last[p], 8, offset, 1);
        } else {
            SNNRT_EACH(k, words)
            SNNRT_EACH(p, planes)
            snnrt_add_plane(sums + 4 * planes * k + p, plane[planes * k + p], planes, offset, bits);
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
        SNNRT_EACH(k, 4)
        {
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

/* ---- lists of events ------------------------------------------------------------------------- */

/* Adds all columns of the listed events, `width` at a time. */
SNNRT_KERNEL void snnrt_add_columns(const snnrt_events *events, void (*add)(const snnrt_events *, int32_t, int32_t *),
                                    uint32_t width, uint32_t bits, int32_t *sums, uint32_t length)
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
SNNRT_KERNEL void snnrt_add_spikes(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                   uint32_t word_count, uint32_t inputs, int32_t *sums, uint32_t length)
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

/* Lists elements j ..< end that are not 0 until the list is full. Returns the element to go on with. */
SNNRT_PART uint32_t snnrt_list_values(snnrt_events *events, const int16_t *narrow, const int32_t *wide, uint32_t shift,
                                      uint32_t j, uint32_t end, const uint8_t *row, uint32_t stride)
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

SNNRT_KERNEL uint32_t snnrt_list_narrow(snnrt_events *events, const int16_t *values, uint32_t j, uint32_t end,
                                        const uint8_t *row, uint32_t stride)
{
    return snnrt_list_values(events, values, 0, 0, j, end, row, stride);
}

SNNRT_KERNEL uint32_t snnrt_list_wide(snnrt_events *events, const int32_t *values, uint32_t shift, uint32_t j,
                                      uint32_t end, const uint8_t *row, uint32_t stride)
{
    return snnrt_list_values(events, 0, values, shift, j, end, row, stride);
}

/* The same of elements that are not 0, times them: of `narrow`, or of `wide` by the source shift. Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_values(uint32_t bits, const void *runs, uint32_t stride, const int16_t *narrow,
                                       const int32_t *wide, uint32_t shift, uint32_t source_count, uint32_t inputs,
                                       int32_t *sums, uint32_t length)
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

SNNRT_PART int32_t snnrt_lowest(uint32_t fields, uint32_t bits)
{
    return bits == 1 ? (int32_t)(fields & 1) * 2 - 1 : (int32_t)(fields << (32 - bits)) >> (32 - bits);
}

/* sums[target] += w·value of a run of synapses. Returns how many they are. */
SNNRT_PART uint32_t snnrt_add_synapses(const snnrt_synapses *synapses, const uint32_t *run, int32_t value,
                                       uint32_t bits)
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
        synapses->sums[targets[i]] +=
            value * (bits >= 8 ? snnrt_element(weights + i * (bits / 8), bits)
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
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_spikes(const snnrt_synapses *synapses, const uint32_t *words,
                                                   uint32_t word_count)
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
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_values(const snnrt_synapses *synapses, const int16_t *narrow,
                                                   const int32_t *wide, uint32_t shift, uint32_t source_count)
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

#endif
