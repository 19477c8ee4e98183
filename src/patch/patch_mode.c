// How a call is to be made, and how it fails: the same wherever libc is patched.
//
// SPDX-License-Identifier: MIT
#include "patch.h"

#include <errno.h>

#include "../call.h"
#include "../gevent/task_internal.h"
#include "../gevent/wait.h"
#include "../greenlet_patch.h"

// ---- whether to wait ----------------------------------------------------------------------------

static unsigned limit; // 0: none

void greenlet_patch_set_limit(unsigned calls) {
    limit = calls;
}

static void end_hard(callback_t *callback) {
    wait_t *wait = LIST_ITEM(callback, wait_t, callback);
    (void)gevent_kill_hard(task_of(greenlet_find_killed(wait->greenlet)));
}

// Parks the current greenlet, and the hub ends it.
static void end_current(void) {
    wait_t wait = {.what = "its end", .ignores_cancel = 1, .callback.run = end_hard};
    hub_call(hub_get(), &wait.callback);
    (void)wait_until(&wait, LOOP_NEVER);
}

static patch_mode_t refuse(greenlet_t *killed) {
    if (++killed->ignored_kills == limit && task_of(killed)) end_current();
    errno = ECANCELED;
    return PATCH_REFUSED;
}

patch_mode_t patch_begin(void) {
    const hub_t *hub = patch_is_out_of_place() ? NULL : hub_if_any();
    if (!hub || hub->is_asking_loop || wait_check(hub) < 0) return PATCH_PLAIN;
    if (greenlet_thread()->forbidden > 0) return PATCH_PLAIN;
    greenlet_t *killed = greenlet_find_killed(greenlet_current());
    return killed ? refuse(killed) : PATCH_COOPERATIVE;
}

// ---- why not ------------------------------------------------------------------------------------

static int errno_of(int code) {
    switch (code) {
    case GREENLET_ETIMEDOUT:
        return EAGAIN;
    case GREENLET_EEXPIRED:
        return ETIMEDOUT;
    case GREENLET_EBADF:
        return EBADF;
    case GREENLET_EBUSY:
        return EBUSY;
    case GREENLET_ENOMEM:
        return ENOMEM;
    case GREENLET_EDEADLK:
        return EDEADLK;
    case GREENLET_ENOSYS:
        return ENOSYS;
    default:
        return ECANCELED;
    }
}

int patch_fail(int code) {
    errno = errno_of(code);
    return -1;
}
