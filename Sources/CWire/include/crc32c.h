#pragma once

#include <stddef.h>
#include <stdint.h>

/// CRC-32C (Castagnoli, RFC 3720 appendix B.4) of `count` bytes. Begin with `crc` 0; pass an earlier result to go on
/// where it ended: the CRC of two pieces in turn is the CRC of both together.
uint32_t hms_crc32c(uint32_t crc, const void *bytes, size_t count);

/// The same by tables alone, for processors without the instruction and for the tests that compare the two.
uint32_t hms_crc32c_portable(uint32_t crc, const void *bytes, size_t count);
