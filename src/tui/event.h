/*
 * What can happen to the screen.  The reducer (state.h) takes these and
 * nothing else, whether they come from a terminal, a script or a fuzzer.
 */
#ifndef STEELYARD_TUI_EVENT_H
#define STEELYARD_TUI_EVENT_H

#include <stdbool.h>
#include <stdint.h>

/* A key is a character (control characters are themselves) or one of these,
 * beyond Unicode. */
enum {
	K_TAB = 9, K_ENTER = 13, K_ESC = 27, K_BACKSPACE = 127,
	K_SPECIAL = 0x110000,
	K_UP, K_DOWN, K_LEFT, K_RIGHT, K_HOME, K_END, K_PGUP, K_PGDN,
	K_DELETE, K_BTAB, K_F1, K_F12 = K_F1 + 11,
};
#define K_CTRL(c) ((c) & 31)

enum event_kind { EV_KEY, EV_PASTE, EV_CLICK, EV_WHEEL, EV_RESIZE };

struct event {
	enum event_kind kind;
	uint32_t key;           /* EV_KEY */
	const char *text;       /* EV_PASTE, borrowed */
	int x, y;               /* EV_CLICK; EV_WHEEL: y is -1 up or +1 down */
	int w, h;               /* EV_RESIZE */
};

/* "F1", "Enter", "^R", "q", "Left": what the key bar, help, key scripts and
 * configuration write.  key_parse is false for a name it does not know. */
#define KEY_NAME_MAX 12
void key_spell(uint32_t key, char out[KEY_NAME_MAX]);
bool key_parse(const char *name, uint32_t *key);

#endif
