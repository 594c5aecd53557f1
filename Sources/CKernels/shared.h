/* What the loops of x86 and of cortexm share. SNNRT_PART is to be defined before. */
#ifndef SNNRT_SHARED_H
#define SNNRT_SHARED_H

/* A loop whose elements are to lie in registers. */
#define SNNRT_EACH(k, count) _Pragma("clang loop unroll(full)") for (k = 0; k < count; k++)

/* Element j of `narrow`, or of `wide` rounded by the source shift and clamped (docs/format.md, "Projections"). */
SNNRT_PART int32_t snnrt_value(const int16_t *narrow, const int32_t *wide, uint32_t shift, uint32_t j)
{
    int32_t value;
    if (narrow) return narrow[j];
    value = shift == 0 ? wide[j] : (wide[j] >> shift) + (wide[j] >> (shift - 1) & 1);
    return value > 32767 ? 32767 : value < -32767 ? -32767 : value;
}

/* A population (docs/format.md, "lif"). A parameter is an array of `period` elements (on x86-64 `count`), or one for all where
 * its bit in `arrays` is clear: 1 decay, 2 synaptic decay, 4 threshold, 8 bias. */
typedef struct {
    void *membranes;
    void *currents; /* CuBa models, else NULL */
    const int32_t *input;
    const uint16_t *betas, *alphas;
    const void *thetas;
    const int32_t *biases;
    uint32_t *words;
    uint32_t arrays;
    uint32_t period;
    uint32_t fraction_bits;
    uint32_t count;
    uint32_t fires_at_threshold, subtracts;
} snnrt_population;

#endif
