// What the rest of gevent asks of scopes.
#ifndef GREENLET_SCOPE_INTERNAL_H
#define GREENLET_SCOPE_INTERNAL_H

#include "scope.h"

// Whether a shield of the greenlet's, or of whoever goes on for it, within `from` (NULL: any),
// holds things off.
int scope_is_shielded_from(const greenlet_t *greenlet, const gevent_scope_t *from);

// If one does, keeps the callback until that is closed, and queues it then; if the greenlet's wait
// is settled, queues it behind the wake-up. 0: nothing holds it.
int scope_defers(const greenlet_t *greenlet, const gevent_scope_t *from,
                 struct gevent_callback *callback);

// Takes a task out of the scope that it belongs to, if any. 1 if the scope has its error.
int scope_member_finished(gevent_task_t *task);

// Before a greenlet's frames are dropped: kills the tasks of its scopes hard, and forgets these.
void scope_kill_members(const greenlet_t *greenlet);
void scope_leave_all(greenlet_t *greenlet);

// Ends the process if a greenlet whose run has ended left a scope open.
void scope_check_all_closed(const greenlet_t *greenlet);

// The nearest deadline of the timeouts and scopes that a greenlet is in, those of whom it goes on
// for among them; LOOP_NEVER if none.
int64_t scope_nearest_deadline(const greenlet_t *greenlet);

// timeout.c: `scope` is being closed, and the nearest deadline of those that are not held off.
void timeout_leave_scope(greenlet_t *greenlet, const gevent_scope_t *scope);
int64_t timeout_nearest(const greenlet_t *greenlet);

#endif
