// What writes to streams, and must not do so while somebody else holds them.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <stdarg.h>
#include <wchar.h>

#include "lock.h"

STREAM_CALL(int, EOF, fputc, (int byte, FILE *file), (byte, file), file)
STREAM_CALL(int, EOF, putc, (int byte, FILE *file), (byte, file), file)
STREAM_CALL(int, EOF, putchar, (int byte), (byte), stdout)
STREAM_CALL(int, EOF, fputs, (const char *text, FILE *file), (text, file), file)
STREAM_CALL(int, EOF, puts, (const char *text), (text), stdout)
STREAM_CALL(size_t, 0, fwrite, (const void *data, size_t size, size_t count, FILE *file),
            (data, size, count, file), file)
STREAM_CALL(int, -1, vfprintf, (FILE * file, const char *format, va_list values),
            (file, format, values), file)
STREAM_CALL(wint_t, WEOF, fputwc, (wchar_t character, FILE *file), (character, file), file)
STREAM_CALL(int, -1, fputws, (const wchar_t *text, FILE *file), (text, file), file)
STREAM_CALL(int, -1, vfwprintf, (FILE * file, const wchar_t *format, va_list values),
            (file, format, values), file)
