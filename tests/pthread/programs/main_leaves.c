// main leaves by pthread_exit, and the program goes on until its threads have ended.
//
// SPDX-License-Identifier: MIT
#include <pthread.h>
#include <stdio.h>
#include <unistd.h>

static pthread_t first;

static void *say(void *text) {
    usleep(1000);
    puts(text);
    return NULL;
}

static void *say_after(void *text) {
    pthread_join(first, NULL);
    return say(text);
}

static void leave(void *text) {
    puts(text);
}

int main(void) {
    pthread_t second;
    static char one[] = "one", two[] = "two", zero[] = "main";
    pthread_create(&first, NULL, say, one);
    pthread_create(&second, NULL, say_after, two);
    pthread_detach(second);
    pthread_cleanup_push(leave, zero);
    pthread_exit(NULL);
    pthread_cleanup_pop(0);
}
