// What the tests of the cooperative libc share: pipes, tasks that run one function, and main as
// somebody who lets them run.
//
// SPDX-License-Identifier: MIT
#ifndef HELPERS_H
#define HELPERS_H

#define _GNU_SOURCE

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "../conformance/check.h"
#include "gevent.h"

typedef struct pipe_ends {
    int reader, writer;
} pipe_ends_t;

pipe_ends_t open_pipe(void);
// Two that are connected.
pipe_ends_t open_sockets(int type);
// Those that are open still.
void close_pipe(pipe_ends_t *ends);
void close_end(int *fd);

// A task of a function without parameters; the caller has a reference.
gevent_task_t *run_in_task(void (*function)(void));
// Until it has ended; drops the reference.
void wait_for(gevent_task_t *task);
void let_others_run(void);

// The real clock, for calls that end when a time is over while a descriptor is waited for.
void use_real_clock(void);
void use_virtual_clock(void);

#endif
