// Introspection: who is there, who waits for what, and who can never go on.
//
// What is written is NUL-terminated, into `size` bytes (0: `buffer` may be NULL). Each call returns
// the length that the text has or would have, as snprintf. From anywhere.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_DUMP_H
#define GEVENT_DUMP_H

#include "base.h"

#ifdef __cplusplus
extern "C" {
#endif

// Who waits for what and since when, a line each.
size_t gevent_waiting(char *buffer, size_t size);

// All greenlets of this thread as a forest, each below who made it, a line each: name and number,
// what it does or waits for and since when, bytes of its stack and how many of them are in use,
// where it was spawned and is parked (code that was compiled with GREENLET_SITES says that). Then
// how many there are and what they take, all in all and each. Without memory for sorting, a list.
// (gevent: util.print_run_info)
size_t gevent_dump(char *buffer, size_t size);

// The same for programs, as one line of JSON: an object of `now` in seconds, `virtual` (whether the
// clock is), `tasks` that have not finished, and `greenlets`, an array in no order of objects with
//   id, name, parent and creator (ids or null), spawned_at and parked_at (strings or null)
//   state   "new", "ready" (will run), "running", "waiting", "suspended" (by a switch of its own)
//           or "dead"
//   wait    null, or an object of `in` ("sleep", "join", …), `for` (the name of what it waits for,
//           or null), `id` (of a greenlet that it waits for, or null), `seconds` (for how long)
//   is_stuck  as gevent_find_stuck
//   stack, used, bytes  of its stack; in use on it; that it takes all in all
size_t gevent_dump_json(char *buffer, size_t size);

// Finds those who can never go on unless somebody kills or cancels them: they wait without any
// deadline for one another in a circle, for an event or a result whose owner
// (gevent_event_set_owner, gevent_result_set_owner) has finished, or for somebody who does. For
// that the hub need not be idle: it is found while a server keeps it going. Never a false alarm,
// but not all that is stuck is found: whoever waits for an object that nobody owns, such as a
// queue, is not looked at.
//   stuck     gets at most `capacity` of them: borrowed, until the hub runs again
// Returns how many there are.
size_t gevent_find_stuck(greenlet_t **stuck, size_t capacity);

#ifdef __cplusplus
}
#endif
#endif
