// Signals: a greenlet that starts when the process is told something.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SIGNAL_H
#define GEVENT_SIGNAL_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Those that have the same number on every host; X(name, number).
#define GEVENT_SIGNALS(X)                                                                          \
    X(SIGHUP, 1)                                                                                   \
    X(SIGINT, 2)                                                                                   \
    X(SIGQUIT, 3)                                                                                  \
    X(SIGTERM, 15)

enum {
#define GEVENT_SIGNAL_NUMBER(name, number) GEVENT_##name = (number),
    GEVENT_SIGNALS(GEVENT_SIGNAL_NUMBER)
#undef GEVENT_SIGNAL_NUMBER
};

// From now on, a task that runs `run` with `argument` is spawned when the process gets the signal,
// instead of what the signal did before; once for several that come close together. In this thread,
// when its hub next looks: nothing is interrupted, and that somebody could send one keeps nobody
// waiting (GREENLET_EDEADLK). A second call for the same signal replaces the first.
//   number  GEVENT_SIGINT, …; natively any that can be caught
//   run     NULL: the signal does again what it did before
// From anywhere. GREENLET_EINVAL (no such signal, or one that cannot be caught); GREENLET_ENOSYS
// where there are none: WASI, browsers; GREENLET_ENOMEM. (gevent: signal_handler)
int gevent_signal(int number, greenlet_run_fn run, void *argument);

#ifdef __cplusplus
}
#endif
#endif
