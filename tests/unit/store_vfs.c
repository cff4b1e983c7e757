#include <sqlite3.h>
#include <stddef.h>

#include "store_vfs.h"

static struct fault fault;
static struct { fault_listener *hear; void *ctx; } watch;

void fault_watch(fault_listener *hear, void *ctx)
{
	watch.hear = hear;
	watch.ctx = ctx;
}

static void tell(char what, const char *path)
{
	if (watch.hear && path)
		watch.hear(watch.ctx, what, path);
}

void fault_set(const struct fault *f)
{
	fault = *f;
	fault.disk_calls = fault.allocations = 0;
}

struct fault fault_clear(void)
{
	struct fault f = fault;

	fault = (struct fault){ 0 };
	return f;
}

static bool is_hit(int at, int *count)
{
	++*count;
	return at && (*count == at || (fault.for_ever && *count > at));
}

/* --- the disk --------------------------------------------------------- */

/* The true file lies behind its wrapper in one allocation. */
struct wrapped { sqlite3_file base; sqlite3_file *file; const char *name; };

static sqlite3_vfs *below;

static sqlite3_file *file_of(sqlite3_file *f)
{
	return ((struct wrapped *)f)->file;
}

#define PASS(name, params, ...) \
	static int file_##name params \
	{ \
		return file_of(f)->pMethods->x##name(__VA_ARGS__); \
	}
#define FAULTY(call, what, params, ...) \
	static int file_##call params \
	{ \
		int rc; \
		if (is_hit(fault.disk, &fault.disk_calls)) \
			return fault.code; \
		rc = file_of(f)->pMethods->x##call(__VA_ARGS__); \
		tell(what, ((struct wrapped *)f)->name); \
		return rc; \
	}

PASS(Close, (sqlite3_file *f), file_of(f))
PASS(Read, (sqlite3_file *f, void *p, int n, sqlite3_int64 at), file_of(f), p,
     n, at)
FAULTY(Write, 'w', (sqlite3_file *f, const void *p, int n, sqlite3_int64 at),
       file_of(f), p, n, at)
FAULTY(Truncate, 'w', (sqlite3_file *f, sqlite3_int64 n), file_of(f), n)
FAULTY(Sync, 's', (sqlite3_file *f, int flags), file_of(f), flags)
PASS(FileSize, (sqlite3_file *f, sqlite3_int64 *n), file_of(f), n)
PASS(Lock, (sqlite3_file *f, int level), file_of(f), level)
PASS(Unlock, (sqlite3_file *f, int level), file_of(f), level)
PASS(CheckReservedLock, (sqlite3_file *f, int *out), file_of(f), out)
PASS(FileControl, (sqlite3_file *f, int op, void *arg), file_of(f), op, arg)
PASS(SectorSize, (sqlite3_file *f), file_of(f))
PASS(DeviceCharacteristics, (sqlite3_file *f), file_of(f))

static const sqlite3_io_methods methods = {
	.iVersion = 1, .xClose = file_Close, .xRead = file_Read,
	.xWrite = file_Write, .xTruncate = file_Truncate, .xSync = file_Sync,
	.xFileSize = file_FileSize, .xLock = file_Lock, .xUnlock = file_Unlock,
	.xCheckReservedLock = file_CheckReservedLock,
	.xFileControl = file_FileControl, .xSectorSize = file_SectorSize,
	.xDeviceCharacteristics = file_DeviceCharacteristics,
};

static int vfs_open(sqlite3_vfs *vfs, const char *name, sqlite3_file *f,
                    int flags, int *out)
{
	struct wrapped *w = (struct wrapped *)f;
	int rc;

	(void)vfs;
	w->file = (sqlite3_file *)(w + 1);
	w->name = name;
	rc = below->xOpen(below, name, w->file, flags, out);
	w->base.pMethods = w->file->pMethods ? &methods : NULL;
	return rc;
}

static int vfs_delete(sqlite3_vfs *vfs, const char *name, int sync)
{
	int rc;

	(void)vfs;
	if (is_hit(fault.disk, &fault.disk_calls))
		return SQLITE_IOERR_DELETE;
	rc = below->xDelete(below, name, sync);
	tell(sync ? 'D' : 'd', name);
	return rc;
}

/* --- memory ----------------------------------------------------------- */

static sqlite3_mem_methods memory_below;

static void *memory_malloc(int n)
{
	return is_hit(fault.memory, &fault.allocations) ? NULL
		: memory_below.xMalloc(n);
}

static void *memory_realloc(void *p, int n)
{
	return is_hit(fault.memory, &fault.allocations) ? NULL
		: memory_below.xRealloc(p, n);
}

void fault_install(void)
{
	static sqlite3_vfs vfs;
	static sqlite3_mem_methods memory;

	sqlite3_config(SQLITE_CONFIG_GETMALLOC, &memory_below);
	memory = memory_below;
	memory.xMalloc = memory_malloc;
	memory.xRealloc = memory_realloc;
	sqlite3_config(SQLITE_CONFIG_MALLOC, &memory);
	below = sqlite3_vfs_find(NULL);
	vfs = *below;
	vfs.zName = "faulty";
	vfs.szOsFile = below->szOsFile + (int)sizeof(struct wrapped);
	vfs.xOpen = vfs_open;
	vfs.xDelete = vfs_delete;
	sqlite3_vfs_register(&vfs, 1);
}
