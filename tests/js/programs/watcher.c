// A timer that ticks for as long as anything else goes on.
#include "gevent.h"

GEVENT_IMPORT(void, host, tick)
GEVENT_IMPORT(void, host, wait)

static gevent_timer_t timer;

static int tell(void *argument) {
    (void)argument;
    return tick();
}

int watch(double seconds) {
    int code = gevent_timer_start(&timer, seconds, seconds, tell, NULL);
    if (code >= 0) (void)gevent_timer_set_counted(&timer, 0);
    return code;
}
GEVENT_EXPORT(void, watch, f64)

int wait_for_host(void) {
    return wait();
}
GEVENT_EXPORT(void, wait_for_host)
