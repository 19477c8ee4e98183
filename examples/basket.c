// The C half of shop.js: a library without main(), called from JavaScript and calling it.
//
//   greenlet-wasm build examples/basket.c -o basket.wasm
//   node examples/shop.js basket.wasm
//
// SPDX-License-Identifier: MIT
#include <stdio.h>

#include "gevent.h"

// What JavaScript provides. It may answer with a promise.
GEVENT_IMPORT(f64, shop, price, string)

// What a basket of tea and cake costs: two calls that wait, one after the other.
int total(int32_t tea, int32_t cake, double *result) {
    double tea_price, cake_price;
    int status = price("tea", &tea_price);
    if (status >= 0) status = price("cake", &cake_price);
    if (status < 0) {
        printf("no total: %s\n", greenlet_error_message(greenlet_last_error()));
        return status; // to JavaScript
    }
    *result = tea * tea_price + cake * cake_price;
    return GREENLET_OK;
}
GEVENT_EXPORT(f64, total, i32, i32)
