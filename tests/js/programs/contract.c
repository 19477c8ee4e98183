// What JavaScript must agree on with C, as C has it.
#include <stddef.h>
#include <stdio.h>
#include <string.h>

#include "gevent.h"
#include "gevent/slot.h"

int contract(char **result) {
    char text[256];
    snprintf(text, sizeof text,
             "{\"cell\":%zu,\"bytesSize\":%zu,\"statuses\":[%d,%d,%d,%d],\"version\":\"%s\"}",
             sizeof(gevent_cell_t), offsetof(gevent_cell_t, bytes.size), GEVENT_PENDING,
             GEVENT_RETURNED, GEVENT_KILLED, GEVENT_FAILED, greenlet_version());
    *result = strdup(text);
    return GREENLET_OK;
}
GEVENT_EXPORT(json, contract)

int code_name(int32_t code, char **result) {
    *result = strdup(greenlet_error_name(code));
    return GREENLET_OK;
}
GEVENT_EXPORT(string, code_name, i32)
