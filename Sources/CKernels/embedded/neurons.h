/* Populations of neurons that are reset in the next tick: part of embedded.h, behind a processor's own loops. */
#ifndef SNNRT_NEURONS_H
#define SNNRT_NEURONS_H

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

/* tz( x·decay, 15 ). */
SNNRT_PART int32_t snnrt_decayed(int32_t x, uint32_t decay, uint32_t is_wide)
{
    if (is_wide) {
        int64_t product = (int64_t)x * (int32_t)decay;
        return (int32_t)((product + ((uint32_t)(product >> 63) >> 17)) >> 15);
    } else {
        int32_t product = x * (int32_t)decay;
        return (product + (int32_t)((uint32_t)(product >> 31) >> 17)) >> 15;
    }
}

/* Neurons on their way: state, input and parameters of the next one, and what those before it found. */
typedef struct {
    uint32_t spikes;  /* how many fired */
    uint32_t next, k; /* the next neuron, and its parameters' element */
} snnrt_progress;

/* A parameter's array as neurons from `next` on see it, by their number, or the one for all, which the mask 0 finds. */
typedef struct {
    const uint8_t *first;
    uint32_t mask;
} snnrt_parameter;

SNNRT_PART snnrt_parameter snnrt_parameter_of(const void *at, uint32_t is_array, const snnrt_progress *progress,
                                              uint32_t width)
{
    snnrt_parameter parameter = {(const uint8_t *)at, 0};
    if (is_array) {
        parameter.first += width * (progress->k - progress->next);
        parameter.mask = ~0u;
    }
    return parameter;
}

/* `count` neurons, at most to the end of a word and of the parameters' period. Returns their spikes, from the lowest bit upward. */
SNNRT_PART uint32_t snnrt_reset_later_span(const snnrt_population *p, const snnrt_progress *progress, uint32_t count,
                                           uint32_t is_wide, uint32_t is_cuba)
{
    const uint32_t width = is_wide ? 4 : 2, arrays = p->arrays, bits = p->fraction_bits;
    const snnrt_parameter betas = snnrt_parameter_of(p->betas, arrays & 1, progress, 2),
                          alphas = snnrt_parameter_of(p->alphas, arrays & 2, progress, 2),
                          thetas = snnrt_parameter_of(p->thetas, arrays & 4, progress, width),
                          biases = snnrt_parameter_of(p->biases, arrays & 8, progress, 4);
    uint32_t two = 2 * progress->next, bit = 1u << (32 - count), word = 0; /* bytes of a parameter of 16 bits */
    do {
        const uint32_t four = two + two, own = is_wide ? four : two;
        uint8_t *state = (uint8_t *)p->membranes + own;
        /* |c·2^f + b| < 2^31: proved at opening. Sums of two values within L stay within 2L < 2^31. */
        int32_t drive = (int32_t)((uint32_t)*(const int32_t *)((const uint8_t *)p->input + four) << bits);
        int32_t membrane = snnrt_load(state, is_wide),
                threshold = snnrt_load(thetas.first + (own & thetas.mask), is_wide);
        int32_t kept = snnrt_decayed(membrane, *(const uint16_t *)(betas.first + (two & betas.mask)), is_wide);
        int32_t highest = threshold - (int32_t)p->fires_at_threshold;
        drive = snnrt_limited(drive + *(const int32_t *)(biases.first + (four & biases.mask)), is_wide);
        if (is_cuba) {
            uint8_t *current = (uint8_t *)p->currents + own;
            uint32_t alpha = *(const uint16_t *)(alphas.first + (two & alphas.mask));
            drive = snnrt_limited(snnrt_decayed(snnrt_load(current, is_wide), alpha, is_wide) + drive, is_wide);
            snnrt_store(current, drive, is_wide);
        }
        if (membrane > highest) {
            kept = p->subtracts ? kept - threshold : 0;
            __asm__("" : "+r"(kept)); /* few fire: a branch */
        }
        drive = snnrt_limited(kept + drive, is_wide);
        snnrt_store(state, drive, is_wide);
        if (drive > highest) word |= bit;
        two += 2;
    } while ((bit <<= 1) != 0);
    return word >> (32 - count);
}

SNNRT_KERNEL uint32_t snnrt_reset_later_wide(const snnrt_population *p, const snnrt_progress *progress, uint32_t count)
{
    return snnrt_reset_later_span(p, progress, count, 1, p->currents != 0);
}

SNNRT_KERNEL uint32_t snnrt_reset_later_narrow(const snnrt_population *p, const snnrt_progress *progress,
                                               uint32_t count)
{
    /* Two loops where there is no faster one for most. */
    if (!SNNRT_HAS_PAIRS && !p->currents) return snnrt_reset_later_span(p, progress, count, 0, 0);
    return snnrt_reset_later_span(p, progress, count, 0, p->currents != 0);
}

typedef uint32_t snnrt_span(const snnrt_population *p, const snnrt_progress *progress, uint32_t count);

/* All neurons from the next one on. Returns how many membranes changed, if those are to be counted: then one at a time. */
SNNRT_KERNEL uint32_t snnrt_reset_later_rest(const snnrt_population *p, snnrt_progress *progress, snnrt_span *span,
                                             uint32_t is_wide, uint32_t counts_changes)
{
    uint32_t first = progress->next, k = progress->k, word = first & 31 ? p->words[first >> 5] : 0, changes = 0;
    while (first < p->count) {
        const uint8_t *state = (const uint8_t *)p->membranes + (is_wide ? 4 : 2) * first;
        uint32_t in_word = 32 - (first & 31), count = p->count - first, in_period = p->period - k, fired;
        int32_t before = snnrt_load(state, is_wide);
        count = count < in_word ? count : in_word;
        count = count < in_period ? count : in_period;
        if (counts_changes) count = 1;
        fired = span(p, progress, count);
        word |= fired << (first & 31);
        for (; fired != 0; fired &= fired - 1) progress->spikes++;
        if (counts_changes) changes += snnrt_load(state, is_wide) != before;
        p->words[first >> 5] = word;
        progress->next = first += count;
        progress->k = k = count == in_period ? 0 : k + count;
        if ((first & 31) == 0) word = 0;
    }
    return changes;
}

#endif
