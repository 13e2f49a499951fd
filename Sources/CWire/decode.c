#include "wire.h"

hms_decode_status hms_decode_checked(
    const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t count, hms_arena *arena,
    ProtobufCMessage **message, hms_decode_failure *failure)
{
    *failure = (hms_decode_failure) { NULL, 0 };
    cursor c = { bytes, (const uint8_t *)bytes + count };
    survey s = { failure, false, 0 };
    hms_decode_status status = check_message(&s, descriptor, c, 1);
    if (status != HMS_DECODED)
        return status;
    if (s.irregular && !rewrite_message(descriptor, &c, s.pieces, arena))
        return HMS_OVER_BUDGET;
    *message = protobuf_c_message_unpack(descriptor, &arena->allocator, (size_t)(c.end - c.next), c.next);
    if (*message != NULL)
        return HMS_DECODED;
    return arena->refused ? HMS_OVER_BUDGET : HMS_UNREADABLE;
}

hms_decode_status hms_decode(
    const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t count, hms_arena *arena,
    ProtobufCMessage **message, hms_decode_failure *failure)
{
    cursor c = { bytes, (const uint8_t *)bytes + count };
    hms_arena_mark mark = hms_arena_begin(arena, arena->budget);
    if (unpack_message(descriptor, c, arena, 1, message))
        return HMS_DECODED;
    hms_arena_end(arena, mark);
    return hms_decode_checked(descriptor, bytes, count, arena, message, failure);
}
