/* Runs every model named in FOLDER/names.txt over its frames, NAME.raw (int16, little-endian), and prints a line per model:
 *
 *     NAME model-checksum ticks results output-checksum NS-ACE
 *
 * The lines are the same on every machine. FOLDER is the first argument, or build/device/models. */
#include <stdio.h>
#include <stdlib.h>

#include "support.h"

/* Returns 0 if the model cannot be run. */
static int run(const char *folder, const char *name)
{
    file_t model = read_file(folder, name, ".snn"), frames = read_file(folder, name, ".raw");
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_usage usage = {.struct_size = sizeof usage};
    snnrt_network *network = NULL;
    guarded_t arena;
    const int16_t *frame = (const int16_t *)(const void *)frames.bytes;
    size_t left, taken;
    int holds = 0;

    if (snnrt_inspect(model.bytes, model.byte_count, NULL, &info, NULL) != SNNRT_OK) return 0;
    arena = guarded(info.arena_bytes);
    if (snnrt_open(model.bytes, model.byte_count, arena.bytes, info.arena_bytes, NULL, &network, NULL) == SNNRT_OK) {
        for (left = frames.byte_count / 2 / info.channel_count; left > 0; left -= taken) {
            if (snnrt_push(network, frame, left, &taken) < 0 || taken == 0) break;
            frame += taken * info.channel_count;
        }
        holds = left == 0 && snnrt_get_usage(network, SNNRT_TOTAL, &usage) == SNNRT_OK && is_poison_intact(&arena);
        printf("%s 0x%08lx %lu %lu 0x%08lx %llu\n", name, (unsigned long)info.model_checksum,
               (unsigned long)usage.ticks, (unsigned long)usage.results, (unsigned long)usage.output_checksum,
               (unsigned long long)usage.ns_ace);
    }
    free_guarded(&arena);
    free_file(&frames);
    free_file(&model);
    return holds;
}

int main(int argument_count, char **arguments)
{
    const char *folder = argument_count > 1 ? arguments[1] : "build/device/models";
    char line[256];
    FILE *names;
    snprintf(line, sizeof line, "%.200s/names.txt", folder);
    names = fopen(line, "r");
    if (names == NULL) {
        printf("%s is missing\n", line);
        return 2;
    }
    while (fgets(line, sizeof line, names) != NULL) {
        char *end = line;
        while (*end != '\0' && *end != '\r' && *end != '\n') end++;
        *end = '\0';
        if (!run(folder, line)) {
            printf("%s: failed\n", line);
            return 1;
        }
    }
    fclose(names);
    return 0;
}
