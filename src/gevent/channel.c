// SPDX-License-Identifier: MIT
#include "channel.h"

#include "source.h"

void gevent_channel_init(gevent_channel_t *channel) {
    *channel = (gevent_channel_t){.is_closed = 0};
}

int gevent_channel_is_closed(const gevent_channel_t *channel) {
    return channel->is_closed;
}

// ---- who waits ----------------------------------------------------------------------------------

static gevent_case_t *case_at(const list_t *link) {
    return LIST_ITEM(link, gevent_case_t, place.link);
}

// The place of an iwait is in no wait: it hears of the others, and they do not meet it.
static int is_listener(const gevent_case_t *each) {
    return !each->place.wait;
}

static gevent_case_t *first_partner(const waiters_t *waiters) {
    if (waiters_are_none(waiters)) return NULL;
    for (const list_t *link = waiters->list.next; link != &waiters->list; link = link->next)
        if (!is_listener(case_at(link))) return case_at(link);
    return NULL;
}

static ptrdiff_t count_partners(const waiters_t *waiters) {
    ptrdiff_t count = 0;
    if (waiters_are_none(waiters)) return 0;
    for (const list_t *link = waiters->list.next; link != &waiters->list; link = link->next)
        count += !is_listener(case_at(link));
    return count;
}

ptrdiff_t gevent_channel_balance(const gevent_channel_t *channel) {
    return count_partners(&channel->putters) - count_partners(&channel->getters);
}

// ---- meeting ------------------------------------------------------------------------------------

// The first on the other side that is not of the same wait; two listeners have none, and do not
// meet either.
static gevent_case_t *partner_of(const gevent_case_t *each, const waiters_t *others) {
    for (const list_t *link = others->list.next; link != &others->list; link = link->next)
        if (case_at(link)->place.wait != each->place.wait) return case_at(link);
    return NULL;
}

// 0: no two are there who could meet.
static int find_pair(const gevent_channel_t *channel, gevent_case_t **getter,
                     gevent_case_t **putter) {
    const list_t *getters = &channel->getters.list;
    if (waiters_are_none(&channel->getters) || waiters_are_none(&channel->putters)) return 0;
    for (const list_t *link = getters->next; link != getters; link = link->next) {
        *getter = case_at(link);
        *putter = partner_of(*getter, &channel->putters);
        if (*putter) return 1;
    }
    return 0;
}

static void notify_getters(callback_t *notifier);
static void notify_putters(callback_t *notifier);

static void go_on_next(gevent_channel_t *channel) {
    waiters_notify_next(&channel->putters, notify_putters);
    waiters_notify_next(&channel->getters, notify_getters);
}

static void tell(gevent_channel_t *channel, waiter_t *waiter) {
    waiters_remove(waiter);
    go_on_next(channel);
    waiter->tell(waiter);
}

// The getter goes on at once, then the putter, then whoever can meet next.
static void meet(gevent_channel_t *channel, gevent_case_t *getter, gevent_case_t *putter) {
    hub_t *hub = hub_get();
    getter->value = putter->value;
    case_settle(getter);
    case_settle(putter);
    go_on_next(channel);
    hub_call_next(hub, &putter->place.wait->callback);
    hub_call_next(hub, &getter->place.wait->callback);
}

static void match(gevent_channel_t *channel) {
    gevent_case_t *getter, *putter;
    if (!find_pair(channel, &getter, &putter)) return;
    if (is_listener(getter))
        tell(channel, &getter->place);
    else if (is_listener(putter))
        tell(channel, &putter->place);
    else
        meet(channel, getter, putter);
}

static void tell_of_the_end(gevent_channel_t *channel) {
    int is_getter = !waiters_are_none(&channel->getters);
    tell(channel, waiters_first(is_getter ? &channel->getters : &channel->putters));
}

static void notify(gevent_channel_t *channel) {
    if (channel->is_closed)
        tell_of_the_end(channel);
    else
        match(channel);
}

static void notify_getters(callback_t *notifier) {
    notify(LIST_ITEM(waiters_of(notifier), gevent_channel_t, getters));
}

static void notify_putters(callback_t *notifier) {
    notify(LIST_ITEM(waiters_of(notifier), gevent_channel_t, putters));
}

void gevent_channel_close(gevent_channel_t *channel) {
    channel->is_closed = 1;
    waiters_notify(&channel->getters, notify_getters);
    waiters_notify(&channel->putters, notify_putters);
}

// ---- put ----------------------------------------------------------------------------------------

static int put_is_ready(const gevent_case_t *each) {
    const gevent_channel_t *channel = each->object;
    return channel->is_closed || first_partner(&channel->getters);
}

static int put(gevent_case_t *each) {
    const gevent_channel_t *channel = each->object;
    if (channel->is_closed) return greenlet_fail(GREENLET_ECLOSED);
    gevent_case_t *getter = first_partner(&channel->getters);
    getter->value = each->value;
    case_settle(getter);
    return GREENLET_OK;
}

static waiters_t *putters_of(const gevent_case_t *each) {
    gevent_channel_t *channel = each->object;
    return &channel->putters;
}

static void put_parked(gevent_case_t *each) {
    gevent_channel_t *channel = each->object;
    if (!waiters_are_none(&channel->getters)) waiters_notify(&channel->putters, notify_putters);
}

static const source_t put_source = {"channel put", put_is_ready, put, putters_of, put_parked, NULL};

gevent_case_t gevent_channel_put_case(gevent_channel_t *channel, void *item) {
    return (gevent_case_t){.source = &put_source, .object = channel, .value = item};
}

// ---- get ----------------------------------------------------------------------------------------

static int get_is_ready(const gevent_case_t *each) {
    const gevent_channel_t *channel = each->object;
    return channel->is_closed || first_partner(&channel->putters);
}

static int get(gevent_case_t *each) {
    const gevent_channel_t *channel = each->object;
    if (channel->is_closed) return greenlet_fail(GREENLET_ECLOSED);
    gevent_case_t *putter = first_partner(&channel->putters);
    each->value = putter->value;
    case_settle(putter);
    return GREENLET_OK;
}

static waiters_t *getters_of(const gevent_case_t *each) {
    gevent_channel_t *channel = each->object;
    return &channel->getters;
}

static void get_parked(gevent_case_t *each) {
    gevent_channel_t *channel = each->object;
    if (!waiters_are_none(&channel->putters)) waiters_notify(&channel->getters, notify_getters);
}

// The item goes to the next who waits. A channel has no room for one that nobody waits for.
static void pass_on(const gevent_case_t *each) {
    const gevent_channel_t *channel = each->object;
    gevent_case_t *getter = first_partner(&channel->getters);
    if (!getter) return;
    getter->value = each->value;
    case_settle(getter);
}

static const source_t get_source = {"channel get", get_is_ready, get,
                                    getters_of,    get_parked,   pass_on};

gevent_case_t gevent_channel_get_case(gevent_channel_t *channel) {
    return (gevent_case_t){.source = &get_source, .object = channel};
}

// ---- the calls ----------------------------------------------------------------------------------

// Who can wait does, even if there is a partner: they meet in the hub, in their turn.
static int exchange(const gevent_channel_t *channel, gevent_case_t *each, double seconds) {
    int is_at_once = seconds <= 0 || channel->is_closed;
    return is_at_once ? case_do(each, seconds) : case_do_later(each, seconds);
}

int gevent_channel_put(gevent_channel_t *channel, void *item, double seconds) {
    gevent_case_t each = gevent_channel_put_case(channel, item);
    return exchange(channel, &each, seconds);
}

int gevent_channel_get(gevent_channel_t *channel, double seconds, void **item) {
    gevent_case_t each = gevent_channel_get_case(channel);
    int code = exchange(channel, &each, seconds);
    if (code >= 0 && item) *item = each.value;
    return code;
}
