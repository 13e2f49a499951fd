// Drives the hand-written C with messages that it has never seen. Everything it reads lies in memory of exactly its size, so
// that a step beyond is a fault and not luck.

#include "CContracts.h"
#include "CWire.h"
#include "test_messages_proto3.h"

#include <sanitizer/common_interface_defs.h>
#include <signal.h>
#include <stdio.h>

#define MOST_BYTES ((size_t)1 << 16)
#define BUDGET ((size_t)8 << 20)

static uint64_t state, seed;

/// The last words, whatever the fault.
static void tell_seed(void)
{
    fprintf(stderr, "replay with: .ci/sanitizers/run %llu 1\n", (unsigned long long)seed);
}

static void fail(const char *what, const char *of)
{
    fprintf(stderr, "%s %s\n", of, what);
    tell_seed();
    exit(1);
}

/// SplitMix64: the same numbers for the same seed.
static uint64_t next(void)
{
    uint64_t z = state += UINT64_C(0x9E3779B97F4A7C15);
    z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
    return z ^ (z >> 31);
}

static size_t below(size_t limit) { return (size_t)(next() % limit); }

static bool one_in(size_t n) { return below(n) == 0; }

// MARK: Made-up messages

typedef struct buffer {
    uint8_t bytes[MOST_BYTES];
    size_t count;
} buffer;

static void put(buffer *b, uint8_t byte)
{
    if (b->count < MOST_BYTES)
        b->bytes[b->count++] = byte;
}

static void put_varint(buffer *b, uint64_t value)
{
    for (; value >= 0x80; value >>= 7)
        put(b, (uint8_t)value | 0x80);
    put(b, (uint8_t)value);
}

static void put_random(buffer *b, size_t count)
{
    while (count-- > 0)
        put(b, (uint8_t)next());
}

static uint64_t some_number(void)
{
    return one_in(2) ? below(300) : next() >> below(64);
}

static void put_text(buffer *b)
{
    static const char *const samples[] = { "", "a", "pat_01", "Asha Rao", "Zo\xC3\xAB", "\xE0\xA4\x85\xE0\xA4\xB6", "\xF0\x9F\x8F\xA5", "\xED\xA0\x80" };
    const char *text = samples[below(sizeof samples / sizeof *samples)];
    for (size_t i = 0, count = strlen(text); i < count; i++)
        put(b, (uint8_t)text[i]);
    if (one_in(20))
        put_random(b, below(20));
}

static void put_message(buffer *b, const ProtobufCMessageDescriptor *message, unsigned depth);

static void put_length_of(buffer *b, size_t start)
{
    size_t count = b->count - start;
    uint8_t prefix[10];
    size_t length = 0;
    for (size_t rest = count; ; rest >>= 7) {
        prefix[length++] = (uint8_t)((rest & 0x7F) | (rest >= 0x80 ? 0x80 : 0));
        if (rest < 0x80)
            break;
    }
    if (b->count + length > MOST_BYTES)
        return;
    memmove(b->bytes + start + length, b->bytes + start, count);
    memcpy(b->bytes + start, prefix, length);
    b->count += length;
}

static unsigned natural_wire_type(ProtobufCType type)
{
    switch (type) {
    case PROTOBUF_C_TYPE_SFIXED32: case PROTOBUF_C_TYPE_FIXED32: case PROTOBUF_C_TYPE_FLOAT: return 5;
    case PROTOBUF_C_TYPE_SFIXED64: case PROTOBUF_C_TYPE_FIXED64: case PROTOBUF_C_TYPE_DOUBLE: return 1;
    case PROTOBUF_C_TYPE_STRING: case PROTOBUF_C_TYPE_BYTES: case PROTOBUF_C_TYPE_MESSAGE: return 2;
    default: return 0;
    }
}

static void put_scalar(buffer *b, unsigned wire_type)
{
    if (wire_type == 0)
        put_varint(b, some_number());
    else
        put_random(b, wire_type == 1 ? 8 : 4);
}

static void put_value(buffer *b, const ProtobufCFieldDescriptor *field, unsigned depth)
{
    unsigned wire_type = natural_wire_type(field->type);
    bool packed = field->label == PROTOBUF_C_LABEL_REPEATED && wire_type != 2 && !one_in(3);
    put_varint(b, (uint64_t)field->id << 3 | (packed ? 2 : wire_type));
    if (wire_type != 2 && !packed) {
        put_scalar(b, wire_type);
        return;
    }
    size_t start = b->count;
    if (packed)
        for (size_t i = below(5); i > 0; i--)
            put_scalar(b, wire_type);
    else if (field->type == PROTOBUF_C_TYPE_MESSAGE)
        put_message(b, field->descriptor, depth + 1);
    else
        put_text(b);
    put_length_of(b, start);
}

/// A field that nobody knows: a number, a piece, or a group with fields in it.
static void put_stranger(buffer *b, unsigned depth)
{
    uint64_t number = one_in(10) ? next() : 1000 + below(100000);
    unsigned wire_type = (unsigned)below(7);
    put_varint(b, number << 3 | wire_type);
    if (wire_type == 2) {
        size_t start = b->count;
        put_random(b, below(10));
        put_length_of(b, start);
    } else if (wire_type == 3) {
        for (size_t i = depth < 8 ? below(3) : 0; i > 0; i--)
            put_stranger(b, depth + 1);
        put_varint(b, number << 3 | 4);
    } else if (wire_type == 0 || wire_type == 1 || wire_type == 5) {
        put_scalar(b, wire_type);
    }
}

/// Single fields come more than once and oneofs have several members: what libprotobuf-c may not see as it is.
static void put_message(buffer *b, const ProtobufCMessageDescriptor *message, unsigned depth)
{
    size_t fields = below(depth > 4 ? 2 : 7);
    for (size_t i = 0; i < fields && b->count < MOST_BYTES / 4; i++) {
        if (message->n_fields == 0 || one_in(12))
            put_stranger(b, depth);
        else
            put_value(b, &message->fields[below(message->n_fields)], depth);
    }
}

/// One message inside the other, deeper than anybody may go.
static void put_nest(buffer *b, uint32_t number, size_t depth)
{
    for (size_t i = 0; i < depth; i++) {
        size_t start = 0;
        put_length_of(b, start);
        uint8_t tag = (uint8_t)(number << 3 | 2);
        if (b->count + 1 > MOST_BYTES)
            return;
        memmove(b->bytes + 1, b->bytes, b->count);
        b->bytes[0] = tag;
        b->count++;
    }
}

static void damage(buffer *b)
{
    if (b->count == 0)
        return;
    size_t place = below(b->count), rest = b->count - place, piece = 1 + below(rest < 40 ? rest : 40);
    switch (below(5)) {
    case 0: b->bytes[place] ^= (uint8_t)(1u << below(8)); break;
    case 1: b->bytes[place] = (uint8_t)next(); break;
    case 2: b->count = place; break;
    case 3:
        memmove(b->bytes + place, b->bytes + place + piece, rest - piece);
        b->count -= piece;
        break;
    default:
        if (b->count + piece > MOST_BYTES)
            return;
        memmove(b->bytes + place + piece, b->bytes + place, rest);
        b->count += piece;
    }
}

// MARK: What is done with them

static const ProtobufCMessageDescriptor *const kinds[] = {
    &protobuf_test_messages_proto3_TestAllTypesProto3_descriptor, &google_protobuf_Struct_descriptor,
    &hms_patient_v1_UpdatePatientRequest_descriptor, &hms_patient_v1_ListPatientsResponse_descriptor,
    &hms_appointment_v1_CountActiveAppointmentsRequest_descriptor, &hms_event_v1_DeliverEventsRequest_descriptor,
    &hms_doctor_v1_ListAvailabilityResponse_descriptor, &hms_rpc_v1_CheckRequest_descriptor,
};

static size_t accepted, refused;

static void *exactly(const void *bytes, size_t count)
{
    void *copy = malloc(count);
    if (count > 0 && copy == NULL)
        fail("is exhausted", "memory");
    if (count > 0)
        memcpy(copy, bytes, count);
    return copy;
}

/// Reads every piece of memory that a decoded message points to.
static size_t pack(const ProtobufCMessage *message, uint8_t **packed)
{
    size_t count = protobuf_c_message_get_packed_size(message);
    *packed = malloc(count > 0 ? count : 1);
    if (*packed == NULL || protobuf_c_message_pack(message, *packed) != count)
        fail("is not as long as it says", message->descriptor->name);
    return count;
}

/// What was read and written is read again, and written the same.
static void read_again(const ProtobufCMessageDescriptor *kind, const uint8_t *bytes, size_t count, hms_arena *arena)
{
    hms_arena_mark mark = hms_arena_begin(arena, SIZE_MAX);
    ProtobufCMessage *message;
    hms_decode_failure failure;
    if (hms_decode(kind, bytes, count, arena, &message, &failure) != HMS_DECODED)
        fail("is written so that it can't be read", kind->name);
    uint8_t *packed;
    size_t again = pack(message, &packed);
    if (again != count || memcmp(packed, bytes, count) != 0)
        fail("is written otherwise the second time", kind->name);
    free(packed);
    hms_arena_end(arena, mark);
}

/// What the hand-written C unpacks itself is what libprotobuf-c makes of the same bytes.
static void read_by_library(
    const ProtobufCMessageDescriptor *kind, const uint8_t *bytes, size_t count, const uint8_t *expected, size_t expected_count,
    hms_arena *arena)
{
    hms_arena_mark mark = hms_arena_begin(arena, SIZE_MAX);
    ProtobufCMessage *message;
    hms_decode_failure failure;
    if (hms_decode_checked(kind, bytes, count, arena, &message, &failure) != HMS_DECODED)
        fail("is read although libprotobuf-c doesn't", kind->name);
    uint8_t *packed;
    if (pack(message, &packed) != expected_count || memcmp(packed, expected, expected_count) != 0)
        fail("is not what libprotobuf-c reads", kind->name);
    free(packed);
    hms_arena_end(arena, mark);
}

static void decode(const ProtobufCMessageDescriptor *kind, const buffer *b)
{
    uint8_t *bytes = exactly(b->bytes, b->count);
    hms_arena *arena = hms_arena_of_thread();
    hms_arena_mark mark = hms_arena_begin(arena, one_in(50) ? below(4096) : BUDGET);
    ProtobufCMessage *message;
    hms_decode_failure failure;
    if (hms_decode(kind, bytes, b->count, arena, &message, &failure) == HMS_DECODED) {
        accepted++;
        uint8_t *packed;
        size_t count = pack(message, &packed);
        read_by_library(kind, bytes, b->count, packed, count, arena);
        read_again(kind, packed, count, arena);
        free(packed);
    } else {
        refused++;
    }
    free(bytes);
    hms_arena_end(arena, mark);
}

static void check_sums(const buffer *b)
{
    uint8_t *bytes = exactly(b->bytes, b->count);
    size_t cut = b->count == 0 ? 0 : below(b->count);
    uint32_t whole = hms_crc32c(0, bytes, b->count);
    uint32_t pieces = hms_crc32c(hms_crc32c(0, bytes, cut), bytes + cut, b->count - cut);
    if (whole != pieces || whole != hms_crc32c_portable(0, bytes, b->count))
        fail("differ", "checksums");
    free(bytes);
}

/// Makes one message from the seed, and does everything with it.
static void try_one(void)
{
    static buffer b;
    state = seed;
    b.count = 0;
    size_t chosen = below(sizeof kinds / sizeof *kinds);
    if (one_in(20))
        put_random(&b, below(200));
    else
        put_message(&b, kinds[chosen], 0);
    if (one_in(50))
        put_nest(&b, chosen == 0 ? 27 : 1, below(220));
    for (size_t times = one_in(2) ? 0 : 1 + below(4); times > 0; times--)
        damage(&b);
    decode(kinds[chosen], &b);
    check_sums(&b);
}

/// How the undefined-behaviour sanitizer ends a program that asks it to abort.
static void aborted(int signal)
{
    (void)signal;
    tell_seed();
    _Exit(1);
}

int main(int argc, char **argv)
{
    uint64_t first = argc > 1 ? strtoull(argv[1], NULL, 10) : 1, count = argc > 2 ? strtoull(argv[2], NULL, 10) : 1;
    __sanitizer_set_death_callback(tell_seed);
    signal(SIGABRT, aborted);
    for (seed = first; seed < first + count; seed++)
        try_one();
    printf("%zu messages were read and %zu refused, from seed %llu on\n", accepted, refused, (unsigned long long)first);
    bool one_sided = accepted < count / 10 || refused < count / 10;
    return count > 1000 && one_sided;
}
