// SPDX-License-Identifier: MIT
#define _DEFAULT_SOURCE
#include "plain.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

void plain_sleep(unsigned seconds) {
    while (seconds > 0) seconds = sleep(seconds);
}

size_t plain_read_lines(int fd) {
    char line[64];
    size_t length = 0;
    FILE *file = fdopen(fd, "r");
    if (!file) return 0;
    while (fgets(line, sizeof line, file)) length += strlen(line);
    (void)fclose(file);
    return length;
}

int plain_poll(int fd, int milliseconds) {
    struct pollfd poller = {.fd = fd, .events = POLLIN};
    return poll(&poller, 1, milliseconds);
}

static int echo(int fd) {
    char buffer[4096];
    ssize_t got;
    while ((got = recv(fd, buffer, sizeof buffer, 0)) > 0)
        if (send(fd, buffer, (size_t)got, MSG_NOSIGNAL) != got) break;
    return close(fd);
}

static struct sockaddr_in local(int port) {
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((unsigned short)port)};
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    return address;
}

int plain_serve_once(void (*listening)(int port)) {
    struct sockaddr_in address = local(0);
    socklen_t length = sizeof address;
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    if (bind(fd, (struct sockaddr *)&address, length) < 0 || listen(fd, 1) < 0) return -1;
    if (getsockname(fd, (struct sockaddr *)&address, &length) < 0) return -1;
    listening(ntohs(address.sin_port));
    int client = accept(fd, NULL, NULL);
    (void)close(fd);
    return client < 0 ? -1 : echo(client);
}

// Sends in pieces that fit into no buffer at once, and reads what has come back after each.
size_t plain_send_and_receive(int port, size_t size) {
    char buffer[4096] = "";
    struct sockaddr_in address = local(port);
    int fd = socket(AF_INET, SOCK_STREAM, 0);
    size_t received = 0;
    if (connect(fd, (struct sockaddr *)&address, sizeof address) < 0) return 0;
    for (size_t sent = 0; sent < size; sent += sizeof buffer) {
        if (send(fd, buffer, sizeof buffer, MSG_NOSIGNAL) < 0) break;
        ssize_t got = recv(fd, buffer, sizeof buffer, MSG_WAITALL);
        if (got > 0) received += (size_t)got;
    }
    (void)close(fd);
    return received;
}
