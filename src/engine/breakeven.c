#include "engine/breakeven.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "engine/firsts.h"
#include "engine/scan.h"

#include "base/banned.h"

#define DECADES 1e4             /* around the central value, either way */
#define GEOMETRIC 100           /* a wider range is searched by ratios */
#define SIDE 10                 /* a chart's range around the central value */
#define ROOM 2                  /* beyond the break-evens it shows */
#define MEAN_DRAWS 1024
#define MEAN_GRID 49
#define EXACT_GRID 257
#define EXACT_BUDGET 2000000    /* evaluations of the costs */
#define HINT_BUDGET 20000
#define MEAN_BUDGET 2000        /* the same, of expected costs */

struct range range_of(const struct trade *t, int slot)
{
	const struct param *p = t->plan->bound->slot[slot].param;
	double here = t->sample->central[slot];
	double low = p ? p->low : -HUGE_VAL, high = p ? p->high : HUGE_VAL;
	double size = fabs(here);
	struct range r = { .here = here };

	if (size == 0)
		size = isfinite(high) && high > 0 ? high / DECADES :
		       slot_unit(&t->plan->bound->slot[slot])->scale;
	r.low = fmax(low, here < 0 || (here == 0 && low < 0) ?
	             -DECADES * size : size / DECADES);
	r.high = fmin(high, DECADES * size);
	r.zero = r.low > 0 && low <= 0;
	/* an upper end that the law itself goes beyond */
	if (!t->sample->fixed[slot])
		r.high = fmin(high, fmax(r.high, slot_quantile(
			t->plan->bound, slot, 0.999)));
	if (!(r.high > r.low))
		r.low = fmin(here, r.high) - size / 2;
	r.log = r.low > 0 && r.high / r.low > GEOMETRIC;
	return r;
}

/* --- the search --------------------------------------------------------- */

static struct crossings_problem problem(const struct trade *t,
                                        const struct range *r, const bool *in)
{
	return (struct crossings_problem) {
		.noptions = t->plan->noptions, .in = in, .low = r->low,
		.high = r->high, .log = r->log, .zero = r->zero,
	};
}

static void set_participants(const struct trade *t, int a, int b, bool *in)
{
	for (int o = 0; o < t->plan->noptions; o++)
		in[o] = b < 0 ? !t->barred[o] : o == a || o == b;
}

static bool exact_within(struct trade *t, int slot, const struct range *r,
                         const bool *in, int64_t budget,
                         struct crossings *out)
{
	struct crossings_problem p = problem(t, r, in);
	struct scan s;
	bool ok;

	scan_init_exact(&s, t, slot, in);
	p.ctx = &s;
	p.eval = scan_exact;
	p.nsteps = s.nsteps;
	p.rare = s.rare;
	p.grid = EXACT_GRID;
	p.slopes = true;
	p.width = 1e-13;
	p.flat = 1e-10;
	p.budget = budget;
	ok = crossings_find(&p, out);
	scan_release(&s);
	return ok;
}

bool crossings_exact(struct trade *t, int slot, const struct range *r,
                     const bool *in, struct crossings *out)
{
	return exact_within(t, slot, r, in, EXACT_BUDGET, out);
}

bool range_shown(struct trade *t, int slot, double *low, double *high,
                 bool *log)
{
	struct range r = range_of(t, slot);
	bool in[MODEL_MAX_OPTIONS];
	struct crossings c;

	*log = r.log;
	*low = r.log ? fmax(r.low, r.here / SIDE) : r.low;
	*high = r.log ? fmin(r.high, r.here * SIDE) : r.high;
	for (int o = 0; o < t->plan->noptions; o++)
		in[o] = !t->barred[o];
	if (!crossings_exact(t, slot, &r, in, &c))
		return false;
	for (int i = 0; r.log && i < c.n; i++) {
		if (c.at[i].at <= 0)
			continue;
		*low = fmin(*low, fmax(r.low, c.at[i].at / ROOM));
		*high = fmax(*high, fmin(r.high, c.at[i].at * ROOM));
	}
	crossings_release(&c);
	return true;
}

/* One scan a parameter: the searches of several pairs share its evaluations. */
static struct scan *mean_scan(struct trade *t, int slot)
{
	int64_t n = t->o->samples < MEAN_DRAWS ? t->o->samples : MEAN_DRAWS;
	bool in[MODEL_MAX_OPTIONS];
	struct draws d;

	if (t->scan && t->scan->slot == slot)
		return t->scan;
	scan_free(t->scan);
	t->scan = NULL;
	if (!draws_init(&d, t->o->sampler, t->o->seed, n, t->err))
		return NULL;
	set_participants(t, -1, -1, in);
	t->scan = xcalloc(1, sizeof *t->scan);
	scan_init_mean(t->scan, t, slot, in, &d);
	return t->scan;
}

bool look_between(struct trade *t, int slot, const struct range *r,
                  const bool *in, double more[HINTS], int *n)
{
	struct crossings c;
	int step;

	*n = 0;
	if (!exact_within(t, slot, r, in, HINT_BUDGET, &c))
		return false;
	step = 1 + c.n / (HINTS / 2);
	for (int i = 0; c.n > 1 && i + 1 < c.n && *n + 2 <= HINTS; i += step) {
		more[(*n)++] = c.at[i].at;
		more[(*n)++] = (c.at[i].at + c.at[i + 1].at) / 2;
	}
	crossings_release(&c);
	return true;
}

/* Expected costs are sums over many draws' stairs: nearly smooth, and known to
 * the sampling error only. */
static bool crossings_mean(struct trade *t, int slot, const struct range *r,
                           const bool *in, struct crossings *out)
{
	struct crossings_problem p = problem(t, r, in);
	struct scan *s = mean_scan(t, slot);
	double more[HINTS];

	if (!s || !look_between(t, slot, r, in, more, &p.nmore))
		return false;
	p.more = more;
	p.ctx = s;
	p.eval = scan_mean;
	p.grid = MEAN_GRID;
	p.width = 1e-9;
	p.flat = 1e-4;
	p.budget = MEAN_BUDGET;
	return crossings_find(&p, out);
}

/* Nothing but x may be uncertain for the stairs to be exact. */
static bool certain(const struct trade *t, int slot)
{
	for (int i = 0; i < t->nfactors; i++)
		if (t->factor[i].slot != slot)
			return false;
	return true;
}

/* --- the result --------------------------------------------------------- */

static void say(struct trade *t, struct break_even *out, const char *text)
{
	out->note = out->note ?
		arena_printf(t->arena, "%s; %s", out->note, text) :
		arena_strdup(t->arena, text);
}

static void fill_crossings(struct trade *t, const struct crossings *c,
                           double unit, struct break_even *out)
{
	out->ncrossings = c->n;
	out->crossing = arena_alloc(t->arena, sizeof *out->crossing *
	                                      (size_t)(c->n + 1));
	for (int i = 0; i < c->n; i++) {
		out->crossing[i] = c->at[i];
		out->crossing[i].at /= unit;
		if (c->at[i].kind == CROSS_TOUCH)
			continue;
		if (isnan(out->first))
			out->first = out->crossing[i].at;
		out->sure = out->crossing[i].at;
	}
	if (c->cut)
		say(t, out, "the search was cut short: there may be more "
		    "crossings");
}

static void fill_state(struct trade *t, const struct crossings *c, int a,
                       int b, struct break_even *out)
{
	if (!c->moves) {
		out->state = BREAK_UNDEFINED;
		say(t, out, b < 0 ? "it moves none, as far as they can be "
		    "taken" : "it moves neither, as far as they can be "
		    "taken");
	} else if (!isnan(out->first)) {
		out->state = BREAK_CROSSINGS;
	} else if (c->first < 0) {
		out->state = BREAK_UNDEFINED;
		say(t, out, "neither can be taken anywhere in the range");
	} else {
		out->state = c->first == (b < 0 ? c->first : a) ?
			BREAK_NEVER : BREAK_ALWAYS;
	}
}

static void fill_range(const struct trade *t, const struct range *r, int slot,
                       const char *name, struct break_even *out)
{
	const struct slot *s = &t->plan->bound->slot[slot];
	double unit = slot_unit(s)->scale;

	*out = (struct break_even) {
		.parameter = arena_strdup(t->arena, name),
		.title = trade_slot_title(t, slot),
		.unit = arena_strdup(t->arena, slot_unit_text(s)),
		.low = r->low / unit, .high = r->high / unit,
		.here = r->here / unit, .log = r->log,
		.first = NAN, .sure = NAN, .p_never = NAN, .p_always = NAN,
		.p5 = NAN, .p50 = NAN, .p95 = NAN, .p_beyond = NAN,
		.p_never_se = NAN, .p_always_se = NAN, .p50_se = NAN,
		.state = BREAK_UNDEFINED,
	};
}

/* The draws' own first crossings, where there are draws. */
static bool fill_firsts(struct trade *t, int slot, const struct range *r,
                        int a, int b, struct break_even *out)
{
	if (b < 0 || t->o->break_even_draws <= 0 || certain(t, slot))
		return true;
	return firsts_report(t, slot, r, a, b, out);
}

/* Who else wins: at the far end, or on the way where the winner of the near end
 * comes back; -1: nobody. */
static int other_winner(const struct crossings *c)
{
	if (c->last != c->first)
		return c->last;
	for (int i = 0; i < c->n; i++)
		if (c->at[i].above >= 0 && c->at[i].above != c->first)
			return c->at[i].above;
	return -1;
}

static int winner_at(const struct crossings *c, double x)
{
	int w = c->first;

	for (int i = 0; i < c->n && c->at[i].at <= x; i++)
		w = c->at[i].kind == CROSS_TOUCH ? w : c->at[i].above;
	return w;
}

/* Whom the verdict puts first among those compared; -1: nobody knows. */
static int first_of(const struct trade *t, int a, int b)
{
	const struct judged *j = &t->judged;

	if (!t->run || t->plan->noptions != j->in.noptions || j->best < 0)
		return -1;
	if (b < 0)
		return j->best;
	return j->status[a] != OPTION_OK || j->status[b] != OPTION_OK ? -1 :
	       j->mean[b] < j->mean[a] ? b : a;
}

/* Holding a parameter at its centre is another question than letting it vary,
 * and fewer draws are another sample: either may put another option first. */
static void say_other(struct trade *t, int slot, const struct crossings *c,
                      double here, int a, int b,
                      struct break_even *out)
{
	int now = winner_at(c, here), verdict = first_of(t, a, b);

	if (now < 0 || verdict < 0 || now == verdict)
		return;
	say(t, out, arena_printf(t->arena, t->sample->fixed[slot] ?
		"over these draws %s comes first, over the %lld of the "
		"verdict %s" : "held at its central value it puts %s first, "
		"while in the verdict, over %lld draws of it, %s comes first",
		t->out->option[now].title, (long long)t->run->draws.n,
		t->out->option[verdict].title));
}

static bool fill(struct trade *t, int slot, const struct range *r, int a,
                 int b, struct break_even *out)
{
	double unit = slot_unit(&t->plan->bound->slot[slot])->scale;
	bool exact = t->out->point || certain(t, slot);
	bool in[MODEL_MAX_OPTIONS];
	struct crossings c;
	int64_t n;

	set_participants(t, a, b, in);
	if (!(exact ? crossings_exact : crossings_mean)(t, slot, r, in, &c))
		return false;
	if (b < 0) {
		out->between[0] = c.first;
		out->between[1] = other_winner(&c);
		say(t, out, "the best of all options");
	}
	fill_crossings(t, &c, unit, out);
	fill_state(t, &c, a, b, out);
	if (!t->out->point && out->state != BREAK_UNDEFINED)
		say_other(t, slot, &c, r->here, a, b, out);
	crossings_release(&c);
	if (exact || out->state == BREAK_UNDEFINED)
		return true;
	n = t->o->samples < MEAN_DRAWS ? t->o->samples : MEAN_DRAWS;
	say(t, out, arena_printf(t->arena, "expected cost over %lld draws",
	                         (long long)n));
	return fill_firsts(t, slot, r, a, b, out);
}

bool break_even_fill(struct trade *t, int slot, const char *name, int a, int b,
                     struct break_even *out)
{
	const struct param *p = t->plan->bound->slot[slot].param;
	struct range r = range_of(t, slot);

	fill_range(t, &r, slot, name, out);
	out->pair = b >= 0;
	out->between[0] = a;
	out->between[1] = b;
	if (!p || p->type != TYPE_NUMBER)
		say(t, out, "it is no quantity");
	else if (!plan_depends(t->plan, &t->plan->roots, t->plan->nlean, slot, NULL))
		say(t, out, "no option depends on it");
	else
		return fill(t, slot, &r, a, b, out);
	return true;
}

/* --- those that a model asks for ---------------------------------------- */

/* Whether option x comes before y as a rival. */
static bool rival_order(const struct judged *j, int x, int y)
{
	bool okx = j->status[x] == OPTION_OK, oky = j->status[y] == OPTION_OK;
	double mx = j->mean[x], my = j->mean[y];

	if (okx != oky)
		return okx;
	if (isnan(mx) || isnan(my))
		return isnan(mx) == isnan(my) ? x < y : isnan(my);
	return mx != my ? mx < my : x < y;
}

static bool moves_pair(const struct trade *t, int slot, int a, int b)
{
	const struct plan *p = t->plan;
	struct roots r = { 0 };
	bool moves;

	for (int i = 0; i < 2; i++) {
		int o = i ? b : a;

		roots_add(&r, p->roots.node[p->objective[o]]);
		if (p->state[o] != ROOT_NONE)
			roots_add(&r, p->roots.node[p->state[o]]);
		for (int k = 0; k < p->model->nrequires; k++) {
			int root = p->require[k * p->noptions + o];

			if (root != ROOT_NONE)
				roots_add(&r, p->roots.node[root]);
		}
	}
	moves = plan_depends(p, &r, r.n, slot, NULL);
	free(r.node);
	return moves;
}

/* The next cheaper rival of `a` behind `after` (-1: the cheapest) that no rule
 * bars; those that can be taken come first.  -1: no more. */
static int next_rival(const struct trade *t, int a, int after)
{
	const struct judged *j = &t->judged;
	int best = -1;

	for (int o = 0; o < t->plan->noptions; o++) {
		bool behind = after < 0 || rival_order(j, after, o);

		if (o != a && o != after && !t->barred[o] && behind &&
		    (best < 0 || rival_order(j, o, best)))
			best = o;
	}
	return best;
}

/* The incumbent against the best rival; where the parameter moves neither, the
 * first pair that it does move: the incumbent's next rivals, then those of the
 * recommended option. */
static bool pair_of(const struct trade *t, int slot, int *a, int *b)
{
	int now = t->plan->model->decision.incumbent, best = t->judged.best;
	int from[2] = { now, best };

	if (now < 0 || t->barred[now])
		from[0] = best;
	for (int i = 0; i < 2 && slot >= 0; i++)
		for (int o = -1; from[i] >= 0 &&
		     (o = next_rival(t, from[i], o)) >= 0; ) {
			*a = from[i];
			*b = o;
			if (moves_pair(t, slot, *a, *b))
				return true;
		}
	*a = from[0];
	*b = *a < 0 ? -1 : next_rival(t, *a, -1);
	return *a >= 0 && *b >= 0;
}

static void no_such(struct trade *t, const char *name, const struct err *why,
                    struct break_even *out)
{
	*out = (struct break_even) {
		.parameter = arena_strdup(t->arena, name), .title = name,
		.unit = "1", .state = BREAK_UNDEFINED, .low = NAN,
		.high = NAN, .here = NAN, .first = NAN, .sure = NAN,
		.p_never = NAN, .p_always = NAN, .p5 = NAN, .p50 = NAN,
		.p95 = NAN, .p_beyond = NAN,
		.p_never_se = NAN, .p_always_se = NAN, .p50_se = NAN,
		.note = why->n > 0 ? arena_strdup(t->arena,
		                                  why->item[0].text) : NULL,
	};
	out->title = out->parameter;
}

static int rivals(const struct trade *t)
{
	int n = 0;

	for (int o = 0; o < t->plan->noptions; o++)
		n += !t->barred[o];
	return n;
}

/* The pair's break-even and, where a third option could step in between, who is
 * best of all along the way. */
static bool report_one(struct trade *t, const char *name)
{
	struct break_even *out = &t->out->break_even[t->out->nbreak_even];
	struct err why = ERR_INIT;
	int slot = bound_slot(t->plan->bound, t->plan->index, name, &why);
	int a, b;
	bool pair = pair_of(t, slot, &a, &b);

	if (pair && slot < 0) {
		no_such(t, name, &why, out);
		out->pair = true;
		out->between[0] = a;
		out->between[1] = b;
	}
	err_clear(&why);
	t->out->nbreak_even += pair;
	if (!pair || slot < 0)
		return true;
	if (!break_even_fill(t, slot, name, a, b, out))
		return false;
	if (rivals(t) < 3)
		return true;
	return break_even_fill(t, slot, name, a, -1,
	                       &t->out->break_even[t->out->nbreak_even++]);
}

bool break_even_report(struct trade *t)
{
	const struct decision *d = &t->plan->model->decision;

	t->out->break_even = arena_alloc(t->arena,
		sizeof *t->out->break_even * (size_t)(2 * d->nbreak_even + 1));
	for (int i = 0; i < d->nbreak_even; i++)
		if (!report_one(t, d->break_even[i]))
			return false;
	return true;
}
