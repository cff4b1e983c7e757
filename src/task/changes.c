#include "task/changes.h"

#include <stdlib.h>
#include <string.h>

#include "base/banned.h"

/* Maps that are only a way to their entries: at the top the workload and every
 * model, within a model these. */
static bool is_section(const char *path, const struct ynode *n)
{
	static const char *const sections[] = {
		"parameters", "presets", "tables", NULL
	};
	const char *slash = strchr(path, '/');

	if (n->kind != Y_MAP)
		return false;
	if (!slash)
		return strcmp(path, "prices") != 0;
	for (int i = 0; sections[i]; i++)
		if (!strcmp(slash + 1, sections[i]))
			return true;
	return false;
}

/* What decides nothing. */
static bool is_idle(const char *path)
{
	const char *slash = strrchr(path, '/');
	const char *name = slash ? slash + 1 : path;
	static const char *const idle[] = {
		"scenario", "title", "expect", "checklist", "answers", NULL
	};

	if (slash && strchr(path, '/') != slash)
		return false;           /* a parameter may have such a name */
	for (int i = 0; idle[i]; i++)
		if (!strcmp(name, idle[i]))
			return true;
	return false;
}

/* The value on one line, as a person would write it. */
static void flat(struct buf *b, const struct ynode *n)
{
	if (n->kind == Y_SCALAR) {
		buf_add(b, n->text);
		return;
	}
	buf_addc(b, n->kind == Y_MAP ? '{' : '[');
	for (int i = 0; i < n->n; i++) {
		if (i)
			buf_add(b, ", ");
		if (n->kind == Y_MAP)
			buf_addf(b, "%s: ", n->key[i]->text);
		flat(b, n->item[i]);
	}
	buf_addc(b, n->kind == Y_MAP ? '}' : ']');
}

static const char *flat_text(struct arena *a, const struct ynode *n)
{
	struct buf b = BUF_INIT;
	const char *text;

	if (!n)
		return NULL;
	flat(&b, n);
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

/* --- both trees at once ------------------------------------------------- */

/* Calls `leaf` for every place that stands in either tree. */
struct walk {
	void (*leaf)(void *ctx, const char *path, const char *key,
	             const struct ynode *then, const struct ynode *now);
	void (*enter)(void *ctx, const char *key);      /* or NULL */
	void (*leave)(void *ctx);
	void *ctx;
};

static void visit(const struct walk *w, const char *path, const char *key,
                  const struct ynode *then, const struct ynode *now);

static void visit_keys(const struct walk *w, const char *path,
                       const struct ynode *then, const struct ynode *now)
{
	const struct ynode *both[2] = { then, now };

	for (int side = 0; side < 2; side++)
		for (int i = 0; both[side] && i < both[side]->n; i++) {
			const char *key = both[side]->key[i]->text;
			struct buf below = BUF_INIT;

			if (side && then && yaml_index(then, key) >= 0)
				continue;
			buf_addf(&below, "%s%s%s", path, *path ? "/" : "", key);
			visit(w, below.s, key, then ? yaml_get(then, key) : NULL,
			      now ? yaml_get(now, key) : NULL);
			buf_release(&below);
		}
}

static void visit(const struct walk *w, const char *path, const char *key,
                  const struct ynode *then, const struct ynode *now)
{
	const struct ynode *any = then ? then : now;

	if (!any || !is_section(path, any)) {
		w->leaf(w->ctx, path, key, then, now);
		return;
	}
	if (w->enter)
		w->enter(w->ctx, key);
	visit_keys(w, path, then, now);
	if (w->leave)
		w->leave(w->ctx);
}

/* --- finding ------------------------------------------------------------ */

struct finding_changes {
	struct arena *arena;
	struct change *list;
	size_t cap;
	int n;
};

static void compare_leaf(void *ctx, const char *path, const char *key,
                         const struct ynode *then, const struct ynode *now)
{
	struct finding_changes *f = ctx;
	const char *was = flat_text(f->arena, then);
	const char *is = flat_text(f->arena, now);

	(void)key;
	if (is_idle(path) || (was && is && !strcmp(was, is)))
		return;
	*ARR_PUSH(f->list, f->n, f->cap) = (struct change){
		arena_strdup(f->arena, path), was, is, 0
	};
}

int changes_find(struct arena *a, const struct ynode *then,
                 const struct ynode *now, struct change **out)
{
	struct finding_changes f = { .arena = a };
	const struct walk w = { compare_leaf, NULL, NULL, &f };

	visit_keys(&w, "", then, now);
	*out = arena_alloc(a, ((size_t)f.n + 1) * sizeof **out);
	if (f.n)
		memcpy(*out, f.list, (size_t)f.n * sizeof **out);
	free(f.list);
	return f.n;
}

/* --- applying ----------------------------------------------------------- */

struct applying {
	struct ywriter writer;
	const struct change *change;
	int n;
	const bool *taken;
};

static void write_leaf(void *ctx, const char *path, const char *key,
                       const struct ynode *then, const struct ynode *now)
{
	struct applying *x = ctx;
	const struct ynode *chosen = then;

	for (int i = 0; i < x->n; i++)
		if (!strcmp(x->change[i].path, path) &&
		    x->taken[x->change[i].group])
			chosen = now;
	if (!chosen)
		return;
	yaml_key(&x->writer, key);
	yaml_write_tree(&x->writer, chosen);
}

static void enter_map(void *ctx, const char *key)
{
	struct applying *x = ctx;

	yaml_key(&x->writer, key);
	yaml_map_begin(&x->writer);
}

static void leave_map(void *ctx)
{
	yaml_map_end(&((struct applying *)ctx)->writer);
}

void changes_apply(const struct ynode *then, const struct ynode *now,
                   const struct change *change, int n, const bool *taken,
                   struct buf *out)
{
	struct applying x = { .writer = { .out = out }, .change = change,
	                      .n = n, .taken = taken };
	const struct walk w = { write_leaf, enter_map, leave_map, &x };

	visit_keys(&w, "", then, now);
}
