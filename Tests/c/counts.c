/* Holds snnrt_sensor_burst and snnrt_sensor_frame to the vectors of Tests/oracle/counts.py. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

enum { CHANNELS = 4, ROW_BYTES = 16, BURST_BYTES = 2048, FRAME = CHANNELS + 1 };

typedef struct {
    uint32_t channels, bursts, rate_numerator, rate_denominator, clock, row_bytes, byte_order;
} case_t;

typedef struct {
    uint32_t offset;
    int32_t sign;
    uint32_t sensor[2], channel[2];
} axis_t;

typedef struct {
    uint32_t nominal, rows, span, is_gap, frames;
} burst_t;

/* What a case needs of memory. */
typedef struct {
    snnrt_axis axes[CHANNELS];
    snnrt_channel channels[CHANNELS];
    uint8_t last_row[ROW_BYTES];
    uint8_t bytes[1 + BURST_BYTES];
} memory_t;

static int read_padded(FILE *file, void *bytes, size_t byte_count)
{
    uint8_t padding[4];
    return fread(bytes, 1, byte_count, file) == byte_count &&
           fread(padding, 1, (0u - byte_count) & 3u, file) == ((0u - byte_count) & 3u);
}

/* The frames of a burst; returns 0 after a difference. */
static int check_burst(FILE *file, const burst_t *burst, snnrt_sensor *sensor, const uint8_t *rows)
{
    int16_t frame[FRAME];
    const size_t frame_bytes = 2u * sensor->channel_count;
    uint8_t *expected = malloc(frame_bytes * burst->frames + 1);
    uint32_t k;
    int holds = expected != NULL && read_padded(file, expected, frame_bytes * burst->frames);
    if (holds && snnrt_sensor_burst(sensor, rows, burst->rows, burst->span) != (burst->is_gap ? SNNRT_GAP : SNNRT_OK))
        holds = 0;
    for (k = 0; holds && k < burst->frames; k++) {
        frame[sensor->channel_count] = 0x5A5A;
        holds = snnrt_sensor_frame(sensor, frame) == SNNRT_FRAME && frame[sensor->channel_count] == 0x5A5A &&
                memcmp(frame, expected + k * frame_bytes, frame_bytes) == 0;
    }
    if (holds && snnrt_sensor_frame(sensor, frame) != SNNRT_OK) holds = 0;
    free(expected);
    return holds;
}

/* Returns the number of frames compared, or -1 at the first difference or where the file ends early. */
static long check_case(FILE *file, unsigned number, memory_t *memory)
{
    case_t head;
    axis_t axis;
    burst_t burst;
    snnrt_sensor sensor = {.struct_size = sizeof sensor};
    uint32_t c, b;
    long compared = 0;

    if (fread(&head, sizeof head, 1, file) != 1 || head.channels > CHANNELS || head.row_bytes > ROW_BYTES) return -1;
    memset(memory, 0, sizeof *memory);
    for (c = 0; c < head.channels; c++) {
        if (fread(&axis, sizeof axis, 1, file) != 1) return -1;
        memory->axes[c].offset = axis.offset;
        memory->axes[c].sign = axis.sign;
        memory->axes[c].scale_numerator = axis.sensor[0];
        memory->axes[c].scale_denominator = axis.sensor[1];
        memory->channels[c].struct_size = sizeof memory->channels[c];
        memory->channels[c].scale_numerator = axis.channel[0];
        memory->channels[c].scale_denominator = axis.channel[1];
    }
    sensor.channel_count = head.channels;
    sensor.rate_numerator = head.rate_numerator;
    sensor.rate_denominator = head.rate_denominator;
    sensor.clock_hertz = head.clock;
    sensor.row_bytes = head.row_bytes;
    sensor.byte_order = head.byte_order;
    sensor.axes = memory->axes;
    sensor.last_row = memory->last_row;

    for (b = 0; b < head.bursts; b++) {
        /* Bursts lie at even and odd addresses in turn. */
        uint8_t *rows = memory->bytes + (b & 1u);
        if (fread(&burst, sizeof burst, 1, file) != 1 || burst.rows * head.row_bytes > BURST_BYTES ||
            !read_padded(file, rows, burst.rows * head.row_bytes))
            return -1;
        sensor.row_ticks = burst.nominal;
        if (b == 0 && snnrt_sensor_begin(&sensor, memory->channels) != SNNRT_OK) return -1;
        if (!check_burst(file, &burst, &sensor, rows)) {
            printf("counts case %u, burst %u differs\n", number, (unsigned)b);
            return -1;
        }
        compared += burst.frames;
    }
    return compared;
}

int check_counts(const char *folder)
{
    char path[1024];
    FILE *file;
    uint32_t count = 0, number;
    long frames = 0;
    memory_t *memory = malloc(sizeof *memory);

    snprintf(path, sizeof path, "%s/counts.bin", folder);
    file = fopen(path, "rb");
    if (memory == NULL || file == NULL || fread(&count, sizeof count, 1, file) != 1) {
        printf("%s is missing: run `make vectors`\n", path);
        if (file != NULL) fclose(file);
        free(memory);
        return 0;
    }
    for (number = 0; number < count; number++) {
        long compared = check_case(file, number, memory);
        if (compared < 0) break;
        frames += compared;
    }
    fclose(file);
    free(memory);
    printf("counts: %u of %u cases, %ld frames\n", (unsigned)number, (unsigned)count, frames);
    return number == count && frames > 10000;
}
