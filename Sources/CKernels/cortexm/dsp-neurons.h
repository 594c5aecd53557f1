/* Populations of neurons: part of dsp.h, behind dsp-memory.h. */
#ifndef SNNRT_DSP_NEURONS_H
#define SNNRT_DSP_NEURONS_H

SNNRT_PART int32_t snnrt_load(const void *at, uint32_t is_wide)
{
    return is_wide ? *(const int32_t *)at : *(const int16_t *)at;
}

SNNRT_PART void snnrt_store(void *at, int32_t x, uint32_t is_wide)
{
    if (is_wide)
        *(int32_t *)at = x;
    else
        *(int16_t *)at = (int16_t)x;
}

/* tz( x·decay, 15 ), with 15 more bits below where states have 16: what shifts them out adds to something, in one instruction. */
SNNRT_PART int32_t snnrt_decayed(int32_t x, uint32_t decay, uint32_t is_wide)
{
    if (is_wide) {
        int64_t product = (int64_t)x * (int32_t)decay;
        return (int32_t)((product + ((uint32_t)(product >> 63) >> 17)) >> 15);
    } else {
        int32_t product = x * (int32_t)decay;
        return product + (int32_t)((uint32_t)(product >> 31) >> 17);
    }
}

/* drives[i] = clamp( input[i]·2^bits + bias, L ). */
SNNRT_PART void snnrt_drive(const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits, int32_t *drives,
                            uint32_t count, uint32_t is_wide)
{
    do {
        *drives++ = snnrt_limited((*input++ << bits) + *bias, is_wide);
        bias += step;
    } while (--count != 0);
}

/* Y = clamp( tz( Y·α, 15 ) + I, L ), and I with it. */
SNNRT_PART void snnrt_filter(uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives, uint32_t count,
                             uint32_t is_wide)
{
    do {
        *drives = snnrt_limited(
            (snnrt_decayed(snnrt_load(currents, is_wide), *decay, is_wide) >> (is_wide ? 0 : 15)) + *drives, is_wide);
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
SNNRT_PART uint32_t snnrt_fire(uint8_t *states, const int32_t *drives, const snnrt_membrane *p, uint32_t count,
                               uint32_t is_wide)
{
    const uint8_t *decay = (const uint8_t *)p->decay, *theta = p->theta;
    uint32_t decay_step = p->decay_step, theta_step = p->theta_step, word = 0, bit = 1u << (32 - count);
    int32_t slack = p->slack;
    do {
        int32_t membrane = snnrt_load(states, is_wide), highest = snnrt_load(theta, is_wide) - slack;
        int32_t kept = snnrt_decayed(membrane, *(const uint16_t *)decay, is_wide);
        if (membrane > highest) {
            kept = p->subtracts ? kept - ((highest + slack) << (is_wide ? 0 : 15)) : 0;
            __asm__("" : "+r"(kept)); /* few fire: a branch */
        }
        membrane = snnrt_limited((kept >> (is_wide ? 0 : 15)) + *drives++, is_wide);
        snnrt_store(states, membrane, is_wide);
        if (membrane > highest) word |= bit;
        states += is_wide ? 4 : 2;
        decay += decay_step;
        theta += theta_step;
    } while ((bit <<= 1) != 0);
    return word >> (32 - count);
}

SNNRT_KERNEL void snnrt_drive_narrow(const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits,
                                     int32_t *drives, uint32_t count)
{
    snnrt_drive(input, bias, step, bits, drives, count, 0);
}

SNNRT_KERNEL void snnrt_drive_wide(const int32_t *input, const int32_t *bias, uint32_t step, uint32_t bits,
                                   int32_t *drives, uint32_t count)
{
    snnrt_drive(input, bias, step, bits, drives, count, 1);
}

SNNRT_KERNEL void snnrt_filter_narrow(uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives,
                                      uint32_t count)
{
    snnrt_filter(currents, decay, step, drives, count, 0);
}

SNNRT_KERNEL void snnrt_filter_wide(uint8_t *currents, const uint16_t *decay, uint32_t step, int32_t *drives,
                                    uint32_t count)
{
    snnrt_filter(currents, decay, step, drives, count, 1);
}

SNNRT_KERNEL uint32_t snnrt_fire_narrow(uint8_t *states, const int32_t *drives, const snnrt_membrane *parameters,
                                        uint32_t count)
{
    return snnrt_fire(states, drives, parameters, count, 0);
}

SNNRT_KERNEL uint32_t snnrt_fire_wide(uint8_t *states, const int32_t *drives, const snnrt_membrane *parameters,
                                      uint32_t count)
{
    return snnrt_fire(states, drives, parameters, count, 1);
}

/* `count` ≤ 32 neurons from `first` on, whose parameters begin at `k`. Returns their spikes. In passes, each of which has what
 * it needs in registers. */
SNNRT_PART uint32_t snnrt_reset_later_span(const snnrt_population *p, uint32_t first, uint32_t k, uint32_t count,
                                           uint32_t is_wide)
{
    uint32_t width = is_wide ? 4 : 2, decay_step = p->arrays & 1, filter_step = p->arrays >> 1 & 1,
             bias_step = p->arrays >> 3 & 1;
    uint32_t theta_step = p->arrays & 4 ? width : 0;
    snnrt_membrane membrane = {p->betas + decay_step * k,
                               (const uint8_t *)p->thetas + theta_step * k,
                               2 * decay_step,
                               theta_step,
                               (int32_t)p->fires_at_threshold,
                               p->subtracts};
    uint8_t *states = (uint8_t *)p->membranes + width * first, *currents = (uint8_t *)p->currents + width * first;
    int32_t drives[32];
    (is_wide ? snnrt_drive_wide : snnrt_drive_narrow)(p->input + first, p->biases + bias_step * k, bias_step,
                                                      p->fraction_bits, drives, count);
    if (p->currents)
        (is_wide ? snnrt_filter_wide : snnrt_filter_narrow)(currents, p->alphas + filter_step * k, filter_step, drives,
                                                            count);
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
            for (i = 32 * number; i < end; i++)
                changes += before[i & 31] != snnrt_load(states + (is_wide ? 4 : 2) * i, is_wide);
        population->words[number] = word;
        for (; word != 0; word &= word - 1) spikes++;
    }
    return (uint64_t)changes << 32 | spikes;
}

#endif
