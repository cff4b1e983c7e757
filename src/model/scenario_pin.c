/*
 * What a saved scenario stands on besides itself: model files, tables,
 * evidence.  Each is named by its whole path and what it held, so that a
 * revision is computed from the same files or not at all.
 */
#include "model/scenario_int.h"

#include <stdlib.h>
#include <string.h>

#include "base/intake.h"
#include "base/path.h"

#include "base/banned.h"

#define PIN "#sha256="

struct pinning {
	struct scenario *s;
	char *dir;                      /* that paths are relative to */
	struct err *err;
	bool failed;
	bool bare;                      /* the other way: names alone */
};

static bool file_digest(const char *path, char out[DIGEST_HEX],
                        struct err *err)
{
	struct intake *f = intake_open(path, YAML_MAX_BYTES, err);
	bool ok = f && intake_digest(f, out);

	intake_close(f);
	return ok;
}

static const char *pinned(struct pinning *p, const char *name)
{
	char *path, *full;
	char digest[DIGEST_HEX];
	const char *result = name;

	if (p->bare) {
		const char *base = path_basename(name), *mark = strstr(base,
		                                                       PIN);

		return mark ? arena_strndup(p->s->arena, base,
		                            (size_t)(mark - base)) : base;
	}
	if (strstr(name, PIN))
		return name;
	path = path_join(p->dir, name);
	full = realpath(path, NULL);
	if (file_digest(full ? full : path, digest, p->err) && full)
		result = arena_printf(p->s->arena, "%s" PIN "%s", full,
		                      digest);
	else
		p->failed = true;
	free(full);
	free(path);
	return result;
}

static bool mentions_evidence(const struct ynode *n)
{
	if (n->kind == Y_SCALAR)
		return false;
	if (yaml_get(n, "evidence"))
		return true;
	for (int i = 0; i < n->n; i++)
		if (mentions_evidence(n->item[i]))
			return true;
	return false;
}

/* The value again, with its evidence pinned. */
static struct ynode *pin_value(struct pinning *p, const struct ynode *n)
{
	struct arena *a = p->s->arena;
	struct ynode *copy = arena_alloc(a, sizeof *copy);

	*copy = *n;
	if (n->kind == Y_SCALAR)
		return copy;
	copy->item = arena_alloc(a, ((size_t)n->n + 1) * sizeof *copy->item);
	for (int i = 0; i < n->n; i++) {
		copy->item[i] = pin_value(p, n->item[i]);
		if (n->kind == Y_MAP && n->item[i]->kind == Y_SCALAR
		    && strcmp(n->key[i]->text, "evidence") == 0)
			copy->item[i]->text = pinned(p, n->item[i]->text);
	}
	return copy;
}

static const char *const *pin_texts(struct pinning *p,
                                    const char *const *text)
{
	const char **to;
	size_t n = 0;

	while (text && text[n])
		n++;
	if (n == 0)
		return text;
	to = arena_alloc(p->s->arena, (n + 1) * sizeof *to);
	for (size_t i = 0; i < n; i++)
		to[i] = pinned(p, text[i]);
	return to;
}

static void rename_files(struct pinning *p)
{
	struct scenario *s = p->s;

	for (int i = 0; i < s->ntables; i++)
		s->table[i].path = pinned(p, s->table[i].path);
	s->price_files = pin_texts(p, s->price_files);
	for (int i = 0; i < s->noverrides; i++)
		if (mentions_evidence(s->override[i].value))
			s->override[i].value = pin_value(p,
			                                 s->override[i].value);
}

bool scenario_pin_files(struct scenario *s, struct err *err)
{
	struct pinning p = {
		.s = s, .err = err,
		.dir = s->path ? path_dirname(s->path) : xstrdup("."),
	};

	rename_files(&p);
	free(p.dir);
	return !p.failed;
}

void scenario_content(const struct scenario *s, char out[DIGEST_HEX])
{
	struct pinning p = { .s = scenario_copy(s), .bare = true };

	rename_files(&p);
	p.s->model_files = pin_texts(&p, p.s->model_files);
	scenario_digest(p.s, out);
	scenario_free(p.s);
}
