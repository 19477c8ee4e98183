// Mapping: an iterator stands in line for places of the pool as a task would, but needs no stack:
// it is told in the hub, and starts the next item there.
//
// SPDX-License-Identifier: MIT
#include "map.h"

#include "../memory.h"
#include "cleanup.h"
#include "ending.h"

typedef struct job {
    waiter_t waiter; // in the task's list
    list_t done;     // its place among those that wait to be taken
    gevent_imap_t *imap;
    gevent_task_t *task;     // owned; NULL: not started, or taken
    greenlet_error_t *error; // with which it could not be started; owned
} job_t;

struct gevent_imap {
    gevent_pool_t *pool;
    greenlet_run_fn run;
    void *const *items;
    size_t count;
    size_t ahead;
    size_t limit; // of items that may be started
    size_t started;
    size_t taken;
    size_t index;        // of what was taken last
    waiter_t place;      // in the pool's list
    waiters_t consumers; // who wait for a result
    list_t done;         // jobs, in the order in which they finished
    unsigned char is_ordered, is_inline, item_failed;
    job_t jobs[];
};

// ---- starting -----------------------------------------------------------------------------------

static job_t *first_ready(const gevent_imap_t *imap) {
    if (imap->taken == imap->count) return NULL;
    if (!imap->is_ordered) {
        int is_none = list_is_empty(&imap->done);
        return is_none ? NULL : LIST_ITEM(imap->done.next, job_t, done);
    }
    const job_t *job = &imap->jobs[imap->taken];
    return list_is_empty(&job->done) ? NULL : (job_t *)job;
}

static void tell(callback_t *notifier) {
    waiters_t *waiters = waiters_of(notifier);
    const gevent_imap_t *imap = LIST_ITEM(waiters, const gevent_imap_t, consumers);
    while ((imap->taken == imap->count || first_ready(imap)) && waiters_tell_first(waiters))
        continue;
}

static void finish(job_t *job) {
    list_append(&job->imap->done, &job->done);
    waiters_notify(&job->imap->consumers, tell);
}

static void finished(waiter_t *waiter) {
    finish(LIST_ITEM(waiter, job_t, waiter));
}

// An item that cannot be started has failed.
static void start_next(gevent_imap_t *imap) {
    void *item = imap->items[imap->started];
    job_t *job = &imap->jobs[imap->started++];
    job->imap = imap;
    int code = gevent_group_spawn(&imap->pool->group, imap->run, item, &job->task);
    if (code < 0) {
        job->error = greenlet_error_claim(code);
        finish(job);
        return;
    }
    job->waiter.tell = finished;
    waiters_add(&job->task->waiters, &job->waiter);
}

// What a closed pool has no place for is refused at once.
static void start_more(gevent_imap_t *imap) {
    const gevent_pool_t *pool = imap->pool;
    size_t limit = imap->limit < imap->count ? imap->limit : imap->count;
    while (imap->started < limit && (pool->group.is_closed || !gevent_pool_is_full(pool)))
        start_next(imap);
    if (imap->started < limit && !imap->place.waiters)
        waiters_add(&imap->pool->waiters, &imap->place);
}

static void place_is_free(waiter_t *place) {
    start_more(LIST_ITEM(place, gevent_imap_t, place));
}

// ---- the iterator -------------------------------------------------------------------------------

// NULL without memory.
static gevent_imap_t *make_imap(size_t count) {
    if (count > (SIZE_MAX - sizeof(gevent_imap_t)) / sizeof(job_t)) return NULL;
    return hub_get() ? memory_alloc_zeroed(sizeof(gevent_imap_t) + count * sizeof(job_t)) : NULL;
}

static int begin(gevent_pool_t *pool, const gevent_imap_t *plan, gevent_imap_t **result) {
    if (!pool || !plan->run || !result || (plan->count > 0 && !plan->items))
        return greenlet_fail(GREENLET_EINVAL);
    gevent_imap_t *imap = make_imap(plan->count);
    if (!imap) return greenlet_fail(GREENLET_ENOMEM);
    *imap = *plan;
    imap->pool = pool;
    imap->limit = imap->ahead > 0 ? imap->ahead : SIZE_MAX;
    imap->place.tell = place_is_free;
    imap->is_inline = gevent_group_has(&pool->group, gevent_current_task()) != 0;
    list_init(&imap->done);
    if (!imap->is_inline) start_more(imap);
    *result = imap;
    return GREENLET_OK;
}

int gevent_pool_imap(gevent_pool_t *pool, greenlet_run_fn run, void *const *items, size_t count,
                     size_t ahead, gevent_imap_t **imap) {
    const gevent_imap_t plan = {
        .run = run, .items = items, .count = count, .ahead = ahead, .is_ordered = 1};
    return begin(pool, &plan, imap);
}

int gevent_pool_imap_unordered(gevent_pool_t *pool, greenlet_run_fn run, void *const *items,
                               size_t count, size_t ahead, gevent_imap_t **imap) {
    const gevent_imap_t plan = {.run = run, .items = items, .count = count, .ahead = ahead};
    return begin(pool, &plan, imap);
}

static int outcome_of(job_t *job, void **value) {
    if (job->task) return task_outcome(job->task, value);
    greenlet_error_t *error = job->error;
    job->error = NULL;
    return greenlet_error_restore(error);
}

static void drop_task(job_t *job) {
    gevent_task_unref(job->task);
    job->task = NULL;
}

static int take(gevent_imap_t *imap, job_t *job, void **value) {
    list_remove(&job->done);
    imap->index = (size_t)(job - imap->jobs);
    imap->taken++;
    int code = outcome_of(job, value);
    drop_task(job);
    imap->item_failed = code < 0;
    if (imap->taken == imap->count) waiters_notify(&imap->consumers, tell);
    return code;
}

// The caller's own errors and the item's come the same way: those that end or limit the caller are
// taken for his.
static int run_next(gevent_imap_t *imap, void **value) {
    imap->index = imap->taken++;
    void *result = NULL;
    int code = imap->run(imap->items[imap->index], &result);
    const greenlet_error_t *error = greenlet_last_error();
    imap->item_failed = code < 0 && !greenlet_error_is(error, &GREENLET_EXIT) &&
                        !greenlet_error_is(error, &GREENLET_TIMEOUT);
    if (code >= 0 && value) *value = result;
    return code < 0 ? code : GREENLET_OK;
}

static void ask_for_one_more(gevent_imap_t *imap) {
    size_t limit = imap->taken + 1 + imap->ahead;
    if (imap->ahead == 0 || limit <= imap->limit) return;
    imap->limit = limit;
    start_more(imap);
}

int gevent_imap_next(gevent_imap_t *imap, void **value) {
    imap->item_failed = 0;
    if (imap->taken == imap->count) return GEVENT_DONE;
    if (imap->is_inline) return run_next(imap, value);
    ask_for_one_more(imap);
    job_t *job;
    while (!(job = first_ready(imap))) {
        if (imap->taken == imap->count) return GEVENT_DONE;
        wait_t wait = {.what = "imap"};
        int code = waiters_wait(&imap->consumers, &wait, GEVENT_FOREVER);
        if (code < 0) return code;
    }
    return take(imap, job, value);
}

size_t gevent_imap_index(const gevent_imap_t *imap) {
    return imap->index;
}

int gevent_imap_item_failed(const gevent_imap_t *imap) {
    return imap->item_failed;
}

// ---- the end ------------------------------------------------------------------------------------

// Without memory for the kill it is waited for.
static void kill_job(const job_t *job) {
    gevent_group_t *group = &job->imap->pool->group;
    if (gevent_group_has(group, job->task))
        (void)gevent_group_kill_one(group, job->task, NULL, GEVENT_NOWAIT);
    else if (job->task)
        (void)gevent_kill(job->task, NULL, GEVENT_NOWAIT);
}

static void free_imap(gevent_imap_t *imap) {
    for (size_t i = 0; i < imap->started; i++) {
        job_t *job = &imap->jobs[i];
        waiters_remove(&job->waiter);
        greenlet_error_unref(job->error);
        drop_task(job);
    }
    while (!waiters_are_none(&imap->consumers)) // one whose frames are being dropped
        waiters_remove(LIST_ITEM(imap->consumers.list.next, waiter_t, link));
    memory_free(imap);
}

// The caller is gone, and with it perhaps the items.
static void abandon(void *argument) {
    gevent_imap_t *imap = argument;
    waiters_remove(&imap->place);
    for (size_t i = 0; i < imap->started; i++)
        if (imap->jobs[i].task) ending_kill_hard(imap->jobs[i].task);
    free_imap(imap);
}

static void end_jobs(gevent_imap_t *imap, ending_t *ending) {
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, abandon, imap);
    waiters_remove(&imap->place);
    for (size_t i = 0; i < imap->started; i++) kill_job(&imap->jobs[i]);
    for (size_t i = 0; i < imap->started; i++)
        if (imap->jobs[i].task) ending_join(ending, imap->jobs[i].task);
    gevent_cleanup_pop(&cleanup, 0);
    free_imap(imap);
}

int gevent_imap_end(gevent_imap_t *imap, int code) {
    greenlet_error_t *pending = code < 0 ? greenlet_error_claim(code) : NULL;
    ending_t ending = {NULL};
    end_jobs(imap, &ending);
    if (ending.interruption) {
        greenlet_error_unref(pending);
        return greenlet_error_restore(ending.interruption);
    }
    if (pending) return greenlet_error_restore(pending);
    return code == GEVENT_DONE ? GREENLET_OK : code;
}

// ---- map ----------------------------------------------------------------------------------------

static int take_all(gevent_imap_t *imap, void **results) {
    int code = GREENLET_OK;
    while (code == GREENLET_OK) {
        void *value = NULL;
        code = gevent_imap_next(imap, &value);
        if (code == GREENLET_OK && results) results[imap->index] = value;
    }
    return code;
}

int gevent_pool_map(gevent_pool_t *pool, greenlet_run_fn run, void *const *items, void **results,
                    size_t count) {
    gevent_imap_t *imap = NULL;
    int code = gevent_pool_imap(pool, run, items, count, 0, &imap);
    if (!imap) return code;
    gevent_cleanup_t cleanup;
    gevent_cleanup_push(&cleanup, abandon, imap);
    code = take_all(imap, results);
    gevent_cleanup_pop(&cleanup, 0);
    return gevent_imap_end(imap, code);
}
