/*
 * A policy: limits that a team sets to what scenarios may answer.
 *
 *	policy: platform
 *	limits:
 *	  - id: stay_on_api
 *	    scenario: "support-*"           # a pattern; without it: all
 *	    model: build-vs-buy
 *	    verdict: [api_closed, api_open]
 *	    probability: at least 80 %      # of being best
 *	    cost: at most 2M USD            # the objective; its unit may be left
 *	    never_waive: [data_stays]       # rules that nobody may set aside
 *	    because: "..."                  # shown when it fails
 */
#include <fnmatch.h>
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "dist/dist.h"
#include "math/special.h"
#include "task/checking.h"
#include "yaml/yaml.h"

#include "base/banned.h"

struct amount {
	const char *text;               /* NULL: not asked */
	bool at_least;                  /* else at most */
	struct pos pos;
};

struct limit {
	const char *id, *scenario, *model, *because;
	const char *const *verdict;     /* NULL-ended; NULL: any */
	const char *const *never_waive;
	struct amount probability, cost;
	double p;                       /* the probability's number */
	struct pos pos;
};

struct policy {
	struct arena *arena;
	struct units *units;
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

/* "at least 80 %", "at most 250k USD"; the number is read when its unit is
 * known. */
static bool read_bound(const struct ynode *map, const char *key, bool at_most,
                       struct amount *b, struct err *err)
{
	const struct ynode *n = yaml_get(map, key);
	const char *text;

	*b = (struct amount){ .text = NULL };
	if (!n)
		return true;
	b->pos = n->pos;
	text = n->kind == Y_SCALAR ? n->text : "-";
	b->at_least = !strncmp(text, "at least ", 9);
	if (b->at_least || (at_most && !strncmp(text, "at most ", 8))) {
		b->text = text + 8 + strspn(text + 8, " ");
		b->pos.col += n->quoted + (int)(b->text - text);
	}
	return b->text || err_at(err, ERR_INPUT, b->pos, "%s: write `at least "
	                         "NUMBER`%s", key, at_most
	                         ? " or `at most NUMBER`" : "");
}

/* A number as the language writes it, "250k", "0.25M USD", in the unit. */
static bool bound_value(struct arena *a, const struct amount *b,
                        struct units *units, const struct unit *unit,
                        double *v, struct err *err)
{
	struct dist *d = dist_parse(a, units, b->text, unit, NULL, b->pos, err);

	if (!d)
		return false;
	*v = dist_central(d) / unit->scale;
	return dist_is_point(d) || err_at(err, ERR_INPUT, b->pos, "a limit is "
	                                  "one number, not `%s`",
	                                  b->text);
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
	const struct unit plain = unit_one();

	*l = (struct limit){ .pos = n->pos };
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
	    !read_bound(n, "probability", false, &l->probability, err) ||
	    !read_bound(n, "cost", true, &l->cost, err))
		return false;
	if (!l->id || !l->model)
		return err_at(err, ERR_INPUT, n->pos, "a limit needs an id and "
		              "a model");
	if (l->probability.text &&
	    !bound_value(p->arena, &l->probability, p->units, &plain, &l->p,
	                 err))
		return false;
	if (l->probability.text && !(l->p >= 0 && l->p <= 1))
		return err_at(err, ERR_INPUT, l->probability.pos, "a "
		              "probability lies between 0 and 1");
	return l->verdict || l->never_waive || l->probability.text ||
	       l->cost.text || err_at(err, ERR_INPUT, n->pos, "limit '%s' asks for nothing: "
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

struct policy *policy_read(const char *path, struct units *units,
                           struct err *err)
{
	struct arena *a = arena_new();
	struct policy *p = arena_alloc(a, sizeof *p);
	const struct ynode *root;

	p->arena = a;
	p->units = units;
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

/* Half the interval that holds the mean of 8 replicates: Student's t for 7
 * degrees of freedom. */
static double spread_of(double confidence, double se)
{
	return isfinite(se) ? -student_t_quantile((1 - confidence) / 2, 7) * se
	                    : 0;
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

static void check_probability(struct checking *k, const struct limit *l,
                              const struct tradeoff *t, double confidence,
                              const struct decision_info *d)
{
	int option = subject_of(t, d);
	const struct option_result *o = option >= 0 ? &t->option[option] : NULL;
	enum check_status s = !o || t->point ? CHECK_FAIL
		: against(o->probability_best, o->probability_best_se, l->p,
		          true, confidence);

	if (l->probability.text)
		place(checking_add(k, "limit", l->id, s, "%s is best with "
		                   "probability %.3f, wanted at least %.3g%s%s",
		                   subject_word(t, d), o && !t->point
		                   ? o->probability_best : 0, l->p, WHY(l)),
		      l, k);
}

/* "what was decided costs 316k USD, wanted at most 250k USD" */
static bool check_cost(struct checking *k, const struct policy *p,
                       const struct limit *l, const struct tradeoff *t,
                       double confidence, const struct decision_info *d)
{
	int option = subject_of(t, d);
	const struct option_result *o = option >= 0 ? &t->option[option] : NULL;
	double cost = !o ? NAN : t->point ? o->objective.value
	                                  : o->objective.mean, limit;
	struct buf text = BUF_INIT;
	struct unit unit;

	if (!l->cost.text)
		return true;
	if (unit_parse(p->units, t->objective_unit, &unit) ||
	    !bound_value(k->out->arena, &l->cost, p->units, &unit, &limit,
	                 k->err))
		return false;
	num_human(&text, o ? cost : 0, 6);
	buf_addf(&text, " %s, wanted at %s ", t->objective_unit,
	         l->cost.at_least ? "least" : "most");
	num_human(&text, limit, 6);
	place(checking_add(k, "limit", l->id, !o ? CHECK_FAIL
	                   : against(cost, o->objective.se, limit,
	                             l->cost.at_least, confidence),
	                   "%s costs %s %s%s%s", subject_word(t, d), text.s,
	                   t->objective_unit, WHY(l)), l, k);
	buf_release(&text);
	return true;
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

bool policy_check(struct checking *k, const struct policy *p,
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
		check_probability(k, l, t, confidence, d);
		if (!check_cost(k, p, l, t, confidence, d))
			return false;
		check_waivers(k, l, d ? d->waived : NULL);
	}
	return true;
}
