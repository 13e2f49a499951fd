#include "arena.h"

#include <pthread.h>

/// The first chunk holds any ordinary message.
#define FIRST_CHUNK_SIZE ((size_t)16 * 1024)
#define NEXT_CHUNK_SIZE ((size_t)64 * 1024)
/// Larger chunks go back to the system with the message that needed them.
#define LARGEST_SPARE_SIZE ((size_t)256 * 1024)

typedef struct hms_arena_chunk {
    struct hms_arena_chunk *older;
    size_t size;
    uint8_t bytes[] __attribute__((aligned(8)));
} chunk;

static pthread_key_t key_of_arena;
static bool key_exists;
static _Thread_local hms_arena *arena_of_this_thread;

static chunk *new_chunk(size_t size)
{
    chunk *made = size <= SIZE_MAX - sizeof(chunk) ? malloc(sizeof(chunk) + size) : NULL;
    if (made != NULL)
        made->size = size;
    return made;
}

static void enter(hms_arena *arena, chunk *newest)
{
    arena->chunk = newest;
    arena->next = newest->bytes;
    arena->end = newest->bytes + newest->size;
}

static void free_arena(void *pointer)
{
    hms_arena *arena = pointer;
    for (chunk *each = arena->chunk; each != NULL;) {
        chunk *older = each->older;
        free(each);
        each = older;
    }
    free(arena->spare);
    free(arena);
    arena_of_this_thread = NULL;
}

__attribute__((constructor))
static void make_key(void)
{
    key_exists = pthread_key_create(&key_of_arena, free_arena) == 0;
}

static void *allocate(void *arena, size_t size)
{
    return hms_arena_take(arena, size);
}

static void free_nothing(void *arena, void *pointer)
{
    (void)arena;
    (void)pointer;
}

/// A system without memory for this ends the program, as Swift's own allocations do.
static hms_arena *new_arena(void)
{
    hms_arena *arena = calloc(1, sizeof(hms_arena));
    chunk *first = new_chunk(FIRST_CHUNK_SIZE);
    if (!key_exists || arena == NULL || first == NULL || pthread_setspecific(key_of_arena, arena) != 0)
        abort();
    first->older = NULL;
    enter(arena, first);
    arena->allocator = (ProtobufCAllocator) { allocate, free_nothing, arena };
    return arena;
}

hms_arena *hms_arena_of_thread(void)
{
    if (arena_of_this_thread == NULL)
        arena_of_this_thread = new_arena();
    return arena_of_this_thread;
}

hms_arena_mark hms_arena_begin(hms_arena *arena, size_t budget)
{
    hms_arena_mark mark = { arena->chunk, arena->next, arena->end, arena->budget, arena->refused };
    arena->budget = budget;
    arena->refused = false;
    return mark;
}

static void put_away(hms_arena *arena, chunk *used)
{
    bool worth_keeping = used->size <= LARGEST_SPARE_SIZE && (arena->spare == NULL || arena->spare->size < used->size);
    chunk *unwanted = worth_keeping ? arena->spare : used;
    if (worth_keeping)
        arena->spare = used;
    free(unwanted);
}

void hms_arena_end(hms_arena *arena, hms_arena_mark mark)
{
    while (arena->chunk != mark.chunk) {
        chunk *used = arena->chunk;
        arena->chunk = used->older;
        put_away(arena, used);
    }
    arena->next = mark.next;
    arena->end = mark.end;
    arena->budget = mark.budget;
    arena->refused = mark.refused;
}

static chunk *chunk_for(hms_arena *arena, size_t size)
{
    chunk *spare = arena->spare;
    if (spare != NULL && spare->size >= size && spare->size <= arena->budget) {
        arena->spare = NULL;
        return spare;
    }
    size_t doubled = arena->chunk->size <= arena->budget / 2 ? arena->chunk->size * 2 : arena->budget;
    size_t wanted = doubled > NEXT_CHUNK_SIZE ? doubled : NEXT_CHUNK_SIZE;
    if (wanted < size)
        wanted = size;
    return new_chunk(wanted <= arena->budget ? wanted : size);
}

void *hms_arena_take_from_new_chunk(hms_arena *arena, size_t size)
{
    chunk *newest = size <= arena->budget ? chunk_for(arena, size) : NULL;
    arena->refused |= newest == NULL;
    if (newest == NULL)
        return NULL;
    arena->budget -= newest->size;
    newest->older = arena->chunk;
    enter(arena, newest);
    return hms_arena_take(arena, size);
}
