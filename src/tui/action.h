/*
 * The action table of actions.def, readable; and which keys start what, which
 * a person may change.
 */
#ifndef STEELYARD_TUI_ACTION_H
#define STEELYARD_TUI_ACTION_H

#include <stdbool.h>
#include <stdint.h>

#include "tui/event.h"

enum action {
#define ACTION(name, key, key2, label, priority, cli, help) ACT_##name,
#include "tui/actions.def"
#undef ACTION
	ACT_N
};

struct action_info {
	const char *name;               /* "NEXT_VIEW" */
	const char *key[2];             /* names of the keys that it comes with;
	                                   "" none */
	const char *label;              /* in the key bar; "" not there */
	int priority;
	const char *cli, *help;
};
extern const struct action_info actions[ACT_N];

/* "next-view": as the palette and the configuration spell it. */
#define ACTION_NAME_MAX 24
void action_spell(enum action a, char out[ACTION_NAME_MAX]);
enum action action_named(const char *name);     /* ACT_N: there is none */

#define KEYS_EACH 2
struct keymap { char key[ACT_N][KEYS_EACH][KEY_NAME_MAX]; };    /* "" none */
void keymap_init(struct keymap *m);             /* as the table says */
/* The i-th key of an action; false for a name that is none. "" takes it away. */
bool keymap_set(struct keymap *m, enum action a, int i, const char *name);
/* The action of a key, ACT_N when it has none. */
enum action keymap_action(const struct keymap *m, uint32_t key);

#endif
