/* Which set of kernels runs.  Chosen once; a test may choose another. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "expr/kernels.h"

/* Asked here, in a file that is compiled for every processor. */
static bool always(void)
{
	return true;
}

#if defined(__x86_64__)
static bool has_avx(void)
{
	return __builtin_cpu_supports("avx");
}

static bool has_avx512(void)
{
	return __builtin_cpu_supports("avx512f")
		&& __builtin_cpu_supports("avx512dq");
}
#endif

static const struct width {
	const struct kernels *kernels;
	bool (*usable)(void);
} all[] = {
#if defined(__x86_64__)
	{ &kernels_avx512, has_avx512 }, { &kernels_avx, has_avx },
#endif
	{ &kernels_sse2, always },
};
#define N (sizeof all / sizeof *all)

static _Atomic(const struct kernels *) chosen;

static const struct kernels *find(const char *name)
{
	for (size_t i = 0; i < N; i++)
		if (all[i].usable()
		    && (!name || strcmp(all[i].kernels->name, name) == 0))
			return all[i].kernels;
	return NULL;
}

const struct kernels *kernels_now(void)
{
	const struct kernels *k = atomic_load(&chosen);

	if (k)
		return k;
	k = find(getenv("STEELYARD_WIDTH"));
	if (!k)
		k = find(NULL);
	atomic_store(&chosen, k);
	return k;
}

const char *tape_width(void)
{
	return kernels_now()->name;
}

bool tape_set_width(const char *name)
{
	const struct kernels *k = find(name);

	if (k)
		atomic_store(&chosen, k);
	return k != NULL;
}

const char *const *tape_widths(void)
{
	static _Thread_local const char *names[N + 1];
	int n = 0;

	for (size_t i = 0; i < N; i++)
		if (all[i].usable())
			names[n++] = all[i].kernels->name;
	names[n] = NULL;
	return names;
}
