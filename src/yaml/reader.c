/*
 * libyaml's events to a tree.  Events and not the document API: a document
 * resolves aliases and is quadratic in anchors, an event costs the same
 * whatever stands before it.  Depth is checked event by event, before the
 * scanner, quadratic in flow depth, has read much further: 80 KB of '[' are
 * refused in milliseconds.
 */
#include <yaml.h>

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/mem.h"
#include "base/path.h"
#include "yaml/reader.h"
#include "yaml/yaml.h"

#include "base/banned.h"

/* A map or list that is being filled. */
struct frame {
	struct ynode *node;
	struct ynode **item, **key;
	size_t items, item_room, keys, key_room;
	struct ynode *pending;          /* a map's key that waits for a value */
	bool as_key;                    /* stands where a key should */
};

struct reader {
	struct arena *arena;
	const char *name, *text;
	size_t n;
	struct err *err;
	yaml_parser_t parser;
	struct frame frame[YAML_MAX_DEPTH];
	int depth, nodes, documents;
	struct ynode *root;
	int trap_line;                  /* of the last trap told: one a line */
	int found;                      /* findings, also those dropped */
	size_t byte, chars;             /* the same place in bytes and in
					 * characters, see byte_at() */
};

static struct pos place(const struct reader *r, yaml_mark_t mark)
{
	return (struct pos){ r->name, (int)mark.line + 1,
	                     (int)mark.column + 1 };
}

/* Adds a finding and goes on: true, so that callers can return it. */
static bool finding(struct reader *r, struct pos pos, const char *fmt, ...)
	__attribute__((format(printf, 3, 4)));

static bool finding(struct reader *r, struct pos pos, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vat(r->err, ERR_INPUT, pos, fmt, ap);
	va_end(ap);
	r->found++;
	return true;
}

static bool over_limit(struct reader *r, struct pos pos, const char *what,
                       size_t limit)
{
	r->found++;
	return err_at(r->err, ERR_LIMIT, pos, "%s: at most %zu are allowed",
	              what, limit);
}

/* --- what libyaml itself refuses --- */

/* Where the user should look: at the start of what never ends or never was
 * meant to be an alias, else where libyaml stumbled. */
static yaml_mark_t culprit(const yaml_parser_t *p)
{
	const char *context = p->context ? p->context : "";

	if (strstr(context, "an alias") || strstr(context, "an anchor") ||
	    strstr(context, "a tag") || strstr(context, "a directive"))
		return p->context_mark;
	if (strstr(context, "quoted scalar") && p->problem &&
	    strstr(p->problem, "end of stream"))
		return p->context_mark;
	return p->problem_mark;
}

static bool syntax_error(struct reader *r)
{
	const yaml_parser_t *p = &r->parser;
	const char *problem = p->problem ? p->problem : "cannot be read";
	struct pos pos = place(r, culprit(p));
	const char *hint = yaml_hint(problem, p->context, r->text, r->n,
	                             pos.line, pos.col);

	r->found++;
	if (p->error == YAML_MEMORY_ERROR)
		return err_at(r->err, ERR_LIMIT, pos, "out of memory");
	if (hint)
		return err_at(r->err, ERR_INPUT, pos, "%s", hint);
	return err_at(r->err, ERR_INPUT, pos, "not valid YAML: %s%s%s", problem,
	              p->context ? ", " : "", p->context ? p->context : "");
}

/* --- building --- */

static struct frame *top(struct reader *r)
{
	return r->depth ? &r->frame[r->depth - 1] : NULL;
}

/* Whether the next node is a key of a map. */
static bool at_key(struct reader *r)
{
	struct frame *f = top(r);

	return f && f->node->kind == Y_MAP && !f->pending;
}

static struct ynode *node_new(struct reader *r, enum ynode_kind kind,
                              yaml_mark_t mark)
{
	struct ynode *node = arena_alloc(r->arena, sizeof *node);

	node->kind = kind;
	node->pos = place(r, mark);
	return node;
}

/* Puts a finished node where it belongs. */
static void attach(struct reader *r, struct ynode *node)
{
	struct frame *f = top(r);

	if (!f) {
		r->root = node;
	} else if (f->node->kind == Y_SEQ) {
		ARR_PUSH(f->item, f->items, f->item_room)[0] = node;
	} else if (!f->pending) {
		f->pending = node;
	} else {
		ARR_PUSH(f->key, f->keys, f->key_room)[0] = f->pending;
		ARR_PUSH(f->item, f->items, f->item_room)[0] = node;
		f->pending = NULL;
	}
}

static struct ynode **settle(struct arena *a, struct ynode **list, size_t n)
{
	struct ynode **kept = arena_alloc(a, n * sizeof *kept);

	if (n)
		memcpy(kept, list, n * sizeof *kept);
	return kept;
}

static void frame_release(struct frame *f)
{
	free(f->item);
	free(f->key);
}

static int by_text(const void *a, const void *b)
{
	const struct ynode *x = *(struct ynode *const *)a;
	const struct ynode *y = *(struct ynode *const *)b;
	int order = strcmp(x->text, y->text);

	if (order)
		return order;
	if (x->pos.line != y->pos.line)
		return x->pos.line < y->pos.line ? -1 : 1;
	return (x->pos.col > y->pos.col) - (x->pos.col < y->pos.col);
}

/* Sorted, so that a map of thousands of keys costs n log n. */
static void check_duplicates(struct reader *r, struct frame *f)
{
	size_t n = f->keys, first = 0;
	struct ynode **sorted;

	if (n < 2)
		return;
	sorted = xmalloc(n * sizeof *sorted);
	memcpy(sorted, f->key, n * sizeof *sorted);
	qsort(sorted, n, sizeof *sorted, by_text);
	for (size_t i = 1; i < n; i++) {
		if (strcmp(sorted[i]->text, sorted[first]->text))
			first = i;
		else
			finding(r, sorted[i]->pos,
			        "key '%s' stands twice; it is on line %d too",
			        sorted[i]->text, sorted[first]->pos.line);
	}
	free(sorted);
}

static void finish(struct reader *r)
{
	struct frame *f = top(r);
	struct ynode *node = f->node;

	if (node->kind == Y_MAP)
		check_duplicates(r, f);
	node->n = (int)f->items;
	node->item = settle(r->arena, f->item, f->items);
	if (node->kind == Y_MAP)
		node->key = settle(r->arena, f->key, f->keys);
	if (f->as_key) {
		node->kind = Y_SCALAR;
		node->text = arena_printf(r->arena, "?%d", r->nodes);
		node->n = 0;
	}
	frame_release(f);
	r->depth--;
	attach(r, node);
}

/* --- the events --- */

static bool count_node(struct reader *r, struct pos pos)
{
	if (++r->nodes <= YAML_MAX_NODES)
		return true;
	return over_limit(r, pos, "too many values", YAML_MAX_NODES);
}

static void check_decoration(struct reader *r, struct pos pos,
                             const yaml_char_t *anchor,
                             const yaml_char_t *tag)
{
	if (anchor)
		finding(r, pos, "anchors (&%s) are not allowed; a value that "
		        "starts with '&' must be quoted", (const char *)anchor);
	if (tag)
		finding(r, pos, "tags (%s) are not allowed; a value that "
		        "starts with '!' must be quoted", (const char *)tag);
}

/* One finding for the outermost of maps that stand as keys of keys. */
static bool inside_key(const struct reader *r)
{
	for (int i = 0; i < r->depth; i++)
		if (r->frame[i].as_key)
			return true;
	return false;
}

static bool begin(struct reader *r, enum ynode_kind kind, bool flow,
                  yaml_mark_t mark)
{
	struct pos pos = place(r, mark);
	struct ynode *node;

	if (!count_node(r, pos))
		return false;
	if (r->depth == YAML_MAX_DEPTH)
		return over_limit(r, pos, "too many levels", YAML_MAX_DEPTH);
	node = node_new(r, kind, mark);
	node->plain_flow = flow;
	r->frame[r->depth] = (struct frame){ .node = node,
	                                     .as_key = at_key(r) };
	if (r->frame[r->depth].as_key && !inside_key(r))
		finding(r, pos, "a key must be a word; quote the text that "
		        "starts with '%c'", kind == Y_MAP ? '{' : '[');
	r->depth++;
	return true;
}

/* libyaml's marks count characters, the text is in bytes.  Marks only grow,
 * so the walk goes on where the last one ended. */
static size_t byte_at(struct reader *r, size_t chars)
{
	while (r->chars < chars && r->byte < r->n) {
		r->byte++;
		while (r->byte < r->n && (r->text[r->byte] & 0xc0) == 0x80)
			r->byte++;
		r->chars++;
	}
	return r->byte;
}

static void trap(struct reader *r, struct pos pos, const char *why)
{
	if (r->trap_line == pos.line)
		return;
	r->trap_line = pos.line;
	finding(r, pos, "%s: quote the value on line %d", why, pos.line);
}

/* In flow style a comma ends a value, brackets or not; ` #` ends one in any
 * style. */
static void check_traps(struct reader *r, const struct ynode *node,
                        yaml_mark_t end)
{
	struct frame *f = top(r);

	if (f && f->node->plain_flow && yaml_unbalanced(node->text))
		trap(r, node->pos, "a comma or colon inside { } or [ ] cuts "
		     "this value");
	else if (yaml_cut_by_comment(node->text, r->text, r->n,
	                             byte_at(r, end.index)))
		trap(r, node->pos, "' #' starts a comment and cuts this "
		     "value");
}

/* The length: what `? ` allows to be longer could not be written again. */
static void check_key(struct reader *r, const struct ynode *key, size_t n)
{
	if (!n)
		finding(r, key->pos, "a key is missing before the ':'");
	if (n > YAML_MAX_KEY)
		finding(r, key->pos, "the key is too long: at most %d bytes",
		        YAML_MAX_KEY);
	if (!key->quoted && !strcmp(key->text, "<<"))
		finding(r, key->pos, "merge keys (<<) are not allowed");
}

static bool scalar(struct reader *r, const yaml_event_t *e)
{
	const char *s = (const char *)e->data.scalar.value;
	size_t n = e->data.scalar.length;
	struct ynode *node = node_new(r, Y_SCALAR, e->start_mark);
	bool key = at_key(r);

	if (!count_node(r, node->pos))
		return false;
	if (n > YAML_MAX_SCALAR)
		return over_limit(r, node->pos, "too many bytes in one value",
		                  YAML_MAX_SCALAR);
	check_decoration(r, node->pos, e->data.scalar.anchor,
	                 e->data.scalar.tag);
	if (!yaml_gate_scalar(s, n, key, node->pos, r->err)) {
		r->found++;
		n = strnlen(s, n);
	}
	node->text = arena_strndup(r->arena, s, n);
	node->quoted = e->data.scalar.style != YAML_PLAIN_SCALAR_STYLE;
	if (key)
		check_key(r, node, n);
	if (!node->quoted)
		check_traps(r, node, e->end_mark);
	attach(r, node);
	return true;
}

/* A stand-in keeps the map in step; the finding makes the whole fail. */
static bool alias(struct reader *r, const yaml_event_t *e)
{
	struct ynode *node = node_new(r, Y_SCALAR, e->start_mark);

	if (!count_node(r, node->pos))
		return false;
	finding(r, node->pos, "aliases (*%s) are not allowed; a value that "
	        "starts with '*' must be quoted",
	        (const char *)e->data.alias.anchor);
	node->text = at_key(r) ? arena_printf(r->arena, "*%d", r->nodes) : "";
	attach(r, node);
	return true;
}

static bool document(struct reader *r, const yaml_event_t *e)
{
	struct pos pos = place(r, e->start_mark);

	if (r->documents++) {
		r->found++;
		return err_at(r->err, ERR_INPUT, pos,
		              "a second document ('---') is not allowed");
	}
	if (e->data.document_start.version_directive ||
	    e->data.document_start.tag_directives.start !=
	    e->data.document_start.tag_directives.end)
		finding(r, pos, "directives are not allowed: a line cannot "
		        "start with '%%'");
	return true;
}

static bool handle(struct reader *r, const yaml_event_t *e)
{
	switch (e->type) {
	case YAML_DOCUMENT_START_EVENT:
		return document(r, e);
	case YAML_ALIAS_EVENT:
		return alias(r, e);
	case YAML_SCALAR_EVENT:
		return scalar(r, e);
	case YAML_SEQUENCE_START_EVENT:
		check_decoration(r, place(r, e->start_mark),
		                 e->data.sequence_start.anchor,
		                 e->data.sequence_start.tag);
		return begin(r, Y_SEQ, e->data.sequence_start.style ==
		             YAML_FLOW_SEQUENCE_STYLE, e->start_mark);
	case YAML_MAPPING_START_EVENT:
		check_decoration(r, place(r, e->start_mark),
		                 e->data.mapping_start.anchor,
		                 e->data.mapping_start.tag);
		return begin(r, Y_MAP, e->data.mapping_start.style ==
		             YAML_FLOW_MAPPING_STYLE, e->start_mark);
	case YAML_SEQUENCE_END_EVENT:
	case YAML_MAPPING_END_EVENT:
		finish(r);
		return true;
	default:
		return true;            /* start and end of stream, document */
	}
}

static bool run(struct reader *r)
{
	bool ok = true, done = false;

	while (ok && !done) {
		yaml_event_t e;

		if (!yaml_parser_parse(&r->parser, &e))
			return syntax_error(r);
		done = e.type == YAML_STREAM_END_EVENT;
		ok = handle(r, &e);
		yaml_event_delete(&e);
	}
	return ok;
}

static bool is_empty(const struct ynode *root)
{
	return !root || (root->kind == Y_SCALAR && !root->quoted &&
	                 !*root->text);
}

/* Parses what passed the gate. */
static const struct ynode *parse(struct reader *r)
{
	bool ok;

	if (!yaml_parser_initialize(&r->parser)) {
		err_add(r->err, ERR_LIMIT, "out of memory");
		return NULL;
	}
	yaml_parser_set_encoding(&r->parser, YAML_UTF8_ENCODING);
	yaml_parser_set_input_string(&r->parser, (const yaml_char_t *)r->text,
	                             r->n);
	ok = run(r);
	while (r->depth)
		frame_release(&r->frame[--r->depth]);
	yaml_parser_delete(&r->parser);
	if (ok && !r->found && is_empty(r->root))
		finding(r, (struct pos){ r->name, 0, 0 },
		        "is empty: nothing to read");
	return ok && !r->found ? r->root : NULL;
}

/* Windows editors put a byte order mark before UTF-8 text: harmless. */
static void skip_mark(const char **text, size_t *n)
{
	if (*n >= 3 && !memcmp(*text, "\xef\xbb\xbf", 3)) {
		*text += 3;
		*n -= 3;
	}
}

const struct ynode *yaml_read_text(struct arena *a, const char *text,
                                   size_t n, const char *name,
                                   struct err *err)
{
	struct reader *r;
	const struct ynode *root = NULL;

	if (n > YAML_MAX_BYTES) {
		err_at(err, ERR_LIMIT, (struct pos){ name, 0, 0 },
		       "is larger than %u bytes, the most that is read",
		       YAML_MAX_BYTES);
		return NULL;
	}
	skip_mark(&text, &n);
	r = xcalloc(1, sizeof *r);
	r->arena = a;
	r->name = arena_strdup(a, name);
	r->text = text;
	r->n = n;
	r->err = err;
	if (yaml_gate_bytes(text, n, r->name, err))
		root = parse(r);
	free(r);
	return root;
}

const struct ynode *yaml_read_file(struct arena *a, const char *path,
                                   struct err *err)
{
	const char *name = strcmp(path, "-") ? path : "<stdin>";
	const struct ynode *root = NULL;
	struct buf text = BUF_INIT;

	if (path_read(path, YAML_MAX_BYTES, &text, err))
		root = yaml_read_text(a, text.s, text.len, name, err);
	buf_release(&text);
	return root;
}
