/*
 * The C locale for the length of one call.  Curses needs setlocale(), and a
 * German LC_NUMERIC would then turn every decimal point of every file into a
 * comma.  uselocale() changes the calling thread only; glibc and musl hand
 * out the C locale without allocating.
 *
 * For the use of src/base only: callers print through buf_addf and read
 * through num_scan.
 */
#ifndef STEELYARD_BASE_CLOCALE_H
#define STEELYARD_BASE_CLOCALE_H

#include <locale.h>

static inline locale_t clocale_enter(void)
{
	return uselocale(newlocale(LC_ALL_MASK, "C", (locale_t)0));
}

static inline void clocale_leave(locale_t before)
{
	freelocale(uselocale(before));
}

#endif
