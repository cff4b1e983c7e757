#include "tui/config.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "yaml/yaml.h"
#include "base/banned.h"

#define CONFIG_MAX 65536        /* bytes */

static void config_init(struct config *c)
{
	*c = (struct config){ .colors = 256, .layout = LAYOUT_WIDE };
	keymap_init(&c->keys);
}

static void bind_key(struct config *c, enum action a, int i,
                     const struct ynode *n, struct err *err)
{
	const char *key;

	if (!yaml_text(n, "a key", &key, err))
		return;
	if (!keymap_set(&c->keys, a, i, key))
		err_at(err, ERR_INPUT, n->pos, "`%s` is no key: write one "
		       "character, ^X, F1, Enter, Tab, Esc, Up, PgDn ...",
		       key);
}

static void read_action(struct config *c, const struct ynode *name,
                        const struct ynode *n, struct err *err)
{
	enum action a = action_named(name->text);
	int keys = n->kind == Y_SEQ ? n->n : 1;

	if (a == ACT_N) {
		err_at(err, ERR_INPUT, name->pos, "there is no action `%s`: "
		       "the help of the screen lists them", name->text);
		return;
	}
	if (keys > KEYS_EACH || n->kind == Y_MAP) {
		err_at(err, ERR_INPUT, n->pos, "%s: one key, or a list of at "
		       "most %d", name->text, KEYS_EACH);
		return;
	}
	for (int i = 0; i < KEYS_EACH; i++)
		keymap_set(&c->keys, a, i, "");
	for (int i = 0; i < keys; i++)
		bind_key(c, a, i, n->kind == Y_SEQ ? n->item[i] : n, err);
}

/* A key that was given away here may be what another action came with: that
 * one must be told where it went. */
static void find_doubles(const struct config *c, const struct ynode *keys,
                         struct err *err)
{
	for (int i = 0; i < keys->n; i++) {
		enum action a = action_named(keys->key[i]->text);

		for (int k = 0; a != ACT_N && k < KEYS_EACH; k++) {
			const char *name = c->keys.key[a][k];
			char other[ACTION_NAME_MAX];

			for (int b = 0; *name && b < ACT_N; b++) {
				if (b == (int)a ||
				    (strcmp(name, c->keys.key[b][0]) != 0 &&
				     strcmp(name, c->keys.key[b][1]) != 0))
					continue;
				action_spell((enum action)b, other);
				err_at(err, ERR_INPUT, keys->key[i]->pos,
				       "`%s` is the key of %s, too: give that "
				       "another one", name, other);
			}
		}
	}
}

static void read_keys(struct config *c, const struct ynode *n,
                      struct err *err)
{
	if (n->kind != Y_MAP) {
		err_at(err, ERR_INPUT, n->pos, "keys: a map of actions to "
		       "keys, as `undo: u`");
		return;
	}
	for (int i = 0; i < n->n; i++)
		read_action(c, n->key[i], n->item[i], err);
	find_doubles(c, n, err);
}

struct word { const char *name; int value; };

static void read_word(const struct ynode *map, const char *key,
                      const struct word *words, const char *known, int *out,
                      struct err *err)
{
	const struct ynode *n = yaml_get(map, key);
	const char *name;

	if (!n || !yaml_text(n, key, &name, err))
		return;
	for (; words->name; words++)
		if (strcmp(words->name, name) == 0) {
			*out = words->value;
			return;
		}
	err_at(err, ERR_INPUT, n->pos, "there is no %s `%s`: %s", key, name,
	       known);
}

static const struct word themes[] = {
	{ "auto", 256 }, { "mono", 0 }, { "8", 8 }, { "256", 256 }, { 0 },
};
static const struct word layouts[] = {
	{ "auto", LAYOUT_WIDE }, { "compact", LAYOUT_COMPACT },
	{ "standard", LAYOUT_STANDARD }, { "wide", LAYOUT_WIDE }, { 0 },
};

static void read_tree(struct config *c, const struct ynode *n,
                      struct err *err)
{
	static const char *const known[] = { "keys", "theme", "layout",
	                                     "ascii", "mouse", NULL };
	const struct ynode *v;
	bool mouse = true;

	if (!yaml_only(n, "the configuration", known, err))
		return;
	if ((v = yaml_get(n, "keys")))
		read_keys(c, v, err);
	read_word(n, "theme", themes, "auto, mono, 8 or 256", &c->colors, err);
	read_word(n, "layout", layouts, "auto, compact, standard or wide",
	          &c->layout, err);
	if ((v = yaml_get(n, "ascii")))
		yaml_bool(v, "ascii", &c->ascii, err);
	if ((v = yaml_get(n, "mouse")))
		yaml_bool(v, "mouse", &mouse, err);
	c->no_mouse = !mouse;
}

bool config_read_text(struct config *c, const char *text, const char *name,
                      struct err *err)
{
	struct arena *a = arena_new();
	int before = err->n;
	const struct ynode *n;

	config_init(c);
	n = yaml_read_text(a, text, strlen(text), name, err);
	if (n)
		read_tree(c, n, err);
	arena_free(a);
	return err->n == before;
}

bool config_read(struct config *c, struct err *err)
{
	struct buf text = BUF_INIT;
	struct err none = ERR_INIT;
	char *path = path_xdg_config("config.yaml", &none);
	bool ok = true;

	err_clear(&none);       /* no home: nothing to read */
	config_init(c);
	if (path && access(path, F_OK) == 0)
		ok = path_read(path, CONFIG_MAX, &text, err) &&
		     config_read_text(c, text.s, path, err);
	buf_release(&text);
	free(path);
	return ok;
}
