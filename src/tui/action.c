#include "tui/action.h"

#include "tui/event.h"
#include "base/banned.h"

const struct action_info actions[ACT_N] = {
#define ACTION(name, key, key2, label, priority, cli, help) \
	[ACT_##name] = { #name, { key, key2 }, label, priority, cli, help },
#include "tui/actions.def"
#undef ACTION
};

enum action action_of_key(uint32_t key)
{
	for (int a = 0; a < ACT_N; a++)
		for (int k = 0; k < 2; k++) {
			uint32_t code;

			if (*actions[a].key[k] &&
			    key_parse(actions[a].key[k], &code) && code == key)
				return (enum action)a;
		}
	return ACT_N;
}
