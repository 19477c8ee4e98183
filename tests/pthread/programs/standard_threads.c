// C11: threads take turns.
//
// SPDX-License-Identifier: MIT
#include <stdio.h>
#include <threads.h>

#define THREADS 3

static mtx_t mutex;
static cnd_t changed;
static int turn;
static once_flag once = ONCE_FLAG_INIT;

static void prepare(void) {
    mtx_init(&mutex, mtx_plain);
    cnd_init(&changed);
    puts("prepared");
}

static int take_turns(void *argument) {
    int mine = *(int *)argument;
    call_once(&once, prepare);
    for (int i = 0; i < 2; i++) {
        mtx_lock(&mutex);
        while (turn % THREADS != mine) cnd_wait(&changed, &mutex);
        printf("%d", mine);
        turn++;
        cnd_broadcast(&changed);
        mtx_unlock(&mutex);
    }
    return mine * mine;
}

int main(void) {
    thrd_t threads[THREADS];
    int numbers[THREADS], sum = 0;
    for (int i = 0; i < THREADS; i++) {
        numbers[i] = i;
        thrd_create(&threads[i], take_turns, &numbers[i]);
    }
    for (int i = 0; i < THREADS; i++) {
        int result = 0;
        thrd_join(threads[i], &result);
        sum += result;
    }
    printf("\nsum %d\n", sum);
    mtx_destroy(&mutex);
    cnd_destroy(&changed);
    return 0;
}
