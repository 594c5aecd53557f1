/* A program that links some of the ops: which models it opens, and how it refuses the others. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
/* Behind those before. */
#include <cmocka.h>

#include "support.h"

SNNRT_OPS_HAR;

static const char *folder;

/* Kinds, as docs/format.md numbers them. */
static int is_linked(uint8_t kind)
{
    return kind == SNNRT_LOAD_INPUT || kind == SNNRT_LOAD_DENSE || kind == SNNRT_LOAD_BLOCK || kind == SNNRT_LOAD_LIF ||
           kind == SNNRT_LOAD_MEMORY || kind == SNNRT_LOAD_READOUT || kind == SNNRT_LOAD_ACTIVATION;
}

/* Every golden program either opens, and runs, or is refused at an op that this program has no function for. */
static void opens_what_it_links(void **state)
{
    char line[256];
    unsigned opened = 0, refused_kinds = 0, refused_ticks = 0;
    FILE *names;
    (void)state;
    snprintf(line, sizeof line, "%.200s/names.txt", folder);
    names = fopen(line, "r");
    assert_non_null(names);
    while (fgets(line, sizeof line, names) != NULL) {
        file_t model;
        snnrt_info info = {.struct_size = sizeof info};
        snnrt_network *network;
        uint32_t refused_at;
        int32_t status;
        line[strcspn(line, "\r\n")] = '\0';
        model = read_file(folder, line, ".snn");
        status = snnrt_inspect(model.bytes, model.byte_count, NULL, &info, &refused_at);
        if (status == SNNRT_OK) {
            guarded_t arena = guarded(info.arena_bytes);
            int16_t *frame = calloc(info.channel_count, sizeof *frame);
            assert_int_equal(SNNRT_OK, snnrt_open(model.bytes, model.byte_count, arena.bytes, info.arena_bytes, NULL,
                                                  &network, NULL));
            assert_true(snnrt_push(network, frame, 1, NULL) >= 0);
            assert_true(is_poison_intact(&arena));
            free(frame);
            free_guarded(&arena);
            opened++;
        } else {
            uint64_t arena[64];
            assert_int_equal(SNNRT_ERR_UNSUPPORTED, status);
            if (is_linked(model.bytes[refused_at]))
                refused_ticks++;
            else
                refused_kinds++;
            assert_int_equal(SNNRT_ERR_UNSUPPORTED,
                             snnrt_open(model.bytes, model.byte_count, arena, sizeof arena, NULL, &network, NULL));
            assert_null(network);
        }
        free_file(&model);
    }
    fclose(names);
    printf("%u programs open, %u have a kind of op that is not linked, %u a tick\n", opened, refused_kinds,
           refused_ticks);
    assert_true(opened > 0 && refused_kinds > 0 && refused_ticks > 0);
}

/* What counts effective operations is not linked. */
static void refuses_full_accounting(void **state)
{
    file_t model = read_file(folder, "wisdm-small", ".snn");
    static uint64_t arena[1024];
    snnrt_options options = {.struct_size = sizeof options, .accounting = SNNRT_ACCOUNTING_FULL};
    snnrt_network *network;
    uint32_t refused_at;
    (void)state;
    assert_int_equal(SNNRT_OK,
                     snnrt_open(model.bytes, model.byte_count, arena, sizeof arena, NULL, &network, &refused_at));
    assert_int_equal(SNNRT_ERR_UNSUPPORTED,
                     snnrt_open(model.bytes, model.byte_count, arena, sizeof arena, &options, &network, &refused_at));
    assert_true(is_linked(model.bytes[refused_at]));
    free_file(&model);
}

int main(void)
{
    const struct CMUnitTest tests[] = {cmocka_unit_test(opens_what_it_links),
                                       cmocka_unit_test(refuses_full_accounting)};
    folder = vector_folder();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
