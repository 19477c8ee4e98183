// Reading from streams.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

#include "patch_stream.h"

char *_IO_fgets(char *buffer, int size, FILE *file);
int _IO_getc(FILE *file);
size_t _IO_fread(void *buffer, size_t size, size_t count, FILE *file);
void _IO_flockfile(FILE *file);
void _IO_funlockfile(FILE *file);

char *fgets(char *buffer, int size, FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return NULL;
    char *line = _IO_fgets(buffer, size, file);
    stream_end(&use);
    return line;
}

int fgetc(FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return EOF;
    int character = _IO_getc(file);
    stream_end(&use);
    return character;
}

int(getc)(FILE *file) {
    return fgetc(file);
}

int(getchar)(void) {
    return fgetc(stdin);
}

size_t fread(void *buffer, size_t size, size_t count, FILE *file) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return 0;
    size_t got = _IO_fread(buffer, size, count, file);
    stream_end(&use);
    return got;
}

// Room for one more character and the end.
static int make_room(char **line, size_t *room, size_t used) {
    if (*line && used + 2 <= *room) return 0;
    size_t larger = *line && *room >= 60 ? 2 * *room : 120;
    char *grown = realloc(*line, larger);
    if (!grown) return -1;
    *line = grown;
    *room = larger;
    return 0;
}

static ssize_t read_until(char **line, size_t *room, int delimiter, FILE *file) {
    size_t used = 0;
    for (int character = 0; character != delimiter; used++) {
        if (make_room(line, room, used) < 0) return -1;
        character = getc_unlocked(file);
        if (character == EOF) break;
        (*line)[used] = (char)character;
    }
    (*line)[used] = '\0';
    return used > 0 ? (ssize_t)used : -1;
}

ssize_t getdelim(char **line, size_t *room, int delimiter, FILE *file) {
    stream_use_t use;
    if (!line || !room) {
        errno = EINVAL;
        return -1;
    }
    if (stream_begin(&use, &file) < 0) return -1;
    _IO_flockfile(file);
    ssize_t got = read_until(line, room, delimiter, file);
    _IO_funlockfile(file);
    stream_end(&use);
    return got;
}

ssize_t __getdelim(char **line, size_t *room, int delimiter, FILE *file) {
    return getdelim(line, room, delimiter, file);
}

ssize_t getline(char **line, size_t *room, FILE *file) {
    return getdelim(line, room, '\n', file);
}

// ---- scanning -----------------------------------------------------------------------------------

// libc's own is vfscanf, under whatever name the header gives it.
static int scan(FILE *file, const char *format, va_list list) {
    stream_use_t use;
    if (stream_begin(&use, &file) < 0) return EOF;
    int count = vfscanf(file, format, list);
    stream_end(&use);
    return count;
}

int vscanf(const char *format, va_list list) {
    return scan(stdin, format, list);
}

int fscanf(FILE *file, const char *format, ...) {
    va_list list;
    va_start(list, format);
    int count = scan(file, format, list);
    va_end(list);
    return count;
}

int scanf(const char *format, ...) {
    va_list list;
    va_start(list, format);
    int count = scan(stdin, format, list);
    va_end(list);
    return count;
}

// ---- what fortified code calls ------------------------------------------------------------------

_Noreturn void __chk_fail(void);
char *__fgets_chk(char *buffer, size_t room, int size, FILE *file);
size_t __fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file);

char *__fgets_chk(char *buffer, size_t room, int size, FILE *file) {
    if (size > 0 && (size_t)size > room) __chk_fail();
    return fgets(buffer, size, file);
}

size_t __fread_chk(void *buffer, size_t room, size_t size, size_t count, FILE *file) {
    if (size > 0 && count > room / size) __chk_fail();
    return fread(buffer, size, count, file);
}
