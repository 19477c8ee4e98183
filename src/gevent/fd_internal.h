// Descriptors as the cooperative libc waits for them.
#ifndef GREENLET_FD_INTERNAL_H
#define GREENLET_FD_INTERNAL_H

#include "fd.h"

// As gevent_fd_case, but any number of greenlets may wait for the same.
gevent_case_t fd_shared_case(int fd, unsigned events);

#endif
