#include "wire.h"

/// How many bytes a well-formed sequence at the front has (RFC 3629); 0 where there is none.
static size_t sequence_length(const uint8_t *b, size_t count)
{
#define FOLLOWS(i, low, high) (count > (i) && b[i] >= (low) && b[i] <= (high))
    uint8_t first = b[0];
    if (first < 0x80)
        return 1;
    if (first < 0xC2)
        return 0;
    if (first < 0xE0)
        return FOLLOWS(1, 0x80, 0xBF) ? 2 : 0;
    if (first < 0xF0) {
        uint8_t low = first == 0xE0 ? 0xA0 : 0x80, high = first == 0xED ? 0x9F : 0xBF;
        return FOLLOWS(1, low, high) && FOLLOWS(2, 0x80, 0xBF) ? 3 : 0;
    }
    if (first > 0xF4)
        return 0;
    uint8_t low = first == 0xF0 ? 0x90 : 0x80, high = first == 0xF4 ? 0x8F : 0xBF;
    return FOLLOWS(1, low, high) && FOLLOWS(2, 0x80, 0xBF) && FOLLOWS(3, 0x80, 0xBF) ? 4 : 0;
#undef FOLLOWS
}

bool is_utf8(const uint8_t *bytes, size_t count)
{
    while (count > 0) {
        if (count >= 8) {
            uint64_t word;
            memcpy(&word, bytes, 8);
            if ((word & UINT64_C(0x8080808080808080)) == 0) {
                bytes += 8;
                count -= 8;
                continue;
            }
        }
        size_t length = sequence_length(bytes, count);
        if (length == 0)
            return false;
        bytes += length;
        count -= length;
    }
    return true;
}
