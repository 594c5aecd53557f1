/* Rows of events in plain C: part of small.h. No weight is read but by an address that is a multiple of its width, or of that of the
 * word or half that it is read with.
 *
 * With its sign bit flipped a field of a packed row is the weight plus 2^(bits−1). Fields need no masks: of a word w with u as
 * its lowest field, w = u + 2^bits·(w >> bits), and so are sums of them times values, whatever wraps. */
#ifndef SNNRT_SMALL_ROWS_H
#define SNNRT_SMALL_ROWS_H

/* sums[i] += w[column's row byte on][i]·value, field by field: of 1 bit, and where rows lie at odd places. */
SNNRT_KERNEL void snnrt_add_fields(const uint8_t *row, int32_t value, uint32_t bits, int32_t *sums, uint32_t length)
{
    uint32_t at, mask = (1u << bits) - 1;
    int32_t flip = bits == 1 ? 0 : 1 << (bits - 1), twice = bits == 1 ? 2 * value : value;
    int32_t offset = bits == 1 ? -value : -flip * value;
    for (at = 0; length != 0; length--, at += bits) {
        int32_t field = (int32_t)((uint32_t)row[at >> 3] >> (at & 7) & mask) ^ flip;
        *sums++ += field * twice + offset;
    }
}

/* Blocks of 8 columns. */
SNNRT_KERNEL void snnrt_add_fields_of_values(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                                             uint32_t bits)
{
    uint32_t k;
    for (k = 0; k < events->count; k++)
        snnrt_add_fields(events->valued[k].row + column, events->valued[k].value, bits, sums, 8 * blocks);
}

/* Rows of packed weights whose eights of fields lie at multiples of their size, of 4 bits words and of 2 bits halves. */
SNNRT_PART uint32_t snnrt_are_aligned(const snnrt_events *events, const uint8_t *row, uint32_t bits)
{
    return ((events->stride | (uint32_t)(uintptr_t)row) & (bits - 1)) == 0;
}

/* 8 fields, whose place is a multiple of their size; sign bits flipped. */
SNNRT_PART uint32_t snnrt_fields(const uint8_t *at, uint32_t bits)
{
    if (bits == 4) return *(const uint32_t *)(const void *)at ^ 0x88888888;
    return *(const uint16_t *)(const void *)at ^ 0xaaaau;
}

/* 8 fields of 4 bits at any byte. */
SNNRT_PART uint32_t snnrt_fields_anywhere(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

#if defined(__ARM_ARCH_6M__)
#include "../cortexm0/rows.h"
#endif

/* ---- spikes ---------------------------------------------------------------------------------- */

/* Blocks of 4 columns of 8 or 16 bits. */
SNNRT_PART void snnrt_spikes_whole(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                                   uint32_t bits)
{
    for (; blocks != 0; blocks--, column += (int32_t)bits / 2, sums += 4) {
        const uint8_t *const *row = events->rows, *const *const end = row + events->count;
        int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
        do {
            const uint8_t *at = *row++ + column;
            a += snnrt_element(at, bits);
            b += snnrt_element(at + bits / 8, bits);
            c += snnrt_element(at + bits / 4, bits);
            d += snnrt_element(at + bits / 8 * 3, bits);
        } while (row != end);
        sums[0] = a;
        sums[1] = b;
        sums[2] = c;
        sums[3] = d;
    }
}

/* Blocks of 8 columns of 2 or 4 bits, their fields summed up in bytes of words: 16 · 15 < 2^8. */
SNNRT_PART void snnrt_spikes_packed(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                                    uint32_t bits)
{
    const uint32_t low = bits == 4 ? 0x0f0f0f0f : 0x0303, planes = 8 / bits;
    const int32_t offset = (int32_t)events->count << (bits - 1);
    const uint32_t are_aligned = snnrt_are_aligned(events, events->rows[0] + column, bits);
    for (; blocks != 0; blocks--, column += (int32_t)bits, sums += 8) {
        const uint8_t *const *row = events->rows, *const *const end = row + events->count;
        uint32_t plane[4] = {0, 0, 0, 0}, k, p;
        do {
            const uint8_t *at = *row++ + column;
            uint32_t fields;
            if (are_aligned)
                fields = snnrt_fields(at, bits);
            else if (bits == 4)
                fields = snnrt_fields_anywhere(at) ^ 0x88888888;
            else
                fields = (at[0] | (uint32_t)at[1] << 8) ^ 0xaaaa;
            SNNRT_EACH(p, planes) plane[p] += fields >> bits * p & low;
        } while (row != end);
        SNNRT_EACH(p, planes)
        SNNRT_EACH(k, bits) sums[planes * k + p] += (int32_t)(plane[p] >> 8 * k & 255) - offset;
    }
}

SNNRT_KERNEL void snnrt_spikes_int16(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_spikes_whole(events, column, sums, blocks, 16);
}

SNNRT_KERNEL void snnrt_spikes_int8(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
#if defined(__ARM_ARCH_6M__)
    for (; blocks != 0; blocks--, column += 4, sums += 4) snnrt_spikes_of_four(events, column, sums);
#else
    snnrt_spikes_whole(events, column, sums, blocks, 8);
#endif
}

SNNRT_KERNEL void snnrt_spikes_int4(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_spikes_packed(events, column, sums, blocks, 4);
}

SNNRT_KERNEL void snnrt_spikes_ternary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_spikes_packed(events, column, sums, blocks, 2);
}

SNNRT_KERNEL void snnrt_spikes_binary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    uint32_t k;
    for (k = 0; k < events->count; k++) snnrt_add_fields(events->rows[k] + column, 1, 1, sums, 8 * blocks);
}

/* ---- values ---------------------------------------------------------------------------------- */

/* Blocks of 4 columns of 8 or 16 bits. */
SNNRT_PART void snnrt_values_whole(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                                   uint32_t bits)
{
    for (; blocks != 0; blocks--, column += (int32_t)bits / 2, sums += 4) {
        const snnrt_valued_row *row = events->valued, *const end = row + events->count;
        int32_t a = sums[0], b = sums[1], c = sums[2], d = sums[3];
        do {
            const uint8_t *at = row->row + column;
            int32_t value = row->value;
            a += snnrt_element(at, bits) * value;
            b += snnrt_element(at + bits / 8, bits) * value;
            c += snnrt_element(at + bits / 4, bits) * value;
            d += snnrt_element(at + bits / 8 * 3, bits) * value;
        } while (++row != end);
        sums[0] = a;
        sums[1] = b;
        sums[2] = c;
        sums[3] = d;
    }
}

SNNRT_KERNEL void snnrt_values_int16(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_values_whole(events, column, sums, blocks, 16);
}

#if !defined(__ARM_ARCH_6M__)
/* A block of 8 columns: sums of fields times values, without masks. */
SNNRT_PART void snnrt_products_of_fields(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    const snnrt_valued_row *row = events->valued, *const end = row + events->count;
    const uint32_t offset = (uint32_t)events->total << (bits - 1);
    uint32_t sum[8] = {0}, k;
    do {
        uint32_t fields = snnrt_fields(row->row + column, bits), value = (uint32_t)row->value;
        SNNRT_EACH(k, 8) sum[k] += (fields >> bits * k) * value;
    } while (++row != end);
    SNNRT_EACH(k, 8) sums[k] += (int32_t)(sum[k] - (k == 7 ? 0 : sum[k + 1] << bits) - offset);
}

#endif

/* The same of values of 8 bits: two columns to a product, 16 · 15 · 128 < 2^15. */
SNNRT_PART void snnrt_products_of_pairs(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t bits)
{
    const snnrt_valued_row *row = events->valued, *const end = row + events->count;
    const uint32_t low = ((1u << bits) - 1) * 0x00010001;
    const int32_t offset = events->total * (1 << (bits - 1));
    uint32_t sum[4] = {0}, k;
    do {
        uint32_t fields = snnrt_fields(row->row + column, bits), value = (uint32_t)row->value;
        if (bits == 2) fields = (fields & 255) | (fields & 0xff00) << 8;
        SNNRT_EACH(k, 4) sum[k] += (fields >> bits * k & low) * value;
    } while (++row != end);
    SNNRT_EACH(k, 4)
    {
        int32_t first = (int16_t)sum[k];
        sums[k] += first - offset;
        sums[k + 4] += ((int32_t)(sum[k] - (uint32_t)first) >> 16) - offset;
    }
}

SNNRT_PART void snnrt_values_packed(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks,
                                    uint32_t bits)
{
    if (!snnrt_are_aligned(events, events->valued[0].row, bits)) {
        snnrt_add_fields_of_values(events, column, sums, blocks, bits);
        return;
    }
    for (; blocks != 0; blocks--, column += (int32_t)bits, sums += 8) {
        if (events->reach < 128)
            snnrt_products_of_pairs(events, column, sums, bits);
        else
            snnrt_products_of_fields(events, column, sums, bits);
    }
}

SNNRT_KERNEL void snnrt_values_int8(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_values_whole(events, column, sums, blocks, 8);
}

SNNRT_KERNEL void snnrt_values_int4(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_values_packed(events, column, sums, blocks, 4);
}

SNNRT_KERNEL void snnrt_values_ternary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_values_packed(events, column, sums, blocks, 2);
}

SNNRT_KERNEL void snnrt_values_binary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    snnrt_add_fields_of_values(events, column, sums, blocks, 1);
}

#endif
