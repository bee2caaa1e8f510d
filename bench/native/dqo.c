// SPDX-License-Identifier: Apache-2.0
//
// The yardstick of DqoReceiveBenchmark: the receive path of a DQO queue, with its device and its stack, in plain C. Written
// from the facts that docs/dqo.md cites (A.1 to A.5.7, A.9 without page lists); no line is the kernel's. Built twice:
//
//   LEDGERS=1  also keeps what the emulation keeps for its checks: liveness, mappings, held and unsynced granules, a log of
//              what the device wrote. The same work as the C# code, so this is the baseline.
//   LEDGERS=0  without them: what is left is the algorithm.
//
// gcc -O2 -shared -fPIC -DLEDGERS=1 dqo.c -o libdqo.so

#include "emulation.h"

enum { BUS_PAGE_SHIFT = 16, GENERATION = 1 << 14, LENGTH_MASK = GENERATION - 1 };

struct config {
    int32_t page_size, chunk_size, buffer_slots, completion_slots, states, bias_limit, used_probes, doorbell_batch, copybreak,
        fragments_max, capacity, skbs;
};

struct post { // A.3
    uint16_t buf_id;
    uint16_t reserved0;
    uint32_t reserved1;
    uint64_t addr;
    uint64_t header_addr;
    uint64_t reserved2;
};

struct completion { // A.3
    uint8_t rxdid;
    uint8_t status;      // 1 << 1 ipv6_ex_add, 1 << 2 rx_error
    uint16_t type;       // packet_type:10
    uint16_t length;     // packet_len:14, generation:1
    uint16_t header;     // header_len:10, rsc:1
    uint8_t end;         // descriptor_done, end_of_packet, ..., l3_l4_processed << 3, csum errors << 4..7
    uint8_t status_error1;
    uint16_t reserved;
    uint16_t buf_id;
    uint16_t segment;
    uint32_t hash;
    uint32_t reserved1[3];
};

struct state { // A.1
    uint64_t addr;
    int32_t frame;
    int32_t offset;
    int32_t bias;
    int32_t last_single;
    int16_t next;
    bool has_page;
};

struct fragment { int32_t frame, offset, length; };

struct skb {
    int32_t len, truesize, linear, fragments, fragments_in_all, frag_list, next, serial;
    uint32_t hash;
    int32_t segment;
    uint8_t hash_type;
    bool csum_unnecessary;
#if LEDGERS
    bool live;
#endif
};

struct frame {
    int32_t references;
#if LEDGERS
    int32_t birth, held, holds_ever;
    uint16_t epoch, mappings;
    bool live;
#endif
};

struct log_entry { int32_t packet, length; uint16_t buf_id; bool eop, damaged, returns, unwritten; };

struct fifo { int16_t head, tail; };

struct world {
    struct config c;
    int32_t buffer_mask, completion_mask, granules_per_page;
    // memory
    struct frame *frames;
    struct slots free_frames;
    uint8_t *payload;
#if LEDGERS
    int32_t *held_of;
    uint32_t *unsynced; // per granule: 65535 - first byte, last byte; 0 is none
    uint64_t granule_reciprocal;
#endif
    int64_t traps;
    int32_t pages_born, live_pages;
    // stack
    struct skb *skbs;
    struct fragment *fragments;
    uint8_t *linear;
    int32_t *held;
    struct slots free_skbs;
    int32_t held_packets, held_load, serials, napi_skb;
    int64_t delivered;
    // device
    struct post *posted;
    struct log_entry *log;
    int64_t written;
    int32_t fetched, first, visible, packets_received;
    // driver
    struct post *post_ring;
    struct completion *completion_ring;
    struct state *states;
    struct fifo recycled, used;
    int16_t free_top;
    int32_t head, tail, completion_head, free_completion_slots, old_generation, used_count, skb_head, skb_tail;
    bool dropping, timer_armed;
    int64_t packets, bytes, completed, posted_buffers, copied, skb_failures, buffer_failures, descriptor_errors, page_failures, critically_low;
};

// Memory

static bool is_live(struct world *w, int frame)
{
#if LEDGERS
    if ((uint32_t)frame < (uint32_t)w->free_frames.capacity && w->frames[frame].live)
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
static int granule(const struct world *w, int frame, int offset)
{
    return frame * w->granules_per_page + (int)(((uint32_t)offset * w->granule_reciprocal) >> 32);
}
#endif

static bool is_mapped(struct world *w, uint64_t addr)
{
#if LEDGERS
    int frame = (int)((addr >> BUS_PAGE_SHIFT) & ((1u << (BUS_EPOCH_SHIFT - BUS_PAGE_SHIFT)) - 1));
    if ((addr & BUS_MARK) == 0 || (uint32_t)frame >= (uint32_t)w->free_frames.capacity)
        return false;
    return w->frames[frame].mappings > 0 && w->frames[frame].epoch == (uint16_t)((addr & ~BUS_MARK) >> BUS_EPOCH_SHIFT);
#else
    (void)w;
    (void)addr;
    return true;
#endif
}

static int page_references(struct world *w, int frame) { return is_live(w, frame) ? w->frames[frame].references : 0; }

static void page_add(struct world *w, int frame, int count)
{
    if (is_live(w, frame))
        w->frames[frame].references += count;
}

static void page_put(struct world *w, int frame)
{
    if (!is_live(w, frame) || --w->frames[frame].references != 0)
        return;
#if LEDGERS
    if (w->frames[frame].mappings > 0 || w->frames[frame].held != 0)
        w->traps++;
    w->frames[frame].live = false;
#endif
    w->live_pages--;
    slots_give(&w->free_frames, frame);
}

static void hold(struct world *w, int frame, int offset, int change)
{
#if LEDGERS
    w->frames[frame].held += change;
    w->frames[frame].holds_ever += change > 0;
    w->held_of[granule(w, frame, offset)] += change;
#else
    (void)w;
    (void)frame;
    (void)offset;
    (void)change;
#endif
}

static void sync_for_processor(struct world *w, uint64_t addr, int frame, int offset, int length)
{
#if LEDGERS
    if (!is_mapped(w, addr) || offset < 0 || offset + length > w->c.page_size) {
        w->traps++;
        return;
    }
    for (int g = granule(w, frame, offset), last = granule(w, frame, offset + length - 1); g <= last; g++)
        if (w->unsynced[g] != 0)
            take_off(&w->unsynced[g], offset, offset + length - 1);
#else
    (void)w;
    (void)addr;
    (void)frame;
    (void)offset;
    (void)length;
#endif
}

// Stack

static int skb_allocate(struct world *w)
{
    int skb = slots_take(&w->free_skbs);
    if (skb >= 0)
        w->skbs[skb] = (struct skb){ .frag_list = NONE, .next = NONE,
#if LEDGERS
            .live = true,
#endif
        };
    return skb;
}

static void skb_add_fragment(struct world *w, int skb, int frame, int offset, int length)
{
    struct skb *s = w->skbs + skb;
#if LEDGERS
    if (!s->live || s->fragments == w->c.fragments_max) {
        w->traps++;
        return;
    }
#endif
    w->fragments[skb * w->c.fragments_max + s->fragments++] = (struct fragment){ frame, offset, length };
    if (is_live(w, frame))
        hold(w, frame, offset, 1);
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
    const struct fragment *fragment = w->fragments + skb * w->c.fragments_max;
    for (int n = s->fragments; n > 0; n--, fragment++) {
        hold(w, fragment->frame, fragment->offset, -1);
        page_put(w, fragment->frame);
    }
    for (int child = s->frag_list; child != NONE;) {
        int next = w->skbs[child].next;
        skb_free(w, child);
        child = next;
    }
    slots_give(&w->free_skbs, skb);
}

static void hand_up(struct world *w, int skb)
{
    struct skb *s = w->skbs + skb;
    s->serial = ++w->serials;
    w->delivered++;
    w->held[w->held_packets++] = skb;
    w->held_load += s->fragments_in_all > 1 ? s->fragments_in_all : 1;
}

static void release(struct world *w, int place)
{
    int skb = w->held[place];
    int fragments = w->skbs[skb].fragments_in_all;
    int left = --w->held_packets;
    w->held_load -= fragments > 1 ? fragments : 1;
    for (; place < left; place++)
        w->held[place] = w->held[place + 1];
    skb_free(w, skb);
}

// Device

static void doorbell(struct world *w, int tail)
{
    for (; w->fetched != tail; w->fetched = (w->fetched + 1) & w->buffer_mask)
        w->posted[(w->first + w->visible++) & w->buffer_mask] = w->post_ring[w->fetched];
}

static void receive(struct world *w, int size, int buffers)
{
    int number = ++w->packets_received;
    int position = 0;
    for (int buffer = 1; buffer <= buffers; buffer++) {
        int rest = size - position - (buffers - buffer);
        int length = rest < w->c.chunk_size ? rest : w->c.chunk_size;
        struct post taken = w->posted[w->first];
        w->first = (w->first + 1) & w->buffer_mask;
        w->visible--;

        int64_t sequence = w->written++;
        struct completion *d = w->completion_ring + (sequence & w->completion_mask);
        bool eop = buffer == buffers;
        *d = (struct completion){
            .rxdid = 1,
            .type = 1 * 3 + 1, // TCP over IPv4
            .header = buffer == 1 ? (length < 54 ? length : 54) : 0,
            .end = (uint8_t)(1 | eop << 1 | 1 << 3),
            .buf_id = taken.buf_id,
            .hash = (uint32_t)number * 2654435761u,
            .length = (uint16_t)(length | ((sequence & (w->completion_mask + 1)) == 0 ? GENERATION : 0)),
        };
#if LEDGERS
        w->log[sequence & w->completion_mask] = (struct log_entry){ number, length, taken.buf_id, eop, false, true, false };
#endif
        position += length;
    }
}

// Driver: lists (A.4.2-6)

static int dequeue(struct world *w, struct fifo *list)
{
    int16_t id = list->head;
    if (id == NONE)
        return NONE;
    list->head = w->states[id].next;
    if (list->head == NONE)
        list->tail = NONE;
    w->states[id].next = id;
    return id;
}

static void enqueue(struct world *w, struct fifo *list, int id)
{
    w->states[id].next = NONE;
    if (list->tail == NONE)
        list->head = (int16_t)id;
    else
        w->states[list->tail].next = (int16_t)id;
    list->tail = (int16_t)id;
}

static int dequeue_used(struct world *w)
{
    int id = dequeue(w, &w->used);
    w->used_count -= id != NONE;
    return id;
}

static void enqueue_used(struct world *w, int id)
{
    enqueue(w, &w->used, id);
    w->used_count++;
}

static void push_free(struct world *w, int id)
{
    w->states[id].next = w->free_top;
    w->free_top = (int16_t)id;
}

// Driver: pages (A.4.1, A.4.7-9)

static int outstanding(struct world *w, const struct state *s) { return page_references(w, s->frame) - s->bias; }

static bool attach_page(struct world *w, struct state *s)
{
    int frame = slots_take(&w->free_frames);
    if (frame < 0) {
        w->page_failures++;
        s->has_page = false;
        return false;
    }
    struct frame *f = w->frames + frame;
    w->pages_born++;
    w->live_pages++;
    f->references = 1;
    uint64_t epoch = 0;
#if LEDGERS
    f->live = true;
    f->birth = w->pages_born;
    f->mappings++;
    epoch = ++f->epoch;
    memset(w->unsynced + granule(w, frame, 0), 0, (size_t)w->granules_per_page * sizeof *w->unsynced);
#endif
    *s = (struct state){ .addr = BUS_MARK | epoch << BUS_EPOCH_SHIFT | (uint64_t)frame << BUS_PAGE_SHIFT, .frame = frame,
        .bias = w->c.bias_limit, .next = s->next, .has_page = true };
    page_add(w, frame, w->c.bias_limit - 1);
    return true;
}

static void detach_page(struct world *w, struct state *s)
{
    page_add(w, s->frame, -(s->bias - 1));
#if LEDGERS
    w->frames[s->frame].mappings--;
#endif
    page_put(w, s->frame);
    s->has_page = false;
}

static void pay_reference(struct world *w, struct state *s)
{
    if (--s->bias != 0)
        return;
    int count = page_references(w, s->frame);
    page_add(w, s->frame, w->c.bias_limit - count);
    s->bias = w->c.bias_limit - count;
}

// Driver: filling (A.5.1, A.5.2)

static int take_used(struct world *w)
{
    for (int probe = 0; probe < w->c.used_probes; probe++) {
        int id = dequeue_used(w);
        if (outstanding(w, w->states + id) == 0)
            return id;
        enqueue_used(w, id);
    }
    if (w->free_top != NONE)
        return NONE;
    int id = dequeue_used(w);
    if (outstanding(w, w->states + id) == 0)
        return id;
    detach_page(w, w->states + id);
    push_free(w, id);
    return NONE;
}

static int take_postable(struct world *w)
{
    int id = dequeue(w, &w->recycled);
    if (id == NONE && w->used.head != NONE)
        id = take_used(w);
    if (id != NONE || w->free_top == NONE)
        return id;
    id = w->free_top;
    w->free_top = w->states[id].next;
    w->states[id].next = (int16_t)id;
    if (attach_page(w, w->states + id))
        return id;
    w->buffer_failures++;
    push_free(w, id);
    return NONE;
}

static int refill(struct world *w)
{
    int full = (w->tail - w->head) & w->buffer_mask;
    int available = w->buffer_mask - full;
    if (available > w->free_completion_slots)
        available = w->free_completion_slots;
    int posted = 0;
    for (; posted < available; posted++) {
        int id = take_postable(w);
        if (id == NONE)
            break;
        const struct state *s = w->states + id;
        struct post *d = w->post_ring + w->tail;
        d->buf_id = (uint16_t)id;
        d->addr = s->addr + (uint32_t)s->offset;
        w->tail = (w->tail + 1) & w->buffer_mask;
        w->free_completion_slots--;
        if ((w->tail & (w->c.doorbell_batch - 1)) == 0)
            doorbell(w, w->tail);
    }
    w->posted_buffers += posted;
    int rung = w->tail & ~(w->c.doorbell_batch - 1);
    w->timer_armed = ((rung - w->head) & w->buffer_mask) < w->c.doorbell_batch;
    w->critically_low += w->timer_armed;
    return posted;
}

// Driver: one completion (A.5.3-5)

enum result { DONE, NO_MEMORY, REFUSED, NO_BUFFER };

static void classify(struct world *w, int id, struct state *s)
{
    if (2 * w->c.chunk_size > w->c.page_size) {
        enqueue_used(w, id);
        return;
    }
    if (outstanding(w, s) == 1)
        s->last_single = s->offset;
    s->offset = s->offset + 2 * w->c.chunk_size <= w->c.page_size ? s->offset + w->c.chunk_size : 0;
    if (s->offset == s->last_single)
        enqueue_used(w, id);
    else
        enqueue(w, &w->recycled, id);
}

static void lend(struct world *w, int id, struct state *s, int skb, int length)
{
    skb_add_fragment(w, skb, s->frame, s->offset, length);
    struct skb *head = w->skbs + w->skb_head;
    head->len += length;
    head->truesize += w->c.chunk_size;
    head->fragments_in_all++;
    pay_reference(w, s);
    classify(w, id, s);
}

static bool append(struct world *w, int id, struct state *s, int length)
{
    int tail = w->skb_tail;
    if (w->skbs[tail].fragments == w->c.fragments_max) {
        int extra = skb_allocate(w);
        if (extra == NONE)
            return false;
        if (tail == w->skb_head)
            w->skbs[tail].frag_list = extra;
        else
            w->skbs[tail].next = extra;
        w->skb_tail = tail = extra;
    }
    lend(w, id, s, tail, length);
    return true;
}

static bool copy(struct world *w, int id, struct state *s, int length)
{
    int skb = skb_allocate(w);
    if (skb == NONE)
        return false;
    memcpy(w->linear + (size_t)skb * (size_t)w->c.copybreak, w->payload + (size_t)s->frame * (size_t)w->c.page_size + s->offset, (size_t)length);
    w->skbs[skb].linear = w->skbs[skb].len = w->skbs[skb].truesize = length;
    w->skb_head = w->skb_tail = skb;
    w->copied++;
    enqueue(w, &w->recycled, id);
    return true;
}

static bool begin(struct world *w, int id, struct state *s, int length)
{
    if (w->napi_skb == NONE)
        w->napi_skb = skb_allocate(w);
    if (w->napi_skb == NONE)
        return false;
    w->skb_head = w->skb_tail = w->napi_skb;
    lend(w, id, s, w->napi_skb, length);
    return true;
}

static enum result consume(struct world *w, const struct completion *d)
{
    int id = d->buf_id;
    if (id >= w->c.states || w->states[id].next != id)
        return NO_BUFFER;
    struct state *s = w->states + id;
    int length = d->length & LENGTH_MASK;
    if ((d->status & 1 << 2) != 0 || length > w->c.chunk_size) {
        enqueue(w, &w->recycled, id);
        return REFUSED;
    }
    if (w->dropping) {
        enqueue(w, &w->recycled, id);
        return DONE;
    }
    sync_for_processor(w, s->addr, s->frame, s->offset, length);
    bool taken = w->skb_head != NONE ? append(w, id, s, length)
        : (d->end & 1 << 1) != 0 && length <= w->c.copybreak ? copy(w, id, s, length)
        : begin(w, id, s, length);
    if (taken)
        return DONE;
    enqueue(w, &w->recycled, id);
    return NO_MEMORY;
}

// Driver: the poll (A.5.6, A.5.7)

static void drop_partial(struct world *w)
{
    int skb = w->skb_head;
    w->skb_head = w->skb_tail = NONE;
    if (skb == NONE)
        return;
    if (w->napi_skb == skb)
        w->napi_skb = NONE;
    skb_free(w, skb);
}

static bool describe(struct skb *s, const struct completion *d)
{
    int type = d->type & 0x3ff;
    int l3 = type < 9 ? type / 3 : 0; // 1 IPv4, 2 IPv6
    int l4 = type < 9 ? type % 3 : 0; // 1 TCP, 2 UDP
    s->hash = d->hash;
    s->hash_type = l4 != 0 ? 2 : l3 != 0 ? 1 : 0;
    s->csum_unnecessary = (d->end & 1 << 3) != 0 && !(l3 == 1 && (d->end & (1 << 4 | 1 << 6)) != 0)
        && !(l3 == 2 && (d->status & 1 << 1) != 0) && (d->end & 1 << 5) == 0 && l4 != 0;
    if ((d->header & 1 << 10) == 0)
        return true;
    s->segment = d->segment;
    return l4 == 1 && l3 != 0;
}

static int finish(struct world *w, const struct completion *d)
{
    int skb = w->skb_head;
    if (skb == NONE || (d->end & 1 << 1) == 0)
        return 0;
    if (!describe(w->skbs + skb, d)) {
        drop_partial(w);
        w->descriptor_errors++;
        return 1;
    }
    w->packets++;
    w->bytes += w->skbs[skb].len;
    w->skb_head = w->skb_tail = NONE;
    if (w->skbs[skb].fragments_in_all != 0)
        w->napi_skb = NONE;
    hand_up(w, skb);
    return 1;
}

static int poll(struct world *w, int budget)
{
    int work = 0;
    while (work < budget) {
        struct completion *slot = w->completion_ring + w->completion_head;
        if ((*(volatile uint16_t *)&slot->length >> 14 & 1) == w->old_generation)
            break;
        __atomic_thread_fence(__ATOMIC_ACQUIRE); // the other fields are read after the generation (I8)
        struct completion d = *slot;
        enum result result = consume(w, &d);
        w->completion_head = (w->completion_head + 1) & w->completion_mask;
        w->old_generation ^= w->completion_head == 0;
        if (result != NO_BUFFER) {
            w->free_completion_slots++;
            w->head = (w->head + 1) & w->buffer_mask;
        }
        w->completed++;
        if (result == DONE) {
            work += finish(w, &d);
        } else {
            drop_partial(w);
            if (result == NO_MEMORY)
                w->skb_failures++;
            else
                w->descriptor_errors++;
            work++;
        }
        w->dropping = (w->dropping || result != DONE) && (d.end & 1 << 1) == 0;
    }
    refill(w);
    return work;
}

// What the benchmark calls

EXPORT struct world *dqo_create(const struct config *c)
{
    struct world *w = calloc(1, sizeof *w);
    int frames = c->states + c->capacity + 1;
    int skbs = c->skbs;
    w->c = *c;
    w->buffer_mask = c->buffer_slots - 1;
    w->completion_mask = c->completion_slots - 1;
    w->granules_per_page = (c->page_size + c->chunk_size - 1) / c->chunk_size;
    w->frames = calloc((size_t)frames, sizeof *w->frames);
    w->free_frames = (struct slots){ .given = calloc((size_t)frames, sizeof(int32_t)), .capacity = frames };
    w->payload = calloc((size_t)frames, (size_t)c->page_size);
#if LEDGERS
    w->held_of = calloc((size_t)(frames * w->granules_per_page), sizeof(int32_t));
    w->unsynced = calloc((size_t)(frames * w->granules_per_page), sizeof *w->unsynced);
    w->granule_reciprocal = (1ull << 32) / (uint32_t)c->chunk_size + 1;
#endif
    w->skbs = calloc((size_t)skbs, sizeof *w->skbs);
    w->fragments = calloc((size_t)(skbs * c->fragments_max), sizeof *w->fragments);
    w->linear = calloc((size_t)skbs, (size_t)c->copybreak + 1);
    w->held = calloc((size_t)skbs, sizeof(int32_t));
    w->free_skbs = (struct slots){ .given = calloc((size_t)skbs, sizeof(int32_t)), .capacity = skbs };
    w->posted = calloc((size_t)c->buffer_slots, sizeof *w->posted);
    w->log = calloc((size_t)c->completion_slots, sizeof *w->log);
    w->post_ring = calloc((size_t)c->buffer_slots, sizeof *w->post_ring);
    w->completion_ring = calloc((size_t)c->completion_slots, sizeof *w->completion_ring);
    w->states = calloc((size_t)c->states, sizeof *w->states);
    w->recycled = w->used = (struct fifo){ NONE, NONE };
    w->napi_skb = w->skb_head = w->skb_tail = NONE;
    w->free_completion_slots = c->completion_slots;
    for (int id = 0; id < c->states; id++)
        w->states[id].next = (int16_t)(id + 1 < c->states ? id + 1 : NONE);
    refill(w);
    return w;
}

EXPORT void dqo_destroy(struct world *w)
{
    free(w->frames);
    free(w->free_frames.given);
    free(w->payload);
#if LEDGERS
    free(w->held_of);
    free(w->unsynced);
#endif
    free(w->skbs);
    free(w->fragments);
    free(w->linear);
    free(w->held);
    free(w->free_skbs.given);
    free(w->posted);
    free(w->log);
    free(w->post_ring);
    free(w->completion_ring);
    free(w->states);
    free(w);
}

EXPORT int dqo_receive(struct world *w, int size, int buffers) { receive(w, size, buffers); return buffers; }

EXPORT int dqo_poll(struct world *w, int budget) { return poll(w, budget); }

EXPORT int dqo_release(struct world *w, int place) { release(w, place); return w->held_packets; }

EXPORT int dqo_visible(const struct world *w) { return w->visible; }

EXPORT int dqo_held(const struct world *w) { return w->held_packets; }

// One NAPI poll's worth: packets arrive, are handed up, and are let go, newest first; what was consumed is posted again.
EXPORT int dqo_batch(struct world *w, int packets, int size)
{
    for (int n = 0; n < packets; n++)
        receive(w, size, 1);
    int work = poll(w, packets);
    while (w->held_packets > 0)
        release(w, w->held_packets - 1);
    return work;
}

// Everything that the algorithm decides; the C# side computes the same (DqoManagedQueue.Digest).
EXPORT uint64_t dqo_digest(struct world *w)
{
    uint64_t digest = DIGEST_START;
    for (int id = 0; id < w->c.states; id++) {
        const struct state *s = w->states + id;
        digest = mix(digest, s->next);
        if (!s->has_page)
            continue;
        digest = mix(digest, s->frame);
        digest = mix(digest, s->offset);
        digest = mix(digest, s->last_single);
        digest = mix(digest, s->bias);
        digest = mix(digest, w->frames[s->frame].references);
    }
    const int64_t rest[] = { w->free_top, w->recycled.head, w->used.head, w->used_count, w->head, w->tail, w->free_completion_slots,
        w->timer_armed, w->dropping, w->packets, w->bytes, w->completed, w->posted_buffers, w->copied, w->skb_failures,
        w->buffer_failures, w->descriptor_errors, w->page_failures, w->critically_low, w->pages_born, w->live_pages, w->held_packets,
        w->held_load, w->serials, w->delivered, w->visible, w->fetched, w->packets_received, w->written };
    for (size_t n = 0; n < sizeof rest / sizeof *rest; n++)
        digest = mix(digest, rest[n]);
    return w->traps == 0 ? digest : 0;
}
