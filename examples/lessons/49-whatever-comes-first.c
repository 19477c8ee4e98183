// To wait for several things at once: gevent_select does the one that can be done first, and none
// of the others. Here words come from two channels, one faster than the other, and a timer says
// when it has been long enough. A channel holds nothing: who puts waits for who gets.
//
//   greenlet-wasm run examples/lessons/49-whatever-comes-first.c
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

typedef struct speaker {
    const char *word;
    double pause;
    gevent_channel_t channel;
} speaker_t;

static speaker_t cuckoo = {.word = "cuckoo", .pause = 1}, owl = {.word = "hoo", .pause = 1.5};

static int speak(void *argument, void **result) {
    speaker_t *speaker = argument;
    (void)result;
    for (;;) {
        int status = gevent_sleep(speaker->pause);
        if (status < 0) return status;
        status = gevent_channel_put(&speaker->channel, (void *)speaker->word, GEVENT_FOREVER);
        if (status < 0) return status;
    }
}

static int listen(double seconds) {
    enum { CUCKOO, OWL, ENOUGH, CASES };
    double start = gevent_now();
    gevent_case_t cases[CASES];
    cases[ENOUGH] = gevent_timer_case(seconds);
    for (;;) {
        cases[CUCKOO] = gevent_channel_get_case(&cuckoo.channel);
        cases[OWL] = gevent_channel_get_case(&owl.channel);
        int chosen = gevent_select(cases, CASES, GEVENT_FOREVER);
        if (chosen < 0 || chosen == ENOUGH) return chosen;
        printf("%.1f s: %s\n", gevent_now() - start, (const char *)cases[chosen].value);
    }
}

int main(void) {
    (void)gevent_use_virtual_clock();
    if (gevent_spawn(speak, &cuckoo, NULL) < 0) return 1;
    if (gevent_spawn(speak, &owl, NULL) < 0) return 1;
    int status = listen(4.2);
    printf("enough\n");
    return status < 0;
}
