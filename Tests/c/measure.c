/* Times opening and ticking of a model on this machine, through the public C surface.
 *
 *     measure MODEL.snn [SECONDS]
 *
 * Feeds the model pseudo-random walks of moderate size, or, with SNNRT_SAMPLES=FILE, raw int16 frames
 * (little-endian) over and over. Prints the median and the fastest of many runs. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "support.h"

enum { RUNS = 201, FRAMES = 4000 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + 1e-9 * (double)time.tv_nsec;
}

static int ascending(const void *first, const void *second)
{
    double a = *(const double *)first, b = *(const double *)second;
    return (a > b) - (a < b);
}

static void report(const char *what, double *seconds, int count, double unit, const char *name)
{
    qsort(seconds, (size_t)count, sizeof *seconds, ascending);
    printf("%-28s median %8.3f %s   fastest %8.3f   slowest %8.3f   (%d runs)\n", what, seconds[count / 2] / unit, name,
           seconds[0] / unit, seconds[count - 1] / unit, count);
}

static void fill(int16_t *samples, uint32_t channel_count)
{
    uint32_t seed = 1, i;
    int32_t level[64] = {0};
    for (i = 0; i < FRAMES * channel_count; i++) {
        int32_t *walk = &level[i % channel_count % 64];
        seed = seed * 1664525u + 1013904223u;
        *walk += (int32_t)(seed >> 16) % 4001 - 2000 - *walk / 8;
        samples[i] = (int16_t)(*walk > 20000 ? 20000 : *walk < -20000 ? -20000 : *walk);
    }
}

static uint64_t run(snnrt_network *network, const int16_t *samples, size_t frames, uint32_t channel_count)
{
    snnrt_usage spent = {.struct_size = sizeof spent};
    while (frames > 0) {
        size_t taken;
        snnrt_push(network, samples, frames, &taken);
        frames -= taken;
        samples += taken * channel_count;
    }
    snnrt_get_usage(network, SNNRT_TOTAL, &spent);
    return spent.synaptic_operations;
}

int main(int argument_count, char **arguments)
{
    file_t model = {NULL, 0}, recorded = {NULL, 0};
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network = NULL;
    double open_seconds[RUNS], tick_seconds[2][RUNS];
    guarded_t arena;
    int16_t *samples;
    size_t frames = FRAMES;
    int i, runs = RUNS;
    uint64_t operations = 0;

    if (argument_count > 1) model = try_file(arguments[1]);
    if (model.bytes == NULL) {
        fprintf(stderr, "usage: measure MODEL.snn [RUNS]\n");
        return 2;
    }
    if (argument_count > 2) runs = atoi(arguments[2]);
    if (runs < 1 || runs > RUNS) runs = RUNS;
    if (snnrt_inspect(model.bytes, model.byte_count, NULL, &info, NULL) != SNNRT_OK) return 1;
    samples = malloc(2u * FRAMES * info.channel_count);
    fill(samples, info.channel_count);
    if (getenv("SNNRT_SAMPLES") != NULL) recorded = try_file(getenv("SNNRT_SAMPLES"));
    if (recorded.bytes != NULL) {
        frames = recorded.byte_count / 2 / info.channel_count;
        free(samples);
        samples = (int16_t *)(void *)recorded.bytes;
    }

    for (i = 0; i < runs; i++) {
        int full;
        for (full = 0; full < 2; full++) {
            snnrt_options options = {.struct_size = sizeof options, .accounting = (uint32_t)full};
            double start;
            snnrt_inspect(model.bytes, model.byte_count, &options, &info, NULL);
            arena = guarded(info.arena_bytes);
            start = now();
            if (snnrt_open(model.bytes, model.byte_count, arena.bytes, info.arena_bytes, &options, &network, NULL))
                return 1;
            if (!full) open_seconds[i] = now() - start;
            start = now();
            operations = run(network, samples, frames, info.channel_count);
            tick_seconds[full][i] = (now() - start) / (double)frames;
            free_guarded(&arena);
        }
    }
    printf("%s: %u bytes, %.0f synaptic operations per tick\n", arguments[1], (unsigned)info.model_bytes,
           (double)operations / (double)frames);
    report("open, all checks", open_seconds, runs, 1e-6, "us");
    report("tick, basic accounting", tick_seconds[0], runs, 1e-6, "us");
    report("tick, full accounting", tick_seconds[1], runs, 1e-6, "us");
    return 0;
}
