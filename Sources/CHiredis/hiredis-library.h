#pragma once
#include <dlfcn.h>
#include <hiredis/hiredis.h>
#include <stdbool.h>
#include <stdlib.h>

// libhiredis is opened by a process that is told of a cache, and not linked: no other carries it.
#define HIREDIS_FUNCTIONS(F) \
    F(redisConnectNonBlock) F(redisFree) F(redisAppendFormattedCommand) F(redisBufferRead) F(redisBufferWrite) \
    F(redisGetReplyFromReader) F(redisReaderCreate) F(redisReaderFree) F(freeReplyObject)

#if HIREDIS_MAJOR >= 1
typedef size_t hiredis_count;
#else
typedef int hiredis_count;
#endif

// How replies are made: as the library makes them, and as we let it.
typedef struct {
    redisReplyObjectFunctions original;
    redisReplyObjectFunctions limited;
} hiredis_replies;

#define HIREDIS_MEMBER(name) __typeof__(&name) name;
// Written once, while it is opened, and then only read: any thread may have it.
typedef struct __attribute__((swift_attr("@Sendable"))) {
    HIREDIS_FUNCTIONS(HIREDIS_MEMBER)
    hiredis_replies *replies;
} hiredis_library;
#undef HIREDIS_MEMBER

// The version whose structures the compiler has seen: they differ from one to the next.
#define HIREDIS_QUOTED(text) #text
#define HIREDIS_TEXT(text) HIREDIS_QUOTED(text)
#if defined(__APPLE__)
#define HIREDIS_NAME "libhiredis." HIREDIS_TEXT(HIREDIS_SONAME) ".dylib"
#else
#define HIREDIS_NAME "libhiredis.so." HIREDIS_TEXT(HIREDIS_SONAME)
#endif

static inline bool hiredis_find(void *opened, const char *name, void *function) {
    *(void **)function = dlsym(opened, name);
    return *(void **)function != NULL;
}

// The library takes memory for an array when it has read how long it says it is. No answer that we ask for has more than two parts.
static inline void *hiredis_short_array(const redisReadTask *task, hiredis_count elements) {
    const hiredis_replies *replies = (const hiredis_replies *)task->privdata;
    if (task->parent != NULL || elements > 2) return NULL;
    return replies->original.createArray(task, elements);
}

// Opens the library; false where the system has none of the version that was built with. It stays open.
static inline bool hiredis_open(hiredis_library *library) {
    void *opened = dlopen(HIREDIS_NAME, RTLD_NOW | RTLD_LOCAL);
#define HIREDIS_FIND(name) && hiredis_find(opened, #name, &library->name)
    if (!(opened != NULL HIREDIS_FUNCTIONS(HIREDIS_FIND))) return false;
#undef HIREDIS_FIND
    redisReader *reader = library->redisReaderCreate();
    library->replies = (hiredis_replies *)malloc(sizeof(hiredis_replies));
    if (reader == NULL || library->replies == NULL) return false;
    library->replies->original = *reader->fn;
    library->replies->limited = *reader->fn;
    library->replies->limited.createArray = hiredis_short_array;
    library->redisReaderFree(reader);
    return true;
}

// A connection that is being made, whose arrays are short; NULL where there is no memory.
static inline redisContext *hiredis_connect(hiredis_library library, const char *host, int port) {
    redisContext *context = library.redisConnectNonBlock(host, port);
    if (context != NULL && context->reader != NULL) {
        context->reader->fn = &library.replies->limited;
        context->reader->privdata = library.replies;
    }
    return context;
}

// The next reply that has arrived whole: NULL where none has, or `failed` where it is none.
static inline redisReply *hiredis_next(hiredis_library library, redisContext *context, bool *failed) {
    void *reply = NULL;
    *failed = library.redisGetReplyFromReader(context, &reply) != REDIS_OK;
    return (redisReply *)reply;
}

// How many bytes have arrived of which no reply could be made yet.
static inline size_t hiredis_unread(const redisContext *context) {
    return context->reader->len - context->reader->pos;
}
