/* `money:`: every line has one account and one timing. */
#include "model/load.h"

#include <string.h>

#include "base/banned.h"

static const char *const money_keys[] = {
	"account", "monthly", "once", "for", "title", NULL,
};

static bool load_line(struct loader *ld, const struct ynode *key,
                      const struct ynode *body, struct money *line)
{
	const struct ynode *monthly, *once, *amount;
	struct syntax *s;

	line->name = key->text;
	line->pos = key->pos;
	line->text = "";
	if (!want_map(body, key->text, &ld->err)
	    || !yaml_only(body, key->text, money_keys, &ld->err))
		return false;
	line->title = get_text(&ld->err, body, "title", false, key->text);
	line->account = get_text(&ld->err, body, "account", true, key->text);
	monthly = yaml_get(body, "monthly");
	once = yaml_get(body, "once");
	if (!monthly == !once)
		return err_at(&ld->err, ERR_INPUT, body->pos, "`%s` needs "
		              "either `monthly:` or `once:`", key->text);
	amount = monthly ? monthly : once;
	line->timing = monthly ? MONEY_MONTHLY : MONEY_ONCE;
	line->text = node_text(ld->arena, amount);
	if (!read_expr(ld, amount, key->text, &s)
	    || !read_options(ld, yaml_get(body, "for"), &line->options)
	    || !line->account)
		return false;
	return env_money(ld->env, key->text, key->pos, line->account,
	                 monthly != NULL, line->options, s, &ld->err);
}

void load_money(struct loader *ld, const struct ynode *n)
{
	struct model *m = ld->model;

	m->money = arena_alloc(ld->arena, ((size_t)n->n + 1)
	                                  * sizeof *m->money);
	for (int i = 0; i < n->n; i++)
		if (!load_line(ld, n->key[i], n->item[i],
		               &m->money[m->nmoney++]))
			ld->undeclared = true;
}
