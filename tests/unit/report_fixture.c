#include "report_fixture.h"

#include <math.h>
#include <string.h>

#define N(a) ((int)(sizeof(a) / sizeof *(a)))

static const char digest[] =
	"0123456789abcdef0123456789abcdef0123456789abcdef0123456789abcdef";

static struct summary spread(double mean, double p5, double p50, double p95)
{
	return (struct summary) {
		.value = NAN, .mean = mean, .se = mean / 1000, .p5 = p5,
		.p50 = p50, .p95 = p95, .p_number = 1,
	};
}

static struct summary nothing(const char *state)
{
	return (struct summary) {
		.value = NAN, .mean = NAN, .se = NAN, .p5 = NAN, .p50 = NAN,
		.p95 = NAN, .state = state, .p_never = 1,
	};
}

/* --- options ---------------------------------------------------------- */

static struct option_result option[4];
static struct named_summary output[3];
static const char *reason[] = { "memory_full" };
static const char *reason_text[] = { "Memory is full: needs more than 80 GB" };
static const char *barred_by[] = { "data_stays" };
static const char *barred_text[] = { "Data must stay: a model of your own" };

static void make_options(void)
{
	output[0] = (struct named_summary) {
		"monthly_cost", "Cost in the first month", "USD/month", false,
		spread(8599.25, 3905, 8000, 16e3),
	};
	output[1] = (struct named_summary) {
		"pays_back", "Months until it pays back", "month", false,
		nothing("never"),
	};
	output[2] = (struct named_summary) {
		"queue", "Wait in the queue", "s", true,
		{ .value = 0.25, .mean = NAN, .se = NAN, .p5 = NAN,
		  .p50 = NAN, .p95 = NAN, .p_number = 1 },
	};
	option[0] = (struct option_result) {
		"api", "Call an API", .slo_met = true, .p_feasible = 1,
		.objective = spread(412345.678, 305e3, 400e3, 548e3),
		.cvar95 = 601e3, .cvar95_se = 900,
		.expected_regret = 9100, .regret_se = 80,
		.probability_best = 0.87, .probability_best_se = 0.004,
		.noutputs = 3, .output = output,
	};
	option[1] = (struct option_result) {
		"self_host", "Host a model", .slo_met = false,
		.p_feasible = 0.97,
		.objective = spread(498e3, 350e3, 480e3, 671e3),
		.cvar95 = 800e3, .cvar95_se = 1100,
		.expected_regret = 95e3, .regret_se = 300,
		.probability_best = 0.13, .probability_best_se = 0.004,
	};
	option[2] = (struct option_result) {
		"big", "Host a big model", OPTION_INFEASIBLE, true,
		1, reason, reason_text, 0, nothing("infeasible: memory_full"),
		NAN, NAN, NAN, NAN, 0, 0, 0, NULL, NULL, 0, NULL,
	};
	option[3] = (struct option_result) {
		"outside", "Let others do it", OPTION_BARRED, true,
		1, barred_by, barred_text, 1,
		spread(100e3, 80e3, 99e3, 130e3),
		140e3, NAN, NAN, NAN, 0, 0, 0, NULL, NULL, 0, NULL,
	};
}

/* --- break-evens ------------------------------------------------------ */

static struct crossing one[] = { { 1.96e6, CROSS_ROOT, 0, 1 } };
static struct crossing stairs[] = {
	{ 3.99e6, CROSS_JUMP, 0, 1 }, { 4.08e6, CROSS_JUMP, 1, 0 },
	{ 4.26e6, CROSS_JUMP, 0, 1 },
};
static struct crossing three[] = {
	{ 0.5, CROSS_ROOT, 1, 0 }, { 2, CROSS_TOUCH, 0, 0 },
	{ 7.5, CROSS_ROOT, 0, 3 },
};
static struct crossing close_by[] = {
	{ 84.6181e6, CROSS_JUMP, 0, 1 }, { 84.6244e6, CROSS_JUMP, 1, 0 },
};
static struct break_even even[6];

static struct break_even searched(const char *parameter, const char *title,
                                  const char *unit, bool pair,
                                  enum break_even_state state)
{
	return (struct break_even) {
		.parameter = parameter, .title = title, .unit = unit,
		.pair = pair, .between = { 0, 1 }, .state = state,
		.low = 1e4, .high = 1e10, .here = 210e3, .first = NAN,
		.sure = NAN, .p_never = NAN, .p_always = NAN, .p5 = NAN,
		.p50 = NAN, .p95 = NAN, .p_beyond = NAN,
		.note = "expected cost over 1024 draws",
	};
}

static void cross(struct break_even *b, struct crossing *c, int n)
{
	b->ncrossings = n;
	b->crossing = c;
	b->first = c[0].at;
	b->sure = c[n - 1].at;
}

static void make_break_evens(void)
{
	even[0] = searched("requests_per_day", "Requests per day",
	                   "request/day", true, BREAK_CROSSINGS);
	cross(&even[0], one, N(one));
	even[0].draws = 512;
	even[0].p_never = 0.17;
	even[0].p_always = 0.002;
	even[0].p5 = 1.37e6;
	even[0].p50 = 1.98e6;
	even[0].p95 = 2.85e6;
	even[0].p_beyond = 0.01;
	even[1] = searched("requests_per_day", "Requests per day",
	                   "request/day", false, BREAK_CROSSINGS);
	cross(&even[1], stairs, N(stairs));
	even[2] = searched("gpu_hour", "Price of a GPU hour", "USD/h/GPU",
	                   false, BREAK_CROSSINGS);
	cross(&even[2], three, N(three));
	even[2].here = 3;
	even[3] = searched("people", "People", "FTE", false, BREAK_NEVER);
	even[3].here = 1.5;
	even[4] = searched("colour", "Colour", "1", true, BREAK_UNDEFINED);
	even[4].here = NAN;
	even[4].note = "no option depends on it";
	even[5] = searched("load", "Load", "request/day", true,
	                   BREAK_CROSSINGS);
	cross(&even[5], close_by, N(close_by));
	even[5].note = "the search was cut short: there may be more crossings";
}

/* --- the rest --------------------------------------------------------- */

#define NOT_ASKED .total = NAN, .total_se = NAN, .shapley = NAN, \
	.shapley_se = NAN, .prcc = NAN, .prcc_se = NAN, .low_missing = -1
static struct sensitivity driver[] = {
	{ .parameter = "gpu_hour", .title = "Price of a GPU hour",
	  .unit = "USD/h/GPU", .low_text = "2.05 USD/h/GPU",
	  .high_text = "5.66 USD/h/GPU", .swing_low = 1.02e6,
	  .swing_high = 2.89e6, .first_order = 0.4, .first_order_se = 0.01,
	  .mean_low = 9e5, .mean_low_se = 1e3, .mean_high = 2.5e6,
	  .mean_high_se = 2e3, NOT_ASKED, .high_missing = -1 },
	{ .parameter = "growth", .title = "Growth of volume",
	  .unit = "1/year", .low_text = "0.01 1/year",
	  .high_text = "1.5 1/year", .swing_low = 702e3, .swing_high = -158e3,
	  .first_order = NAN, .first_order_se = NAN, .flips = true,
	  .high_best = 1, .mean_low = 6e5, .mean_low_se = 1e3,
	  .mean_high = -1e5, .mean_high_se = 2e3, NOT_ASKED,
	  .high_missing = -1 },
	{ .parameter = "drift", .title = "Drift of prices", .unit = "1",
	  .low_text = "falling", .high_text = "flat", .swing_low = 5e3,
	  .swing_high = NAN, .first_order = NAN, .first_order_se = NAN,
	  .high_best = -1, .mean_low = NAN, .mean_low_se = NAN,
	  .mean_high = NAN, .mean_high_se = NAN, NOT_ASKED,
	  .high_missing = 1 },
};
static double worst[] = { 9e5, 8.5e5, NAN, NAN };
static double mean_of_worst[] = { 601e3, 800e3, NAN, NAN };
static struct criterion criterion[] = {
	{ "cvar95", "Mean of the worst 5 %", NULL, 0, true, mean_of_worst },
	{ "worst_case", "The dearest draw", "of those made", 1, false, worst },
};
static struct dominance dominance[] = { { 0, 1, 2 }, { 0, 3, 1 } };
static struct evppi evppi[] = {
	{ "growth", "Growth of volume", 5120.5, 90, 12.5, NULL },
	{ "people", "People", 12, 40, NAN, NULL },
};
static int bars[] = { 3 };
static struct rule_result rule[] = {
	{ "data_stays", "Data may not leave", "a contract", "2026-11-23", true,
	  1, bars, 312345, 400 },
	{ "two_vendors", "Two vendors", "policy", "2026-11-23", false, 0, NULL,
	  0, 0 },
	{ "all", "Nothing at all", NULL, NULL, true, 1, bars, NAN, NAN },
};
static struct finding finding[] = {
	{ "below", "Below the line of 100k requests a day", 0.79 },
	{ "sure", "People cost more than GPUs", 1 },
};
static struct note warning[] = {
	{ "unmeasured", "1 of the 2 parameters that matter is an assumption" },
};
static struct preset_result preset[] = {
	{ "price_drift", "falling", 0.6 }, { "price_drift", "flat", 0.4 },
};
static struct provenance source[] = {
	{ "requests_per_day", "Requests per day", "request/day", "workload",
	  "150k to 300k", "scenario", NULL, NULL, "measured", "gateway log",
	  "2026-10-30",
	  1.5e5, 2.1e5, 3e5, 2.15e5, false, true, true, 1.1e5, 3.6e5,
	  NAN, NAN },
	{ "migration", "Migration, once", "USD", NULL, "20k to 250k", "model",
	  NULL, NULL, "assumption", "judgement", "2026-11-23", 2e4, 7e4, 2.5e5, 9.6e4,
	  false, false, true, 1.2e4, 4.2e5, NAN, NAN },
	{ "price_in@api", "Price of input", "USD/Mtoken", NULL, "2.5",
	  "price map", "built-in", NULL, "vendor", "https://example.com/a_b?x=1&y=2|z",
	  "2026-07-24", 2.5, 2.5, 2.5, 2.5, true, false, false,
	  2.5, 2.5, NAN, NAN },
};
static struct checklist_item check[] = {
	{ "exit_plan", "Is there a way back?", NULL, true },
	{ "owner", "Who owns it in a year?", "the platform team", false },
};
static struct trigger_item trigger[] = {
	{ "volume", "measured(requests_per_day) > 0.9 * crossing", "60 day" },
};

static struct tradeoff trade;
static struct evaluation evaluation;

static void make_tradeoff(void)
{
	trade = (struct tradeoff) {
		.model = "build-vs-buy", .title = "Build vs buy",
		.question = "Call an API, or host a model?", .version = 3,
		.horizon = 36,
		.verdict = { VERDICT_STABLE, 0, 1, 0.87, 0, "firm",
		             "Call an API: cheapest in 87 % of draws.", 8, 8,
		             85654.322, 900, 0.95, NULL },
		.objective_name = "npv_cost", .objective_unit = "USD",
		.sense = "minimise", .indifferent_below = 500,
		.incumbent = "self_host", .noptions = 4, .option = option,
		.nbreak_even = N(even), .break_even = even,
		.nsensitivity = N(driver), .sensitivity = driver,
		.voi = { .present = true, .evpi = 9100, .evpi_se = 80.25,
		         .noise = 1.5, .nevppi = N(evppi), .evppi = evppi },
		.ncriteria = N(criterion), .criterion = criterion,
		.ndominances = N(dominance), .dominance = dominance,
		.nrules = N(rule), .rule = rule, .nfindings = N(finding),
		.finding = finding, .npresets = N(preset), .preset = preset,
		.nprovenance = N(source), .provenance = source,
		.nwarnings = N(warning), .warning = warning,
		.nchecklist = N(check), .checklist = check,
		.ntriggers = N(trigger), .trigger = trigger,
	};
	memcpy(trade.model_digest, digest, sizeof digest);
}

struct evaluation *report_fixture(void)
{
	make_options();
	make_break_evens();
	make_tradeoff();
	evaluation = (struct evaluation) {
		.engine = { "1", "sobol-owen", "class0", "avx2", 16384, 8, 7,
		            false },
		.scenario = "support-bot", .title = "Support bot",
		.prices_as_of = "2026-07-24", .ntradeoffs = 1,
		.tradeoff = &trade,
	};
	memcpy(evaluation.digest, digest, sizeof digest);
	memcpy(evaluation.scenario_digest, digest, sizeof digest);
	memcpy(evaluation.prices_digest, digest, sizeof digest);
	return &evaluation;
}

static void to_point(struct summary *s)
{
	if (isfinite(s->mean))
		s->value = s->mean;
	s->mean = s->se = s->p5 = s->p50 = s->p95 = NAN;
}

struct evaluation *report_fixture_point(void)
{
	struct evaluation *e = report_fixture();

	e->engine.point = trade.point = true;
	trade.verdict.probability_best = trade.verdict.p_none = NAN;
	trade.verdict.advantage_se = NAN;
	trade.voi.present = false;
	for (int i = 0; i < trade.noptions; i++) {
		to_point(&option[i].objective);
		option[i].cvar95 = option[i].regret_se = NAN;
		option[i].probability_best = NAN;
		option[i].probability_best_se = NAN;
	}
	for (int i = 0; i < N(output); i++)
		to_point(&output[i].s);
	even[0].draws = 0;
	even[0].p5 = even[0].p50 = even[0].p95 = NAN;
	even[0].p_never = even[0].p_always = even[0].p_beyond = NAN;
	return e;
}

struct evaluation *report_fixture_typed(const char *text)
{
	static const char *typed[1];
	static struct provenance p[3];
	struct evaluation *e = report_fixture();

	typed[0] = text;
	e->scenario = e->title = text;
	trade.title = trade.question = text;
	trade.verdict.sentence = text;
	for (int i = 0; i < 4; i++)
		option[i].title = text;
	option[2].reason_text = typed;
	output[0].title = text;
	memcpy(p, source, sizeof p);
	for (int i = 0; i < 3; i++) {
		p[i].parameter = p[i].title = p[i].text = text;
		p[i].source = p[i].date = p[i].unit = text;
	}
	trade.provenance = p;
	for (int i = 0; i < N(even); i++)
		even[i].title = even[i].unit = text;
	even[4].note = text;
	return e;
}

struct decision_record report_fixture_decision(void)
{
	static const char *const deciders[] = { "Ann O'Neil", "Bob", NULL };

	return (struct decision_record) {
		.number = 12, .title = "Keep the hosted API.",
		.status = "accepted",
		.date = "2026-11-24", .model = "build-vs-buy",
		.option = "api", .because = "the team is small",
		.deciders = deciders, .review = "2027-05-01",
		.revision = digest, .evaluation = digest,
		.command = "steelyard evaluate support-bot@r1 --seed 7",
	};
}
