// Who spawned whom, and what they share.
//
// SPDX-License-Identifier: MIT
#include "spawn_tree.h"

#include "../memory.h"
#include "task_internal.h"

typedef struct spawn_tree {
    pairs_t values;
    unsigned refs;
} spawn_tree_t;

// While hooks are told of a task. They may start tasks.
typedef struct telling {
    list_t *next;
    struct telling *outer;
} telling_t;

static _Thread_local const char *next_site, *next_run_name;
static _Thread_local list_t hooks;
static _Thread_local telling_t *innermost;

// ---- where from ---------------------------------------------------------------------------------

void gevent_mark_spawn(const char *site, const char *run_name) {
    next_site = site;
    next_run_name = run_name;
}

const char *gevent_spawn_site(const gevent_task_t *task) {
    return task->site;
}

const char *gevent_run_name(const gevent_task_t *task) {
    return task->run_name;
}

greenlet_t *gevent_spawning_greenlet(const gevent_task_t *task) {
    greenlet_thread_t *thread = greenlet_thread();
    uint64_t id = greenlet_creator(task->greenlet);
    if (thread->main.id == id) return &thread->main;
    greenlet_t *greenlet = thread->first_live;
    while (greenlet && greenlet->id != id) greenlet = greenlet->next_live;
    return greenlet;
}

// ---- values -------------------------------------------------------------------------------------

// The tree is made when there is somebody or something to share.
static spawn_tree_t *tree_of(gevent_task_t *task) {
    if (task->tree) return task->tree;
    task->tree = memory_alloc_zeroed(sizeof *task->tree);
    if (task->tree) task->tree->refs = 1;
    return task->tree;
}

int task_enter_tree(gevent_task_t *task) {
    task->site = next_site;
    task->run_name = next_run_name;
    next_site = next_run_name = NULL;
    gevent_task_t *spawner = gevent_current_task();
    if (!spawner) return GREENLET_OK;
    spawn_tree_t *tree = tree_of(spawner);
    if (!tree) return GREENLET_ENOMEM;
    tree->refs++;
    task->tree = tree;
    return GREENLET_OK;
}

void task_leave_tree(gevent_task_t *task) {
    spawn_tree_t *tree = task->tree;
    if (!tree || --tree->refs > 0) return;
    locals_release(&tree->values);
    memory_free(tree);
}

void *gevent_tree_local(const gevent_task_t *task, const greenlet_key_t *key) {
    if (!task) task = gevent_current_task();
    return task && task->tree ? locals_get(&task->tree->values, key) : NULL;
}

int gevent_set_tree_local(gevent_task_t *task, const greenlet_key_t *key, void *value) {
    if (!task) task = gevent_current_task();
    if (!task || !key) return greenlet_fail(GREENLET_EINVAL);
    spawn_tree_t *tree = tree_of(task);
    if (!tree) return greenlet_fail(GREENLET_ENOMEM);
    return locals_set(&tree->values, key, value);
}

// ---- who is told --------------------------------------------------------------------------------

void gevent_add_spawn_hook(gevent_spawn_hook_t *hook,
                           void (*run)(gevent_task_t *task, void *argument), void *argument) {
    *hook = (gevent_spawn_hook_t){.run = run, .argument = argument};
    if (!hooks.next) list_init(&hooks);
    list_append(&hooks, &hook->link);
}

void gevent_remove_spawn_hook(gevent_spawn_hook_t *hook) {
    for (telling_t *telling = innermost; telling; telling = telling->outer)
        if (telling->next == &hook->link) telling->next = hook->link.next;
    list_remove(&hook->link);
}

void task_tell_hooks(gevent_task_t *task) {
    if (list_is_empty(&hooks)) return;
    telling_t telling = {hooks.next, innermost};
    innermost = &telling;
    while (telling.next != &hooks) {
        gevent_spawn_hook_t *hook = LIST_ITEM(telling.next, gevent_spawn_hook_t, link);
        telling.next = telling.next->next;
        hook->run(task, hook->argument);
    }
    innermost = telling.outer;
}
