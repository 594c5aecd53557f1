/* What a desk cannot show of firmware: bytes at odd addresses where unaligned accesses trap, and a timer's interrupt that
 * pushes while the program below it reads results.
 *
 * Reads example.snn of the folder it runs in. Exits with 1 after a difference, and with 3, by startup.c, after a fault. */
#include <stdio.h>
#include <string.h>

#include "../c/support.h"

enum { CHANNELS = 8, CLASSES = 16, FRAMES = 64, READS = 100000 };

#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014)
#define CONFIGURATION_CONTROL (*(volatile uint32_t *)0xE000ED14)

static void trap_unaligned(int on)
{
    CONFIGURATION_CONTROL = (CONFIGURATION_CONTROL & ~8u) | (on ? 8u : 0u);
    __asm__ volatile("dsb\n isb" ::: "memory");
}

/* A tick of the archive for Cortex-M4 loads words at any address. */
#ifdef __ARM_ARCH_6M__
enum { TRAPS_TICKS = 1 };
#else
enum { TRAPS_TICKS = 0 };
#endif

static uint64_t arena[2048];
static snnrt_network *network;
static snnrt_info info = {.struct_size = sizeof info};
static int16_t samples[FRAMES * CHANNELS];
static uint8_t bytes[2 * FRAMES * CHANNELS + 1];

/* The checksum of the results of all frames. */
static uint32_t checksum_of(int packed, uint32_t order)
{
    snnrt_usage usage = {.struct_size = sizeof usage};
    size_t f;
    snnrt_reset(network, SNNRT_RESET_STATE | SNNRT_RESET_USAGE);
    for (f = 0; f < FRAMES; f++) {
        const size_t at = f * info.channel_count;
        trap_unaligned(packed && TRAPS_TICKS);
        if ((packed ? snnrt_push_bytes(network, bytes + 1 + 2 * at, 1, order, NULL)
                    : snnrt_push(network, samples + at, 1, NULL)) < 0)
            return 0;
        trap_unaligned(0);
    }
    snnrt_get_usage(network, SNNRT_TOTAL, &usage);
    return usage.output_checksum;
}

static int push_odd_addresses(void)
{
    const uint32_t expected = checksum_of(0, 0);
    uint32_t order, i;
    for (order = 0; order < 2; order++) {
        for (i = 0; i < FRAMES * info.channel_count; i++) {
            bytes[1 + 2 * i + (order == SNNRT_BIG_ENDIAN)] = (uint8_t)((uint16_t)samples[i] & 0xFF);
            bytes[1 + 2 * i + (order == SNNRT_LITTLE_ENDIAN)] = (uint8_t)((uint16_t)samples[i] >> 8);
        }
        if (checksum_of(1, order) != expected) return 0;
    }
    return snnrt_push(network, (const int16_t *)(const void *)(bytes + 1), 1, NULL) == SNNRT_ERR_MISALIGNED;
}

/* The frames of a sensor whose bytes, last row and all lie at odd addresses are those of even ones. */
static int sense_odd_addresses(void)
{
    static uint8_t memory[2][2 * FRAMES + 1], last[3];
    const snnrt_channel channel = {.struct_size = sizeof channel, .scale_numerator = 1, .scale_denominator = 1000};
    snnrt_axis axis = {.sign = 1, .scale_numerator = 1196411, .scale_denominator = 1000000000};
    snnrt_sensor sensor = {.struct_size = sizeof sensor,
                           .channel_count = 1,
                           .rate_numerator = 20,
                           .rate_denominator = 1,
                           .clock_hertz = 2080,
                           .row_ticks = 20,
                           .row_bytes = 2,
                           .axes = &axis};
    int16_t frames[2][FRAMES] = {{0}, {0}};
    uint32_t odd, burst, i, count[2] = {0, 0};
    for (odd = 0; odd < 2; odd++) {
        for (i = 0; i < 2 * FRAMES; i++) memory[odd][i + odd] = (uint8_t)(i * i * 7u);
        sensor.last_row = last + odd;
        trap_unaligned(1);
        if (snnrt_sensor_begin(&sensor, &channel) != SNNRT_OK) return 0;
        for (burst = 0; burst < 4; burst++) {
            if (snnrt_sensor_burst(&sensor, memory[odd] + odd + burst * FRAMES / 2, FRAMES / 4, 0) != SNNRT_OK)
                return 0;
            while (snnrt_sensor_frame(&sensor, frames[odd] + count[odd]) == SNNRT_FRAME) count[odd]++;
        }
        trap_unaligned(0);
    }
    return count[0] == 13 && count[1] == 13 && memcmp(frames[0], frames[1], sizeof frames[0]) == 0;
}

static volatile uint32_t next_frame, pushed_results;
void on_systick(void);
void on_systick(void)
{
    if (snnrt_push(network, samples + next_frame * info.channel_count, 1, NULL) == SNNRT_RESULT) pushed_results++;
    next_frame = (next_frame + 1) % FRAMES;
}

static int read_while_pushed(void)
{
    int32_t label, scores[CLASSES];
    uint32_t read, i, torn = 0, busy = 0, none = 0;
    snnrt_reset(network, SNNRT_RESET_STATE);
    SYSTICK_RELOAD = 4000;
    SYSTICK_CONTROL = 7;
    for (read = 0; read < READS || pushed_results < 100; read++) {
        const int32_t status = snnrt_result(network, &label, scores, CLASSES);
        busy += status == SNNRT_ERR_BUSY;
        none += status == SNNRT_ERR_NO_RESULT;
        if (status != SNNRT_OK) continue;
        for (i = 0; i < info.class_count; i++)
            torn += scores[i] > scores[label] || (scores[i] == scores[label] && (int32_t)i < label);
    }
    SYSTICK_CONTROL = 0;
    printf("%u reads below %u results of an interrupt: %u torn, %u busy\n", (unsigned)read, (unsigned)pushed_results,
           (unsigned)torn, (unsigned)busy);
    return torn == 0 && busy == 0 && none < read;
}

int main(void)
{
    file_t model = read_file(".", "example", ".snn");
    uint32_t i, seed = 1;
    for (i = 0; i < FRAMES * CHANNELS; i++) {
        seed = seed * 1664525u + 1013904223u;
        samples[i] = (int16_t)((int32_t)(seed >> 16) % 6001 - 3000);
    }
    if (snnrt_inspect(model.bytes, model.byte_count, NULL, &info, NULL) != SNNRT_OK || info.channel_count > CHANNELS ||
        info.class_count > CLASSES ||
        snnrt_open(model.bytes, model.byte_count, arena, sizeof arena, NULL, &network, NULL) != SNNRT_OK) {
        printf("example.snn cannot be used\n");
        return 1;
    }
    if (!push_odd_addresses()) return printf("bytes at odd addresses differ\n"), 1;
    if (!sense_odd_addresses()) return printf("a sensor's bytes at odd addresses differ\n"), 1;
    return !read_while_pushed();
}
