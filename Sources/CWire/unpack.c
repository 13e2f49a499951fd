#include "wire.h"

// Reads a message in its plain form, which is how nearly all come, in the one pass that checks it: texts stay where they are,
// so nothing is copied. Whatever is unusual or wrong ends the pass: the long way then decides what it is.

/// Reads a varint of at most 64 bits.
static inline bool read_number(cursor *c, uint64_t *value)
{
    const uint8_t *start = c->next;
    if (start < c->end && *start < 0x80) {
        *value = *start;
        c->next++;
        return true;
    }
    return read_varint(c, 10, value) == HMS_DECODED && (c->next - start < 10 || c->next[-1] <= 1);
}

static void store_number(ProtobufCType type, uint64_t value, void *member)
{
    switch (type) {
    case PROTOBUF_C_TYPE_INT64:
    case PROTOBUF_C_TYPE_UINT64:
        *(uint64_t *)member = value;
        break;
    case PROTOBUF_C_TYPE_SINT64:
        *(uint64_t *)member = value >> 1 ^ -(value & 1);
        break;
    case PROTOBUF_C_TYPE_SINT32:
        *(uint32_t *)member = (uint32_t)value >> 1 ^ -((uint32_t)value & 1);
        break;
    case PROTOBUF_C_TYPE_BOOL:
        *(protobuf_c_boolean *)member = value != 0;
        break;
    default:
        *(uint32_t *)member = (uint32_t)value;
    }
}

static inline bool unpack_fixed(cursor *c, size_t count, void *member)
{
    if (count > (size_t)(c->end - c->next))
        return false;
    memcpy(member, c->next, count);
    c->next += count;
    return true;
}

static bool unpack_number(const ProtobufCFieldDescriptor *field, unsigned wire_type, cursor *c, void *member)
{
    if (wire_type == WIRE_32BIT)
        return unpack_fixed(c, 4, member);
    if (wire_type == WIRE_64BIT)
        return unpack_fixed(c, 8, member);
    uint64_t value;
    if (!read_number(c, &value))
        return false;
    store_number(field->type, value, member);
    return true;
}

static bool unpack_value(
    const ProtobufCFieldDescriptor *field, unsigned wire_type, cursor *c, hms_arena *arena, unsigned depth, void *member)
{
    if (wire_type != WIRE_LENGTH)
        return unpack_number(field, wire_type, c, member);
    cursor piece;
    if (read_piece(c, &piece) != HMS_DECODED)
        return false;
    if (is_message(field))
        return unpack_message(field->descriptor, piece, arena, depth + 1, (ProtobufCMessage **)member);
    size_t count = (size_t)(piece.end - piece.next);
    if (field->reserved_flags & HMS_FIELD_IS_TEXT && !is_utf8(piece.next, count))
        return false;
    *(ProtobufCBinaryData *)member = (ProtobufCBinaryData) { count, (uint8_t *)piece.next };
    return true;
}

/// How many values of a field follow one another, the first of which begins behind its tag.
static size_t count_run(tag t, cursor c)
{
    size_t count = 1;
    tag next;
    while (skip_value(&c, t, 0) == HMS_DECODED && read_tag(&c, &next) == HMS_DECODED
        && next.number == t.number && next.wire_type == t.wire_type)
        count++;
    return count;
}

/// How many numbers a list has that is sent in one piece.
static size_t count_packed(unsigned wire_type, cursor piece)
{
    size_t count = (size_t)(piece.end - piece.next);
    if (wire_type != WIRE_VARINT)
        return count / (wire_type == WIRE_32BIT ? 4 : 8);
    size_t ends = 0;
    while (piece.next < piece.end)
        ends += *piece.next++ < 0x80;
    return ends;
}

static bool unpack_packed(
    const ProtobufCFieldDescriptor *field, unsigned wire_type, cursor *c, hms_arena *arena, uint8_t **elements, size_t *count)
{
    cursor piece;
    if (read_piece(c, &piece) != HMS_DECODED)
        return false;
    *count = count_packed(wire_type, piece);
    size_t size = size_of_element(field->type);
    *elements = hms_arena_take(arena, *count * size);
    if (*elements == NULL || has_long_booleans(field, piece))
        return false;
    for (size_t i = 0; i < *count; i++)
        if (!unpack_number(field, wire_type, &piece, *elements + i * size))
            return false;
    return piece.next == piece.end;
}

static bool unpack_run(
    const ProtobufCFieldDescriptor *field, tag t, cursor *c, hms_arena *arena, unsigned depth, uint8_t **elements, size_t *count)
{
    *count = count_run(t, *c);
    size_t size = size_of_element(field->type);
    *elements = hms_arena_take(arena, *count * size);
    if (*elements == NULL)
        return false;
    for (size_t i = 0; i < *count; i++) {
        if (i > 0 && read_tag(c, &t) != HMS_DECODED)
            return false;
        if (!unpack_value(field, t.wire_type, c, arena, depth, *elements + i * size))
            return false;
    }
    return true;
}

/// A list that comes in two runs is not plain.
static bool unpack_list(
    const ProtobufCFieldDescriptor *field, tag t, cursor *c, hms_arena *arena, unsigned depth, uint8_t *message)
{
    size_t *count = (size_t *)(message + field->quantifier_offset);
    uint8_t **elements = (uint8_t **)(message + field->offset);
    unsigned expected = wire_type_of(field->type);
    if (*count > 0)
        return false;
    if (t.wire_type == expected)
        return unpack_run(field, t, c, arena, depth, elements, count);
    return t.wire_type == WIRE_LENGTH && unpack_packed(field, expected, c, arena, elements, count);
}

/// Notes that a field is there. A second message and a second member of a oneof are not plain.
static bool note_presence(const ProtobufCFieldDescriptor *field, uint8_t *message)
{
    if (field->flags & PROTOBUF_C_FIELD_FLAG_ONEOF) {
        uint32_t *member = (uint32_t *)(message + field->quantifier_offset);
        if (*member != 0)
            return false;
        *member = field->id;
    } else if (is_message(field)) {
        return *(void **)(message + field->offset) == NULL;
    } else if (field->label == PROTOBUF_C_LABEL_OPTIONAL) {
        *(protobuf_c_boolean *)(message + field->quantifier_offset) = 1;
    }
    return true;
}

static inline bool unpack_field(
    const ProtobufCFieldDescriptor *field, tag t, cursor *c, hms_arena *arena, unsigned depth, uint8_t *message)
{
    if (field->label == PROTOBUF_C_LABEL_REPEATED)
        return unpack_list(field, t, c, arena, depth, message);
    return t.wire_type == wire_type_of(field->type) && note_presence(field, message)
        && unpack_value(field, t.wire_type, c, arena, depth, message + field->offset);
}

bool unpack_message(
    const ProtobufCMessageDescriptor *descriptor, cursor c, hms_arena *arena, unsigned depth, ProtobufCMessage **message)
{
    uint8_t *memory = depth <= HMS_MAX_DEPTH ? hms_arena_take(arena, descriptor->sizeof_message) : NULL;
    if (memory == NULL)
        return false;
    memset(memory, 0, descriptor->sizeof_message);
    *message = (ProtobufCMessage *)memory;
    (*message)->descriptor = descriptor;
    while (c.next < c.end) {
        tag t;
        if (read_tag(&c, &t) != HMS_DECODED)
            return false;
        const ProtobufCFieldDescriptor *field = field_numbered(descriptor, t.number);
        if (field == NULL || !unpack_field(field, t, &c, arena, depth, memory))
            return false;
    }
    return true;
}
