/* Labels a log of raw samples with a model, as a firmware would: one buffer for the model, one for the
 * arena, samples pushed as they come.
 *
 *     label_csv MODEL.snn < SAMPLES
 *
 * SAMPLES: one line per tick, one integer (in the model's counts) per channel, blanks or commas between
 * them. An empty line is a gap in the data: the network starts anew. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "snnrt.h"

/* The unions give both buffers the alignment that the library asks for. */
static union {
    uint8_t bytes[256 * 1024];
    uint32_t alignment;
} model;
static union {
    uint8_t bytes[64 * 1024];
    uint64_t alignment;
} arena;

static int refuse(const char *what, int32_t status, uint32_t offset)
{
    fprintf(stderr, "%s: %s (at byte %lu)\n", what, snnrt_status_text(status), (unsigned long)offset);
    return 1;
}

/* Reads a line's integers into frame; returns how many there are, or -1 if there is anything else. */
static int parse(const char *line, int16_t *frame, int capacity)
{
    int count = 0;
    for (;;) {
        char *end;
        long value;
        while (*line == ' ' || *line == '\t' || *line == ',' || *line == '\r' || *line == '\n') line++;
        if (*line == '\0') return count;
        value = strtol(line, &end, 10);
        if (end == line || count == capacity || value < INT16_MIN || value > INT16_MAX) return -1;
        frame[count++] = (int16_t)value;
        line = end;
    }
}

int main(int argument_count, char **arguments)
{
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_usage spent = {.struct_size = sizeof spent};
    snnrt_network *network;
    int16_t frame[64];
    char line[1024];
    uint32_t offset = 0;
    unsigned long line_number = 0;
    size_t model_byte_count;
    int32_t status;
    FILE *file = argument_count == 2 ? fopen(arguments[1], "rb") : NULL;

    if (file == NULL) {
        fprintf(stderr, "usage: label_csv MODEL.snn < SAMPLES\n");
        return 2;
    }
    model_byte_count = fread(model.bytes, 1, sizeof model.bytes, file);
    fclose(file);

    status = snnrt_inspect(model.bytes, model_byte_count, NULL, &info, &offset);
    if (status != SNNRT_OK) return refuse(arguments[1], status, offset);
    if (info.channel_count > sizeof frame / sizeof frame[0]) return refuse("channels", SNNRT_ERR_BAD_ARGUMENT, 0);
    status = snnrt_open(model.bytes, model_byte_count, arena.bytes, sizeof arena.bytes, NULL, &network, &offset);
    if (status != SNNRT_OK) return refuse(arguments[1], status, offset);

    while (fgets(line, sizeof line, stdin) != NULL) {
        int count = parse(line, frame, (int)info.channel_count);
        line_number++;
        if (count == 0) {
            snnrt_reset(network, SNNRT_RESET_STATE);
            continue;
        }
        if (count != (int)info.channel_count) {
            fprintf(stderr, "line %lu: expected %lu integers of 16 bits\n", line_number,
                    (unsigned long)info.channel_count);
            return 1;
        }
        if (snnrt_push(network, frame, 1, NULL) == SNNRT_RESULT) {
            int32_t label;
            const char *name;
            snnrt_result(network, &label, NULL, 0);
            snnrt_class_name(network, (uint32_t)label, &name);
            puts(name);
        }
    }
    snnrt_get_usage(network, SNNRT_TOTAL, &spent);
    fprintf(stderr, "%llu ticks, %llu results, NS-ACE %llu bits, output CRC-32C 0x%08lx\n",
            (unsigned long long)spent.ticks, (unsigned long long)spent.results, (unsigned long long)spent.ns_ace,
            (unsigned long)spent.output_checksum);
    return 0;
}
