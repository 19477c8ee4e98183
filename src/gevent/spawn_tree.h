// Who spawned whom: the tree of tasks, what they share, and who is told of each.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SPAWN_TREE_H
#define GEVENT_SPAWN_TREE_H

#include "../greenlet_local.h"
#include "task.h"

#ifdef __cplusplus
extern "C" {
#endif

// The greenlet that made the task: borrowed; NULL if it has been freed, which a task does not keep
// it from. Its id is greenlet_creator(gevent_task_greenlet(task)). Looks through all greenlets.
// (gevent: spawning_greenlet)
greenlet_t *gevent_spawning_greenlet(const gevent_task_t *task);

// Where it was made, "file:line", and what it runs, by name; NULL if that was not said: see
// gevent_mark_spawn. (gevent: spawning_stack, of which this is the innermost line)
const char *gevent_spawn_site(const gevent_task_t *task);
const char *gevent_run_name(const gevent_task_t *task);

// Values by key that a task (NULL: the current one) shares with the task that made it and all that
// it makes. Each task that is made outside of tasks begins with none. They are released with the
// last task of the tree. Get: borrowed, NULL if none was set or outside of tasks. Set:
// GREENLET_ENOMEM, with nothing changed; GREENLET_EINVAL (no key, no task). (gevent:
// spawn_tree_locals)
void *gevent_tree_local(const gevent_task_t *task, const greenlet_key_t *key);
int gevent_set_tree_local(gevent_task_t *task, const greenlet_key_t *key, void *value);

// Somebody who is told of each task that is started, in the greenlet that starts it, before it
// runs. Lives where the caller puts it, until it is taken out. (gevent: add_spawn_callback)
typedef struct gevent_spawn_hook {
    struct gevent_link link; // private, as all of it
    void (*run)(gevent_task_t *task, void *argument);
    void *argument;
} gevent_spawn_hook_t;

// Adds one, for this thread, after those that there are; takes it out, also from within a hook.
void gevent_add_spawn_hook(gevent_spawn_hook_t *hook,
                           void (*run)(gevent_task_t *task, void *argument), void *argument);
void gevent_remove_spawn_hook(gevent_spawn_hook_t *hook);

#ifdef __cplusplus
}
#endif
#endif
