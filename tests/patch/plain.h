// C that was never written for greenlets, as a shared library has it.
//
// SPDX-License-Identifier: MIT
#ifndef PLAIN_H
#define PLAIN_H

#include <stddef.h>

void plain_sleep(unsigned seconds);
// Reads lines from a descriptor until its end; how many bytes they had.
size_t plain_read_lines(int fd);
// Waits until it is readable; what poll says.
int plain_poll(int fd, int milliseconds);
// Answers the first who connects with what he sends, until that ends. The listening socket's port
// is told before.
int plain_serve_once(void (*listening)(int port));
// Sends that much to a port of this machine; how much came back.
size_t plain_send_and_receive(int port, size_t size);

#endif
