// Where in the source somebody waits: code that is compiled with GREENLET_SITES defined says it at
// each call that may, and gevent_dump shows it (see greenlet_parked_at, gevent_mark_spawn).
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SITES_H
#define GEVENT_SITES_H

#include "../greenlet.h"

#ifdef GREENLET_SITES
#define GEVENT_PARK_AT_(call) (greenlet_mark_site(GREENLET_SITE), call)

#define gevent_sleep(seconds) GEVENT_PARK_AT_(gevent_sleep(seconds))
#define gevent_yield() GEVENT_PARK_AT_(gevent_yield())
#define gevent_idle() GEVENT_PARK_AT_(gevent_idle())
#define gevent_join(task, seconds) GEVENT_PARK_AT_(gevent_join(task, seconds))
#define gevent_get(task, seconds, value) GEVENT_PARK_AT_(gevent_get(task, seconds, value))
#define gevent_kill(task, error, seconds) GEVENT_PARK_AT_(gevent_kill(task, error, seconds))
#define gevent_joinall(tasks, length, seconds, flags, count, finished)                             \
    GEVENT_PARK_AT_(gevent_joinall(tasks, length, seconds, flags, count, finished))
#define gevent_event_wait(event, seconds) GEVENT_PARK_AT_(gevent_event_wait(event, seconds))
#define gevent_scope_close(scope, code) GEVENT_PARK_AT_(gevent_scope_close(scope, code))
#define gevent_run() GEVENT_PARK_AT_(gevent_run())
#define gevent_run_for(seconds) GEVENT_PARK_AT_(gevent_run_for(seconds))
#endif

#endif
