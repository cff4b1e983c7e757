/*
 * A policy: limits that a team sets to what scenarios may answer.
 *
 *	policy: platform
 *	limits:
 *	  - id: stay_on_api
 *	    scenario: "support-*"           # a pattern; without it: all
 *	    model: build-vs-buy
 *	    verdict: [api_closed, api_open]
 *	    probability: at least 0.8       # of being best
 *	    cost: at most 2M                # the objective, in its unit
 *	    never_waive: [data_stays]       # rules that nobody may set aside
 *	    because: "..."                  # shown when it fails
 */
#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "base/num.h"
#include "task/checking.h"
#include "yaml/yaml.h"

#include "base/banned.h"

struct limit {
	const char *id, *scenario, *model, *because;
	const char *const *verdict;     /* NULL-ended; NULL: any */
	const char *const *never_waive;
	double probability, cost_most, cost_least;      /* NAN: not asked */
	struct pos pos;
};

struct policy {
	struct arena *arena;
	const char *name;
	int n;
	struct limit *limit;
};

/* --- reading ------------------------------------------------------------ */

/* One word or a list of them; NULL when absent. */
static bool read_words(struct arena *a, const struct ynode *map,
                       const char *key, const char *const **out,
                       struct err *err)
{
	const struct ynode *n = yaml_get(map, key);
	int count = !n ? 0 : n->kind == Y_SEQ ? n->n : 1;
	const char **list;
	bool ok = true;

	*out = NULL;
	if (!n)
		return true;
	list = arena_alloc(a, ((size_t)count + 1) * sizeof *list);
	for (int i = 0; i < count; i++)
		ok &= yaml_text(n->kind == Y_SEQ ? n->item[i] : n, key,
		                &list[i], err);
	*out = list;
	return ok;
}

/* "at least 0.8", "at most 2M". */
static bool read_bound(const struct ynode *map, const char *key,
                       const char *word, double *out, struct err *err)
{
	const struct ynode *n = yaml_get(map, key);
	size_t len = strlen(word);

	if (!n || n->kind != Y_SCALAR || strncmp(n->text, word, len))
		return true;
	if (num_parse(n->text + len, out))
		return true;
	return err_at(err, ERR_INPUT, n->pos, "%s: write `%s NUMBER`", key,
	              word);
}

static bool bound_read(const struct ynode *map, const char *key,
                       const double *a, const double *b, struct err *err)
{
	const struct ynode *n = yaml_get(map, key);

	return !n || !isnan(*a) || (b && !isnan(*b)) || err_any(err) ||
	       err_at(err, ERR_INPUT, n->pos, "%s: write `at least NUMBER`%s",
	              key, b ? " or `at most NUMBER`" : "");
}

static bool optional_text(const struct ynode *map, const char *key,
                          const char **out, struct err *err)
{
	const struct ynode *n = yaml_get(map, key);

	return !n || yaml_text(n, key, out, err);
}

static bool read_limit(struct policy *p, const struct ynode *n,
                       struct limit *l, struct err *err)
{
	static const char *const known[] = {
		"id", "scenario", "model", "verdict", "probability", "cost",
		"never_waive", "because", NULL
	};

	*l = (struct limit){ .probability = NAN, .cost_most = NAN,
	                     .cost_least = NAN, .pos = n->pos };
	if (n->kind != Y_MAP)
		return err_at(err, ERR_INPUT, n->pos, "a limit is a map with "
		              "id, model and what is asked");
	if (!yaml_only(n, "a limit", known, err) ||
	    !optional_text(n, "id", &l->id, err) ||
	    !optional_text(n, "scenario", &l->scenario, err) ||
	    !optional_text(n, "model", &l->model, err) ||
	    !optional_text(n, "because", &l->because, err) ||
	    !read_words(p->arena, n, "verdict", &l->verdict, err) ||
	    !read_words(p->arena, n, "never_waive", &l->never_waive, err) ||
	    !read_bound(n, "probability", "at least", &l->probability, err) ||
	    !read_bound(n, "cost", "at most", &l->cost_most, err) ||
	    !read_bound(n, "cost", "at least", &l->cost_least, err) ||
	    !bound_read(n, "probability", &l->probability, NULL, err) ||
	    !bound_read(n, "cost", &l->cost_most, &l->cost_least, err))
		return false;
	if (!l->id || !l->model)
		return err_at(err, ERR_INPUT, n->pos, "a limit needs an id and "
		              "a model");
	return l->verdict || l->never_waive || !isnan(l->probability) ||
	       !isnan(l->cost_most) || !isnan(l->cost_least) ||
	       err_at(err, ERR_INPUT, n->pos, "limit '%s' asks for nothing: "
	              "give verdict, probability, cost or never_waive", l->id);
}

static bool read_limits(struct policy *p, const struct ynode *root,
                        struct err *err)
{
	static const char *const known[] = { "policy", "limits", NULL };
	const struct ynode *list = yaml_get(root, "limits");
	bool ok = yaml_only(root, "a policy", known, err) &&
		optional_text(root, "policy", &p->name, err);

	if (ok && (!list || list->kind != Y_SEQ || !list->n))
		return err_at(err, ERR_INPUT, root->pos, "a policy needs "
		              "`limits:`, a list");
	p->limit = arena_alloc(p->arena, ok ? (size_t)list->n *
	                       sizeof *p->limit : 1);
	for (int i = 0; ok && i < list->n; i++)
		ok = read_limit(p, list->item[i], &p->limit[p->n++], err);
	return ok;
}

struct policy *policy_read(const char *path, struct err *err)
{
	struct arena *a = arena_new();
	struct policy *p = arena_alloc(a, sizeof *p);
	const struct ynode *root;

	p->arena = a;
	root = yaml_read_file(a, path, err);
	if (root && root->kind != Y_MAP)
		err_at(err, ERR_INPUT, root->pos, "a policy is a map with "
		       "`limits:`");
	else if (root && read_limits(p, root, err))
		return p;
	policy_free(p);
	return NULL;
}

void policy_free(struct policy *p)
{
	if (p)
		arena_free(p->arena);
}

/* --- checking ----------------------------------------------------------- */

/* Student's t for 7 degrees of freedom would need the inverse; at the usual
 * confidences a table over them is exact enough to say "straddles". */
static double spread_of(double confidence, double se)
{
	static const struct { double confidence, t; } table[] = {
		{ .8, 1.4149 }, { .9, 1.8946 }, { .95, 2.3646 },
		{ .98, 2.9980 }, { .99, 3.4995 }, { .999, 5.4079 },
	};
	size_t n = sizeof table / sizeof *table, i = 0;

	while (i + 1 < n && table[i].confidence < confidence)
		i++;
	return isfinite(se) ? table[i].t * se : 0;
}

static enum check_status against(double v, double se, double limit,
                                 bool at_least, double confidence)
{
	double slack = confidence > 0 ? spread_of(confidence, se) : 0;
	double margin = at_least ? v - limit : limit - v;

	if (margin >= slack)
		return CHECK_OK;
	return margin < -slack || !(confidence > 0) ? CHECK_FAIL
	                                            : CHECK_UNDECIDED;
}

static bool has_word(const char *const *list, const char *word)
{
	for (; list && *list; list++)
		if (!strcmp(*list, word))
			return true;
	return false;
}

static void place(struct check_item_result *x, const struct limit *l,
                  struct checking *k)
{
	x->model = arena_strdup(k->out->arena, l->model);
	x->file = arena_strdup(k->out->arena, l->pos.file);
	x->line = l->pos.line;
	x->column = l->pos.col;
}

#define WHY(l) (l)->because ? ": " : "", (l)->because ? (l)->because : ""

/* What is held against the limit: what was decided, else what is advised. */
static int subject_of(const struct tradeoff *t, const struct decision_info *d)
{
	if (!d || strcmp(d->model, t->model))
		return t->verdict.option;
	return tradeoff_option(t, d->option);
}

static const char *subject_word(const struct tradeoff *t,
                                const struct decision_info *d)
{
	return d && !strcmp(d->model, t->model) ? "what was decided"
	                                        : "the advice";
}

static void check_verdict(struct checking *k, const struct limit *l,
                          const struct tradeoff *t,
                          const struct decision_info *d)
{
	int option = subject_of(t, d);
	const char *name = option >= 0 ? t->option[option].name : "none";
	bool ok = option >= 0 && has_word(l->verdict, name);

	if (l->verdict)
		place(checking_add(k, "limit", l->id, ok ? CHECK_OK : CHECK_FAIL,
		                   ok ? "%s is %s%.0s%.0s"
		                      : "%s is %s, which this policy does not "
		                        "allow%s%s", subject_word(t, d), name,
		                   WHY(l)), l, k);
}

static void check_numbers(struct checking *k, const struct limit *l,
                          const struct tradeoff *t, double confidence,
                          const struct decision_info *d)
{
	int option = subject_of(t, d);
	const struct option_result *o = option >= 0 ? &t->option[option] : NULL;
	double cost = !o ? NAN : t->point ? o->objective.value
	                                  : o->objective.mean;
	const double limits[2] = { l->cost_most, l->cost_least };

	if (!isnan(l->probability)) {
		enum check_status s = !o || t->point ? CHECK_FAIL
			: against(o->probability_best, o->probability_best_se,
			          l->probability, true, confidence);

		place(checking_add(k, "limit", l->id, s, "%s is best with "
		                   "probability %.3f, wanted at least %.3g%s%s",
		                   subject_word(t, d), o ? t->point ? 0 :
		                   o->probability_best : 0, l->probability,
		                   WHY(l)), l, k);
	}
	for (int i = 0; i < 2; i++) {
		enum check_status s;

		if (isnan(limits[i]))
			continue;
		s = !o ? CHECK_FAIL : against(cost, o->objective.se, limits[i],
		                              i == 1, confidence);
		place(checking_add(k, "limit", l->id, s, "%s costs %.6g %s, "
		                   "wanted at %s %.6g%s%s",
		                   subject_word(t, d), o ? cost : 0, t->objective_unit,
		                   i ? "least" : "most", limits[i], WHY(l)),
		      l, k);
	}
}

static void check_waivers(struct checking *k, const struct limit *l,
                          const char *const *waived)
{
	for (int i = 0; l->never_waive && l->never_waive[i]; i++) {
		bool broken = has_word(waived, l->never_waive[i]);

		place(checking_add(k, "limit", l->id,
		                   broken ? CHECK_FAIL : CHECK_OK,
		                   broken ? "rule %s was set aside, which "
		                   "nobody may%s%s" : "rule %s was not set "
		                   "aside%.0s%.0s", l->never_waive[i], WHY(l)),
		      l, k);
	}
}

static void no_such_model(struct checking *k, const struct limit *l,
                          const struct evaluation *e)
{
	place(checking_add(k, "limit", l->id, CHECK_FAIL, "scenario %s does "
	                   "not ask about %s", e->scenario, l->model), l, k);
}

void policy_check(struct checking *k, const struct policy *p,
                  const struct evaluation *e, double confidence,
                  const struct decision_info *d)
{
	for (int i = 0; i < p->n; i++) {
		const struct limit *l = &p->limit[i];
		const struct tradeoff *t = evaluation_find(e, l->model);

		if (l->scenario && fnmatch(l->scenario, e->scenario, 0))
			continue;
		if (!t) {
			no_such_model(k, l, e);
			continue;
		}
		check_verdict(k, l, t, d);
		check_numbers(k, l, t, confidence, d);
		check_waivers(k, l, d ? d->waived : NULL);
	}
}
