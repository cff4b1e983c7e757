/*
 * SQLite's way to the disk with a fault in it: from the n-th write, truncation,
 * sync or removal on, or that one only, the call fails.  And its memory with a
 * fault in it: the n-th allocation gives none.
 */
#ifndef STEELYARD_TESTS_STORE_VFS_H
#define STEELYARD_TESTS_STORE_VFS_H

#include <stdbool.h>

/* Before the first use of SQLite. */
void fault_install(void);

struct fault {
	int disk;               /* the call that fails, from 1; 0: none */
	int memory;             /* the allocation that fails, from 1; 0: none */
	int code;               /* what a disk call fails with */
	bool for_ever;          /* and all that follow */
	int disk_calls, allocations;    /* counted since fault_set */
};
void fault_set(const struct fault *f);
/* Back to a sound disk; what was counted. */
struct fault fault_clear(void);

/* Hears, behind each of them, of calls to the disk: what was written ('w'), what
 * a sync has put beyond a power cut ('s'), what was removed, perhaps ('d') or
 * for certain ('D'). NULL: nobody hears. */
typedef void fault_listener(void *ctx, char what, const char *path);
void fault_watch(fault_listener *hear, void *ctx);

#endif
