// Emscripten's printf for programs that print no floating point, or none that is long.
//
// SPDX-License-Identifier: MIT
#include "../src/patch/patch.h"

#include <stdarg.h>

#include "stdio/lock.h"

STREAM_CALL(int, -1, vfiprintf, (FILE * file, const char *format, va_list values),
            (file, format, values), file)
STREAM_CALL(int, -1, __small_vfprintf, (FILE * file, const char *format, va_list values),
            (file, format, values), file)
