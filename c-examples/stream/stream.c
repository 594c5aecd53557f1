/* Labels frames that come down a pipe, as soon as they come, one line per result.
 *
 *     sensor | stream MODEL.snn          a line of text per frame: integers, blanks or commas between them
 *     sensor | stream MODEL.snn --raw    int16, little-endian, frame after frame
 *
 * Samples are in the model's counts (snnrt inspect says how many units a count is). An empty line of text is a gap: the
 * network starts anew. A line of output has the frame's number, the label and the greatest share of the scores in percent.
 * Exit status: 0 at the end of the input, 1 if model or input is refused, 2 if the command line is wrong. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "snnrt.h"

enum { CHANNELS = 64, CLASSES = 256 };

static void *model, *arena;
static snnrt_network *network;
static snnrt_info info = {.struct_size = sizeof info};
static unsigned long long frame_number;

static int refuse(const char *what, int32_t status, uint32_t offset)
{
    fprintf(stderr, "stream: %s: %s (at byte %lu)\n", what, snnrt_status_text(status), (unsigned long)offset);
    return 1;
}

/* Reads a whole file; null if it cannot be read. */
static void *read_file(const char *path, size_t *byte_count)
{
    uint8_t *bytes = NULL;
    size_t capacity = 0, got;
    FILE *file = fopen(path, "rb");
    if (file == NULL) return NULL;
    *byte_count = 0;
    do {
        uint8_t *larger = realloc(bytes, capacity = 2 * capacity + 65536);
        if (larger == NULL) {
            free(bytes);
            bytes = NULL;
            break;
        }
        bytes = larger;
        got = fread(bytes + *byte_count, 1, capacity - *byte_count, file);
        *byte_count += got;
    } while (got > 0);
    fclose(file);
    return bytes;
}

static int open_model(const char *path)
{
    size_t byte_count = 0;
    uint32_t offset = 0;
    int32_t status;
    model = read_file(path, &byte_count);
    if (model == NULL) {
        perror(path);
        return 1;
    }
    status = snnrt_inspect(model, byte_count, NULL, &info, &offset);
    if (status != SNNRT_OK) return refuse(path, status, offset);
    if (info.channel_count > CHANNELS || info.class_count > CLASSES) {
        fprintf(stderr, "stream: %s: more channels or classes than this program has room for\n", path);
        return 1;
    }
    arena = malloc(info.arena_bytes);
    if (arena == NULL) return refuse(path, SNNRT_ERR_ARENA_TOO_SMALL, 0);
    status = snnrt_open(model, byte_count, arena, info.arena_bytes, NULL, &network, &offset);
    return status == SNNRT_OK ? 0 : refuse(path, status, offset);
}

/* Pushes a frame, and prints the result that it may bring. */
static int push(const int16_t *frame)
{
    int32_t scores[CLASSES], label, status = snnrt_push(network, frame, 1, NULL);
    const char *name;
    int64_t sum = 0;
    if (status < 0) return refuse("push", status, 0);
    frame_number++;
    if (status != SNNRT_RESULT) return 0;
    snnrt_result(network, &label, scores, CLASSES);
    snnrt_class_name(network, (uint32_t)label, &name);
    for (uint32_t i = 0; i < info.class_count; i++) sum += scores[i] > 0 ? scores[i] : 0;
    printf("%llu %s %d\n", frame_number, name, sum > 0 ? (int)(100 * (int64_t)scores[label] / sum) : 0);
    return fflush(stdout) == 0 ? 0 : 1; /* nobody reads on */
}

static int read_raw(void)
{
    uint8_t bytes[2 * CHANNELS];
    int16_t frame[CHANNELS];
    size_t frame_bytes = 2 * info.channel_count, got;
    while ((got = fread(bytes, 1, frame_bytes, stdin)) == frame_bytes) {
        for (uint32_t i = 0; i < info.channel_count; i++) {
            uint16_t sample = (uint16_t)(bytes[2 * i] | bytes[2 * i + 1] << 8);
            memcpy(&frame[i], &sample, sizeof sample);
        }
        if (push(frame) != 0) return 1;
    }
    if (got == 0) return ferror(stdin) != 0;
    fprintf(stderr, "stream: the input ends within frame %llu\n", frame_number + 1);
    return 1;
}

/* Reads a line's integers; returns how many there are, or -1 if there is anything else. */
static int parse(const char *line, int16_t *frame)
{
    int count = 0;
    for (;;) {
        char *end;
        long value;
        line += strspn(line, " \t,\r\n");
        if (*line == '\0') return count;
        value = strtol(line, &end, 10);
        if (end == line || count == CHANNELS || value < INT16_MIN || value > INT16_MAX) return -1;
        frame[count++] = (int16_t)value;
        line = end;
    }
}

static int read_text(void)
{
    char line[1024];
    int16_t frame[CHANNELS];
    unsigned long line_number = 0;
    while (fgets(line, sizeof line, stdin) != NULL) {
        int count = parse(line, frame);
        line_number++;
        if (count == 0) {
            snnrt_reset(network, SNNRT_RESET_STATE);
        } else if (count != (int)info.channel_count) {
            fprintf(stderr, "stream: line %lu: expected %lu integers of 16 bits\n", line_number,
                    (unsigned long)info.channel_count);
            return 1;
        } else if (push(frame) != 0) {
            return 1;
        }
    }
    return ferror(stdin) != 0;
}

int main(int argument_count, char **arguments)
{
    int is_raw = argument_count == 3 && strcmp(arguments[2], "--raw") == 0, refused;
    if (argument_count != 2 + is_raw) {
        fprintf(stderr, "usage: stream MODEL.snn [--raw] < FRAMES\n");
        return 2;
    }
    refused = open_model(arguments[1]);
    if (!refused) refused = is_raw ? read_raw() : read_text();
    free(arena);
    free(model);
    return refused;
}
