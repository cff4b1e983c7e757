/* `joint:` of the workload: what only the joint plan reads. */
#include "model/load.h"

#include <string.h>

#include "base/banned.h"

/* --- whose figure counts -------------------------------------------------- */

/* "1", "2" ...: no two models of an account may have one rank. */
static bool read_rank(struct loader *ld, const struct ynode *n, int most,
                      const char **model, const char *name)
{
	struct unit one = unit_one();
	double v;

	if (!read_quantity(ld->arena, ld->units, n, &one, "a rank", &v,
	                   &ld->err))
		return false;
	if (v != (int)v || v < 1 || v > most)
		return err_at(&ld->err, ERR_INPUT, n->pos, "the ranks of %d "
		              "models are the whole numbers from 1 to %d",
		              most, most);
	if (model[(int)v - 1])
		return err_at(&ld->err, ERR_INPUT, n->pos, "`%s` and `%s` have "
		              "the same rank", model[(int)v - 1], name);
	model[(int)v - 1] = name;
	return true;
}

static void load_account(struct loader *ld, const struct ynode *key,
                         const struct ynode *n, struct joint_account *out)
{
	const char **model;

	*out = (struct joint_account){ .name = key->text, .pos = key->pos };
	if (n->kind == Y_SCALAR && strcmp(n->text, "each") == 0) {
		out->each = true;
		return;
	}
	if (n->kind != Y_MAP) {
		err_at(&ld->err, ERR_INPUT, n->pos, "`%s` must be `each` (all "
		       "models' money counts) or a map of models to ranks "
		       "(only the first one's does)", key->text);
		return;
	}
	model = arena_alloc(ld->arena, ((size_t)n->n + 1) * sizeof *model);
	for (int i = 0; i < n->n; i++)
		read_rank(ld, n->item[i], n->n, model, n->key[i]->text);
	out->model = model;
}

/* --- what goes together --------------------------------------------------- */

static struct syntax *read_choice(struct loader *ld, const struct ynode *map,
                                  const char *key, const char **text)
{
	const struct ynode *n = yaml_get(map, key);
	struct syntax *s;

	*text = get_text(&ld->err, map, key, true, "a combination");
	s = *text ? expr_parse(ld->arena, *text, text_pos(n), &ld->err) : NULL;
	return s && choice_check(s, &ld->err) ? s : NULL;
}

static void load_rule(struct loader *ld, const struct ynode *n,
                      struct joint_rule *out)
{
	static const char *const keys[] = {
		"reason", "title", "when", "allow", NULL,
	};

	out->pos = n->pos;
	if (!want_map(n, "a combination", &ld->err)
	    || !yaml_only(n, "a combination", keys, &ld->err))
		return;
	out->reason = get_text(&ld->err, n, "reason", true, "a combination");
	out->title = get_text(&ld->err, n, "title", false, "a combination");
	out->when = read_choice(ld, n, "when", &out->when_text);
	out->allow = read_choice(ld, n, "allow", &out->allow_text);
}

/* --- the whole ------------------------------------------------------------ */

void load_joint(struct loader *ld, const struct ynode *n, struct joint_terms *out)
{
	static const char *const keys[] = {
		"horizon", "accounts", "together", NULL,
	};
	const struct ynode *horizon, *accounts, *rules;

	if (!want_map(n, "joint", &ld->err))
		return;
	yaml_only(n, "joint", keys, &ld->err);
	horizon = yaml_get(n, "horizon");
	accounts = yaml_get(n, "accounts");
	rules = yaml_get(n, "together");
	if (horizon)
		read_months(ld->units, horizon, "horizon", &out->horizon,
		            &ld->err);
	if (accounts && want_map(accounts, "accounts", &ld->err)) {
		out->account = arena_alloc(ld->arena, ((size_t)accounts->n + 1)
		                           * sizeof *out->account);
		for (int i = 0; i < accounts->n; i++)
			load_account(ld, accounts->key[i], accounts->item[i],
			             &out->account[out->naccounts++]);
	}
	if (rules && want_list(rules, "together", &ld->err)) {
		out->rule = arena_alloc(ld->arena, ((size_t)rules->n + 1)
		                                   * sizeof *out->rule);
		for (int i = 0; i < rules->n; i++)
			load_rule(ld, rules->item[i],
			          &out->rule[out->nrules++]);
	}
}
