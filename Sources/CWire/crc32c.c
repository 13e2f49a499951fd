#include "crc32c.h"

#include <string.h>

/// The polynomial 0x1EDC6F41 with its bits reversed.
#define POLYNOMIAL UINT32_C(0x82F63B78)

/// `table[k][b]`: what byte `b` contributes when `k` more bytes follow it.
static uint32_t table[8][256];

typedef uint32_t (*crc32c_function)(uint32_t crc, const uint8_t *bytes, size_t count);

static uint32_t by_tables(uint32_t crc, const uint8_t *bytes, size_t count)
{
    while (count >= 8) {
        uint32_t low = crc ^ ((uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24);
        crc = table[7][low & 0xFF] ^ table[6][low >> 8 & 0xFF] ^ table[5][low >> 16 & 0xFF] ^ table[4][low >> 24]
            ^ table[3][bytes[4]] ^ table[2][bytes[5]] ^ table[1][bytes[6]] ^ table[0][bytes[7]];
        bytes += 8;
        count -= 8;
    }
    while (count-- > 0)
        crc = crc >> 8 ^ table[0][(crc ^ *bytes++) & 0xFF];
    return crc;
}

#if defined(__x86_64__)
#include <nmmintrin.h>

__attribute__((target("sse4.2")))
static uint32_t by_instruction(uint32_t crc, const uint8_t *bytes, size_t count)
{
    uint64_t wide = crc;
    for (; count >= 8; bytes += 8, count -= 8) {
        uint64_t word;
        memcpy(&word, bytes, 8);
        wide = _mm_crc32_u64(wide, word);
    }
    crc = (uint32_t)wide;
    while (count-- > 0)
        crc = _mm_crc32_u8(crc, *bytes++);
    return crc;
}

static crc32c_function fastest(void)
{
    __builtin_cpu_init();
    return __builtin_cpu_supports("sse4.2") ? by_instruction : by_tables;
}
#else
static crc32c_function fastest(void)
{
    return by_tables;
}
#endif

static crc32c_function implementation = by_tables;

/// Runs once, before anything else of the program: afterwards both statics are only read.
__attribute__((constructor))
static void prepare(void)
{
    for (uint32_t byte = 0; byte < 256; byte++) {
        uint32_t crc = byte;
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ POLYNOMIAL : crc >> 1;
        table[0][byte] = crc;
    }
    for (int distance = 1; distance < 8; distance++)
        for (uint32_t byte = 0; byte < 256; byte++)
            table[distance][byte] = table[distance - 1][byte] >> 8 ^ table[0][table[distance - 1][byte] & 0xFF];
    implementation = fastest();
}

uint32_t hms_crc32c(uint32_t crc, const void *bytes, size_t count)
{
    return ~implementation(~crc, bytes, count);
}

uint32_t hms_crc32c_portable(uint32_t crc, const void *bytes, size_t count)
{
    return ~by_tables(~crc, bytes, count);
}
