// What the tests of pthreads share. They run over greenlets, in wasm, and over the threads of the
// system, which shows that what they expect is so.
//
// SPDX-License-Identifier: MIT
#ifndef THREADS_TEST_H
#define THREADS_TEST_H

#undef _GNU_SOURCE
#define _GNU_SOURCE

#include <errno.h>
#include <limits.h>
#include <pthread.h>
#include <time.h>

#include "../conformance/check.h"

// Makes a thread; its result, once it has ended.
pthread_t start(void *(*run)(void *), void *argument);
void *end_of(pthread_t thread);
// One that is cancelled now.
void cancel(pthread_t thread);

// Others go as far as they can; over threads, some way.
void let_others_run(void);

struct timespec from_now(clockid_t clock, long milliseconds);

// Where threads wait until it is opened; whoever made it waits in `leave_gate` until so many are
// through.
typedef struct gate {
    pthread_mutex_t mutex;
    pthread_cond_t changed;
    int is_open, through;
} gate_t;
#define GATE_CLOSED                                                                                \
    { PTHREAD_MUTEX_INITIALIZER, PTHREAD_COND_INITIALIZER, 0, 0 }
void pass_gate(gate_t *gate);
void open_gate(gate_t *gate);
void leave_gate(gate_t *gate, int threads);

// Not every libc's header has it.
int pthread_getname_np(pthread_t thread, char *name, size_t size);

#endif
