// SPDX-License-Identifier: Apache-2.0
//
// The yardstick of ManaReceiveBenchmark: the receive path of a MANA queue in fragment mode, with its page pool (6.12), its
// device and its stack, in plain C. Written from the facts that docs/mana.md and docs/pool.md cite (B.2 to B.4.4, C.2 to C.5);
// no line is the kernel's. Built with ledgers and without, as dqo.c. No program, no failures: neither is in the benchmark.
//
// gcc -O2 -shared -fPIC -DLEDGERS=1 mana.c -o libmana.so

#include "emulation.h"

enum { BUS_PAGE_SHIFT = 18, SHARED_INFO = 320, ETHERNET_HEADER = 14, ALIGNMENT = 64, ENTRY_SIZE = 32, OUR_QUEUE = 1, PIECES = 64 };
enum { OKAY = 1, FENCE = 3, TRUNCATED = 4 };             // cqe_type
enum { ELSEWHERE = 0, LOCAL = 1, DIRECT = 2 };           // where a put runs
enum { FAULT_PAGE = 1, FAULT_MAPPING = 2, FAULT_SKB = 3 };

#define SIGNATURE 0xdead000000000040ull
#define RESERVE_MARK 2ull

struct config {
    int32_t page_size, data_size, alloc_size, alignment, queue_size, completion_slots, poll_max, cache, refill, ring, ring_clears,
        frames, skbs;
};

struct entry { // struct gdma_wqe, 8 bytes inline, one struct gdma_sge (B.1)
    uint32_t head, flags;
    uint64_t client;
    uint64_t address;
    uint32_t key, length;
};

struct completion { // struct mana_rxcomp_oob in a struct gdma_cqe (B.1)
    uint32_t type : 6, client : 2, vendor_error : 24;
    uint32_t vlan : 12, has_vlan : 1, outer_good : 1, outer_bad : 1, reserved0 : 1, hash_type : 9, ip_good : 1, ip_bad : 1,
        tcp_good : 1, tcp_bad : 1, udp_good : 1, udp_bad : 1, reserved1 : 1;
    struct { uint32_t length : 16, reserved0 : 16, reserved1, hash; } packets[4];
    uint32_t work_offset;
    uint32_t queue : 24, is_send : 1, reserved2 : 4, owner : 3;
};

_Static_assert(sizeof(struct entry) == ENTRY_SIZE && sizeof(struct completion) == 64, "as the device lays them out");

struct buffer { uint64_t address; int32_t frame, offset; bool from_pool, has_buffer; }; // struct mana_recv_buf_oob

struct pool_page { uint64_t word, address; int64_t counter; int32_t pool, node; };

struct pool { // C.1
    int64_t fast, slow, empty, refilled, cached_ever, cache_full, ringed, ring_full, released_reference;
    int64_t users_of_current, bias;
    uint32_t hold, release;
    int32_t existing, node, cached, producer, head, tail, current_plus_one, offset;
    bool direct, syncs;
    int32_t *cache, *ring;
    struct pool_page *pages;
};

struct skb {
    int32_t len, truesize, serial, fragments, frame, offset, length;
    uint32_t hash;
    bool csum_unnecessary, recycles;
#if LEDGERS
    bool live;
#endif
};

struct frame {
    int32_t references;
#if LEDGERS
    int32_t birth, held, last_hold;
    uint16_t epoch, mappings;
    bool live;
#endif
};

struct log_entry { uint64_t address; int32_t packet, bytes, length; uint8_t type; bool returns, ours; };

struct world {
    struct config c;
    int32_t granule_size, granules_per_page, alignment_mask;
    // memory
    struct frame *frames;
    struct slots free_frames;
    int32_t pages_born, live_pages, mappings, holds;
#if LEDGERS
    int32_t *held_of;
    uint32_t *unsynced, *dirty;
    uint64_t *handed_out; // a bit for each 64th of a page
    uint64_t granule_reciprocal, touched;
    int32_t piece_shift;
#endif
    int64_t traps;
    int32_t fault, successes_left;
    // stack
    struct skb *skbs;
    int32_t *held;
    struct slots free_skbs;
    int32_t held_packets, serials, context;
    int64_t delivered;
    // device
    struct completion packet;
    struct log_entry *log;
    int64_t written;
    uint32_t rung, taken;
    int32_t packets_received, missed, wrong_doorbells;
    // driver
    struct pool pool;
    struct entry *entries;
    struct completion *completions;
    struct buffer *slots;
    uint32_t head, tail, completion_head;
    int32_t next_slot, completion_shift;
    int64_t packets, bytes, dropped, errors, fences, completed, posted;
};

static bool strikes(struct world *w, int fault)
{
    if (w->fault == 0 || w->fault != fault || w->successes_left-- > 0)
        return false;
    w->fault = 0;
    return true;
}

// Memory

static bool is_live(struct world *w, int frame)
{
#if LEDGERS
    if ((uint32_t)frame < (uint32_t)w->c.frames && w->frames[frame].live)
        return true;
    w->traps++;
    return false;
#else
    (void)w;
    (void)frame;
    return true;
#endif
}

#if LEDGERS
static struct frame *touch(struct world *w, int frame)
{
    w->touched |= 1ull << (frame & 63);
    return w->frames + frame;
}

// Nearly every range lies in one granule, since a buffer does.
static int granule(const struct world *w, int frame, int offset, int *first)
{
    int of_page = (int)(((uint32_t)offset * w->granule_reciprocal) >> 40);
    *first = offset - of_page * w->granule_size;
    return frame * w->granules_per_page + of_page;
}

static void granule_write(uint32_t *at, int first, int last)
{
    if (*at != 0) {
        int old_first = 65535 - (int)(*at >> 16), old_last = (int)(*at & 65535);
        first = first < old_first ? first : old_first;
        last = last > old_last ? last : old_last;
    }
    *at = range(first, last);
}

static void ledger_write(struct world *w, uint32_t *ledger, int frame, int offset, int length)
{
    int first;
    uint32_t *at = ledger + granule(w, frame, offset, &first);
    if (first + length <= w->granule_size) {
        granule_write(at, first, first + length - 1);
        return;
    }
    for (int end; length > 0; length -= end - first, first = 0) {
        end = first + length < w->granule_size ? first + length : w->granule_size;
        granule_write(at++, first, end - 1);
    }
}

static void ledger_sync(struct world *w, uint32_t *ledger, int frame, int offset, int length)
{
    int first;
    uint32_t *at = ledger + granule(w, frame, offset, &first);
    if (first + length <= w->granule_size) {
        if (*at != 0)
            take_off(at, first, first + length - 1);
        return;
    }
    for (int end; length > 0; length -= end - first, first = 0, at++) {
        end = first + length < w->granule_size ? first + length : w->granule_size;
        if (*at != 0)
            take_off(at, first, end - 1);
    }
}

static bool granule_overlaps(uint32_t at, int first, int last)
{
    return at != 0 && first <= (int)(at & 65535) && last >= 65535 - (int)(at >> 16);
}

static bool ledger_overlaps(struct world *w, const uint32_t *ledger, int frame, int offset, int length)
{
    int first;
    const uint32_t *at = ledger + granule(w, frame, offset, &first);
    if (first + length <= w->granule_size)
        return granule_overlaps(*at, first, first + length - 1);
    for (int end; length > 0; length -= end - first, first = 0) {
        end = first + length < w->granule_size ? first + length : w->granule_size;
        if (granule_overlaps(*at++, first, end - 1))
            return true;
    }
    return false;
}

static bool is_mapped(struct world *w, uint64_t address)
{
    int frame = (int)((address >> BUS_PAGE_SHIFT) & ((1u << (BUS_EPOCH_SHIFT - BUS_PAGE_SHIFT)) - 1));
    if ((address & BUS_MARK) == 0 || (uint32_t)frame >= (uint32_t)w->c.frames)
        return false;
    return w->frames[frame].mappings > 0 && w->frames[frame].epoch == (uint16_t)(address >> BUS_EPOCH_SHIFT);
}
#endif

static void sync_for_processor(struct world *w, uint64_t address, int length)
{
#if LEDGERS
    int offset = (int)(address & ((1 << BUS_PAGE_SHIFT) - 1));
    if (!is_mapped(w, address) || offset + length > w->c.page_size) {
        w->traps++;
        return;
    }
    if (length > 0)
        ledger_sync(w, w->unsynced, (int)((address >> BUS_PAGE_SHIFT) & ((1u << (BUS_EPOCH_SHIFT - BUS_PAGE_SHIFT)) - 1)), offset, length);
#else
    (void)w;
    (void)address;
    (void)length;
#endif
}

static void sync_for_device(struct world *w, uint64_t address, int frame)
{
#if LEDGERS
    if (!is_mapped(w, address)) {
        w->traps++;
        return;
    }
    memset(w->dirty + frame * w->granules_per_page, 0, (size_t)w->granules_per_page * sizeof *w->dirty);
#else
    (void)w;
    (void)address;
    (void)frame;
#endif
}

static void mark_dirty(struct world *w, int frame, int offset, int length)
{
#if LEDGERS
    if (!is_live(w, frame))
        return;
    if (offset < 0 || offset + length > w->c.page_size) {
        w->traps++;
        return;
    }
    ledger_write(w, w->dirty, frame, offset, length);
#else
    (void)w;
    (void)frame;
    (void)offset;
    (void)length;
#endif
}

static void processor_access(struct world *w, int frame, int offset, int length)
{
#if LEDGERS
    if (!is_live(w, frame))
        return;
    if (offset + length > w->c.page_size || ledger_overlaps(w, w->unsynced, frame, offset, length)) {
        w->traps++;
        return;
    }
    int first = offset >> w->piece_shift, last = (offset + length - 1) >> w->piece_shift;
    w->handed_out[frame] |= (~0ull << first) & (~0ull >> (PIECES - 1 - last));
#else
    (void)w;
    (void)frame;
    (void)offset;
    (void)length;
#endif
}

static int page_allocate(struct world *w)
{
    if (strikes(w, FAULT_PAGE))
        return NONE;
    int frame = slots_take(&w->free_frames);
    if (frame < 0)
        return NONE;
    w->frames[frame].references = 1;
    w->pages_born++;
    w->live_pages++;
#if LEDGERS
    memset(w->unsynced + frame * w->granules_per_page, 0, (size_t)w->granules_per_page * sizeof *w->unsynced);
    struct frame *f = touch(w, frame);
    f->live = true;
    f->birth = w->pages_born;
#endif
    mark_dirty(w, frame, 0, w->c.page_size);
    return frame;
}

static void page_put(struct world *w, int frame)
{
    if (!is_live(w, frame) || --w->frames[frame].references != 0)
        return;
#if LEDGERS
    struct frame *f = touch(w, frame);
    if (f->mappings > 0 || f->held != 0)
        w->traps++;
    f->live = false;
#endif
    w->live_pages--;
    slots_give(&w->free_frames, frame);
}

static void hold(struct world *w, int frame, int offset)
{
#if LEDGERS
    if (!is_live(w, frame))
        return;
    struct frame *f = touch(w, frame);
    f->held++;
    f->last_hold = ++w->holds;
    int first;
    w->held_of[granule(w, frame, offset, &first)]++;
#else
    (void)w;
    (void)frame;
    (void)offset;
#endif
}

static void let_go(struct world *w, int frame, int offset)
{
#if LEDGERS
    touch(w, frame)->held--;
    int first;
    w->held_of[granule(w, frame, offset, &first)]--;
#else
    (void)w;
    (void)frame;
    (void)offset;
#endif
}

static bool map(struct world *w, int frame, uint64_t *address)
{
    if (strikes(w, FAULT_MAPPING))
        return false;
    uint64_t epoch = 0;
#if LEDGERS
    struct frame *f = touch(w, frame);
    f->epoch += f->mappings == 0;
    f->mappings++;
    epoch = f->epoch;
#endif
    w->mappings++;
    *address = BUS_MARK | epoch << BUS_EPOCH_SHIFT | (uint64_t)frame << BUS_PAGE_SHIFT;
    return true;
}

static void unmap(struct world *w, uint64_t address, int frame)
{
#if LEDGERS
    if (!is_mapped(w, address)) {
        w->traps++;
        return;
    }
    touch(w, frame)->mappings--;
#else
    (void)address;
    (void)frame;
#endif
    w->mappings--;
}

// Page pool: cache and ring (C.1)

static bool can_touch(struct world *w, int pool)
{
#if LEDGERS
    if (pool != 0 && pool == w->pool.existing)
        return true;
    w->traps++;
    return false;
#else
    (void)w;
    (void)pool;
    return true;
#endif
}

static int next_place(const struct world *w, int place) { return place + 1 < w->c.ring ? place + 1 : 0; }

static bool produce(struct world *w, int frame)
{
    struct pool *p = &w->pool;
    if (p->ring[p->producer] != 0)
        return false;
    p->ring[p->producer] = frame + 1;
    p->producer = next_place(w, p->producer);
    return true;
}

static int consume_ring(struct world *w)
{
    struct pool *p = &w->pool;
    int head = p->head, frame = p->ring[head] - 1;
    if (frame < 0)
        return NONE;
    p->head = next_place(w, head);
    if (head + 1 - p->tail >= w->c.ring_clears || p->head == 0) {
        for (int place = head; place >= p->tail; place--)
            p->ring[place] = 0;
        p->tail = p->head;
    }
    return frame;
}

// Page pool: pages in and out (C.2.4-5, C.4, C.5)

static bool enter(struct world *w, int frame)
{
    struct pool *p = &w->pool;
    struct pool_page *page = p->pages + frame;
    *page = (struct pool_page){ 0 };
    if (!map(w, frame, &page->address)) {
        page_put(w, frame);
        return false;
    }
    if (p->syncs)
        sync_for_device(w, page->address, frame);
    page->word = SIGNATURE;
    page->pool = p->existing;
    page->node = p->node;
    page->counter = 1;
    p->hold++;
    return true;
}

static void leave(struct world *w, int frame)
{
    struct pool *p = &w->pool;
    if (p->pages[frame].address != 0)
        unmap(w, p->pages[frame].address, frame);
    p->pages[frame] = (struct pool_page){ 0 };
    p->release++;
    page_put(w, frame);
}

static bool is_recyclable(struct world *w, int frame)
{
    return is_live(w, frame) && w->frames[frame].references == 1 && (w->pool.pages[frame].word & RESERVE_MARK) == 0;
}

static int64_t drop_references(struct world *w, int frame, int64_t count)
{
    struct pool_page *page = w->pool.pages + frame;
    if (page->counter == count) {
        page->counter = 1;
        return 0;
    }
    page->counter -= count;
#if LEDGERS
    w->traps += page->counter < 0;
#endif
    return page->counter;
}

static void pool_put(struct world *w, int frame, int context)
{
    struct pool *p = &w->pool;
    if (drop_references(w, frame, 1) != 0 || !can_touch(w, p->pages[frame].pool))
        return;
    if (!is_recyclable(w, frame)) {
        p->released_reference++;
        leave(w, frame);
        return;
    }
    if (p->syncs)
        sync_for_device(w, p->pages[frame].address, frame);
    if (context == DIRECT || (context == LOCAL && p->direct)) {
        if (p->cached < w->c.cache) {
            p->cached_ever++;
            p->cache[p->cached++] = frame;
            return;
        }
        p->cache_full++;
    }
    if (produce(w, frame)) {
        p->ringed++;
        return;
    }
    p->ring_full++;
    leave(w, frame);
}

// Page pool: taking (C.2, C.3)

static int refill_from_ring(struct world *w)
{
    struct pool *p = &w->pool;
    if (p->ring[p->head] == 0) {
        p->empty++;
        return NONE;
    }
    for (int place = 0; place < w->c.ring && p->cached < w->c.refill; place++) {
        int frame = consume_ring(w);
        if (frame < 0)
            break;
        if (p->pages[frame].node != p->node) {
            leave(w, frame);
            break;
        }
        p->cache[p->cached++] = frame;
    }
    if (p->cached == 0)
        return NONE;
    p->refilled++;
    return p->cache[--p->cached];
}

static int allocate_many(struct world *w)
{
    struct pool *p = &w->pool;
    int given = 0;
    for (int frame; given < w->c.refill && (frame = page_allocate(w)) >= 0; given++)
        p->cache[given] = frame;
    for (int place = 0; place < given; place++) {
        int frame = p->cache[place];
        if (enter(w, frame))
            p->cache[p->cached++] = frame;
    }
    if (p->cached == 0)
        return NONE;
    p->slow++;
    return p->cache[--p->cached];
}

static int take_page(struct world *w)
{
    struct pool *p = &w->pool;
    if (!can_touch(w, p->existing))
        return NONE;
    if (p->cached > 0) {
        p->fast++;
        return p->cache[--p->cached];
    }
    int frame = refill_from_ring(w);
    return frame >= 0 ? frame : allocate_many(w);
}

static bool drain(struct world *w, int frame)
{
    struct pool *p = &w->pool;
    if (drop_references(w, frame, p->bias - p->users_of_current) != 0)
        return false;
    if (!is_recyclable(w, frame)) {
        leave(w, frame);
        return false;
    }
    if (p->syncs)
        sync_for_device(w, p->pages[frame].address, frame);
    p->cached_ever++;
    p->fast++;
    return true;
}

static bool take_fragment(struct world *w, int size, int *frame, int *offset)
{
    struct pool *p = &w->pool;
    if (size > w->c.page_size || !can_touch(w, p->existing))
        return false;
    int taken = (size + w->alignment_mask) & ~w->alignment_mask;
    int current = p->current_plus_one - 1;
    if (current >= 0 && p->offset + taken <= w->c.page_size) {
        *frame = current;
        *offset = p->offset;
        p->offset += taken;
        p->users_of_current++;
        p->fast++;
        return true;
    }
    if (current < 0 || !drain(w, current))
        current = take_page(w);
    if (current < 0) {
        p->current_plus_one = p->offset = 0;
        p->users_of_current = 0;
        return false;
    }
    p->users_of_current = 1;
    p->current_plus_one = current + 1;
    p->offset = taken;
    p->pages[current].counter = p->bias;
    *frame = current;
    *offset = 0;
    return true;
}

// Stack

static int skb_allocate(struct world *w)
{
    if (strikes(w, FAULT_SKB))
        return NONE;
    int skb = slots_take(&w->free_skbs);
    if (skb >= 0)
        w->skbs[skb] = (struct skb){
#if LEDGERS
            .live = true,
#endif
        };
    return skb;
}

static void skb_free(struct world *w, int skb)
{
    struct skb *s = w->skbs + skb;
#if LEDGERS
    if (!s->live) {
        w->traps++;
        return;
    }
    s->live = false;
#endif
    let_go(w, s->frame, s->offset);
    if (s->recycles && (w->pool.pages[s->frame].word & ~3ull) == SIGNATURE)
        pool_put(w, s->frame, w->context);
    else
        page_put(w, s->frame);
    slots_give(&w->free_skbs, skb);
}

static void release(struct world *w, int place)
{
    int skb = w->held[place];
    int left = --w->held_packets;
    for (; place < left; place++)
        w->held[place] = w->held[place + 1];
    skb_free(w, skb);
}

// Device (B.3)

static int visible(const struct world *w) { return (int)(w->rung - w->taken) / ENTRY_SIZE; }

static void doorbell(struct world *w, uint32_t tail)
{
    uint32_t given = tail - w->rung;
    if (given % ENTRY_SIZE != 0 || given > (uint32_t)(w->c.queue_size - visible(w)) * ENTRY_SIZE)
        w->wrong_doorbells++;
    else
        w->rung = tail;
}

static void receive(struct world *w, int length)
{
    if (visible(w) == 0) {
        w->missed++;
        return;
    }
    struct entry e = w->entries[(w->taken / ENTRY_SIZE) & (uint32_t)(w->c.queue_size - 1)];
    w->taken += ENTRY_SIZE;
    int bytes = (uint32_t)length < e.length ? length : (int)e.length;
    int number = ++w->packets_received;
    int64_t sequence = w->written++;
    int slot = (int)(sequence & (w->c.completion_slots - 1));
    struct completion *d = w->completions + slot;
    *d = w->packet;
    d->type = bytes == length ? OKAY : TRUNCATED;
    d->packets[0].length = (uint16_t)bytes;
    d->packets[0].hash = (uint32_t)number * 2654435761u;
    d->owner = (uint32_t)(sequence + w->c.completion_slots) >> w->completion_shift & 7;
#if LEDGERS
    w->log[slot] = (struct log_entry){ e.address, number, bytes, bytes, (uint8_t)d->type, true, true };
#endif
}

// Driver (B.4)

static bool refill(struct world *w, struct buffer *slot)
{
    int frame, offset;
    if (!take_fragment(w, w->c.alloc_size, &frame, &offset))
        return false;
    *slot = (struct buffer){ w->pool.pages[frame].address + (uint32_t)offset, frame, offset, true, true };
    return true;
}

static void post(struct world *w, int slot)
{
    if (w->head - w->tail == (uint32_t)w->c.queue_size)
        return;
    struct entry *e = w->entries + (w->head++ & (uint32_t)(w->c.queue_size - 1));
    *e = (struct entry){ .flags = 1 | 2 << 8, .address = w->slots[slot].address, .key = 1, .length = (uint32_t)w->c.data_size };
    w->posted++;
}

static void post_again(struct world *w)
{
    w->tail += w->tail != w->head;
    post(w, w->next_slot);
    w->next_slot = (w->next_slot + 1) & (w->c.queue_size - 1);
}

static void drop(struct world *w, const struct buffer *b)
{
    w->dropped++;
    if (b->from_pool)
        pool_put(w, b->frame, DIRECT);
    else
        page_put(w, b->frame);
}

static int build(struct world *w, const struct buffer *b, int length, const struct completion *d)
{
    int skb = skb_allocate(w);
    if (skb == NONE)
        return NONE;
    int size = w->c.alloc_size;
    int aligned = (w->c.data_size + ALIGNMENT - 1) & ~(ALIGNMENT - 1);
    int begin = size - SHARED_INFO > aligned ? size - SHARED_INFO : aligned;
    int first = b->offset + begin;
#if LEDGERS
    w->traps += begin + SHARED_INFO > size || b->offset + length > first;
#endif
    mark_dirty(w, b->frame, first, SHARED_INFO);
    processor_access(w, b->frame, b->offset, length < ETHERNET_HEADER ? length : ETHERNET_HEADER);
    struct skb *s = w->skbs + skb;
    s->frame = b->frame;
    s->offset = b->offset;
    s->length = length;
    hold(w, b->frame, b->offset);
    s->len = length;
    s->truesize = size;
    s->fragments = 1;
    s->hash = d->hash_type != 0 ? d->packets[0].hash : 0;
    s->csum_unnecessary = d->ip_good && (d->tcp_good || d->udp_good);
    s->recycles = b->from_pool;
    return skb;
}

static void accept(struct world *w, const struct completion *d)
{
    int length = (int)d->packets[0].length;
    if (length == 0 || length > w->c.data_size) {
        w->errors++;
        post_again(w);
        return;
    }
    struct buffer *slot = w->slots + w->next_slot;
    struct buffer filled = *slot;
    if (!refill(w, slot)) {
        w->dropped++;
        post_again(w);
        return;
    }
    if (filled.from_pool)
        sync_for_processor(w, filled.address, length);
    int skb = build(w, &filled, length, d);
    if (skb == NONE) {
        drop(w, &filled);
    } else {
        w->packets++;
        w->bytes += length;
        w->skbs[skb].serial = ++w->serials;
        w->delivered++;
        w->held[w->held_packets++] = skb;
    }
    post_again(w);
}

static void consume(struct world *w, const struct completion *d)
{
    if (d->is_send || d->queue != OUR_QUEUE) {
        w->errors++;
        return;
    }
    switch (d->type) {
    case OKAY:
        accept(w, d);
        return;
    case FENCE:
        w->fences++;
        return;
    case TRUNCATED:
        w->dropped++;
        break;
    default:
        w->errors++;
        break;
    }
    post_again(w);
}

static int poll(struct world *w)
{
    int work = 0;
    for (; work < w->c.poll_max; work++) {
        const struct completion *d = w->completions + (w->completion_head & (uint32_t)(w->c.completion_slots - 1));
        uint32_t owner = ((const volatile uint32_t *)d)[15] >> 29;
        if (owner != (w->completion_head >> w->completion_shift & 7))
            break;
        __atomic_thread_fence(__ATOMIC_ACQUIRE); // the other fields are read after the owner bits
        consume(w, d);
        w->completion_head++;
    }
    w->completed += work;
    if (work > 0)
        doorbell(w, w->head * ENTRY_SIZE);
    return work;
}

// What the benchmark calls

EXPORT void mana_destroy(struct world *w)
{
    free(w->frames);
    free(w->free_frames.given);
#if LEDGERS
    free(w->held_of);
    free(w->unsynced);
    free(w->dirty);
    free(w->handed_out);
#endif
    free(w->skbs);
    free(w->held);
    free(w->free_skbs.given);
    free(w->log);
    free(w->pool.cache);
    free(w->pool.ring);
    free(w->pool.pages);
    free(w->entries);
    free(w->completions);
    free(w->slots);
    free(w);
}

EXPORT struct world *mana_create(const struct config *c)
{
    struct world *w = calloc(1, sizeof *w);
    size_t frames = (size_t)c->frames, skbs = (size_t)c->skbs;
    w->c = *c;
    w->alignment_mask = c->alignment - 1;
    w->granule_size = (c->alloc_size + w->alignment_mask) & ~w->alignment_mask;
    w->granules_per_page = (c->page_size + w->granule_size - 1) / w->granule_size;
    w->completion_shift = __builtin_ctz((unsigned)c->completion_slots);
    w->frames = calloc(frames, sizeof *w->frames);
    w->free_frames = (struct slots){ .given = calloc(frames, sizeof(int32_t)), .capacity = c->frames };
#if LEDGERS
    size_t granules = frames * (size_t)w->granules_per_page;
    w->held_of = calloc(granules, sizeof *w->held_of);
    w->unsynced = calloc(granules, sizeof *w->unsynced);
    w->dirty = calloc(granules, sizeof *w->dirty);
    w->handed_out = calloc(frames, sizeof *w->handed_out);
    w->granule_reciprocal = (1ull << 40) / (uint32_t)w->granule_size + 1;
    w->piece_shift = __builtin_ctz((unsigned)c->page_size / PIECES);
#endif
    w->skbs = calloc(skbs, sizeof *w->skbs);
    w->held = calloc(skbs, sizeof *w->held);
    w->free_skbs = (struct slots){ .given = calloc(skbs, sizeof(int32_t)), .capacity = c->skbs };
    w->log = calloc((size_t)c->completion_slots, sizeof *w->log);
    w->packet = (struct completion){ .client = 1, .hash_type = 2, .ip_good = 1, .tcp_good = 1, .queue = OUR_QUEUE };
    w->pool = (struct pool){ .existing = 1, .direct = true, .syncs = true, .bias = INT64_MAX >> 1,
        .cache = calloc((size_t)c->cache, sizeof(int32_t)), .ring = calloc((size_t)c->ring, sizeof(int32_t)),
        .pages = calloc(frames, sizeof(struct pool_page)) };
    w->entries = calloc((size_t)c->queue_size, sizeof *w->entries);
    w->completions = calloc((size_t)c->completion_slots, sizeof *w->completions);
    w->slots = calloc((size_t)c->queue_size, sizeof *w->slots);
    w->completion_head = (uint32_t)c->completion_slots;
    for (int slot = 0; slot < c->queue_size; slot++)
        refill(w, w->slots + slot);
    for (int slot = 0; slot < c->queue_size; slot++)
        post(w, slot);
    doorbell(w, w->head * ENTRY_SIZE);
    return w;
}

EXPORT int mana_receive(struct world *w, int size) { receive(w, size); return w->packets_received; }

EXPORT int mana_poll(struct world *w) { return poll(w); }

EXPORT int mana_release(struct world *w, int place, int local)
{
    w->context = local ? LOCAL : ELSEWHERE;
    release(w, place);
    return w->held_packets;
}

// One NAPI poll's worth: packets arrive, are handed up, and are let go, newest first; each was replaced when it was handed up.
EXPORT int mana_batch(struct world *w, int packets, int size)
{
    for (int n = 0; n < packets; n++)
        receive(w, size);
    int work = poll(w);
    while (w->held_packets > 0)
        release(w, w->held_packets - 1);
    return work;
}

// Everything that the algorithm decides; the C# side computes the same (ManaManagedQueue.Digest).
EXPORT uint64_t mana_digest(struct world *w)
{
    const struct pool *p = &w->pool;
    uint64_t digest = DIGEST_START;
    for (int slot = 0; slot < w->c.queue_size; slot++) {
        digest = mix(digest, w->slots[slot].frame);
        digest = mix(digest, w->slots[slot].offset);
    }
    for (int place = 0; place < p->cached; place++)
        digest = mix(digest, p->cache[place]);
    for (int place = 0; place < w->c.ring; place++)
        digest = mix(digest, p->ring[place] - 1);
    const int64_t pool[] = { p->cached, p->producer, p->head, p->tail, p->current_plus_one - 1, p->offset, p->users_of_current, p->fast,
        p->slow, p->empty, p->refilled, p->cached_ever, p->cache_full, p->ringed, p->ring_full, p->released_reference, p->hold, p->release };
    for (size_t n = 0; n < sizeof pool / sizeof *pool; n++)
        digest = mix(digest, pool[n]);
    for (int frame = 0; frame < w->free_frames.ever_taken; frame++) {
        digest = mix(digest, w->frames[frame].references);
        digest = mix(digest, p->pages[frame].counter);
    }
    for (int place = 0; place < w->held_packets; place++) {
        const struct skb *s = w->skbs + w->held[place];
        digest = mix(digest, s->frame);
        digest = mix(digest, s->offset);
        digest = mix(digest, s->length);
    }
    const int64_t rest[] = { w->next_slot, w->head, w->tail, w->completion_head - (uint32_t)w->c.completion_slots, w->packets, w->bytes,
        w->dropped, w->errors, w->completed, w->posted, w->pages_born, w->live_pages, w->held_packets, w->serials, w->delivered, visible(w),
        w->packets_received, w->written, w->missed, w->wrong_doorbells };
    for (size_t n = 0; n < sizeof rest / sizeof *rest; n++)
        digest = mix(digest, rest[n]);
    return w->traps == 0 ? digest : 0;
}
