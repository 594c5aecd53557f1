/* Holds snnrt_resample_row and snnrt_resample_frame to the vectors of Tests/oracle/sampling.py. */
#include <stdio.h>
#include <string.h>

#include "support.h"

enum { CHANNELS = 4, FRAMES = 64 };

typedef struct {
    uint32_t channels, rows, rate_numerator, rate_denominator;
    double interval;
} case_t;

/* Returns the number of frames compared, or -1 at the first difference or where the file ends early. */
static long check_case(FILE *file, unsigned number)
{
    case_t head;
    double values[2 * CHANNELS], row[1 + CHANNELS];
    snnrt_channel channels[CHANNELS];
    snnrt_resampler resampler = {.struct_size = sizeof resampler};
    uint32_t c, r, scale[2], due[2];
    long compared = 0;

    if (fread(&head, sizeof head, 1, file) != 1 || head.channels > CHANNELS) return -1;
    memset(channels, 0, sizeof channels);
    for (c = 0; c < head.channels; c++) {
        if (fread(scale, sizeof scale, 1, file) != 1) return -1;
        channels[c].struct_size = sizeof channels[c];
        channels[c].scale_numerator = scale[0];
        channels[c].scale_denominator = scale[1];
    }
    resampler.channel_count = head.channels;
    resampler.rate_numerator = head.rate_numerator;
    resampler.rate_denominator = head.rate_denominator;
    resampler.channels = channels;
    resampler.values = values;
    resampler.interval = head.interval;

    for (r = 0; r < head.rows; r++) {
        int16_t expected[FRAMES * CHANNELS], frame[CHANNELS];
        uint32_t k;
        int32_t status;
        if (fread(row, sizeof row[0], 1 + head.channels, file) != 1 + head.channels) return -1;
        if (fread(due, sizeof due, 1, file) != 1 || due[1] > FRAMES) return -1;
        k = due[1] * head.channels;
        k += k & 1;
        if (fread(expected, 2, k, file) != k) return -1;
        status = snnrt_resample_row(&resampler, row);
        if (status != (due[0] ? SNNRT_GAP : SNNRT_OK)) {
            printf("sampling case %u, row %u: returned %d\n", number, (unsigned)r, (int)status);
            return -1;
        }
        for (k = 0; k < due[1]; k++, compared++) {
            status = snnrt_resample_frame(&resampler, frame);
            if (status != SNNRT_FRAME || memcmp(frame, expected + k * head.channels, 2 * head.channels) != 0) {
                printf("sampling case %u, row %u: frame %u differs\n", number, (unsigned)r, (unsigned)k);
                return -1;
            }
        }
        if (snnrt_resample_frame(&resampler, frame) != SNNRT_OK) {
            printf("sampling case %u, row %u: a frame too many\n", number, (unsigned)r);
            return -1;
        }
    }
    return compared;
}

int check_sampling(const char *folder)
{
    char path[1024];
    FILE *file;
    uint32_t count = 0, number;
    long frames = 0;

    snprintf(path, sizeof path, "%s/sampling.bin", folder);
    file = fopen(path, "rb");
    if (file == NULL || fread(&count, sizeof count, 1, file) != 1) {
        printf("%s is missing: run `make vectors`\n", path);
        if (file != NULL) fclose(file);
        return 0;
    }
    for (number = 0; number < count; number++) {
        long compared = check_case(file, number);
        if (compared < 0) break;
        frames += compared;
    }
    fclose(file);
    printf("sampling: %u of %u cases, %ld frames\n", (unsigned)number, (unsigned)count, frames);
    return number == count && frames > 1000;
}
