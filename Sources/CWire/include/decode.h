#pragma once

#include "arena.h"

/// What the generator writes into `reserved_flags` of a field descriptor: whether the bytes are text, and from
/// bit 8 on one more than the index of the field's oneof.
#define HMS_FIELD_IS_TEXT 1u
#define HMS_FIELD_ONEOF(index) (((unsigned)(index) + 1u) << 8)

/// How deep messages may be nested in one another.
#define HMS_MAX_DEPTH 100

typedef enum hms_decode_status {
    HMS_DECODED = 0,
    /// The bytes end inside a field, or a length reaches beyond the message.
    HMS_TRUNCATED,
    /// A varint is longer than 10 bytes, a tag longer than 5.
    HMS_BAD_VARINT,
    /// A field number is 0 or above 2^29-1, a wire type is unknown, or a group isn't closed.
    HMS_BAD_TAG,
    /// The field's type is sent in another wire type.
    HMS_WRONG_WIRE_TYPE,
    HMS_TOO_DEEP,
    HMS_INVALID_UTF8,
    /// The decoded message would be larger than the budget.
    HMS_OVER_BUDGET,
    /// libprotobuf-c refused what the checks had let pass.
    HMS_UNREADABLE,
} hms_decode_status;

/// Where decoding failed.
typedef struct hms_decode_failure {
    /// The message that the field belongs to.
    const ProtobufCMessageDescriptor *message;
    uint32_t field;
} hms_decode_failure;

/// Reads a message. One in plain form is checked and unpacked in one pass, and points into `bytes`; what is not goes through
/// `hms_decode_checked`, which also says what is wrong. Time and memory are linear in `count`.
hms_decode_status hms_decode(
    const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t count, hms_arena *arena,
    ProtobufCMessage **message, hms_decode_failure *failure);

/// Checks the bytes in one pass, then lets libprotobuf-c unpack them into the arena. What libprotobuf-c reads wrongly
/// or slowly (a single message sent in several pieces, several members of one oneof, long booleans in packed lists,
/// groups) is rewritten first into the plain form that means the same. Time and memory are linear in `count`.
hms_decode_status hms_decode_checked(
    const ProtobufCMessageDescriptor *descriptor, const void *bytes, size_t count, hms_arena *arena,
    ProtobufCMessage **message, hms_decode_failure *failure);
