// The locks of streams.
//
// SPDX-License-Identifier: MIT
#include "threads_test.h"

#include <stdio.h>

static int reads_nothing(void) {
    char line[2];
    return fgets(line, sizeof line, stdin) == NULL;
}

TEST(PTHREAD_STREAM_without_memory_for_a_lock_the_call_fails) {
    test_may_leak(); // the lock stays for the next stream
    memory_fail_at(1);
    errno = 0;
    CHECK(reads_nothing());
    CHECK_INT(errno, ENOMEM);
    memory_fail_at(1);
    CHECK_INT(ftrylockfile(stdin), -1);
    CHECK_INT(ftrylockfile(stdin), 0);
    funlockfile(stdin);
}

static void *try_lock(void *stream) {
    int error = ftrylockfile(stream);
    if (!error) funlockfile(stream);
    return V(error != 0);
}

TEST(PTHREAD_STREAM_one_holds_it_as_often_as_he_has_taken_it) {
    test_may_leak();
    flockfile(stdin);
    CHECK_INT(ftrylockfile(stdin), 0);
    CHECK_INT(INT(end_of(start(try_lock, stdin))), 1);
    funlockfile(stdin);
    CHECK_INT(INT(end_of(start(try_lock, stdin))), 1);
    funlockfile(stdin);
    CHECK_INT(INT(end_of(start(try_lock, stdin))), 0);
}
