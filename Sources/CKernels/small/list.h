/* Lists of events: part of small.h. */
#ifndef SNNRT_SMALL_LIST_H
#define SNNRT_SMALL_LIST_H

enum { SNNRT_CHUNK = 16 }; /* events listed at a time, even; 16 · 15 < 2^8, 16 · 15 · 128 < 2^15 */
/* 1 where neurons have loops of two at a time. */
enum { SNNRT_HAS_PAIRS = 0 };
/* Columns of a block, their binary logarithm. */
enum { SNNRT_SPIKE_BLOCK = 3, SNNRT_SPIKE_BLOCK_INT8 = 2, SNNRT_SPIKE_BLOCK_INT16 = 2, SNNRT_VALUE_BLOCK_INT4 = 3 };

typedef struct {
    const uint8_t *row;
    int32_t value;
} snnrt_valued_row;

typedef struct {
    union {
        const uint8_t *rows[SNNRT_CHUNK];         /* of spikes */
        snnrt_valued_row valued[SNNRT_CHUNK + 1]; /* behind the last one the row NULL */
    };
    uint32_t count;  /* of rows; those with values are even in number, the last one's may be 0 */
    uint32_t found;  /* values that are not 0 */
    int32_t total;   /* of the values */
    uint32_t reach;  /* has every bit of every value ≥ 0, and of −1 − value of the others */
    uint32_t stride; /* bytes from row to row */
} snnrt_events;

/* Lists elements j ..< end that are not 0 until the list is full; row j is at `row`. Returns the element to go on with. */
SNNRT_PART uint32_t snnrt_list_values(snnrt_events *events, const int16_t *narrow, const int32_t *wide, uint32_t shift,
                                      uint32_t j, uint32_t end, const uint8_t *row)
{
    snnrt_valued_row *next = events->valued;
    uint32_t stride = events->stride, reach = 0;
    int32_t total = 0;
    for (; j < end && next != events->valued + SNNRT_CHUNK; j++, row += stride) {
        int32_t value = snnrt_value(narrow, wide, shift, j);
        if (value == 0) continue;
        next->row = row;
        next++->value = value;
        total += value;
        reach |= (uint32_t)(value ^ value >> 31);
    }
    events->found = (uint32_t)(next - events->valued);
    events->total = total;
    events->reach = reach;
    if (events->found & 1) {
        next->row = events->valued[0].row;
        next++->value = 0;
    }
    next->row = 0;
    events->count = (uint32_t)(next - events->valued);
    return j;
}

#endif
