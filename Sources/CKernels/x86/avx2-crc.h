/* CRC-32C by the processor's own instruction, eight bytes at a time. */
SNNRT_KERNEL uint32_t snnrt_crc32c(const uint8_t *bytes, uint64_t count, uint32_t crc)
{
    uint64_t wide = crc, word;
    for (; count >= 8; count -= 8, bytes += 8) {
        __builtin_memcpy(&word, bytes, 8);
        wide = __builtin_ia32_crc32di(wide, word);
    }
    crc = (uint32_t)wide;
    for (; count != 0; count--) crc = __builtin_ia32_crc32qi(crc, *bytes++);
    return crc;
}
