#include "tui/form.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/num.h"
#include "model/bound.h"
#include "result/result.h"
#include "base/banned.h"

struct builder {
	struct form *f;
	const struct bound *b;
	const char *const *base;
	const char *filter;
	const char *group;
	const struct param *sub;        /* whose labels are being listed */
	size_t cap;
};

static const struct { const char *kind; char letter; } letters[] = {
	{ "measured", 'm' }, { "vendor", 'v' }, { "benchmark", 'b' },
	{ "article", 'a' }, { "assumption", 'g' }, { "user", 'u' },
};

char provenance_letter(const char *kind, const char *origin)
{
	for (size_t i = 0; kind && i < sizeof letters / sizeof *letters; i++)
		if (strcmp(letters[i].kind, kind) == 0)
			return letters[i].letter;
	return origin && (strcmp(origin, "scenario") == 0 ||
	                  strcmp(origin, "--set") == 0) ? 'u' : ' ';
}

/* "gpu_hour" -> "gpu hour", up to a label. */
static char *plain_name(struct arena *a, const char *name)
{
	char *plain = arena_strndup(a, name, strcspn(name, "@"));

	for (char *p = plain; *p; p++)
		if (*p == '_')
			*p = ' ';
	return plain;
}

static const char *param_title(struct arena *a, const struct param *p)
{
	return p->title ? p->title : plain_name(a, p->name);
}

/* The label of "price_in@api_closed", as the option's title where it is one;
 * NULL for a parameter that has one value. */
static const char *label_title(const struct bound *b, const struct slot *s)
{
	const char *at = strchr(s->name, '@');
	const struct model *m = s->model >= 0 ? b->model[s->model].model : NULL;
	int o = at && m ? model_option(m, at + 1) : -1;

	if (!at || s->param->nslots < 2)
		return NULL;
	if (o >= 0 && m->option[o].title)
		return m->option[o].title;
	return strcmp(at + 1, "else") == 0 ? "all others" : at + 1;
}

/* "{p5: 80k, p50: 100k, p95: 120k}" -> "80k < 100k < 120k" */
static const char *show_quantiles(struct arena *a, const char *text)
{
	struct buf b = BUF_INIT;
	const char *out;

	for (const char *p = strchr(text, ':'); p; p = strchr(p, ':')) {
		size_t n;

		p += strspn(p, ": ");
		n = strcspn(p, ",}");
		buf_add(&b, b.len ? " < " : "");
		buf_addn(&b, p, n);
		p += n;
	}
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

/* A price by name is its number first, where it is one number. */
static const char *show_price(struct arena *a, const struct slot *s)
{
	struct buf b = BUF_INIT;
	const char *id = s->text + strcspn(s->text, ":"), *out;

	id += strspn(id, ": ");
	if (s->kind == SLOT_PRICE && s->times < 0) {
		num_human(&b, s->factor / s->param->unit.scale, 4);
		buf_addc(&b, ' ');
	} else if (s->kind == SLOT_INPUT && dist_is_point(s->dist)) {
		num_human(&b, dist_central(s->dist) / s->param->unit.scale, 4);
		buf_addc(&b, ' ');
	}
	buf_addn(&b, id, strcspn(id, ",}"));
	out = arena_strdup(a, b.s);
	buf_release(&b);
	return out;
}

static const char *row_shown(struct arena *a, const struct bound *b,
                             const struct slot *s)
{
	if (s->kind == SLOT_NEIGHBOUR)
		return arena_printf(a, "from %s",
		                    b->model[s->neighbour].model->title);
	if (!s->text)
		return NULL;
	if (strncmp(s->text, "{price:", 7) == 0)
		return show_price(a, s);
	return strncmp(s->text, "{p5:", 4) == 0 ||
	       strncmp(s->text, "{p10:", 5) == 0
	       ? show_quantiles(a, s->text) : NULL;
}

void provenance_kind(struct buf *b, const char *kind, const char *date,
                     bool stale)
{
	int64_t then;
	long long days = 0;

	buf_add(b, kind);
	if (date && strcmp(kind, "measured") == 0 &&
	    clock_parse_date(date, &then))
		days = clock_days_between(then, clock_now());
	if (days >= 1)
		buf_addf(b, " %lld day%s ago%s", days, days == 1 ? "" : "s",
		         stale ? " (stale, measure again)" : "");
}

static const char *row_source(struct arena *a, const struct slot *s)
{
	const struct source *src = &s->source;
	struct buf b = BUF_INIT;
	const char *text;

	if (!src->kind && !src->note)
		buf_add(&b, "from the ");
	else if (src->kind)
		provenance_kind(&b, src->kind, src->date, s->stale);
	if (src->kind || src->note)
		buf_addf(&b, "%s%s%s%s%s", src->kind && src->note ? ": " : "",
		         src->note ? src->note : "", src->date ? ", " : "",
		         src->date ? src->date : "", s->price ? "; " : "");
	if (s->price)
		result_origin(&b, s->origin, s->price, s->over);
	else if (!src->kind && !src->note)
		buf_add(&b, s->origin ? s->origin : "model");
	text = arena_strdup(a, b.s);
	buf_release(&b);
	return text;
}

static const char *row_range(struct arena *a, const struct slot *s)
{
	struct buf b = BUF_INIT;
	const char *out = NULL;
	double scale = s->param->unit.scale > 0 ? s->param->unit.scale : 1;

	if (isfinite(s->param->low) || isfinite(s->param->high)) {
		if (isfinite(s->param->low))
			num_human(&b, s->param->low / scale, 4);
		else
			buf_add(&b, "any");
		buf_add(&b, " to ");
		if (isfinite(s->param->high))
			num_human(&b, s->param->high / scale, 4);
		else
			buf_add(&b, "any");
		out = arena_strdup(a, b.s);
	}
	buf_release(&b);
	return out;
}

static const char *row_name(struct arena *a, const struct bound *b,
                            const struct slot *s)
{
	if (s->model < 0)       /* a model may have one of that name, too */
		return arena_printf(a, "workload.%s", s->name);
	return arena_printf(a, "%s.%s", b->model[s->model].model->name,
	                    s->name);
}

static bool holds(const char *text, const char *word)
{
	return text && word && strcasestr(text, word);
}

static bool wanted(const struct builder *w, const struct form_row *r,
                   const char *group)
{
	const char *f = w->filter;

	return !f || !*f || holds(r->title, f) || holds(r->name, f) ||
	       holds(group, f) || holds(r->text, f);
}

static void push_header(struct builder *w, const char *title, bool sub)
{
	*ARR_PUSH(w->f->row, w->f->n, w->cap) = (struct form_row){
		.header = true, .sub = sub, .title = title, .slot = -1 };
}

static void add_headers(struct builder *w, const char *group,
                        const struct param *p, bool labelled)
{
	if (!w->group || strcmp(w->group, group) != 0)
		push_header(w, group, false);
	w->group = group;
	if (labelled && p != w->sub)
		push_header(w, param_title(w->f->arena, p), true);
	w->sub = labelled ? p : NULL;
}

/* The input behind a slot: what a workload parameter stands for. */
static int resolve(const struct bound *b, int slot)
{
	while (b->slot[slot].kind == SLOT_WORKLOAD &&
	       b->slot[slot].target >= 0)
		slot = b->slot[slot].target;
	return slot;
}

/* What follows from the workload stands with it. */
static const char *group_of(const struct slot *s)
{
	const char *group = s->param->group;

	if (s->kind == SLOT_WORKLOAD ||
	    (s->model < 0 && (!group || strcmp(group, "Workload") == 0)))
		return "Workload, shared by all trade-offs";
	if (group && s->model >= 0 && strcmp(group, "Workload") == 0)
		return "Workload of this trade-off alone";
	return group ? group : "Model";
}

static void add_row(struct builder *w, int own)
{
	struct arena *a = w->f->arena;
	int slot = resolve(w->b, own);
	const struct slot *s = &w->b->slot[slot];
	const struct param *p = s->param;
	const char *group = group_of(s);
	const char *label = label_title(w->b, s);
	struct form_row r = {
		.title = label ? arena_printf(a, "  %s", label)
		               : param_title(a, p),
		.name = row_name(a, w->b, s),
		.text = s->text ? s->text : "", .shown = row_shown(a, w->b, s),
		.unit = slot_unit_text(s),
		.stale = s->stale,
		.ask = p->ask, .source = row_source(a, s),
		.range = row_range(a, s), .slot = slot,
		.letter = provenance_letter(s->source.kind, s->origin),
		.fixed = s->kind == SLOT_INPUT && s->dist &&
		         dist_is_point(s->dist),
		.locked = s->kind == SLOT_WORKLOAD,
	};

	if (r.locked)
		r.text = arena_printf(a, "= %s", s->formula);
	r.changed = w->base && w->base[slot] &&
	            strcmp(w->base[slot], s->text ? s->text : "") != 0;
	if (!wanted(w, &r, group) && !holds(p->title, w->filter))
		return;
	add_headers(w, group, p, label != NULL);
	*ARR_PUSH(w->f->row, w->f->n, w->cap) = r;
}

static const char *slot_group(const struct bound *b, int own)
{
	const struct slot *s = &b->slot[resolve(b, own)];

	return s->param ? group_of(s) : NULL;
}

/* Groups in the order in which the model first names them; a group's rows
 * stand together even where the file does not keep them together. */
void form_build(struct form *f, const struct bound *b, int model,
                const char *const *base, const char *filter)
{
	struct builder w = { .f = f, .b = b, .base = base, .filter = filter };
	const struct bound_model *m = &b->model[model];
	int from = m->first_slot, n = m->model->nslots;
	bool *done = xcalloc((size_t)n + 1, sizeof *done);

	*f = (struct form){ .arena = arena_new() };
	for (int i = 0; i < n; i++) {
		const char *group = slot_group(b, from + i);

		for (int k = i; group && k < n; k++) {
			const char *other = slot_group(b, from + k);

			if (done[k] || !other || strcmp(other, group) != 0)
				continue;
			done[k] = true;
			add_row(&w, from + k);
		}
	}
	free(done);
}

void form_release(struct form *f)
{
	arena_free(f->arena);
	free(f->row);
	*f = (struct form){ .n = 0 };
}

int form_selectable(const struct form *f, int row, int step)
{
	if (row < 0)
		row = 0;
	if (row >= f->n)
		row = f->n - 1;
	for (int turn = 0; turn < 2; turn++, step = -step)
		for (int i = row; i >= 0 && i < f->n; i += step)
			if (!f->row[i].header)
				return i;
	return -1;
}

int form_find(const struct form *f, const char *name)
{
	for (int i = 0; i < f->n; i++)
		if (!f->row[i].header && strcmp(f->row[i].name, name) == 0)
			return i;
	return -1;
}
