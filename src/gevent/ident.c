// The names and small numbers of tasks.
//
// SPDX-License-Identifier: MIT
#include <string.h>

#include "../memory.h"
#include "task_internal.h"

enum { FIRST_CAPACITY = 16 };

static _Thread_local gevent_task_t **table; // by number; NULL: it is free
static _Thread_local uint32_t capacity, used;
static _Thread_local uint32_t lowest; // below it none is free

int gevent_set_name(gevent_task_t *task, const char *name) {
    return greenlet_set_name(task->greenlet, name);
}

const char *gevent_name(const gevent_task_t *task) {
    return greenlet_name(task->greenlet);
}

static int grow(void) {
    uint32_t larger = capacity ? 2 * capacity : FIRST_CAPACITY;
    gevent_task_t **grown = memory_alloc_zeroed(larger * sizeof(gevent_task_t *));
    if (!grown) return greenlet_fail(GREENLET_ENOMEM);
    if (table) memcpy(grown, table, capacity * sizeof(gevent_task_t *));
    memory_free(table);
    table = grown;
    capacity = larger;
    return GREENLET_OK;
}

static int take_number(gevent_task_t *task) {
    while (lowest < capacity && table[lowest]) lowest++;
    int code = lowest < capacity ? GREENLET_OK : grow();
    if (code < 0) return code;
    table[lowest] = task;
    used++;
    task->ident = ++lowest;
    return GREENLET_OK;
}

int gevent_minimal_ident(gevent_task_t *task, uint32_t *ident) {
    int code = task->ident ? GREENLET_OK : take_number(task);
    if (code >= 0) *ident = task->ident - 1;
    return code;
}

gevent_task_t *gevent_find_task(uint32_t ident, uint64_t id) {
    gevent_task_t *task = ident < capacity ? table[ident] : NULL;
    return task && greenlet_id(task->greenlet) == id ? task : NULL;
}

void task_release_ident(const gevent_task_t *task) {
    if (!task->ident) return;
    uint32_t number = task->ident - 1;
    table[number] = NULL;
    if (number < lowest) lowest = number;
    if (--used > 0) return;
    memory_free(table);
    table = NULL;
    capacity = lowest = 0;
}
