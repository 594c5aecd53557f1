/* Lists of events, and what adds their rows: part of dsp.h, behind dsp-rows.h and dsp-products.h. */
#ifndef SNNRT_DSP_EVENTS_H
#define SNNRT_DSP_EVENTS_H

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

#endif
