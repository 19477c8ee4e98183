// Readers never see half of what a writer writes.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#define ROUNDS 200

static pthread_rwlock_t lock = PTHREAD_RWLOCK_INITIALIZER;
static int left, right;

static void *write_both(void *argument) {
    (void)argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_rwlock_wrlock(&lock);
        left++;
        sched_yield();
        right++;
        pthread_rwlock_unlock(&lock);
        sched_yield();
    }
    return NULL;
}

static void *read_both(void *argument) {
    int *torn = argument;
    for (int i = 0; i < ROUNDS; i++) {
        pthread_rwlock_rdlock(&lock);
        int seen = left;
        sched_yield();
        if (seen != right) ++*torn;
        pthread_rwlock_unlock(&lock);
        sched_yield();
    }
    return NULL;
}

int main(void) {
    pthread_t threads[5];
    int torn[3] = {0, 0, 0};
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, read_both, &torn[i]);
    for (int i = 3; i < 5; i++) pthread_create(&threads[i], NULL, write_both, NULL);
    for (int i = 0; i < 5; i++) pthread_join(threads[i], NULL);
    printf("%d %d, torn %d\n", left, right, torn[0] + torn[1] + torn[2]);
    return 0;
}
