// What reads from streams, and may wait in it.
//
// SPDX-License-Identifier: MIT
#include "../../src/patch/patch.h"

#include <stdarg.h>
#include <sys/types.h>
#include <wchar.h>

#include "lock.h"

STREAM_CALL(char *, NULL, fgets, (char *line, int size, FILE *file), (line, size, file), file)
STREAM_CALL(int, EOF, fgetc, (FILE * file), (file), file)
STREAM_CALL(int, EOF, getc, (FILE * file), (file), file)
STREAM_CALL(int, EOF, getchar, (void), (), stdin)
STREAM_CALL(int, EOF, ungetc, (int byte, FILE *file), (byte, file), file)
STREAM_CALL(size_t, 0, fread, (void *buffer, size_t size, size_t count, FILE *file),
            (buffer, size, count, file), file)
STREAM_CALL(ssize_t, -1, getdelim, (char **line, size_t *size, int end, FILE *file),
            (line, size, end, file), file)
STREAM_CALL(int, EOF, vfscanf, (FILE * file, const char *format, va_list values),
            (file, format, values), file)
STREAM_CALL(wint_t, WEOF, fgetwc, (FILE * file), (file), file)
STREAM_CALL(wchar_t *, NULL, fgetws, (wchar_t * line, int size, FILE *file), (line, size, file),
            file)
STREAM_CALL(int, EOF, vfwscanf, (FILE * file, const wchar_t *format, va_list values),
            (file, format, values), file)
