/* The rows that are added for events: what all processors of 32 bits share, behind a processor's list of events (`snnrt_events`) and
 * before its loops, which add the rows of a whole list a few columns at a time, so that their sums stay in registers.
 *
 * Sums do not wrap: proved at opening (docs/format.md, "The proof of sums"), so their order is free; what an intermediate sum
 * of fields with an offset wraps it wraps back. */
#ifndef SNNRT_EVENTS_H
#define SNNRT_EVENTS_H

/* Adds `blocks` ≥ 1 blocks of `width` columns, the first of which begins at byte `column` of the rows: sums[k] += Σ w[row][k] of the
 * listed rows, which are one at least, or times their values. */
typedef void snnrt_column_loop(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks);

/* How rows of an encoding are added: of 2^scale bits a weight, in blocks of 2^block ≤ 16 columns. */
typedef struct {
    snnrt_column_loop *add;
    uint32_t scale, block;
} snnrt_row_loop;

/* Adds the listed rows of `length` weights. The columns that are left behind the blocks are part of one that ends where the rows
 * end; what it takes from before a row is the same file. */
SNNRT_KERNEL void snnrt_add_rows(const snnrt_row_loop *loop, const snnrt_events *events, int32_t *sums, uint32_t length)
{
    uint32_t blocks = length >> loop->block, width = 1u << loop->block, bits = loop->scale,
             done = blocks << loop->block, k;
    union {
        int64_t zeros[8];
        int32_t sums[16];
    } rest;
    if (blocks != 0) loop->add(events, 0, sums, blocks);
    if (length == done) return;
    SNNRT_EACH(k, 8)
    {
        rest.zeros[k] = 0;
        __asm__("" : : : "memory"); /* no call of memset */
    }
    /* In bytes, to where the rows end less a block: before them, where they are shorter. */
    k = (((length << bits) + 7) >> 3) - (width << bits >> 3);
    loop->add(events, (int32_t)k, rest.sums, 1);
    k = done - (uint32_t)((int32_t)(k << 3) >> bits);
    for (; done < length; done++) sums[done] += rest.sums[k++];
}

/* Adds the rows of the spikes in `words` to the sums: of `inputs` sources and `length` sums to a group. */
SNNRT_PART void snnrt_add_spikes_by(const snnrt_row_loop *loop, const void *runs, uint32_t stride,
                                    const uint32_t *words, uint32_t word_count, uint32_t inputs, int32_t *sums,
                                    uint32_t length)
{
    snnrt_events events;
    const uint8_t **row = events.rows, **const full = events.rows + SNNRT_CHUNK;
    uint32_t number, first = 0;
    events.stride = stride;
    for (number = 0; number < word_count; number++) {
        uint32_t word = words[number];
        for (; word != 0; word &= word - 1) {
            uint32_t element = 32 * number + (uint32_t)__builtin_ctz(word);
            if (element - first >= inputs || row == full) {
                events.count = (uint32_t)(row - events.rows);
                if (events.count != 0) snnrt_add_rows(loop, &events, sums, length);
                for (; element - first >= inputs; first += inputs) sums += length;
                row = events.rows;
            }
            *row++ = (const uint8_t *)runs + (element - first) * stride;
        }
    }
    events.count = (uint32_t)(row - events.rows);
    if (events.count != 0) snnrt_add_rows(loop, &events, sums, length);
}

/* A processor's list of elements of 16 bits, and of 32, which not every program has. */
SNNRT_KERNEL uint32_t snnrt_list_narrow(snnrt_events *events, const int16_t *values, uint32_t j, uint32_t end,
                                        const uint8_t *row)
{
    return snnrt_list_values(events, values, 0, 0, j, end, row);
}

SNNRT_KERNEL uint32_t snnrt_list_wide(snnrt_events *events, const int32_t *values, uint32_t shift, uint32_t j,
                                      uint32_t end, const uint8_t *row)
{
    return snnrt_list_values(events, 0, values, shift, j, end, row);
}

/* Lists elements of 32 bits: snnrt_list_wide, where the program has sources of them. */
typedef uint32_t snnrt_wide_list(snnrt_events *events, const int32_t *values, uint32_t shift, uint32_t j, uint32_t end,
                                 const uint8_t *row);

/* Elements of `narrow`, or of `wide` narrowed by `shift`. */
typedef struct {
    const int16_t *narrow;
    const int32_t *wide;
    uint32_t shift;
} snnrt_source;

/* The same of elements that are not 0, times them. Returns how many there were. */
SNNRT_PART uint32_t snnrt_add_values_by(const snnrt_row_loop *loop, const void *runs, uint32_t stride,
                                        const snnrt_source *source, uint32_t source_count, uint32_t inputs,
                                        int32_t *sums, uint32_t length)
{
    snnrt_events events;
    uint32_t count = 0, first, j;
    events.stride = stride;
    for (first = 0; first < source_count; first += inputs, sums += length)
        for (j = 0; j < inputs;) {
            const uint8_t *row = (const uint8_t *)runs + j * stride;
            j = source->narrow ? snnrt_list_narrow(&events, source->narrow + first, j, inputs, row)
                               : ((snnrt_wide_list *)(void (*)(void))snnrt_adders[SNNRT_PLACE_OF_WIDE_SOURCES])(
                                     &events, source->wide + first, source->shift, j, inputs, row);
            count += events.found;
            if (events.count != 0) snnrt_add_rows(loop, &events, sums, length);
        }
    return count;
}

#endif
