/* Populations: those of lif and of xylo (docs/format.md), with the saturating sums that enter those. */
SNNRT_PART snnrt_v8i32 snnrt_clamped(snnrt_v8i32 x, int32_t limit)
{
    snnrt_v8i32 high = (snnrt_v8i32){0} + limit;
    return __builtin_elementwise_max(__builtin_elementwise_min(x, high), -high);
}

SNNRT_PART snnrt_v8i32 snnrt_states(const void *states, uint32_t i, int is_wide)
{
    if (is_wide) return *(const snnrt_v8i32 *)((const int32_t *)states + i);
    return __builtin_convertvector(*(const snnrt_v8i16 *)((const int16_t *)states + i), snnrt_v8i32);
}

SNNRT_PART void snnrt_keep(void *states, uint32_t i, snnrt_v8i32 x, int is_wide)
{
    if (is_wide)
        *(snnrt_v8i32 *)((int32_t *)states + i) = x;
    else
        *(snnrt_v8i16 *)((int16_t *)states + i) = __builtin_convertvector(x, snnrt_v8i16);
}

SNNRT_PART snnrt_v8i32 snnrt_decays(const uint16_t *decays, uint32_t i)
{
    return __builtin_convertvector(*(const snnrt_v8u16 *)(decays + i), snnrt_v8i32);
}

/* tz( x·decay, 15 ), decay ≤ 2^15. |x| < 2^30 is h·2^15 + l with h, l < 2^15: h·decay + (l·decay >> 15), without 64 bits. */
SNNRT_PART snnrt_v8i32 snnrt_decayed(snnrt_v8i32 x, snnrt_v8i32 decay, int is_wide)
{
    snnrt_v8i32 sign = x >> 31;
    if (!is_wide) return (x * decay + (sign & 0x7fff)) >> 15;
    snnrt_v8i32 magnitude = (x ^ sign) - sign;
    snnrt_v8i32 kept = (magnitude >> 15) * decay + ((magnitude & 0x7fff) * decay >> 15);
    return (kept ^ sign) - sign;
}

SNNRT_PART uint32_t snnrt_mask(snnrt_v8i32 x) { return (uint32_t)__builtin_ia32_movmskps256((snnrt_v8f32)x); }

SNNRT_PART uint32_t snnrt_total(snnrt_v8i32 x)
{
    return (uint32_t)(x[0] + x[1] + x[2] + x[3] + x[4] + x[5] + x[6] + x[7]);
}

/* What happens after a spike: resets 1 and 2, resets 3 and 4 of plain spikes, or LI and CuBa-LI, which have none. */
enum { SNNRT_RESETS_NEXT_TICK, SNNRT_RESETS_SAME_TICK, SNNRT_INTEGRATES };

SNNRT_PART uint64_t snnrt_neuron_loop(const snnrt_population *population, int kind, int is_wide, int is_cuba,
                                      uint32_t arrays)
{
    const snnrt_population p = *population; /* what is stored below is no part of it */
    const int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    snnrt_v8i32 none = {0}, events = none, unchanged = none, theta = none;
    snnrt_v8i32 beta = none + p.betas[0], bias = none + p.biases[0], alpha = is_cuba ? none + p.alphas[0] : none;
    snnrt_v8i32 subtracts = none - (int32_t)p.subtracts;
    uint8_t *bits = (uint8_t *)p.words;
    uint32_t i;
    if (kind != SNNRT_INTEGRATES) {
        theta = none + (is_wide ? *(const int32_t *)p.thetas : *(const int16_t *)p.thetas);
        if (p.count & 31) p.words[p.count >> 5] = 0;
    }
    for (i = 0; i + 8 <= p.count; i += 8) {
        snnrt_v8i32 membrane = snnrt_states(p.membranes, i, is_wide), drive, highest, updated, firing;
        if (arrays & 1) beta = snnrt_decays(p.betas, i);
        if (arrays & 4) theta = snnrt_states(p.thetas, i, is_wide);
        if (arrays & 8) bias = *(const snnrt_v8i32 *)(p.biases + i);
        drive = snnrt_clamped((*(const snnrt_v8i32 *)(p.input + i) << (int32_t)p.fraction_bits) + bias, limit);
        if (is_cuba) {
            if (arrays & 2) alpha = snnrt_decays(p.alphas, i);
            drive = snnrt_clamped(snnrt_decayed(snnrt_states(p.currents, i, is_wide), alpha, is_wide) + drive, limit);
            snnrt_keep(p.currents, i, drive, is_wide);
        }
        highest = theta - (int32_t)p.fires_at_threshold;
        updated = snnrt_decayed(membrane, beta, is_wide);
        if (kind == SNNRT_RESETS_NEXT_TICK) {
            firing = membrane > highest;
            updated = (updated & (subtracts | ~firing)) - (theta & firing & subtracts);
        }
        updated = snnrt_clamped(updated + drive, limit);
        firing = updated > highest;
        if (kind == SNNRT_RESETS_SAME_TICK) updated = (updated & (subtracts | ~firing)) - (theta & firing & subtracts);
        snnrt_keep(p.membranes, i, updated, is_wide);
        if (kind == SNNRT_INTEGRATES) {
            events -= updated != 0;
        } else {
            bits[i >> 3] = (uint8_t)snnrt_mask(firing);
            events -= firing;
        }
        unchanged -= updated == membrane;
    }
    return (uint64_t)(i - snnrt_total(unchanged)) << 32 | snnrt_total(events);
}

SNNRT_PART uint64_t snnrt_neurons(const snnrt_population *p, int kind, uint32_t is_wide)
{
    if (p->currents)
        return is_wide ? snnrt_neuron_loop(p, kind, 1, 1, p->arrays) : snnrt_neuron_loop(p, kind, 0, 1, p->arrays);
    /* The common case of parameters that are one for all has loops without their loads. */
    if ((p->arrays & 15) == 0)
        return is_wide ? snnrt_neuron_loop(p, kind, 1, 0, 0) : snnrt_neuron_loop(p, kind, 0, 0, 0);
    return is_wide ? snnrt_neuron_loop(p, kind, 1, 0, p->arrays) : snnrt_neuron_loop(p, kind, 0, 0, p->arrays);
}

/* The first count / 8 · 8 neurons; `words` gets their spikes. Returns how many fired (of LI: are not 0), and in the upper half
 * how many membranes changed. */
SNNRT_KERNEL uint64_t snnrt_tick_neurons(const snnrt_population *population, uint32_t kind, uint32_t is_wide)
{
    if (kind == SNNRT_RESETS_NEXT_TICK) return snnrt_neurons(population, SNNRT_RESETS_NEXT_TICK, is_wide);
    if (kind == SNNRT_RESETS_SAME_TICK) return snnrt_neurons(population, SNNRT_RESETS_SAME_TICK, is_wide);
    return snnrt_neurons(population, SNNRT_INTEGRATES, is_wide);
}

/* ---- saturating sums of a chip --------------------------------------------------------------- */

/* currents[i] = sat16( currents[i] + w[offsets[e]][i]·values[e] ), e after e, of int8 weights and −256 < values[e] ≤ 256:
 * −2^15 ≤ w·value < 2^15, and the processor's own additions saturate. */
SNNRT_PART void snnrt_saturate_int8(const uint8_t *runs, const uint32_t *offsets, const int32_t *values, uint32_t count,
                                    int16_t *currents, uint32_t length)
{
    uint32_t i = 0, e, k;
    for (; i + 64 <= length; i += 64) {
        snnrt_v16i16 *to = (snnrt_v16i16 *)(currents + i), sum[4];
        SNNRT_EACH(k, 4) sum[k] = to[k];
        for (e = 0; e < count; e++) SNNRT_EACH(k, 4)
        sum[k] =
            __builtin_elementwise_add_sat(sum[k], snnrt_int8s(runs + offsets[e] + i + 16 * k) * (int16_t)values[e]);
        SNNRT_EACH(k, 4) to[k] = sum[k];
    }
    for (; i < length; i += 16) {
        uint32_t rest = length - i < 16 ? length - i : 16;
        int16_t last[16] = {0};
        snnrt_v16i16 sum;
        __builtin_memcpy(last + 16 - rest, currents + i, 2 * rest);
        sum = *(snnrt_v16i16 *)last;
        for (e = 0; e < count; e++)
            sum =
                __builtin_elementwise_add_sat(sum, snnrt_int8s(runs + offsets[e] + i + rest - 16) * (int16_t)values[e]);
        *(snnrt_v16i16 *)last = sum;
        __builtin_memcpy(currents + i, last + 16 - rest, 2 * rest);
    }
}

SNNRT_PART snnrt_v8i32 snnrt_saturated(snnrt_v8i32 x)
{
    return __builtin_elementwise_max(__builtin_elementwise_min(x, (snnrt_v8i32){0} + 32767), (snnrt_v8i32){0} - 32768);
}

/* The same of any weights and |w·value| ≤ 2^30. */
SNNRT_PART void snnrt_saturate(uint32_t bits, const uint8_t *runs, const uint32_t *offsets, const int32_t *values,
                               uint32_t count, int16_t *currents, uint32_t length)
{
    uint32_t i = 0, e;
    for (; i + 8 <= length; i += 8) {
        snnrt_v8i32 sum = snnrt_states(currents, i, 0);
        for (e = 0; e < count; e++)
            sum = snnrt_saturated(sum + snnrt_eight(runs + offsets[e] + i / 8 * bits, bits) * values[e]);
        snnrt_keep(currents, i, sum, 0);
    }
    for (; i < length; i++)
        for (e = 0; e < count; e++) {
            int32_t sum = currents[i] + snnrt_one(runs + offsets[e], i, bits) * values[e];
            currents[i] = (int16_t)(sum > 32767 ? 32767 : sum < -32768 ? -32768 : sum);
        }
}

/* Adds the runs of the elements that are not 0, times them and 2^shift, to a synaptic slot (docs/format.md, "dense"): of
 * spikes in `words`, or of `values`. Returns how many there were. */
SNNRT_KERNEL uint32_t snnrt_add_saturating(uint32_t bits, const void *runs, uint32_t stride, const uint32_t *words,
                                           const int16_t *values, uint32_t shift, uint32_t source_count, int32_t limit,
                                           int16_t *currents, uint32_t length)
{
    uint32_t offsets[SNNRT_CHUNK + 1], count = 0, events = 0, j;
    int32_t factors[SNNRT_CHUNK + 1];
    for (j = 0; j < source_count; j++) {
        int32_t value = words ? (int32_t)(words[j >> 5] >> (j & 31) & 1) : values[j];
        offsets[count] = j * stride;
        factors[count] = value << shift;
        count += value != 0;
        if (count == SNNRT_CHUNK || j + 1 == source_count) {
            if (bits == 8 && limit <= 255 >> shift)
                snnrt_saturate_int8((const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 8)
                snnrt_saturate(8, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 4)
                snnrt_saturate(4, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else if (bits == 2)
                snnrt_saturate(2, (const uint8_t *)runs, offsets, factors, count, currents, length);
            else
                snnrt_saturate(1, (const uint8_t *)runs, offsets, factors, count, currents, length);
            events += count;
            count = 0;
        }
    }
    return events;
}

/* A population of xylo (docs/format.md) without aliases. A parameter is an array, or one for all where its bit in `arrays` is
 * clear: 1 membrane dash, 2 synaptic dash, 4 threshold, 8 bias. */
typedef struct {
    int16_t *membranes;
    int16_t *currents; /* current_count rows of `count` */
    const uint16_t *membrane_dashes, *synaptic_dashes;
    const int16_t *thresholds;
    const int32_t *biases;
    uint32_t *words; /* plain spikes, else NULL */
    int16_t *spikes; /* graded ones */
    uint32_t arrays;
    uint32_t count;
    uint32_t current_count;
    int32_t limit; /* spikes of a tick at most */
} snnrt_xylo_population;

/* d( x, dash ): x >> dash, but 1 where that is 0 and x > 0. */
SNNRT_PART snnrt_v8i32 snnrt_dashed(snnrt_v8i32 x, snnrt_v8i32 dash)
{
    snnrt_v8i32 part = x >> dash;
    return part - ((part == 0) & (x > 0));
}

SNNRT_PART snnrt_v8i32 snnrt_dashes(const uint16_t *dashes, uint32_t i, uint32_t is_array)
{
    return is_array ? snnrt_decays(dashes, i) : (snnrt_v8i32){0} + dashes[0];
}

/* The first count / 8 · 8 neurons. Returns how many fired, and in the upper half how many membranes changed. */
SNNRT_KERNEL uint64_t snnrt_fire_xylo(const snnrt_xylo_population *population)
{
    const snnrt_xylo_population p = *population;
    snnrt_v8i32 none = {0}, events = none, unchanged = none;
    uint8_t *bits = (uint8_t *)p.words;
    uint32_t i, row;
    if (bits && (p.count & 31)) p.words[p.count >> 5] = 0;
    for (i = 0; i + 8 <= p.count; i += 8) {
        snnrt_v8i32 membrane = snnrt_states(p.membranes, i, 0), threshold, change, reached, spikes;
        /* −(−32768), of a dash of 0, is −32768 in the chip's 16 bits. */
        change = -snnrt_dashed(membrane, snnrt_dashes(p.membrane_dashes, i, p.arrays & 1)) << 16 >> 16;
        for (row = 0; row < p.current_count; row++) {
            uint32_t at = row * p.count + i;
            snnrt_v8i32 current = snnrt_states(p.currents, at, 0);
            current -= snnrt_dashed(current, snnrt_dashes(p.synaptic_dashes, at, p.arrays & 2));
            snnrt_keep(p.currents, at, current, 0);
            change += current;
        }
        change = snnrt_saturated(change) + (p.arrays & 8 ? *(const snnrt_v8i32 *)(p.biases + i) : none + p.biases[0]);
        reached = snnrt_saturated(membrane + snnrt_saturated(change));
        threshold = p.arrays & 4 ? snnrt_states(p.thresholds, i, 0) : none + p.thresholds[0];
        /* Quotients of numbers below 2^15 are 2^-15 or more below the next whole number, unless they are one: floats tell. */
        spikes = __builtin_convertvector(__builtin_convertvector(reached, snnrt_v8f32) /
                                             __builtin_convertvector(threshold - (threshold == 0), snnrt_v8f32),
                                         snnrt_v8i32);
        spikes = __builtin_elementwise_min(spikes | ((threshold == 0) & 0x7fffffff), none + p.limit) &
                 (reached >= threshold);
        reached -= spikes * threshold;
        snnrt_keep(p.membranes, i, reached, 0);
        if (bits)
            bits[i >> 3] = (uint8_t)snnrt_mask(spikes != 0);
        else
            snnrt_keep(p.spikes, i, spikes, 0);
        events -= spikes != 0;
        unchanged -= reached == membrane;
    }
    return (uint64_t)(i - snnrt_total(unchanged)) << 32 | snnrt_total(events);
}
