/*
 * The action table of actions.def, readable.
 */
#ifndef STEELYARD_TUI_ACTION_H
#define STEELYARD_TUI_ACTION_H

#include <stdint.h>

enum action {
#define ACTION(name, key, key2, label, priority, cli, help) ACT_##name,
#include "tui/actions.def"
#undef ACTION
	ACT_N
};

struct action_info {
	const char *name;               /* "NEXT_VIEW"; config and tests */
	const char *key[2];             /* names of keys; "" none */
	const char *label;              /* in the key bar; "" not there */
	int priority;
	const char *cli, *help;
};
extern const struct action_info actions[ACT_N];

/* The action of a key, ACT_N when it has none. */
enum action action_of_key(uint32_t key);

#endif
