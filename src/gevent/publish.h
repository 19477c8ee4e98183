// Names for what a program shares with functions of JavaScript that run as greenlets.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_PUBLISH_H
#define GEVENT_PUBLISH_H

#include "cell.h"
#include "channel.h"
#include "queue.h"

#ifdef __cplusplus
extern "C" {
#endif

// Gives an object a name, by which a function that `app.spawn(async (g) => …)` runs can use it:
// `g.get("jobs")`. All may be called from anywhere, and natively, too, where nobody asks.
//   name    copied; in use until gevent_unpublish
//   object  the program's, and to be there until then; of tasks and greenlets a reference is taken
//   items   what the pointers in a queue or channel are. Whoever gets one owns what it points to
//           and frees it with free(); NULL reads as 0, '', no bytes and undefined
//             GEVENT_TYPE_i32               a number, as (void *)(intptr_t)number
//             GEVENT_TYPE_i64, _f64         int64_t *, double *
//             GEVENT_TYPE_string, _json     char *
//             GEVENT_TYPE_bytes             gevent_bytes_t *, of one allocation with its data
// GREENLET_EINVAL (no name or object, another type, a name in use), GREENLET_ENOMEM. (ours)
int gevent_publish_queue(const char *name, gevent_queue_t *queue, gevent_type_t items);
int gevent_publish_channel(const char *name, gevent_channel_t *channel, gevent_type_t items);
int gevent_publish_event(const char *name, gevent_event_t *event);
int gevent_publish_semaphore(const char *name, gevent_semaphore_t *semaphore);
int gevent_publish_task(const char *name, gevent_task_t *task);
int gevent_publish_greenlet(const char *name, greenlet_t *greenlet);

// From now on the name is refused with GREENLET_EHANDLE. To be called before the object goes; who
// waits in it already goes on waiting. GREENLET_EHANDLE: there is no such name.
int gevent_unpublish(const char *name);

// The task that was published with a name, be it a function's (`g.publish`): borrowed. NULL: there
// is none. The value of a function's task is the integer of 32 bits that it has returned, cast as
// that of `g.switch` is, and NULL for whatever else.
gevent_task_t *gevent_published_task(const char *name);

#ifdef __cplusplus
}
#endif
#endif
