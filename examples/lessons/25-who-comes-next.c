// Who comes next: a task starts when its spawner first waits, not before; tasks start in the order
// in which they were spawned. Not to sleep at all is to let all others who are ready go first, and
// comes before any timer; equal timers go off in the order in which they were set.
//
//   greenlet-wasm run examples/lessons/25-who-comes-next.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

typedef struct nap {
    const char *name;
    double seconds;
} nap_t;

static int take(void *argument, void **result) {
    const nap_t *nap = argument;
    (void)result;
    printf("%s starts\n", nap->name);
    int status = gevent_sleep(nap->seconds);
    if (status < 0) return status;
    printf("%s wakes\n", nap->name);
    return GREENLET_OK;
}

int main(void) {
    nap_t naps[] = {
        {"long", 0.02}, {"short", 0.01}, {"just as short", 0.01}, {"none", 0}, {"negative", -1}};
    (void)gevent_use_virtual_clock();
    for (int i = 0; i < 5; i++)
        if (gevent_spawn(take, &naps[i], NULL) < 0) return 1;
    printf("main has spawned them, and none has started\n");
    return gevent_run() < 0;
}
