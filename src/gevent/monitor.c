// SPDX-License-Identifier: MIT
#include "monitor.h"

#include <stdio.h>

#include "hub_internal.h"

typedef struct monitor {
    greenlet_observer_t observer;
    list_t checks;
    int64_t limit; // LOOP_NEVER: none
    int64_t left;  // when the hub let somebody run; LOOP_NEVER: it has not yet
    gevent_blocked_fn hook;
} monitor_t;

static _Thread_local monitor_t monitor = {.limit = LOOP_NEVER, .left = LOOP_NEVER};

// ---- blocking the hub ---------------------------------------------------------------------------

static void print_blocked(greenlet_t *greenlet, double seconds) {
    fprintf(stderr, "gevent: %s ran for %.3f s without going back to the hub\n",
            greenlet_name(greenlet), seconds);
}

static void check_return(greenlet_t *from, int64_t now) {
    int64_t left = monitor.left;
    monitor.left = LOOP_NEVER;
    if (left == LOOP_NEVER || now - left <= monitor.limit) return;
    (monitor.hook ? monitor.hook : print_blocked)(from, (double)(now - left) / 1e9);
}

// ---- stretches ----------------------------------------------------------------------------------

static list_t *checks(void) {
    if (!monitor.checks.next) list_init(&monitor.checks);
    return &monitor.checks;
}

static void note_time(gevent_switch_check_t *check, int64_t now) {
    if (now - check->begin > check->longest) check->longest = now - check->begin;
}

static void note_switch(const greenlet_t *origin, const greenlet_t *target, int64_t now) {
    for (list_t *link = checks()->next; link != checks(); link = link->next) {
        gevent_switch_check_t *check = LIST_ITEM(link, gevent_switch_check_t, link);
        if (check->greenlet == target) check->begin = now;
        if (check->greenlet != origin) continue;
        check->has_left = 1;
        note_time(check, now);
    }
}

// ---- watching -----------------------------------------------------------------------------------

static void watch(greenlet_observer_t *observer, greenlet_event_t event, greenlet_t *origin,
                  greenlet_t *target) {
    (void)observer, (void)event;
    const hub_t *hub = hub_get();
    int64_t now = hub->loop->now();
    note_switch(origin, target, now);
    if (origin == hub->greenlet) monitor.left = now;
    if (target == hub->greenlet) check_return(origin, now);
}

// Only for as long as somebody wants to know.
static void watch_if_asked(void) {
    monitor.observer.switched = watch;
    if (monitor.limit != LOOP_NEVER || !list_is_empty(checks()))
        greenlet_observe(&monitor.observer);
    else
        greenlet_unobserve(&monitor.observer);
}

int gevent_set_max_blocking_time(double seconds, gevent_blocked_fn hook) {
    if (!hub_get()) return greenlet_fail(GREENLET_ENOMEM);
    if (!(seconds >= 0)) return greenlet_fail(GREENLET_EINVAL);
    monitor.limit = hub_add_seconds(0, seconds);
    monitor.hook = hook;
    monitor.left = LOOP_NEVER;
    watch_if_asked();
    return GREENLET_OK;
}

void gevent_assert_switches_begin(gevent_switch_check_t *check) {
    *check = (gevent_switch_check_t){.greenlet = greenlet_current()};
    const hub_t *hub = hub_get();
    if (!hub) return; // then nobody can have left at its end, either
    check->begin = hub->loop->now();
    list_append(checks(), &check->link);
    watch_if_asked();
}

int gevent_assert_switches_end(gevent_switch_check_t *check, double seconds) {
    hub_t *hub = hub_get();
    if (!hub) return greenlet_fail(GREENLET_ENOMEM);
    note_time(check, hub->loop->now());
    list_remove(&check->link);
    watch_if_asked();
    int is_fine =
        seconds == GEVENT_FOREVER ? check->has_left : check->longest <= hub_add_seconds(0, seconds);
    return is_fine ? GREENLET_OK : greenlet_fail(GREENLET_EBLOCKED);
}

void monitor_forget(const greenlet_t *greenlet) {
    if (list_is_empty(&monitor.checks)) return;
    for (list_t *link = checks()->next, *next; link != checks(); link = next) {
        next = link->next;
        if (LIST_ITEM(link, gevent_switch_check_t, link)->greenlet == greenlet) list_remove(link);
    }
    watch_if_asked();
}
