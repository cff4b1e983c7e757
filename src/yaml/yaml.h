/*
 * YAML as a tree with places.  libyaml gives the events; this reader refuses
 * everything a decision model must not hold: anchors, aliases, tags, merge
 * keys, duplicate keys (both lines named), a second document, an empty file,
 * UTF-16, control characters and bidirectional controls, more than
 * YAML_MAX_BYTES bytes, YAML_MAX_DEPTH levels, YAML_MAX_NODES nodes.
 * It also explains the traps of flow style: a plain text in { } or [ ] whose
 * parentheses do not match was cut at a comma, and ` #` may cut any; a key that
 * holds `)` or `(` or has no value is caught by yaml_only.  Each gets the hint
 * "quote the value on line N".
 *
 * Scalars stay text: the reader of a key decides what they mean.
 */
#ifndef STEELYARD_YAML_YAML_H
#define STEELYARD_YAML_YAML_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

#define YAML_MAX_BYTES (1u << 20)
#define YAML_MAX_DEPTH 32
#define YAML_MAX_NODES 50000
#define YAML_MAX_SCALAR 65536
#define YAML_MAX_KEY 256

struct arena;
struct buf;

enum ynode_kind { Y_SCALAR, Y_SEQ, Y_MAP };

struct ynode {
	enum ynode_kind kind;
	struct pos pos;                 /* of the value's first character */
	bool quoted;                    /* scalar in '', "" or a block */
	bool plain_flow;                /* map or list written in { } or [ ] */
	const char *text;               /* scalar, else NULL */
	int n;                          /* children of a list or map */
	struct ynode **item;            /* values */
	struct ynode **key;             /* map: scalar nodes, else NULL */
};

/* Both return NULL with findings in err (ERR_INPUT, ERR_LIMIT, ERR_IO), as many
 * as one pass can find: only a syntax error or a limit ends the reading.
 * `name` is the file name in places; tree and names live in the arena.
 * yaml_read_file takes "-" for standard input. */
const struct ynode *yaml_read_file(struct arena *a, const char *path,
                                   struct err *err);
const struct ynode *yaml_read_text(struct arena *a, const char *text,
                                   size_t n, const char *name,
                                   struct err *err);

/* Looks a key up in a map; NULL when absent or not a map. */
const struct ynode *yaml_get(const struct ynode *map, const char *key);
int yaml_index(const struct ynode *map, const char *key);       /* or -1 */

/* Typed reads: false with a finding that names key, place and what would be
 * right.  `what` names the value in the message ("horizon"). */
bool yaml_text(const struct ynode *n, const char *what, const char **out,
               struct err *err);
bool yaml_bool(const struct ynode *n, const char *what, bool *out,
               struct err *err);                /* true/false/yes/no */
bool yaml_number(const struct ynode *n, const char *what, double *out,
                 struct err *err);
bool yaml_date(const struct ynode *n, const char *what, const char **out,
               struct err *err);                /* a real YYYY-MM-DD */

/* Reports every key of `map` that is not in the NULL-ended list, with the
 * nearest known key as a suggestion, and the flow-style hint. */
bool yaml_only(const struct ynode *map, const char *what,
               const char *const *known, struct err *err);

/* The nearest of `known` (edit distance <= 2) or NULL. */
const char *yaml_nearest(const char *word, const char *const *known);

/*
 * Writing: block style, two blanks a level, strings quoted exactly when a
 * plain form could be read as something else.  A round trip through
 * yaml_read_text gives the same tree.  Start with `{ .out = &buf }`; the
 * outermost map may be begun and ended or left out:
 *
 *	yaml_key(w, "title");    yaml_scalar(w, "Claims");
 *	yaml_key(w, "answers");  yaml_seq_begin(w);
 *	yaml_item(w);            yaml_scalar(w, "12");
 *	yaml_seq_end(w);
 *
 * An empty map or list comes out as {} or [].
 */
struct ywriter { struct buf *out; int depth; bool in_seq_item; };
void yaml_key(struct ywriter *w, const char *key);      /* then a value */
/* On the line of its key or dash.  Numbers, dates, yes and no stay plain: they
 * mean what they say; "" and the words for null are quoted. */
void yaml_scalar(struct ywriter *w, const char *text);
void yaml_map_begin(struct ywriter *w);
void yaml_map_end(struct ywriter *w);
void yaml_item(struct ywriter *w);                      /* "- " in a list */
void yaml_seq_begin(struct ywriter *w);
void yaml_seq_end(struct ywriter *w);
void yaml_write_tree(struct ywriter *w, const struct ynode *n);
/* `text` as one YAML scalar that every reader takes for this string: what
 * looks like a number or a truth value is quoted too, a date is not. */
void yaml_quote(struct buf *out, const char *text);

#endif
