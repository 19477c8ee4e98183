// Producers and a consumer over a small buffer, written for minicoro, with a scheduler of their
// own. The producers sleep by libc's nanosleep: since each runs in a coroutine of one thread, they
// do so one after the other. Whoever wants them to sleep side by side gives each a task of
// gevent.h.
//
//   greenlet-wasm run --compat examples/compat/producers.c
//
// SPDX-License-Identifier: MIT
#define _POSIX_C_SOURCE 200809L
#define MINICORO_IMPL
#include "minicoro.h"

#include <time.h>

enum { ROOM = 2, ITEMS = 4 };

static char buffer[ROOM][16];
static int filled, producing = 2;

static void make_things(mco_coro *co) {
    const char *what = mco_get_user_data(co);
    for (int i = 1; i <= ITEMS; i++) {
        while (filled == ROOM) mco_yield(co);
        nanosleep(&(struct timespec){.tv_nsec = 1000000}, NULL);
        snprintf(buffer[filled++], sizeof *buffer, "%s %d", what, i);
        mco_yield(co);
    }
    producing--;
}

static void use_things(mco_coro *co) {
    while (producing || filled) {
        if (filled) printf("used %s\n", buffer[--filled]);
        mco_yield(mco_running());
    }
    (void)co;
}

static mco_coro *start(void (*run)(mco_coro *co), void *user_data) {
    mco_coro *co;
    mco_desc desc = mco_desc_init(run, 0);
    desc.user_data = user_data;
    return mco_create(&co, &desc) == MCO_SUCCESS ? co : NULL;
}

int main(void) {
    mco_coro *all[] = {start(make_things, "apple"), start(make_things, "pear"),
                       start(use_things, NULL)};
    for (int alive = 3; alive;) {
        alive = 0;
        for (int i = 0; i < 3; i++) {
            if (mco_status(all[i]) == MCO_SUSPENDED) mco_resume(all[i]);
            alive += mco_status(all[i]) != MCO_DEAD;
        }
    }
    for (int i = 0; i < 3; i++) mco_destroy(all[i]);
    return 0;
}
