/*
 * JSON by jansson, written by our own walk: keys in the order they were set,
 * reals as the shortest text that reads back, control characters, C1 and
 * characters that do not show themselves escaped.  Private to src/report.
 */
#ifndef STEELYARD_REPORT_JSON_H
#define STEELYARD_REPORT_JSON_H

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/each.h"

struct err;
struct evaluation;
struct summary;
struct tradeoff;

/* A text NULL becomes null. */
void put_text(json_t *object, const char *key, const char *text);
/* A number that is none becomes null; put_why adds KEY_reason beside it. */
void put_num(json_t *object, const char *key, double v);
void put_why(json_t *object, const char *key, double v, const char *why);
void put_int(json_t *object, const char *key, long long v);
/* Beyond 2^63 - 1, which many readers take no integer for, as text. */
void put_seed(json_t *object, const char *key, uint64_t v);
void put_flag(json_t *object, const char *key, bool v);
/* Members of a struct under their own names, each as its type says:
 * PUT(o, *p, title, unit, mean). */
#define PUT(object, from, ...) EACH(PUT_ONE, object, from, __VA_ARGS__)
#define PUT_ONE(object, from, member) \
	_Generic((from).member, const char *: put_text, char *: put_text, \
	         double: put_num, bool: put_flag, int: put_int, \
	         long: put_int)(object, #member, (from).member);
/* The same of numbers that may be none, for one reason. */
#define PUT_WHY(object, from, why, ...) \
	EACH(PUT_ONE_WHY, (object, why), from, __VA_ARGS__)
#define PUT_ONE_WHY(pair, from, member) \
	put_why(PUT_FIRST pair, #member, (from).member, PUT_SECOND pair);
#define PUT_FIRST(a, b) a
#define PUT_SECOND(a, b) b
json_t *put_list(json_t *object, const char *key);     /* a new list there */
json_t *put_map(json_t *object, const char *key);      /* a new object there */
json_t *put_item(json_t *list);                /* a new object at its end */
void put_item_text(json_t *list, const char *text);
/* A list of n texts; n < 0: up to a NULL, and the list itself may be NULL. */
void put_texts(json_t *object, const char *key, const char *const *text, int n);

/* Writes the document with one final newline, and frees it. */
void put_write(struct buf *out, json_t *doc);

/* The same on one line, without its end. */
void put_line(struct buf *out, json_t *doc);

/* A document that went well, of an evaluation or of none, and what says which
 * scenario it is about. */
json_t *json_document(const char *schema, const struct evaluation *e);
void json_scenario(json_t *o, const struct evaluation *e);

/* Parts of documents. */
/* The first finding as `error`: code, name, place, message. */
void json_error(json_t *o, const struct err *err);
void json_summary(json_t *o, const struct summary *s, bool point);
void json_tradeoff(json_t *list, const struct tradeoff *t);
void json_verdict(json_t *o, const struct tradeoff *t);
void json_objective(json_t *o, const struct tradeoff *t);
void json_break_evens(json_t *o, const struct tradeoff *t);
void json_goals(json_t *o, const struct tradeoff *t);     /* where there are */
void json_frontier(json_t *o, const struct tradeoff *t);  /* where there is */
void json_sensitivity(json_t *o, const struct tradeoff *t);
void json_voi(json_t *o, const struct tradeoff *t);
/* The criteria, and who is better to everybody. */
void json_criteria(json_t *o, const struct tradeoff *t);
void json_warnings(json_t *o, const struct tradeoff *t);

#endif
