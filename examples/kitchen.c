// A library without main(): a kitchen with one stove. Its orders are calls that wait, as many at
// once as there are guests. The same file is driven
//
//   from JavaScript  app.spawn('cook', 'soup', 3), tests/js/same-trace.test.js
//   from C           kitchen/native.c, where the import below is a C function
//
// and leaves the same trace, kitchen/kitchen.out, on both.
//
// SPDX-License-Identifier: MIT
#include <stdarg.h>
#include <stdio.h>

#include "gevent.h"

GEVENT_IMPORT(void, guests, hear, string)

static gevent_event_t stove_is_free;
static double opened;
static int32_t served;

static int say(const char *format, ...) {
    char line[80];
    va_list args;
    va_start(args, format);
    vsnprintf(line, sizeof line, format, args);
    va_end(args);
    return hear(line);
}

int open_kitchen(void) {
    opened = gevent_now();
    gevent_event_init(&stove_is_free);
    gevent_event_set(&stove_is_free);
    return say("the kitchen is open");
}
GEVENT_EXPORT(void, open_kitchen)

// Who is woken may find that somebody else was faster.
static int take_stove(void) {
    while (!gevent_event_is_set(&stove_is_free)) {
        int status = gevent_event_wait(&stove_is_free, GEVENT_FOREVER);
        if (status < 0) return status;
    }
    gevent_event_clear(&stove_is_free);
    return GREENLET_OK;
}

// Clean-up that itself may fail, and wait: the pending error is put aside meanwhile.
static int throw_away(const char *dish) {
    greenlet_error_t *pending = greenlet_error_take();
    (void)say("%.1f s: %s is thrown away", gevent_now() - opened, dish);
    return greenlet_error_restore(pending);
}

// Gives the number of the dish, in the order in which they are served.
int cook(const char *dish, double seconds, int32_t *result) {
    int status = take_stove();
    if (status < 0) return throw_away(dish);
    (void)say("%.1f s: %s is on the stove", gevent_now() - opened, dish);
    status = gevent_sleep(seconds);
    gevent_event_set(&stove_is_free);
    if (status < 0) return throw_away(dish);
    *result = ++served;
    return say("%.1f s: %s is served", gevent_now() - opened, dish);
}
GEVENT_EXPORT(i32, cook, string, f64)
