#pragma once

#include "arena.h"

/// Declares what a message needs beside its struct: the table by which libprotobuf-c knows it, and a place in an arena.
#define HMS_MESSAGE(name)                                                                                            \
    typedef struct name name;                                                                                        \
    extern const ProtobufCMessageDescriptor name##_descriptor;                                                       \
    static inline const ProtobufCMessageDescriptor *name##_describe(void) { return &name##_descriptor; }             \
    static inline name *name##_in(hms_arena *arena)                                                                  \
    {                                                                                                                \
        name *made = (name *)hms_arena_demand(arena, sizeof(name));                                                  \
        made->base.descriptor = &name##_descriptor;                                                                  \
        return made;                                                                                                 \
    }

/// Defines the table of a message over those of its fields and of their numbers' runs. Nobody looks fields up by name.
#define HMS_DESCRIBE(name, package, short_name, field_count, fields, run_count, runs)                                \
    static void name##_initialize(ProtobufCMessage *message)                                                         \
    {                                                                                                                \
        memset(message, 0, sizeof(name));                                                                            \
        message->descriptor = &name##_descriptor;                                                                    \
    }                                                                                                                \
    const ProtobufCMessageDescriptor name##_descriptor = {                                                           \
        PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC, package "." short_name, short_name, #name, package, sizeof(name),      \
        field_count, fields, NULL, run_count, runs, name##_initialize, NULL, NULL, NULL,                             \
    }
