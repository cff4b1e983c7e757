#include "engine/reuse.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/cache.h"

#include "base/banned.h"

/* --- what a trade-off reads --------------------------------------------- */

/* The model, those it reads, and those that they read. */
static void mark_read(const struct bound *b, int model, bool *in)
{
	if (in[model])
		return;
	in[model] = true;
	for (int i = 0; i < b->nslots; i++)
		if (b->slot[i].kind == SLOT_NEIGHBOUR &&
		    b->slot[i].model == model)
			mark_read(b, b->slot[i].neighbour, in);
}

/* The slots whose values they hang on: all of their own, and what those stand
 * for in the workload. */
struct reading {
	const struct bound *b;
	bool *slot;
};

static void read_slot(struct reading *r, int slot);

static void read_name(void *ctx, const char *name, struct pos pos)
{
	struct reading *r = ctx;
	const struct workload *w = r->b->workload;
	struct symbol sym;
	int slot;
	const struct param *p = workload_param(w, name, &slot);

	(void)pos;
	for (int i = 0; p && i < p->nslots; i++)
		read_slot(r, p->first_slot + i);
	if (!p && env_symbol(w->env, name, 0, &sym) && sym.body)
		syntax_names(sym.body, read_name, r);
}

static void read_slot(struct reading *r, int slot)
{
	const struct slot *s = &r->b->slot[slot];

	if (r->slot[slot])
		return;
	r->slot[slot] = true;
	if (s->kind == SLOT_MIXED)
		read_slot(r, s->preset);
	if (s->kind == SLOT_PRICE && s->times >= 0)
		read_slot(r, s->times);
	if (s->kind == SLOT_WORKLOAD && s->target >= 0)
		read_slot(r, s->target);
	else if (s->kind == SLOT_WORKLOAD)
		read_name(r, s->formula, s->pos);
}

static bool *slots_read(const struct bound *b, const bool *in)
{
	struct reading r = { .b = b };

	r.slot = xcalloc((size_t)b->nslots + 1, sizeof *r.slot);
	for (int i = 0; i < b->nslots; i++)
		if (b->slot[i].model >= 0 && in[b->slot[i].model])
			read_slot(&r, i);
	return r.slot;
}

/* A name that is no quantity of the workload counts as read. */
static bool is_read(const struct bound *b, const struct override *o,
                    const bool *in, const bool *slot)
{
	int model = o->where ? bound_model_index(b, o->where) : -1, i;
	const struct param *p = NULL;

	if (o->where)
		return model < 0 || in[model];
	for (i = 0; !p && i < b->workload->nparams; i++) {
		size_t n = strlen(b->workload->param[i].name);

		if (strncmp(o->name, b->workload->param[i].name, n) == 0
		    && (o->name[n] == '\0' || o->name[n] == '@'))
			p = &b->workload->param[i];
	}
	for (i = 0; p && i < p->nslots; i++)
		if (slot[p->first_slot + i])
			return true;
	return !p;
}

/* The scenario without what is said of what is not read. */
static void add_scenario(struct digest *d, const struct bound *b,
                         const bool *in, const bool *slot)
{
	struct scenario part = *b->scenario;
	struct buf text = BUF_INIT;

	part.override = xcalloc((size_t)part.noverrides + 1,
	                        sizeof *part.override);
	part.noverrides = 0;
	for (int i = 0; i < b->scenario->noverrides; i++)
		if (is_read(b, &b->scenario->override[i], in, slot))
			part.override[part.noverrides++] =
				b->scenario->override[i];
	scenario_write(&part, &text);
	digest_text(d, text.s);
	buf_release(&text);
	free(part.override);
}

static void add_maybe(struct digest *d, const char *s)
{
	digest_text(d, s ? s : "");
}

/* What messages say beside the values. */
static void add_slots(struct digest *d, const struct bound *b,
                      const bool *read)
{
	for (int i = 0; i < b->nslots; i++) {
		const struct slot *s = &b->slot[i];
		const int number[] = { i, s->pos.line, s->pos.col, s->kind,
		                       s->option };

		if (!read[i])
			continue;
		add_maybe(d, s->text);
		add_maybe(d, s->origin);
		add_maybe(d, s->over);
		add_maybe(d, s->pos.file);
		digest_bytes(d, number, sizeof number);
		digest_bytes(d, &s->factor, sizeof s->factor);
	}
	for (int i = 0; i < b->nwarnings; i++)
		if (!b->warning[i].model)
			digest_text(d, b->warning[i].text);
}

static void add_models(struct digest *d, const struct bound *b, int model,
                       const bool *in)
{
	for (int i = 0; i < b->nmodels; i++) {
		const struct bound_model *m = &b->model[i];

		digest_text(d, m->model->name);
		if (!in[i])
			continue;
		digest_text(d, m->model->digest);
		digest_number(d, m->horizon);
		digest_number(d, m->assume);
		digest_number(d, i == model ? -1 : m->recommended);
	}
	digest_text(d, b->workload ? b->workload->digest : "");
	digest_text(d, b->prices ? b->prices->digest : "");
	add_maybe(d, b->prices_as_of);
	for (int i = 0; i < b->nfiles; i++)
		digest_text(d, b->file[i].digest);
}

static void add_options(struct digest *d, const struct engine_options *o)
{
	const double number[] = {
		(double)o->samples, (double)o->max_samples, o->sampler,
		o->confidence, o->point, o->want_break_even,
		(double)o->break_even_draws, o->want_sensitivity, o->want_voi,
		o->want_total, o->want_shapley, o->want_prcc,
		o->want_outputs, o->want_provenance, o->want_studies, o->study_size,
		o->want_criteria, o->want_dominance, o->risk_tolerance,
		o->optimism, o->ngroups,
	};

	for (size_t i = 0; i < sizeof number / sizeof *number; i++)
		digest_number(d, number[i]);
	digest_bytes(d, &o->seed, sizeof o->seed);
	add_maybe(d, o->study);
	for (int i = 0; i < o->ngroups; i++)
		digest_text(d, o->group[i]);
}

void reuse_key(const struct bound *b, int model,
               const struct engine_options *o, char key[DIGEST_HEX])
{
	struct digest *d = digest_new();
	bool *in = xcalloc((size_t)b->nmodels, sizeof *in), *slot;

	mark_read(b, model, in);
	slot = slots_read(b, in);
	digest_number(d, model);
	add_models(d, b, model, in);
	add_scenario(d, b, in, slot);
	add_slots(d, b, slot);
	add_options(d, o);
	digest_end(d, key);
	free(in);
	free(slot);
}

/* --- what is kept ------------------------------------------------------- */

void reuse_own(struct evaluation *e, struct arena *a)
{
	struct arena **more = arena_alloc(e->arena, sizeof(struct arena *) *
	                                  (size_t)(e->nshared + 1));

	if (e->nshared)
		memcpy(more, e->shared, sizeof *more * (size_t)e->nshared);
	more[e->nshared] = a;
	e->shared = more;
	e->nshared++;
}

bool reuse_find(struct engine_cache *c, const char *key, struct evaluation *e)
{
	struct kept_trade *kept = cache_trades(c);

	for (int i = 0; i < REUSE_MAX; i++) {
		struct kept_trade *k = &kept[i];

		if (!k->arena || strcmp(k->key, key) != 0)
			continue;
		k->used = cache_tick(c);
		e->tradeoff[e->ntradeoffs++] = k->out;
		reuse_own(e, arena_share(k->arena));
		if (k->samples > e->engine.samples)
			e->engine.samples = k->samples;
		e->engine.replicates = k->replicates;
		return true;
	}
	return false;
}

void reuse_keep(struct engine_cache *c, const char *key,
                const struct evaluation *e, struct arena *a,
                int64_t samples, int replicates)
{
	struct kept_trade *kept = cache_trades(c), *at = kept;

	for (int i = 1; i < REUSE_MAX; i++)
		if (kept[i].used < at->used)
			at = &kept[i];
	arena_free(at->arena);
	*at = (struct kept_trade) {
		.arena = arena_share(a), .samples = samples,
		.replicates = replicates, .used = cache_tick(c),
		.out = e->tradeoff[e->ntradeoffs - 1],
	};
	memcpy(at->key, key, sizeof at->key);
}
