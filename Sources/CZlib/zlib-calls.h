#pragma once
#include <zlib.h>

// Swift can't see the macros that begin a stream. 15 bits of window, and 16 more to ask for gzip's header and trailer.
static inline int zlib_begin_gzip(z_stream *stream, int level) {
    return deflateInit2(stream, level, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
}

static inline int zlib_begin_gunzip(z_stream *stream) {
    return inflateInit2(stream, 15 + 16);
}
