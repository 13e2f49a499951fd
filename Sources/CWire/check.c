#include "wire.h"

static hms_decode_status skip_group(cursor *c, uint32_t number, unsigned depth)
{
    if (depth > HMS_MAX_DEPTH)
        return HMS_TOO_DEEP;
    for (;;) {
        tag t;
        if (c->next == c->end)
            return HMS_BAD_TAG;
        hms_decode_status status = read_tag(c, &t);
        if (status != HMS_DECODED)
            return status;
        if (t.wire_type == WIRE_GROUP_END)
            return t.number == number ? HMS_DECODED : HMS_BAD_TAG;
        status = skip_value(c, t, depth + 1);
        if (status != HMS_DECODED)
            return status;
    }
}

hms_decode_status skip_value(cursor *c, tag t, unsigned depth)
{
    uint64_t ignored;
    cursor piece;
    switch (t.wire_type) {
    case WIRE_VARINT:
        return read_varint(c, 10, &ignored);
    case WIRE_64BIT:
        return skip_bytes(c, 8);
    case WIRE_LENGTH:
        return read_piece(c, &piece);
    case WIRE_GROUP:
        return skip_group(c, t.number, depth);
    case WIRE_32BIT:
        return skip_bytes(c, 4);
    default:
        return HMS_BAD_TAG;
    }
}

/// A list sent in one piece: whole elements only.
static hms_decode_status check_packed(survey *s, const ProtobufCFieldDescriptor *field, cursor piece)
{
    size_t count = (size_t)(piece.end - piece.next);
    unsigned wire_type = wire_type_of(field->type);
    if (wire_type == WIRE_32BIT)
        return count % 4 == 0 ? HMS_DECODED : HMS_TRUNCATED;
    if (wire_type == WIRE_64BIT)
        return count % 8 == 0 ? HMS_DECODED : HMS_TRUNCATED;
    if (has_long_booleans(field, piece)) {
        s->irregular = true;
        s->pieces++;
    }
    while (piece.next < piece.end) {
        uint64_t ignored;
        hms_decode_status status = read_varint(&piece, 10, &ignored);
        if (status != HMS_DECODED)
            return status;
    }
    return HMS_DECODED;
}

static hms_decode_status check_piece(survey *s, const ProtobufCFieldDescriptor *field, cursor piece, unsigned depth)
{
    switch (field->type) {
    case PROTOBUF_C_TYPE_MESSAGE:
        s->pieces++;
        return check_message(s, field->descriptor, piece, depth + 1);
    case PROTOBUF_C_TYPE_BYTES:
        if (field->reserved_flags & HMS_FIELD_IS_TEXT && !is_utf8(piece.next, (size_t)(piece.end - piece.next)))
            return HMS_INVALID_UTF8;
        return HMS_DECODED;
    default:
        return HMS_UNREADABLE;
    }
}

static hms_decode_status check_value(survey *s, const ProtobufCFieldDescriptor *field, tag t, cursor *c, unsigned depth)
{
    bool packed = t.wire_type == WIRE_LENGTH && field->label == PROTOBUF_C_LABEL_REPEATED;
    unsigned expected = wire_type_of(field->type);
    if (t.wire_type != expected && !packed)
        return HMS_WRONG_WIRE_TYPE;
    if (t.wire_type != WIRE_LENGTH)
        return skip_value(c, t, depth);
    cursor piece;
    hms_decode_status status = read_piece(c, &piece);
    if (status != HMS_DECODED)
        return status;
    return expected == WIRE_LENGTH ? check_piece(s, field, piece, depth) : check_packed(s, field, piece);
}

/// Notes that a field which may occur once has occurred; twice makes the message irregular. Members of one oneof count
/// as one field. Plain values may repeat: libprotobuf-c lets the last one win, as it should.
static void note_occurrence(survey *s, const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, uint64_t *seen)
{
    unsigned oneof = field->reserved_flags >> 8;
    if (field->label == PROTOBUF_C_LABEL_REPEATED || (oneof == 0 && !is_message(field)))
        return;
    size_t position = oneof > 0 ? message->n_fields + oneof - 1 : (size_t)(field - message->fields);
    uint64_t bit = UINT64_C(1) << (position % 64);
    if (seen[position / 64] & bit)
        s->irregular = true;
    seen[position / 64] |= bit;
}

static hms_decode_status fail(
    survey *s, const ProtobufCMessageDescriptor *message, uint32_t number, hms_decode_status status)
{
    if (s->failure->message == NULL)
        *s->failure = (hms_decode_failure) { message, number };
    return status;
}

hms_decode_status check_message(survey *s, const ProtobufCMessageDescriptor *message, cursor c, unsigned depth)
{
    if (depth > HMS_MAX_DEPTH)
        return fail(s, message, 0, HMS_TOO_DEEP);
    // Fields, and at most as many oneofs.
    size_t words = message->n_fields / 32 + 1;
    uint64_t seen[words];
    memset(seen, 0, sizeof(uint64_t) * words);
    while (c.next < c.end) {
        tag t = { 0, 0 };
        hms_decode_status status = read_tag(&c, &t);
        if (status != HMS_DECODED)
            return fail(s, message, t.number, status);
        const ProtobufCFieldDescriptor *field = field_numbered(message, t.number);
        if (field == NULL) {
            s->irregular |= t.wire_type == WIRE_GROUP;
            status = skip_value(&c, t, depth);
        } else {
            note_occurrence(s, message, field, seen);
            status = check_value(s, field, t, &c, depth);
        }
        if (status != HMS_DECODED)
            return fail(s, message, t.number, status);
    }
    return HMS_DECODED;
}
