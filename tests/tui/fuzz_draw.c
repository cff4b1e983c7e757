/*
 * What happens next: drawn with an eye on the state, so that fields get values,
 * panels get their keys, and decisions get as far as being superseded.
 */
#include <stdlib.h>
#include <string.h>

#include "fuzz.h"

/* Nothing here may spell what the checks look for: NaN, exponents from 300. */
const char *const fuzz_words[] = {
	/* values */
	"20k to 250k", "0", "-1", "1e200", "5 %", "0.3", "12", "3 to 9", "1M",
	"triangular(1, 2, 4)", "beta(2, 3)", "lognormal(3, 0.5)", "true",
	"{p10: 1, p50: 2, p90: 4}", "4 to 2", "nonsense", "", "  7  ", "80 %",
	"2 USD/month", "1 request/day", "?", "1", "2", "I don't know", "high",
	/* bytes of all kinds */
	"\xff\033[2J", "a\nb\tc\r\n",
	"\xc3\xa9\xcc\x81\xe6\x97\xa5\xe6\x9c\xac",
	"\xe2\x80\xae" "desrever", "\xf0\x9f\x9a\x80\xf0\x9f\x9a\x80",
	/* of the palette */
	"workload.requests_per_day = 2M", "workload.requests_per_day =",
	"automation-vs-oversight.harm = 1 to 9", "no.such = 3", "= 3", "x =",
	"open first", "open second", "open nothing-of-it", "open first@r1",
	"open code-assistant", "undo", "decisions", "accept", "sup",
	"what-if", "trade",
	/* of fields and filters */
	"2027-06-30", "2027-13-45", "ann, bob", "it costs less", "all", "D1",
	"first@r1", "records", "human_before_effect", "pr",
	"gpu",
};
const int fuzz_nwords = (int)(sizeof fuzz_words / sizeof *fuzz_words);

/* xorshift64*: the same for the same seed everywhere. */
unsigned fuzz_draw(struct world *w, unsigned n)
{
	w->random ^= w->random >> 12;
	w->random ^= w->random << 25;
	w->random ^= w->random >> 27;
	return (unsigned)((w->random * 0x2545f4914f6cdd1dull >> 33) % n);
}

static struct deed key(uint32_t code)
{
	return (struct deed){ DEED_KEY, (int)code, 0 };
}

static struct deed word(struct world *w)
{
	return (struct deed){ DEED_PASTE,
		(int)fuzz_draw(w, (unsigned)fuzz_nwords), 0 };
}

static struct deed size(struct world *w)
{
	static const int usual[][2] = {
		{ 80, 24 }, { 80, 24 }, { 140, 40 }, { 40, 10 }, { 39, 9 },
		{ 1, 1 }, { 2, 1 }, { 1, 2 }, { 60, 16 }, { 120, 32 },
	};
	unsigned i = fuzz_draw(w, 20);

	if (i < sizeof usual / sizeof *usual)
		return (struct deed){ DEED_SIZE, usual[i][0], usual[i][1] };
	return (struct deed){ DEED_SIZE, 1 + (int)fuzz_draw(w, 180),
	                      1 + (int)fuzz_draw(w, 55) };
}

static struct deed click(struct world *w)
{
	unsigned h = (unsigned)w->st.h;
	bool bar = fuzz_draw(w, 3) == 0;

	return (struct deed){ DEED_CLICK,
		(int)fuzz_draw(w, (unsigned)w->st.w + 1),
		(int)(bar ? h - 1 : fuzz_draw(w, h + 1)) };
}

static struct deed any_key(struct world *w)
{
	return key(fuzz_draw(w, 2) ? fuzz_draw(w, 128)
	                           : K_UP + fuzz_draw(w, K_F12 - K_UP + 1));
}

static enum action choose(struct world *w)
{
	static const enum action inside[] = {
		ACT_UP, ACT_DOWN, ACT_DOWN, ACT_EDIT, ACT_EDIT, ACT_EDIT,
		ACT_NUDGE_UP, ACT_NUDGE_DOWN, ACT_NEXT_VIEW, ACT_AXIS,
		ACT_LAST, ACT_PAGE_DOWN, ACT_ACCEPT, ACT_REJECT,
		ACT_SUPERSEDE, ACT_DEPRECATE, ACT_EXPORT, ACT_BACK, ACT_BACK,
	};
	static const enum action often[] = {
		ACT_NUDGE_UP, ACT_NUDGE_DOWN, ACT_EDIT, ACT_DOWN, ACT_UNDO,
		ACT_REDO, ACT_INTERVIEW, ACT_OPEN, ACT_NEXT_PANEL,
		ACT_DECIDE, ACT_DECISIONS, ACT_COMPARE, ACT_WHAT_IF,
		ACT_NEXT_VIEW, ACT_NEXT_VIEW, ACT_NEXT_VIEW,
	};
	unsigned r = fuzz_draw(w, 100);

	if (w->st.panels.open && r < 75)
		return inside[fuzz_draw(w, sizeof inside / sizeof *inside)];
	if (r < 40)
		return often[fuzz_draw(w, sizeof often / sizeof *often)];
	return (enum action)fuzz_draw(w, ACT_N);
}

/* By one of its keys.  A save works out all trade-offs: not too often. */
static struct deed act(struct world *w)
{
	enum action a = choose(w);
	const char (*name)[KEY_NAME_MAX] = w->st.keys.key[a];
	uint32_t code;

	if (a == ACT_SAVE && fuzz_draw(w, 3))
		a = ACT_UP;
	name = w->st.keys.key[a];
	if (!key_parse(name[fuzz_draw(w, 2) && *name[1] ? 1 : 0], &code))
		return any_key(w);
	return key(code);
}

static struct deed in_normal(struct world *w, bool event)
{
	unsigned r = fuzz_draw(w, 1000);

	if (r < 70)
		return click(w);
	if (r < 90)
		return (struct deed){ DEED_WHEEL, fuzz_draw(w, 2) ? 1 : -1, 0 };
	if (r < 100)
		return word(w);
	if (r < 150)
		return any_key(w);
	if (!event && r < 210)
		return (struct deed){ DEED_WORK, fuzz_draw(w, 3) ? 0
			: (int)fuzz_draw(w, 4), 0 };
	if (!event && r < 213)
		return (struct deed){ DEED_UNDO, 0, 0 };
	if (!event && r < 216)
		return (struct deed){ DEED_RESTART, 0, 0 };
	return act(w);
}

/* The first three are as in most fields; all are what may be typed. */
static struct deed in_field(struct world *w, bool event)
{
	static const char typed[] = "0123456789.,kM %to()-+@=_xyz \"{}[]:#";
	static const uint32_t edit[] = {
		K_LEFT, K_RIGHT, K_HOME, K_END, K_BACKSPACE, K_DELETE, K_UP,
		K_DOWN, K_PGUP, K_PGDN, K_TAB, K_BTAB, K_F1, K_CTRL('A'),
		K_CTRL('W'), K_CTRL('K'), K_CTRL('T'), K_CTRL('E'),
	};
	unsigned r = fuzz_draw(w, 100);

	if (r < 22)
		return key(K_ENTER);
	if (r < 28)
		return key(fuzz_draw(w, 4) ? K_ESC : K_CTRL('C'));
	if (r < 40)
		return key(K_CTRL('U'));
	if (r < 65)
		return word(w);
	if (r < 80)
		return key((uint32_t)typed[fuzz_draw(w, sizeof typed - 1)]);
	if (r < 92)
		return key(edit[fuzz_draw(w, sizeof edit / sizeof *edit)]);
	if (r < 94)
		return click(w);
	if (r < 98 && !event)
		return (struct deed){ DEED_WORK, 0, 0 };
	return key(0x80 + fuzz_draw(w, 0x3000));
}

struct deed fuzz_deed(struct world *w, bool event)
{
	if (fuzz_draw(w, 25) == 0)
		return size(w);
	return w->st.mode == MODE_NORMAL ? in_normal(w, event)
	                                 : in_field(w, event);
}
