// Many tasks at once: joinall and killall.
//
// SPDX-License-Identifier: MIT
#include "../memory.h"
#include "task_internal.h"

typedef struct place {
    waiter_t waiter;
    gevent_task_t *task; // owned; NULL: it had finished before
} place_t;

typedef struct joinall {
    wait_t wait;
    gevent_task_t *const *tasks;
    place_t *places; // owned
    size_t length;
    size_t wanted;
    size_t count; // that have finished
    gevent_task_t **finished;
    int raises;
    const gevent_task_t *failed; // the first, if that is to be raised
} joinall_t;

static int are_tasks(gevent_task_t *const *tasks, size_t length) {
    for (size_t i = 0; i < length; i++)
        if (!tasks || !tasks[i]) return 0;
    return 1;
}

static int is_complete(const joinall_t *all) {
    return all->count >= all->wanted || all->failed;
}

static void count_in(joinall_t *all, gevent_task_t *task) {
    if (all->finished) all->finished[all->count] = task;
    all->count++;
    if (all->raises && task->status == GEVENT_FAILED) all->failed = task;
}

static void count_ready(joinall_t *all) {
    for (size_t i = 0; i < all->length && !is_complete(all); i++)
        if (all->tasks[i]->status != GEVENT_PENDING) count_in(all, all->tasks[i]);
}

// ---- waiting ------------------------------------------------------------------------------------

static void free_places(joinall_t *all) {
    for (size_t i = 0; i < all->length; i++) gevent_task_unref(all->places[i].task);
    memory_free(all->places);
}

static void give_up(wait_t *wait) {
    free_places(LIST_ITEM(wait, joinall_t, wait));
}

static int make_places(joinall_t *all) {
    all->places = memory_alloc_zeroed(all->length * sizeof *all->places);
    return all->places ? GREENLET_OK : greenlet_fail(GREENLET_ENOMEM);
}

static void tell(waiter_t *waiter) {
    joinall_t *all = LIST_ITEM(waiter->wait, joinall_t, wait);
    count_in(all, LIST_ITEM(waiter, place_t, waiter)->task);
    if (is_complete(all)) wait_resume(&all->wait);
}

static void enter_places(joinall_t *all) {
    for (size_t i = 0; i < all->length; i++) {
        gevent_task_t *task = all->tasks[i];
        if (task->status != GEVENT_PENDING) continue;
        place_t *place = &all->places[i];
        place->task = gevent_task_ref(task);
        place->waiter.tell = tell;
        waiters_add_place(&task->waiters, &place->waiter, &all->wait);
        if (!all->wait.whom) all->wait.whom = task->greenlet;
    }
}

static int outcome_of(const joinall_t *all) {
    if (all->failed) return greenlet_error_restore(greenlet_error_ref(all->failed->error));
    return (int)all->count;
}

// Frees the places, in every case, and returns what gevent_joinall does.
static int wait_for_rest(joinall_t *all, int64_t deadline) {
    enter_places(all);
    all->wait.what = "joinall";
    all->wait.cancel = give_up;
    int code = wait_until(&all->wait, deadline);
    if (code == WAIT_TIMED_OUT) return (int)all->count;
    if (code < 0) return code;
    code = outcome_of(all);
    free_places(all);
    return code;
}

int gevent_joinall(gevent_task_t *const *tasks, size_t length, double seconds, unsigned flags,
                   size_t count, gevent_task_t **finished) {
    if (!are_tasks(tasks, length)) return greenlet_fail(GREENLET_EINVAL);
    joinall_t all = {.tasks = tasks,
                     .length = length,
                     .wanted = count > 0 && count < length ? count : length,
                     .finished = finished,
                     .raises = (flags & GEVENT_RAISE) != 0};
    count_ready(&all);
    if (is_complete(&all)) return outcome_of(&all);
    int code = make_places(&all);
    return code < 0 ? code : wait_for_rest(&all, hub_deadline(hub_get(), seconds));
}

// ---- killall ------------------------------------------------------------------------------------

static void free_kills(kill_t **kills, size_t length) {
    for (size_t i = 0; i < length; i++) kill_free(kills[i]);
    memory_free(kills);
}

// One for each task; NULL without memory.
static kill_t **make_kills(gevent_task_t *const *tasks, size_t length,
                           const greenlet_error_t *error) {
    kill_t **kills = memory_alloc(length * sizeof(kill_t *));
    for (size_t i = 0; kills && i < length; i++) {
        kills[i] = kill_new(tasks[i], error);
        if (kills[i]) continue;
        free_kills(kills, i);
        kills = NULL;
    }
    return kills;
}

static void send_kills(kill_t **kills, size_t length) {
    for (size_t i = 0; i < length; i++) kill_send(kills[i]);
    memory_free(kills);
}

static int count_alive(const joinall_t *all) {
    int alive = 0;
    for (size_t i = 0; i < all->length; i++) alive += all->tasks[i]->status == GEVENT_PENDING;
    return alive;
}

static int wait_for_deaths(joinall_t *all, double seconds) {
    count_ready(all);
    if (seconds <= 0 || is_complete(all)) {
        free_places(all);
        return count_alive(all);
    }
    int code = wait_for_rest(all, hub_deadline(hub_get(), seconds));
    return code < 0 ? code : (int)all->length - code;
}

int gevent_killall(gevent_task_t *const *tasks, size_t length, const greenlet_error_t *error,
                   double seconds) {
    if (!are_tasks(tasks, length)) return greenlet_fail(GREENLET_EINVAL);
    if (length == 0) return 0;
    if (!error) error = &greenlet_exit_error;
    int code = kill_check(error, seconds);
    if (code < 0) return greenlet_fail(code);
    joinall_t all = {.tasks = tasks, .length = length, .wanted = length};
    code = make_places(&all);
    if (code < 0) return code;
    kill_t **kills = make_kills(tasks, length, error);
    if (!kills) {
        free_places(&all);
        return greenlet_fail(GREENLET_ENOMEM);
    }
    send_kills(kills, length);
    return wait_for_deaths(&all, seconds);
}
