/* What the rows of S<N>'s recurrent weights cost at least on this machine: `floor N EVENTS`.
 *
 * Random lists of EVENTS of the N rows of N int8 weights, in nanoseconds per list: `read`, the rows' bytes loaded and nothing
 * else; `sweep`, as many bytes of the same matrix from front to back; `add`, the rows added by the loop of CKernels. Medians
 * of rounds in turns, of processor time. Compiled with clang, whose vectors CKernels uses. */
#define _POSIX_C_SOURCE 200809L
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include "../../Sources/CKernels/kernels.h"

enum { ROUNDS = 61, LISTS = 500 };

static double now(void)
{
    struct timespec time;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return 1e9 * (double)time.tv_sec + (double)time.tv_nsec;
}

static int ascending(const void *first, const void *second)
{
    double a = *(const double *)first, b = *(const double *)second;
    return (a > b) - (a < b);
}

SNNRT_PART snnrt_v8i32 load(const uint8_t *bytes, uint32_t count, snnrt_v8i32 sum)
{
    uint32_t i;
    for (i = 0; i + 128 <= count; i += 128) {
        const snnrt_v8i32 *at = (const snnrt_v8i32 *)(bytes + i);
        sum |= at[0] | at[1] | at[2] | at[3];
    }
    return sum;
}

SNNRT_KERNEL uint32_t read_rows(const uint8_t *rows, const uint32_t *offsets, uint32_t events, uint32_t length)
{
    snnrt_v8i32 sum = {0};
    uint32_t e;
    for (e = 0; e < events; e++) sum = load(rows + offsets[e], length, sum);
    return snnrt_total(sum);
}

SNNRT_KERNEL uint32_t sweep(const uint8_t *bytes, uint32_t count)
{
    snnrt_v8i32 sum = {0};
    return snnrt_total(load(bytes, count, sum));
}

SNNRT_KERNEL void add_rows2(const uint8_t *rows, const uint32_t *offsets, uint32_t events, int32_t *sums,
                            uint32_t length)
{
    snnrt_rows_int8(rows, offsets, events, sums, length);
}
SNNRT_KERNEL512 void add_rows512(const uint8_t *rows, const uint32_t *offsets, uint32_t events, int32_t *sums,
                                 uint32_t length)
{
    snnrt_rows512(8, rows, offsets, events, sums, length, 0);
}

int main(int count, char **arguments)
{
    void (*add_rows)(const uint8_t *, const uint32_t *, uint32_t, int32_t *, uint32_t) =
        snnrt_vector_level() == 2 ? add_rows512 : add_rows2;
    uint32_t n = count > 2 ? (uint32_t)atoi(arguments[1]) : 1024,
             events = count > 2 ? (uint32_t)atoi(arguments[2]) : 20;
    uint8_t *rows = aligned_alloc(64, (size_t)n * n);
    uint32_t *offsets = malloc(sizeof *offsets * LISTS * events), *list, i, round, at, used = 0;
    int32_t *sums = calloc(n, sizeof *sums);
    double times[3][ROUNDS];
    const char *names[] = {"read", "sweep", "add"};
    if (events == 0 || events > SNNRT_CHUNK || n < 128 || n > 4096) return 2;
    srand(1);
    for (i = 0; i < n * n; i++) rows[i] = (uint8_t)rand();
    for (i = 0; i < LISTS * events; i++) offsets[i] = (uint32_t)rand() % n * n;
    for (round = 0; round < ROUNDS; round++) {
        double start = now(), end;
        for (i = 0, list = offsets; i < LISTS; i++, list += events) used += read_rows(rows, list, events, n);
        end = now(), times[0][round] = end - start, start = end;
        for (i = 0, at = 0; i<LISTS; i++, at = at + 2 * n * events> n * n ? 0 : at + n * events)
            used += sweep(rows + at, n * events);
        end = now(), times[1][round] = end - start, start = end;
        for (i = 0, list = offsets; i < LISTS; i++, list += events) add_rows(rows, list, events, sums, n);
        times[2][round] = now() - start;
    }
    for (i = 0; i < 3; i++) {
        qsort(times[i], ROUNDS, sizeof *times[i], ascending);
        printf("%-6s %8.1f ns, %6.2f GB/s (quartiles %.1f ... %.1f ns)\n", names[i], times[i][ROUNDS / 2] / LISTS,
               (double)n * events * LISTS / times[i][ROUNDS / 2], times[i][ROUNDS / 4] / LISTS,
               times[i][ROUNDS * 3 / 4] / LISTS);
    }
    return used == 1 && sums[0] == 1;
}
