/* Lists of events: part of dsp.h. Values come in pairs, since one instruction multiplies two of them. */
#ifndef SNNRT_DSP_LIST_H
#define SNNRT_DSP_LIST_H

enum { SNNRT_CHUNK = 24 }; /* events listed at a time: 24 · 3 < 2^8, 24 · 128 < 2^15 */
/* 1 where neurons have loops of two at a time. */
enum { SNNRT_HAS_PAIRS = 1 };
/* Columns of a block, their binary logarithm. */
enum { SNNRT_SPIKE_BLOCK = 4, SNNRT_SPIKE_BLOCK_INT8 = 4, SNNRT_SPIKE_BLOCK_INT16 = 3, SNNRT_VALUE_BLOCK_INT4 = 2 };

/* Two rows and their values, the first in the lower half. */
typedef struct {
    const uint8_t *a, *b;
    uint32_t values;
} snnrt_pair;

typedef struct {
    union {
        const uint8_t *rows[SNNRT_CHUNK]; /* of spikes */
        snnrt_pair pairs[SNNRT_CHUNK / 3];
    };
    uint32_t count;  /* of rows, or of pairs, which are even in number */
    uint32_t found;  /* values that are not 0 */
    int32_t total;   /* of the values */
    uint32_t stride; /* bytes from row to row */
} snnrt_events;

/* Lists elements j ..< end that are not 0 until the list is full; row j is at `row`. Returns the element to go on with. */
SNNRT_PART uint32_t snnrt_list_values(snnrt_events *events, const int16_t *narrow, const int32_t *wide, uint32_t shift,
                                      uint32_t j, uint32_t end, const uint8_t *row)
{
    snnrt_pair *pair = events->pairs, *const full = events->pairs + SNNRT_CHUNK / 3;
    uint32_t stride = events->stride, found;
    int32_t total = 0, value;
    for (; pair != full; pair++) {
        for (;; row += stride) {
            if (j == end) goto all;
            if ((value = snnrt_value(narrow, wide, shift, j++)) != 0) break;
        }
        total += value;
        pair->a = pair->b = row;
        pair->values = (uint32_t)value & 0xffff;
        for (row += stride;; row += stride) {
            if (j == end) goto odd;
            if ((value = snnrt_value(narrow, wide, shift, j++)) != 0) break;
        }
        total += value;
        pair->b = row;
        pair->values |= (uint32_t)value << 16;
        row += stride;
    }
all:
    found = 2 * (uint32_t)(pair - events->pairs);
    if (0) {
    odd:
        pair++;
        found = 2 * (uint32_t)(pair - events->pairs) - 1;
    }
    events->found = found;
    events->total = total;
    if ((pair - events->pairs) & 1) {
        *pair = events->pairs[0];
        pair++->values = 0;
    }
    events->count = (uint32_t)(pair - events->pairs);
    return j;
}

#endif
