// Sending, for who has a socket to write to.
#ifndef GREENLET_PATCH_SOCKET_H
#define GREENLET_PATCH_SOCKET_H

#include <sys/socket.h>
#include <sys/types.h>

// As sendmsg, parking the current greenlet, on a socket that is not non-blocking.
ssize_t patch_send(int fd, const struct msghdr *message, int flags);

#endif
