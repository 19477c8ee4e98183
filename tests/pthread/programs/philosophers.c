// Five philosophers take the fork with the lower number first.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <sched.h>
#include <stdio.h>

#define PEOPLE 5
#define MEALS 20

static pthread_mutex_t forks[PEOPLE];
static int in_use[PEOPLE];
static int eaten[PEOPLE];

static void eat(int who, int low, int high) {
    if (in_use[low]++ || in_use[high]++) printf("%d shares a fork\n", who);
    sched_yield();
    in_use[low]--;
    in_use[high]--;
    eaten[who]++;
}

static void *dine(void *argument) {
    int who = (int)((pthread_mutex_t *)argument - forks);
    int left = who, right = (who + 1) % PEOPLE;
    int low = left < right ? left : right, high = left < right ? right : left;
    for (int i = 0; i < MEALS; i++) {
        pthread_mutex_lock(&forks[low]);
        sched_yield();
        pthread_mutex_lock(&forks[high]);
        eat(who, low, high);
        pthread_mutex_unlock(&forks[high]);
        pthread_mutex_unlock(&forks[low]);
    }
    return NULL;
}

int main(void) {
    pthread_t people[PEOPLE];
    for (int i = 0; i < PEOPLE; i++) pthread_mutex_init(&forks[i], NULL);
    for (int i = 0; i < PEOPLE; i++) pthread_create(&people[i], NULL, dine, &forks[i]);
    for (int i = 0; i < PEOPLE; i++) pthread_join(people[i], NULL);
    for (int i = 0; i < PEOPLE; i++) printf("%d ate %d times\n", i, eaten[i]);
    for (int i = 0; i < PEOPLE; i++) pthread_mutex_destroy(&forks[i]);
    return 0;
}
