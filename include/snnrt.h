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
 *     snnrt_sensor_   frames from the bytes of a sensor's FIFO, in integers
 *     snnrt_slot      spikes and sums of the latest tick; snnrt_state_variable: membranes, currents
 *
 * In ten lines, with the model's bytes at model (4-byte aligned) and memory at arena (8-byte aligned):
 *
 *     snnrt_network *network;
 *     int32_t status, label;
 *     const char *name;
 *     if (snnrt_open(model, model_bytes, arena, sizeof arena, NULL, &network, NULL) != SNNRT_OK) return 1;
 *     for (;;) {
 *         read_sensor(frame);
 *         if ((status = snnrt_push(network, frame, 1, NULL)) < 0) return 1;
 *         if (status != SNNRT_RESULT) continue;
 *         snnrt_result(network, &label, NULL, 0);
 *         snnrt_class_name(network, (uint32_t)label, &name);
 *         puts(name);
 *     }
 *
 * There is no close: all memory is yours. The library allocates nothing, keeps no global state and
 * does no input or output. It computes in integers, so that the same samples give the same bits on
 * every machine; only the helpers under "From sensor values to samples" use floating point.
 * What can be wrong with a model is refused by snnrt_open; a tick cannot fail.
 *
 * Memory. The model's bytes are read where they lie (flash, mmap) and must stay there, unchanged,
 * while a network uses them; they start at a multiple of 4. The arena holds one network; it starts
 * at a multiple of 8 and must not move. Any number of networks may share one model. An image
 * (snnrt_attach) is read where it lies too, at a multiple of 8, and must stay as the model must.
 *
 * A model that changes under a network. Ticks trust what snnrt_open or snnrt_attach has checked. Where
 * the memory of the model, or of the image, is erased or written, as by an update over the air, a push
 * may fault, or read anywhere and return SNNRT_OK or SNNRT_RESULT with a label that means nothing; names
 * are wild pointers. So stop pushing before the first byte changes, and open the new model afterwards;
 * snnrt_model_intact tells, after a reset or a failed update, whether a network that was kept may go on.
 *
 * Alignment. Samples, as int16_t elsewhere, lie at even addresses: at an odd one, which a Cortex-M0
 * cannot load from, snnrt_push refuses with SNNRT_ERR_MISALIGNED. snnrt_push_bytes and
 * snnrt_sensor_burst take bytes at any address. On a Cortex-M3, M4 or M7, whose archive loads words at
 * any address, CCR.UNALIGN_TRP must stay 0, as it is after a reset.
 *
 * Stack. On a Cortex-M4 snnrt_open takes at most 1,236 bytes and snnrt_push 608, by the calls of
 * the archive, without the firmware's interrupts; docs/testing.md says how that is known. On a
 * Cortex-M0 an open of the watch model was seen to take 1,468 and a push 652: leave a third more
 * there. snnrt_restore takes 804 and snnrt_attach 96 on a Cortex-M4.
 *
 * Threads and interrupts. Functions touch only what their arguments point to. One network belongs to
 * one thread at a time, and an interrupt or a signal handler that calls a function counts as a thread;
 * different networks are independent. The one exception is snnrt_result, which may be called while
 * another thread or an interrupt pushes, resets or restores: it never gives parts of two results.
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
/* The same as one number that grows, as snnrt_version gives it. */
#define SNNRT_VERSION (SNNRT_VERSION_MAJOR << 16 | SNNRT_VERSION_MINOR << 8 | SNNRT_VERSION_PATCH)
/* Model files of format 1.6 and 1.7 are read. */
#define SNNRT_FORMAT_MINOR 7
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

/* A core does not run the code of a larger one. */
#if defined(SNNRT_CORE) && defined(__ARM_ARCH_PROFILE) && __ARM_ARCH_PROFILE == 'M'
#define SNNRT_RANK_cortex_m0 1
#define SNNRT_RANK_cortex_m3 2
#define SNNRT_RANK_cortex_m4 3
#define SNNRT_RANK_OF(core) SNNRT_RANK_##core
#define SNNRT_RANK(core) SNNRT_RANK_OF(core)
#if SNNRT_RANK(SNNRT_CORE) != 1 && SNNRT_RANK(SNNRT_CORE) != 2 && SNNRT_RANK(SNNRT_CORE) != 3
#error "SNNRT_CORE is cortex_m0, cortex_m3 or cortex_m4, written with an underscore"
#elif SNNRT_RANK(SNNRT_CORE) == 3 && !defined(__ARM_FEATURE_DSP)
#error "SNNRT_CORE is cortex_m4, but this core has no DSP instructions and would fault"
#elif SNNRT_RANK(SNNRT_CORE) == 2 && !(defined(__ARM_ARCH_ISA_THUMB) && __ARM_ARCH_ISA_THUMB == 2)
#error "SNNRT_CORE is cortex_m3, but this core is smaller and would fault"
#endif
#endif

#ifdef SNNRT_CORE
#define SNNRT_JOINED(name, core) snnrt_##name##core
#define SNNRT_FOR(name, core) SNNRT_JOINED(name##_for_, core)
#define snnrt_status_text SNNRT_FOR(status_text, SNNRT_CORE)
#define snnrt_version SNNRT_FOR(version, SNNRT_CORE)
#define snnrt_inspect SNNRT_FOR(inspect, SNNRT_CORE)
#define snnrt_open SNNRT_FOR(open, SNNRT_CORE)
#define snnrt_attach SNNRT_FOR(attach, SNNRT_CORE)
#define snnrt_selftest SNNRT_FOR(selftest, SNNRT_CORE)
#define snnrt_sample SNNRT_FOR(sample, SNNRT_CORE)
#define snnrt_resample_row SNNRT_FOR(resample_row, SNNRT_CORE)
#define snnrt_resample_frame SNNRT_FOR(resample_frame, SNNRT_CORE)
#define snnrt_sensor_begin SNNRT_FOR(sensor_begin, SNNRT_CORE)
#define snnrt_sensor_burst SNNRT_FOR(sensor_burst, SNNRT_CORE)
#define snnrt_sensor_frame SNNRT_FOR(sensor_frame, SNNRT_CORE)
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
/* Model not at a multiple of 4, arena or image not at a multiple of 8, or samples at an odd address. */
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
/* The saved state belongs to another model, or was saved under another mode or version of
 * accounting; the image, or the memory of an opened model, is that of another model. */
#define SNNRT_ERR_OTHER_MODEL (-18)
/* The saved state is cut off, damaged or out of range: save it again. */
#define SNNRT_ERR_BAD_STATE (-19)
/* The model carries no self-test, or one that ends before its first result. */
#define SNNRT_ERR_NO_SELFTEST (-20)
/* The self-test's results differ from those the model states: this build or machine does not
 * compute as the model's writer did. */
#define SNNRT_ERR_SELFTEST_FAILED (-21)
/* snnrt_result: the result is being replaced; call again later. */
#define SNNRT_ERR_BUSY (-22)
/* These bytes are no image of an opened model, are damaged, or of another version of the library: export the
 * model again. */
#define SNNRT_ERR_BAD_IMAGE (-23)

/* A sentence about a status; never null, never to be freed. */
const char *snnrt_status_text(int32_t status);

/* The version of the library that is linked; another number than SNNRT_VERSION says that it is not
 * this header's. */
uint32_t snnrt_version(void);

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
    /* Refuse a model that may take more operations in a tick, or to be opened (snnrt_info has them). 0: 2^24 and 2^25, and 64 for
     * each byte of the file, which no network for a microcontroller comes near; UINT64_MAX: no limit. */
    uint64_t max_operations_per_tick;
    uint64_t max_operations_to_open;
    uint64_t reserved; /* 0 */
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
    /* Steps of all loops of a tick at worst: every source value an event, every neuron fires, a result is due; and of the
     * checks of opening (docs/format.md, Operations at worst). A step is some 1 to 30 instructions: `snnrt budget --core`. */
    uint64_t operations_per_tick;
    uint64_t operations_to_open;
} snnrt_info;

/* Checks a model and says what it needs. Uses no arena.
 *
 * model, model_bytes: the file; bytes beyond its own length are not looked at.
 * options: may be null. Its limits apply: an over-budget model is SNNRT_ERR_OVER_BUDGET, with
 *     *info filled all the same, unless it is the operations to open that exceed theirs.
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

/* Lays a fresh network out as an image says, which `snnrt export --opened` has made of the model: the desk has opened it, and the
 * program links neither the parser nor the checks, and needs their stack no more, unless it calls snnrt_restore,
 * snnrt_get_cost or snnrt_get_usage, which ask the loaders of ops. Results are the same bits. An image is
 * trusted as the program's own code is: a model that arrives over the air is to be opened by snnrt_open.
 *
 * image, image_bytes: const memory, 8-byte aligned, which stays where it is, as the model's does.
 * arena_bytes: at least what the exported header says; less than for snnrt_open, since the program of ops stays in the image.
 * network: receives the network; null after a refusal.
 * Refuses with SNNRT_ERR_BAD_IMAGE what is no image, is damaged or of another version of the library; with
 * SNNRT_ERR_OTHER_MODEL an image of another model; with SNNRT_ERR_DAMAGED a model whose bytes have changed; with
 * SNNRT_ERR_UNSUPPORTED an op whose tick the program does not link. */
int32_t snnrt_attach(const void *image, size_t image_bytes, const void *model, size_t model_bytes, void *arena,
                     size_t arena_bytes, snnrt_network **network, uint32_t *refused_at);

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

/* What the model says of itself: name, source, licence, notices (docs/format.md, Metadata). For people,
 * but for some keys that are defined there; nothing of it has been checked. `scores.scale`, of a network
 * that gives numbers: what one count of a score is worth, in the unit `scores.unit`.
 *
 * key: null for all of it, lines of UTF-8 `key: value`; else the key, ended by NUL, whose value is
 *     wanted: that of the last line that has it.
 * text, byte_count: receive where it lies in the model, and its length. No NUL ends it. Without such a
 *     line byte_count is 0, and text null; without any metadata byte_count is 0. */
int32_t snnrt_metadata(const snnrt_network *network, const char *key, const char **text, size_t *byte_count);

/* The beginning of the model: the magic, the length and the checksum that the file states. Constant
 * time; tells erased flash and another model, not a byte that has changed. */
#define SNNRT_INTACT_QUICK 0
/* The checksum of all bytes as well, in time in proportion to them: 10 instructions a byte on a
 * Cortex-M4, 15 on a Cortex-M0+. */
#define SNNRT_INTACT_COMPLETE 1

/* Says whether the model's memory still holds the model that was opened.
 *
 * how: SNNRT_INTACT_...
 * Returns SNNRT_OK; SNNRT_ERR_NOT_A_MODEL where no model is, SNNRT_ERR_OTHER_MODEL where another one is or
 * has begun, SNNRT_ERR_DAMAGED where bytes differ, SNNRT_ERR_BAD_IMAGE where the image of an attached network
 * is not what it was. The network is not to be used then, but may be
 * opened anew. */
int32_t snnrt_model_intact(const snnrt_network *network, uint32_t how);

/* ---- What is linked ----------------------------------------------------------------------
 *
 * A program links all ops, unless it has tables of its own of those that its models need: then the linker (--gc-sections)
 * drops the others, and a model that needs one of them is refused with SNNRT_ERR_UNSUPPORTED, at the op's offset. `snnrt
 * export` writes the tables of models; SNNRT_OPS_HAR, a line of its own in one C file of the program, are those of networks
 * for motion: dense and block weights of 2, 4 and 8 bits, leaky neurons of 16 bits with a reset in the next tick, memories, clipped
 * activations. */

/* Reads ops of a kind from a file: opening needs it. */
typedef uint32_t(snnrt_loader)(uint32_t question, const void *file, uint32_t record, void *answer);
/* Runs ops: pushing needs it. */
typedef void(snnrt_tick)(const void *step, const void *workspace, void *counters, uint32_t is_full);

extern snnrt_loader snnrt_load_input, snnrt_load_projection, snnrt_load_lif, snnrt_load_memory, snnrt_load_readout,
    snnrt_load_sparse, snnrt_load_delay, snnrt_load_convolution, snnrt_load_pool, snnrt_load_activation,
    snnrt_load_loihi, snnrt_load_xylo, snnrt_load_recurrence;
extern snnrt_tick snnrt_tick_input, snnrt_tick_projection, snnrt_tick_saturate, snnrt_tick_reset_later,
    snnrt_tick_reset_later_wide, snnrt_tick_reset_now, snnrt_tick_integrate, snnrt_tick_memory, snnrt_tick_memory16,
    snnrt_tick_readout, snnrt_tick_sparse, snnrt_tick_delay, snnrt_tick_convolution, snnrt_tick_pool, snnrt_tick_clip,
    snnrt_tick_table, snnrt_tick_loihi, snnrt_tick_xylo, snnrt_tick_recurrence, snnrt_tick_count_input,
    snnrt_tick_count_projection, snnrt_tick_count_memory, snnrt_tick_count_sparse;

/* Places in the tables; a place left out is an op left out. Those of loaders are the op kinds of docs/format.md. */
enum {
    SNNRT_LOAD_INPUT = 1,
    SNNRT_LOAD_DENSE,
    SNNRT_LOAD_BLOCK,
    SNNRT_LOAD_LIF,
    SNNRT_LOAD_MEMORY,
    SNNRT_LOAD_READOUT,
    SNNRT_LOAD_SPARSE,
    SNNRT_LOAD_DELAY,
    SNNRT_LOAD_CONVOLUTION,
    SNNRT_LOAD_POOL,
    SNNRT_LOAD_ACTIVATION,
    SNNRT_LOAD_LOIHI,
    SNNRT_LOAD_XYLO,
    SNNRT_LOAD_RECURRENCE,
    SNNRT_LOADER_COUNT = 16
};
enum {
    SNNRT_TICK_INPUT = 0,
    SNNRT_TICK_PROJECTION,
    SNNRT_TICK_SATURATE,
    SNNRT_TICK_RESET_LATER,
    SNNRT_TICK_RESET_LATER_WIDE,
    SNNRT_TICK_RESET_NOW,
    SNNRT_TICK_INTEGRATE,
    SNNRT_TICK_MEMORY,
    SNNRT_TICK_MEMORY16, /* matrices and states of 16 bits */
    SNNRT_TICK_READOUT,
    SNNRT_TICK_SPARSE,
    SNNRT_TICK_DELAY,
    SNNRT_TICK_CONVOLUTION,
    SNNRT_TICK_POOL,
    SNNRT_TICK_CLIP,
    SNNRT_TICK_TABLE,
    SNNRT_TICK_LOIHI,
    SNNRT_TICK_XYLO,
    SNNRT_TICK_RECURRENCE,
    SNNRT_TICK_COUNT_INPUT, /* full accounting, and the next three */
    SNNRT_TICK_COUNT_PROJECTION,
    SNNRT_TICK_COUNT_MEMORY,
    SNNRT_TICK_COUNT_SPARSE,
    SNNRT_TICK_COUNT = 32
};
extern snnrt_loader *const snnrt_loaders[SNNRT_LOADER_COUNT];
extern snnrt_tick *const snnrt_ticks[SNNRT_TICK_COUNT];

/* On processors of 32 bits each encoding's rows of weights are added by a function for spikes and one for values, and sources of 32
 * bits are listed by one more; elsewhere they are part of every program, and SNNRT_ADDER is null. */
typedef void(snnrt_adder)(const void *events, int32_t column, int32_t *sums, uint32_t blocks);
#if UINTPTR_MAX == 0xffffffffu
extern snnrt_adder snnrt_adder_spikes_binary, snnrt_adder_spikes_ternary, snnrt_adder_spikes_int4,
    snnrt_adder_spikes_int8, snnrt_adder_spikes_int16, snnrt_adder_values_binary, snnrt_adder_values_ternary,
    snnrt_adder_values_int4, snnrt_adder_values_int8, snnrt_adder_values_int16, snnrt_adder_wide_sources;
#define SNNRT_ADDER(name) snnrt_adder_##name
#else
#define SNNRT_ADDER(name) 0
#endif
enum {
    SNNRT_ADDER_SPIKES_BINARY = 0,
    SNNRT_ADDER_SPIKES_TERNARY,
    SNNRT_ADDER_SPIKES_INT4,
    SNNRT_ADDER_SPIKES_INT8,
    SNNRT_ADDER_SPIKES_INT16,
    SNNRT_ADDER_VALUES_BINARY,
    SNNRT_ADDER_VALUES_TERNARY,
    SNNRT_ADDER_VALUES_INT4,
    SNNRT_ADDER_VALUES_INT8,
    SNNRT_ADDER_VALUES_INT16,
    SNNRT_ADDER_WIDE_SOURCES,
    SNNRT_ADDER_COUNT = 12
};
extern snnrt_adder *const snnrt_adders[SNNRT_ADDER_COUNT];

/* Begin the definitions of the three tables, in C: SNNRT_LOADERS = {[SNNRT_LOAD_LIF] = snnrt_load_lif, ...}; A section each, so
 * that a program which only attaches drops the loaders. */
#define SNNRT_LOADERS \
    __attribute__((section(".rodata.snnrt_loaders"))) snnrt_loader *const snnrt_loaders[SNNRT_LOADER_COUNT]
#define SNNRT_TICKS __attribute__((section(".rodata.snnrt_ticks"))) snnrt_tick *const snnrt_ticks[SNNRT_TICK_COUNT]

#define SNNRT_ADDERS __attribute__((section(".rodata.snnrt_adders"))) snnrt_adder *const snnrt_adders[SNNRT_ADDER_COUNT]

#define SNNRT_OPS_HAR                                                                                            \
    SNNRT_LOADERS = {[SNNRT_LOAD_INPUT] = snnrt_load_input,          [SNNRT_LOAD_DENSE] = snnrt_load_projection, \
                     [SNNRT_LOAD_BLOCK] = snnrt_load_projection,     [SNNRT_LOAD_LIF] = snnrt_load_lif,          \
                     [SNNRT_LOAD_MEMORY] = snnrt_load_memory,        [SNNRT_LOAD_READOUT] = snnrt_load_readout,  \
                     [SNNRT_LOAD_ACTIVATION] = snnrt_load_activation};                                           \
    SNNRT_TICKS = {[SNNRT_TICK_INPUT] = snnrt_tick_input,                                                        \
                   [SNNRT_TICK_PROJECTION] = snnrt_tick_projection,                                              \
                   [SNNRT_TICK_RESET_LATER] = snnrt_tick_reset_later,                                            \
                   [SNNRT_TICK_INTEGRATE] = snnrt_tick_integrate,                                                \
                   [SNNRT_TICK_MEMORY16] = snnrt_tick_memory16,                                                  \
                   [SNNRT_TICK_READOUT] = snnrt_tick_readout,                                                    \
                   [SNNRT_TICK_CLIP] = snnrt_tick_clip};                                                         \
    SNNRT_ADDERS = {[SNNRT_ADDER_SPIKES_TERNARY] = SNNRT_ADDER(spikes_ternary),                                  \
                    [SNNRT_ADDER_SPIKES_INT4] = SNNRT_ADDER(spikes_int4),                                        \
                    [SNNRT_ADDER_SPIKES_INT8] = SNNRT_ADDER(spikes_int8),                                        \
                    [SNNRT_ADDER_VALUES_TERNARY] = SNNRT_ADDER(values_ternary),                                  \
                    [SNNRT_ADDER_VALUES_INT4] = SNNRT_ADDER(values_int4),                                        \
                    [SNNRT_ADDER_VALUES_INT8] = SNNRT_ADDER(values_int8)}

/* ---- Run --------------------------------------------------------------------------------- */

/* Runs one tick per frame until the frames are used up or a result is issued.
 *
 * samples: frame_count * channel_count raw samples, frame after frame, in the model's counts
 *     (snnrt_channel says how many units a count is). Any values are fine. At an odd address they
 *     are refused with SNNRT_ERR_MISALIGNED.
 * taken: how many frames were used (0 after a refusal); call again with the rest. May be null only
 *     if frame_count is at most 1.
 * Returns SNNRT_RESULT if the last frame taken issued a result, else SNNRT_OK. A result that is
 * not fetched is replaced by the next one. */
int32_t snnrt_push(snnrt_network *network, const int16_t *samples, size_t frame_count, size_t *taken);

/* A byte order: the less significant byte of an int16 first, or the more significant one. */
#define SNNRT_LITTLE_ENDIAN 0
#define SNNRT_BIG_ENDIAN 1

/* The same for samples that are packed into bytes, as sensors and radios deliver them.
 *
 * bytes: frame_count * channel_count int16 of two bytes each, at any address.
 * byte_order: SNNRT_LITTLE_ENDIAN, SNNRT_BIG_ENDIAN. */
int32_t snnrt_push_bytes(snnrt_network *network, const void *bytes, size_t frame_count, uint32_t byte_order,
                         size_t *taken);

/* The latest result: label and scores of one result, also where an interrupt, a signal handler or
 * another thread pushes meanwhile. The copy is made again if a result was issued during it, four
 * times at most. SNNRT_ERR_BUSY says that each was disturbed, or that this call itself interrupts the
 * issuing of a result: call again once the push has returned.
 *
 * label: index of the greatest score, the lowest index among equals. May be null.
 * scores: receives class_count scores. May be null if score_capacity is 0; a capacity below
 *     class_count is refused otherwise. After a refusal the content is undefined. */
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

/* ---- From a sensor's counts to samples -----------------------------------------------------
 *
 * docs/format.md, From a sensor's counts to samples: what the resampler above does, in integers of 32 bits,
 * from the bytes of a sensor's FIFO. The same bytes and times give the same samples on the desk and on
 * the wrist; they are not bit for bit those of the double resampler. An object of its own in the
 * archive, without floating point: a Cortex-M4 program pays 1.0 KB of flash for it (docs/speed.md).
 *
 * Interpolation is no low-pass filter: what the sensor passes on above half the model's rate folds back
 * into the samples. Set the sensor's own filter to half the model's rate or less (10 Hz for a model at
 * 20 Hz) and its output rate to four times that or more (52 or 104 Hz), unless the model's card says
 * that it was made from data without a filter.
 *
 *     if (snnrt_sensor_begin(&sensor, channels) < 0) return 1;
 *     for (;;) {
 *         wait_for_the_watermark_interrupt();     // now: the clock's ticks when it came
 *         read_fifo(bytes);                       // 32 rows of x, y, z, low byte first
 *         status = snnrt_sensor_burst(&sensor, bytes, 32, now - before);
 *         if (status < 0) return 1;
 *         if (status == SNNRT_GAP) snnrt_reset(network, SNNRT_RESET_STATE);
 *         before = now;
 *         while (snnrt_sensor_frame(&sensor, frame) == SNNRT_FRAME)
 *             if (snnrt_push(network, frame, 1, NULL) == SNNRT_RESULT) show_result();
 *     }
 */

/* Where a channel of the model comes from. Fill in the first part. */
typedef struct snnrt_axis {
    uint32_t offset;          /* the byte of a row that its int16 begins at */
    int32_t sign;             /* 1; -1 if the sensor's axis points against the model's */
    uint32_t scale_numerator; /* one count of the sensor is numerator / denominator of the channel's
                                 unit: 0.122 mg, for a channel in m/s^2, is 1196411 / 1000000000 */
    uint32_t scale_denominator;
    uint32_t multiplier; /* from here on what snnrt_sensor_begin makes of it */
    uint32_t shift;
} snnrt_axis;

/* A sensor that delivers rows of counts in bursts. Fill in the first part and set the rest to 0. */
typedef struct snnrt_sensor {
    uint32_t struct_size;
    uint32_t channel_count;
    uint32_t rate_numerator; /* the model's, from snnrt_info, like the two around it */
    uint32_t rate_denominator;
    uint32_t clock_hertz; /* of the clock whose ticks row_ticks and spans are. Times are rounded down to
                             ticks: use one of a hundred ticks a row or more, such as 32768 or 1000000;
                             or, where there is no clock, the sensor's rate * rate_numerator, of which
                             a row takes exactly rate_numerator ticks */
    uint32_t row_ticks;   /* ticks from row to row, as the sensor's data sheet says or as last measured:
                             yours to change between bursts. Within 10 % of the model's period, when
                             snnrt_sensor_begin is called, rows are taken as frames as they stand; else
                             frames are interpolated by the rows' times */
    uint32_t row_bytes;   /* bytes from a row's beginning to the next one's, tags between them included */
    uint32_t byte_order;  /* SNNRT_LITTLE_ENDIAN, SNNRT_BIG_ENDIAN */
    snnrt_axis *axes;     /* channel_count; yours, kept in use */
    uint8_t *last_row;    /* memory for row_bytes; yours, kept in use */
    const uint8_t *row;   /* from here on: 0 at first, then not yours to change */
    uint32_t row_index;
    uint32_t row_count;
    uint32_t has_last_row;
    uint32_t takes_rows;
    uint32_t longest_step;
    uint32_t step;
    uint32_t ahead;
    uint32_t row_period[3];
    uint32_t frame_period[3];
} snnrt_sensor;

/* Makes a sensor ready for its first burst, or for a burst that does not go on from those before.
 * Divides; nothing that follows divides more than once a burst and once a frame.
 *
 * channels: channel_count, from snnrt_channel_info; not used afterwards.
 * Refused with SNNRT_ERR_BAD_ARGUMENT: a field of 0 where it must not be; channel_count or row_bytes
 *     above 65535; row_ticks of 2^28 or more; an int16 beyond row_bytes; a sign that is not 1 or -1;
 *     a sensor's count that is 2^14 of the channel's counts or more, or less than 2^-17 of one, which
 *     is a mistake in units; scale_denominator * the channel's scale_numerator of 2^48 or more; a
 *     clock that is slower than the model's rate, or of which a frame takes 2^28 ticks or more. */
int32_t snnrt_sensor_begin(snnrt_sensor *sensor, const snnrt_channel *channels);

/* Takes a burst of rows, oldest first.
 *
 * rows: row_count rows at any address. They are read in place: they must stay as they are until
 *     snnrt_sensor_frame has returned SNNRT_OK.
 * row_count: 0 ... 65535; row_count * row_ticks below 2^30.
 * span: ticks from the last row of the burst before to the last row of this one, row_count or more. The
 *     rows are spread evenly over it, so that a sensor whose rate drifts, or an interrupt that jitters,
 *     needs no more than the time of each burst. 0 stands for row_count * row_ticks, for where there
 *     is no clock. Of a first burst span is not looked at.
 *
 * Returns SNNRT_GAP if the burst comes too late to go on: if span exceeds row_count * row_ticks by an
 * eighth of that and by 0.25 s or 4 frames, whichever is longer, besides. Time begins anew with its
 * first row: reset the network's state before pushing what follows. Else SNNRT_OK. Rows that were
 * lost in less time stretch the others: where the sensor says that its FIFO ran over, call
 * snnrt_sensor_begin again and reset the network. Refused with SNNRT_ERR_BAD_ARGUMENT while frames of an
 * earlier burst wait to be fetched; nothing has changed then. */
int32_t snnrt_sensor_burst(snnrt_sensor *sensor, const void *rows, size_t row_count, uint32_t span);

/* Writes the next frame, channel_count samples to be pushed, and returns SNNRT_FRAME; SNNRT_OK if it
 * takes another burst to know it. A frame at an odd address is SNNRT_ERR_MISALIGNED. */
int32_t snnrt_sensor_frame(snnrt_sensor *sensor, int16_t *frame);

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
 * Where the program does not link the loader of every op, as one that attaches need not: SNNRT_ERR_UNSUPPORTED.
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
 * arena, arena_bytes: as for snnrt_open with default options, whose limits on operations apply; its
 *     content is undefined afterwards. */
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

/* op: 0 ... op_count - 1, or SNNRT_TOTAL. Where the program does not link the loader of an op that is asked for, as one that
 * attaches need not: SNNRT_ERR_UNSUPPORTED. */
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

/* op: as for snnrt_get_cost, and refused alike. */
int32_t snnrt_get_usage(const snnrt_network *network, uint32_t op, snnrt_usage *spent);

/* ---- Look inside ------------------------------------------------------------------------- */

/* The values of a slot as the latest tick left them: for debugging, plots and tests.
 *
 * slot: 0 ... slot_count - 1. count: receives the element count; may be null.
 * values: receives that many values; may be null if capacity is 0, else capacity must do. */
int32_t snnrt_slot(const snnrt_network *network, uint32_t slot, int32_t *values, size_t capacity, uint32_t *count);

/* An op of the program: what it reads, what it writes, and what it keeps. */
typedef struct snnrt_op {
    uint32_t struct_size;
    uint32_t kind;           /* SNNRT_LOAD_...: docs/format.md, The ops */
    uint32_t source_slot;    /* what it reads; of neurons the sums of their synapses */
    uint32_t target_slot;    /* what it writes; SNNRT_NO_SLOT for a readout */
    uint32_t variable_count; /* arrays that it keeps beside its target */
} snnrt_op;

#define SNNRT_NO_SLOT 0xFFFFFFFFu

/* op: 0 ... op_count - 1. Where the program does not link the op's loader, as one that attaches need not: SNNRT_ERR_UNSUPPORTED. */
int32_t snnrt_op_info(const snnrt_network *network, uint32_t op, snnrt_op *info);

/* A state variable of an op: one of the arrays that it keeps. */
typedef struct snnrt_variable {
    uint32_t struct_size;
    uint32_t count; /* elements: one a neuron, in a readout one a class */
    uint32_t bits;  /* of an element: 16 or 32 */
    char name
        [4]; /* its letter in the op's equations (docs/format.md, The ops), ended by NUL: of lif U the membranes, but for
                       LI and CuBa-LI, whose target they are, Y synaptic currents, A adaptation, C ticks of refractoriness left */
} snnrt_variable;

/* The values of a state variable as the latest tick left them.
 *
 * op, variable: 0 ... variable_count - 1 of snnrt_op_info, whose refusals hold here too.
 * info: receives what it is; may be null.
 * values: receives info->count values; may be null if capacity is 0, else capacity must do. */
int32_t snnrt_state_variable(const snnrt_network *network, uint32_t op, uint32_t variable, snnrt_variable *info,
                             int32_t *values, size_t capacity);

/* The state block (docs/format.md, The state block): contiguous, without pointers; copying it saves it. The
 * bytes belong to the arena and change with every tick. */
int32_t snnrt_state(const snnrt_network *network, const void **bytes, size_t *byte_count);

#ifdef __cplusplus
}
#endif

#endif /* SNNRT_H */
