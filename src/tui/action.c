#include "tui/action.h"

#include <stdio.h>
#include <string.h>

#include "base/banned.h"

const struct action_info actions[ACT_N] = {
#define ACTION(name, key, key2, label, priority, cli, help) \
	[ACT_##name] = { #name, { key, key2 }, label, priority, cli, help },
#include "tui/actions.def"
#undef ACTION
};

void action_spell(enum action a, char out[ACTION_NAME_MAX])
{
	snprintf(out, ACTION_NAME_MAX, "%s", actions[a].name);
	for (char *p = out; *p; p++)
		*p = *p == '_' ? '-' : (char)(*p >= 'A' && *p <= 'Z'
		                              ? *p + 32 : *p);
}

enum action action_named(const char *name)
{
	char own[ACTION_NAME_MAX];

	for (int a = 0; a < ACT_N; a++) {
		action_spell((enum action)a, own);
		if (strcmp(own, name) == 0)
			return (enum action)a;
	}
	return ACT_N;
}

void keymap_init(struct keymap *m)
{
	for (int a = 0; a < ACT_N; a++)
		for (int i = 0; i < KEYS_EACH; i++)
			snprintf(m->key[a][i], KEY_NAME_MAX, "%s",
			         actions[a].key[i]);
}

bool keymap_set(struct keymap *m, enum action a, int i, const char *name)
{
	uint32_t key;

	if (*name && !key_parse(name, &key))
		return false;
	snprintf(m->key[a][i], KEY_NAME_MAX, "%s", name);
	return true;
}

enum action keymap_action(const struct keymap *m, uint32_t key)
{
	for (int a = 0; a < ACT_N; a++)
		for (int i = 0; i < KEYS_EACH; i++) {
			uint32_t code;

			if (*m->key[a][i] && key_parse(m->key[a][i], &code) &&
			    code == key)
				return (enum action)a;
		}
	return ACT_N;
}
