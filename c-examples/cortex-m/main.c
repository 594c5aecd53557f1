/* Labels a sensor's readings: an interrupt fills a ring, the main loop pushes what is in it and prints the labels, and when
 * there is nothing to do for a while the network's state is saved and the processor goes off. */
#include "board.h"
#include "sensor.h"
#include "wisdm_small_w4.h"

#ifdef OPENED
static WISDM_SMALL_W4_ATTACHED_ARENA(arena);
#else
static WISDM_SMALL_W4_ARENA(arena);
#endif

/* The network's state while the processor is off. */
static __attribute__((section(".retained"))) uint8_t saved[WISDM_SMALL_W4_SAVED_BYTES];
static __attribute__((section(".retained"))) uint32_t last_milliseconds;

static const char *const names[WISDM_SMALL_W4_CLASS_COUNT] = WISDM_SMALL_W4_CLASS_NAMES;

enum { READINGS_AWAKE = 500, LONGEST_STEP_MILLISECONDS = 250 };

static int refuse(const char *what, int32_t status)
{
    print(what);
    print(": ");
    print(snnrt_status_text(status));
    print("\n");
    return 1;
}

/* What the network has done so far; the same figures as those of snnrt infer on the desk. */
static void report(const snnrt_network *network)
{
    snnrt_usage usage = {.struct_size = sizeof usage};
    snnrt_get_usage(network, SNNRT_TOTAL, &usage);
    print_number((uint32_t)usage.ticks);
    print(" ticks, ");
    print_number((uint32_t)usage.results);
    print(" results, ");
    print_number(sensor_lost());
    print(" readings lost, output CRC-32C 0x");
    print_hexadecimal(usage.output_checksum);
    print("\n");
}

static void push(snnrt_network *network, const reading *now)
{
    int32_t label;
    /* Readings are missing: what the network remembers is of another time. */
    if (now->milliseconds - last_milliseconds > LONGEST_STEP_MILLISECONDS) snnrt_reset(network, SNNRT_RESET_STATE);
    last_milliseconds = now->milliseconds;
    if (snnrt_push(network, now->samples, 1, NULL) != SNNRT_RESULT) return;
    snnrt_result(network, &label, NULL, 0);
    print("label ");
    print(names[label]);
    print(label == WISDM_SMALL_W4_CLASS_TEETH ? " (two minutes, please)\n" : "\n");
}

static int has_work(void) { return sensor_count() > 0 || sensor_is_done(); }

int main(void)
{
    snnrt_network *network;
    uint32_t awake = 0;
    int32_t status;

#ifdef OPENED
    /* The model as the desk has opened it: no checks of the file in flash, less RAM and stack. report() and the restoring
     * keep the loaders of ops; without them 8 KB less are linked. */
    status = snnrt_attach(wisdm_small_w4_image, WISDM_SMALL_W4_IMAGE_BYTES, wisdm_small_w4_model,
                          WISDM_SMALL_W4_MODEL_BYTES, arena, sizeof arena, &network, NULL);
#else
    /* Does this build on this chip give the bits that it must? Once after flashing would do. */
    status = snnrt_selftest(wisdm_small_w4_model, WISDM_SMALL_W4_MODEL_BYTES, arena, sizeof arena, NULL);
    if (status != SNNRT_OK) return refuse("self-test", status);
    status = snnrt_open(wisdm_small_w4_model, WISDM_SMALL_W4_MODEL_BYTES, arena, sizeof arena, NULL, &network, NULL);
#endif
    if (status != SNNRT_OK) return refuse("open", status);

    /* A state that is none, or of another model, or damaged is refused, and the network is as it was: fresh. */
    print(snnrt_restore(network, saved, sizeof saved, NULL) == SNNRT_OK ? "on again\n" : "started\n");
    saved[0] = 0; /* a state is continued once */

    watchdog_start(1500);
    sensor_start();
    for (;;) {
        reading now;
        while (sensor_take(&now)) {
            push(network, &now);
            awake++;
#ifdef EXAMPLE_HANGS /* to see the watchdog at work */
            while (awake == 300) {}
#endif
        }
        watchdog_kick();
        if (sensor_is_done()) break;
        if (awake >= READINGS_AWAKE) { /* in a product: no motion for a minute, say */
            sensor_stop();
            while (sensor_take(&now)) push(network, &now);
            snnrt_save(network, saved, sizeof saved, NULL);
            print("off\n");
            power_down();
        }
        sleep_unless(has_work);
    }
    report(network);
    return 0;
}
