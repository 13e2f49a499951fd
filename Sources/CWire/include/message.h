#pragma once

#include "arena.h"

/// Declares what a message needs beside its struct: the table by which libprotobuf-c knows it.
#define HMS_MESSAGE(name)                                                                                            \
    typedef struct name name;                                                                                        \
    extern const ProtobufCMessageDescriptor name##_descriptor;                                                       \
    static inline const ProtobufCMessageDescriptor *name##_describe(void) { return &name##_descriptor; }

/// Defines the table of a message over that of its fields and the runs of their numbers: each as its first number and the index
/// of that field, and at last a zero with the count. Nobody looks fields up by name.
#define HMS_DESCRIBE(name, package, short_name, field_count, fields, run_count, ...)                                 \
    static const ProtobufCIntRange name##_runs[run_count + 1] = { __VA_ARGS__ };                                     \
    static void name##_initialize(ProtobufCMessage *message)                                                         \
    {                                                                                                                \
        memset(message, 0, sizeof(name));                                                                            \
        message->descriptor = &name##_descriptor;                                                                    \
    }                                                                                                                \
    const ProtobufCMessageDescriptor name##_descriptor = {                                                           \
        PROTOBUF_C__MESSAGE_DESCRIPTOR_MAGIC, package "." short_name, short_name, #name, package, sizeof(name),      \
        field_count, fields, NULL, run_count, name##_runs, name##_initialize, NULL, NULL, NULL,                      \
    }
