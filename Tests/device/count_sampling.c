/* A sensor's rows become frames at 20 Hz, by doubles and by integers, each between count_begin and count_end (count.c); prints
 * a line per kind of pairs: what it is, rows a second, rows, frames. */
#include <stdio.h>
#include <string.h>

#include "snnrt.h"

enum { AXES = 3, SECONDS = 10, BURST = 32 };

__attribute__((noinline)) void count_begin(void) { __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) void count_end(void) { __asm__ volatile("" ::: "memory"); }

static snnrt_channel channels[AXES];
static volatile int16_t sink;

static double values[2 * AXES];
static snnrt_resampler resampler = {
    .struct_size = sizeof resampler, .channel_count = AXES, .rate_numerator = 20, .rate_denominator = 1};

/* Rows of a sensor of `rate` Hz; returns the frames. */
static unsigned by_doubles(unsigned rate, unsigned rows)
{
    double row[1 + AXES];
    int16_t frame[AXES];
    unsigned r, c, frames = 0;
    resampler.channels = channels;
    resampler.values = values;
    resampler.row_count = 0;
    for (r = 0; r < rows; r++) {
        row[0] = r / (double)rate;
        for (c = 0; c < AXES; c++) row[1 + c] = (int)(r * 37 % 2000 - 1000) * 0.0011964;
        count_begin();
        snnrt_resample_row(&resampler, row);
        while (snnrt_resample_frame(&resampler, frame) == SNNRT_FRAME) frames++, sink = frame[0];
        count_end();
    }
    return frames;
}

static uint8_t bytes[BURST * 2 * AXES], last_row[2 * AXES];
static snnrt_axis axes[AXES];
static snnrt_sensor sensor = {.struct_size = sizeof sensor,
                              .channel_count = AXES,
                              .rate_numerator = 20,
                              .rate_denominator = 1,
                              .clock_hertz = 32768,
                              .row_bytes = 2 * AXES};

static unsigned by_integers(unsigned rate, unsigned rows, unsigned burst)
{
    int16_t frame[AXES];
    unsigned r, c, frames = 0;
    for (c = 0; c < AXES; c++)
        axes[c] = (snnrt_axis){.offset = 2 * c, .sign = 1, .scale_numerator = 1196411, .scale_denominator = 1000000000};
    sensor.row_ticks = 32768 / rate;
    sensor.axes = axes;
    sensor.last_row = last_row;
    if (snnrt_sensor_begin(&sensor, channels) != SNNRT_OK) return 0;
    for (r = 0; r < rows; r += burst) {
        for (c = 0; c < sizeof bytes; c++) bytes[c] = (uint8_t)(r + c * 37);
        count_begin();
        snnrt_sensor_burst(&sensor, bytes, burst, burst * 32768 / rate);
        while (snnrt_sensor_frame(&sensor, frame) == SNNRT_FRAME) frames++, sink = frame[0];
        count_end();
    }
    return frames;
}

int main(void)
{
    static const unsigned rates[] = {52, 104};
    unsigned c;
    for (c = 0; c < AXES; c++) {
        channels[c].struct_size = sizeof channels[c];
        channels[c].scale_numerator = 1;
        channels[c].scale_denominator = 1000;
    }
    for (c = 0; c < 2; c++) {
        const unsigned rate = rates[c], rows = rate * SECONDS / BURST * BURST;
        printf("doubles %u %u %u\n", rate, rows, by_doubles(rate, rows));
        printf("integers,-bursts-of-32 %u %u %u\n", rate, rows, by_integers(rate, rows, BURST));
        printf("integers,-row-by-row %u %u %u\n", rate, rows, by_integers(rate, rows, 1));
    }
    return 0;
}
