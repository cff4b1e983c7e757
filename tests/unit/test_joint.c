/*
 * The joint plan against the plainest enumeration there is: every combination
 * bound by itself (all options assumed, neighbours' formulas put in), every
 * trade-off run by itself, costs added up draw by draw.  That enumeration reads
 * models whose money of accounts that others own was struck out by hand.
 */
#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "base/buf.h"
#include "base/mem.h"
#include "engine/joint.h"
#include "engine/judge.h"
#include "engine/run.h"
#include "engine_world.h"

#define MODELS 4
#define COMBINATIONS (3 * 3 * 2 * 3)
#define DRAWS 2048

/* Sums of four costs in another order, and powers carried from month to month:
 * a handful of roundings of 1e-16 each. */
#define ROUNDING 1e-12

static const char workload[] =
	"workload: 1\n"
	"parameters:\n"
	"  requests: {unit: request/day, value: 1000 to 4000}\n"
	"  rate: {unit: 1/year, value: \"uniform(0.05, 0.15)\"}\n"
	"  harm: {unit: USD/request, value: 0.01 to 0.06}\n"
	"joint:\n"
	"  horizon: 24 month\n"
	"  accounts:\n"
	"    serving: {build-vs-buy: 1, throughput-vs-latency: 2,\n"
	"              prompt-vs-finetune: 3}\n"
	"    errors: {prompt-vs-finetune: 1, quantity-vs-quality: 2}\n"
	"    staff: each\n"
	"  together:\n"
	"    - {reason: tuned_needs_own, when: \"is(prompt-vs-finetune, tuned)\",\n"
	"       allow: \"is(build-vs-buy, hosted)\"}\n"
	"    - {reason: says_nothing, when: \"true\",\n"
	"       allow: \"is(automation-vs-oversight, auto)\"}\n";

#define TOP(name) \
	"model: " name "\ntitle: " name "\nquestion: Q?\nversion: 1\n" \
	"horizon: 12 month\n"

/* `@` begins a line that the enumeration does not read. */
static const char *const texts[MODELS] = {
	TOP("quantity-vs-quality")
	"options:\n"
	"  keep: {title: Keep}\n"
	"  clean: {title: Clean}\n"
	"  buy: {title: Buy}\n"
	"parameters:\n"
	"  requests: {value: {workload: requests}}\n"
	"  rate: {value: {workload: rate}}\n"
	"  harm: {value: {workload: harm}}\n"
	"  noise: {unit: \"1\", value: \"uniform(0.05, 0.35)\"}\n"
	"  work: {unit: USD, value: 2k to 9k}\n"
	"formulas:\n"
	"  error: {by: option, keep: noise, clean: noise * 0.5,\n"
	"          buy: noise * 0.8}\n"
	"money:\n"
	"  work: {account: data, for: [clean, buy], once: work}\n"
	"@  errors: {account: errors, monthly: requests * error * harm}\n"
	"decision: {minimise: \"npv(monthly, rate) + once\", incumbent: keep,\n"
	"           indifferent_below: 10 USD}\n",

	TOP("prompt-vs-finetune")
	"options:\n"
	"  plain: {title: Plain}\n"
	"  long: {title: Long}\n"
	"  tuned: {title: Tuned}\n"
	"reads:\n"
	"  error: {unit: \"1\", from: quantity-vs-quality.error, else: 0.2}\n"
	"parameters:\n"
	"  requests: {value: {workload: requests}}\n"
	"  rate: {value: {workload: rate}}\n"
	"  harm: {value: {workload: harm}}\n"
	"  gain: {unit: \"1\", value: \"uniform(0.5, 0.9)\"}\n"
	"  effort: {unit: USD, value: {tuned: 5k to 30k, else: 100}}\n"
	"formulas:\n"
	"  tokens: {by: option, plain: \"300 [token/request]\",\n"
	"           long: \"900 [token/request]\",\n"
	"           tuned: \"200 [token/request] * (1 + error)\"}\n"
	"  left: {by: option, plain: error, long: error * gain,\n"
	"         tuned: error ^ 2 * gain}\n"
	"money:\n"
	"  set_up: {account: build, once: effort}\n"
	"  errors: {account: errors, monthly: requests * left * harm}\n"
	"@  tokens: {account: serving,\n"
	"@           monthly: \"requests * tokens * 2 [USD/Mtoken]\"}\n"
	"decision: {minimise: \"npv(monthly, rate) + once\", incumbent: plain,\n"
	"           infeasible_draws: {at_most: 0.05, pay: long}}\n"
	"requires:\n"
	"  - {reason: too_noisy, for: tuned, when: error > 0.275}\n",

	TOP("throughput-vs-latency")
	"options:\n"
	"  live: {title: Live}\n"
	"  batch: {title: Batch}\n"
	"reads:\n"
	"  tokens: {unit: token/request, from: prompt-vs-finetune.tokens,\n"
	"           else: 500 token/request}\n"
	"parameters:\n"
	"  requests: {value: {workload: requests}}\n"
	"  rate: {value: {workload: rate}}\n"
	"  wait: {unit: USD/month, value: {live: 0, else: 20 to 900}}\n"
	"  peak: {unit: \"1\", value: \"uniform(1.5, 4)\"}\n"
	"formulas:\n"
	"  load: if(is(live), requests * tokens * peak, requests * tokens)\n"
	"  fleet: {unit: GPU, value: \"ceil(load / 2000k [token/day/GPU])\"}\n"
	"money:\n"
	"  waiting: {account: delay, monthly: wait}\n"
	"  people: {account: staff, monthly: \"fleet * 30 [USD/month/GPU]\"}\n"
	"@  fleet: {account: serving, monthly: \"fleet * 100 [USD/month/GPU]\"}\n"
	"decision: {minimise: \"npv(monthly, rate) + once\", incumbent: live}\n",

	TOP("build-vs-buy")
	"options:\n"
	"  api: {title: API, tags: [rented]}\n"
	"  own: {title: Own, tags: [hosted]}\n"
	"  lease: {title: Lease, tags: [hosted]}\n"
	"reads:\n"
	"  tokens: {unit: token/request, from: prompt-vs-finetune.tokens,\n"
	"           else: 500 token/request}\n"
	"  fleet: {unit: GPU, from: throughput-vs-latency.fleet, else: 2 GPU}\n"
	"parameters:\n"
	"  requests: {value: {workload: requests}}\n"
	"  rate: {value: {workload: rate}}\n"
	"  price: {unit: USD/Mtoken, value: 2 to 40}\n"
	"  card: {unit: USD/month/GPU, value: {own: 200 to 700, else: 600}}\n"
	"  strict: {type: boolean, value: true}\n"
	"formulas:\n"
	"  bill: {by: option, api: requests * tokens * price,\n"
	"         own: fleet * card, lease: fleet * card * 0.4}\n"
	"money:\n"
	"  bill: {account: serving, monthly: bill}\n"
	"  people: {account: staff, for: [own], monthly: \"40 [USD/month]\"}\n"
	"decision: {minimise: \"npv(monthly, rate) + once\", incumbent: api}\n"
	"constraints:\n"
	"  - {id: no_lease, when: strict, allow: not is(lease)}\n",
};

static const char *const names[MODELS] = {
	"quantity-vs-quality", "prompt-vs-finetune", "throughput-vs-latency",
	"build-vs-buy",
};

static const char asked[] =
	"scenario: s\nquantity-vs-quality: {}\nprompt-vs-finetune: {}\n"
	"throughput-vs-latency: {}\nbuild-vs-buy: {}\n";

/* Lines that begin with @ without it, or left out. */
static char *marked(const char *text, bool whole)
{
	struct buf b = BUF_INIT;
	char *copy;

	while (*text) {
		size_t n = strcspn(text, "\n") + 1;

		if (*text != '@')
			buf_addn(&b, text, n);
		else if (whole)
			buf_addn(&b, text + 1, n - 1);
		text += n;
	}
	copy = xstrdup(b.s);
	buf_release(&b);
	return copy;
}

static void open_world(struct world *w, bool whole, const char *scenario)
{
	fixture_open(&w->f);
	fixture_file(&w->f, "workload.yaml", workload);
	for (int i = 0; i < MODELS; i++) {
		char *text = marked(texts[i], whole);
		struct buf name = BUF_INIT;

		buf_addf(&name, "%s.yaml", names[i]);
		fixture_file(&w->f, name.s, text);
		buf_release(&name);
		free(text);
	}
	library_free(w->f.library);     /* it knew other files */
	w->f.library = library_open(w->f.dir, &w->f.err);
	assert_non_null(w->f.library);
	w->s = fixture_scenario(&w->f, scenario);
	if (!w->s)
		err_print(&w->f.err, stderr, "test");
	assert_non_null(w->s);
	w->o = engine_defaults();
	w->o.threads = 2;
	w->o.samples = DRAWS;
}

/* --- the enumeration ---------------------------------------------------- */

struct sum {                            /* of one combination */
	double cost[DRAWS];             /* what gaps pay is in it */
	bool gap[DRAWS];
	bool senseless, barred, never;
};

static struct bound *bind_all(struct world *w, const int *o)
{
	struct buf text = BUF_INIT;
	struct bound *b;

	buf_add(&text, "scenario: s\nhorizon: 24 month\n");
	for (int i = 0; i < MODELS; i++)
		buf_addf(&text, "%s: {assume: %s}\n", names[i],
		         library_model(w->f.library, names[i],
		                       &w->f.err)->option[o[i]].name);
	scenario_free(w->s);
	w->s = fixture_scenario(&w->f, text.s);
	buf_release(&text);
	b = bound_new(w->f.library, w->s, NULL, &w->f.err);
	assert_non_null(b);
	return b;
}

static void add_part(struct world *w, const struct bound *b,
                     struct bound_graph *g, int model, int option,
                     struct sum *sum)
{
	struct plan *p = plan_new(g, b, model, true, &w->f.err);
	bool barred[MODEL_MAX_OPTIONS] = { false };
	struct sample sample;
	struct judged j;
	struct draws d;
	struct run *r;

	assert_true(draws_init(&d, w->o.sampler, w->o.seed, DRAWS, NULL));
	assert_true(sample_init(&sample, b, &d, &w->f.err));
	r = run_new(p, &sample, &d, NULL, &w->o, &w->f.err);
	assert_non_null(r);
	judge_init(&j, &(struct costs) {
		.noptions = p->noptions, .replicates = d.replicates,
		.n = d.n, .cost = r->cost, .barred = barred,
		.at_most = p->model->decision.infeasible_at_most,
		.pay = p->model->decision.pay,
	});
	sum->never |= j.status[option] == OPTION_INFEASIBLE;
	for (int i = 0; i < DRAWS; i++) {
		sum->cost[i] += j.paid[option][i];
		sum->gap[i] |= isnan(r->cost[option * d.n + i]);
	}
	judge_release(&j);
	run_free(r);
	sample_release(&sample);
	plan_free(p);
}

static void add_up(struct world *w, const int *o, struct sum *sum)
{
	struct bound *b = bind_all(w, o);
	struct bound_graph *g = bound_graph_new(b);
	int gaps = 0;

	memset(sum, 0, sizeof *sum);
	for (int i = 0; i < MODELS; i++)
		add_part(w, b, g, i, o[i], sum);
	for (int i = 0; i < DRAWS; i++)
		gaps += sum->gap[i];
	sum->never |= gaps > 0.05 * DRAWS;
	sum->senseless = o[1] == 2 && o[3] == 0;
	sum->barred = o[3] == 2;
	bound_graph_free(g);
	bound_free(b);
}

static bool is_ok(const struct sum *s)
{
	return !s->senseless && !s->barred && !s->never;
}

static double mean(const double *v)
{
	double sum = 0;

	for (int i = 0; i < DRAWS; i++)
		sum += v[i];
	return sum / DRAWS;
}

/* --- both --------------------------------------------------------------- */

static void run_joint(struct world *w, struct bound **b, struct joint *j)
{
	w->s->horizon = 24;
	*b = bound_new(w->f.library, w->s, NULL, &w->f.err);
	if (!*b || !joint_open(j, *b, &w->f.err)
	    || !joint_run(j, &w->o, &w->f.err)
	    || !joint_choose(j, &w->o, &w->f.err)) {
		err_print(&w->f.err, stderr, "test");
		fail();
	}
}

static void compare(const struct joint *j, const struct sum *sum)
{
	int best = -1, statuses[4] = { 0 };

	for (int c = 0; c < COMBINATIONS; c++) {
		const struct sum *s = &sum[c];

		statuses[j->status[c]]++;
		assert_int_equal(j->status[c], s->senseless ? JOINT_SENSELESS
			: s->never ? JOINT_INFEASIBLE : s->barred
			? JOINT_BARRED : JOINT_OK);
		if (!is_ok(s))
			continue;
		assert_near(j->mean[c], mean(s->cost),
		            ROUNDING * mean(s->cost));
		if (best < 0 || mean(s->cost) < mean(sum[best].cost))
			best = c;
	}
	assert_int_equal(j->best, best);
	/* all kinds are met, or the test would be half one */
	for (int k = 0; k < 4; k++)
		assert_true(statuses[k] > 0);
}

static void compare_draws(const struct joint *j, const struct sum *sum)
{
	int64_t wins[COMBINATIONS] = { 0 }, none = 0;

	for (int i = 0; i < DRAWS; i++) {
		double least = HUGE_VAL, low = HUGE_VAL;
		int who = -1;

		for (int c = 0; c < COMBINATIONS; c++) {
			if (!is_ok(&sum[c]))
				continue;
			least = fmin(least, sum[c].cost[i]);
			if (!sum[c].gap[i] && sum[c].cost[i] < low) {
				low = sum[c].cost[i];
				who = c;
			}
		}
		assert_near(j->least[i], least, ROUNDING * least);
		none += who < 0;
		if (who >= 0)
			wins[who]++;
	}
	assert_int_equal(j->none, none);
	for (int c = 0; c < COMBINATIONS; c++) {
		int64_t n = 0;

		for (int r = 0; r < j->replicates; r++)
			n += j->wins[c * j->replicates + r];
		assert_int_equal(n, wins[c]);
	}
}

static void test_enumeration(void **state)
{
	struct sum *sum = xcalloc(COMBINATIONS, sizeof *sum);
	struct world plan, plain;
	struct joint j;
	struct bound *b;
	int at[JOINT_MODELS];

	(void)state;
	open_world(&plan, true, asked);
	open_world(&plain, false, asked);
	run_joint(&plan, &b, &j);
	assert_int_equal(j.ncombinations, COMBINATIONS);
	for (int c = 0; c < COMBINATIONS; c++) {
		joint_options(&j, c, at);
		assert_int_equal(joint_combination(&j, at), c);
		add_up(&plain, at, &sum[c]);
	}
	compare(&j, sum);
	compare_draws(&j, sum);
	joint_close(&j);
	bound_free(b);
	free(sum);
	world_close(&plan);
	world_close(&plain);
}

/* --- shared parameters -------------------------------------------------- */

/* What both call by another name is one draw: bit for bit the same column. */
static void test_drawn_once(void **state)
{
	static const char other[] =
		"model: other\n" HEAD
		"parameters: {daily: {value: {workload: requests}}}\n"
		"decision: {minimise: \"daily * 1 [USD*day/request]\",\n"
		"           incumbent: wait}\n";
	static const char mine[] =
		"model: mine\n" HEAD
		"parameters: {load: {value: {workload: requests}}}\n"
		"decision: {minimise: \"load * 1 [USD*day/request]\",\n"
		"           incumbent: wait}\n";
	struct sample sample;
	struct run *run[2];
	struct plan *p[2];
	struct bound_graph *g;
	struct bound *b;
	struct world w;
	struct draws d;

	(void)state;
	world_open(&w, mine, "scenario: s\nmine: {}\nother: {}\n");
	world_add(&w, "other.yaml", other);
	b = bound_new(w.f.library, w.s, NULL, &w.f.err);
	assert_non_null(b);
	g = bound_graph_new(b);
	assert_true(draws_init(&d, w.o.sampler, 1, DRAWS, NULL));
	assert_true(sample_init(&sample, b, &d, &w.f.err));
	for (int i = 0; i < 2; i++) {
		p[i] = plan_new(g, b, i, true, &w.f.err);
		run[i] = run_new(p[i], &sample, &d, NULL, &w.o, &w.f.err);
	}
	assert_memory_equal(run[0]->cost, run[1]->cost,
	                    DRAWS * sizeof(double));
	assert_true(run[0]->cost[0] != run[0]->cost[1]);
	for (int i = 0; i < 2; i++) {
		run_free(run[i]);
		plan_free(p[i]);
	}
	sample_release(&sample);
	bound_graph_free(g);
	bound_free(b);
	world_close(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(test_enumeration),
		cmocka_unit_test(test_drawn_once),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
