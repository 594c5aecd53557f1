/* The public header against the Embedded archive, with cmocka. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "support.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static file_t example;

/* An open network of the example model, in memory of exactly its size. */
typedef struct {
    guarded_t arena;
    snnrt_info info;
    snnrt_network *network;
} opened_t;

static opened_t open_example(uint32_t accounting)
{
    opened_t opened;
    snnrt_options options = {.struct_size = sizeof options};
    uint32_t offset = 99;
    options.accounting = accounting;
    memset(&opened.info, 0, sizeof opened.info);
    opened.info.struct_size = sizeof opened.info;
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, &options, &opened.info, &offset), SNNRT_OK);
    assert_int_equal(offset, 0);
    opened.arena = guarded(opened.info.arena_bytes);
    assert_int_equal(snnrt_open(example.bytes, example.byte_count, opened.arena.bytes, opened.info.arena_bytes,
                                &options, &opened.network, &offset),
                     SNNRT_OK);
    assert_non_null(opened.network);
    return opened;
}

static void close_example(opened_t *opened)
{
    assert_true(is_poison_intact(&opened->arena));
    free_guarded(&opened->arena);
}

/* Deterministic samples. */
static void fill(int16_t *samples, size_t count, uint32_t seed)
{
    size_t i;
    for (i = 0; i < count; i++) {
        seed = seed * 1664525u + 1013904223u;
        samples[i] = (int16_t)((int32_t)(seed >> 16) % 6001 - 3000);
    }
}

enum { FRAMES = 40, MAX_SAMPLES = FRAMES * 8 };

/* Pushes everything, across results. */
static void push_all(snnrt_network *network, const int16_t *samples, size_t frames, uint32_t channels)
{
    while (frames > 0) {
        size_t taken = 0;
        int32_t status = snnrt_push(network, samples, frames, &taken);
        assert_true(status == SNNRT_OK || status == SNNRT_RESULT);
        assert_true(taken > 0 && taken <= frames);
        frames -= taken;
        samples += taken * channels;
    }
}

static void sizes_and_offsets_are_the_contract(void **state)
{
    (void)state;
    assert_int_equal(sizeof(snnrt_options), 56);
    assert_int_equal(offsetof(snnrt_options, accounting), 4);
    assert_int_equal(offsetof(snnrt_options, max_arena_bytes), 8);
    assert_int_equal(offsetof(snnrt_options, max_operations_per_tick), 32);
    assert_int_equal(offsetof(snnrt_options, reserved), 48);
    assert_int_equal(sizeof(snnrt_info), 88);
    assert_int_equal(offsetof(snnrt_info, arena_bytes), 4);
    assert_int_equal(offsetof(snnrt_info, window_ticks), 48);
    assert_int_equal(offsetof(snnrt_info, hop_ticks), 52);
    assert_int_equal(offsetof(snnrt_info, s_ace_per_result), 56);
    assert_int_equal(offsetof(snnrt_info, footprint_bits), 64);
    assert_int_equal(offsetof(snnrt_info, operations_per_tick), 72);
    assert_int_equal(offsetof(snnrt_info, operations_to_open), 80);
    assert_int_equal(sizeof(snnrt_channel), 16 + 2 * sizeof(char *));
    assert_int_equal(offsetof(snnrt_channel, name), 16);
    assert_int_equal(offsetof(snnrt_resampler, channels), 16);
    assert_int_equal(offsetof(snnrt_resampler, interval), 16 + 2 * sizeof(char *));
    assert_int_equal(sizeof(snnrt_resampler), 64 + 2 * sizeof(char *));
    assert_int_equal(sizeof(snnrt_axis), 24);
    assert_int_equal(offsetof(snnrt_axis, multiplier), 16);
    assert_int_equal(offsetof(snnrt_sensor, axes), 32);
    assert_int_equal(offsetof(snnrt_sensor, row_index), 32 + 3 * sizeof(char *));
    assert_int_equal(sizeof(snnrt_sensor), 84 + 3 * sizeof(char *) + (sizeof(char *) == 8 ? 4 : 0));
    assert_int_equal(sizeof(snnrt_cost), 96);
    assert_int_equal(offsetof(snnrt_cost, bit_budget), 24);
    assert_int_equal(offsetof(snnrt_cost, state_bits_written_per_tick), 88);
    assert_int_equal(sizeof(snnrt_usage), 120);
    assert_int_equal(offsetof(snnrt_usage, ticks), 8);
    assert_int_equal(offsetof(snnrt_usage, state_bits_written), 112);
    assert_int_equal(sizeof(snnrt_op), 20);
    assert_int_equal(sizeof(snnrt_variable), 16);
    assert_int_equal(offsetof(snnrt_variable, name), 12);
}

static snnrt_channel millis(void)
{
    snnrt_channel channel = {.struct_size = sizeof channel, .scale_numerator = 1, .scale_denominator = 1000};
    return channel;
}

static void sampling_helpers_refuse_what_they_cannot_take(void **state)
{
    const double nan = strtod("nan", NULL), infinity = strtod("inf", NULL), tie = 0.0125, low = -40;
    snnrt_channel channel = millis();
    double memory[2] = {0, 0};
    const double row[2] = {1, 0.0125}, soon[2] = {1.01, 0}, later[2] = {1.25, 0}, late[2] = {1.625, 0};
    const double nan_value[2] = {1, nan}, nan_time[2] = {nan, 0};
    int16_t sample = 7;
    const snnrt_resampler fresh = {.struct_size = sizeof fresh,
                                   .channel_count = 1,
                                   .rate_numerator = 20,
                                   .rate_denominator = 1,
                                   .channels = &channel,
                                   .values = memory};
    snnrt_resampler r;
    (void)state;

    assert_int_equal(snnrt_sample(NULL, 1, &tie, &sample), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_sample(&channel, 1, NULL, &sample), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_sample(&channel, 1, &tie, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_sample(&channel, 1, &nan, &sample), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_sample(&channel, 1, &infinity, &sample), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_sample(&channel, 1, &tie, &sample), SNNRT_OK);
    assert_int_equal(sample, 12);
    assert_int_equal(snnrt_sample(&channel, 1, &low, &sample), SNNRT_OK);
    assert_int_equal(sample, -32768);
    channel.scale_denominator = 0;
    assert_int_equal(snnrt_sample(&channel, 1, &tie, &sample), SNNRT_ERR_BAD_ARGUMENT);
    r = fresh;
    assert_int_equal(snnrt_resample_row(&r, row), SNNRT_OK);
    assert_int_equal(snnrt_resample_frame(&r, &sample), SNNRT_ERR_BAD_ARGUMENT);
    channel = millis();
    channel.struct_size--;
    assert_int_equal(snnrt_sample(&channel, 1, &tie, &sample), SNNRT_ERR_BAD_ARGUMENT);
    channel = millis();

    assert_int_equal(snnrt_resample_row(NULL, row), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_resample_frame(NULL, &sample), SNNRT_ERR_BAD_ARGUMENT);
#define REFUSES(field, value) \
    r = fresh;                \
    r.field = value;          \
    assert_int_equal(snnrt_resample_row(&r, row), SNNRT_ERR_BAD_ARGUMENT)
    REFUSES(struct_size, 4);
    REFUSES(channel_count, 0);
    REFUSES(rate_numerator, 0);
    REFUSES(rate_denominator, 0);
    REFUSES(channels, NULL);
    REFUSES(values, NULL);
    REFUSES(interval, -1);
    REFUSES(interval, nan);
    REFUSES(row_count, 2);
    REFUSES(reserved, 1);
#undef REFUSES

    r = fresh;
    assert_int_equal(snnrt_resample_frame(&r, &sample), SNNRT_OK);
    assert_int_equal(snnrt_resample_row(&r, nan_time), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_resample_row(&r, nan_value), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_resample_row(&r, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_resample_row(&r, row), SNNRT_OK);
    assert_int_equal(snnrt_resample_row(&r, soon), SNNRT_ERR_BAD_ARGUMENT); /* a frame waits */
    assert_int_equal(snnrt_resample_frame(&r, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_resample_frame(&r, &sample), SNNRT_FRAME);
    assert_int_equal(snnrt_resample_frame(&r, &sample), SNNRT_OK);
    assert_int_equal(snnrt_resample_row(&r, row), SNNRT_ERR_BAD_ARGUMENT); /* no later than the one before */
    assert_int_equal(snnrt_resample_row(&r, later), SNNRT_OK);
    while (snnrt_resample_frame(&r, &sample) == SNNRT_FRAME) {}
    assert_int_equal(snnrt_resample_row(&r, late), SNNRT_GAP);
}

static void sampling_helpers_give_the_vectors(void **state)
{
    (void)state;
    assert_true(check_sampling(vector_folder()));
}

static void every_status_has_its_text(void **state)
{
    int32_t status;
    (void)state;
    for (status = SNNRT_ERR_BAD_IMAGE; status <= SNNRT_GAP; status++) {
        const char *text = snnrt_status_text(status);
        assert_non_null(text);
        assert_null(strstr(text, "not a status"));
        assert_true(strlen(text) > 5);
    }
    assert_non_null(strstr(snnrt_status_text(-24), "not a status"));
    assert_non_null(strstr(snnrt_status_text(3), "not a status"));
}

static void inspect_describes_the_example(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    snnrt_channel channel = {.struct_size = sizeof channel};
    const char *name = NULL;
    uint32_t i;
    (void)state;
    assert_int_equal(opened.info.arena_alignment, 8);
    assert_int_equal(opened.info.model_bytes, example.byte_count);
    assert_int_equal(opened.info.model_checksum, reference_crc32c(example.bytes, example.byte_count - 4));
    for (i = 0; i < opened.info.channel_count; i++) {
        assert_int_equal(snnrt_channel_info(opened.network, i, &channel), SNNRT_OK);
        assert_true(channel.name != NULL && channel.unit != NULL && channel.scale_denominator > 0);
    }
    assert_int_equal(snnrt_channel_info(opened.network, i, &channel), SNNRT_ERR_BAD_ARGUMENT);
    for (i = 0; i < opened.info.class_count; i++) {
        assert_int_equal(snnrt_class_name(opened.network, i, &name), SNNRT_OK);
        assert_true(strlen(name) > 0);
    }
    assert_int_equal(snnrt_class_name(opened.network, i, &name), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_class_name(opened.network, 0, NULL), SNNRT_ERR_BAD_ARGUMENT);
    close_example(&opened);
}

static void one_byte_less_is_refused(void **state)
{
    uint32_t accounting;
    (void)state;
    for (accounting = 0; accounting < 2; accounting++) {
        opened_t opened = open_example(accounting);
        snnrt_options options = {.struct_size = sizeof options};
        snnrt_network *network = opened.network;
        options.accounting = accounting;
        assert_int_equal(snnrt_open(example.bytes, example.byte_count, opened.arena.bytes, opened.info.arena_bytes - 1,
                                    &options, &network, NULL),
                         SNNRT_ERR_ARENA_TOO_SMALL);
        assert_null(network);
        close_example(&opened);
    }
}

static void misalignment_is_refused(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    guarded_t larger = guarded(opened.info.arena_bytes + 8u);
    uint8_t *shifted = malloc(example.byte_count + 4);
    snnrt_network *network;
    (void)state;
    assert_int_equal(
        snnrt_open(example.bytes, example.byte_count, larger.bytes + 4, opened.info.arena_bytes, NULL, &network, NULL),
        SNNRT_ERR_MISALIGNED);
    memcpy(shifted + 2, example.bytes, example.byte_count);
    assert_int_equal(snnrt_open(shifted + 2, example.byte_count, larger.bytes, larger.byte_count, NULL, &network, NULL),
                     SNNRT_ERR_MISALIGNED);
    assert_true(is_poison_intact(&larger));
    free(shifted);
    free_guarded(&larger);
    close_example(&opened);
}

static void bad_arguments_are_refused(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    snnrt_options options = {.struct_size = sizeof options};
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_cost cost = {.struct_size = sizeof cost};
    snnrt_usage spent = {.struct_size = sizeof spent};
    snnrt_op op = {.struct_size = sizeof op};
    snnrt_variable variable = {.struct_size = 0};
    int32_t membranes[3];
    snnrt_network *network = NULL;
    int16_t samples[8] = {0};
    size_t taken = 7, byte_count;
    const void *bytes;
    uint8_t nothing[16] = {0};
    snnrt_network *stranger = (snnrt_network *)(void *)nothing;
    const int32_t bad = SNNRT_ERR_BAD_ARGUMENT, none = SNNRT_ERR_NOT_A_NETWORK;
    (void)state;

    assert_int_equal(snnrt_inspect(NULL, 100, NULL, &info, NULL), bad);
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, NULL, NULL, NULL), bad);
    assert_int_equal(snnrt_inspect(example.bytes, SIZE_MAX, NULL, &info, NULL), bad);
    info.struct_size -= 1;
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, NULL, &info, NULL), bad);
    assert_int_equal(snnrt_open(example.bytes, example.byte_count, NULL, 0, NULL, &network, NULL), bad);
    assert_int_equal(snnrt_open(example.bytes, example.byte_count, opened.arena.bytes, SIZE_MAX, NULL, &network, NULL),
                     bad);
    assert_int_equal(snnrt_open(example.bytes, example.byte_count, opened.arena.bytes, 0, NULL, NULL, NULL), bad);

    options.accounting = 2;
    info.struct_size = sizeof info;
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, &options, &info, NULL), bad);
    options.accounting = 0;
    options.reserved = 1;
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, &options, &info, NULL), bad);
    options.reserved = 0;
    options.struct_size = 0;
    assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, &options, &info, NULL), bad);

    assert_int_equal(snnrt_push(opened.network, NULL, 1, &taken), bad);
    assert_int_equal(taken, 0);
    assert_int_equal(snnrt_push(opened.network, samples, 2, NULL), bad);
    assert_int_equal(snnrt_push(opened.network, samples, SIZE_MAX, &taken), bad);
    assert_int_equal(snnrt_push(opened.network, NULL, 0, NULL), SNNRT_OK);
    assert_int_equal(snnrt_reset(opened.network, 0), bad);
    assert_int_equal(snnrt_reset(opened.network, 4), bad);
    assert_int_equal(snnrt_get_cost(opened.network, opened.info.op_count, &cost), bad);
    assert_int_equal(snnrt_get_usage(opened.network, opened.info.op_count, &spent), bad);
    assert_int_equal(snnrt_get_cost(opened.network, 0, NULL), bad);
    assert_int_equal(snnrt_get_usage(opened.network, 0, NULL), bad);
    cost.struct_size = 0;
    spent.struct_size = 0;
    assert_int_equal(snnrt_get_cost(opened.network, 0, &cost), bad);
    assert_int_equal(snnrt_get_usage(opened.network, 0, &spent), bad);
    assert_int_equal(snnrt_slot(opened.network, opened.info.slot_count, NULL, 0, NULL), bad);
    assert_int_equal(snnrt_slot(opened.network, 0, NULL, 5, NULL), bad);
    assert_int_equal(snnrt_op_info(opened.network, opened.info.op_count, &op), bad);
    assert_int_equal(snnrt_op_info(opened.network, 0, NULL), bad);
    op.struct_size = 0;
    assert_int_equal(snnrt_op_info(opened.network, 0, &op), bad);
    assert_int_equal(snnrt_state_variable(opened.network, opened.info.op_count, 0, NULL, NULL, 0), bad);
    assert_int_equal(snnrt_state_variable(opened.network, 0, 0, NULL, NULL, 0), bad);
    assert_int_equal(snnrt_state_variable(opened.network, 2, 0, NULL, NULL, 3), bad);
    assert_int_equal(snnrt_state_variable(opened.network, 2, 0, NULL, membranes, 2), bad);
    assert_int_equal(snnrt_state_variable(opened.network, 2, 1, NULL, membranes, 3), bad);
    assert_int_equal(snnrt_state_variable(opened.network, 2, 0, &variable, NULL, 0), bad);
    assert_int_equal(snnrt_state(opened.network, NULL, &byte_count), bad);
    assert_int_equal(snnrt_state(opened.network, &bytes, NULL), bad);
    assert_int_equal(snnrt_result(opened.network, NULL, NULL, 0), SNNRT_ERR_NO_RESULT);

    assert_int_equal(snnrt_push(NULL, samples, 1, NULL), none);
    assert_int_equal(snnrt_push(stranger, samples, 1, NULL), none);
    assert_int_equal(snnrt_result(stranger, NULL, NULL, 0), none);
    assert_int_equal(snnrt_reset(stranger, 1), none);
    assert_int_equal(snnrt_get_usage(stranger, 0, &spent), none);
    assert_int_equal(snnrt_get_cost(stranger, 0, &cost), none);
    assert_int_equal(snnrt_slot(stranger, 0, NULL, 0, NULL), none);
    assert_int_equal(snnrt_op_info(stranger, 0, &op), none);
    assert_int_equal(snnrt_state_variable(stranger, 0, 0, NULL, NULL, 0), none);
    assert_int_equal(snnrt_state(stranger, &bytes, &byte_count), none);
    assert_int_equal(snnrt_channel_info(stranger, 0, NULL), none);
    assert_int_equal(snnrt_class_name(stranger, 0, NULL), none);
    close_example(&opened);
}

/* Ops and state variables of the example (docs/format.md, A whole file in hex): the membranes of three LIF neurons are U of op 2,
 * those of two LI neurons a slot; the readout keeps scores. */
static void variables_are_the_state_block(void **state)
{
    static const uint32_t kinds[6] = {SNNRT_LOAD_INPUT, SNNRT_LOAD_DENSE, SNNRT_LOAD_LIF,
                                      SNNRT_LOAD_DENSE, SNNRT_LOAD_LIF,   SNNRT_LOAD_READOUT};
    static const uint32_t counts[6] = {0, 0, 1, 0, 0, 1};
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    int16_t samples[MAX_SAMPLES];
    uint32_t number, tick, seen = 0;
    (void)state;
    fill(samples, FRAMES * 2, 18);
    assert_int_equal(opened.info.op_count, 6);
    for (number = 0; number < 6; number++) {
        snnrt_op op = {.struct_size = sizeof op};
        assert_int_equal(snnrt_op_info(opened.network, number, &op), SNNRT_OK);
        assert_int_equal(op.kind, kinds[number]);
        assert_int_equal(op.variable_count, counts[number]);
        assert_int_equal(op.source_slot, number);
        assert_int_equal(op.target_slot, number == 5 ? SNNRT_NO_SLOT : number + 1);
    }
    for (tick = 0; tick < FRAMES; tick++) {
        snnrt_variable membrane = {.struct_size = sizeof membrane}, score = {.struct_size = sizeof score};
        int32_t membranes[3], scores[2], i;
        const uint8_t *bytes;
        const void *block;
        size_t byte_count;
        push_all(opened.network, samples + 2 * tick, 1, 2);
        assert_int_equal(snnrt_state_variable(opened.network, 2, 0, &membrane, membranes, 3), SNNRT_OK);
        assert_int_equal(snnrt_state_variable(opened.network, 5, 0, &score, scores, 2), SNNRT_OK);
        assert_string_equal(membrane.name, "U");
        assert_string_equal(score.name, "s");
        assert_true(membrane.count == 3 && membrane.bits == 16 && score.count == 2 && score.bits == 32);
        /* Part 1, the LI slot, then the ops in their order. */
        assert_int_equal(snnrt_state(opened.network, &block, &byte_count), SNNRT_OK);
        bytes = block;
        for (i = 0; i < 3; i++) {
            int16_t value;
            memcpy(&value, bytes + 12 + 2 * i, sizeof value);
            assert_int_equal(membranes[i], value);
            seen += value != 0;
        }
        assert_memory_equal(scores, bytes + 20, sizeof scores);
    }
    assert_true(seen > FRAMES);
    close_example(&opened);
}

static void limits_refuse_with_their_own_status(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    const uint64_t needs[5] = {opened.info.arena_bytes, opened.info.model_bytes, opened.info.s_ace_per_result,
                               opened.info.operations_per_tick, opened.info.operations_to_open};
    int limit, excess;
    (void)state;
    for (limit = 0; limit < 5; limit++) {
        for (excess = 0; excess < 2; excess++) {
            snnrt_options options = {.struct_size = sizeof options};
            uint64_t *fields[5];
            snnrt_network *network;
            snnrt_info info = {.struct_size = sizeof info};
            int32_t expected = excess ? SNNRT_ERR_OVER_BUDGET : SNNRT_OK;
            fields[0] = &options.max_arena_bytes;
            fields[1] = &options.max_model_bytes;
            fields[2] = &options.max_s_ace_per_result;
            fields[3] = &options.max_operations_per_tick;
            fields[4] = &options.max_operations_to_open;
            *fields[limit] = needs[limit] - (uint64_t)excess;
            assert_int_equal(snnrt_open(example.bytes, example.byte_count, opened.arena.bytes, opened.info.arena_bytes,
                                        &options, &network, NULL),
                             expected);
            assert_int_equal(snnrt_inspect(example.bytes, example.byte_count, &options, &info, NULL), expected);
            /* What would take too long to check is not told. */
            if (limit < 4 || !excess) assert_int_equal(info.arena_bytes, opened.info.arena_bytes);
        }
    }
    close_example(&opened);
}

static void push_stops_at_a_result(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    int16_t samples[MAX_SAMPLES];
    int32_t label = -1, scores[64];
    size_t taken = 0;
    const uint32_t window = opened.info.window_ticks;
    uint32_t i, best = 0;
    (void)state;
    assert_true(window <= FRAMES && opened.info.channel_count <= 8 && opened.info.class_count <= 64);
    fill(samples, COUNT(samples), 1);
    assert_int_equal(snnrt_push(opened.network, samples, window + 0u, &taken), SNNRT_RESULT);
    assert_int_equal(taken, window);
    assert_int_equal(snnrt_result(opened.network, &label, scores, opened.info.class_count), SNNRT_OK);
    for (i = 1; i < opened.info.class_count; i++) {
        if (scores[i] > scores[best]) best = i;
    }
    assert_int_equal(label, best);
    assert_int_equal(snnrt_result(opened.network, NULL, scores, opened.info.class_count - 1u), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_result(opened.network, &label, NULL, 0), SNNRT_OK);
    assert_int_equal(snnrt_push(opened.network, samples, 1, NULL), window == 1 ? SNNRT_RESULT : SNNRT_OK);
    assert_int_equal(snnrt_reset(opened.network, SNNRT_RESET_STATE), SNNRT_OK);
    assert_int_equal(snnrt_result(opened.network, &label, NULL, 0), SNNRT_ERR_NO_RESULT);
    close_example(&opened);
}

static void two_interleaved_equal_two_alone(void **state)
{
    opened_t together[2], alone[2];
    int16_t samples[2][MAX_SAMPLES];
    uint32_t channels;
    int i;
    size_t frame;
    (void)state;
    for (i = 0; i < 2; i++) {
        together[i] = open_example(SNNRT_ACCOUNTING_FULL);
        alone[i] = open_example(SNNRT_ACCOUNTING_FULL);
        fill(samples[i], MAX_SAMPLES, 10u + (uint32_t)i);
    }
    channels = together[0].info.channel_count;
    for (frame = 0; frame < FRAMES; frame++) {
        for (i = 0; i < 2; i++) snnrt_push(together[i].network, samples[i] + frame * channels, 1, NULL);
    }
    for (i = 0; i < 2; i++) {
        const void *first, *second;
        size_t first_count, second_count;
        push_all(alone[i].network, samples[i], FRAMES, channels);
        assert_int_equal(snnrt_state(together[i].network, &first, &first_count), SNNRT_OK);
        assert_int_equal(snnrt_state(alone[i].network, &second, &second_count), SNNRT_OK);
        assert_int_equal(first_count, together[i].info.state_bytes);
        assert_int_equal(first_count, second_count);
        assert_memory_equal(first, second, first_count);
    }
    for (i = 0; i < 2; i++) {
        close_example(&together[i]);
        close_example(&alone[i]);
    }
}

static void reset_equals_fresh(void **state)
{
    opened_t used = open_example(SNNRT_ACCOUNTING_FULL), fresh = open_example(SNNRT_ACCOUNTING_FULL);
    int16_t samples[MAX_SAMPLES];
    const void *first, *second;
    size_t byte_count;
    (void)state;
    fill(samples, MAX_SAMPLES, 3);
    snnrt_state(used.network, &first, &byte_count);
    snnrt_state(fresh.network, &second, &byte_count);
    push_all(used.network, samples, FRAMES - 3, used.info.channel_count);
    assert_memory_not_equal(first, second, byte_count);
    assert_int_equal(snnrt_reset(used.network, SNNRT_RESET_STATE | SNNRT_RESET_USAGE), SNNRT_OK);
    assert_memory_equal(first, second, byte_count);
    close_example(&used);
    close_example(&fresh);
}

static void usage_is_exact(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_FULL);
    int16_t samples[MAX_SAMPLES];
    snnrt_cost cost = {.struct_size = sizeof cost}, total_cost = {.struct_size = sizeof total_cost};
    snnrt_usage spent = {.struct_size = sizeof spent}, total = {.struct_size = sizeof total};
    uint64_t ns_ace = 0, s_ace = 0, dense = 0;
    uint32_t op;
    (void)state;
    fill(samples, MAX_SAMPLES, 4);
    push_all(opened.network, samples, FRAMES, opened.info.channel_count);
    assert_int_equal(snnrt_get_usage(opened.network, SNNRT_TOTAL, &total), SNNRT_OK);
    assert_int_equal(snnrt_get_cost(opened.network, SNNRT_TOTAL, &total_cost), SNNRT_OK);
    for (op = 0; op < opened.info.op_count; op++) {
        assert_int_equal(snnrt_get_cost(opened.network, op, &cost), SNNRT_OK);
        assert_int_equal(snnrt_get_usage(opened.network, op, &spent), SNNRT_OK);
        assert_true(cost.bit_budget == (uint64_t)cost.ticks_per_result * cost.weight_bits * cost.source_bits);
        assert_true(cost.s_ace_per_result == cost.synapses * cost.bit_budget);
        assert_true(spent.synaptic_operations == spent.events * cost.operations_per_event);
        assert_true(spent.ns_ace == spent.synaptic_operations * cost.weight_bits * cost.source_bits);
        assert_true(spent.dense_operations == cost.synapses * FRAMES);
        assert_true(spent.effective_acs + spent.effective_macs <= spent.synaptic_operations);
        ns_ace += spent.ns_ace;
        s_ace += cost.s_ace_per_result;
        dense += spent.dense_operations;
    }
    assert_true(total.ticks == FRAMES && total.results == FRAMES / opened.info.window_ticks);
    assert_true(total.ns_ace == ns_ace && ns_ace > 0);
    assert_true(total.dense_operations == dense);
    assert_true(total_cost.s_ace_per_result == s_ace && s_ace == opened.info.s_ace_per_result);
    close_example(&opened);
}

static void saved_state_continues(void **state)
{
    opened_t first = open_example(SNNRT_ACCOUNTING_FULL), second = open_example(SNNRT_ACCOUNTING_FULL);
    int16_t samples[MAX_SAMPLES];
    uint8_t saved[2048];
    size_t byte_count = 0, used = 0;
    const void *one, *other;
    uint32_t offset = 99;
    (void)state;
    fill(samples, MAX_SAMPLES, 5);
    push_all(first.network, samples, 21, first.info.channel_count);
    assert_int_equal(snnrt_save(first.network, NULL, 0, &byte_count), SNNRT_OK);
    assert_true(byte_count == first.info.state_bytes + 20u && byte_count <= sizeof saved);
    assert_int_equal(snnrt_save(first.network, saved, byte_count - 1, &used), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(used, byte_count);
    assert_int_equal(snnrt_save(first.network, NULL, 5, &used), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_save(first.network, saved + 1, byte_count, NULL), SNNRT_OK); /* any alignment */
    assert_int_equal(snnrt_restore(second.network, saved + 1, byte_count, &offset), SNNRT_OK);
    assert_int_equal(offset, 0);
    assert_int_equal(snnrt_result(second.network, NULL, NULL, 0), SNNRT_ERR_NO_RESULT);
    push_all(first.network, samples + 21 * first.info.channel_count, FRAMES - 21, first.info.channel_count);
    push_all(second.network, samples + 21 * first.info.channel_count, FRAMES - 21, first.info.channel_count);
    snnrt_state(first.network, &one, &used);
    snnrt_state(second.network, &other, &used);
    assert_memory_equal(one, other, used);

    assert_int_equal(snnrt_restore(second.network, saved + 1, byte_count - 1, &offset), SNNRT_ERR_BAD_STATE);
    assert_int_equal(offset, byte_count - 1);
    saved[1 + 20] ^= 1; /* behind the header */
    assert_int_equal(snnrt_restore(second.network, saved + 1, byte_count, &offset), SNNRT_ERR_BAD_STATE);
    assert_int_equal(snnrt_restore(second.network, saved, byte_count, &offset), SNNRT_ERR_NOT_A_STATE);
    assert_int_equal(snnrt_restore(second.network, NULL, 9, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_restore(NULL, saved, 9, NULL), SNNRT_ERR_NOT_A_NETWORK);
    assert_memory_equal(one, other, used);
    close_example(&first);
    close_example(&second);
}

static void clone_goes_on_alone(void **state)
{
    opened_t first = open_example(SNNRT_ACCOUNTING_BASIC);
    guarded_t arena = guarded(first.info.arena_bytes);
    snnrt_network *clone;
    int16_t samples[MAX_SAMPLES];
    const void *one, *other;
    size_t byte_count;
    (void)state;
    fill(samples, MAX_SAMPLES, 6);
    push_all(first.network, samples, 15, first.info.channel_count);
    assert_int_equal(snnrt_clone(first.network, arena.bytes, arena.byte_count - 1, &clone), SNNRT_ERR_ARENA_TOO_SMALL);
    assert_null(clone);
    assert_int_equal(snnrt_clone(first.network, arena.bytes, arena.byte_count, &clone), SNNRT_OK);
    push_all(first.network, samples, 11, first.info.channel_count);
    push_all(clone, samples, 11, first.info.channel_count);
    snnrt_state(first.network, &one, &byte_count);
    snnrt_state(clone, &other, &byte_count);
    assert_memory_equal(one, other, byte_count);
    assert_int_equal(snnrt_clone(first.network, NULL, 0, &clone), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_clone(NULL, arena.bytes, arena.byte_count, &clone), SNNRT_ERR_NOT_A_NETWORK);
    assert_true(is_poison_intact(&arena));
    free_guarded(&arena);
    close_example(&first);
}

static void selftest_proves_the_model(void **state)
{
    opened_t opened = open_example(SNNRT_ACCOUNTING_BASIC);
    guarded_t *arena = &opened.arena;
    (void)state;
    assert_int_equal(snnrt_selftest(example.bytes, example.byte_count, arena->bytes, arena->byte_count, NULL),
                     SNNRT_OK);
    assert_int_equal(snnrt_selftest(example.bytes, example.byte_count, arena->bytes, arena->byte_count - 1, NULL),
                     SNNRT_ERR_ARENA_TOO_SMALL);
    assert_int_equal(snnrt_selftest(example.bytes, example.byte_count, NULL, 0, NULL), SNNRT_ERR_BAD_ARGUMENT);
    assert_int_equal(snnrt_selftest(example.bytes, 20, arena->bytes, arena->byte_count, NULL), SNNRT_ERR_TRUNCATED);
    close_example(&opened);
}

/* One fault a file, each with its status and offset. */
static void refusal_corpus(void **state)
{
    char folder[1024], line[1024], name[512];
    FILE *table;
    int count = 0;
    (void)state;
    snprintf(folder, sizeof folder, "%s/refusals", vector_folder());
    snprintf(line, sizeof line, "%.900s/refusals.tsv", folder);
    table = fopen(line, "r");
    assert_non_null(table);
    while (fgets(line, sizeof line, table) != NULL) {
        int status;
        unsigned long offset;
        uint32_t refused_at = 99;
        snnrt_info info = {.struct_size = sizeof info};
        file_t file;
        if (sscanf(line, "%511[^\t]\t%d\t%lu", name, &status, &offset) != 3) continue;
        file = read_file(folder, name, "");
        if (snnrt_inspect(file.bytes, file.byte_count, NULL, &info, &refused_at) != status || refused_at != offset) {
            fail_msg("%s: status %d at %lu expected, found %d at %lu", name, status, offset,
                     (int)snnrt_inspect(file.bytes, file.byte_count, NULL, &info, NULL), (unsigned long)refused_at);
        }
        free_file(&file);
        count++;
    }
    fclose(table);
    assert_true(count >= 120);
}

static void every_truncation_and_bit_flip_is_refused(void **state)
{
    snnrt_info info = {.struct_size = sizeof info};
    size_t length, bit;
    (void)state;
    for (length = 0; length < example.byte_count; length++) {
        uint8_t *part = malloc(length + 1);
        memcpy(part, example.bytes, length);
        assert_int_equal(snnrt_inspect(part, length, NULL, &info, NULL), SNNRT_ERR_TRUNCATED);
        free(part);
    }
    for (bit = 0; bit < 8 * example.byte_count; bit++) {
        int32_t status;
        example.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        status = snnrt_inspect(example.bytes, example.byte_count, NULL, &info, NULL);
        example.bytes[bit / 8] ^= (uint8_t)(1u << (bit % 8));
        if (bit < 64)
            assert_int_equal(status, SNNRT_ERR_NOT_A_MODEL);
        else if (bit == 81 || bit == 82)
            assert_int_equal(status,
                             SNNRT_ERR_UNSUPPORTED); /* 1.6 turns into 1.4, 1.2; with bit 80 into 1.7, damaged */
        else if (bit < 96 && bit != 80)
            assert_int_equal(status, SNNRT_ERR_NEWER_VERSION);
        else if (bit < 128)
            assert_true(status == SNNRT_ERR_TRUNCATED || status == SNNRT_ERR_DAMAGED);
        else
            assert_int_equal(status, SNNRT_ERR_DAMAGED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sizes_and_offsets_are_the_contract),
        cmocka_unit_test(every_status_has_its_text),
        cmocka_unit_test(inspect_describes_the_example),
        cmocka_unit_test(one_byte_less_is_refused),
        cmocka_unit_test(misalignment_is_refused),
        cmocka_unit_test(bad_arguments_are_refused),
        cmocka_unit_test(variables_are_the_state_block),
        cmocka_unit_test(limits_refuse_with_their_own_status),
        cmocka_unit_test(push_stops_at_a_result),
        cmocka_unit_test(two_interleaved_equal_two_alone),
        cmocka_unit_test(reset_equals_fresh),
        cmocka_unit_test(usage_is_exact),
        cmocka_unit_test(saved_state_continues),
        cmocka_unit_test(clone_goes_on_alone),
        cmocka_unit_test(selftest_proves_the_model),
        cmocka_unit_test(sampling_helpers_refuse_what_they_cannot_take),
        cmocka_unit_test(sampling_helpers_give_the_vectors),
        cmocka_unit_test(refusal_corpus),
        cmocka_unit_test(every_truncation_and_bit_flip_is_refused),
    };
    int failures;
    example = read_file(vector_folder(), "example", ".snn");
    failures = cmocka_run_group_tests(tests, NULL, NULL);
    free_file(&example);
    return failures;
}
