// A pool of threads that counts primes, a job for each hundred numbers; a semaphore says that there
// are jobs, and the last one that there are none.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <semaphore.h>
#include <stdio.h>
#include <stdlib.h>

#define WORKERS 4
#define JOBS 20

typedef struct job {
    struct job *next;
    int from, to;
} job_t;

static job_t *jobs;
static sem_t available;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static pthread_barrier_t ready;
static int primes, done_jobs;

static int is_prime(int number) {
    if (number < 2) return 0;
    for (int i = 2; i * i <= number; i++)
        if (number % i == 0) return 0;
    return 1;
}

static job_t *take(void) {
    sem_wait(&available);
    pthread_mutex_lock(&mutex);
    job_t *job = jobs;
    if (job) jobs = job->next;
    pthread_mutex_unlock(&mutex);
    return job;
}

static void *work(void *argument) {
    (void)argument;
    pthread_barrier_wait(&ready);
    for (job_t *job; (job = take()); free(job)) {
        int found = 0;
        for (int i = job->from; i < job->to; i++) found += is_prime(i);
        pthread_mutex_lock(&mutex);
        primes += found;
        done_jobs++;
        pthread_mutex_unlock(&mutex);
    }
    return NULL;
}

static void put(int from, int to) {
    job_t *job = malloc(sizeof *job);
    pthread_mutex_lock(&mutex);
    *job = (job_t){jobs, from, to};
    jobs = job;
    pthread_mutex_unlock(&mutex);
    sem_post(&available);
}

int main(void) {
    pthread_t workers[WORKERS];
    sem_init(&available, 0, 0);
    pthread_barrier_init(&ready, NULL, WORKERS + 1);
    for (int i = 0; i < WORKERS; i++) pthread_create(&workers[i], NULL, work, NULL);
    pthread_barrier_wait(&ready);
    for (int i = 0; i < JOBS; i++) put(i * 100, (i + 1) * 100);
    for (int i = 0; i < WORKERS; i++) sem_post(&available);
    for (int i = 0; i < WORKERS; i++) pthread_join(workers[i], NULL);
    printf("%d primes in %d jobs\n", primes, done_jobs);
    return 0;
}
