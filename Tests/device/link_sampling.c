/* A program that links what makes samples: LINKED 0 nothing, 1 the functions for doubles, 2 those for integers. */
#include "snnrt.h"

volatile int sink;

int main(void)
{
#if LINKED == 1
    static snnrt_resampler resampler;
    static int16_t frame[3];
    const double row[4] = {0};
    sink = (int)snnrt_resample_row(&resampler, row);
    sink = (int)snnrt_resample_frame(&resampler, frame);
#elif LINKED == 2
    static snnrt_sensor sensor;
    static int16_t frame[3];
    sink = (int)snnrt_sensor_begin(&sensor, NULL);
    sink = (int)snnrt_sensor_burst(&sensor, frame, 1, 1);
    sink = (int)snnrt_sensor_frame(&sensor, frame);
#endif
    return sink;
}
