// Descriptors and signals that the test makes ready, on every host: the virtual clock's loop with
// them instead of the host's.
//
// SPDX-License-Identifier: MIT
#ifndef FAKE_LOOP_H
#define FAKE_LOOP_H

enum { FAKE_FDS = 4 }; // 0, 1, 2 and 3 are open

// Begins with nothing ready.
void fake_loop_begin(void);
void fake_loop_end(void);
// Makes these events of a descriptor ready, and no others.
void fake_fds_set(int fd, unsigned events);
// Those that its watch is armed for; 0 without one.
unsigned fake_fds_armed(int fd);
// Lets the signal with this number come, if somebody has asked for it (1 and 2 are there).
void fake_signal_raise(int number);
// Watches that are open.
int fake_fds_open(void);

#endif
