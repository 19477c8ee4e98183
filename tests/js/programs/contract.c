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

// Of wasm/request.c.
const char *gevent_wasm_action_name(unsigned action);

int actions(char **result) {
    char text[512] = "[";
    for (unsigned i = 0; gevent_wasm_action_name(i); i++) {
        size_t length = strlen(text);
        snprintf(text + length, sizeof text - length, "%s\"%s\"", i ? "," : "",
                 gevent_wasm_action_name(i));
    }
    *result = strdup(strcat(text, "]"));
    return GREENLET_OK;
}
GEVENT_EXPORT(json, actions)

int types(char **result) {
    char text[256];
    snprintf(text, sizeof text,
             "{\"void\":%d,\"i32\":%d,\"i64\":%d,\"f32\":%d,\"f64\":%d,\"string\":%d,"
             "\"bytes\":%d,\"json\":%d,\"ref\":%d}",
             GEVENT_TYPE_void, GEVENT_TYPE_i32, GEVENT_TYPE_i64, GEVENT_TYPE_f32, GEVENT_TYPE_f64,
             GEVENT_TYPE_string, GEVENT_TYPE_bytes, GEVENT_TYPE_json, GEVENT_TYPE_ref);
    *result = strdup(text);
    return GREENLET_OK;
}
GEVENT_EXPORT(json, types)

int code_name(int32_t code, char **result) {
    *result = strdup(greenlet_error_name(code));
    return GREENLET_OK;
}
GEVENT_EXPORT(string, code_name, i32)
