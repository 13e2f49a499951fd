#!/usr/bin/env python3
"""Copies a 64-bit ELF program so that it starts where the C and C++ libraries are older than those it was linked against.

    older-glibc.py PROGRAM COPY VERSION...

The dynamic loader refuses a program that needs a symbol version which a library doesn't have. The copy calls the given
versions "weak", which it may need and not get; what they name is then looked up in whatever else is loaded: the preloaded
library that is made of older-glibc.c. No code is changed.
"""

import struct
import sys

SHT_GNU_VERNEED = 0x6FFFFFFE
VER_FLG_WEAK = 2


def sections(program):
    """Type, offset, link and count of each section."""
    start, = struct.unpack_from("<Q", program, 0x28)
    size, count = struct.unpack_from("<HH", program, 0x3A)
    for index in range(count):
        _, kind, _, _, offset, _, link, info = struct.unpack_from("<IIQQQQII", program, start + index * size)
        yield kind, offset, link, info


def weaken(program, versions):
    """Marks the versions in place; returns those that were found."""
    found = set()
    tables = list(sections(program))
    for kind, need, link, count in tables:
        if kind != SHT_GNU_VERNEED:
            continue
        names = tables[link][1]
        for _ in range(count):
            _, entries, _, first, next_need = struct.unpack_from("<HHIII", program, need)
            entry = need + first
            for _ in range(entries):
                _, flags, _, name, next_entry = struct.unpack_from("<IHHII", program, entry)
                text = program[names + name : program.index(0, names + name)].decode()
                if text in versions:
                    struct.pack_into("<H", program, entry + 4, flags | VER_FLG_WEAK)
                    found.add(text)
                entry += next_entry
            need += next_need
    return found


def main(source, copy, *versions):
    with open(source, "rb") as file:
        program = bytearray(file.read())
    if program[:5] != b"\x7fELF\x02":
        sys.exit(f"{source} is no 64-bit ELF program")
    missing = set(versions) - weaken(program, versions)
    if missing:
        sys.exit(f"{source} doesn't need {', '.join(sorted(missing))}")
    with open(copy, "wb") as file:
        file.write(program)


main(*sys.argv[1:])
