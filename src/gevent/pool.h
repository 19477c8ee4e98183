// Pools: groups with a limit, and tasks that wait for a place.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_POOL_H
#define GEVENT_POOL_H

#include "group.h"

#ifdef __cplusplus
extern "C" {
#endif

// A group that has room for so many members. Who wants in while it is full waits, first come first
// served, except that whoever comes while a place is free takes it at once. A place is free again
// when its member has finished, however it did, and nobody is given one before he runs, so that
// none is lost. Lives where the caller puts it, until it is empty and nobody waits; there is
// nothing to free. (gevent: Pool)
//
// Its group is for all else: gevent_group_join(&pool.group, …), kill, close. What is added to that
// directly does not wait for a place, but takes one.
typedef struct gevent_pool {
    gevent_group_t group;
    size_t size;                   // private, as is what follows
    struct gevent_waiters waiters; // for a place
} gevent_pool_t;

// Makes it an empty one.
//   size  how many members it has room for; 0: nobody ever gets in; GEVENT_UNBOUNDED
#define GEVENT_UNBOUNDED SIZE_MAX
void gevent_pool_init(gevent_pool_t *pool, size_t size);

// How many places are free, and whether none is. From anywhere. (gevent: free_count, full)
size_t gevent_pool_free_count(const gevent_pool_t *pool);
int gevent_pool_is_full(const gevent_pool_t *pool);

// Waits until a place is free, which the caller does not get. GREENLET_ETIMEDOUT after `seconds`,
// GREENLET_ECLOSED. (gevent: wait_available)
int gevent_pool_wait(gevent_pool_t *pool, double seconds);

// As gevent_group_spawn, _add and _start, once a place is free. GREENLET_ETIMEDOUT after `seconds`:
// it has not been spawned, added or started. (gevent: spawn, add, start; PoolFull)
int gevent_pool_spawn(gevent_pool_t *pool, greenlet_run_fn run, void *argument, double seconds,
                      gevent_task_t **task);
int gevent_pool_add(gevent_pool_t *pool, gevent_task_t *task, double seconds);
int gevent_pool_start(gevent_pool_t *pool, gevent_task_t *task, double seconds);

// Runs `run(argument, &result)` in a member, once a place is free, and waits for what it returns;
// fails as it does. A member that is killed has failed, with GREENLET_EEXIT. In a member of this
// very pool it just calls it, so that none waits for a place which it holds itself. When an error
// is thrown into the caller meanwhile, the member is killed and waited for, as `argument` may be
// the caller's; after a second one it is killed hard (cleanup.h). GREENLET_ECLOSED,
// GREENLET_ENOMEM. (gevent: apply, whose member goes on)
int gevent_pool_apply(gevent_pool_t *pool, greenlet_run_fn run, void *argument, void **result);

// Never waits: makes a task that becomes a member, and starts, once a place is free; it stands in
// line as those do who wait. If it is killed before that it never runs; if it cannot become a
// member when its turn comes, it fails with the reason. From anywhere.
//   argument  the program's; for as long as the task runs
//   task      gets a handle that the caller owns; NULL: it is left to the pool
// GREENLET_ECLOSED, GREENLET_EINVAL, GREENLET_ENOMEM. (gevent: apply_async; for apply_cb and
// map_cb, gevent_link it)
int gevent_pool_apply_async(gevent_pool_t *pool, greenlet_run_fn run, void *argument,
                            gevent_task_t **task);

#ifdef __cplusplus
}
#endif
#endif
