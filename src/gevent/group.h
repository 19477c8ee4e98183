// Groups: tasks that are waited for and killed together.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_GROUP_H
#define GEVENT_GROUP_H

#include "event.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// A set of tasks, in the order in which they came. A task leaves it when it has finished, in the
// hub, before those that join the task go on. Lives where the caller puts it, until it is empty;
// one that is all zero is empty, and there is nothing to free. A thread that ends ends its members,
// as all its tasks; the group is then not to be used. Nothing in it ends a task that nobody kills:
// that is what a scope does (scope.h). All but join and the kills may be called from anywhere.
// (gevent: Group)
typedef struct gevent_group gevent_group_t;

// As gevent_spawn, for a new member. GREENLET_ECLOSED, GREENLET_EINVAL, GREENLET_ENOMEM.
int gevent_group_spawn(gevent_group_t *group, greenlet_run_fn run, void *argument,
                       gevent_task_t **task);

// Makes a task a member (a reference is kept meanwhile); one that is a member stays so. A task may
// belong to several groups. One that has finished leaves soon. GREENLET_ECLOSED, GREENLET_EINVAL,
// GREENLET_ENOMEM.
int gevent_group_add(gevent_group_t *group, gevent_task_t *task);

// The same, and starts it, as gevent_start.
int gevent_group_start(gevent_group_t *group, gevent_task_t *task);

// Takes a task out, which goes on. Nothing if it is no member.
void gevent_group_discard(gevent_group_t *group, gevent_task_t *task);

// How many members there are, and whether a task (NULL: none) is one. (gevent: len, in)
size_t gevent_group_length(const gevent_group_t *group);
int gevent_group_has(const gevent_group_t *group, const gevent_task_t *task);

// Stores the first `size` members, borrowed, in the order in which they came (size 0: `tasks` may
// be NULL). Returns how many there are. (gevent: iter)
size_t gevent_group_members(const gevent_group_t *group, gevent_task_t **tasks, size_t size);

// Lets nothing in any more: what would become a member is refused with GREENLET_ECLOSED, and who
// waits for a place in a pool fails with it. (ours)
void gevent_group_close(gevent_group_t *group);

// Waits until it is empty; not at all if it is. GREENLET_ETIMEDOUT after `seconds`.
//   flags  GEVENT_RAISE: fails, at the end of the wait, with the error of the first member, in
//   time,
//          that failed meanwhile; 0
// (gevent: join, which raises that of any)
int gevent_group_join(gevent_group_t *group, double seconds, unsigned flags);

// Kills all members, as gevent_kill, each once however often it is asked, and waits until the group
// is empty. What becomes a member meanwhile is killed at once, so that nothing starts; who waits
// for a place in a pool goes on waiting, and gets it after this. GREENLET_ETIMEDOUT after `seconds`
// (GEVENT_NOWAIT: does not wait, from anywhere, GREENLET_OK); GREENLET_ENOMEM: call it again, some
// have not been killed. (gevent: kill; there, what is added meanwhile runs until it is killed)
int gevent_group_kill(gevent_group_t *group, const greenlet_error_t *error, double seconds);

// Kills one member, once however often it is asked, and waits until it has finished. Nothing if it
// is none. Errors as gevent_kill. (gevent: killone)
int gevent_group_kill_one(gevent_group_t *group, gevent_task_t *task, const greenlet_error_t *error,
                          double seconds);

// ---- private ------------------------------------------------------------------------------------

struct gevent_group {
    struct gevent_link members;
    struct gevent_link joiners; // who want to hear of failures
    gevent_event_t emptied;
    void (*changed)(struct gevent_group *group); // a pool's, or NULL
    size_t length;
    unsigned killers; // who wait until it is empty
    int is_closed;
};

#ifdef __cplusplus
}
#endif
#endif
