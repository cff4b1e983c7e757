/*
 * EACH(macro, a, b, x, y, z): macro(a, b, x) macro(a, b, y) macro(a, b, z), for
 * up to 80 of them.  So a list of members is written once, as a list:
 *
 *	#define PUT(object, from, member) \
 *		_Generic((from).member, double: put_num, ...)(object, ...)
 *
 * The list is scanned again and again; each pass does one more of them
 * (__VA_OPT__ ends it).
 */
#ifndef STEELYARD_BASE_EACH_H
#define STEELYARD_BASE_EACH_H

#define EACH(macro, a, b, ...) \
	__VA_OPT__(EACH_3(EACH_NEXT(macro, a, b, __VA_ARGS__)))
#define EACH_NEXT(macro, a, b, x, ...) \
	macro(a, b, x) \
	__VA_OPT__(EACH_AGAIN EACH_NONE (macro, a, b, __VA_ARGS__))
#define EACH_AGAIN() EACH_NEXT
#define EACH_NONE ()
#define EACH_3(...) EACH_2(EACH_2(EACH_2(EACH_2(__VA_ARGS__))))
#define EACH_2(...) EACH_1(EACH_1(EACH_1(EACH_1(__VA_ARGS__))))
#define EACH_1(...) EACH_0(EACH_0(EACH_0(EACH_0(__VA_ARGS__))))
#define EACH_0(...) __VA_ARGS__

#endif
