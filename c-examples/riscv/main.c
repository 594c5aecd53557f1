/* Labels a log on a RISC-V microcontroller: bursts of frames, as a FIFO gives them, are pushed in one call each, and the
 * labels go to the serial port. */
#include <string.h>

#include "sensor.h"
#include "wisdm_small_w4.h"

static WISDM_SMALL_W4_ARENA(arena);
static const char *const names[WISDM_SMALL_W4_CLASS_COUNT] = WISDM_SMALL_W4_CLASS_NAMES;

enum { BURST = 12, LONGEST_STEP_MILLISECONDS = 250 };

/* QEMU's virt board: a 16550 serial port, and a device that ends the run. */
#define UART_DATA (*(volatile uint8_t *)0x10000000)
#define UART_STATUS (*(volatile uint8_t *)0x10000005)
#define FINISHER (*(volatile uint32_t *)0x00100000)

static void print(const char *text)
{
    for (; *text != '\0'; text++) {
        while ((UART_STATUS & 0x20) == 0) {} /* until there is room */
        UART_DATA = (uint8_t)*text;
    }
}

static void print_hexadecimal(uint32_t number)
{
    char text[] = "0x00000000";
    for (int i = 9; i > 1; i--, number >>= 4) text[i] = "0123456789abcdef"[number & 15];
    print(text);
}

void end_run(int status)
{
    FINISHER = status == 0 ? 0x5555 : ((uint32_t)status << 16 | 0x3333);
    for (;;) {}
}

void trap(void)
{
    print("trap\n");
    end_run(3);
}

/* The next burst: its frames, one after the other, up to a gap in time. */
static uint32_t read_burst(uint32_t *position, int16_t frames[BURST][WISDM_SMALL_W4_CHANNEL_COUNT])
{
    uint32_t count = 0;
    while (count < BURST && *position < sensor_log_count) {
        const reading *now = &sensor_log[*position];
        if (count > 0 && now->milliseconds - now[-1].milliseconds > LONGEST_STEP_MILLISECONDS) break;
        memcpy(frames[count++], now->samples, sizeof now->samples);
        (*position)++;
    }
    return count;
}

int main(void)
{
    snnrt_network *network;
    snnrt_usage usage = {.struct_size = sizeof usage};
    int16_t frames[BURST][WISDM_SMALL_W4_CHANNEL_COUNT];
    uint32_t position = 0, last = 0;
    int32_t status =
        snnrt_open(wisdm_small_w4_model, WISDM_SMALL_W4_MODEL_BYTES, arena, sizeof arena, NULL, &network, NULL);
    if (status != SNNRT_OK) {
        print(snnrt_status_text(status));
        return 1;
    }
    while (position < sensor_log_count) {
        uint32_t first = sensor_log[position].milliseconds;
        size_t count, used, taken;
        if (first - last > LONGEST_STEP_MILLISECONDS) snnrt_reset(network, SNNRT_RESET_STATE);
        count = read_burst(&position, frames);
        last = sensor_log[position - 1].milliseconds;
        /* A push ends at a result, and goes on with the rest. */
        for (used = 0; used < count; used += taken) {
            status = snnrt_push(network, frames[used], count - used, &taken);
            if (status < 0) return 2; /* never, for an open network: but then without an endless loop */
            if (status == SNNRT_RESULT) {
                int32_t label;
                snnrt_result(network, &label, NULL, 0);
                print("label ");
                print(names[label]);
                print("\n");
            }
        }
    }
    snnrt_get_usage(network, SNNRT_TOTAL, &usage);
    print("output CRC-32C ");
    print_hexadecimal(usage.output_checksum);
    print("\n");
    return 0;
}
