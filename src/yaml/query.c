#include "yaml/yaml.h"

#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/num.h"
#include "base/text.h"

#include "base/banned.h"

int yaml_index(const struct ynode *map, const char *key)
{
	if (!map || map->kind != Y_MAP)
		return -1;
	for (int i = 0; i < map->n; i++)
		if (!strcmp(map->key[i]->text, key))
			return i;
	return -1;
}

const struct ynode *yaml_get(const struct ynode *map, const char *key)
{
	int i = yaml_index(map, key);

	return i < 0 ? NULL : map->item[i];
}

static const char *const kind_words[] = {
	[Y_SCALAR] = "a single value", [Y_SEQ] = "a list", [Y_MAP] = "a map",
};

static struct pos place_of(const struct ynode *n)
{
	return n ? n->pos : (struct pos){ NULL, 0, 0 };
}

/* The text of a scalar that says something: absent, empty, lists and maps are
 * findings here. */
static const char *scalar_text(const struct ynode *n, const char *what,
                               const char *wanted, struct err *err)
{
	if (!n)
		err_add(err, ERR_INPUT, "%s is missing: %s", what, wanted);
	else if (n->kind != Y_SCALAR)
		err_at(err, ERR_INPUT, n->pos, "%s must be %s, not %s", what,
		       wanted, kind_words[n->kind]);
	else if (!*n->text && !n->quoted)
		err_at(err, ERR_INPUT, n->pos, "%s has no value: %s", what,
		       wanted);
	else
		return n->text;
	return NULL;
}

bool yaml_text(const struct ynode *n, const char *what, const char **out,
               struct err *err)
{
	const char *text = scalar_text(n, what, "a text", err);

	if (text)
		*out = text;
	return text != NULL;
}

bool yaml_bool(const struct ynode *n, const char *what, bool *out,
               struct err *err)
{
	static const struct {
		const char *word;
		bool value;
	} words[] = {
		{ "true", true }, { "yes", true },
		{ "false", false }, { "no", false },
	};
	const char *text = scalar_text(n, what, "yes or no", err);

	if (!text)
		return false;
	for (size_t i = 0; i < sizeof words / sizeof *words; i++) {
		if (!strcmp(text, words[i].word)) {
			*out = words[i].value;
			return true;
		}
	}
	return err_at(err, ERR_INPUT, place_of(n),
	              "%s must be yes or no, not '%s'", what, text);
}

bool yaml_number(const struct ynode *n, const char *what, double *out,
                 struct err *err)
{
	const char *text = scalar_text(n, what, "a number", err), *wrong;
	size_t len;
	double v;

	if (!text)
		return false;
	if (num_parse(text, out))
		return true;
	wrong = num_scan(text, &v, &len);
	return err_at(err, ERR_INPUT, place_of(n),
	              "%s must be a number: '%s' %s", what, text,
	              wrong ? wrong : "has more after the number");
}

bool yaml_date(const struct ynode *n, const char *what, const char **out,
               struct err *err)
{
	const char *text = scalar_text(n, what, "a date, YYYY-MM-DD", err);
	int64_t t;

	if (!text)
		return false;
	if (!clock_parse_date(text, &t))
		return err_at(err, ERR_INPUT, place_of(n), "%s must be a "
		              "date, YYYY-MM-DD, not '%s'", what, text);
	*out = text;
	return true;
}

static bool is_known(const char *key, const char *const *known)
{
	for (; *known; known++)
		if (!strcmp(key, *known))
			return true;
	return false;
}

/* A key that nobody would write: what a comma, bracket or colon of a formula
 * in flow style left behind. */
static bool is_junk(const struct ynode *map, int i)
{
	const struct ynode *key = map->key[i], *value = map->item[i];

	return map->plain_flow && !key->quoted &&
		(strpbrk(key->text, "()") ||
		 (value->kind == Y_SCALAR && !value->quoted && !*value->text));
}

static void list_known(struct buf *b, const char *const *known)
{
	for (int i = 0; known[i]; i++)
		buf_addf(b, "%s%s", i ? ", " : "", known[i]);
}

static void unknown_key(const struct ynode *map, int i, const char *what,
                        const char *const *known, struct err *err)
{
	const char *key = map->key[i]->text;
	const char *near = yaml_nearest(key, known);
	struct buf why = BUF_INIT;

	if (is_junk(map, i)) {
		buf_addf(&why, "; quote the value on line %d",
		         map->key[i]->pos.line);
	} else if (near) {
		buf_addf(&why, "; did you mean '%s'?", near);
	} else if (*known) {
		buf_add(&why, "; known here: ");
		list_known(&why, known);
	}
	err_at(err, ERR_INPUT, map->key[i]->pos, "%s: unknown key '%s'%s", what,
	       key, why.s);
	buf_release(&why);
}

bool yaml_only(const struct ynode *map, const char *what,
               const char *const *known, struct err *err)
{
	bool ok = true;

	if (!map || map->kind != Y_MAP)
		return err_at(err, ERR_INPUT, place_of(map),
		              "%s must be a map (key: value)", what);
	for (int i = 0; i < map->n; i++) {
		if (is_known(map->key[i]->text, known))
			continue;
		unknown_key(map, i, what, known, err);
		ok = false;
	}
	return ok;
}

const char *yaml_nearest(const char *word, const char *const *known)
{
	return text_nearest(word, known);
}
