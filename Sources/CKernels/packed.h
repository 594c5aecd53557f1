/* Integers packed into bytes at any address. */
#ifndef SNNRT_PACKED_H
#define SNNRT_PACKED_H

/* The byte at `byte`, loaded by itself: a compiler joins plain loads of neighbours into one of a halfword or word, which a
 * Cortex-M0+ traps at an odd address, and a Cortex-M4 where CCR.UNALIGN_TRP is set; and a loop of them into a call of memcpy,
 * which may do the same. */
static inline __attribute__((unused, always_inline)) uint8_t snnrt_packed_byte(const volatile uint8_t *byte)
{
    return *byte;
}

/* The int16 in the two bytes at `bytes`, the more significant one first if `is_big_endian` is not 0. */
static inline __attribute__((unused, always_inline)) int16_t snnrt_packed_int16(const uint8_t *bytes,
                                                                                uint32_t is_big_endian)
{
    uint32_t first = snnrt_packed_byte(bytes), second = snnrt_packed_byte(bytes + 1);
    return (int16_t)(is_big_endian ? first << 8 | second : second << 8 | first);
}

#endif
