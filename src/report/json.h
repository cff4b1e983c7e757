/*
 * JSON by jansson, written by our own walk: keys in the order they were set,
 * reals as the shortest text that reads back, control characters and C1
 * escaped.  Private to src/report.
 */
#ifndef STEELYARD_REPORT_JSON_H
#define STEELYARD_REPORT_JSON_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* Setters take ownership of what they set. A text NULL and a number that is
 * none become null. */
void put_text(json_t *object, const char *key, const char *text);
void put_num(json_t *object, const char *key, double v);
void put_int(json_t *object, const char *key, long long v);
void put_flag(json_t *object, const char *key, bool v);
json_t *put_list(json_t *object, const char *key);     /* a new list there */
json_t *put_map(json_t *object, const char *key);      /* a new object there */
json_t *put_item(json_t *list);                /* a new object at its end */
void put_item_text(json_t *list, const char *text);

/* Writes the document with one final newline, and frees it. */
void put_write(struct buf *out, json_t *doc);

#endif
