/* A stand-in for a motion sensor with a FIFO: it replays a log. Your driver takes its place. */
#ifndef SENSOR_H
#define SENSOR_H

#include <stdint.h>

/* One row of the sensor, in the model's counts. */
typedef struct reading {
    uint32_t milliseconds; /* of the sensor's clock */
    int16_t samples[6];    /* accel_x ... gyro_z, in 1/1000 m/s^2 and 1/1000 rad/s */
} reading;

/* The log, made by log.awk. */
extern const reading sensor_log[];
extern const uint32_t sensor_log_count;

/* Starts bursts of interrupts. The sensor has a power supply of its own: it goes on where it was after the processor was
 * off. */
void sensor_start(void);

/* No more interrupts. */
void sensor_stop(void);

/* Readings that wait to be taken. */
uint32_t sensor_count(void);

/* Takes the oldest reading; 0 if there is none. For the main loop. */
int sensor_take(reading *taken);

/* Readings that came while the ring was full, since the start. */
uint32_t sensor_lost(void);

/* The log has ended, and all of it was taken. */
int sensor_is_done(void);

#endif
