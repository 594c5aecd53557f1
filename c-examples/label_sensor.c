/* Labels the readings of a sensor with its own clock and units, as a firmware would: each row becomes frames at the
 * model's rate, and a gap in the data starts the network anew.
 *
 *     label_sensor MODEL.snn INTERVAL < ROWS
 *
 * INTERVAL: seconds from row to row. ROWS: one line per row, its time in seconds, then a value per channel in the
 * channel's unit, blanks or commas between them. Prints a label per result. The same samples, and so the same labels, as
 * `snnrt infer` gives for the same rows. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>

#include "snnrt.h"

enum { CHANNELS = 16 };

static union {
    uint8_t bytes[256 * 1024];
    uint32_t alignment;
} model;
static union {
    uint8_t bytes[64 * 1024];
    uint64_t alignment;
} arena;

static int refuse(const char *what, int32_t status)
{
    fprintf(stderr, "label_sensor: %s: %s\n", what, snnrt_status_text(status));
    return 1;
}

/* Reads a line's numbers; returns how many there are. */
static uint32_t parse(const char *line, double *numbers, uint32_t capacity)
{
    uint32_t count = 0;
    while (count < capacity) {
        char *end;
        while (*line == ' ' || *line == ',' || *line == '\t') line++;
        numbers[count] = strtod(line, &end);
        if (end == line) break;
        line = end;
        count++;
    }
    return count;
}

int main(int argument_count, char **arguments)
{
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_usage spent = {.struct_size = sizeof spent};
    snnrt_channel channels[CHANNELS];
    double memory[2 * CHANNELS], row[1 + CHANNELS];
    snnrt_resampler resampler = {.struct_size = sizeof resampler};
    snnrt_network *network;
    int16_t frame[CHANNELS];
    char line[1024];
    size_t model_byte_count;
    uint32_t c;
    int32_t status;
    FILE *file = argument_count == 3 ? fopen(arguments[1], "rb") : NULL;

    if (file == NULL) {
        fprintf(stderr, "usage: label_sensor MODEL.snn INTERVAL < ROWS\n");
        return 2;
    }
    model_byte_count = fread(model.bytes, 1, sizeof model.bytes, file);
    fclose(file);
    status = snnrt_inspect(model.bytes, model_byte_count, NULL, &info, NULL);
    if (status == SNNRT_OK)
        status = snnrt_open(model.bytes, model_byte_count, arena.bytes, sizeof arena.bytes, NULL, &network, NULL);
    if (status != SNNRT_OK) return refuse(arguments[1], status);
    if (info.channel_count > CHANNELS) return refuse("channels", SNNRT_ERR_BAD_ARGUMENT);

    for (c = 0; c < info.channel_count; c++) {
        channels[c].struct_size = sizeof channels[c];
        snnrt_channel_info(network, c, &channels[c]);
    }
    resampler.channel_count = info.channel_count;
    resampler.rate_numerator = info.rate_numerator;
    resampler.rate_denominator = info.rate_denominator;
    resampler.channels = channels;
    resampler.values = memory;
    resampler.interval = strtod(arguments[2], NULL);

    while (fgets(line, sizeof line, stdin) != NULL) {
        if (parse(line, row, 1 + info.channel_count) != 1 + info.channel_count)
            return refuse(line, SNNRT_ERR_BAD_ARGUMENT);
        status = snnrt_resample_row(&resampler, row);
        if (status < 0) return refuse(line, status);
        if (status == SNNRT_GAP) snnrt_reset(network, SNNRT_RESET_STATE);
        while (snnrt_resample_frame(&resampler, frame) == SNNRT_FRAME) {
            if (snnrt_push(network, frame, 1, NULL) == SNNRT_RESULT) {
                int32_t label;
                const char *name;
                snnrt_result(network, &label, NULL, 0);
                snnrt_class_name(network, (uint32_t)label, &name);
                puts(name);
            }
        }
    }
    snnrt_get_usage(network, SNNRT_TOTAL, &spent);
    fprintf(stderr, "%llu ticks, %llu results, output CRC-32C 0x%08lx\n", (unsigned long long)spent.ticks,
            (unsigned long long)spent.results, (unsigned long)spent.output_checksum);
    return 0;
}
