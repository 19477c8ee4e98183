// libc's pthread.h, with what it leaves out where there are no threads.
//
// SPDX-License-Identifier: MIT
#ifndef GREENLET_PTHREAD_H
#define GREENLET_PTHREAD_H

#include_next <pthread.h>

#ifdef __cplusplus
extern "C" {
#endif

_Noreturn void pthread_exit(void *value);
int pthread_cancel(pthread_t thread);

#ifdef __cplusplus
}
#endif
#endif
