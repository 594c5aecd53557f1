/* The tick's inner loops for processors of 32 bits, and for x86-64 with AVX2, and of rows with AVX-512 too, chosen when a file is opened;
 * elsewhere, and in the tests beside them, the Swift loops run (SNNRuntime/Kernels/Portable…), which these must equal bit for bit.
 * C, because a Swift function cannot ask for an instruction set of its own; vectors as clang's own types, so that nothing is included
 * but stdint.h.
 *
 * Sums do not wrap but on the way: proved at opening (docs/format.md, "The proof of sums"). */
#ifndef SNNRT_KERNELS_H
#define SNNRT_KERNELS_H

#include <stdint.h>

#include "order.h"
#include "packed.h"

#if UINTPTR_MAX == UINT32_MAX
#include "embedded/embedded.h"
#endif

#if defined(__x86_64__)

typedef int8_t snnrt_v8i8 __attribute__((vector_size(8), aligned(1)));
typedef int8_t snnrt_v16i8 __attribute__((vector_size(16), aligned(1)));
typedef uint8_t snnrt_v8u8 __attribute__((vector_size(8), aligned(1)));
typedef uint8_t snnrt_v32u8 __attribute__((vector_size(32), aligned(1)));
typedef int16_t snnrt_v8i16 __attribute__((vector_size(16), aligned(2)));
typedef uint16_t snnrt_v8u16 __attribute__((vector_size(16), aligned(2)));
typedef int16_t snnrt_v16i16 __attribute__((vector_size(32), aligned(2)));
typedef int32_t snnrt_v4i32 __attribute__((vector_size(16), aligned(4)));
typedef int32_t snnrt_v8i32 __attribute__((vector_size(32), aligned(4)));
typedef uint32_t snnrt_v8u32 __attribute__((vector_size(32), aligned(4)));
typedef int64_t snnrt_v4i64 __attribute__((vector_size(32)));
typedef uint64_t snnrt_v4u64 __attribute__((vector_size(32)));
typedef float snnrt_v8f32 __attribute__((vector_size(32)));

#define SNNRT_KERNEL static __attribute__((target("avx2,popcnt,bmi"), unused, noinline))
#define SNNRT_PART static inline __attribute__((target("avx2,popcnt,bmi"), unused, always_inline))
/* A loop over the few elements that vectors leave: clang would make masked stores of it, which AMD's processors take long for. */
#define SNNRT_REST _Pragma("clang loop vectorize(disable)")
#include "shared.h"

/* What processor and system have: 1 for AVX2, BMI1 and POPCNT; 2 for AVX-512 F, DQ, BW, VL, VBMI, VBMI2 and VNNI too; else 0. */
static __attribute__((unused)) uint8_t snnrt_vector_level(void)
{
    uint32_t a = 1, b, c = 0, d, saved;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if ((c >> 27 & 1) == 0 || (c >> 23 & 1) == 0) return 0;
    __asm__("xgetbv" : "=a"(saved), "=d"(d) : "c"(0));
    a = 7, c = 0;
    __asm__("cpuid" : "+a"(a), "=b"(b), "+c"(c), "=d"(d));
    if ((saved & 0x06) != 0x06 || (b & 0x28) != 0x28) return 0; /* registers of 16 and 32 bytes are saved */
    /* Masks and registers of 64 bytes too. */
    return (saved & 0xe6) == 0xe6 && (b & 0xc0030000) == 0xc0030000 && (c & 0x842) == 0x842 ? 2 : 1;
}

#include "x86/avx2-crc.h"
#include "x86/avx2-rows.h"
#include "x86/avx2-products.h"
#include "x86/avx2-neurons.h"
#include "x86/avx2-memory.h"
#include "x86/avx2-recurrence.h"
#include "x86/avx512-rows.h"

#endif
#endif
