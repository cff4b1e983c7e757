/*
 * JSON Schema 2020-12, as much of it as docs/schemas uses.  A keyword that is
 * not known here is a failure, so that no schema promises what is not checked.
 */
#ifndef STEELYARD_TESTS_SCHEMA_H
#define STEELYARD_TESTS_SCHEMA_H

#include <jansson.h>
#include <stdbool.h>

#include "base/buf.h"

/* Reads docs/schemas/NAME.json of the source tree; NULL with a word on stderr. */
json_t *schema_load(const char *name);

/* Whether `value` is as `schema` says; else `why` tells the first place where
 * it is not. */
bool schema_check(const json_t *schema, const json_t *value, struct buf *why);

#endif
