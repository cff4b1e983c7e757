#include "sample.h"

#include <math.h>

#define POINTS 61

static struct summary objective(double mean, double p5, double p95)
{
	return (struct summary){ .value = NAN, .mean = mean,
	                         .se = mean * 1e-3, .p5 = p5,
	                         .p50 = mean * 0.97, .p95 = p95,
	                         .p_number = 1 };
}

static struct option_result option(const char *name, const char *title,
                                   struct summary s, double p, double regret)
{
	return (struct option_result){
		.name = name, .title = title, .slo_met = true, .p_feasible = 1,
		.objective = s, .cvar95 = s.p95 * 1.05,
		.expected_regret = regret, .regret_se = regret * 0.01,
		.probability_best = p, .probability_best_se = 0.004,
	};
}

static struct option_result options[4];
static double density_at[24], density[24];
static struct crossing cross = { 1.96e6, CROSS_ROOT, 0, 2 };
static struct break_even even;

/* A lognormal density of the crossing, on log-spaced bins. */
static void make_break_even(void)
{
	for (int i = 0; i < 24; i++) {
		double z = (i - 11.5) / 4.5;

		density_at[i] = 1.96e6 * exp(z * 0.22);
		density[i] = exp(-z * z / 2);
	}
	even = (struct break_even){
		.parameter = "requests_per_day", .title = "requests per day",
		.unit = "request/day", .pair = true, .between = { 0, 2 },
		.state = BREAK_CROSSINGS, .low = 1e4, .high = 1e7,
		.here = 210e3, .ncrossings = 1, .crossing = &cross,
		.first = 1.96e6, .sure = 1.96e6, .draws = 4096,
		.p_never = 0.12, .p_always = 0, .p5 = 1.37e6, .p50 = 1.96e6,
		.p95 = 2.85e6, .p_beyond = 0.01, .ndensity = 24,
		.density_at = density_at, .density = density, .log = true,
	};
}

#define DRIVER(name, words, of, a, b, at_a, at_b, tips, wins) { \
	.parameter = name, .title = words, .unit = of, .low_text = a, \
	.high_text = b, .swing_low = at_a, .swing_high = at_b, \
	.first_order = NAN, .first_order_se = NAN, .flips = tips, \
	.high_best = wins, .total = NAN, .shapley = NAN, .prcc = NAN, \
	.low_missing = -1, .high_missing = -1 }
static struct sensitivity drivers[] = {
	DRIVER("staff", "platform staff", "FTE", "1", "2.5",
	       9.1e5, 5.2e4, false, 0),
	DRIVER("utilisation", "GPU utilisation", "1", "0.15", "0.60",
	       7.6e5, -4e4, true, 2),
	DRIVER("tokens_per_s", "tokens per GPU second", "token/s", "900", "2.1k",
	       3.1e5, 6.1e5, false, 0),
	DRIVER("price_in", "API price, input", "USD/Mtoken", "0.35", "0.70",
	       5.5e5, 3.6e5, false, 0),
	DRIVER("gpu_hour", "GPU hour", "USD/h", "1.6", "2.9",
	       3.9e5, 5e5, false, 0),
	DRIVER("growth", "growth", "1/month", "2 %", "6 %",
	       4.7e5, 4.3e5, false, 0),
};

static const struct provenance origin[] = {
	{ "requests_per_day", "requests per day", "request/day", "workload",
	  "150k to 300k", "scenario", NULL, NULL, "measured", "gateway log",
	  "2026-10-30",
	  1.5e5, 2.1e5, 3e5, 2.15e5, false, true, true, 1.1e5, 3.6e5,
	  NAN, NAN },
};

static struct tradeoff build;

static void make_tradeoff(void)
{
	options[0] = option("api_closed", "Call a closed API",
	                    objective(412e3, 305e3, 548e3), 0.87, 9.1e3);
	options[1] = option("api_open", "Call an open-weights API",
	                    objective(498e3, 350e3, 671e3), 0.12, 95e3);
	options[2] = option("self_host", "Host an open model",
	                    objective(862e3, 610e3, 1.21e6), 0.01, 459e3);
	options[3] = option("from_scratch", "Train from scratch",
	                    objective(8.9e6, 5.2e6, 14.8e6), 0, 8.5e6);
	build = (struct tradeoff){
		.model = "build-vs-buy", .title = "Build vs buy",
		.question = "Call an API, host an open model, or build your "
		            "own stack?",
		.version = 1, .horizon = 36,
		.verdict = { VERDICT_STABLE, 0, 1, 0.87, 0, "firm",
		             "Call a closed API: it costs least with "
		             "probability 0.87.", 8, 8, 86e3, 900, 0.95 },
		.objective_name = "npv_cost", .objective_unit = "USD",
		.sense = "minimise", .indifferent_below = 500,
		.incumbent = "api_closed", .noptions = 4, .option = options,
		.nbreak_even = 1, .break_even = &even,
		.nsensitivity = 6, .sensitivity = drivers,
		.voi = { .present = true, .evpi = 9100, .evpi_se = 80 },
		.nprovenance = 1,
		.provenance = (struct provenance *)(uintptr_t)origin,
	};
}

const struct tradeoff *sample_tradeoff(void)
{
	return &sample_evaluation()->tradeoff[0];
}

const struct evaluation *sample_evaluation(void)
{
	static struct evaluation e;

	if (e.ntradeoffs)
		return &e;
	make_break_even();
	make_tradeoff();
	e = (struct evaluation){
		.engine = { "1", "sobol-owen", "0", "avx2", 16384, 8, 1,
		            false },
		.scenario = "support-bot", .title = "Support bot",
		.ntradeoffs = 1, .tradeoff = &build,
	};
	return &e;
}

const struct curve *sample_curve(void)
{
	static const char *titles[] = { "Call a closed API",
	                                "Call an open-weights API",
	                                "Host an open model",
	                                "Train from scratch" };
	static double x[POINTS], mean[4 * POINTS], p5[4 * POINTS];
	static double p95[4 * POINTS];
	static struct curve c;
	const double fixed[4] = { 4e3, 9e4, 8e5, 8.6e6 };
	const double slope[4] = { 1.96, 2.0, 0.9 * 1.73, 0.4 };

	for (int o = 0; o < 4; o++)
		for (int i = 0; i < POINTS; i++) {
			double v;

			x[i] = 1e4 * pow(1000, (double)i / (POINTS - 1));
			v = fixed[o] + slope[o] * x[i];
			mean[o * POINTS + i] = v;
			p5[o * POINTS + i] = v * 0.7;
			p95[o * POINTS + i] = v * 1.35;
		}
	c = (struct curve){
		.parameter = "requests_per_day", .title = "requests per day",
		.unit = "request/day", .y_title = "Net present cost",
		.y_unit = "USD", .log_x = true, .n = POINTS, .noptions = 4,
		.option = titles, .x = x, .mean = mean, .p5 = p5, .p95 = p95,
		.here = 210e3,
	};
	return &c;
}

/* The left half is the first option's, of the right one a quarter nobody's. */
static signed char labels[25] = {
	0, 0, 1, 1, 1,
	0, 0, 1, 1, 1,
	0, 0, 1, 1, 1,
	0, 0, 1, -1, -1,
	0, 0, 1, -1, -1,
};
/* Sure at the outer columns, even in the middle. */
static double best[3 * 3 * 2] = {
	1, 0, 0.5, 0.5, 0, 1, 1, 0, 0.5, 0.5, 0, 1, 1, 0, 0.5, 0.5, 0, 0,
};
static double middle_x[] = { 1e4, 1e4 }, middle_y[] = { 1, 5 };
static double sure_x[] = { 1500, 1500 };

const struct frontier *sample_frontier(void)
{
	static const char *name[] = { "api", "host" };
	static const char *title[] = {
		"Call an API", "Host <small> & own",
	};
	static double share[] = { 0.5, 0.375 };
	static struct frontier_line line[] = {
		{ 0, 1, NAN, 2, middle_x, middle_y },
		{ 0, -1, 0.9, 2, sure_x, middle_y },
	};
	static struct frontier f;

	f = (struct frontier) {
		.x = { "requests_per_day", "Requests per day", "request/day",
		       1e3, 1e5, true, 4e3 },
		.y = { "gpu_hour", "GPU hour", "USD/h", 1, 5, false, 2 },
		.noptions = 2, .option = name,
		.title = title, .n = 4,
		.label = labels, .share = share, .coarse = 2, .best = best,
		.nlines = 2, .line = line, .draws = 1024,
	};
	return &f;
}

const struct comparison *sample_comparison(void)
{
	static struct change change[] = {
		{ "workload/requests_per_day", "180k", "210k", 0 },
		{ "build-vs-buy/parameters/price_in@api_closed", "0.6",
		  "0.15", 1 },
		{ "build-vs-buy/parameters/staff", NULL, "1 to 2.5", 2 },
	};
	static const char *group[] = {
		"workload/requests_per_day",
		"build-vs-buy/parameters/price_in@api_closed",
		"build-vs-buy/parameters/staff",
	};
	static double cost[] = { 90e3, -260e3, 12e3 };
	static double lead[] = { 0, -1.5e6, 1.2e6 };
	static struct trade_change trade[] = { {
		.model = "build-vs-buy", .title = "Build vs buy",
		.option_then = "self_host", .option_now = "api_closed",
		.state_then = "stable", .state_now = "stable",
		.flipped = true,
		.figure = {
			{ .name = "advised", .title = "what is advised costs",
			  .unit = "USD", .then = 500e3, .now = 342e3,
			  .share = cost },
			{ .name = "lead", .title = "lead of what was advised "
			  "then", .unit = "USD", .then = 200e3, .now = -100e3,
			  .share = lead },
			{ .name = "probability_best", .title = "probability "
			  "that it is best", .unit = "1", .then = 0.8,
			  .now = NAN },
		},
	} };
	static struct comparison c;

	c = (struct comparison){
		.then = "support-bot@r6", .now = "the screen", .nchanges = 3,
		.change = change, .ngroups = 3, .group = group, .ntrades = 1,
		.trade = trade, .shared = true, .samples = 4096,
		.evaluations = 8,
	};
	return &c;
}

const struct verdict_step *sample_steps(int *n)
{
	static const struct verdict_step step[] = {
		{ "r1", "Host an open model", 0.91 },
		{ "r2", "Host an open model", 0.7 },
		{ "r3", NULL, NAN },
		{ "r4", "Call a closed API", 0.62 },
		{ "r5", "Call a closed API", 0.93 },
	};

	*n = 5;
	return step;
}

const struct explanation *sample_explanation(void)
{
	static const struct provenance price = {
		.parameter = "price_in@api_closed", .kind = "vendor",
		.source = "price list", .date = "2026-07-01",
		.origin = "price map", .text = "0.15",
	};
	static struct move moved[] = {
		{ "requests_per_day", "Requests per day", 0.7, 0.01 },
		{ "growth", "Growth", 0.2, 0.01 },
	};
	static struct explanation leaf, once, monthly, root;
	static struct explanation *below[] = { &leaf };
	static struct explanation *parts[] = { &monthly, &once };

	leaf = (struct explanation){
		.name = "price_in[api_closed]", .title = "API price, input",
		.formula = "{price: gpt-4o-mini, field: input}",
		.unit = "USD/Mtoken", .file = "models/build-vs-buy.yaml",
		.line = 84, .source = &price,
		.s = { 0.15, NAN, NAN, NAN, NAN, NAN, 1, NULL, 0, 0 },
	};
	once = (struct explanation){
		.name = "once[api_closed]", .title = "once", .unit = "USD",
		.s = { NAN, NAN, NAN, NAN, NAN, NAN, 0, "never", 1, 0 },
	};
	monthly = (struct explanation){
		.name = "monthly[api_closed] at 1", .title = "Cost a month",
		.formula = "tokens + staff", .unit = "USD/month", .n = 1,
		.part = below,
		.s = { NAN, 8562, 12, 3770, 8100, 16100, 1, NULL, 0, 0 },
	};
	root = (struct explanation){
		.name = "objective[api_closed]", .title = "NPV cost",
		.formula = "npv(monthly, discount_rate) + once",
		.unit = "USD", .file = "models/build-vs-buy.yaml",
		.line = 650, .n = 2, .part = parts, .nmoves = 2,
		.move = moved,
		.s = { NAN, 342e3, 100, 120e3, 320e3, 640e3, 1, NULL, 0, 0 },
	};
	return &root;
}

struct evaluation *sample_valued(void)
{
	static struct evppi worth[] = {
		{ "requests_per_day", "Requests per day", 5200, 310, NAN,
		  NULL },
		{ "gpu_hour_price", "Price of a GPU hour", 1800, 140, NAN,
		  "its tail beyond 3 USD counts for most of it" },
		{ "discount", "Discount at volume", 12, 40, NAN, NULL },
	};
	static struct study_size runs[] = {
		{ 5, 900, 60, 10e3, -9100, 60 },
		{ 12, 2100, 80, 500, 1400, 85 },
	};
	static struct study_result study[] = {
		{ .name = "load_test", .title = "A load test of one replica",
		  .observes = "gpu_hour_price", .word = "runs",
		  .decisions = 1, .perfect = 1800, .perfect_se = 140,
		  .nsizes = 2, .size = runs, .best = 1, .pays = true,
		  .near_low = 8, .near_high = 20, .takes = "0.5 month",
		  .delay = 200, .delay_se = 10 },
		{ .name = "ask", .title = "Ask the vendor for a discount",
		  .observes = "discount", .word = "n", .decisions = 1,
		  .perfect = 12, .nsizes = 1, .size = runs, .best = 0 },
	};
	static struct evaluation e;
	static struct tradeoff t;

	t = *sample_tradeoff();
	t.voi.noise = 20;
	t.voi.nevppi = 3;
	t.voi.evppi = worth;
	t.voi.nstudies = 2;
	t.voi.study = study;
	e = *sample_evaluation();
	e.tradeoff = &t;
	return &e;
}

struct joint_plan *sample_plan(void)
{
	static const int here[] = { 0, 1 }, there[] = { 1, 1 };
	static int second[] = { 1 };
	static double often[2][4] = { { 0.7, 0.2, 0.1 }, { 0.1, 0.9 } };
	static struct plan_choice choice[] = {
		{ here, 840e3, 1200, 0, 0, 0.64, 0.01, 1 },
		{ there, 861e3, 1300, 21e3, 300, 0.2, 0.01, 1 },
	};
	static struct plan_part part[2];
	static struct plan_account account[] = {
		{ "serving", 0, 1, second }, { "staff", -1, 0, NULL },
	};
	static struct plan_rule rule[] = {
		{ 1, "human_before_effect", "A human before effect", 4, 3000,
		  40 },
		{ -1, "own_needs_own", "Machines of your own need a model "
		  "that you host", 6, NAN, NAN },
	};
	static struct tradeoff t[2];
	static struct evaluation separate;
	static struct joint_plan p;

	t[0] = t[1] = *sample_tradeoff();
	t[1].model = "throughput-vs-latency";
	t[1].title = "Batch vs real-time";
	for (int i = 0; i < 2; i++)
		part[i] = (struct plan_part){ .joint = here[i], .cost = 420e3,
			.cost_se = 900, .p_chosen = often[i] };
	separate = *sample_evaluation();
	separate.ntradeoffs = 2;
	separate.tradeoff = t;
	p = (struct joint_plan){
		.separate = &separate, .horizon = 36, .unit = "USD",
		.digest = "0123456789abcdef", .ncombinations = 16, .nok = 6,
		.nsenseless = 6, .nbarred = 4, .part = part, .nchoices = 2,
		.choice = choice, .indifferent_below = 500, .differs = true,
		.verdict = { VERDICT_STABLE, 0, 1, 0.64, 0, "toss", "", 8, 8,
		             21e3, 300, 0.95 },
		.separate_cost = 852e3, .interaction = 12e3,
		.interaction_se = 200, .naccounts = 2, .account = account,
		.nrules = 2, .rule = rule,
		.voi = { .present = true, .evpi = 31e3, .evpi_se = 500 },
	};
	return &p;
}

static const struct fact_column of_names[] = {
	{ "name", true, 0 }, { "spend", false, 5 }, { "share", false, 3 },
	{ "requests", false, 6 }, { "tokens", false, 5 },
	{ "runaway", true, 0 },
}, of_days[] = {
	{ "day", true, 0 }, { "spend", false, 5 }, { "requests", false, 6 },
}, of_month[] = {
	{ "day", true, 0 }, { "spent", false, 6 }, { "low", false, 6 },
	{ "high", false, 6 },
};

struct import *sample_import(void)
{
	static struct fact_cell name[] = {
		{ "search", 0 }, { NULL, 4100 }, { NULL, 0.5 }, { NULL, 12e3 },
		{ NULL, 34e6 }, { NULL, 0 },
		{ "billing", 0 }, { NULL, 2460 }, { NULL, 0.3 },
		{ NULL, 5e3 }, { NULL, 21e6 },
		{ "2.6 times its level since 2026-10-20", 0 },
		{ "Unattributed", 0 }, { NULL, 1640 }, { NULL, 0.2 },
		{ NULL, 3e3 }, { NULL, 9e6 }, { NULL, 0 },
	}, day[] = {
		{ "2026-10-29", 0 }, { NULL, 400 }, { NULL, 900 },
		{ "2026-10-30", 0 }, { NULL, 420 }, { NULL, 930 },
		{ "2026-10-31", 0 }, { NULL, 210 }, { NULL, 480 },
	};
	static struct fact_cell month[31 * 4];
	static struct fact_table table[] = {
		{ "team", "Spend by team, USD", 6, of_names, 3, name, 0 },
		{ "days", "Spend by day", 3, of_days, 3, day, 0 },
		{ "month", "The month", 4, of_month, 31, month, 0 },
	};
	static struct fact_table *facts[] = { &table[0], &table[1],
	                                      &table[2] };
	static struct measure x[] = {
		{ .name = "attribution_coverage_team", .unit = "1",
		  .value = "0.8", .mean = 0.8, .low = NAN, .high = NAN },
		{ .name = "month_spend", .unit = "USD", .value = "8900",
		  .note = "5200 in 18 of 31 days", .mean = 8900, .low = 8300,
		  .high = 9500 },
		{ .name = "p_overrun", .unit = "1", .value = "0.41",
		  .mean = 0.41, .low = NAN, .high = NAN },
		{ .name = "alert_at", .unit = "USD/day", .value = "292",
		  .mean = 292.3, .low = NAN, .high = NAN },
	};
	static struct import m;

	for (int i = 0; i < 31; i++) {
		double wide = i > 17 ? 46 * (i - 17) : 0;

		month[4 * i + 1].number = 287 * (i + 1);
		month[4 * i + 2].number = 287 * (i + 1) - wide;
		month[4 * i + 3].number = 287 * (i + 1) + wide;
	}
	m = (struct import){
		.kind = IMPORT_USAGE, .title = "spend.jsonl",
		.format = "litellm-spend", .file = "spend.jsonl",
		.digest = "9c614d7efc1e7397", .rows = 20000, .skipped = 3,
		.from = 1790812800, .to = 1793487600, .clock = true,
		.nmeasures = 4, .measure = x, .nfacts = 3, .fact = facts,
	};
	return &m;
}
