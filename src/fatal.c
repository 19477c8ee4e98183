// SPDX-License-Identifier: MIT
#include "fatal.h"

#include <stdarg.h>
#include <stdio.h>

void fatal(int code, const char *format, ...) {
    char message[512];
    va_list args;
    va_start(args, format);
    vsnprintf(message, sizeof message, format, args);
    va_end(args);
    fatal_report(code, message);
}
