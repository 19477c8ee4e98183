// Descriptors: to wait until a file, pipe, terminal or socket can be read or written.
//
// SPDX-License-Identifier: MIT
#ifndef GEVENT_FD_H
#define GEVENT_FD_H

#include "case.h"

#ifdef __cplusplus
extern "C" {
#endif

// What can be done with a descriptor without blocking. One that is at its end or in error can be
// read and written: that call says so.
enum { GEVENT_READABLE = 1, GEVENT_WRITABLE = 2 };

// Waits until `fd` can be read or written; not at all if it can be already, as a regular file
// always can. Another process may take what there is, so that the call that follows may find
// nothing. The descriptor is not changed, and need not be non-blocking.
//   events  GEVENT_READABLE, GEVENT_WRITABLE or both
//   ready   gets those of `events` that can be done; or NULL
// GREENLET_ETIMEDOUT after `seconds`; GREENLET_EBADF if it is not open, or was closed meanwhile by
// gevent_close_fd; GREENLET_EBUSY if another greenlet waits for the same event of it (a reader and
// a writer at once are fine); GREENLET_EINVAL (no events); GREENLET_ENOSYS on a host that has no
// descriptors to wait for (that of JavaScript has three: stdin, stdout and stderr);
// GREENLET_ENOMEM. (gevent: socket.wait_read, wait_write, ConcurrentObjectUseError)
int gevent_wait_fd(int fd, unsigned events, double seconds, unsigned *ready);

// The same as a case; `value` is what can be done, as a number.
gevent_case_t gevent_fd_case(int fd, unsigned events);

// Closes `fd`, after telling who waits for it: their calls fail with GREENLET_EBADF. A descriptor
// that has been waited for in this thread is closed by nothing else. GREENLET_EBADF if it is not
// open; GREENLET_EFAILED if what was written could not all be stored: it is closed all the same.
// From anywhere. (gevent: hub.cancel_wait)
int gevent_close_fd(int fd);

// Tells who waits for `fd` that it is closed: for a descriptor that is about to be closed by some
// other call. From anywhere.
void gevent_fd_closed(int fd);

#ifdef __cplusplus
}
#endif
#endif
