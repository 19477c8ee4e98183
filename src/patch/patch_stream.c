// Streams of stdio that park, and their locks.
//
// libc's own streams read by a call that cannot be replaced. So stdin, and what is made by fdopen,
// is a stream of fopencookie, if it is of something that one can wait for. libc's locks belong to
// threads: what a parked greenlet holds does not keep out another one.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#include "../gevent/hub_internal.h"
#include "patch_stream.h"

size_t _IO_fread(void *buffer, size_t size, size_t count, FILE *file);
FILE *_IO_fdopen(int fd, const char *mode);
int _IO_fclose(FILE *file);
void _IO_flockfile(FILE *file);
void _IO_funlockfile(FILE *file);
int _IO_ftrylockfile(FILE *file);

// ---- locks --------------------------------------------------------------------------------------

struct stream_lock {
    FILE *file; // NULL: it is nobody's
    gevent_rlock_t rlock;
    struct stream_lock *next;
};
typedef struct stream_lock lock_t;

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
    FILE *before; // in whose place it is, or NULL
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

// What has been read already by the one before.
static size_t read_before(const stream_t *stream, char *buffer, size_t size) {
    const FILE *before = stream->before;
    if (!before || before->_IO_read_ptr >= before->_IO_read_end) return 0;
    size_t left = (size_t)(before->_IO_read_end - before->_IO_read_ptr);
    return _IO_fread(buffer, 1, left < size ? left : size, stream->before);
}

// Who is ended hard in there leaves libc's lock.
static ssize_t read_stream(void *cookie, char *buffer, size_t size) {
    const stream_t *stream = cookie;
    gevent_cleanup_t cleanup;
    size_t had = read_before(stream, buffer, size);
    if (had > 0) return (ssize_t)had;
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
    *stream = (stream_t){.fd = fd, .file = file};
    file->_fileno = fd;      // for fileno
    file->_wide_data = NULL; // for freopen
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

static FILE *own_stdin; // libc's

__attribute__((constructor)) static void note_stdin(void) {
    own_stdin = stdin;
}

// Before a terminal is read, what stdout has of a line is shown, as the stream that is replaced
// here sees to by being line-buffered.
static FILE *replace_stdin(void) {
    if (stdin != own_stdin) return stdin;
    FILE *file = can_be_waited_for(0) ? open_stream(0, "r") : NULL;
    if (!file) return own_stdin;
    streams->before = own_stdin;
    if (isatty(0)) (void)setvbuf(file, NULL, _IOLBF, 0);
    stdin = file;
    return file;
}

// libc checks the mode against that of the descriptor.
FILE *fdopen(int fd, const char *mode) {
    FILE *file = _IO_fdopen(fd, mode);
    if (!file || patch_begin() != PATCH_COOPERATIVE || !can_be_waited_for(fd)) return file;
    FILE *ours = open_stream(fd, mode);
    if (!ours) return file;
    file->_fileno = -1;
    (void)_IO_fclose(file);
    return ours;
}

int fclose(FILE *file) {
    patch_tell_closed(fileno(file));
    return _IO_fclose(file);
}

// ---- the use of a stream ------------------------------------------------------------------------

int stream_begin(stream_use_t *use, FILE **file) {
    use->lock = NULL;
    if (*file != own_stdin && !find_lock(*file) && !parks(*file)) return 0;
    patch_mode_t mode = patch_begin();
    if (mode != PATCH_COOPERATIVE) return mode;
    if (*file == own_stdin) *file = replace_stdin();
    if (!find_lock(*file) && !parks(*file)) return 0;
    lock_t *lock = lock_of(*file);
    if (!lock) return patch_fail(GREENLET_ENOMEM);
    int code = gevent_rlock_hold(&lock->rlock, GEVENT_FOREVER, &use->cleanup);
    if (code < 0) return patch_fail(code);
    use->lock = lock;
    return 0;
}

void stream_end(stream_use_t *use) {
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
