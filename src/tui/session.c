#include "tui/session.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "base/path.h"
#include "tui/state.h"
#include "yaml/yaml.h"
#include "base/banned.h"

#define SESSION_MAX 16384       /* bytes */

static const struct ynode *read_session(struct arena *a)
{
	struct err err = ERR_INIT;
	struct buf text = BUF_INIT;
	char *path = path_xdg_state("session.yaml", &err);
	const struct ynode *n = NULL;

	if (path && access(path, F_OK) == 0 &&
	    path_read(path, SESSION_MAX, &text, &err))
		n = yaml_read_text(a, text.s, text.len, path, &err);
	err_clear(&err);        /* a new one is written in the end */
	buf_release(&text);
	free(path);
	return n;
}

static const char *text_of(const struct ynode *map, const char *key)
{
	const struct ynode *n = map ? yaml_get(map, key) : NULL;

	return n && n->kind == Y_SCALAR ? n->text : NULL;
}

char *session_last(void)
{
	struct arena *a = arena_new();
	char *ref = xstrdup(text_of(read_session(a), "scenario"));

	arena_free(a);
	return ref;
}

static int number_of(const struct ynode *map, const char *key, int most)
{
	const char *text = text_of(map, key);
	long long v;

	return text && num_parse_int(text, 0, most, &v) ? (int)v : 0;
}

void session_resume(struct state *st)
{
	struct arena *a = arena_new();
	const struct ynode *n = read_session(a);
	const char *ref = text_of(n, "scenario");
	const char *row = text_of(n, "parameter");

	if (ref && st->ref && strcmp(ref, st->ref) == 0) {
		int trade = number_of(n, "trade_off", st->ntrades - 1);

		if (st->trade[trade].bound >= 0)
			state_select_trade(st, trade);
		st->picture = (enum picture)number_of(n, "picture", PIC_N - 1);
		if (row && form_find(&st->form, row) >= 0)
			st->form_selected = form_find(&st->form, row);
	}
	arena_free(a);
}

static void add_number(struct ywriter *w, const char *key, int v)
{
	char text[16];

	snprintf(text, sizeof text, "%d", v);
	yaml_key(w, key);
	yaml_scalar(w, text);
}

void session_keep(const struct state *st)
{
	struct err err = ERR_INIT;
	struct buf out = BUF_INIT;
	struct ywriter w = { .out = &out };
	char *path = st->ref ? path_xdg_state("session.yaml", &err) : NULL;
	char *dir = path ? path_dirname(path) : NULL;

	if (dir && path_make_dirs(dir, &err)) {
		yaml_key(&w, "scenario");
		yaml_scalar(&w, st->ref);
		add_number(&w, "trade_off", st->trade_selected);
		add_number(&w, "picture", (int)st->picture);
		if (state_row(st)) {
			yaml_key(&w, "parameter");
			yaml_scalar(&w, state_row(st)->name);
		}
		path_write(path, out.s, out.len, &err);
	}
	err_clear(&err);
	buf_release(&out);
	free(dir);
	free(path);
}
