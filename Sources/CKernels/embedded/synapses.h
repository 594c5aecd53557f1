/* Synapses with targets of their own: part of embedded.h. */
#ifndef SNNRT_SYNAPSES_H
#define SNNRT_SYNAPSES_H

/* Element j of the source has the synapses runs[j·delay_count] ..< runs[j·delay_count + 1]. */
typedef struct {
    uint32_t bits, target_bits, delay_count;
    const void *weights, *targets;
    const uint32_t *runs;
    int32_t *sums;
} snnrt_synapses;

SNNRT_PART int32_t snnrt_lowest(uint32_t fields, uint32_t bits)
{
    return bits == 1 ? (int32_t)(fields & 1) * 2 - 1 : (int32_t)(fields << (32 - bits)) >> (32 - bits);
}

/* sums[target] += w·value of a run of synapses. Returns how many they are. */
SNNRT_PART uint32_t snnrt_add_synapses(const snnrt_synapses *synapses, const uint32_t *run, int32_t value,
                                       uint32_t bits)
{
    const uint8_t *weights = (const uint8_t *)synapses->weights;
    uint32_t first = run[0], count = run[1] - first, left = count;
    const uint16_t *target = (const uint16_t *)synapses->targets + first;
    int32_t *sums = synapses->sums;
    if (bits >= 8) {
        for (weights += first * (bits / 8); left != 0; left--, weights += bits / 8)
            sums[*target++] += snnrt_element(weights, bits) * value;
    } else if (bits == 4) {
        /* Bytes of two, from the upper half of one or to the lower one of another. */
        weights += first >> 1;
        if ((first & 1) != 0 && left != 0) {
            sums[*target++] += ((int8_t)*weights++ >> 4) * value;
            left--;
        }
        for (; left > 1; left -= 2, target += 2) {
            int32_t two = (int8_t)*weights++;
            sums[target[0]] += snnrt_lowest((uint32_t)two, 4) * value;
            sums[target[1]] += (two >> 4) * value;
        }
        if (left != 0) sums[*target] += snnrt_lowest(*weights, 4) * value;
    } else {
        while (left != 0) {
            /* A word has its first field at bit 7 at the latest; behind the last weights comes the file's trailer. */
            uint32_t most = bits == 2 ? 13 : 25, n = left < most ? left : most;
            uint32_t fields = snnrt_word(weights + (first * bits >> 3)) >> (first * bits & 7);
            left -= n;
            first += n;
            do {
                sums[*target++] += snnrt_lowest(fields, bits) * value;
                fields >>= bits;
            } while (--n != 0);
        }
    }
    return count;
}

SNNRT_KERNEL uint32_t snnrt_synapses_int16(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 16);
}

SNNRT_KERNEL uint32_t snnrt_synapses_int8(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 8);
}

SNNRT_KERNEL uint32_t snnrt_synapses_int4(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 4);
}

SNNRT_KERNEL uint32_t snnrt_synapses_ternary(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 2);
}

SNNRT_KERNEL uint32_t snnrt_synapses_binary(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    return snnrt_add_synapses(synapses, run, value, 1);
}

/* The same of targets of 32 bits. */
SNNRT_KERNEL uint32_t snnrt_synapses_far(const snnrt_synapses *synapses, const uint32_t *run, int32_t value)
{
    const uint8_t *weights = (const uint8_t *)synapses->weights;
    const uint32_t *targets = (const uint32_t *)synapses->targets;
    uint32_t bits = synapses->bits, i;
    for (i = run[0]; i != run[1]; i++)
        synapses->sums[targets[i]] +=
            value * (bits >= 8 ? snnrt_element(weights + i * (bits / 8), bits)
                               : snnrt_lowest(weights[i * bits >> 3] >> (i * bits & 7), bits));
    return i - run[0];
}

typedef uint32_t snnrt_run_loop(const snnrt_synapses *, const uint32_t *, int32_t);

SNNRT_KERNEL snnrt_run_loop *snnrt_loop_of(const snnrt_synapses *synapses)
{
    if (synapses->target_bits == 32) return snnrt_synapses_far;
    if (synapses->bits == 16) return snnrt_synapses_int16;
    if (synapses->bits == 8) return snnrt_synapses_int8;
    if (synapses->bits == 4) return snnrt_synapses_int4;
    return synapses->bits == 2 ? snnrt_synapses_ternary : snnrt_synapses_binary;
}

/* Adds the synapses of the spikes in `words`. Returns how many they are. */
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_spikes(const snnrt_synapses *synapses, const uint32_t *words,
                                                   uint32_t word_count)
{
    snnrt_run_loop *add = snnrt_loop_of(synapses);
    const uint32_t *runs = synapses->runs;
    uint32_t number, count = 0, stride = synapses->delay_count;
    for (number = 0; number < word_count; number++, runs += 32 * stride) {
        uint32_t word = words[number];
        for (; word != 0; word &= word - 1) count += add(synapses, runs + stride * (uint32_t)__builtin_ctz(word), 1);
    }
    return count;
}

/* The same of elements that are not 0, times them. */
SNNRT_KERNEL uint32_t snnrt_add_synapses_of_values(const snnrt_synapses *synapses, const int16_t *narrow,
                                                   const int32_t *wide, uint32_t shift, uint32_t source_count)
{
    snnrt_run_loop *add = snnrt_loop_of(synapses);
    const uint32_t *runs = synapses->runs;
    uint32_t j, count = 0;
    for (j = 0; j < source_count; j++, runs += synapses->delay_count) {
        int32_t value = snnrt_value(narrow, wide, shift, j);
        if (value != 0) count += add(synapses, runs, value);
    }
    return count;
}

#endif
