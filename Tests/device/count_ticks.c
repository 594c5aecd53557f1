/* Opens and runs the models named in names.txt, with what count.c counts between count_begin and count_end: an empty pair
 * and a loop of 2,002 instructions, to calibrate by; then of each model opening it, a tick for each frame of NAME.raw
 * (int16, little-endian) and IDLE ticks of zeros from the reset state. Prints a line per model:
 *
 *     NAME arena-bytes stack-bytes-of-opening stack-bytes-of-ticks S-ACE frames
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "../c/support.h"

enum { IDLE = 200, STACK = 16384, PAINT = 0x5A };

__attribute__((noinline)) void count_begin(void) { __asm__ volatile("" ::: "memory"); }
__attribute__((noinline)) void count_end(void) { __asm__ volatile("" ::: "memory"); }

static uint8_t *stack_pointer(void)
{
    uint8_t *pointer;
    __asm__ volatile("mov %0, sp" : "=r"(pointer));
    return pointer;
}

static uint8_t *painted;

/* Paints what lies below the caller's frame. */
static __attribute__((noinline)) void paint(void)
{
    volatile uint8_t *at = painted = stack_pointer() - STACK;
    while (at < painted + STACK - 32) *at++ = PAINT;
}

/* The bytes below the caller's frame that were written since. */
static __attribute__((noinline)) uint32_t stack_depth(void)
{
    const volatile uint8_t *at = painted;
    while (*at == PAINT) at++;
    return (uint32_t)(painted + STACK - at);
}

static void tick(snnrt_network *network, const int16_t *frame)
{
    count_begin();
    snnrt_push(network, frame, 1, NULL);
    count_end();
}

static int run(const char *name)
{
    file_t model = read_file(".", name, ".snn"), frames = read_file(".", name, ".raw");
    snnrt_info info = {.struct_size = sizeof info};
    snnrt_network *network = NULL;
    uint32_t opening, frame, frame_count;
    int16_t *zeros;
    void *arena;
    int32_t status;

    if (snnrt_inspect(model.bytes, model.byte_count, NULL, &info, NULL) != SNNRT_OK) return 0;
    arena = malloc(info.arena_bytes);
    zeros = calloc(info.channel_count, sizeof *zeros);
    if (arena == NULL || zeros == NULL) return 0;
    paint();
    count_begin();
    status = snnrt_open(model.bytes, model.byte_count, arena, info.arena_bytes, NULL, &network, NULL);
    count_end();
    opening = stack_depth();
    if (status != SNNRT_OK) return 0;
    frame_count = (uint32_t)(frames.byte_count / 2 / info.channel_count);
    paint();
    for (frame = 0; frame < frame_count; frame++)
        tick(network, (const int16_t *)(const void *)frames.bytes + frame * info.channel_count);
    printf("%s %u %u %u %llu %u\n", name, (unsigned)info.arena_bytes, (unsigned)opening, (unsigned)stack_depth(),
           (unsigned long long)info.s_ace_per_result, (unsigned)frame_count);
    snnrt_reset(network, SNNRT_RESET_STATE);
    for (frame = 0; frame < IDLE; frame++) tick(network, zeros);
    free(zeros);
    free(arena);
    free_file(&frames);
    free_file(&model);
    return 1;
}

int main(void)
{
    FILE *names = fopen("names.txt", "r");
    char line[256];

    __asm__ volatile(".syntax unified\n"
                     "bl count_begin\n bl count_end\n"
                     "bl count_begin\n movs r3, #250\n lsls r3, r3, #2\n 1: subs r3, #1\n bne 1b\n bl count_end" ::
                         : "r3", "lr", "cc");
    while (names != NULL && fgets(line, sizeof line, names) != NULL) {
        line[strcspn(line, "\r\n")] = '\0';
        if (!run(line)) {
            printf("%s: failed\n", line);
            return 1;
        }
    }
    return names == NULL;
}
