/* Yardsticks of `make bench`: a network of one shape as a C programmer would write it by hand,
 *
 *     input (C channels) -> dense -> N recurrent LIF -> dense -> K LI -> sum
 *
 * with int8 weights, int32 state and sizes known to the compiler. With -DDENSE every weight is multiplied, else the
 * spikes of a tick are listed and only their rows are added. The bits are those of format.md; `snnrt bench` compares the
 * LI membranes after every tick. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef C
#define C 6
#define N 128
#define K 7
#endif

typedef struct {
    int16_t offset[C], multiplier[C];
    int32_t input_shift, input_limit, join_shift;
    int8_t input_weights[C][N], weights[N][N], output_weights[N][K]; /* [source][destination] */
    int8_t input_rows[N][C], rows[N][N], output_rows[K][N];          /* [destination][source] */
    int32_t decay, threshold, bias, fraction_bits, output_decay, output_bias, output_fraction_bits;
    /* State. */
    int32_t membrane[N], output[K], score[K];
    int8_t spikes[N];
    uint16_t list[N];
    int count;
} network;

enum { LIMIT = (1 << 30) - 1 };

static int32_t clamp(int32_t x, int32_t limit) { return x > limit ? limit : x < -limit ? -limit : x; }
static int32_t rounded(int32_t x, int32_t shift) { return shift == 0 ? x : (x + (1 << (shift - 1))) >> shift; }
static int32_t decayed(int32_t x, int32_t decay) { return (int32_t)((int64_t)x * decay / 32768); }

static uint32_t u32(const uint8_t *at)
{
    uint32_t x;
    memcpy(&x, at, 4);
    return x;
}
static uint16_t u16(const uint8_t *at)
{
    uint16_t x;
    memcpy(&x, at, 2);
    return x;
}

static const uint8_t *section(const uint8_t *file, int type)
{
    int i;
    for (i = 0; i < u16(file + 24); i++)
        if (u16(file + 32 + 12 * i) == type) return file + u32(file + 32 + 12 * i + 4);
    return NULL;
}

/* The network of a checked model file; NULL where the file is of another shape. */
void *yardstick_open(const uint8_t *file)
{
    static const uint8_t kinds[] = {1, 2, 2, 4, 2, 4, 6};
    const uint8_t *ops = section(file, 4), *data = section(file, 6), *block[7], *slots = section(file, 3);
    const uint8_t *channels, *runs[3];
    network *net = calloc(1, sizeof *net);
    int i, j;
    for (i = 0; i < 7; i++) {
        if (ops[20 * i] != kinds[i]) return NULL;
        block[i] = section(file, 5) + 4 * u16(ops + 20 * i + 18);
    }
    if (u32(slots + 12 * u16(ops + 6) + 8) != C || u32(slots + 12 * u16(ops + 60 + 6) + 8) != N) return NULL;
    if (u32(slots + 12 * u16(ops + 100 + 6) + 8) != K) return NULL;
    for (i = 0; i < 3; i++) {
        const uint8_t *projection = block[i == 0 ? 1 : 2 * i];
        if (projection[0] != 4) return NULL;
        runs[i] = data + u32(projection + 8);
    }
    if (block[1][1] != 2 || block[2][1] != 0 || block[4][1] != 0) return NULL;
    if (block[3][0] != 1 || block[3][1] != 1 || block[3][2] != 0 || block[3][3] != 32 || block[3][5] != 0) return NULL;
    if (block[5][0] != 3 || block[5][3] != 32 || block[5][5] != 0 || block[6][0] != 1 || block[6][2] != 0) return NULL;
    channels = data + u32(block[0] + 4);
    for (i = 0; i < C; i++) {
        net->offset[i] = (int16_t)u16(channels + 4 * i);
        net->multiplier[i] = (int16_t)u16(channels + 4 * i + 2);
    }
    net->input_shift = block[0][0];
    net->input_limit = (1 << (slots[12 * u16(ops + 14) + 1] - 1)) - 1;
    net->join_shift = block[1][2];
    memcpy(net->input_weights, runs[0], C * N);
    memcpy(net->weights, runs[1], N * N);
    memcpy(net->output_weights, runs[2], N * K);
    for (i = 0; i < N; i++) {
        for (j = 0; j < C; j++) net->input_rows[i][j] = net->input_weights[j][i];
        for (j = 0; j < N; j++) net->rows[i][j] = net->weights[j][i];
        for (j = 0; j < K; j++) net->output_rows[j][i] = net->output_weights[i][j];
    }
    net->fraction_bits = block[3][4];
    net->decay = (int32_t)u32(block[3] + 8);
    net->threshold = (int32_t)u32(block[3] + 16);
    net->bias = (int32_t)u32(block[3] + 20);
    net->output_fraction_bits = block[5][4];
    net->output_decay = (int32_t)u32(block[5] + 8);
    net->output_bias = (int32_t)u32(block[5] + 20);
    return net;
}

void yardstick_reset(network *net)
{
    memset(net->membrane, 0, sizeof net->membrane);
    memset(net->output, 0, sizeof net->output);
    memset(net->score, 0, sizeof net->score);
    memset(net->spikes, 0, sizeof net->spikes);
    net->count = 0;
}

/* The LI membranes after the latest tick. */
const int32_t *yardstick_outputs(const network *net) { return net->output; }

static void tick(network *net, const int16_t *frame)
{
    int32_t x[C], current[N], output[K];
    int i, j;
    for (i = 0; i < C; i++)
        x[i] = clamp(rounded((frame[i] - net->offset[i]) * net->multiplier[i], net->input_shift), net->input_limit);
#ifdef DENSE
    for (i = 0; i < N; i++) {
        int32_t sum = 0, recurrent = 0;
        for (j = 0; j < C; j++) sum += net->input_rows[i][j] * x[j];
        for (j = 0; j < N; j++) recurrent += net->rows[i][j] * net->spikes[j];
        current[i] = rounded(sum, net->join_shift) + recurrent;
    }
#else
    memset(current, 0, sizeof current);
    for (j = 0; j < C; j++) {
        if (x[j] == 0) continue;
        for (i = 0; i < N; i++) current[i] += net->input_weights[j][i] * x[j];
    }
    for (i = 0; i < N; i++) current[i] = rounded(current[i], net->join_shift);
    for (j = 0; j < net->count; j++) {
        const int8_t *row = net->weights[net->list[j]];
        for (i = 0; i < N; i++) current[i] += row[i];
    }
    net->count = 0;
#endif
    for (i = 0; i < N; i++) {
        int32_t u = net->membrane[i], fired = u > net->threshold;
        int32_t drive = clamp(current[i] * (1 << net->fraction_bits) + net->bias, LIMIT);
        u = clamp(decayed(u, net->decay) - (fired ? net->threshold : 0) + drive, LIMIT);
        net->membrane[i] = u;
#ifdef DENSE
        net->spikes[i] = u > net->threshold;
#else
        net->list[net->count] = (uint16_t)i;
        net->count += u > net->threshold;
#endif
    }
#ifdef DENSE
    for (i = 0; i < K; i++) {
        output[i] = 0;
        for (j = 0; j < N; j++) output[i] += net->output_rows[i][j] * net->spikes[j];
    }
#else
    memset(output, 0, sizeof output);
    for (j = 0; j < net->count; j++)
        for (i = 0; i < K; i++) output[i] += net->output_weights[net->list[j]][i];
#endif
    for (i = 0; i < K; i++) {
        int32_t drive = clamp(output[i] * (1 << net->output_fraction_bits) + net->output_bias, LIMIT);
        net->output[i] = clamp(decayed(net->output[i], net->output_decay) + drive, LIMIT);
        net->score[i] = (int32_t)((uint32_t)net->score[i] + (uint32_t)net->output[i]);
    }
}

void yardstick_run(network *net, const int16_t *frames, size_t count)
{
    size_t i;
    for (i = 0; i < count; i++) tick(net, frames + C * i);
}
