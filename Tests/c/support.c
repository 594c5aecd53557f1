#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { MARGIN = 64, POISON = 0xA5 };

file_t try_file(const char *path)
{
    file_t file = {NULL, 0};
    FILE *stream = fopen(path, "rb");
    long length;
    if (stream == NULL || fseek(stream, 0, SEEK_END) != 0 || (length = ftell(stream)) < 0) {
        if (stream != NULL) fclose(stream);
        return file;
    }
    rewind(stream);
    file.byte_count = (size_t)length;
    file.bytes = malloc(file.byte_count + 1); /* malloc's memory suits every type */
    if (file.bytes == NULL || fread(file.bytes, 1, file.byte_count, stream) != file.byte_count) {
        fprintf(stderr, "%s: cannot be read\n", path);
        exit(2);
    }
    fclose(stream);
    return file;
}

file_t read_file(const char *folder, const char *name, const char *suffix)
{
    char path[1024];
    file_t file;
    snprintf(path, sizeof path, "%s/%s%s", folder, name, suffix);
    file = try_file(path);
    if (file.bytes == NULL) {
        fprintf(stderr, "%s is missing: run `make vectors`\n", path);
        exit(2);
    }
    return file;
}

void free_file(file_t *file)
{
    free(file->bytes);
    file->bytes = NULL;
}

guarded_t guarded(size_t byte_count)
{
    guarded_t memory;
    memory.whole = malloc(byte_count + 2 * MARGIN);
    if (memory.whole == NULL) exit(2);
    memset(memory.whole, POISON, byte_count + 2 * MARGIN);
    memory.bytes = memory.whole + MARGIN;
    memory.byte_count = byte_count;
    return memory;
}

int is_poison_intact(const guarded_t *memory)
{
    size_t i;
    for (i = 0; i < MARGIN; i++) {
        if (memory->whole[i] != POISON || memory->bytes[memory->byte_count + i] != POISON) return 0;
    }
    return 1;
}

void free_guarded(guarded_t *memory) { free(memory->whole); }

const char *vector_folder(void)
{
    const char *folder = getenv("SNNRT_VECTORS");
    return folder != NULL ? folder : "build/vectors";
}

uint32_t reference_crc32c(const uint8_t *bytes, size_t byte_count)
{
    uint32_t crc = 0xFFFFFFFFu;
    size_t i;
    int bit;
    for (i = 0; i < byte_count; i++) {
        crc ^= bytes[i];
        for (bit = 0; bit < 8; bit++) crc = (crc >> 1) ^ ((crc & 1u) ? 0x82F63B78u : 0u);
    }
    return ~crc;
}
