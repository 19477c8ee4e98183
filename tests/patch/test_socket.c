// Sockets.
//
// SPDX-License-Identifier: MIT
#include "helpers.h"

#include <arpa/inet.h>
#include <netdb.h>
#include <netinet/in.h>
#include <sys/time.h>

#include "plain.h"

static pipe_ends_t ends;
static int port;

static void note_port(int number) {
    port = number;
}

static void serve(void) {
    CHECK_INT(plain_serve_once(note_port), 0);
}

TEST(PATCH_a_server_and_its_client_share_a_thread) {
    gevent_task_t *server = run_in_task(serve);
    let_others_run();
    CHECK_INT(plain_send_and_receive(port, 1 << 20), 1 << 20);
    wait_for(server);
}

TEST(PATCH_a_connection_that_is_refused_says_so) {
    struct sockaddr_in address = {.sin_family = AF_INET};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t length = sizeof address;
    int taken = socket(AF_INET, SOCK_STREAM, 0), fd = socket(AF_INET, SOCK_STREAM, 0);
    CHECK_INT(bind(taken, (struct sockaddr *)&address, length), 0);
    CHECK_INT(getsockname(taken, (struct sockaddr *)&address, &length), 0);
    CHECK_INT(connect(fd, (struct sockaddr *)&address, length), -1);
    CHECK_INT(errno, ECONNREFUSED);
    CHECK_INT(fcntl(fd, F_GETFL) & O_NONBLOCK, 0);
    CHECK_INT(close(fd) | close(taken), 0);
}

static void receive_four(void) {
    char buffer[5] = "";
    ssize_t got = recv(ends.reader, buffer, 4, MSG_WAITALL);
    log_add("%d:%s", (int)got, buffer);
}

TEST(PATCH_all_that_is_wanted_is_waited_for) {
    ends = open_sockets(SOCK_STREAM);
    gevent_task_t *task = run_in_task(receive_four);
    let_others_run();
    CHECK_INT(send(ends.writer, "ab", 2, 0), 2);
    let_others_run();
    CHECK_LOG("");
    CHECK_INT(send(ends.writer, "cd", 2, 0), 2);
    wait_for(task);
    CHECK_LOG("4:abcd");
    close_pipe(&ends);
}

TEST(PATCH_a_call_that_must_not_wait_does_not) {
    char byte;
    ends = open_sockets(SOCK_STREAM);
    CHECK_INT(recv(ends.reader, &byte, 1, MSG_DONTWAIT), -1);
    CHECK_INT(errno, EAGAIN);
    CHECK_INT(fcntl(ends.reader, F_SETFL, O_NONBLOCK), 0);
    CHECK_INT(recv(ends.reader, &byte, 1, 0), -1);
    CHECK_INT(errno, EAGAIN);
    while (send(ends.writer, "x", 1, MSG_DONTWAIT) == 1) continue;
    CHECK_INT(errno, EAGAIN);
    close_pipe(&ends);
}

TEST(PATCH_a_sockets_own_limit_holds) {
    char byte;
    struct timeval limit = {0, 1000};
    use_real_clock();
    ends = open_sockets(SOCK_STREAM);
    CHECK_INT(setsockopt(ends.reader, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit), 0);
    CHECK_INT(recv(ends.reader, &byte, 1, 0), -1);
    CHECK_INT(errno, EAGAIN);
    close_pipe(&ends);
    use_virtual_clock();
}

static void receive_datagrams(void) {
    char buffer[16] = "";
    for (int i = 0; i < 2; i++) {
        ssize_t got = recvfrom(ends.reader, buffer, sizeof buffer, 0, NULL, NULL);
        log_add("%d:%.*s", (int)got, (int)got, buffer);
    }
}

TEST(PATCH_datagrams_stay_what_they_are) {
    ends = open_sockets(SOCK_DGRAM);
    gevent_task_t *task = run_in_task(receive_datagrams);
    let_others_run();
    CHECK_INT(sendto(ends.writer, "abc", 3, 0, NULL, 0), 3);
    CHECK_INT(send(ends.writer, "d", 1, 0), 1);
    wait_for(task);
    CHECK_LOG("3:abc 1:d");
    close_pipe(&ends);
}

static void send_message(void) {
    static char first[100000], second[100000];
    struct iovec parts[] = {{first, sizeof first}, {second, sizeof second}};
    struct msghdr message = {.msg_iov = parts, .msg_iovlen = 2};
    memset(second, 's', sizeof second);
    for (int i = 0; i < 5; i++) CHECK_INT(sendmsg(ends.writer, &message, 0), 200000);
    close_end(&ends.writer);
}

TEST(PATCH_a_message_in_parts_arrives_in_order) {
    static char buffer[7000];
    struct iovec part = {buffer, sizeof buffer};
    struct msghdr message = {.msg_iov = &part, .msg_iovlen = 1};
    size_t all = 0, marked = 0;
    ends = open_sockets(SOCK_STREAM);
    gevent_task_t *task = run_in_task(send_message);
    for (ssize_t got; (got = recvmsg(ends.reader, &message, 0)) > 0;)
        for (ssize_t i = 0; i < got; i++, all++) {
            marked += buffer[i] == 's';
            if ((buffer[i] == 's') != (all / 100000 % 2 == 1)) FAIL("out of order");
        }
    CHECK_INT(all, 1000000);
    CHECK_INT(marked, 500000);
    wait_for(task);
    close_pipe(&ends);
}

static void log_other(void) {
    log_add("other");
}

TEST(PATCH_a_name_is_looked_up_while_others_run) {
    struct addrinfo *found = NULL, hints = {.ai_flags = AI_NUMERICHOST, .ai_family = AF_INET};
    gevent_task_t *task = run_in_task(log_other);
    CHECK_INT(getaddrinfo("127.0.0.1", "80", &hints, &found), 0);
    CHECK_INT(ntohs(((struct sockaddr_in *)(void *)found->ai_addr)->sin_port), 80);
    freeaddrinfo(found);
    CHECK_INT(getaddrinfo("no address", NULL, &hints, &found), EAI_NONAME);
    wait_for(task);
    CHECK_LOG("other");
}
