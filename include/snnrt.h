/* snnrt: runs quantized spiking and Legendre-Memory-Unit networks from one flat model file.
 *
 * SPDX-License-Identifier: Apache-2.0
 *
 * In short
 *
 *     snnrt_inspect   how much memory does this model want, what goes in, what comes out?
 *     snnrt_open      lay the network out in memory that you supply
 *     snnrt_push      feed raw sensor samples; says when a result is ready
 *     snnrt_result    the label and every class's score
 *     snnrt_get_usage what it has cost so far, exactly, in bits
 *     snnrt_reset     start anew
 *     snnrt_save      keep the state across a power-down; snnrt_restore continues bit for bit
 *     snnrt_sample    a frame from values in m/s^2, or whatever the channels' units are
 *
 * In ten lines, with the model's bytes at model (4-byte aligned) and memory at arena (8-byte aligned):
 *
 *     snnrt_network *network;
 *     int32_t label;
 *     const char *name;
 *     if (snnrt_open(model, model_bytes, arena, sizeof arena, NULL, &network, NULL) != SNNRT_OK) return 1;
 *     for (;;) {
 *         read_sensor(frame);
 *         if (snnrt_push(network, frame, 1, NULL) != SNNRT_RESULT) continue;
 *         snnrt_result(network, &label, NULL, 0);
 *         snnrt_class_name(network, (uint32_t)label, &name);
 *         puts(name);
 *     }
 *
 * There is no close: all memory is yours. The library allocates nothing, keeps no global state and
 * does no input or output. It computes in integers, so that the same samples give the same bits on
 * every machine; only the helpers under "From sensor values to samples" use floating point.
 * Everything that can go wrong goes wrong in snnrt_open; a tick cannot fail.
 *
 * Memory. The model's bytes are read where they lie (flash, mmap) and must stay there, unchanged,
 * while a network uses them; they start at a multiple of 4. The arena holds one network; it starts
 * at a multiple of 8 and must not move. Any number of networks may share one model.
 *
 * Threads. Functions touch only what their arguments point to. One network belongs to one thread
 * at a time; different networks are independent.
 *
 * Returns. Every function returns SNNRT_OK or another non-negative value on success, and one of
 * the negative SNNRT_ERR_ values when it refuses; it has then changed nothing but what the
 * function's comment says. snnrt_status_text explains a value.
 *
 * Structs begin with their own size: set struct_size to sizeof the struct before every call;
 * another size is refused with SNNRT_ERR_BAD_ARGUMENT, and so is a reserved field of snnrt_options
 * that is not 0.
 *
 * docs/format.md defines the model file, the arithmetic, the counters and every refusal;
 * docs/glossary.md explains the words.
 */
#ifndef SNNRT_H
#define SNNRT_H

/* This library's version. Makefile, command and pkg-config file take it from here. */
#define SNNRT_VERSION_MAJOR 0
#define SNNRT_VERSION_MINOR 1
#define SNNRT_VERSION_PATCH 0
/* Model files of format 1.6 are read. */
#define SNNRT_FORMAT_MINOR 6
/* The version of the accounting that usage and saved states follow (docs/format.md, Accounting). */
#define SNNRT_ACCOUNTING_VERSION 1

#include <stddef.h>
#include <stdint.h>

/* ---- Cores ----------------------------------------------------------------------------------
 *
 * An archive is for one core, and code of a larger one faults on a smaller. Linkers do not tell
 * such cores apart; so for Cortex-M and RISC-V the functions that take no network end in the core's
 * name in object code, and a program with another core's archive does not link ("undefined reference to
 * snnrt_open_for_cortex_m0"). The core is what the compiler's options say:
 *
 *     cortex_m0   Cortex-M0, M0+, M1, M23
 *     cortex_m3   Cortex-M3, and M33 without DSP
 *     cortex_m4   Cortex-M4, M7, M33, M35P, M55, M85; either floating-point calling convention
 *     rv32imc     RV32IMC and more, ilp32      rv32imfc    RV32IMFC and more, ilp32f
 *     rv64imc     RV64IMC and more, lp64       rv64gc      RV64GC, lp64d
 *
 * A Cortex-M runs the code of the smaller ones too: define SNNRT_CORE, for example -DSNNRT_CORE=cortex_m0, to
 * link that archive on purpose. */
#if !defined(SNNRT_CORE) && !defined(SNNRT_BUILDING)
#if defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#if defined(__ARM_FEATURE_DSP)
#define SNNRT_CORE cortex_m4
#elif defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2
#define SNNRT_CORE cortex_m3
#else
#define SNNRT_CORE cortex_m0
#endif
#elif defined(__riscv)
#if !defined(__riscv_mul) || !defined(__riscv_compressed) || defined(__riscv_32e)
#define SNNRT_CORE a_core_without_archive
#elif __riscv_xlen == 32 && defined(__riscv_float_abi_soft)
#define SNNRT_CORE rv32imc
#elif __riscv_xlen == 32 && defined(__riscv_float_abi_single)
#define SNNRT_CORE rv32imfc
#elif __riscv_xlen == 64 && defined(__riscv_float_abi_soft)
#define SNNRT_CORE rv64imc
#elif __riscv_xlen == 64 && defined(__riscv_float_abi_double)
#define SNNRT_CORE rv64gc
#else
#define SNNRT_CORE a_core_without_archive
#endif
#endif
#endif

#ifdef SNNRT_CORE
#define SNNRT_JOINED(name, core) snnrt_##name##core
#define SNNRT_FOR(name, core) SNNRT_JOINED(name##_for_, core)
#define snnrt_status_text SNNRT_FOR(status_text, SNNRT_CORE)
#define snnrt_inspect SNNRT_FOR(inspect, SNNRT_CORE)
#define snnrt_open SNNRT_FOR(open, SNNRT_CORE)
#define snnrt_selftest SNNRT_FOR(selftest, SNNRT_CORE)
#define snnrt_sample SNNRT_FOR(sample, SNNRT_CORE)
#define snnrt_resample_row SNNRT_FOR(resample_row, SNNRT_CORE)
#define snnrt_resample_frame SNNRT_FOR(resample_frame, SNNRT_CORE)
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Statuses ---------------------------------------------------------------------------- */

#define SNNRT_OK 0
/* snnrt_push: a result is ready. */
#define SNNRT_RESULT 1

/* A null pointer, an unknown struct size or flag, a reserved field that is not 0: fix the call. */
#define SNNRT_ERR_BAD_ARGUMENT (-1)
/* Model not at a multiple of 4, or arena not at a multiple of 8. */
#define SNNRT_ERR_MISALIGNED (-2)
/* These bytes are no snnrt model. */
#define SNNRT_ERR_NOT_A_MODEL (-3)
/* The file's format is newer than this library: update the library. */
#define SNNRT_ERR_NEWER_VERSION (-4)
/* The file asks for an arithmetic that this library does not have: update the library. */
#define SNNRT_ERR_UNSUPPORTED_ARITHMETIC (-5)
/* The buffer ends before the file does: read all of it. */
#define SNNRT_ERR_TRUNCATED (-6)
/* The checksum is wrong: fetch the file again. */
#define SNNRT_ERR_DAMAGED (-7)
/* A section, record, array or reference is out of place: the file's writer is at fault. */
#define SNNRT_ERR_MALFORMED (-8)
/* The file uses something that this library does not know, or is of a format before the first
 * release: update the library, or compile the network again. */
#define SNNRT_ERR_UNSUPPORTED (-9)
/* Ops and slots do not fit each other: the file's writer is at fault. */
#define SNNRT_ERR_BAD_WIRING (-10)
/* A number is outside its range, or fields do not go together: the file's writer is at fault. */
#define SNNRT_ERR_BAD_VALUE (-11)
/* It cannot be proved that no sum overflows: quantize with smaller weights or fraction bits. */
#define SNNRT_ERR_MAY_OVERFLOW (-12)
/* The arena is smaller than snnrt_info.arena_bytes; or a model would need 4 GiB or more of it. */
#define SNNRT_ERR_ARENA_TOO_SMALL (-13)
/* The model exceeds a limit in snnrt_options. */
#define SNNRT_ERR_OVER_BUDGET (-14)
/* The pointer is not an open network, as far as its first bytes tell. */
#define SNNRT_ERR_NOT_A_NETWORK (-15)
/* No result has been issued since the network was opened, reset or restored. */
#define SNNRT_ERR_NO_RESULT (-16)
/* These bytes are no saved state, or one of a newer layout. */
#define SNNRT_ERR_NOT_A_STATE (-17)
/* The saved state belongs to another model, or was saved under another mode or
 * version of accounting. */
#define SNNRT_ERR_OTHER_MODEL (-18)
/* The saved state is cut off, damaged or out of range: save it again. */
#define SNNRT_ERR_BAD_STATE (-19)
/* The model carries no self-test, or one that ends before its first result. */
#define SNNRT_ERR_NO_SELFTEST (-20)
/* The self-test's results differ from those the model states: this build or machine does not
 * compute as the model's writer did. */
#define SNNRT_ERR_SELFTEST_FAILED (-21)

/* A sentence about a status; never null, never to be freed. */
const char *snnrt_status_text(int32_t status);

/* ---- Inspect and open -------------------------------------------------------------------- */

/* A network; it lies at the start of its arena. */
typedef struct snnrt_network snnrt_network;

/* Count events only; everything that derives from them is exact. */
#define SNNRT_ACCOUNTING_BASIC 0
/* Count effective operations and membrane updates too; slower, and a larger arena. */
#define SNNRT_ACCOUNTING_FULL 1

/* How to open. All zero but struct_size is the default; a null pointer means the same. */
typedef struct snnrt_options {
    uint32_t struct_size;
    uint32_t accounting;           /* SNNRT_ACCOUNTING_... */
    uint64_t max_arena_bytes;      /* refuse a model that needs a larger arena; 0: no limit */
    uint64_t max_model_bytes;      /* refuse a longer file; 0: no limit */
    uint64_t max_s_ace_per_result; /* refuse a greater static bit budget; 0: no limit */
    uint64_t reserved;             /* 0 */
} snnrt_options;

/* What a model is and needs. */
typedef struct snnrt_info {
    uint32_t struct_size;
    uint32_t arena_bytes;     /* exactly what snnrt_open needs, under the given options */
    uint32_t arena_alignment; /* 8 */
    uint32_t model_bytes;     /* length of the file as its header states it */
    uint32_t model_checksum;  /* identifies the model */
    uint32_t state_bytes;     /* what snnrt_state gives */
    uint32_t channel_count;   /* samples per frame */
    uint32_t class_count;     /* scores per result */
    uint32_t op_count;
    uint32_t slot_count;
    uint32_t rate_numerator; /* frames per second = numerator / denominator; a frame is a tick */
    uint32_t rate_denominator;
    uint32_t window_ticks;     /* a result is about so many ticks */
    uint32_t hop_ticks;        /* and comes after every so many, window_ticks at most */
    uint64_t s_ace_per_result; /* static bit budget: sum of synapses * b_w * b_s * hop_ticks */
    uint64_t footprint_bits;   /* parameters, weights and state */
} snnrt_info;

/* Checks a model and says what it needs. Uses no arena.
 *
 * model, model_bytes: the file; bytes beyond its own length are not looked at.
 * options: may be null. Its limits apply: an over-budget model is SNNRT_ERR_OVER_BUDGET, with
 *     *info filled all the same.
 * refused_at: may be null; on a refusal of the file the offset of the byte at fault, else 0. */
int32_t snnrt_inspect(const void *model, size_t model_bytes, const snnrt_options *options, snnrt_info *info,
                      uint32_t *refused_at);

/* Checks a model completely and lays a fresh network out in the arena. Does not run the model's
 * self-test: snnrt_selftest does.
 *
 * arena, arena_bytes: at least snnrt_info.arena_bytes; the bytes beyond are not touched. What it
 *     held before does not matter. After a refusal its content is undefined.
 * network: receives the network; null after a refusal. */
int32_t snnrt_open(const void *model, size_t model_bytes, void *arena, size_t arena_bytes, const snnrt_options *options,
                   snnrt_network **network, uint32_t *refused_at);

/* A channel of the input. The strings lie in the model. */
typedef struct snnrt_channel {
    uint32_t struct_size;
    uint32_t scale_numerator; /* one count of a sample is numerator / denominator units */
    uint32_t scale_denominator;
    uint32_t reserved;
    const char *name; /* e.g. "accel_x" */
    const char *unit; /* e.g. "m/s^2" */
} snnrt_channel;

/* channel: 0 ... channel_count - 1. */
int32_t snnrt_channel_info(const snnrt_network *network, uint32_t channel, snnrt_channel *info);

/* Name of a class, 0 ... class_count - 1; the string lies in the model. */
int32_t snnrt_class_name(const snnrt_network *network, uint32_t class_index, const char **name);

/* ---- Run --------------------------------------------------------------------------------- */

/* Runs one tick per frame until the frames are used up or a result is issued.
 *
 * samples: frame_count * channel_count raw samples, frame after frame, in the model's counts
 *     (snnrt_channel says how many units a count is). Any values are fine.
 * taken: how many frames were used (0 after a refusal); call again with the rest. May be null only
 *     if frame_count is at most 1.
 * Returns SNNRT_RESULT if the last frame taken issued a result, else SNNRT_OK. A result that is
 * not fetched is replaced by the next one. */
int32_t snnrt_push(snnrt_network *network, const int16_t *samples, size_t frame_count, size_t *taken);

/* The latest result.
 *
 * label: index of the greatest score, the lowest index among equals. May be null.
 * scores: receives class_count scores. May be null if score_capacity is 0; a capacity below
 *     class_count is refused otherwise. */
int32_t snnrt_result(const snnrt_network *network, int32_t *label, int32_t *scores, size_t score_capacity);

/* Membranes, slots, running scores, evidence and the hop position return to their initial values,
 * and there is no result. Use it at a gap in the data. */
#define SNNRT_RESET_STATE 1
/* All counters and the output checksum return to 0. */
#define SNNRT_RESET_USAGE 2

/* what: SNNRT_RESET_STATE, SNNRT_RESET_USAGE, or both; both give a network like a fresh one. */
int32_t snnrt_reset(snnrt_network *network, uint32_t what);

/* ---- From sensor values to samples ---------------------------------------------------------
 *
 * docs/format.md, From sensor values to samples, in double precision: the arithmetic of snnrt infer.
 * The same readings give the same samples on the desk and on the wrist. These functions are an object
 * of their own in the
 * archive: a program that does not call them links no floating-point code. Doubles are passed by
 * address, so that one archive serves every floating-point calling convention. */

/* snnrt_resample_frame: a frame was written. */
#define SNNRT_FRAME 1
/* snnrt_resample_row: the row came too late to go on, and begins anew. */
#define SNNRT_GAP 2

/* A frame from channel_count values in the channels' units, each rounded to the nearest count, ties to
 * even, and clamped to int16. NaN and infinities are refused with SNNRT_ERR_BAD_ARGUMENT; frame is
 * then undefined. */
int32_t snnrt_sample(const snnrt_channel *channels, uint32_t channel_count, const double *values, int16_t *frame);

/* Makes frames at a model's rate from the timed rows of a sensor that has its own. Fill in the
 * first part, set the rest to 0, and for every row call snnrt_resample_row, then
 * snnrt_resample_frame until it returns SNNRT_OK. */
typedef struct snnrt_resampler {
    uint32_t struct_size;
    uint32_t channel_count;
    uint32_t rate_numerator; /* from snnrt_info */
    uint32_t rate_denominator;
    const snnrt_channel *channels; /* channel_count, from snnrt_channel_info; yours, kept in use */
    double *values;                /* memory for 2 * channel_count; yours, kept in use */
    double interval;               /* seconds from row to row (their median), which decides whether to
                                       resample: within 10 % of the model's period rows are taken as
                                       frames as they stand, else frames are interpolated by the
                                       rows' times; 0: interpolate in any case */
    uint32_t row_count;            /* from here on: 0 at first, then not yours to change */
    uint32_t reserved;
    uint64_t tick;
    double start;
    double before;
    double after;
} snnrt_resampler;

/* Takes a row of 1 + channel_count numbers: its time in seconds, later than that of the row before
 * it, and a value per channel in the channel's unit, all finite (else SNNRT_ERR_BAD_ARGUMENT). Refused
 * likewise while frames of earlier rows wait to be fetched. A refused row has changed nothing.
 *
 * Returns SNNRT_GAP if the row comes more than 0.25 s and 4 ticks after the one before it: reset the
 * network's state before pushing what follows. Else SNNRT_OK. */
int32_t snnrt_resample_row(snnrt_resampler *resampler, const double *row);

/* Writes the next frame, channel_count samples to be pushed, and returns SNNRT_FRAME; SNNRT_OK if
 * it takes another row to know it. */
int32_t snnrt_resample_frame(snnrt_resampler *resampler, int16_t *frame);

/* ---- Keep -------------------------------------------------------------------------------- */

/* Writes the network's state, counters included, with what it belongs to (docs/format.md, A saved state).
 *
 * buffer, capacity: where to; any alignment. With a null buffer and capacity 0 nothing is written.
 * byte_count: receives the number of bytes that saving takes; may be null if buffer is not. A
 *     capacity below that is refused with SNNRT_ERR_BAD_ARGUMENT, byte_count still set. */
int32_t snnrt_save(const snnrt_network *network, void *buffer, size_t capacity, size_t *byte_count);

/* Continues from a saved state, bit for bit, in a network of the same model and the same accounting,
 * mode and version, here or on another machine. There is no result until the next one is issued.
 *
 * saved, byte_count: untrusted bytes of any alignment; those beyond the state are not looked at.
 * refused_at: may be null; the offset in saved of the byte at fault, else 0. After a refusal the
 *     network is as it was. */
int32_t snnrt_restore(snnrt_network *network, const void *saved, size_t byte_count, uint32_t *refused_at);

/* Copies a network into another arena of at least the same size, its latest result included.
 * clone: receives the copy; null after a refusal. */
int32_t snnrt_clone(const snnrt_network *network, void *arena, size_t arena_bytes, snnrt_network **clone);

/* Runs the input that a model carries on a fresh network and compares the checksum of its results
 * with the one the model states. A failure says that this build on this machine does not give the
 * bits it must. Opening does not do this; call it once after flashing, or when in doubt.
 *
 * arena, arena_bytes: as for snnrt_open with default options; its content is undefined afterwards. */
int32_t snnrt_selftest(const void *model, size_t model_bytes, void *arena, size_t arena_bytes, uint32_t *refused_at);

/* ---- Account ----------------------------------------------------------------------------- */

/* In place of an op's index: the sum over all ops. */
#define SNNRT_TOTAL 0xFFFFFFFFu

/* What an op costs by its file alone (docs/format.md, Accounting). A total has 0 where no sum makes
 * sense. */
typedef struct snnrt_cost {
    uint32_t struct_size;
    uint32_t weight_bits; /* b_w */
    uint32_t source_bits; /* b_s */
    uint32_t operations_per_event;
    uint32_t ticks_per_result; /* T */
    uint32_t reserved;
    uint64_t bit_budget;       /* BB = T * b_w * b_s */
    uint64_t synapses;         /* n; also the dense operations of a tick */
    uint64_t s_ace_per_result; /* n * b_w * b_s * T; 2^64 - 1 stands for more */
    uint64_t neurons;          /* of lif, activation, loihi and xylo ops */
    uint64_t weights;          /* connection sparsity = zero_weights / weights */
    uint64_t zero_weights;
    uint64_t parameter_bits_per_tick; /* read from the model, weights apart */
    uint64_t state_bits_read_per_tick;
    uint64_t state_bits_written_per_tick;
} snnrt_cost;

/* op: 0 ... op_count - 1, or SNNRT_TOTAL. */
int32_t snnrt_get_cost(const snnrt_network *network, uint32_t op, snnrt_cost *cost);

/* What has been spent since the counters were last reset. */
typedef struct snnrt_usage {
    uint32_t struct_size;
    uint32_t output_checksum; /* CRC-32C of all results so far, in order */
    uint64_t ticks;
    uint64_t results;
    uint64_t events; /* as docs/format.md, Accounting counts them per op; 0 in a total */
    uint64_t spikes; /* outputs that are not 0, of lif, activation, loihi and xylo ops */
    uint64_t synaptic_operations;
    uint64_t ns_ace;        /* sum of b_w * b_s over synaptic operations */
    uint64_t effective_acs; /* this and the next two: full accounting only, else 0 */
    uint64_t effective_macs;
    uint64_t membrane_updates;
    uint64_t dense_operations;
    uint64_t neuron_ticks; /* activation sparsity = 1 - spikes / neuron_ticks */
    uint64_t model_bits_read;
    uint64_t state_bits_read;
    uint64_t state_bits_written;
} snnrt_usage;

/* op: 0 ... op_count - 1, or SNNRT_TOTAL. */
int32_t snnrt_get_usage(const snnrt_network *network, uint32_t op, snnrt_usage *spent);

/* ---- Look inside ------------------------------------------------------------------------- */

/* The values of a slot as the latest tick left them: for debugging, plots and tests.
 *
 * slot: 0 ... slot_count - 1. count: receives the element count; may be null.
 * values: receives that many values; may be null if capacity is 0, else capacity must do. */
int32_t snnrt_slot(const snnrt_network *network, uint32_t slot, int32_t *values, size_t capacity, uint32_t *count);

/* The state block (docs/format.md, The state block): contiguous, without pointers; copying it saves it. The
 * bytes belong to the arena and change with every tick. */
int32_t snnrt_state(const snnrt_network *network, const void **bytes, size_t *byte_count);

#ifdef __cplusplus
}
#endif

#endif /* SNNRT_H */
