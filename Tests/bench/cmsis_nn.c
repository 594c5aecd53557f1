/* The dense layers LAYERS, pairs of inputs and outputs, by CMSIS-NN's kernel of weights int8 and activations BITS, between count_begin and
 * count_end of Tests/device/count.c. What the numbers are does not matter: its kernels do the same for all. */
#include "arm_nnfunctions.h"

enum { WIDEST = 1024 };

static const int32_t layers[][2] = {LAYERS};
static int8_t weights[WIDEST * WIDEST / 8];

__attribute__((noinline)) void count_begin(void) { __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) void count_end(void) { __asm__ volatile("" ::: "memory"); }

int main(void)
{
#if BITS == 16
    static int16_t in[WIDEST], out[WIDEST];
    const cmsis_nn_fc_params parameters = {0, 0, 0, {-32768, 32767}};
#else
    static int8_t in[WIDEST], out[WIDEST];
    const cmsis_nn_fc_params parameters = {0, 0, 0, {-128, 127}};
#endif
    const cmsis_nn_per_tensor_quant_params scale = {1 << 30, -7};
    const cmsis_nn_context context = {NULL, 0};
    uint32_t seed = 1, i;
    int failed = 0;
    for (i = 0; i < sizeof weights; i++) weights[i] = (int8_t)((seed = seed * 1664525 + 1013904223) >> 24);
    for (i = 0; i < WIDEST; i++) in[i] = weights[i + 7];
    count_begin();
    for (i = 0; i < sizeof layers / sizeof *layers; i++) {
        const cmsis_nn_dims input = {1, 1, 1, layers[i][0]}, filter = {layers[i][0], 1, 1, layers[i][1]};
        const cmsis_nn_dims output = {1, 1, 1, layers[i][1]};
#if BITS == 16
        failed |= arm_fully_connected_s16(&context, &parameters, &scale, &input, in, &filter, weights, &output, NULL,
                                          &output, out);
#else
        failed |= arm_fully_connected_s8(&context, &parameters, &scale, &input, in, &filter, weights, &output, NULL,
                                         &output, out);
#endif
    }
    count_end();
    return failed;
}
