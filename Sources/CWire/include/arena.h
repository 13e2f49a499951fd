#pragma once

#include <protobuf-c/protobuf-c.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

struct hms_arena_chunk;

/// Memory that is taken piece by piece and given back all at once. Each thread has one and reuses it, so that
/// decoding or encoding an ordinary message calls malloc not at all.
typedef struct hms_arena {
    uint8_t *next;
    uint8_t *end;
    /// What may still be taken from the system for the use that is under way.
    size_t budget;
    /// The newest chunk; older ones are linked from it.
    struct hms_arena_chunk *chunk;
    /// A chunk kept for the next time.
    struct hms_arena_chunk *spare;
    /// Whether the use that is under way has asked for more than its budget.
    bool refused;
    /// Hands this arena's memory to libprotobuf-c.
    ProtobufCAllocator allocator;
} hms_arena;

/// Where an arena stood. Uses may nest, as a stack does.
typedef struct hms_arena_mark {
    struct hms_arena_chunk *chunk;
    uint8_t *next;
    uint8_t *end;
    size_t budget;
    bool refused;
} hms_arena_mark;

/// The calling thread's arena.
hms_arena *hms_arena_of_thread(void);

/// Begins a use that may take `budget` bytes.
hms_arena_mark hms_arena_begin(hms_arena *arena, size_t budget);

/// Gives back everything that was taken since `mark`.
void hms_arena_end(hms_arena *arena, hms_arena_mark mark);

/// The slow path of `hms_arena_take`.
void *hms_arena_take_from_new_chunk(hms_arena *arena, size_t size);

/// Takes `size` bytes, aligned to 8. Null where that would pass the budget.
static inline void *hms_arena_take(hms_arena *arena, size_t size)
{
    if (size > (size_t)(arena->end - arena->next))
        return hms_arena_take_from_new_chunk(arena, size);
    uint8_t *taken = arena->next;
    size_t rounded = (size + 7) & ~(size_t)7;
    size_t left = (size_t)(arena->end - taken);
    arena->next = taken + (rounded < left ? rounded : left);
    return taken;
}

/// Takes zeroed bytes for a message that this program writes itself. Such a use has no budget, so only an exhausted
/// system refuses, and then the program ends as it does for any other allocation.
static inline void *hms_arena_demand(hms_arena *arena, size_t size)
{
    void *taken = hms_arena_take(arena, size);
    if (taken == NULL)
        abort();
    return memset(taken, 0, size);
}

/// Takes a copy of `count` bytes, likewise.
static inline ProtobufCBinaryData hms_arena_copy(hms_arena *arena, const void *bytes, size_t count)
{
    ProtobufCBinaryData copy = { count, NULL };
    if (count == 0)
        return copy;
    copy.data = (uint8_t *)hms_arena_take(arena, count);
    if (copy.data == NULL)
        abort();
    memcpy(copy.data, bytes, count);
    return copy;
}
