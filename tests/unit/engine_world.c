#include "engine_world.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"

const char world_normals[] =
	"model: mine\n" HEAD
	"parameters:\n"
	"  a: {unit: USD, value: \"normal(0, 1)\"}\n"
	"  b: {unit: USD, value: \"normal(0, 2)\"}\n"
	"  idle: {unit: USD, value: \"normal(5, 1)\"}\n"
	"formulas:\n"
	"  gain: \"if(is(act), a + b, 0 USD) + 0 * idle\"\n"
	"decision: {maximise: gain, incumbent: wait,\n"
	"           break_even: [a]}\n"
	"outputs: {gain: {value: gain}}\n";

const char world_ruled[] =
	"model: mine\n" HEAD
	"  ask: {title: Ask}\n"
	"parameters:\n"
	"  x: {unit: \"1\", value: \"uniform(0, 1)\"}\n"
	"  strict: {type: boolean, value: true}\n"
	"formulas:\n"
	"  cost: {by: option, wait: 100 USD, act: 40 USD + 20 USD * x,\n"
	"         ask: 70 USD}\n"
	"decision:\n"
	"  minimise: cost\n"
	"  incumbent: wait\n"
	"  break_even: [x]\n"
	"requires:\n"
	"  - {reason: too_much, for: own, when: x > 0.98,\n"
	"     remedy: \"needs x below {0.98}, not {x}\"}\n"
	"constraints:\n"
	"  - {id: no_acting, title: Nobody acts, when: strict,\n"
	"     allow: not is(own)}\n"
	"findings:\n"
	"  - {id: half, when: x > 0.5, say: \"x is {x}\"}\n";

void world_add(struct world *w, const char *name, const char *text)
{
	struct buf path = BUF_INIT;

	fixture_file(&w->f, name, text);
	buf_addf(&path, "%s/models/%s", w->f.dir, name);
	if (!library_add(w->f.library, path.s, &w->f.err)) {
		err_print(&w->f.err, stderr, "test");
		fail();
	}
	buf_release(&path);
}

void world_open(struct world *w, const char *model, const char *scenario)
{
	fixture_open(&w->f);
	world_add(w, "mine.yaml", model);
	w->s = fixture_scenario(&w->f, scenario);
	if (!w->s)
		err_print(&w->f.err, stderr, "test");
	assert_non_null(w->s);
	w->o = engine_defaults();
	w->o.threads = 2;
}

void world_close(struct world *w)
{
	scenario_free(w->s);
	fixture_close(&w->f);
}

struct evaluation *world_evaluate(struct world *w)
{
	struct evaluation *e = engine_evaluate(w->f.library, w->s, &w->o,
	                                       &w->f.err);

	if (!e)
		err_print(&w->f.err, stderr, "test");
	assert_non_null(e);
	return e;
}

const struct option_result *world_option(const struct tradeoff *t,
                                         const char *name)
{
	for (int i = 0; i < t->noptions; i++)
		if (strcmp(t->option[i].name, name) == 0)
			return &t->option[i];
	fail_msg("no option %s", name);
	return NULL;
}
