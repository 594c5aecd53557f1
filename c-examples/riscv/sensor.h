/* A log in place of a sensor, made by log.awk. */
#ifndef SENSOR_H
#define SENSOR_H

#include <stdint.h>

/* One row of the sensor, in the model's counts. */
typedef struct reading {
    uint32_t milliseconds; /* of the sensor's clock */
    int16_t samples[6];    /* accel_x ... gyro_z, in 1/1000 m/s^2 and 1/1000 rad/s */
} reading;

extern const reading sensor_log[];
extern const uint32_t sensor_log_count;

#endif
