// A thread that waits for work is cancelled, and leaves nothing locked.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t work = PTHREAD_COND_INITIALIZER;

static void unlock(void *held) {
    puts("unlocked");
    pthread_mutex_unlock(held);
}

static void free_it(void *memory) {
    puts("freed");
    free(memory);
}

static void *wait_for_work(void *argument) {
    char *memory = malloc(100);
    (void)argument;
    pthread_cleanup_push(free_it, memory);
    pthread_mutex_lock(&mutex);
    pthread_cleanup_push(unlock, &mutex);
    for (;;) pthread_cond_wait(&work, &mutex);
    pthread_cleanup_pop(1);
    pthread_cleanup_pop(1);
    return NULL;
}

static void *sleep_long(void *argument) {
    sleep(100000);
    return argument;
}

int main(void) {
    pthread_t threads[2];
    void *result;
    pthread_create(&threads[0], NULL, wait_for_work, NULL);
    pthread_create(&threads[1], NULL, sleep_long, NULL);
    for (int i = 0; i < 2; i++) {
        pthread_cancel(threads[i]);
        pthread_join(threads[i], &result);
        puts(result == PTHREAD_CANCELED ? "cancelled" : "ended");
    }
    printf("%d\n", pthread_mutex_trylock(&mutex));
    return 0;
}
