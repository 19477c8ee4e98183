// Links: what is called when a task has finished.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_LINK_H
#define GEVENT_LINK_H

#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// What a link calls, with the finished task (borrowed for the call) and its own argument. A
// negative code is a failure, as in a run function; it is told to the unhandled hook and keeps
// nobody else from being called.
typedef int (*gevent_link_fn)(gevent_task_t *task, void *argument);

// Calls `run(task, argument)` when the task has finished, through the queue: for one that has
// finished already, soon. Links and those who join are told in the order in which they came. What
// is linked twice is called twice. The links of a task that is freed without having been started
// are dropped.
//   rawlink  in the hub, where nothing can wait (GREENLET_EHUB)
//   link     in a greenlet of its own, which may wait, and which no one waits for
//   (gevent_spawn_raw);
//            without memory for its stack it is not called, and that is told to the unhandled hook
//   value    likewise, but only if the task was successful
//   error    likewise, but only if it failed
// From anywhere. GREENLET_EINVAL (no task, no run), GREENLET_ENOMEM. (gevent: rawlink, link,
// link_value, link_exception)
int gevent_rawlink(gevent_task_t *task, gevent_link_fn run, void *argument);
int gevent_link(gevent_task_t *task, gevent_link_fn run, void *argument);
int gevent_link_value(gevent_task_t *task, gevent_link_fn run, void *argument);
int gevent_link_error(gevent_task_t *task, gevent_link_fn run, void *argument);

// Takes out the first link that has both and has not been called; a link may take out later ones.
// Returns 1, or 0 if there is none. From anywhere. (gevent: unlink)
int gevent_unlink(gevent_task_t *task, gevent_link_fn run, const void *argument);
// Takes all links out; those who join stay. (gevent: unlink_all)
void gevent_unlink_all(gevent_task_t *task);

// To be linked, as in gevent_rawlink(task, gevent_link_to_event, &event). What they are given must
// live until then.
//   event   sets a gevent_event_t
//   result  settles a gevent_result_t with the task's value, or with its error; that of one that
//           was killed is the exit object, which a result keeps alive as an error only
//   queue   puts the task into a gevent_queue_t, with a reference that goes to whoever gets it. A
//           gevent_link waits for room; in a gevent_rawlink, which cannot, GREENLET_ETIMEDOUT
//   channel  likewise, to one who gets from a gevent_channel_t
// A failure, also GREENLET_ECLOSED and GREENLET_ENOMEM, is told to the unhandled hook, and nobody
// has the reference. (gevent: link(queue.put))
int gevent_link_to_event(gevent_task_t *task, void *event);
int gevent_link_to_result(gevent_task_t *task, void *result);
int gevent_link_to_queue(gevent_task_t *task, void *queue);
int gevent_link_to_channel(gevent_task_t *task, void *channel);

#ifdef __cplusplus
}
#endif
#endif
