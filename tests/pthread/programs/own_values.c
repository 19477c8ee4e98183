// Each thread has a buffer of its own, made when it first asks, and freed when it ends.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

static pthread_key_t key;
static pthread_once_t once = PTHREAD_ONCE_INIT;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int made, freed, keys;

static void free_buffer(void *buffer) {
    free(buffer);
    pthread_mutex_lock(&mutex);
    freed++;
    pthread_mutex_unlock(&mutex);
}

static void make_key(void) {
    keys++;
    pthread_key_create(&key, free_buffer);
}

static char *buffer(void) {
    pthread_once(&once, make_key);
    char *mine = pthread_getspecific(key);
    if (mine) return mine;
    mine = malloc(32);
    pthread_setspecific(key, mine);
    pthread_mutex_lock(&mutex);
    made++;
    pthread_mutex_unlock(&mutex);
    return mine;
}

static void *work(void *argument) {
    const char *mine = buffer();
    snprintf(buffer(), 32, "%s", (const char *)argument);
    return mine == buffer() ? argument : NULL;
}

int main(void) {
    pthread_t threads[3];
    char names[3][2] = {"a", "b", "c"};
    for (int i = 0; i < 3; i++) pthread_create(&threads[i], NULL, work, names[i]);
    for (int i = 0; i < 3; i++) {
        void *result;
        pthread_join(threads[i], &result);
        printf("%s\n", result ? (char *)result : "not the same");
    }
    printf("%d made, %d freed, %d key\n", made, freed, keys);
    return 0;
}
