/* What firmware does with the public header: bytes of a FIFO, a sensor's counts, results read across interrupts, a model
 * that is erased. */
#define _GNU_SOURCE
#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

enum { CHANNELS = 8, CLASSES = 16, FRAMES = 64 };

static file_t example;
static snnrt_info info;

typedef struct {
    guarded_t arena;
    snnrt_network *network;
} opened_t;

static opened_t open_model(const file_t *model)
{
    opened_t opened;
    opened.arena = guarded(info.arena_bytes);
    assert_int_equal(
        snnrt_open(model->bytes, model->byte_count, opened.arena.bytes, info.arena_bytes, NULL, &opened.network, NULL),
        SNNRT_OK);
    return opened;
}

static void close_model(opened_t *opened)
{
    assert_true(is_poison_intact(&opened->arena));
    free_guarded(&opened->arena);
}

static void fill(int16_t *samples, size_t count, uint32_t seed)
{
    size_t i;
    for (i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        samples[i] = (int16_t)((int32_t)(seed >> 16) % 6001 - 3000);
    }
}

/* ---- Bytes ------------------------------------------------------------------------------- */

static void packed_bytes_give_what_samples_give(void **state)
{
    int16_t samples[FRAMES * CHANNELS];
    uint8_t bytes[2 * FRAMES * CHANNELS + 1];
    uint32_t order, offset, i;
    const size_t count = (size_t)FRAMES * info.channel_count;
    (void)state;
    fill(samples, count, 11);
    samples[0] = -32768;
    samples[1] = 32767;
    for (order = 0; order < 2; order++) {
        for (offset = 0; offset < 2; offset++) {
            opened_t by_samples = open_model(&example), by_bytes = open_model(&example);
            size_t done = 0, frame_bytes = 2u * info.channel_count, used;
            const void *one, *other;
            for (i = 0; i < count; i++) {
                bytes[offset + 2 * i + (order == SNNRT_BIG_ENDIAN)] = (uint8_t)((uint16_t)samples[i] & 0xFF);
                bytes[offset + 2 * i + (order == SNNRT_LITTLE_ENDIAN)] = (uint8_t)((uint16_t)samples[i] >> 8);
            }
            while (done < FRAMES) {
                size_t taken = 0, expected = 0;
                int32_t pushed = snnrt_push_bytes(by_bytes.network, bytes + offset + done * frame_bytes, FRAMES - done,
                                                  order, &taken);
                assert_int_equal(pushed, snnrt_push(by_samples.network, samples + done * info.channel_count,
                                                    FRAMES - done, &expected));
                assert_true(taken == expected && taken > 0);
                done += taken;
            }
            assert_int_equal(snnrt_state(by_samples.network, &one, &used), SNNRT_OK);
            assert_int_equal(snnrt_state(by_bytes.network, &other, &used), SNNRT_OK);
            assert_memory_equal(one, other, used);
            close_model(&by_samples);
            close_model(&by_bytes);
        }
    }
}

static void wrong_use_of_push_is_refused(void **state)
{
    opened_t opened = open_model(&example);
    union {
        int16_t aligned[2 * CHANNELS + 1];
        uint8_t bytes[4 * CHANNELS + 2];
    } memory;
    uint8_t nothing[16] = {0};
    size_t taken = 7;
    const int32_t bad = SNNRT_ERR_BAD_ARGUMENT;
    (void)state;
    memset(&memory, 0, sizeof memory);
    assert_int_equal(snnrt_push(opened.network, (const int16_t *)(const void *)(memory.bytes + 1), 1, &taken),
                     SNNRT_ERR_MISALIGNED);
    assert_int_equal(taken, 0);
    assert_int_equal(snnrt_push_bytes(opened.network, NULL, 1, SNNRT_LITTLE_ENDIAN, &taken), bad);
    assert_int_equal(snnrt_push_bytes(opened.network, memory.bytes, 2, SNNRT_LITTLE_ENDIAN, NULL), bad);
    assert_int_equal(snnrt_push_bytes(opened.network, memory.bytes, SIZE_MAX, SNNRT_LITTLE_ENDIAN, &taken), bad);
    assert_int_equal(snnrt_push_bytes(opened.network, memory.bytes, 1, 2, &taken), bad);
    assert_int_equal(snnrt_push_bytes(opened.network, NULL, 0, SNNRT_BIG_ENDIAN, NULL), SNNRT_OK);
    assert_int_equal(snnrt_push_bytes(NULL, memory.bytes, 1, 0, NULL), SNNRT_ERR_NOT_A_NETWORK);
    assert_int_equal(snnrt_push_bytes((snnrt_network *)(void *)nothing, memory.bytes, 1, 0, NULL),
                     SNNRT_ERR_NOT_A_NETWORK);
    close_model(&opened);
}

/* ---- Results across interrupts ----------------------------------------------------------- */

typedef struct {
    int32_t status, label, scores[CLASSES];
} result_t;

static result_t result_of(const snnrt_network *network)
{
    result_t result;
    memset(&result, 0, sizeof result);
    result.status = snnrt_result(network, &result.label, result.scores, CLASSES);
    return result;
}

/* Frames up to a result, and two such whose labels differ. */
static int16_t frames[2][FRAMES * CHANNELS];
static result_t results[2];

static void push_to_result(snnrt_network *network, int which)
{
    size_t taken;
    assert_int_equal(snnrt_reset(network, SNNRT_RESET_STATE), SNNRT_OK);
    assert_int_equal(snnrt_push(network, frames[which], info.window_ticks, &taken), SNNRT_RESULT);
}

static void find_two_results(snnrt_network *network)
{
    uint32_t seed;
    fill(frames[0], FRAMES * CHANNELS, 1);
    push_to_result(network, 0);
    results[0] = result_of(network);
    for (seed = 2; seed < 500; seed++) {
        fill(frames[1], FRAMES * CHANNELS, seed);
        push_to_result(network, 1);
        results[1] = result_of(network);
        if (results[0].label != results[1].label) return;
    }
    fail_msg("no two labels");
}

static int is_same(const result_t *one, const result_t *other) { return memcmp(one, other, sizeof *one) == 0; }

/* Runs `interrupt` after every instruction of what stands between step_begin and step_end, as a debugger would. */
static void (*volatile interrupt)(void);
static volatile unsigned step;
static void on_step(int number)
{
    (void)number;
    step++;
    interrupt();
}
static void step_begin(void (*handler)(void))
{
    struct sigaction action;
    memset(&action, 0, sizeof action);
    action.sa_handler = on_step;
    sigaction(SIGTRAP, &action, NULL);
    interrupt = handler;
    step = 0;
    __asm__ volatile("lea -128(%%rsp), %%rsp\n pushfq\n orq $0x100, (%%rsp)\n popfq\n lea 128(%%rsp), %%rsp" ::
                         : "memory", "cc");
}
static void step_end(void)
{
    __asm__ volatile("lea -128(%%rsp), %%rsp\n pushfq\n andq $~0x100, (%%rsp)\n popfq\n lea 128(%%rsp), %%rsp" ::
                         : "memory", "cc");
}

static snnrt_network *shared;
static unsigned chosen_step, whole, busy, read_count;

static void push_at_chosen_step(void)
{
    if (step == chosen_step || chosen_step == 0) push_to_result(shared, 1);
}

/* An interrupt that issues a result after the n-th instruction of snnrt_result, for every n. */
static void a_push_that_interrupts_a_read_tears_nothing(void **state)
{
    opened_t opened = open_model(&example);
    unsigned before = 0, after = 0;
    (void)state;
    shared = opened.network;
    find_two_results(shared);
    for (chosen_step = 1;; chosen_step++) {
        result_t result;
        push_to_result(shared, 0);
        step_begin(push_at_chosen_step);
        result = result_of(shared);
        step_end();
        if (step < chosen_step) break;
        assert_true(is_same(&result, &results[0]) || is_same(&result, &results[1]));
        if (is_same(&result, &results[0])) before++;
        if (is_same(&result, &results[1])) after++;
    }
    assert_true(before > 5 && after > 20);

    /* One that issues a result after every instruction leaves no copy whole, and the call ends all the same. */
    chosen_step = 0;
    push_to_result(shared, 0);
    step_begin(push_at_chosen_step);
    results[0] = result_of(shared);
    step_end();
    assert_int_equal(results[0].status, SNNRT_ERR_BUSY);
    close_model(&opened);
}

static void read_at_every_step(void)
{
    result_t result = result_of(shared);
    read_count++;
    if (result.status == SNNRT_ERR_BUSY)
        busy++;
    else if (is_same(&result, &results[0]) || is_same(&result, &results[1]))
        whole++;
}

/* An interrupt that reads after every instruction of a push that issues a result. */
static void a_read_that_interrupts_a_push_tears_nothing(void **state)
{
    opened_t opened = open_model(&example);
    guarded_t arena = guarded(info.arena_bytes);
    snnrt_network *clone;
    const int16_t *last = frames[1] + (info.window_ticks - 1u) * info.channel_count;
    size_t taken;
    int32_t status;
    (void)state;
    shared = opened.network;
    find_two_results(shared);
    push_to_result(shared, 0);
    assert_int_equal(snnrt_push(shared, frames[1], info.window_ticks - 1u, &taken), SNNRT_OK);
    results[0] = result_of(shared);
    assert_int_equal(snnrt_clone(shared, arena.bytes, arena.byte_count, &clone), SNNRT_OK);
    assert_int_equal(snnrt_push(clone, last, 1, NULL), SNNRT_RESULT);
    results[1] = result_of(clone);
    assert_int_not_equal(results[0].label, results[1].label);
    whole = busy = read_count = 0;
    step_begin(read_at_every_step);
    status = snnrt_push(shared, last, 1, NULL);
    step_end();
    assert_int_equal(status, SNNRT_RESULT);
    assert_true(read_count > 300 && busy > 10);
    assert_int_equal(whole + busy, read_count);
    free_guarded(&arena);
    close_model(&opened);
}

static volatile int is_over;
static void *push_without_end(void *unused)
{
    size_t taken;
    int which;
    for (which = 0; !is_over; which ^= 1) {
        snnrt_reset(shared, SNNRT_RESET_STATE);
        snnrt_push(shared, frames[which], info.window_ticks, &taken);
    }
    return unused;
}

/* Another thread, which other cores may run. */
static void a_thread_that_pushes_tears_nothing(void **state)
{
    opened_t opened = open_model(&example);
    pthread_t thread;
    unsigned seen[2] = {0, 0}, reads;
    (void)state;
    shared = opened.network;
    find_two_results(shared);
    is_over = 0;
    assert_int_equal(pthread_create(&thread, NULL, push_without_end, NULL), 0);
    for (reads = 0; (reads < 300000 || seen[0] == 0 || seen[1] == 0) && reads < 100000000; reads++) {
        const result_t result = result_of(shared);
        const int which = is_same(&result, &results[1]);
        if (result.status == SNNRT_OK) {
            assert_true(which || is_same(&result, &results[0]));
            seen[which]++;
        } else {
            assert_true(result.status == SNNRT_ERR_NO_RESULT || result.status == SNNRT_ERR_BUSY);
        }
    }
    is_over = 1;
    pthread_join(thread, NULL);
    assert_true(seen[0] > 0 && seen[1] > 0);
    close_model(&opened);
}

/* ---- A sensor ---------------------------------------------------------------------------- */

static void a_sensor_refuses_what_it_cannot_take(void **state)
{
    snnrt_channel channel = {.struct_size = sizeof channel, .scale_numerator = 1, .scale_denominator = 1000}, c;
    const snnrt_axis good_axis = {.sign = 1, .scale_numerator = 1196411, .scale_denominator = 1000000000};
    snnrt_axis axis = good_axis;
    uint8_t last_row[6], rows[64 * 6] = {0};
    union {
        int16_t sample;
        uint8_t bytes[4];
    } out;
    const int32_t bad = SNNRT_ERR_BAD_ARGUMENT;
    const snnrt_sensor good = {.struct_size = sizeof good,
                               .channel_count = 1,
                               .rate_numerator = 20,
                               .rate_denominator = 1,
                               .clock_hertz = 32768,
                               .row_ticks = 315,
                               .row_bytes = 6,
                               .axes = &axis,
                               .last_row = last_row};
    snnrt_sensor s;
    (void)state;
    assert_int_equal(snnrt_sensor_begin(NULL, &channel), bad);
    assert_int_equal(snnrt_sensor_burst(NULL, rows, 1, 0), bad);
    assert_int_equal(snnrt_sensor_frame(NULL, &out.sample), bad);
    s = good;
    assert_int_equal(snnrt_sensor_begin(&s, NULL), bad);
    assert_int_equal(snnrt_sensor_burst(&s, rows, 1, 0), bad); /* not begun */
    assert_int_equal(snnrt_sensor_frame(&s, &out.sample), SNNRT_OK);
#define REFUSES(object, fresh, field, value) \
    axis = good_axis;                        \
    c = channel;                             \
    s = good;                                \
    object.field = value;                    \
    assert_int_equal(snnrt_sensor_begin(&s, &c), bad)
    REFUSES(s, good, struct_size, 4);
    REFUSES(s, good, channel_count, 0);
    REFUSES(s, good, channel_count, 65536);
    REFUSES(s, good, rate_numerator, 0);
    REFUSES(s, good, rate_numerator, 32769);
    REFUSES(s, good, rate_denominator, 0);
    REFUSES(s, good, rate_denominator, 1u << 18);
    REFUSES(s, good, clock_hertz, 0);
    REFUSES(s, good, row_ticks, 0);
    REFUSES(s, good, row_ticks, 1u << 28);
    REFUSES(s, good, row_bytes, 0);
    REFUSES(s, good, row_bytes, 1);
    REFUSES(s, good, row_bytes, 65536);
    REFUSES(s, good, byte_order, 2);
    REFUSES(s, good, axes, NULL);
    REFUSES(s, good, last_row, NULL);
    REFUSES(axis, good_axis, offset, 5);
    REFUSES(axis, good_axis, offset, 0xFFFFFFFEu);
    REFUSES(axis, good_axis, offset, 0xFFFFFFFFu);
    REFUSES(axis, good_axis, sign, 0);
    REFUSES(axis, good_axis, sign, -2);
    REFUSES(axis, good_axis, scale_numerator, 0);
    REFUSES(axis, good_axis, scale_denominator, 0);
    REFUSES(axis, good_axis, scale_denominator, 10);   /* 119,641,100 of the channel's counts */
    REFUSES(axis, good_axis, scale_numerator, 1);      /* less than a hundred thousandth of one */
    REFUSES(c, channel, scale_numerator, 0xFFFFFFFFu); /* times 10^9 is 2^48 or more */
    REFUSES(c, channel, scale_numerator, 0);
    REFUSES(c, channel, scale_denominator, 0);
    REFUSES(c, channel, struct_size, 4);
#undef REFUSES
    axis = good_axis;
    s = good;
    assert_int_equal(snnrt_sensor_begin(&s, &channel), SNNRT_OK);
    assert_int_equal(snnrt_sensor_burst(&s, NULL, 1, 0), bad);
    assert_int_equal(snnrt_sensor_burst(&s, rows, 65536, 0), bad);
    assert_int_equal(snnrt_sensor_burst(&s, rows, SIZE_MAX, 0), bad);
    assert_int_equal(snnrt_sensor_burst(&s, rows, 0, 0), SNNRT_OK);
    s.row_ticks = 1u << 27;
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 0), bad);
    s.row_ticks = 0;
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 0), bad);
    s.row_ticks = 315;
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 1), SNNRT_OK); /* the first: its span is not looked at */
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 0), bad);      /* frames wait */
    assert_int_equal(snnrt_sensor_frame(&s, NULL), bad);
    assert_int_equal(snnrt_sensor_frame(&s, (int16_t *)(void *)(out.bytes + 1)), SNNRT_ERR_MISALIGNED);
    while (snnrt_sensor_frame(&s, &out.sample) == SNNRT_FRAME) {}
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 7), bad); /* fewer ticks than rows */
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 8 * 315 + 8192 + 315), SNNRT_OK);
    while (snnrt_sensor_frame(&s, &out.sample) == SNNRT_FRAME) {}
    assert_int_equal(snnrt_sensor_burst(&s, rows, 8, 8 * 315 + 8192 + 316), SNNRT_GAP);
}

static void a_sensor_gives_the_vectors(void **state)
{
    (void)state;
    assert_true(check_counts(vector_folder()));
}

/* ---- The model --------------------------------------------------------------------------- */

static void a_changed_model_is_noticed(void **state)
{
    file_t copy = read_file(vector_folder(), "example", ".snn"), other;
    opened_t opened = open_model(&copy);
    uint8_t nothing[16] = {0};
    size_t at;
    (void)state;
    assert_int_equal(snnrt_model_intact(opened.network, SNNRT_INTACT_QUICK), SNNRT_OK);
    assert_int_equal(snnrt_model_intact(opened.network, SNNRT_INTACT_COMPLETE), SNNRT_OK);
    assert_int_equal(snnrt_model_intact(opened.network, 2), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_model_intact(NULL, 0), SNNRT_ERR_NOT_A_NETWORK);
    assert_int_equal(snnrt_model_intact((snnrt_network *)(void *)nothing, 0), SNNRT_ERR_NOT_A_NETWORK);
    for (at = 0; at < copy.byte_count; at++) {
        const int32_t complete = snnrt_model_intact(opened.network, SNNRT_INTACT_COMPLETE);
        int32_t damaged;
        assert_int_equal(complete, SNNRT_OK);
        copy.bytes[at] ^= 0x10;
        damaged = snnrt_model_intact(opened.network, SNNRT_INTACT_COMPLETE);
        if (at < 8)
            assert_int_equal(damaged, SNNRT_ERR_NOT_A_MODEL);
        else if ((at >= 12 && at < 16) || at >= copy.byte_count - 4)
            assert_int_equal(damaged, SNNRT_ERR_OTHER_MODEL);
        else
            assert_int_equal(damaged, SNNRT_ERR_DAMAGED);
        assert_int_equal(snnrt_model_intact(opened.network, SNNRT_INTACT_QUICK),
                         damaged == SNNRT_ERR_DAMAGED ? SNNRT_OK : damaged);
        copy.bytes[at] ^= 0x10;
    }
    other = read_file(vector_folder(), "wisdm-small", ".snn");
    memcpy(copy.bytes, other.bytes, copy.byte_count); /* an update has begun */
    assert_int_equal(snnrt_model_intact(opened.network, SNNRT_INTACT_QUICK), SNNRT_ERR_OTHER_MODEL);
    memset(copy.bytes, 0xFF, copy.byte_count); /* erased flash */
    assert_int_equal(snnrt_model_intact(opened.network, SNNRT_INTACT_QUICK), SNNRT_ERR_NOT_A_MODEL);
    free_file(&other);
    close_model(&opened);
    free_file(&copy);
}

static void assert_metadata(const snnrt_network *network, const char *key, const char *value)
{
    const char *text = "unset";
    size_t byte_count = 99;
    assert_int_equal(snnrt_metadata(network, key, &text, &byte_count), SNNRT_OK);
    assert_int_equal(byte_count, value == NULL ? 0 : strlen(value));
    if (value == NULL)
        assert_null(text);
    else
        assert_memory_equal(text, value, byte_count);
}

/* A model with these lines as its metadata, in place of its own ones, blanks behind them. */
static file_t with_metadata(const char *lines)
{
    file_t model = read_file(vector_folder(), "wisdm-small", ".snn");
    const size_t trailer = model.byte_count - 4, length = strlen(lines);
    const char *text;
    size_t byte_count;
    uint32_t checksum;
    snnrt_network *network;
    guarded_t arena = guarded(16384);
    assert_int_equal(snnrt_open(model.bytes, model.byte_count, arena.bytes, arena.byte_count, NULL, &network, NULL),
                     SNNRT_OK);
    assert_int_equal(snnrt_metadata(network, NULL, &text, &byte_count), SNNRT_OK);
    assert_true(byte_count > length);
    memset(model.bytes + ((const uint8_t *)text - model.bytes), ' ', byte_count);
    memcpy(model.bytes + ((const uint8_t *)text - model.bytes), lines, length);
    checksum = reference_crc32c(model.bytes, trailer);
    memcpy(model.bytes + trailer, &checksum, 4);
    free_guarded(&arena);
    return model;
}

static void metadata_is_found(void **state)
{
    file_t plain = read_file(vector_folder(), "example", ".snn"),
           model = with_metadata("a: one\nb:two\nab: three\r\na: : four \nempty: \nlast: ");
    opened_t without = open_model(&plain);
    guarded_t arena = guarded(16384);
    snnrt_network *network;
    const char *text;
    size_t byte_count;
    uint8_t nothing[16] = {0};
    (void)state;
    assert_int_equal(snnrt_metadata(without.network, NULL, &text, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_metadata(without.network, NULL, NULL, &byte_count), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_metadata(NULL, NULL, &text, &byte_count), SNNRT_ERR_NOT_A_NETWORK);
    assert_int_equal(snnrt_metadata((snnrt_network *)(void *)nothing, NULL, &text, &byte_count),
                     SNNRT_ERR_NOT_A_NETWORK);
    assert_int_equal(snnrt_open(model.bytes, model.byte_count, arena.bytes, arena.byte_count, NULL, &network, NULL),
                     SNNRT_OK);
    assert_metadata(network, "ab", "three");
    assert_metadata(network, "a", ": four ");
    assert_metadata(network, "b", NULL); /* no blank behind the colon */
    assert_metadata(network, "empty", "");
    assert_metadata(network, "", NULL);
    assert_metadata(network, "on", NULL);
    assert_metadata(network, "abc", NULL);
    assert_int_equal(snnrt_metadata(network, "last", &text, &byte_count), SNNRT_OK);
    assert_true(byte_count > 0 && text + byte_count <= (const char *)model.bytes + model.byte_count);
    assert_int_equal(snnrt_metadata(network, NULL, &text, &byte_count), SNNRT_OK);
    assert_memory_equal(text, "a: one\nb:two\n", 13);
    free_guarded(&arena);
    close_model(&without);
    free_file(&plain);
    free_file(&model);
}

static void a_model_without_metadata_has_none(void **state)
{
    file_t plain = read_file(vector_folder(), "300-random", ".snn");
    snnrt_info needs = {.struct_size = sizeof needs};
    guarded_t arena;
    snnrt_network *network;
    const char *text;
    size_t byte_count = 99;
    (void)state;
    assert_int_equal(snnrt_inspect(plain.bytes, plain.byte_count, NULL, &needs, NULL), SNNRT_OK);
    arena = guarded(needs.arena_bytes);
    assert_int_equal(snnrt_open(plain.bytes, plain.byte_count, arena.bytes, arena.byte_count, NULL, &network, NULL),
                     SNNRT_OK);
    assert_int_equal(snnrt_metadata(network, NULL, &text, &byte_count), SNNRT_OK);
    assert_int_equal(byte_count, 0);
    assert_metadata(network, "a", NULL);
    free_guarded(&arena);
    free_file(&plain);
}

static void the_library_says_its_version(void **state)
{
    (void)state;
    assert_int_equal(snnrt_version(), SNNRT_VERSION);
    assert_int_equal(SNNRT_VERSION_MINOR, snnrt_version() >> 8 & 0xFF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(packed_bytes_give_what_samples_give),
        cmocka_unit_test(wrong_use_of_push_is_refused),
        cmocka_unit_test(a_push_that_interrupts_a_read_tears_nothing),
        cmocka_unit_test(a_read_that_interrupts_a_push_tears_nothing),
        cmocka_unit_test(a_thread_that_pushes_tears_nothing),
        cmocka_unit_test(a_sensor_refuses_what_it_cannot_take),
        cmocka_unit_test(a_sensor_gives_the_vectors),
        cmocka_unit_test(a_changed_model_is_noticed),
        cmocka_unit_test(metadata_is_found),
        cmocka_unit_test(a_model_without_metadata_has_none),
        cmocka_unit_test(the_library_says_its_version),
    };
    int failures;
    example = read_file(vector_folder(), "example", ".snn");
    info.struct_size = sizeof info;
    if (snnrt_inspect(example.bytes, example.byte_count, NULL, &info, NULL) != SNNRT_OK || info.class_count > CLASSES ||
        info.window_ticks > FRAMES || info.channel_count > CHANNELS) {
        printf("the example model is not as this test expects it\n");
        return 1;
    }
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    free_file(&example);
    return failures;
}
