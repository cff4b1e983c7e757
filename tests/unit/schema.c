#include "schema.h"

#include <regex.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Where the walk stands. */
struct place {
	const json_t *root;             /* of the schema: $ref starts there */
	const struct place *up;
	const char *key;
	struct buf *why;
};

static bool check(const struct place *at, const json_t *schema,
                  const json_t *v);

static void add_path(struct buf *b, const struct place *at)
{
	if (at->up)
		add_path(b, at->up);
	buf_addf(b, "/%s", at->key);
}

static bool fail(const struct place *at, const char *what)
{
	if (at->why && !at->why->len) {
		add_path(at->why, at);
		buf_addf(at->why, ": %s", what);
	}
	return false;
}

/* --- single keywords -------------------------------------------------- */

static bool is_type(const char *name, const json_t *v)
{
	static const struct { const char *name; json_type type; } types[] = {
		{ "object", JSON_OBJECT }, { "array", JSON_ARRAY },
		{ "string", JSON_STRING }, { "null", JSON_NULL },
	};

	if (strcmp(name, "number") == 0)
		return json_is_number(v);
	if (strcmp(name, "integer") == 0)
		return json_is_integer(v);
	if (strcmp(name, "boolean") == 0)
		return json_is_boolean(v);
	for (size_t i = 0; i < sizeof types / sizeof *types; i++)
		if (strcmp(name, types[i].name) == 0)
			return json_typeof(v) == types[i].type;
	return false;
}

static bool type_fits(const struct place *at, const json_t *arg,
                      const json_t *v)
{
	size_t i;
	json_t *one;

	if (json_is_string(arg))
		return is_type(json_string_value(arg), v) ||
			fail(at, json_string_value(arg));
	json_array_foreach(arg, i, one)
		if (is_type(json_string_value(one), v))
			return true;
	return fail(at, "none of the types");
}

static bool required(const struct place *at, const json_t *arg,
                     const json_t *v)
{
	size_t i;
	json_t *name;

	json_array_foreach(arg, i, name)
		if (json_is_object(v) &&
		    !json_object_get(v, json_string_value(name)))
			return fail(at, json_string_value(name));
	return true;
}

static bool properties(const struct place *at, const json_t *arg,
                       const json_t *v)
{
	const char *key;
	json_t *schema;

	json_object_foreach((json_t *)(uintptr_t)arg, key, schema) {
		struct place in = { at->root, at, key, at->why };
		const json_t *value = json_object_get(v, key);

		if (value && !check(&in, schema, value))
			return false;
	}
	return true;
}

/* Only beside no `properties`: a map from names to equal things. */
static bool all_properties(const struct place *at, const json_t *arg,
                           const json_t *v)
{
	const char *key;
	json_t *value;

	json_object_foreach((json_t *)(uintptr_t)v, key, value) {
		struct place in = { at->root, at, key, at->why };

		if (!check(&in, arg, value))
			return false;
	}
	return true;
}

static bool items(const struct place *at, const json_t *arg, const json_t *v)
{
	size_t i;
	json_t *value;

	json_array_foreach(v, i, value) {
		char number[24];
		struct place in = { at->root, at, number, at->why };

		snprintf(number, sizeof number, "%zu", i);
		if (!check(&in, arg, value))
			return false;
	}
	return true;
}

static bool any_of(const struct place *at, const json_t *arg, const json_t *v)
{
	struct place quiet = { at->root, at->up, at->key, NULL };
	size_t i;
	json_t *one;

	json_array_foreach(arg, i, one)
		if (check(&quiet, one, v))
			return true;
	return fail(at, "anyOf");
}

static bool one_of(const struct place *at, const json_t *arg, const json_t *v)
{
	size_t i;
	json_t *one;

	json_array_foreach(arg, i, one)
		if (json_equal(one, v))
			return true;
	return fail(at, "enum");
}

static bool constant(const struct place *at, const json_t *arg,
                     const json_t *v)
{
	return json_equal(arg, v) || fail(at, "const");
}

static bool minimum(const struct place *at, const json_t *arg,
                    const json_t *v)
{
	return !json_is_number(v) || json_number_value(v) >=
		json_number_value(arg) || fail(at, "minimum");
}

static bool maximum(const struct place *at, const json_t *arg,
                    const json_t *v)
{
	return !json_is_number(v) || json_number_value(v) <=
		json_number_value(arg) || fail(at, "maximum");
}

static bool min_items(const struct place *at, const json_t *arg,
                      const json_t *v)
{
	return !json_is_array(v) || (json_int_t)json_array_size(v) >=
		json_integer_value(arg) || fail(at, "minItems");
}

static bool max_items(const struct place *at, const json_t *arg,
                      const json_t *v)
{
	return !json_is_array(v) || (json_int_t)json_array_size(v) <=
		json_integer_value(arg) || fail(at, "maxItems");
}

static bool pattern(const struct place *at, const json_t *arg,
                    const json_t *v)
{
	regex_t re;
	bool ok;

	if (!json_is_string(v))
		return true;
	if (regcomp(&re, json_string_value(arg), REG_EXTENDED | REG_NOSUB))
		return fail(at, "a bad pattern");
	ok = regexec(&re, json_string_value(v), 0, NULL, 0) == 0;
	regfree(&re);
	return ok || fail(at, "pattern");
}

static bool reference(const struct place *at, const json_t *arg,
                      const json_t *v)
{
	const char *name = json_string_value(arg);
	const json_t *to = NULL;

	if (strncmp(name, "#/$defs/", 8) == 0)
		to = json_object_get(json_object_get(at->root, "$defs"),
		                     name + 8);
	return to ? check(at, to, v) : fail(at, "a bad $ref");
}

static bool annotation(const struct place *at, const json_t *arg,
                       const json_t *v)
{
	(void)at;
	(void)arg;
	(void)v;
	return true;
}

/* --- the walk --------------------------------------------------------- */

static const struct keyword {
	const char *name;
	bool (*check)(const struct place *at, const json_t *arg,
	              const json_t *v);
} keywords[] = {
	{ "type", type_fits }, { "required", required },
	{ "properties", properties },
	{ "additionalProperties", all_properties }, { "items", items },
	{ "anyOf", any_of }, { "enum", one_of }, { "const", constant },
	{ "minimum", minimum }, { "maximum", maximum },
	{ "minItems", min_items }, { "maxItems", max_items },
	{ "pattern", pattern }, { "$ref", reference },
	{ "$schema", annotation }, { "$id", annotation },
	{ "$defs", annotation }, { "title", annotation },
	{ "description", annotation },
};

static bool check(const struct place *at, const json_t *schema,
                  const json_t *v)
{
	const size_t n = sizeof keywords / sizeof *keywords;
	const char *key;
	json_t *arg;

	json_object_foreach((json_t *)(uintptr_t)schema, key, arg) {
		size_t i = 0;

		while (i < n && strcmp(keywords[i].name, key))
			i++;
		if (i == n)
			return fail(at, key);
		if (!keywords[i].check(at, arg, v))
			return false;
	}
	return true;
}

bool schema_check(const json_t *schema, const json_t *value, struct buf *why)
{
	struct place top = { schema, NULL, "", why };

	return check(&top, schema, value);
}

json_t *schema_load(const char *name)
{
	const char *top = getenv("SRCDIR");
	struct buf path = BUF_INIT;
	json_error_t e;
	json_t *j;

	buf_addf(&path, "%s/docs/schemas/%s.json", top ? top : ".", name);
	j = json_load_file(path.s, JSON_REJECT_DUPLICATES, &e);
	if (!j)
		fprintf(stderr, "%s:%d: %s\n", path.s, e.line, e.text);
	buf_release(&path);
	return j;
}
