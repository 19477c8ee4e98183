// Writing to streams.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <stdarg.h>
#include <stdio.h>

#include "patch_stream.h"

int _IO_putc(int character, FILE *file);
int _IO_fputs(const char *text, FILE *file);
int _IO_puts(const char *text);
size_t _IO_fwrite(const void *buffer, size_t size, size_t count, FILE *file);
int _IO_fflush(FILE *file);
int __vfprintf_chk(FILE *file, int flag, const char *format, va_list list);

int fputc(int character, FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return EOF;
    int code = _IO_putc(character, file);
    stream_end(&use);
    return code;
}

int(putc)(int character, FILE *file) {
    return fputc(character, file);
}

int(putchar)(int character) {
    return fputc(character, stdout);
}

int fputs(const char *text, FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return EOF;
    int code = _IO_fputs(text, file);
    stream_end(&use);
    return code;
}

int puts(const char *text) {
    stream_use_t use;
    FILE *file = stdout;
    if (stream_begin(&use, &file) < 0) return EOF;
    int code = _IO_puts(text);
    stream_end(&use);
    return code;
}

size_t fwrite(const void *buffer, size_t size, size_t count, FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return 0;
    size_t written = _IO_fwrite(buffer, size, count, file);
    stream_end(&use);
    return written;
}

// Of all streams (NULL) none is locked.
int fflush(FILE *file) {
    stream_use_t use = {.lock = NULL};
    if (file && stream_begin(&use, &file) < 0) return EOF;
    int code = _IO_fflush(file);
    stream_end(&use);
    return code;
}

// ---- formatted ----------------------------------------------------------------------------------

enum { UNCHECKED = -1 };

// libc's own are vfprintf, and what fortified code calls in its place.
static int print(FILE *file, int flag, const char *format, va_list list) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return -1;
    int count =
        flag == UNCHECKED ? vfprintf(file, format, list) : __vfprintf_chk(file, flag, format, list);
    stream_end(&use);
    return count;
}

#define PRINT(file, flag)                                                                          \
    va_list list;                                                                                  \
    va_start(list, format);                                                                        \
    int count = print(file, flag, format, list);                                                   \
    va_end(list);                                                                                  \
    return count

int fprintf(FILE *file, const char *format, ...) {
    PRINT(file, UNCHECKED);
}

int printf(const char *format, ...) {
    PRINT(stdout, UNCHECKED);
}

int vprintf(const char *format, va_list list) {
    return print(stdout, UNCHECKED, format, list);
}

int __fprintf_chk(FILE *file, int flag, const char *format, ...);
int __printf_chk(int flag, const char *format, ...);
int __vprintf_chk(int flag, const char *format, va_list list);

int __fprintf_chk(FILE *file, int flag, const char *format, ...) {
    PRINT(file, flag);
}

int __printf_chk(int flag, const char *format, ...) {
    PRINT(stdout, flag);
}

int __vprintf_chk(int flag, const char *format, va_list list) {
    return print(stdout, flag, format, list);
}
