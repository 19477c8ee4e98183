// Locks of streams: libc's streams have none where there are no threads.
#ifndef GREENLET_STDIO_LOCK_H
#define GREENLET_STDIO_LOCK_H

#include <stdio.h>

#include "../../src/gevent/cleanup.h"

// A program that does not use one of them need not have it for the sake of its lock.
extern __attribute__((weak)) FILE *const stdin;
extern __attribute__((weak)) FILE *const stdout;

typedef struct stream_use {
    struct stream_lock *lock; // NULL: nothing may wait here
    gevent_cleanup_t cleanup;
} stream_use_t;

// Waits until no other greenlet uses the stream or holds it by flockfile: 0, or -1 and errno. At
// the end of a task that is killed hard, its use ends too.
int stream_begin(stream_use_t *use, FILE *file);
void stream_end(stream_use_t *use);

// Defines what the linker calls in place of libc's function (--wrap), which uses the stream `file`.
#define STREAM_CALL(result, failure, name, parameters, arguments, file)                            \
    result __real_##name parameters;                                                               \
    result __wrap_##name parameters {                                                              \
        stream_use_t use;                                                                          \
        if (stream_begin(&use, file) < 0) return failure;                                          \
        result outcome = __real_##name arguments;                                                  \
        stream_end(&use);                                                                          \
        return outcome;                                                                            \
    }

#endif
