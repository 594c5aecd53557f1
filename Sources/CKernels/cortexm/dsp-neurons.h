/* Neurons of 16 bits, two at a time: part of dsp.h. Their halves are those of a word, the first below. */
#ifndef SNNRT_DSP_NEURONS_H
#define SNNRT_DSP_NEURONS_H

/* Up to 8 pairs of neurons, and where their loop goes on. In the order of its registers, r0 to r6. */
typedef struct {
    const void *input; /* of sums, or of synaptic currents */
    void *states;      /* membranes, or synaptic currents */
    const void *decays;
    const void *thetas;
    const void *biases;
    uint32_t
        fired; /* before n pairs bit 2n − 1 alone; behind 8 the even neurons' spikes from bit 0 on, odd ones' from 17 on */
    uint32_t scale; /* 2^f */
} snnrt_pairs;

#define SNNRT_PAIRS_BEGIN                                                                                    \
    "push {r4, r5, r6, r7, r8, r9, r10, r11, lr}\n\tpush {r0}\n\tldmia r0, {r0, r1, r2, r3, r4, r5, r6}\n\t" \
    "mov r7, #0x00010001\n\tmovw r8, #0x4000\n\tmovt r8, #0x8000\n1:\n\t"
/* The bit that `fired` begins with leaves it with the last pair. */
#define SNNRT_PAIRS_END \
    "bcc 1b\n\tpop {r6}\n\tstmia r6!, {r0, r1, r2, r3, r4, r5}\n\tpop {r4, r5, r6, r7, r8, r9, r10, r11, pc}"
/* r9 = clamp( input·2^f + b, L ). Saturation leaves −32768, which the last two bring to −32767. */
#define SNNRT_PAIRS_DRIVE                                                                                   \
    "ldrd r9, r10, [r0], #8\n\tldrd r11, r12, [r4], #8\n\tmla r9, r9, r6, r11\n\tmla r10, r10, r6, r12\n\t" \
    "ssat r9, #16, r9\n\tssat r10, #16, r10\n\tpkhbt r9, r9, r10, lsl #16\n\t" SNNRT_PAIRS_LIMIT
#define SNNRT_PAIRS_LIMIT "qsub16 r9, r9, r7\n\tsadd16 r9, r9, r7\n\t"
/* r10 = a state, r11 = −tz( r10·decay, 15 ): a decay of 2^15 fits 16 bits when it is negative. */
#define SNNRT_PAIRS_DECAY                                                                                \
    "ldr r11, [r2], #4\n\tldr r10, [r1]\n\tmov lr, #0\n\tssub16 r11, lr, r11\n\t"                        \
    "smulbb r12, r10, r11\n\tsmultt r11, r10, r11\n\t"                                                   \
    "asr lr, r12, #31\n\tadd r12, r12, lr, lsr #17\n\tasr lr, r11, #31\n\tadd r11, r11, lr, lsr #17\n\t" \
    "lsl r11, r11, #1\n\tpkhtb r11, r11, r12, asr #15\n\t"
/* U = clamp( drive − P − r11, L ) of the drive r9, and its spike. Where it fired |P + r11| ≤ L. */
#define SNNRT_PAIRS_FIRE                                                                                         \
    SNNRT_PAIRS_DECAY "ldr r12, [r3], #4\n\tsadd16 lr, r11, r12\n\tssub16 r10, r12, r10\n\tsel r11, r11, lr\n\t" \
                      "qsub16 r9, r9, r11\n\t" SNNRT_PAIRS_LIMIT "str r9, [r1], #4\n\t"                          \
                      "lsrs r5, r5, #2\n\torr r10, r5, r8\n\tssub16 r9, r12, r9\n\tsel r5, r5, r10\n\t"

/* LIF: membranes from sums. */
static __attribute__((naked, noinline, unused)) void snnrt_fire_pairs(snnrt_pairs *pairs)
{
    __asm__(SNNRT_PAIRS_BEGIN SNNRT_PAIRS_DRIVE SNNRT_PAIRS_FIRE SNNRT_PAIRS_END);
}

/* CuBa-LIF: synaptic currents from sums, Y = clamp( tz( Y·α, 15 ) + I, L ), then membranes from synaptic currents. */
static __attribute__((naked, noinline, unused)) void snnrt_filter_pairs(snnrt_pairs *pairs)
{
    __asm__(SNNRT_PAIRS_BEGIN SNNRT_PAIRS_DRIVE SNNRT_PAIRS_DECAY
            "qsub16 r9, r9, r11\n\t" SNNRT_PAIRS_LIMIT "str r9, [r1], #4\n\tlsrs r5, r5, #2\n\t" SNNRT_PAIRS_END);
}

static __attribute__((naked, noinline, unused)) void snnrt_fire_filtered_pairs(snnrt_pairs *pairs)
{
    __asm__(SNNRT_PAIRS_BEGIN "ldr r9, [r0], #4\n\t" SNNRT_PAIRS_FIRE SNNRT_PAIRS_END);
}

/* `at`, or where the parameter is no array 8 pairs of it. */
SNNRT_PART const uint8_t *snnrt_repeated(const void *at, uint32_t is_array, uint32_t *pairs)
{
    uint32_t one = *(const uint16_t *)at, k;
    if (is_array) return (const uint8_t *)at;
    _Pragma("clang loop unroll(disable)") for (k = 0; k < 8; k++) pairs[k] = one | one << 16;
    return (const uint8_t *)pairs;
}

/* Runs a loop over `count` pairs, 8 at a time; sums and synaptic currents have so many bytes a pair. Returns how many neurons fired,
 * with their spikes in `words`, if there are any. */
SNNRT_KERNEL uint32_t snnrt_run_pairs(const snnrt_population *p, void (*loop)(snnrt_pairs *), snnrt_pairs *pairs,
                                      uint32_t decays_are_array, uint16_t *words)
{
    uint32_t decays[8], thetas[8], arrays = p->arrays, count = p->count >> 1, spikes = 0, k;
    int32_t biases[16];
    const void *const decay = snnrt_repeated(pairs->decays, decays_are_array, decays);
    const void *const theta = snnrt_repeated(p->thetas, arrays & 4, thetas);
    const void *bias = p->biases;
    if (!(arrays & 8)) {
        for (k = 0; k < 16; k++) biases[k] = *p->biases;
        bias = biases;
    }
    pairs->decays = decay;
    pairs->thetas = theta;
    pairs->biases = bias;
    arrays = (arrays & 12) | (decays_are_array != 0);
    while (count != 0) {
        uint32_t n = count < 8 ? count : 8, fired;
        pairs->fired = 1u << (2 * n - 1);
        loop(pairs);
        count -= n;
        if (arrays != 13) {
            if (!(arrays & 1)) pairs->decays = decay;
            if (!(arrays & 4)) pairs->thetas = theta;
            if (!(arrays & 8)) pairs->biases = bias;
        }
        if (!words) continue;
        fired = pairs->fired >> (16 - 2 * n);
        fired = (fired & 0x5555) | (fired >> 16 & 0xaaaa);
        *words++ = (uint16_t)fired;
        for (; fired != 0; fired &= fired - 1) spikes++;
    }
    if (words && ((uintptr_t)words & 2)) *words = 0;
    return spikes;
}

/* All pairs of neurons whose reset subtracts when they are above θ, where each neuron has parameters of its own or all have one. */
SNNRT_PART void snnrt_reset_later_fast(const snnrt_population *p, snnrt_progress *progress)
{
    snnrt_pairs pairs = {p->input, p->membranes, p->betas, 0, 0, 0, 1u << p->fraction_bits};
    void (*loop)(snnrt_pairs *) = snnrt_fire_pairs;
    if (!p->subtracts || p->fires_at_threshold || (p->arrays != 0 && p->period != p->count)) return;
    if (p->currents) {
        pairs.states = p->currents;
        pairs.decays = p->alphas;
        (void)snnrt_run_pairs(p, snnrt_filter_pairs, &pairs, p->arrays & 2, 0);
        pairs.input = p->currents;
        pairs.states = p->membranes;
        pairs.decays = p->betas;
        loop = snnrt_fire_filtered_pairs;
    }
    progress->spikes = snnrt_run_pairs(p, loop, &pairs, p->arrays & 1, (uint16_t *)p->words);
    progress->next = p->count & ~1u;
    progress->k = p->arrays != 0 ? progress->next : 0;
}

#endif
