// stdio: streams whose reading parks, and a lock for each stream over the greenlets of a thread.
//
// libc's own streams read by a call that cannot be replaced. So stdin, and what is made by fdopen,
// is a stream of fopencookie, if it is of something that one can wait for. libc's locks belong to
// threads: what a parked greenlet holds does not keep out another one.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <pthread.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../gevent/hub_internal.h"

char *_IO_fgets(char *buffer, int size, FILE *file);
int _IO_getc(FILE *file);
size_t _IO_fread(void *buffer, size_t size, size_t count, FILE *file);
FILE *_IO_fdopen(int fd, const char *mode);
int _IO_fclose(FILE *file);
void _IO_flockfile(FILE *file);
void _IO_funlockfile(FILE *file);
int _IO_ftrylockfile(FILE *file);

// ---- locks --------------------------------------------------------------------------------------

typedef struct lock {
    FILE *file; // NULL: it is nobody's
    gevent_rlock_t rlock;
    struct lock *next;
} lock_t;

static _Thread_local lock_t *locks;

static pthread_key_t locks_key;
static pthread_once_t locks_once = PTHREAD_ONCE_INIT;

static void free_locks(void *first) {
    for (lock_t *lock = first, *next; lock; lock = next) {
        next = lock->next;
        free(lock);
    }
    locks = NULL;
}

static void make_key(void) {
    (void)pthread_key_create(&locks_key, free_locks);
}

static lock_t *find_lock(const FILE *file) {
    lock_t *lock = locks;
    while (lock && lock->file != file) lock = lock->next;
    return lock;
}

static lock_t *add_lock(void) {
    lock_t *lock = calloc(1, sizeof *lock);
    if (!lock) return NULL;
    (void)pthread_once(&locks_once, make_key);
    lock->next = locks;
    locks = lock;
    (void)pthread_setspecific(locks_key, locks);
    return lock;
}

static lock_t *lock_of(FILE *file) {
    lock_t *lock = find_lock(file);
    if (!lock) lock = find_lock(NULL);
    if (!lock) lock = add_lock();
    if (lock) lock->file = file;
    return lock;
}

// With nobody left, it may be another stream's.
static void give_back(lock_t *lock) {
    if (!lock->rlock.owner && list_is_empty(&lock->rlock.waiters.list)) lock->file = NULL;
}

// ---- streams that park --------------------------------------------------------------------------

typedef struct stream {
    int fd;
    FILE *file;
    struct stream *next;
} stream_t;

static stream_t *streams;
static pthread_mutex_t streams_lock = PTHREAD_MUTEX_INITIALIZER;

static int parks(const FILE *file) {
    (void)pthread_mutex_lock(&streams_lock);
    const stream_t *stream = streams;
    while (stream && stream->file != file) stream = stream->next;
    (void)pthread_mutex_unlock(&streams_lock);
    return stream != NULL;
}

static void unlock_file(void *file) {
    _IO_funlockfile(file);
}

// Who is ended hard in there leaves libc's lock.
static ssize_t read_stream(void *cookie, char *buffer, size_t size) {
    const stream_t *stream = cookie;
    gevent_cleanup_t cleanup;
    int is_cooperative = hub_if_any() != NULL;
    if (is_cooperative) gevent_cleanup_push(&cleanup, unlock_file, stream->file);
    ssize_t got = read(stream->fd, buffer, size);
    if (is_cooperative) gevent_cleanup_pop(&cleanup, 0);
    return got;
}

static ssize_t write_stream(void *cookie, const char *buffer, size_t size) {
    const stream_t *stream = cookie;
    ssize_t written = write(stream->fd, buffer, size);
    return written < 0 ? 0 : written;
}

static int seek_stream(void *cookie, off64_t *offset, int whence) {
    const stream_t *stream = cookie;
    off64_t place = lseek64(stream->fd, *offset, whence);
    if (place >= 0) *offset = place;
    return place < 0 ? -1 : 0;
}

static void take_out(const stream_t *stream) {
    (void)pthread_mutex_lock(&streams_lock);
    stream_t **place = &streams;
    while (*place != stream) place = &(*place)->next;
    *place = stream->next;
    (void)pthread_mutex_unlock(&streams_lock);
}

static int close_stream(void *cookie) {
    stream_t *stream = cookie;
    int fd = stream->fd;
    take_out(stream);
    free(stream);
    return close(fd);
}

static void put_in(stream_t *stream, int fd, FILE *file) {
    *stream = (stream_t){fd, file, NULL};
    file->_fileno = fd; // for fileno
    (void)pthread_mutex_lock(&streams_lock);
    stream->next = streams;
    streams = stream;
    (void)pthread_mutex_unlock(&streams_lock);
}

static FILE *open_stream(int fd, const char *mode) {
    static const cookie_io_functions_t functions = {read_stream, write_stream, seek_stream,
                                                    close_stream};
    stream_t *stream = malloc(sizeof *stream);
    FILE *file = stream ? fopencookie(stream, mode, functions) : NULL;
    if (file)
        put_in(stream, fd, file);
    else
        free(stream);
    return file;
}

static int can_be_waited_for(int fd) {
    struct stat status;
    if (fstat(fd, &status) < 0) return 0;
    return S_ISFIFO(status.st_mode) || S_ISSOCK(status.st_mode) || S_ISCHR(status.st_mode);
}

__attribute__((constructor)) static void replace_stdin(void) {
    FILE *file = can_be_waited_for(0) ? open_stream(0, "r") : NULL;
    if (file) stdin = file;
}

// libc checks the mode against that of the descriptor.
FILE *fdopen(int fd, const char *mode) {
    FILE *file = _IO_fdopen(fd, mode);
    if (!file || !can_be_waited_for(fd)) return file;
    FILE *ours = open_stream(fd, mode);
    if (!ours) return file;
    file->_fileno = -1;
    (void)_IO_fclose(file);
    return ours;
}

int fclose(FILE *file) {
    gevent_fd_closed(fileno(file));
    return _IO_fclose(file);
}

// ---- the use of a stream ------------------------------------------------------------------------

typedef struct use {
    lock_t *lock; // NULL: it needs none
    gevent_cleanup_t cleanup;
} use_t;

// 0, or -1 and errno. A stream that does not park is locked only where somebody holds it.
static int begin(use_t *use, FILE *file) {
    use->lock = NULL;
    patch_mode_t mode = patch_begin();
    if (mode != PATCH_COOPERATIVE) return mode;
    if (!find_lock(file) && !parks(file)) return 0;
    lock_t *lock = lock_of(file);
    if (!lock) return patch_fail(GREENLET_ENOMEM);
    int code = gevent_rlock_hold(&lock->rlock, GEVENT_FOREVER, &use->cleanup);
    if (code < 0) return patch_fail(code);
    use->lock = lock;
    return 0;
}

static void end(use_t *use) {
    if (!use->lock) return;
    gevent_cleanup_pop(&use->cleanup, 1);
    give_back(use->lock);
}

void flockfile(FILE *file) {
    if (patch_begin() == PATCH_COOPERATIVE) {
        lock_t *lock = lock_of(file);
        if (lock) (void)gevent_rlock_acquire(&lock->rlock, GEVENT_FOREVER);
    }
    _IO_flockfile(file);
}

int ftrylockfile(FILE *file) {
    if (patch_begin() == PATCH_COOPERATIVE) {
        lock_t *lock = lock_of(file);
        if (!lock || gevent_rlock_acquire(&lock->rlock, GEVENT_NOWAIT) < 0) return -1;
    }
    return _IO_ftrylockfile(file);
}

void funlockfile(FILE *file) {
    _IO_funlockfile(file);
    lock_t *lock = find_lock(file);
    if (!lock || gevent_rlock_owner(&lock->rlock) != greenlet_current()) return;
    (void)gevent_rlock_release(&lock->rlock);
    give_back(lock);
}

// ---- reading ------------------------------------------------------------------------------------

char *fgets(char *buffer, int size, FILE *file) {
    use_t use;
    if (begin(&use, file) < 0) return NULL;
    char *line = _IO_fgets(buffer, size, file);
    end(&use);
    return line;
}

int fgetc(FILE *file) {
    use_t use;
    if (begin(&use, file) < 0) return EOF;
    int character = _IO_getc(file);
    end(&use);
    return character;
}

int(getc)(FILE *file) {
    return fgetc(file);
}

int(getchar)(void) {
    return fgetc(stdin);
}

size_t fread(void *buffer, size_t size, size_t count, FILE *file) {
    use_t use;
    if (begin(&use, file) < 0) return 0;
    size_t got = _IO_fread(buffer, size, count, file);
    end(&use);
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
    use_t use;
    if (!line || !room) {
        errno = EINVAL;
        return -1;
    }
    if (begin(&use, file) < 0) return -1;
    _IO_flockfile(file);
    ssize_t got = read_until(line, room, delimiter, file);
    _IO_funlockfile(file);
    end(&use);
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
    use_t use;
    if (begin(&use, file) < 0) return EOF;
    int count = vfscanf(file, format, list);
    end(&use);
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
