/* Rows of spikes: part of dsp.h. Rows lie at any byte and are read in words. */
#ifndef SNNRT_DSP_ROWS_H
#define SNNRT_DSP_ROWS_H

/* The lower halves of x and y, and their upper ones. */
SNNRT_PART uint32_t snnrt_bottoms(uint32_t x, uint32_t y) { return (x & 0xffff) | y << 16; }
SNNRT_PART uint32_t snnrt_tops(uint32_t x, uint32_t y) { return x >> 16 | (y & 0xffff0000); }

SNNRT_PART uint32_t snnrt_rotated(uint32_t x, uint32_t by) { return x >> by | x << (32 - by); }

/* Four of 16 int8 weights into sums r4 to r11, in lanes of 16 bits: from the row r3 on, into `even` and `odd`; of the first row, then of
 * the others. */
#define SNNRT_FIRST_INT8(at, even, odd) \
    "ldr lr, [r3, #" #at "]\n\tsxtb16 " #even ", lr\n\tsxtb16 " #odd ", lr, ror #8\n\t"
#define SNNRT_FOUR_INT8(at, even, odd) \
    "ldr lr, [r3, #" #at "]\n\tsxtab16 " #even ", " #even ", lr\n\tsxtab16 " #odd ", " #odd ", lr, ror #8\n\t"
#define SNNRT_ROW_INT8(four) \
    "ldr r3, [r0], #4\n\tadd r3, r3, r1\n\t" four(0, r4, r5) four(4, r6, r7) four(8, r8, r9) four(12, r10, r11)
/* sums[0 ..< 4], at r2, += their lanes. */
#define SNNRT_FOUR_SUMS(even, odd)                                                         \
    "ldmia r2, {r0, r3, r12, lr}\n\tsxtah r0, r0, " #even "\n\tsxtah r3, r3, " #odd "\n\t" \
    "add r12, r12, " #even ", asr #16\n\tadd lr, lr, " #odd ", asr #16\n\tstmia r2!, {r0, r3, r12, lr}\n\t"

/* Blocks of 16 int8 weights. */
static __attribute__((naked, noinline, unused)) void snnrt_spikes_int8(const snnrt_events *events, int32_t column,
                                                                       int32_t *sums, uint32_t blocks)
{
    __asm__("push {r0, r3, r4, r5, r6, r7, r8, r9, r10, r11, lr}\n"
            "1:\tldr r12, [r0, %[count]]\n\tadd r12, r0, r12, lsl #2\n\t" SNNRT_ROW_INT8(
                SNNRT_FIRST_INT8) "b 3f\n"
                                  "2:\t" SNNRT_ROW_INT8(
                                      SNNRT_FOUR_INT8) "3:\tcmp r0, r12\n\tbne 2b\n\t" SNNRT_FOUR_SUMS(r4, r5)
                                      SNNRT_FOUR_SUMS(r6, r7) SNNRT_FOUR_SUMS(r8, r9) SNNRT_FOUR_SUMS(
                                          r10, r11) "ldrd r0, r3, [sp]\n\tadds r1, r1, #16\n\tsubs r3, r3, #1\n\tstr "
                                                    "r3, [sp, #4]\n\tbne 1b\n\t"
                                                    "add sp, sp, #8\n\tpop {r4, r5, r6, r7, r8, r9, r10, r11, pc}"
            :
            : [count] "i"(__builtin_offsetof(snnrt_events, count)));
}

/* sums[step·k] += byte k of a plane less `offset`: of 1 bit twice the byte, and two of them. */
SNNRT_PART void snnrt_add_plane(int32_t *sums, uint32_t plane, uint32_t step, uint32_t offset, uint32_t bits)
{
    uint32_t bytes = bits == 1 ? 2 : 4, k;
    if (bits == 1) plane += plane;
    plane = (uint32_t)__builtin_arm_ssub8((int32_t)plane, (int32_t)offset);
    SNNRT_EACH(k, bytes) sums[step * k] += (int8_t)(plane >> 8 * k);
}

/* sums[i] += Σ w[row][i] of packed weights, `words` words of every row, or of 1 bit half of one. With its sign bit flipped a field is 0 … 2^bits − 1, the
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
                uint32_t word = bits == 1 ? snnrt_half(at) : snnrt_word(at + 4 * k) ^ flip;
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

/* Sums of 8 int16 weights. */
SNNRT_PART void snnrt_spike_block_int16(const snnrt_events *events, int32_t column, int32_t *sums)
{
    const uint8_t *const *rows = events->rows, *const *end = rows + events->count;
    int32_t sum[8];
    uint32_t k;
    SNNRT_EACH(k, 8) sum[k] = sums[k];
    do {
        const uint8_t *at = *rows++ + column;
        SNNRT_EACH(k, 4)
        {
            int32_t word = (int32_t)snnrt_word(at + 4 * k);
            sum[2 * k] += (int16_t)word;
            sum[2 * k + 1] += word >> 16;
        }
    } while (rows != end);
    SNNRT_EACH(k, 8) sums[k] = sum[k];
}

SNNRT_PART void snnrt_spike_block_int4(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 4, 2, 16);
}

SNNRT_PART void snnrt_spike_block_ternary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 2, 1, SNNRT_CHUNK);
}

SNNRT_PART void snnrt_spike_block_binary(const snnrt_events *events, int32_t column, int32_t *sums)
{
    snnrt_spikes_packed(events, column, sums, 1, 1, SNNRT_CHUNK);
}

SNNRT_KERNEL void snnrt_spikes_int16(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    for (; blocks != 0; blocks--, column += 16, sums += 8) snnrt_spike_block_int16(events, column, sums);
}

SNNRT_KERNEL void snnrt_spikes_int4(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    for (; blocks != 0; blocks--, column += 8, sums += 16) snnrt_spike_block_int4(events, column, sums);
}

SNNRT_KERNEL void snnrt_spikes_ternary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    for (; blocks != 0; blocks--, column += 4, sums += 16) snnrt_spike_block_ternary(events, column, sums);
}

SNNRT_KERNEL void snnrt_spikes_binary(const snnrt_events *events, int32_t column, int32_t *sums, uint32_t blocks)
{
    for (; blocks != 0; blocks--, column += 2, sums += 16) snnrt_spike_block_binary(events, column, sums);
}

#endif
