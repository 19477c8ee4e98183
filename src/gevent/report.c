// Who waits for what, in words.
//
// SPDX-License-Identifier: MIT
#include "report.h"
#include "dump.h"
#include "owner.h"

void report_wait(text_t *text, const hub_t *hub, const wait_t *wait) {
    text_add(text, "waits in %s", wait->what);
    if (wait->name) text_add(text, ".%s", wait->name);
    const greenlet_t *whom = wait_whom(wait);
    if (whom) text_add(text, " for %s", greenlet_name(whom));
    int is_abandoned = wait->owner && owner_has_finished(wait->owner);
    if (is_abandoned && !whom) text_add(text, " for a task");
    if (is_abandoned) text_add(text, ", which has finished,");
    text_add(text, " since %.3f s ago", (double)(hub->now - wait->since) / 1e9);
}

size_t hub_describe_waits(const hub_t *hub, char *buffer, size_t size, const char *separator) {
    text_t text = text_in(buffer, size);
    for (const list_t *link = hub->waits.next; link != &hub->waits; link = link->next) {
        const wait_t *wait = LIST_ITEM(link, const wait_t, all);
        text_add(&text, "%s%s ", text.length ? separator : "", greenlet_name(wait->greenlet));
        report_wait(&text, hub, wait);
    }
    return text.length;
}

size_t gevent_waiting(char *buffer, size_t size) {
    const hub_t *hub = hub_get();
    return hub ? hub_describe_waits(hub, buffer, size, "\n") : 0;
}
