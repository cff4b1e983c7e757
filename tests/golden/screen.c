#include "screen.h"

#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "sample.h"

static const struct form_row rows[] = {
	{ .header = true, .title = "workload" },
	{ .title = "requests per day", .name = "requests_per_day",
	  .text = "150k to 300k", .unit = "request/day",
	  .ask = "What does the busiest month average per day?",
	  .source = "measured: gateway log, 2026-10-30", .range = "0 to 1T",
	  .letter = 'm' },
	{ .title = "tokens in", .name = "input_tok", .text = "900",
	  .unit = "token/request", .letter = 'm', .fixed = true },
	{ .title = "tokens out", .name = "output_tok", .text = "220",
	  .unit = "token/request", .letter = 'm', .fixed = true },
	{ .header = true, .title = "API" },
	{ .title = "API price, input", .name = "build-vs-buy.price_in",
	  .text = "0.15", .unit = "USD/Mtoken", .letter = 'v',
	  .changed = true, .fixed = true },
	{ .title = "discount at volume", .name = "build-vs-buy.discount",
	  .text = "uniform(0, 0.1)", .unit = "1", .letter = 'g' },
	{ .header = true, .title = "hosting" },
	{ .title = "GPU hour", .name = "gpu_hour_price",
	  .text = "triangular(1.6, 2.1, 2.9)", .unit = "USD/h/GPU",
	  .letter = 'v' },
	{ .title = "utilisation", .name = "build-vs-buy.utilisation",
	  .text = "beta(4, 7)", .unit = "1", .letter = 'a' },
	{ .header = true, .title = "people" },
	{ .title = "platform staff", .name = "build-vs-buy.staff",
	  .text = "1 to 2.5", .unit = "FTE", .letter = 'g' },
	{ .title = "staff cost", .name = "engineer_year", .text = "190k",
	  .unit = "USD/year/FTE", .letter = 'g' },
};
#define ROWS ((int)(sizeof rows / sizeof *rows))

static const struct saved_row saved[] = {
	{ NULL, "Saved", NULL },
	{ "support-bot", "support-bot", "r7" },
	{ "search-rank", "search-rank", "r3" },
	{ NULL, "Shipped", NULL },
	{ "scenarios/agent.yaml", "agent", NULL },
	{ "scenarios/chat-1m.yaml", "chat-1m", NULL },
};
#define SAVED ((int)(sizeof saved / sizeof *saved))

void screen_init(struct state *st, int w, int h, bool ascii)
{
	state_init(st, w, h, ascii);
	st->title = "support-bot";
	st->revision = 7;
	st->trade[0].now.e = (struct evaluation *)(uintptr_t)sample_evaluation();
	st->trade[0].now.gen = st->trade[0].now.tried = st->gen;
	st->trade[0].full = st->trade[0].now;
	st->curve = (struct curve *)(uintptr_t)sample_curve();
	st->form.arena = arena_new();
	st->form.row = xcalloc(ROWS, sizeof *rows);
	memcpy(st->form.row, rows, sizeof rows);
	st->form.n = ROWS;
	st->form_selected = 1;
	st->saved.arena = arena_new();
	st->saved.row = xcalloc(SAVED, sizeof *saved);
	memcpy(st->saved.row, saved, sizeof saved);
	st->saved.n = SAVED;
	st->saved.selected = 1;
	st->trade[0].present = true;
	st->trade[0].bound = 0;
}

/* The result is not the state's to free. */
void screen_release(struct state *st)
{
	st->trade[0].now.e = st->trade[0].full.e = NULL;
	st->curve = NULL;
	state_release(st);
}

void screen_key(struct state *st, const char *name)
{
	struct event ev = { .kind = EV_KEY };

	if (key_parse(name, &ev.key))
		reduce(st, &ev);
}
