/* What a program that opens (or with ATTACH attaches), pushes and fetches results links of the library: flash.sh measures it. With
 * ALONE it calls nothing. */
#include "snnrt.h"

extern const uint8_t model[];
extern int16_t frame[];
extern uint64_t arena[];
volatile int32_t out;

int main(void)
{
#ifndef ALONE
    snnrt_network *network;
    int32_t label;
#ifdef ATTACH
    if (snnrt_attach(model, 1000, model, 30000, arena, 4096, &network, NULL) != SNNRT_OK) return 1;
#else
    if (snnrt_open(model, 30000, arena, 4096, NULL, &network, NULL) != SNNRT_OK) return 1;
#endif
    while (snnrt_push(network, frame, 1, NULL) >= 0) {
        snnrt_result(network, &label, NULL, 0);
        out = label;
    }
#endif
    return 0;
}

const uint8_t model[8] __attribute__((aligned(8))) = {1};
int16_t frame[8];
uint64_t arena[8];
void _start(void) { main(); }
