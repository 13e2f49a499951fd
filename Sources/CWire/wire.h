#pragma once

#include "decode.h"

/// What a wire type is called; protobuf-c has no names for groups.
enum { WIRE_VARINT = 0, WIRE_64BIT = 1, WIRE_LENGTH = 2, WIRE_GROUP = 3, WIRE_GROUP_END = 4, WIRE_32BIT = 5 };

#define LARGEST_FIELD_NUMBER ((1u << 29) - 1)

/// The part of a message that is still to be read.
typedef struct cursor {
    const uint8_t *next;
    const uint8_t *end;
} cursor;

typedef struct tag {
    uint32_t number;
    unsigned wire_type;
} tag;

/// Reads a varint of at most `longest` bytes.
static inline hms_decode_status read_varint(cursor *c, unsigned longest, uint64_t *value)
{
    uint64_t sum = 0;
    for (unsigned i = 0; i < longest; i++) {
        if (c->next == c->end)
            return HMS_TRUNCATED;
        uint8_t byte = *c->next++;
        sum |= (uint64_t)(byte & 0x7F) << (7 * i);
        if (byte < 0x80) {
            *value = sum;
            return HMS_DECODED;
        }
    }
    return HMS_BAD_VARINT;
}

/// Reads a tag's or a length's varint. Nearly all have one byte.
static inline hms_decode_status read_short_varint(cursor *c, uint64_t *value)
{
    if (c->next == c->end || *c->next >= 0x80)
        return read_varint(c, 5, value);
    *value = *c->next++;
    return HMS_DECODED;
}

static inline hms_decode_status read_tag(cursor *c, tag *t)
{
    uint64_t value;
    hms_decode_status status = read_short_varint(c, &value);
    if (status != HMS_DECODED)
        return status;
    t->wire_type = value & 7;
    if (value >> 3 == 0 || value >> 3 > LARGEST_FIELD_NUMBER || t->wire_type > WIRE_32BIT)
        return HMS_BAD_TAG;
    t->number = (uint32_t)(value >> 3);
    return HMS_DECODED;
}

/// Reads a length and the bytes that it announces.
static inline hms_decode_status read_piece(cursor *c, cursor *piece)
{
    uint64_t count;
    hms_decode_status status = read_short_varint(c, &count);
    if (status != HMS_DECODED)
        return status;
    if (count > (uint64_t)(c->end - c->next))
        return HMS_TRUNCATED;
    piece->next = c->next;
    c->next += count;
    piece->end = c->next;
    return HMS_DECODED;
}

static inline hms_decode_status skip_bytes(cursor *c, size_t count)
{
    if (count > (size_t)(c->end - c->next))
        return HMS_TRUNCATED;
    c->next += count;
    return HMS_DECODED;
}

/// The wire type of one value of a field.
static inline unsigned wire_type_of(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32:
    case PROTOBUF_C_TYPE_FIXED32:
    case PROTOBUF_C_TYPE_FLOAT:
        return WIRE_32BIT;
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return WIRE_64BIT;
    case PROTOBUF_C_TYPE_STRING:
    case PROTOBUF_C_TYPE_BYTES:
    case PROTOBUF_C_TYPE_MESSAGE:
        return WIRE_LENGTH;
    default:
        return WIRE_VARINT;
    }
}

/// How much memory one value of a field takes.
static inline size_t size_of_element(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_BYTES:
        return sizeof(ProtobufCBinaryData);
    case PROTOBUF_C_TYPE_MESSAGE:
        return sizeof(ProtobufCMessage *);
    case PROTOBUF_C_TYPE_BOOL:
        return sizeof(protobuf_c_boolean);
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_SINT64:
    case PROTOBUF_C_TYPE_UINT64:
    case PROTOBUF_C_TYPE_FIXED64:
    case PROTOBUF_C_TYPE_SFIXED64:
    case PROTOBUF_C_TYPE_DOUBLE:
        return 8;
    default:
        return 4;
    }
}

/// Skips a value of no interest. `depth` counts the groups around it.
hms_decode_status skip_value(cursor *c, tag t, unsigned depth);

/// The field of that number, or null. The generator emits fields in the order of their numbers.
static inline const ProtobufCFieldDescriptor *field_numbered(const ProtobufCMessageDescriptor *message, uint32_t number)
{
    const ProtobufCFieldDescriptor *fields = message->fields;
    if (number <= message->n_fields && fields[number - 1].id == number)
        return &fields[number - 1];
    unsigned low = 0, high = message->n_fields;
    while (low < high) {
        unsigned middle = low + (high - low) / 2;
        if (fields[middle].id < number)
            low = middle + 1;
        else
            high = middle;
    }
    return low < message->n_fields && fields[low].id == number ? &fields[low] : NULL;
}

static inline bool is_message(const ProtobufCFieldDescriptor *field)
{
    return field->type == PROTOBUF_C_TYPE_MESSAGE;
}

/// Whether the field is a packed list of booleans that libprotobuf-c would refuse: it wants each in a byte of 0 or 1.
static inline bool has_long_booleans(const ProtobufCFieldDescriptor *field, cursor piece)
{
    if (field->type != PROTOBUF_C_TYPE_BOOL)
        return false;
    while (piece.next < piece.end)
        if (*piece.next++ > 1)
            return true;
    return false;
}

bool is_utf8(const uint8_t *bytes, size_t count);

/// What the check has learned about a message.
typedef struct survey {
    hms_decode_failure *failure;
    /// Whether it must be rewritten before libprotobuf-c sees it.
    bool irregular;
    /// How many pieces the rewritten form would have at most whose length isn't known beforehand.
    size_t pieces;
} survey;

hms_decode_status check_message(survey *s, const ProtobufCMessageDescriptor *message, cursor c, unsigned depth);

/// Writes the plain form of a checked message into memory of the arena. False where the budget doesn't allow it.
bool rewrite_message(const ProtobufCMessageDescriptor *message, cursor *c, size_t pieces, hms_arena *arena);

/// Reads the plain form of a message: false where it has another or is faulty. What is read points into the bytes.
bool unpack_message(
    const ProtobufCMessageDescriptor *descriptor, cursor c, hms_arena *arena, unsigned depth, ProtobufCMessage **message);
