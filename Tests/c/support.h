/* Files and memory for the C tests. */
#ifndef SUPPORT_H
#define SUPPORT_H

#include <stddef.h>
#include <stdint.h>

#include "snnrt.h"

/* A file in memory aligned to 16 bytes, followed by nothing that belongs to it. */
typedef struct {
    uint8_t *bytes;
    size_t byte_count;
} file_t;

/* Exits with a message if the file cannot be read: run `make vectors`. */
file_t read_file(const char *folder, const char *name, const char *suffix);
/* NULL bytes if there is no such file. */
file_t try_file(const char *path);
void free_file(file_t *file);

/* Memory of byte_count bytes with 64 bytes of poison on both sides. */
typedef struct {
    uint8_t *whole;
    uint8_t *bytes;
    size_t byte_count;
} guarded_t;

guarded_t guarded(size_t byte_count);
int is_poison_intact(const guarded_t *memory);
void free_guarded(guarded_t *memory);

/* The vectors' folder: SNNRT_VECTORS, default build/vectors. */
const char *vector_folder(void);

/* Whether the helpers under "From sensor values to samples" give the frames of sampling.bin. */
int check_sampling(const char *folder);
/* Whether those under "From a sensor's counts to samples" give the frames of counts.bin. */
int check_counts(const char *folder);

/* CRC-32C, bit by bit, from its definition. */
uint32_t reference_crc32c(const uint8_t *bytes, size_t byte_count);

#endif
