#include "sensor.h"

enum {
    BURST = 8,         /* readings that the FIFO gathers before it interrupts */
    CAPACITY = 32,     /* a power of two: four bursts */
    RETAINED = 0x51053 /* says that the position in the log is one */
};
#define SYSTICK_CONTROL (*(volatile uint32_t *)0xE000E010)
#define SYSTICK_RELOAD (*(volatile uint32_t *)0xE000E014)
#define SYSTICK_VALUE (*(volatile uint32_t *)0xE000E018)
#define CLOCK_HZ 25000000u
#define READINGS_PER_SECOND 20u

/* A ring between one writer, the interrupt, and one reader, the main loop. Both counts run on past CAPACITY, and
 * each has one writer, so that nothing needs to be locked. */
static reading ring[CAPACITY];
static volatile uint32_t written, read, lost;

/* Where the sensor is. It lies in memory that no reset clears. */
static __attribute__((section(".retained"))) struct {
    uint32_t is_valid, position;
} sensor;

/* The FIFO has BURST readings. In a product: read them over SPI or I2C, or let DMA do it. SysTick stands for the
 * sensor's interrupt line. */
void systick_interrupt(void)
{
    for (int i = 0; i < BURST && sensor.position < sensor_log_count; i++, sensor.position++) {
        if (written - read == CAPACITY) {
            lost++; /* a gap in time, which the main loop sees */
            continue;
        }
        ring[written % CAPACITY] = sensor_log[sensor.position];
        __asm__ volatile("" ::: "memory"); /* the reading first, then the count that shows it */
        written++;
    }
}

void sensor_start(void)
{
    if (sensor.is_valid != RETAINED) sensor.position = 0;
    sensor.is_valid = RETAINED;
    SYSTICK_RELOAD = CLOCK_HZ / READINGS_PER_SECOND * BURST - 1;
    SYSTICK_VALUE = 0;
    SYSTICK_CONTROL = 7; /* the processor's clock, interrupt, on */
}

void sensor_stop(void) { SYSTICK_CONTROL = 0; }

uint32_t sensor_count(void) { return written - read; }

int sensor_take(reading *taken)
{
    if (read == written) return 0;
    __asm__ volatile("" ::: "memory"); /* the count first, then the reading */
    *taken = ring[read % CAPACITY];
    __asm__ volatile("" ::: "memory"); /* the reading is copied before its place is free */
    read++;
    return 1;
}

uint32_t sensor_lost(void) { return lost; }

int sensor_is_done(void) { return sensor.position == sensor_log_count && read == written; }
