#include "wire.h"

/// One occurrence of a field. Occurrences of a single message are linked: read one after the other they are the message.
typedef struct occurrence {
    struct occurrence *next;
    cursor value;
} occurrence;

/// What a field that may occur once holds in the end.
typedef struct slot {
    const ProtobufCFieldDescriptor *field;
    occurrence *first;
    occurrence *last;
} slot;

typedef struct writer {
    uint8_t *next;
    hms_arena *arena;
} writer;

static bool write_message(writer *w, const ProtobufCMessageDescriptor *message, const occurrence *pieces);

static void write_bytes(writer *w, const uint8_t *from, const uint8_t *to)
{
    memcpy(w->next, from, (size_t)(to - from));
    w->next += to - from;
}

static void write_tag(writer *w, uint32_t number, unsigned wire_type)
{
    uint32_t value = number << 3 | wire_type;
    for (; value >= 0x80; value >>= 7)
        *w->next++ = (uint8_t)(value | 0x80);
    *w->next++ = (uint8_t)value;
}

/// Leaves room for a length that is known later.
static uint8_t *reserve_length(writer *w)
{
    uint8_t *length = w->next;
    w->next += 5;
    return length;
}

/// Fills the room with the count of bytes that follow it, as a varint of full width.
static void fill_length(const writer *w, uint8_t *length)
{
    size_t count = (size_t)(w->next - (length + 5));
    for (int i = 0; i < 4; i++, count >>= 7)
        length[i] = (uint8_t)(count | 0x80);
    length[4] = (uint8_t)count;
}

static bool write_submessage(writer *w, const ProtobufCFieldDescriptor *field, const occurrence *pieces)
{
    write_tag(w, field->id, WIRE_LENGTH);
    uint8_t *length = reserve_length(w);
    if (!write_message(w, field->descriptor, pieces))
        return false;
    fill_length(w, length);
    return true;
}

static void write_booleans(writer *w, const ProtobufCFieldDescriptor *field, cursor piece)
{
    write_tag(w, field->id, WIRE_LENGTH);
    uint8_t *length = reserve_length(w);
    uint64_t value;
    while (piece.next < piece.end && read_varint(&piece, 10, &value) == HMS_DECODED)
        *w->next++ = value != 0;
    fill_length(w, length);
}

static void write_slot_value(writer *w, const ProtobufCFieldDescriptor *field, cursor value)
{
    write_tag(w, field->id, wire_type_of(field->type));
    write_bytes(w, value.next, value.end);
}

/// Keeps an occurrence for later: the pieces of one message together, of a oneof only the last member.
static bool keep(writer *w, slot *s, const ProtobufCFieldDescriptor *field, cursor value)
{
    occurrence *kept = hms_arena_take(w->arena, sizeof(occurrence));
    if (kept == NULL)
        return false;
    *kept = (occurrence) { NULL, value };
    if (s->field == field && is_message(field))
        s->last->next = kept;
    else
        s->first = kept;
    s->field = field;
    s->last = kept;
    return true;
}

static slot *slot_of(const ProtobufCMessageDescriptor *message, const ProtobufCFieldDescriptor *field, slot *slots)
{
    unsigned oneof = field->reserved_flags >> 8;
    if (field->label == PROTOBUF_C_LABEL_REPEATED || (oneof == 0 && !is_message(field)))
        return NULL;
    return oneof > 0 ? &slots[message->n_fields + oneof - 1] : &slots[field - message->fields];
}

/// Writes a field, or keeps it in its slot. `start` is where its tag stands, `c` behind the tag.
static bool rewrite_field(
    writer *w, const ProtobufCMessageDescriptor *message, slot *slots, tag t, const uint8_t *start, cursor *c)
{
    const ProtobufCFieldDescriptor *field = field_numbered(message, t.number);
    cursor value = { c->next, c->next };
    cursor piece = { NULL, NULL };
    if (t.wire_type == WIRE_LENGTH ? read_piece(c, &piece) : skip_value(c, t, 0))
        return false;
    value.end = c->next;
    if (t.wire_type == WIRE_GROUP)
        return true;
    slot *s = field != NULL ? slot_of(message, field, slots) : NULL;
    if (s != NULL)
        return keep(w, s, field, is_message(field) ? piece : value);
    if (field != NULL && is_message(field))
        return write_submessage(w, field, &(occurrence) { NULL, piece });
    if (field != NULL && t.wire_type == WIRE_LENGTH && has_long_booleans(field, piece))
        write_booleans(w, field, piece);
    else
        write_bytes(w, start, c->next);
    return true;
}

static bool write_slots(writer *w, const slot *slots, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (slots[i].field == NULL)
            continue;
        if (!is_message(slots[i].field))
            write_slot_value(w, slots[i].field, slots[i].last->value);
        else if (!write_submessage(w, slots[i].field, slots[i].first))
            return false;
    }
    return true;
}

static bool write_fields(writer *w, const ProtobufCMessageDescriptor *message, const occurrence *pieces)
{
    size_t count = (size_t)message->n_fields * 2;
    slot *slots = hms_arena_take(w->arena, count * sizeof(slot));
    if (slots == NULL)
        return false;
    memset(slots, 0, count * sizeof(slot));
    for (; pieces != NULL; pieces = pieces->next) {
        cursor c = pieces->value;
        while (c.next < c.end) {
            const uint8_t *start = c.next;
            tag t;
            if (read_tag(&c, &t) != HMS_DECODED || !rewrite_field(w, message, slots, t, start, &c))
                return false;
        }
    }
    return write_slots(w, slots, count);
}

/// Each byte of the message is looked at once at the level it belongs to, and copied once.
static bool write_message(writer *w, const ProtobufCMessageDescriptor *message, const occurrence *pieces)
{
    hms_arena_mark mark = hms_arena_begin(w->arena, w->arena->budget);
    bool done = write_fields(w, message, pieces);
    hms_arena_end(w->arena, mark);
    return done;
}

bool rewrite_message(const ProtobufCMessageDescriptor *message, cursor *c, size_t pieces, hms_arena *arena)
{
    // A length grows from one byte at least to five.
    uint8_t *output = hms_arena_take(arena, (size_t)(c->end - c->next) + 4 * pieces);
    if (output == NULL)
        return false;
    writer w = { output, arena };
    if (!write_message(&w, message, &(occurrence) { NULL, *c }))
        return false;
    *c = (cursor) { output, w.next };
    return true;
}
