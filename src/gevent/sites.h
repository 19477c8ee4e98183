// Where in the source somebody waits: code that is compiled with GREENLET_SITES defined says it at
// each call that may, and gevent_dump shows it (see greenlet_parked_at, gevent_mark_spawn).
// The arguments may be anything that a function takes, compound literals with their commas too.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_SITES_H
#define GEVENT_SITES_H

// Whose calls they are has to be declared before.
#include "asyncio.h"
#include "barrier.h"
#include "channel.h"
#include "clock.h"
#include "condition.h"
#include "event.h"
#include "fd.h"
#include "group.h"
#include "hub.h"
#include "map.h"
#include "pool.h"
#include "queue.h"
#include "result.h"
#include "rlock.h"
#include "rwlock.h"
#include "scope.h"
#include "select.h"
#include "semaphore.h"
#include "task.h"
#include "waitgroup.h"

#ifdef GREENLET_SITES
#define GEVENT_PARK_AT_(call) (greenlet_mark_site(GREENLET_SITE), call)

#define gevent_run_until_complete(...) GEVENT_PARK_AT_(gevent_run_until_complete(__VA_ARGS__))
#define gevent_wait_for(...) GEVENT_PARK_AT_(gevent_wait_for(__VA_ARGS__))
#define gevent_gather(...) GEVENT_PARK_AT_(gevent_gather(__VA_ARGS__))
#define gevent_barrier_wait(...) GEVENT_PARK_AT_(gevent_barrier_wait(__VA_ARGS__))
#define gevent_channel_put(...) GEVENT_PARK_AT_(gevent_channel_put(__VA_ARGS__))
#define gevent_channel_get(...) GEVENT_PARK_AT_(gevent_channel_get(__VA_ARGS__))
#define gevent_sleep(...) GEVENT_PARK_AT_(gevent_sleep(__VA_ARGS__))
#define gevent_yield(...) GEVENT_PARK_AT_(gevent_yield(__VA_ARGS__))
#define gevent_idle(...) GEVENT_PARK_AT_(gevent_idle(__VA_ARGS__))
#define gevent_maybe_yield(...) GEVENT_PARK_AT_(gevent_maybe_yield(__VA_ARGS__))
#define gevent_condition_wait(...) GEVENT_PARK_AT_(gevent_condition_wait(__VA_ARGS__))
#define gevent_event_wait(...) GEVENT_PARK_AT_(gevent_event_wait(__VA_ARGS__))
#define gevent_wait_fd(...) GEVENT_PARK_AT_(gevent_wait_fd(__VA_ARGS__))
#define gevent_group_join(...) GEVENT_PARK_AT_(gevent_group_join(__VA_ARGS__))
#define gevent_group_kill(...) GEVENT_PARK_AT_(gevent_group_kill(__VA_ARGS__))
#define gevent_group_kill_one(...) GEVENT_PARK_AT_(gevent_group_kill_one(__VA_ARGS__))
#define gevent_run(...) GEVENT_PARK_AT_(gevent_run(__VA_ARGS__))
#define gevent_run_for(...) GEVENT_PARK_AT_(gevent_run_for(__VA_ARGS__))
#define gevent_pool_map(...) GEVENT_PARK_AT_(gevent_pool_map(__VA_ARGS__))
#define gevent_imap_next(...) GEVENT_PARK_AT_(gevent_imap_next(__VA_ARGS__))
#define gevent_imap_end(...) GEVENT_PARK_AT_(gevent_imap_end(__VA_ARGS__))
#define gevent_pool_wait(...) GEVENT_PARK_AT_(gevent_pool_wait(__VA_ARGS__))
#define gevent_pool_spawn(...) GEVENT_PARK_AT_(gevent_pool_spawn(__VA_ARGS__))
#define gevent_pool_add(...) GEVENT_PARK_AT_(gevent_pool_add(__VA_ARGS__))
#define gevent_pool_start(...) GEVENT_PARK_AT_(gevent_pool_start(__VA_ARGS__))
#define gevent_pool_apply(...) GEVENT_PARK_AT_(gevent_pool_apply(__VA_ARGS__))
#define gevent_queue_put(...) GEVENT_PARK_AT_(gevent_queue_put(__VA_ARGS__))
#define gevent_queue_get(...) GEVENT_PARK_AT_(gevent_queue_get(__VA_ARGS__))
#define gevent_queue_peek(...) GEVENT_PARK_AT_(gevent_queue_peek(__VA_ARGS__))
#define gevent_queue_join(...) GEVENT_PARK_AT_(gevent_queue_join(__VA_ARGS__))
#define gevent_result_wait(...) GEVENT_PARK_AT_(gevent_result_wait(__VA_ARGS__))
#define gevent_result_get(...) GEVENT_PARK_AT_(gevent_result_get(__VA_ARGS__))
#define gevent_result_get_i32(...) GEVENT_PARK_AT_(gevent_result_get_i32(__VA_ARGS__))
#define gevent_result_get_i64(...) GEVENT_PARK_AT_(gevent_result_get_i64(__VA_ARGS__))
#define gevent_result_get_f32(...) GEVENT_PARK_AT_(gevent_result_get_f32(__VA_ARGS__))
#define gevent_result_get_f64(...) GEVENT_PARK_AT_(gevent_result_get_f64(__VA_ARGS__))
#define gevent_result_get_string(...) GEVENT_PARK_AT_(gevent_result_get_string(__VA_ARGS__))
#define gevent_result_get_bytes(...) GEVENT_PARK_AT_(gevent_result_get_bytes(__VA_ARGS__))
#define gevent_result_get_json(...) GEVENT_PARK_AT_(gevent_result_get_json(__VA_ARGS__))
#define gevent_result_get_ref(...) GEVENT_PARK_AT_(gevent_result_get_ref(__VA_ARGS__))
#define gevent_rlock_acquire(...) GEVENT_PARK_AT_(gevent_rlock_acquire(__VA_ARGS__))
#define gevent_rlock_hold(...) GEVENT_PARK_AT_(gevent_rlock_hold(__VA_ARGS__))
#define gevent_rwlock_acquire_read(...) GEVENT_PARK_AT_(gevent_rwlock_acquire_read(__VA_ARGS__))
#define gevent_rwlock_acquire_write(...) GEVENT_PARK_AT_(gevent_rwlock_acquire_write(__VA_ARGS__))
#define gevent_rwlock_hold_read(...) GEVENT_PARK_AT_(gevent_rwlock_hold_read(__VA_ARGS__))
#define gevent_rwlock_hold_write(...) GEVENT_PARK_AT_(gevent_rwlock_hold_write(__VA_ARGS__))
#define gevent_scope_close(...) GEVENT_PARK_AT_(gevent_scope_close(__VA_ARGS__))
#define gevent_select(...) GEVENT_PARK_AT_(gevent_select(__VA_ARGS__))
#define gevent_wait(...) GEVENT_PARK_AT_(gevent_wait(__VA_ARGS__))
#define gevent_iwait_next(...) GEVENT_PARK_AT_(gevent_iwait_next(__VA_ARGS__))
#define gevent_semaphore_acquire(...) GEVENT_PARK_AT_(gevent_semaphore_acquire(__VA_ARGS__))
#define gevent_semaphore_hold(...) GEVENT_PARK_AT_(gevent_semaphore_hold(__VA_ARGS__))
#define gevent_semaphore_wait(...) GEVENT_PARK_AT_(gevent_semaphore_wait(__VA_ARGS__))
#define gevent_join(...) GEVENT_PARK_AT_(gevent_join(__VA_ARGS__))
#define gevent_get(...) GEVENT_PARK_AT_(gevent_get(__VA_ARGS__))
#define gevent_joinall(...) GEVENT_PARK_AT_(gevent_joinall(__VA_ARGS__))
#define gevent_kill(...) GEVENT_PARK_AT_(gevent_kill(__VA_ARGS__))
#define gevent_killall(...) GEVENT_PARK_AT_(gevent_killall(__VA_ARGS__))
#define gevent_waitgroup_wait(...) GEVENT_PARK_AT_(gevent_waitgroup_wait(__VA_ARGS__))
#endif

#endif
