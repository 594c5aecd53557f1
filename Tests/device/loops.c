/* The loops of Sources/CKernels/embedded/embedded.h against the equations they stand for, with random operands at sizes and bounds that
 * the golden programs lack. Compiled with clang, whose intrinsics they use, for a Cortex-M4 and for a Cortex-M0+; runs on emulated boards. Prints the case that
 * fails first, by what makes it again. */
#include "../../Sources/CKernels/embedded/embedded.h"

int printf(const char *, ...);

/* The table that the library's own functions fill (include/snnrt.h, "What is linked"). */
#define ADDER(loop) (snnrt_adder *)(void (*)(void))loop
snnrt_adder *const snnrt_adders[12] = {
    ADDER(snnrt_spikes_binary), ADDER(snnrt_spikes_ternary), ADDER(snnrt_spikes_int4),    ADDER(snnrt_spikes_int8),
    ADDER(snnrt_spikes_int16),  ADDER(snnrt_values_binary),  ADDER(snnrt_values_ternary), ADDER(snnrt_values_int4),
    ADDER(snnrt_values_int8),   ADDER(snnrt_values_int16),   ADDER(snnrt_list_wide),
};

enum { CASES = 4000, BYTES = 32768, COUNT = 160 };

static uint32_t seed = 1, draw, failures;
static const uint32_t widths[] = {1, 2, 4, 8, 16};

static uint32_t next(void)
{
    draw ^= draw << 13, draw ^= draw >> 17, draw ^= draw << 5;
    return draw;
}
static uint32_t below(uint32_t limit) { return (uint32_t)((uint64_t)next() * limit >> 32); }
/* Within ±limit; one in four at a bound, one in four small. */
static int32_t within(int32_t limit)
{
    int32_t x = (int32_t)below(2 * (uint32_t)limit + 1) - limit;
    uint32_t kind = below(4);
    return kind == 0 ? (x < 0 ? -limit : limit) : kind == 1 ? x % 16 : x;
}

static void check(int holds, const char *what, uint32_t a, uint32_t b)
{
    if (!holds && failures++ == 0) printf("%s: seed %u, at %u of %u\n", what, (unsigned)seed, (unsigned)a, (unsigned)b);
}

static union {
    uint8_t bytes[BYTES];
    int16_t halves[BYTES / 2];
} file;
static int32_t sums[COUNT * 4], expected[COUNT * 4], wide[COUNT];
static int16_t narrow[COUNT];
static uint32_t words[COUNT / 32];

/* Random bytes without the ternary code 10, which no file has. */
static void fill(uint32_t bits)
{
    uint32_t i;
    for (i = 0; i < BYTES; i++) {
        uint8_t byte = (uint8_t)next();
        file.bytes[i] = bits == 2 ? (uint8_t)(byte & ~(~byte << 1 & 0xaa)) : byte;
    }
}

static int32_t weight(const uint8_t *run, uint32_t i, uint32_t bits)
{
    uint32_t field = (uint32_t)run[i * bits / 8] >> i * bits % 8;
    if (bits == 16) return *(const int16_t *)(const void *)(run + 2 * i);
    if (bits == 1) return field & 1 ? 1 : -1;
    return (int32_t)(field << (32 - bits)) >> (32 - bits);
}

static int64_t rounded(int64_t x, uint32_t shift) { return shift == 0 ? x : (x + (1ll << (shift - 1))) >> shift; }
static int64_t limited(int64_t x, int64_t limit) { return x > limit ? limit : x < -limit ? -limit : x; }
static int64_t truncated(int64_t x) { return x < 0 ? -(-x >> 15) : x >> 15; }

static void same_sums(const char *what, uint32_t count)
{
    uint32_t i;
    for (i = 0; i < count; i++) check(sums[i] == expected[i], what, i, count);
}

/* Sources of one case: spikes or values. Returns element j as the weights see it. */
static int32_t source(uint32_t kind, uint32_t shift, uint32_t j)
{
    if (kind == 0) return (int32_t)(words[j >> 5] >> (j & 31) & 1);
    return kind == 1 ? narrow[j] : (int32_t)limited(rounded(wide[j], shift), 32767);
}

static void draw_sources(uint32_t count)
{
    uint32_t j, rate = below(5);
    int32_t limit = below(2) ? 32767 : 127;
    for (j = 0; j < COUNT / 32; j++) words[j] = 0;
    for (j = 0; j < count; j++) {
        int is_event = below(4) < rate;
        words[j >> 5] |= (uint32_t)is_event << (j & 31);
        narrow[j] = is_event ? (int16_t)within(limit) : 0;
        wide[j] = is_event ? within((1 << 30) - 1) : 0;
    }
}

static void rows(void)
{
    uint32_t bits = widths[below(5)], kind = below(3), shift = below(20), groups = 1 + below(4),
             inputs = 1 + below(COUNT / groups);
    uint32_t length = 1 + below(COUNT), stride = (length * bits + 7) / 8, count = groups * inputs, i, j, events = 0;
    const uint8_t *runs = file.bytes + 64 + 4 * below(4);
    if (inputs * stride > BYTES - 128) return;
    fill(bits);
    draw_sources(count);
    for (i = 0; i < groups * length; i++) sums[i] = expected[i] = (int32_t)next();
    for (j = 0; j < count; j++) {
        int32_t value = source(kind, shift, j);
        events += value != 0;
        for (i = 0; i < length; i++)
            expected[j / inputs * length + i] +=
                (int32_t)((uint32_t)weight(runs + j % inputs * stride, i, bits) * (uint32_t)value);
    }
    if (kind == 0)
        snnrt_add_spikes(bits, runs, stride, words, (count + 31) / 32, inputs, sums, length);
    else
        check(snnrt_add_values(bits, runs, stride, kind == 1 ? narrow : 0, wide, shift, count, inputs, sums, length) ==
                  events,
              "events", bits, kind);
    same_sums(kind == 0 ? "spikes" : "values", groups * length);
}

static void synapses(void)
{
    static uint32_t runs[COUNT + 1], far[COUNT * 20];
    static uint16_t near[COUNT * 20];
    uint32_t bits = widths[below(5)], kind = below(3), shift = below(20), count = 1 + below(COUNT / 4),
             delays = 1 + below(4);
    uint32_t delay = below(delays), is_far = below(2), total = 0, found, j, i;
    const uint8_t *weights = file.bytes + 64;
    snnrt_synapses all = {bits, is_far ? 32 : 16, delays, weights, is_far ? (const void *)far : near, runs + delay,
                          sums};
    fill(bits);
    draw_sources(count);
    runs[0] = 0;
    for (j = 0; j < count * delays; j++) runs[j + 1] = runs[j] + below(20);
    for (i = 0; i < runs[j]; i++) far[i] = near[i] = (uint16_t)below(COUNT);
    for (i = 0; i < COUNT; i++) sums[i] = expected[i] = (int32_t)next();
    for (j = 0; j < count; j++) {
        int32_t value = source(kind, shift, j);
        const uint32_t *run = runs + j * delays + delay;
        if (value == 0) continue;
        total += run[1] - run[0];
        for (i = run[0]; i < run[1]; i++)
            expected[near[i]] += (int32_t)((uint32_t)weight(weights, i, bits) * (uint32_t)value);
    }
    found = kind == 0 ? snnrt_add_synapses_of_spikes(&all, words, (count + 31) / 32)
                      : snnrt_add_synapses_of_values(&all, kind == 1 ? narrow : 0, wide, shift, count);
    check(found == total, "synapses", found, total);
    same_sums("sparse", COUNT);
}

static void joins_and_clips(void)
{
    static int32_t multipliers[COUNT], biases[COUNT], input[COUNT];
    static int16_t output[COUNT];
    uint32_t shift = below(48), clip_shift = shift, period = 1 + below(20),
             count = period * (1 + below(COUNT / period)), arrays = below(4), i, events = 0;
    int32_t high = within(32767), low = (int32_t)limited(high - (int32_t)below(40000), 32767);
    for (i = 0; i < count; i++) {
        input[i] = within((1 << 30) - 1), biases[i] = within(1 << 30), multipliers[i] = within(INT32_MAX);
        sums[i] = expected[i] = (int32_t)next();
    }
    for (i = 0; i < count; i++)
        expected[i] =
            (int32_t)((uint32_t)expected[i] + (uint32_t)rounded((int64_t)input[i] * multipliers[i % period], shift));
    snnrt_join_multiplied(sums, input, multipliers, shift, count, period);
    same_sums("join", count);

    shift &= 31;
    for (i = 0; i < count; i++) expected[i] = (int32_t)((uint32_t)expected[i] + (uint32_t)rounded(input[i], shift));
    snnrt_join_shifted(sums, input, 0, shift, count);
    for (i = 0; i < count; i++) expected[i] = (int32_t)((uint32_t)expected[i] + ((uint32_t)input[i] << shift));
    snnrt_join_shifted(sums, input, shift, 0, count);
    same_sums("shifted join", count);

    if (snnrt_clip(input, output, multipliers, biases, arrays, clip_shift, low, high, count, period) > count)
        failures++;
    for (i = 0; i < count; i++) {
        int64_t m = multipliers[arrays & 1 ? i % period : 0], b = biases[arrays & 2 ? i % period : 0];
        int64_t y = limited(rounded((input[i] + b) * m, clip_shift), INT32_MAX);
        y = y < low ? low : y > high ? high : y;
        events += y != 0;
        check(output[i] == y, "clip", i, count);
    }
    check(snnrt_clip(input, output, multipliers, biases, arrays, clip_shift, low, high, count, period) == events,
          "clip events", 0, 0);
#if defined(__ARM_FEATURE_DSP)
    snnrt_clear((uint32_t *)sums, count);
    for (i = 0; i < count; i++) expected[i] = 0;
    same_sums("clear", count);
#endif
}

static void memories_of_other_widths(void)
{
    static int32_t before[COUNT];
    uint32_t bits = 8 << below(2), is_wide = bits == 16 || below(2), order = 1 + below(40), a_shift = below(31),
             b_shift = below(31), i, j;
    int32_t limit = is_wide ? (1 << 30) - 1 : 32767, drive = within(limit);
    const uint8_t *a = file.bytes + 64, *b = a + 4096;
    int16_t *half = narrow;
    fill(bits);
    for (j = 0; j < order; j++) before[j] = within(limit);
    for (i = 0; i < order; i++) {
        int64_t sum = 0;
        for (j = 0; j < order; j++) sum += (int64_t)weight(a, i * order + j, bits) * before[j];
        expected[i] =
            (int32_t)limited(rounded(sum, a_shift) + rounded((int64_t)weight(b, i, bits) * drive, b_shift), limit);
    }
    snnrt_memory(bits, a, b, a_shift, b_shift, before, drive, order, is_wide ? (void *)sums : half, is_wide);
    if (!is_wide)
        for (i = 0; i < order; i++) sums[i] = half[i];
    same_sums(is_wide ? "wide memory" : "memory", order);
}

/* Of 16 bits throughout. */
static void memories(void)
{
    static int16_t states[COUNT], room[COUNT + 1];
    int32_t input[4], biases[4];
    uint32_t order = 1 + below(40), a_shift = below(31), b_shift = below(31), units = 1 + below(4), step = below(2),
             bits = below(16), unit, i, j, events = 0;
    const int16_t *a = file.halves + 32, *b = a + 2048;
    snnrt_memories all = {a, b, input, biases, states, room, units, order, step, bits, a_shift, b_shift};
    fill(16);
    for (unit = 0; unit < units; unit++) {
        int is_at_rest = below(4) == 0;
        input[unit] = is_at_rest ? 0 : within((1 << 30) >> bits);
        biases[unit] = is_at_rest ? 0 : within((1 << 30) - 1);
        for (i = 0; i < order; i++) states[unit * order + i] = (int16_t)(is_at_rest ? 0 : within(32767));
    }
    for (unit = 0; unit < units; unit++) {
        const int16_t *m = states + unit * order;
        int64_t drive = limited(((int64_t)input[unit] << bits) + biases[step * unit], 32767);
        events += drive != 0;
        for (i = 0; i < order; i++) {
            int64_t sum = 0;
            events += m[i] != 0;
            for (j = 0; j < order; j++) sum += (int64_t)a[i * order + j] * m[j];
            expected[unit * order + i] =
                (int32_t)limited(rounded(sum, a_shift) + rounded(b[i] * drive, b_shift), 32767);
        }
    }
    check(snnrt_advance_memories(&all) == events, "events of memories", units, order);
    for (i = 0; i < units * order; i++) sums[i] = states[i];
    same_sums("memory", units * order);
}

static void neurons(void)
{
    static uint16_t betas[COUNT], alphas[COUNT], spikes_of[COUNT];
    static int32_t states[COUNT], currents[COUNT], thetas[COUNT], biases[COUNT], input[COUNT], new_states[COUNT],
        new_currents[COUNT];
    static int16_t short_states[COUNT], short_currents[COUNT], short_thetas[COUNT];
    uint32_t is_wide = below(2), is_cuba = below(2), period = 1 + below(70),
             count = period * (1 + below(COUNT / period));
    uint32_t arrays = below(16), bits = below(16), slack = below(2), subtracts = below(2), i, spikes = 0, changes = 0;
    int32_t limit = is_wide ? (1 << 30) - 1 : 32767;
    snnrt_population population = {is_wide ? (void *)states : short_states,
                                   is_cuba ? (is_wide ? (void *)currents : short_currents) : 0,
                                   input,
                                   betas,
                                   alphas,
                                   is_wide ? (const void *)thetas : short_thetas,
                                   biases,
                                   words,
                                   arrays,
                                   period,
                                   bits,
                                   count,
                                   slack,
                                   subtracts};
    uint64_t counts;
    uint32_t counts_changes = below(2);
    if (below(2)) population.arrays = arrays = 0;
    if (below(2)) population.period = period = count;
    for (i = 0; i < count; i++) {
        betas[i] = (uint16_t)(below(3) ? below(32769) : 32768), alphas[i] = (uint16_t)below(32769);
        short_states[i] = (int16_t)(states[i] = within(limit)),
        short_currents[i] = (int16_t)(currents[i] = within(limit));
        thetas[i] = within(limit), thetas[i] = thetas[i] < 0 ? -thetas[i] : thetas[i],
        short_thetas[i] = (int16_t)thetas[i];
        biases[i] = within((1 << 30) - 1), input[i] = within((1 << 30) >> bits);
    }
    for (i = 0; i < count; i++) {
        uint32_t k = i % period;
        int64_t theta = thetas[arrays & 4 ? k : 0], highest = theta - slack, u = states[i], kept;
        int64_t drive = limited(((int64_t)input[i] << bits) + biases[arrays & 8 ? k : 0], limit);
        if (is_cuba)
            new_currents[i] =
                (int32_t)(drive = limited(truncated((int64_t)currents[i] * alphas[arrays & 2 ? k : 0]) + drive, limit));
        kept = u > highest && !subtracts ? 0 : truncated(u * betas[arrays & 1 ? k : 0]) - (u > highest ? theta : 0);
        new_states[i] = (int32_t)limited(kept + drive, limit);
        spikes_of[i] = new_states[i] > highest;
        spikes += spikes_of[i], changes += new_states[i] != states[i];
    }
    counts =
        is_wide ? snnrt_reset_later_32(&population, counts_changes) : snnrt_reset_later_16(&population, counts_changes);
    check((uint32_t)counts == spikes && (!counts_changes || counts >> 32 == changes), "neurons' counts",
          (uint32_t)counts, spikes);
    for (i = 0; i < count; i++) {
        check((is_wide ? states[i] : short_states[i]) == new_states[i], "membrane", i, count);
        check(!is_cuba || (is_wide ? currents[i] : short_currents[i]) == new_currents[i], "synaptic current", i, count);
        check((words[i >> 5] >> (i & 31) & 1) == spikes_of[i], "spike", i, count);
    }
}

int main(void)
{
    for (; seed <= CASES && failures == 0; seed++) {
        draw = seed * 2654435761u;
        rows();
        synapses();
        joins_and_clips();
        memories_of_other_widths();
        memories();
        neurons();
    }
    printf("loops: %u cases, %u differences\n", (unsigned)seed - 1, (unsigned)failures);
    return failures != 0;
}
