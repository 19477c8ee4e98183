// Tasks that signals start.
//
// SPDX-License-Identifier: MIT
#include <gevent.h>

GEVENT_IMPORT(void, host, note, i32)

static int run_note(void *value, void **result) {
    (void)result;
    int status = gevent_sleep(1);
    return status < 0 ? status : note((int)(intptr_t)value);
}

GEVENT_EXPORT(void, handle, i32)
int handle(int32_t number) {
    return gevent_signal(number, run_note, (void *)(intptr_t)number);
}

GEVENT_EXPORT(void, forget, i32)
int forget(int32_t number) {
    return gevent_signal(number, NULL, NULL);
}
