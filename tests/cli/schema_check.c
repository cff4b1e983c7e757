/*
 * schema_check SCHEMA [FILE]: whether a JSON document (standard input without
 * FILE) is as docs/schemas/SCHEMA.json says.  Exit status 0: it is; 1: it is
 * not, and where; 2: a file that cannot be read or is no JSON.
 */
#include <jansson.h>
#include <stdio.h>

#include "../unit/schema.h"

static json_t *document(const char *path)
{
	const size_t flags = JSON_REJECT_DUPLICATES;
	json_error_t e;
	json_t *j = path ? json_load_file(path, flags, &e)
		: json_loadf(stdin, flags, &e);

	if (!j)
		fprintf(stderr, "%s:%d:%d: %s\n", path ? path : "-", e.line,
		        e.column, e.text);
	return j;
}

static bool fits(const json_t *schema, const json_t *doc)
{
	struct buf why = BUF_INIT;
	bool ok = schema_check(schema, doc, &why);

	if (!ok)
		fprintf(stderr, "%s\n", why.s);
	buf_release(&why);
	return ok;
}

int main(int argc, char **argv)
{
	json_t *schema, *doc;
	int status = 2;

	if (argc < 2 || argc > 3) {
		fprintf(stderr, "usage: schema_check SCHEMA [FILE]\n");
		return 2;
	}
	schema = schema_load(argv[1]);
	doc = document(argv[2]);
	if (schema && doc)
		status = fits(schema, doc) ? 0 : 1;
	json_decref(schema);
	json_decref(doc);
	return status;
}
