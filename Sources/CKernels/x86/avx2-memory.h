/* Products of 64 bits: joins, activations, memories (docs/format.md, "Projections", "activation", "memory"). */
/* (x + 2^(shift−1)) >> shift of |x| < 2^62, shift < 48, arithmetic: AVX2 has logical shifts of 64 bits only, so x goes
 * through them with 2^63 on top. */
SNNRT_PART snnrt_v4i64 snnrt_rounded64(snnrt_v4i64 x, uint32_t shift)
{
    snnrt_v4u64 top = (snnrt_v4u64){0} + ((uint64_t)1 << 63),
                half = (snnrt_v4u64){0} + (uint64_t)(shift == 0 ? 0 : 1ull << (shift - 1));
    return (snnrt_v4i64)((((snnrt_v4u64)x + top + half) >> (uint64_t)shift) - (top >> (uint64_t)shift));
}

SNNRT_PART snnrt_v4i64 snnrt_clamped64(snnrt_v4i64 x, int64_t limit)
{
    snnrt_v4i64 high = (snnrt_v4i64){0} + limit, above = x > high, below = x < -high;
    return (x & ~above & ~below) | (high & above) | (-high & below);
}

SNNRT_PART snnrt_v8i32 snnrt_odd(snnrt_v8i32 x) { return (snnrt_v8i32)((snnrt_v4u64)x >> 32); }

/* The first four elements, or the last four. */
SNNRT_PART snnrt_v4i64 snnrt_first_four(snnrt_v8i32 x)
{
    return __builtin_convertvector(__builtin_shufflevector(x, x, 0, 1, 2, 3), snnrt_v4i64);
}
SNNRT_PART snnrt_v4i64 snnrt_last_four(snnrt_v8i32 x)
{
    return __builtin_convertvector(__builtin_shufflevector(x, x, 4, 5, 6, 7), snnrt_v4i64);
}

/* rnd( x·y, shift ), limited to ±(2^31 − 1). */
SNNRT_PART snnrt_v8i32 snnrt_scaled(snnrt_v8i32 x, snnrt_v8i32 y, uint32_t shift, int is_bounded)
{
    snnrt_v4i64 even = snnrt_rounded64(__builtin_ia32_pmuldq256(x, y), shift);
    snnrt_v4i64 odd = snnrt_rounded64(__builtin_ia32_pmuldq256(snnrt_odd(x), snnrt_odd(y)), shift);
    if (!is_bounded) even = snnrt_clamped64(even, INT32_MAX), odd = snnrt_clamped64(odd, INT32_MAX);
    return (snnrt_v8i32)((even & (int64_t)0xffffffff) | (snnrt_v4i64)((snnrt_v4u64)odd << 32));
}

/* current[i] += rnd( sums[i]·multipliers[i], shift ) of the first count / 8 · 8 elements, which fit 32 bits. */
SNNRT_KERNEL void snnrt_join_multiplied(int32_t *current, const int32_t *sums, const int32_t *multipliers,
                                        uint32_t shift, uint32_t count)
{
    uint32_t i;
    for (i = 0; i + 8 <= count; i += 8)
        *(snnrt_v8i32 *)(current + i) +=
            snnrt_scaled(*(const snnrt_v8i32 *)(sums + i), *(const snnrt_v8i32 *)(multipliers + i), shift, 1);
}

/* current[i] += sums[i] shifted, right with rounding or left, of the first count / 8 · 8 elements. */
SNNRT_KERNEL void snnrt_join_shifted(int32_t *current, const int32_t *sums, uint32_t shift, uint32_t is_left,
                                     uint32_t count)
{
    uint32_t i;
    int32_t down = is_left ? 0 : (int32_t)shift, up = is_left ? (int32_t)shift : 0, bit = down == 0 ? 0 : 1;
    for (i = 0; i + 8 <= count; i += 8) {
        snnrt_v8i32 x = *(const snnrt_v8i32 *)(sums + i);
        *(snnrt_v8i32 *)(current + i) += ((x >> down) + (x >> (down - bit) & bit)) << up;
    }
}

/* Activation with the function clip (docs/format.md, "activation") of the first count / 8 · 8 neurons; `arrays`: bit 0
 * multiplier, bit 1 bias. Returns how many outputs are not 0. */
SNNRT_KERNEL uint32_t snnrt_clip(const int32_t *input, int16_t *output, const int32_t *multipliers,
                                 const int32_t *biases, uint32_t arrays, uint32_t shift, int32_t low, int32_t high,
                                 uint32_t count)
{
    snnrt_v8i32 none = {0}, zeros = none, multiplier = none + *multipliers, bias = none + *biases;
    uint32_t i;
    for (i = 0; i + 8 <= count; i += 8) {
        snnrt_v8i32 y;
        if (arrays & 1) multiplier = *(const snnrt_v8i32 *)(multipliers + i);
        if (arrays & 2) bias = *(const snnrt_v8i32 *)(biases + i);
        y = snnrt_scaled(*(const snnrt_v8i32 *)(input + i) + bias, multiplier, shift, 0);
        y = __builtin_elementwise_min(__builtin_elementwise_max(y, none + low), none + high);
        *(snnrt_v8i16 *)(output + i) = __builtin_convertvector(y, snnrt_v8i16);
        zeros -= y == 0;
    }
    return i - snnrt_total(zeros);
}

/* ---- memory ---------------------------------------------------------------------------------- */

enum { SNNRT_ORDER = 4096 };

SNNRT_PART snnrt_v16i16 snnrt_sixteen(const uint8_t *at, uint32_t bits)
{
    if (bits == 8) return __builtin_convertvector(*(const snnrt_v16i8 *)at, snnrt_v16i16);
    return *(const snnrt_v16i16 *)at;
}

/* The sums of pairs of products, |x| ≤ 2^15 and |y| < 2^15: below 2^31. */
SNNRT_PART snnrt_v4i64 snnrt_pairs(snnrt_v16i16 x, snnrt_v16i16 y)
{
    snnrt_v8i32 sum = __builtin_ia32_pmaddwd256(x, y);
    return snnrt_first_four(sum) + snnrt_last_four(sum);
}

SNNRT_PART void snnrt_memory_loop(uint32_t bits, const uint8_t *row, const int32_t *before, uint32_t order,
                                  int64_t *sums, int is_wide)
{
    /* |m| < 2^30 is high·2^15 + low with its sign on both; rows are read 16 weights at a time, and their ends once more with
     * the places that were read before as 0. */
    int16_t low[SNNRT_ORDER + 16], high[SNNRT_ORDER + 16];
    uint32_t whole = order & ~15u, rest = order & 15, row_bytes = order * (bits / 8), i, j;
    for (j = 0; j < 16; j++) low[whole + j] = high[whole + j] = 0;
    for (j = 0; j < order; j++) {
        int32_t m = before[j], sign = m >> 31, magnitude = (m ^ sign) - sign;
        uint32_t to = j < whole ? j : j + 16 - rest;
        low[to] = (int16_t)(((magnitude & 0x7fff) ^ sign) - sign);
        high[to] = (int16_t)(((magnitude >> 15) ^ sign) - sign);
    }
    for (i = 0; i < order; i++, row += row_bytes) {
        snnrt_v4i64 lows = {0}, highs = {0};
        for (j = 0; j < whole; j += 16) {
            snnrt_v16i16 weights = snnrt_sixteen(row + j * (bits / 8), bits);
            lows += snnrt_pairs(weights, *(const snnrt_v16i16 *)(low + j));
            if (is_wide) highs += snnrt_pairs(weights, *(const snnrt_v16i16 *)(high + j));
        }
        if (rest) {
            snnrt_v16i16 weights = snnrt_sixteen(row + row_bytes - 2 * bits, bits);
            lows += snnrt_pairs(weights, *(const snnrt_v16i16 *)(low + whole));
            if (is_wide) highs += snnrt_pairs(weights, *(const snnrt_v16i16 *)(high + whole));
        }
        lows += highs * 32768;
        sums[i] = lows[0] + lows[1] + lows[2] + lows[3];
    }
}

/* m = clamp( rnd( A·before, a_shift ) + rnd( B·drive, b_shift ), L ), A and B of 8 or 16 bits (docs/format.md, "memory"). */
SNNRT_KERNEL void snnrt_memory(uint32_t bits, const void *state_matrix, const void *input_matrix, uint32_t a_shift,
                               uint32_t b_shift, const int32_t *before, int32_t drive, uint32_t order, void *state,
                               uint32_t is_wide)
{
    int64_t sums[SNNRT_ORDER], limit = is_wide ? (1 << 30) - 1 : 32767;
    uint32_t i;
    if (bits == 8)
        snnrt_memory_loop(8, (const uint8_t *)state_matrix, before, order, sums, 1);
    else if (is_wide)
        snnrt_memory_loop(16, (const uint8_t *)state_matrix, before, order, sums, 1);
    else
        snnrt_memory_loop(16, (const uint8_t *)state_matrix, before, order, sums, 0);
    for (i = 0; i < order; i++) {
        int64_t added =
            (int64_t)drive * (bits == 8 ? ((const int8_t *)input_matrix)[i] : ((const int16_t *)input_matrix)[i]);
        int64_t kept = a_shift == 0 ? sums[i] : (sums[i] + (1ll << (a_shift - 1))) >> a_shift;
        int64_t sum = kept + (b_shift == 0 ? added : (added + (1ll << (b_shift - 1))) >> b_shift);
        sum = sum > limit ? limit : sum < -limit ? -limit : sum;
        if (is_wide)
            ((int32_t *)state)[i] = (int32_t)sum;
        else
            ((int16_t *)state)[i] = (int16_t)sum;
    }
}

/* Memories of an order below 16 and 16-bit state, `units` of them: clamp( c·2^f + b, L ) enters each; `bias_step` is 0 where b is
 * one for all. Returns the events: elements of m[t−1] and inputs that are not 0. */
SNNRT_KERNEL uint32_t snnrt_small_memories(uint32_t bits, const void *state_matrix, const void *input_matrix,
                                           uint32_t a_shift, uint32_t b_shift, const int32_t *input,
                                           const int32_t *biases, uint32_t bias_step, uint32_t fraction_bits,
                                           uint32_t units, uint32_t order, int16_t *state)
{
    /* Columns of A by twos, those of row i side by side; B. */
    int16_t pairs[2][8][16] = {{{0}}}, before[16] = {0}, after[16];
    int32_t column[16] = {0}, half = b_shift == 0 ? 0 : 1 << (b_shift - 1);
    uint32_t unit, i, j, block, blocks = order > 8 ? 2 : 1, events = 0;
    for (i = 0; i < order; i++) {
        column[i] = snnrt_one((const uint8_t *)input_matrix, i, bits);
        SNNRT_REST for (j = 0; j < order; j++) pairs[i / 8][j / 2][2 * (i % 8) + j % 2] =
            (int16_t)snnrt_one((const uint8_t *)state_matrix, i * order + j, bits);
    }
    for (unit = 0; unit < units; unit++, state += order) {
        int32_t drive = (int32_t)((uint32_t)input[unit] << fraction_bits) + biases[unit * bias_step];
        uint32_t nonzero;
        drive = drive > 32767 ? 32767 : drive < -32767 ? -32767 : drive;
        nonzero = drive != 0;
        SNNRT_REST for (i = 0; i < order; i++) nonzero += (before[i] = state[i]) != 0;
        events += nonzero;
        if (nonzero == 0) continue;
        for (block = 0; block < blocks; block++) {
            snnrt_v8i32 added =
                (*(const snnrt_v8i32 *)(column + 8 * block) * drive + half) >> (int32_t)b_shift; /* < 2^31 */
            snnrt_v4i64 low = {0}, high = {0};
            for (j = 0; j < (order + 1) / 2; j++) {
                int32_t two;
                __builtin_memcpy(&two, before + 2 * j, 4);
                snnrt_v8i32 sum = __builtin_ia32_pmaddwd256(*(const snnrt_v16i16 *)pairs[block][j],
                                                            (snnrt_v16i16)((snnrt_v8i32){0} + two));
                low += snnrt_first_four(sum);
                high += snnrt_last_four(sum);
            }
            low = snnrt_clamped64(snnrt_rounded64(low, a_shift) + snnrt_first_four(added), 32767);
            high = snnrt_clamped64(snnrt_rounded64(high, a_shift) + snnrt_last_four(added), 32767);
            *(snnrt_v8i16 *)(after + 8 * block) =
                __builtin_shufflevector((snnrt_v16i16)low, (snnrt_v16i16)high, 0, 4, 8, 12, 16, 20, 24, 28);
        }
        SNNRT_REST for (i = 0; i < order; i++) state[i] = after[i];
    }
    return events;
}
