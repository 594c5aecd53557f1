/* The functions of ops, as tables that a program may replace by shorter ones (include/snnrt.h, "What is linked"): the linker
 * then drops what they do not name. parts.c has the tables of everything. */
#ifndef SNNRT_PARTS_H
#define SNNRT_PARTS_H

#include <stdint.h>

#pragma clang assume_nonnull begin

/* Answers a question about the op at offset `record` of the file: Ops/Op.swift. */
typedef uint32_t snnrt_loader(uint32_t question, const void *file, uint32_t record, void *answer);
/* Runs a step of a program once. */
typedef void snnrt_tick(const void *step, const void *workspace, void *counters, uint32_t is_full);

/* Adds rows of weights; its arguments are those of snnrt_column_loop. What else stands in its table is called by its own type. */
typedef void snnrt_adder(const void *events, int32_t column, int32_t *sums, uint32_t blocks);

/* Places in snnrt_adders: those of spikes by encoding, those of values five further on. */
enum { SNNRT_PLACE_OF_VALUES = 5, SNNRT_PLACE_OF_WIDE_SOURCES = 10 };

/* By the format's op kind, and by Loop. Null: not in this program. Hidden where archives are not optimised as one (Makefile), so
 * that position-independent code takes their addresses without a global offset table, which a firmware's linker script need not
 * place; what is optimised as one needs none. */
#ifdef SNNRT_APART
#pragma GCC visibility push(hidden)
#endif
extern snnrt_loader *_Nullable const snnrt_loaders[16];
extern snnrt_tick *_Nullable const snnrt_ticks[32];
extern snnrt_adder *_Nullable const snnrt_adders[12];
#ifdef SNNRT_APART
#pragma GCC visibility pop
#endif

static inline snnrt_loader *_Nullable snnrt_loader_at(uint32_t kind) { return kind < 16 ? snnrt_loaders[kind] : 0; }

static inline snnrt_tick *_Nullable snnrt_tick_at(uint32_t loop) { return snnrt_ticks[loop]; }

static inline snnrt_adder *_Nullable snnrt_adder_at(uint32_t place) { return snnrt_adders[place]; }

/* Of a step whose tick opening has found. */
static inline void snnrt_run_tick(uint32_t loop, const void *step, const void *workspace, void *counters,
                                  uint32_t is_full)
{
    snnrt_ticks[loop](step, workspace, counters, is_full);
}

#pragma clang assume_nonnull end

#endif
