// Two producers and two consumers share a buffer that holds three.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdio.h>

#define ROOM 3
#define EACH 500

static int buffer[ROOM];
static int count, first, producing = 2;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t not_full = PTHREAD_COND_INITIALIZER;
static pthread_cond_t not_empty = PTHREAD_COND_INITIALIZER;

static void *produce(void *argument) {
    int base = *(int *)argument;
    for (int i = 1; i <= EACH; i++) {
        pthread_mutex_lock(&mutex);
        while (count == ROOM) pthread_cond_wait(&not_full, &mutex);
        buffer[(first + count++) % ROOM] = base + i;
        pthread_cond_signal(&not_empty);
        pthread_mutex_unlock(&mutex);
    }
    pthread_mutex_lock(&mutex);
    if (--producing == 0) pthread_cond_broadcast(&not_empty);
    pthread_mutex_unlock(&mutex);
    return NULL;
}

static void *consume(void *argument) {
    long *sum = argument;
    for (;;) {
        pthread_mutex_lock(&mutex);
        while (count == 0 && producing > 0) pthread_cond_wait(&not_empty, &mutex);
        if (count == 0) break;
        *sum += buffer[first];
        first = (first + 1) % ROOM;
        count--;
        pthread_cond_signal(&not_full);
        pthread_mutex_unlock(&mutex);
    }
    pthread_mutex_unlock(&mutex);
    return NULL;
}

int main(void) {
    pthread_t threads[4];
    int bases[2] = {0, 1000};
    long sums[2] = {0, 0};
    for (int i = 0; i < 2; i++) pthread_create(&threads[i], NULL, produce, &bases[i]);
    for (int i = 0; i < 2; i++) pthread_create(&threads[2 + i], NULL, consume, &sums[i]);
    for (int i = 0; i < 4; i++) pthread_join(threads[i], NULL);
    printf("sum %ld\n", sums[0] + sums[1]);
    return 0;
}
