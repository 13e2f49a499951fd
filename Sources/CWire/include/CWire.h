#pragma once

#include "arena.h"
#include "crc32c.h"
#include "decode.h"
#include "message.h"
