// gevent: a hub that turns time, promises and other greenlets into wake-ups, and the calls that
// wait for them. A call that waits parks only the greenlet that made it.
//
// The tree is the same on every host: the main greenlet is the root, the hub is its child, tasks
// are children of the hub. Wake-ups go through one FIFO queue, so that the order is the same
// everywhere. Which calls wait is said at each; on the path on which they need not, they do not
// switch. Where a call has `seconds`, it waits at most that long. With 0 or less, calls that take
// or give something (acquire, get, put, select) do not wait at all and may be called from anywhere;
// the others let all who are ready run first.
//
// A call that waits can fail with, besides what is said at it:
//   the error of gevent_kill (GREENLET_EEXIT as a rule), of a gevent_timeout_t (GREENLET_EEXPIRED),
//   or any that is thrown into the greenlet meanwhile; GREENLET_EHUB from a hub callback;
//   GREENLET_ECANCELED in a scope that is cancelled; GREENLET_EWOULDBLOCK in a synchronous call
//   from JavaScript; GREENLET_EDEADLK in the main greenlet when nothing is left that could ever
//   wake anybody; GREENLET_ESWITCH when somebody else switched to the waiter; GREENLET_ENOMEM.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_H
#define GEVENT_H

#include "gevent/asyncio.h"
#include "gevent/barrier.h"
#include "gevent/base.h"
#include "gevent/callback.h"
#include "gevent/case.h"
#include "gevent/channel.h"
#include "gevent/cleanup.h"
#include "gevent/clock.h"
#include "gevent/condition.h"
#include "gevent/door.h"
#include "gevent/dump.h"
#include "gevent/event.h"
#include "gevent/fd.h"
#include "gevent/group.h"
#include "gevent/hub.h"
#include "gevent/iterate.h"
#include "gevent/link.h"
#include "gevent/map.h"
#include "gevent/monitor.h"
#include "gevent/pool.h"
#include "gevent/publish.h"
#include "gevent/queue.h"
#include "gevent/result.h"
#include "gevent/result_link.h"
#include "gevent/rlock.h"
#include "gevent/rwlock.h"
#include "gevent/scope.h"
#include "gevent/select.h"
#include "gevent/semaphore.h"
#include "gevent/signal.h"
#include "gevent/sites.h"
#include "gevent/spawn_tree.h"
#include "gevent/task.h"
#include "gevent/timeout.h"
#include "gevent/timer.h"
#include "gevent/trace.h"
#include "gevent/waitgroup.h"

#endif
