// SPDX-License-Identifier: Apache-2.0
//
// The core of DQO recycling for Spin: what decides whether a chunk is posted while the stack reads it, without rings, doorbells
// and packets. Written from the rules of docs/dqo.md, not from the C# code: the two are compared by their counts of states.
//
//   spin -a -DP=4 -DS=2 -DR=4 -DK=4 -DT=5 -DB=3 -DC=0 dqo_core.pml
//   gcc -O3 -DSAFETY -DNOFAIR -DNOREDUCE -o pan pan.c && ./pan
//
//   P buffer states, S chunks on a page, R most buffers posted, K most references of the stack, T probes of the used list,
//   B bias limit, C = 1: the stack clones references
//
// Why it looks the way it does:
// - One process whose one loop has one d_step per step. A step that is not enabled costs one test of its guard, and the position
//   of the process is the same in every state, so that stored states are states of the model and nothing else. Spin counts the
//   initial state among its transitions: they are one more than the steps.
// - -DNOREDUCE: partial-order reduction compares processes, and one process has nothing to compare. The counts are equal without
//   it, but each state takes eight bytes more.
// - The time of a search goes into looking up states, so the state is small: bit fields; a list is one number of three bits for
//   each place. Such a digit is the number of a buffer state plus one, and 0 is the end of the list.
// - Fields that follow from others (held, postedAll) and what lives only within a step (taken, probes; 0 between steps) make no
//   state different. They fill bits that would be padding. Spin's "hidden" would do for the last two, but not with -DBFS.
// - The order of the steps does not matter to the counts. Putting first keeps the depth-first stack a third smaller than posting first.
// - Steps are written out for each buffer state and chunk, so that a page is found by a constant index.
// - The claims are asserted where a step can break them, which is where it changes the page.
//
// A mistake to be found: -DUsedListAcceptsOneReference, -DNeverWaits or -DReplenishesOneTooMany. -DNoAccounting drops the second claim.

#if P < 1 || P > 5 || S < 1 || S > 4 || K > 7 || T > 7 || B > 15 || (C && B + K > 15)
#error "limits: P 1..5, S 1..4, K 0..7, T 0..7, B up to 15, with clones B + K up to 15"
#endif
#if B <= K && (C || B <= S)
#error "B must exceed the most references that one page can have"
#endif

// Widths must be numbers for Spin, so here is the arithmetic: three bits for each place of a list. Initially all are free, 0 on top.
#if P == 1
#define LIST_BITS 3
#define ALL_FREE 1                                                      // 0o1
#define EACH_PAGE(step) step(0)
#define ANY_PLACE(claim) claim(0)
#elif P == 2
#define LIST_BITS 6
#define ALL_FREE 17                                                     // 0o21
#define EACH_PAGE(step) step(0) step(1)
#define ANY_PLACE(claim) (claim(0) || claim(1))
#elif P == 3
#define LIST_BITS 9
#define ALL_FREE 209                                                    // 0o321
#define EACH_PAGE(step) step(0) step(1) step(2)
#define ANY_PLACE(claim) (claim(0) || claim(1) || claim(2))
#elif P == 4
#define LIST_BITS 12
#define ALL_FREE 2257                                                   // 0o4321
#define EACH_PAGE(step) step(0) step(1) step(2) step(3)
#define ANY_PLACE(claim) (claim(0) || claim(1) || claim(2) || claim(3))
#else
#define LIST_BITS 15
#define ALL_FREE 22737                                                  // 0o54321
#define EACH_PAGE(step) step(0) step(1) step(2) step(3) step(4)
#define ANY_PLACE(claim) (claim(0) || claim(1) || claim(2) || claim(3) || claim(4))
#endif

#if S == 1
#define EACH_CHUNK(step, b) step(b, 0)
#define HELD_ON(b) REFERENCES(b, 0)
#elif S == 2
#define EACH_CHUNK(step, b) step(b, 0) step(b, 1)
#define HELD_ON(b) (REFERENCES(b, 0) + REFERENCES(b, 1))
#elif S == 3
#define EACH_CHUNK(step, b) step(b, 0) step(b, 1) step(b, 2)
#define HELD_ON(b) (REFERENCES(b, 0) + REFERENCES(b, 1) + REFERENCES(b, 2))
#else
#define EACH_CHUNK(step, b) step(b, 0) step(b, 1) step(b, 2) step(b, 3)
#define HELD_ON(b) (REFERENCES(b, 0) + REFERENCES(b, 1) + REFERENCES(b, 2) + REFERENCES(b, 3))
#endif

typedef Page {
    unsigned offset : 2;
    unsigned lastSingle : 2;
    unsigned bias : 4;
    unsigned pageCount : 4;
    unsigned posted : 1;
    unsigned references : 12        // of the stack, three bits for each chunk
}

unsigned recycled : LIST_BITS;      // the FIFOs have their head in the lowest digit, the stack its top
unsigned orphans : 3;               // references on pages that the driver has discarded
unsigned taken : 3;                 // the digit of the buffer state that a post has found
unsigned used : LIST_BITS;
unsigned free : LIST_BITS = ALL_FREE;
unsigned held : 3;                  // references in all, orphans too
unsigned postedAll : 3;
unsigned probes : 3;
Page page[P];

#define FIRST(list) (list & 7)
#define REST(list) (list >> 3)
#define PLACE(list, i) ((list >> (3 * (i))) & 7)
#define END(list) (list == 0 -> 0 : (list < 8 -> 3 : (list < 64 -> 6 : (list < 512 -> 9 : 12))))
#define APPENDED(list, digit) list | ((digit) << END(list))

#define ONE_AT(chunk) (1 << (3 * (chunk)))
#define REFERENCES(b, chunk) ((page[b].references >> (3 * (chunk))) & 7)
#define OUTSTANDING(b) (page[b].pageCount - page[b].bias)

#ifdef UsedListAcceptsOneReference
#define MAY_LEAVE_USED_LIST(b) (OUTSTANDING(b) <= 1)
#else
#define MAY_LEAVE_USED_LIST(b) (OUTSTANDING(b) == 0)
#endif

#ifdef NeverWaits
#define MUST_WAIT(b) false
#else
#define MUST_WAIT(b) (page[b].offset == page[b].lastSingle)
#endif

#ifdef ReplenishesOneTooMany
#define TO_ADD(b) (B - page[b].pageCount + 1)
#else
#define TO_ADD(b) (B - page[b].pageCount)
#endif

// The claims: the first is why all this exists; with the second, pages neither leak nor are freed under a reader.
#define NOBODY_READS_WHAT_IS_POSTED(b) assert(REFERENCES(b, page[b].offset) == 0)
#ifdef NoAccounting
#define COUNTS_ADD_UP(b) skip
#else
#define COUNTS_ADD_UP(b) assert(OUTSTANDING(b) == HELD_ON(b))
#endif

#define SOMETHING_TO_TAKE (postedAll < R && (recycled || used || free))

// A post finds something to reuse at place i of the used list, if it looks there: it probes T places, and when no buffer state is
// free, the one behind them is taken or discarded.
#define REUSES(i) (used >= ONE_AT(i) && (i < T || (i == T && free == 0)) && MAY_LEAVE_USED_LIST(PLACE(used, i) - 1))
#define NEEDS_FRESH_PAGE (recycled == 0 && !ANY_PLACE(REUSES))

// Looks for a buffer state with a page; taken is 0 when only a fresh page will do. Then one is free.
inline reuse() {
    taken = FIRST(recycled);
    recycled = REST(recycled);
    if
    :: taken == 0 ->
        do
        :: used && probes < T ->
            taken = FIRST(used);
            used = REST(used);
            if
            :: MAY_LEAVE_USED_LIST(taken - 1) -> break
            :: else ->
                used = APPENDED(used, taken);
                taken = 0;
                probes = probes + 1
            fi
        :: else -> break
        od;
        probes = 0;
        if
        :: taken == 0 && free == 0 ->
            taken = FIRST(used);
            used = REST(used);
            if
            :: MAY_LEAVE_USED_LIST(taken - 1)
            :: else -> discard()
            fi
        :: else
        fi
    :: else
    fi
}

inline discard() {
    orphans = orphans + HELD_ON(taken - 1);
    page[taken - 1].offset = 0;
    page[taken - 1].lastSingle = 0;
    page[taken - 1].bias = 0;
    page[taken - 1].pageCount = 0;
    page[taken - 1].references = 0;
    free = taken;
    taken = 0
}

inline post() {
    d_step {
        SOMETHING_TO_TAKE ->
        reuse();
        if
        :: taken == 0 ->
            taken = FIRST(free);
            free = REST(free);
            page[taken - 1].bias = B;
            page[taken - 1].pageCount = B
        :: else
        fi;
        page[taken - 1].posted = 1;
        postedAll = postedAll + 1;
        printf("Post: %d at %d\n", taken - 1, page[taken - 1].offset);
        NOBODY_READS_WHAT_IS_POSTED(taken - 1);
        taken = 0
    }
}

inline postWithoutMemory() {
    d_step { SOMETHING_TO_TAKE && NEEDS_FRESH_PAGE -> reuse(); printf("Post, allocation fails\n") }
}

inline complete(b) {
    d_step {
        page[b].posted && held < K ->
        printf("Complete %d at %d\n", b, page[b].offset);
        page[b].posted = 0;
        postedAll = postedAll - 1;
        page[b].references = page[b].references + ONE_AT(page[b].offset);
        held = held + 1;
        page[b].bias = page[b].bias - 1;
        if
        :: page[b].bias == 0 -> page[b].bias = TO_ADD(b); page[b].pageCount = B
        :: else
        fi;
        COUNTS_ADD_UP(b);
        if
        :: S == 1 -> used = APPENDED(used, b + 1)
        :: else ->
            if
            :: OUTSTANDING(b) == 1 -> page[b].lastSingle = page[b].offset
            :: else
            fi;
            page[b].offset = (page[b].offset + 1) % S;
            if
            :: MUST_WAIT(b) -> used = APPENDED(used, b + 1)
            :: else -> recycled = APPENDED(recycled, b + 1)
            fi
        fi
    }
}

inline completeCopied(b) {
    d_step {
        page[b].posted ->
        printf("CompleteCopied %d\n", b);
        page[b].posted = 0;
        postedAll = postedAll - 1;
        recycled = APPENDED(recycled, b + 1)
    }
}

inline put(b, chunk) {
    d_step {
        REFERENCES(b, chunk) ->
        printf("Put %d at %d\n", b, chunk);
        page[b].references = page[b].references - ONE_AT(chunk);
        page[b].pageCount = page[b].pageCount - 1;
        held = held - 1;
        COUNTS_ADD_UP(b)
    }
}

inline clone(b, chunk) {
    d_step {
        REFERENCES(b, chunk) && held < K ->
        printf("Clone %d at %d\n", b, chunk);
        page[b].references = page[b].references + ONE_AT(chunk);
        page[b].pageCount = page[b].pageCount + 1;
        held = held + 1;
        COUNTS_ADD_UP(b)
    }
}

inline putOrphan() {
    d_step { orphans -> printf("PutOrphan\n"); orphans = orphans - 1; held = held - 1 }
}

inline cloneOrphan() {
    d_step { orphans && held < K -> printf("CloneOrphan\n"); orphans = orphans + 1; held = held + 1 }
}

#define OR_COMPLETE(b) :: complete(b)
#define OR_COMPLETE_COPIED(b) :: completeCopied(b)
#define OR_PUT(b, chunk) :: put(b, chunk)
#define OR_PUT_EACH(b) EACH_CHUNK(OR_PUT, b)
#define OR_CLONE(b, chunk) :: clone(b, chunk)
#define OR_CLONE_EACH(b) EACH_CHUNK(OR_CLONE, b)

active proctype core() {
    do
    EACH_PAGE(OR_PUT_EACH)
    :: putOrphan()
    :: post()
    :: postWithoutMemory()
    EACH_PAGE(OR_COMPLETE)
    EACH_PAGE(OR_COMPLETE_COPIED)
#if C
    EACH_PAGE(OR_CLONE_EACH)
    :: cloneOrphan()
#endif
    od
}
