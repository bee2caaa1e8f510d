// SPDX-License-Identifier: Apache-2.0
//
// What the yardsticks in C have in common, whatever the driver: free slots, the ranges of a ledger, bus addresses, digests.
// Built twice, with ledgers (LEDGERS=1) and without; dqo.c says why.

#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#ifndef LEDGERS
#define LEDGERS 1
#endif

#define EXPORT __attribute__((visibility("default")))

enum { NONE = -1, BUS_EPOCH_SHIFT = 44 };

#define BUS_MARK 0x8000000000000000ull
#define DIGEST_START 0xcbf29ce484222325ull

struct slots { int32_t *given; int32_t capacity, ever_taken, head, count; }; // oldest first, as SlotQueue

static int slots_take(struct slots *s)
{
    if (s->ever_taken < s->capacity)
        return s->ever_taken++;
    if (s->count == 0)
        return NONE;
    int slot = s->given[s->head];
    s->head = s->head + 1 < s->capacity ? s->head + 1 : 0;
    s->count--;
    return slot;
}

static void slots_give(struct slots *s, int slot)
{
    int tail = s->head + s->count;
    s->given[tail < s->capacity ? tail : tail - s->capacity] = slot;
    s->count++;
}

// Bytes of a granule that are not synced: 65535 - first byte, last byte; 0 is none (UnsyncedBytes).
#if LEDGERS
static uint32_t range(int first, int last)
{
    return (uint32_t)(65535 - first) << 16 | (uint32_t)last;
}

static void take_off(uint32_t *unsynced, int first, int last)
{
    int from = 65535 - (int)(*unsynced >> 16), to = (int)(*unsynced & 65535);
    if (first <= from && last >= to)
        *unsynced = 0;
    else if (first <= from && last >= from)
        *unsynced = range(last + 1, to);
    else if (last >= to && first <= to)
        *unsynced = range(from, first - 1);
}
#endif

static uint64_t mix(uint64_t digest, int64_t value) { return (digest ^ (uint64_t)value) * 0x100000001b3ull; }
