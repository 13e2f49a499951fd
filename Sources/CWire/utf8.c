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

#define HIGH_BITS UINT64_C(0x8080808080808080)

static inline uint64_t word_at(const uint8_t *bytes)
{
    uint64_t word;
    memcpy(&word, bytes, 8);
    return word;
}

/// How many bytes from the front are ASCII for sure. Words overlap at the end, so that no byte is looked at by itself.
static inline size_t ascii_prefix(const uint8_t *bytes, size_t count)
{
    size_t done = 0;
    if (count < 8)
        return 0;
    for (; done + 8 <= count; done += 8)
        if (word_at(bytes + done) & HIGH_BITS)
            return done;
    return word_at(bytes + count - 8) & HIGH_BITS ? done : count;
}

bool is_utf8(const uint8_t *bytes, size_t count)
{
    size_t done = ascii_prefix(bytes, count);
    while (done < count) {
        size_t length = sequence_length(bytes + done, count - done);
        if (length == 0)
            return false;
        done += length;
        if (count - done >= 8 && (word_at(bytes + done) & HIGH_BITS) == 0)
            done += 8;
    }
    return true;
}
