#include "tui/event.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/utf8.h"
#include "base/banned.h"

static const struct { const char *name; uint32_t key; } names[] = {
	{ "Tab", K_TAB }, { "Enter", K_ENTER }, { "Esc", K_ESC },
	{ "Backspace", K_BACKSPACE }, { "Space", ' ' }, { "Up", K_UP },
	{ "Down", K_DOWN }, { "Left", K_LEFT }, { "Right", K_RIGHT },
	{ "Home", K_HOME }, { "End", K_END }, { "PgUp", K_PGUP },
	{ "PgDn", K_PGDN }, { "Delete", K_DELETE }, { "S-Tab", K_BTAB },
};
#define NAMES (sizeof names / sizeof *names)

void key_spell(uint32_t key, char out[KEY_NAME_MAX])
{
	for (size_t i = 0; i < NAMES; i++)
		if (names[i].key == key) {
			snprintf(out, KEY_NAME_MAX, "%s", names[i].name);
			return;
		}
	if (key >= K_F1 && key <= K_F12)
		snprintf(out, KEY_NAME_MAX, "F%u", (unsigned)(key - K_F1 + 1));
	else if (key < 32)
		snprintf(out, KEY_NAME_MAX, "^%c", (char)(key + 64));
	else if (key < K_SPECIAL)
		out[utf8_encode(key, out)] = '\0';
	else
		snprintf(out, KEY_NAME_MAX, "?");
}

static bool parse_function(const char *s, uint32_t *key)
{
	char *end;
	long n = strtol(s, &end, 10);

	if (*end || n < 1 || n > 12)
		return false;
	*key = K_F1 + (uint32_t)n - 1;
	return true;
}

bool key_parse(const char *name, uint32_t *key)
{
	size_t n = strlen(name);

	for (size_t i = 0; i < NAMES; i++)
		if (strcmp(names[i].name, name) == 0) {
			*key = names[i].key;
			return true;
		}
	if (n == 2 && name[0] == '^' && name[1] >= '@' && name[1] <= '_') {
		*key = (uint32_t)(name[1] - '@');
		return true;
	}
	if (n > 1 && name[0] == 'F' && parse_function(name + 1, key))
		return true;
	return n > 0 && utf8_decode(name, n, key) == n && *key >= 32;
}
