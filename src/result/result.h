/*
 * What comes out of a run: plain, immutable, self-describing.  Reports,
 * charts, the screen and the store read results and never see models or the
 * engine.  Every number is in the unit whose text stands beside it.
 *
 * A result owns an arena; all its pointers live there.  A number that does not
 * exist is NAN in memory together with a state or reason; writers must turn
 * that into null/words (result_has()).
 */
#ifndef STEELYARD_RESULT_RESULT_H
#define STEELYARD_RESULT_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/digest.h"

struct arena;
struct buf;

/* A random number's summary, or (point) one value. */
struct summary {
	double value;                   /* point runs; else NAN */
	double mean, se;                /* se: from replicates; NAN when none */
	double p5, p50, p95;
	double p_number;                /* share of draws with a number */
	const char *state;              /* when p_number == 0 or a point state:
	                                   "never", "always", "infeasible: ..." */
	double p_never, p_always;       /* shares of those states */
};

struct named_summary {
	const char *name, *title, *unit;
	bool central;                   /* `at: central`: too dear per draw */
	struct summary s;
};

enum option_status { OPTION_OK, OPTION_INFEASIBLE, OPTION_BARRED };
extern const char *const option_status_names[3];

struct option_result {
	const char *name, *title;
	enum option_status status;
	bool slo_met;                   /* service levels that only flag */
	int nreasons;
	const char **reason;            /* codes: "tpot_below_decode_floor" */
	const char **reason_text;       /* with the remedy filled in */
	double p_feasible;
	struct summary objective;
	double cvar95, cvar95_se;       /* mean of the worst 5 % of draws */
	double expected_regret, regret_se;
	double probability_best, probability_best_se;
	/* Of each independent part of the draws, so that differences of figures
	 * on the same points have errors of their own; NULL: none. */
	int nreplicates;
	const double *replicate_mean, *replicate_best;
	int noutputs;
	struct named_summary *output;
};

enum verdict_state {
	VERDICT_STABLE, VERDICT_TIED, VERDICT_UNDECIDED, VERDICT_INFEASIBLE
};
extern const char *const verdict_state_names[4];

/* An option that is best in more draws than the advised one, which has the
 * better mean: what each saves on the mean where it beats the other. */
struct oftener {
	int option;
	double probability;
	double wins_by, wins_by_se, loses_by, loses_by_se;
};

struct verdict {
	enum verdict_state state;
	int option;                     /* index; -1 when none can be taken */
	int runner_up;                  /* -1 when none */
	double probability_best, p_none;
	const char *badge;              /* "firm" "lean" "toss" */
	const char *sentence;
	int agreeing, replicates;       /* replicates that name this option */
	double advantage, advantage_se; /* runner-up minus best, objective unit */
	double confidence;              /* the level `stable` was held to */
	const struct oftener *oftener;  /* or NULL */
};

enum crossing_kind { CROSS_ROOT, CROSS_JUMP, CROSS_TOUCH };
extern const char *const crossing_kind_names[3];

struct crossing {
	double at;                      /* in the parameter's unit */
	enum crossing_kind kind;
	int below, above;               /* option that wins on each side; -1 none */
};

/* `never`: the first option wins (or stands) over the whole range; `always`:
 * the second one does. */
enum break_even_state {
	BREAK_NEVER, BREAK_ALWAYS, BREAK_CROSSINGS, BREAK_UNDEFINED
};
extern const char *const break_even_state_names[4];

struct break_even {
	const char *parameter, *title, *unit;
	bool pair;                      /* of two options; else of all, and */
	int between[2];                 /* incumbent (or recommended), rival; of
	                                   all: the winners at the two ends, or
	                                   on the way (-1: only one wins) */
	enum break_even_state state;
	double low, high;               /* the range searched */
	double here;                    /* the scenario's central value */
	int ncrossings;
	struct crossing *crossing;      /* rising; where the sign of the
	                                   difference changes for good and ill */
	double first, sure;             /* first crossing; from `sure` on the
	                                   winner above no longer changes; NAN */
	/* the distribution of each draw's first crossing */
	int64_t draws;                  /* 0: not computed (point) */
	double p_never, p_always;
	double p5, p50, p95;            /* of those draws that cross; NAN where
	                                   they are fewer than 20 */
	double p_beyond;                /* P(x past its own crossing); NAN when x
	                                   is not uncertain */
	double p_never_se, p_always_se, p50_se;
	int64_t crossed;                /* of the draws */
	int ndensity;                   /* a histogram of the crossings for */
	double *density_at, *density;   /* charts; log-spaced when `log` */
	bool log;
	const char *note;               /* "no option depends on it", or NULL */
};

/* When to take an option that can be left again: from `at` on, and to leave it
 * below `back`; in between all stays as it is. */
struct switching {
	bool present;
	const char *parameter, *title, *unit;
	int from, to;                   /* options: the incumbent, another */
	const struct named_summary *at, *back;
	const struct named_summary *value;      /* of the right to; or NULL */
	double here;                    /* the scenario's central value; NAN */
	double p_above, p_below;        /* draws whose own value lies beyond
	                                   the one, below the other; NAN:
	                                   point */
};

struct sensitivity {
	const char *parameter, *title, *unit;
	const char *low_text, *high_text;       /* the ends, for people */
	double swing_low, swing_high;   /* the advantage itself (runner-up minus
	                                   best; alone: the objective) with the
	                                   parameter at P10/P90, others at their
	                                   centre; NAN: cannot be taken there */
	double first_order, first_order_se;     /* NAN: not computed */
	/* on request, else NAN: share of the variance that is gone when all
	 * others are known; part of it that is this input's own; partial rank
	 * correlation with the lead (its values need an order) */
	double total, total_se, shapley, shapley_se, prcc, prcc_se;
	bool flips;                     /* the best option changes on the way */
	int low_best, high_best;        /* the best option at each end; -1 */
	int low_missing, high_missing;  /* of best and runner-up the one that is
	                                   infeasible at that end; -1 none */
	/* the expected lead of the draws around P10 and P90; NAN: point */
	double mean_low, mean_low_se, mean_high, mean_high_se;
};

/* What knowing one input, or a group of them, is worth. */
struct evppi {
	const char *parameter, *title;  /* a group: "a,b", "A; B" */
	double value, se;
	double model_error;             /* how far a second estimate stands off;
	                                   NAN: there is none to compare with */
	const char *note;               /* what the estimate leaves out, or
	                                   NULL */
};

/* A study at one size; money is in the objective's unit. */
struct study_size {
	double n;
	double evsi, evsi_se;
	double cost;                    /* NAN: the objective is no money */
	double net, net_se;             /* decisions * evsi - cost - delay */
};

struct study_result {
	const char *name, *title;
	const char *observes;           /* "replica_rate", as written */
	const char *kind;               /* "normal_mean" ... */
	const char *word;               /* what n counts: "runs" */
	double decisions;               /* that what is learnt serves */
	double perfect, perfect_se;     /* worth of knowing what it observes */
	int nsizes;
	struct study_size *size;        /* rising */
	int best;                       /* index; the size of the best net, or,
	                                   without money, the largest */
	bool pays;                      /* net of the best is above zero */
	double near_low, near_high;     /* sizes whose net the sample cannot
	                                   tell from the best one's */
	const char *takes;              /* "0.5 month", or NULL */
	double delay, delay_se;         /* what waiting loses; NAN: the model
	                                   cannot say */
	const char *no_net;             /* why there is no net, or NULL */
};

struct voi {
	bool present;
	double evpi, evpi_se;
	double noise;                   /* what an input that is shown as worth 0
	                                   may be worth yet */
	bool part;                      /* others were left out on request */
	int nevppi;
	struct evppi *evppi;            /* falling */
	int ngroups;
	struct evppi *group;            /* as asked for */
	int nstudies;
	struct study_result *study;     /* best net first */
};

/* What another way of choosing would take.  `value` is in the objective's unit
 * (regret: never negative); NAN for options that cannot be taken. */
struct criterion {
	const char *name, *title;       /* "cvar95", "mean of the worst 5 %" */
	const char *note;               /* its setting, in words; or NULL */
	int option;                     /* -1: none */
	bool agrees;                    /* with the verdict, or by no more than
	                                   rounding less */
	double *value;                  /* by option */
};

/* Option `over` is better than `under` to everybody: `order` 1, whatever the
 * attitude to risk; 2, to all who do not seek it. */
struct dominance { int over, under, order; };

struct rule_result {
	const char *id, *title, *basis, *as_of;
	bool applies;                   /* its `when` holds */
	int nbarred;
	int *barred;                    /* options it rules out */
	double price, price_se;         /* what obeying costs; NAN when nothing
	                                   else is left to compare with */
};

struct finding { const char *id, *text; double probability; };

struct note { const char *code, *text; };

/* Where a parameter's value came from; the record lists them all. */
struct provenance {
	const char *parameter;          /* "price_in@api_closed" */
	const char *title, *unit, *group;
	const char *text;               /* as typed */
	const char *origin;             /* "model" "workload" "scenario" "--set"
	                                   "price map" "price file" "evidence"
	                                   "preset" */
	const char *price;              /* of a price: "user" goes before
	                                   "import", that before "built-in" */
	const char *over;               /* the price it goes before, or NULL */
	const char *kind;               /* measured vendor benchmark article
	                                   assumption user */
	const char *source, *date;
	double p5, p50, p95, mean;
	bool fixed;                     /* no uncertainty */
	bool shared;                    /* of the workload */
	bool elicited;                  /* stated as quantiles: what they imply
	                                   (mean, P1, P99) should be looked at */
	double p1, p99;
	double kept_low, kept_high;     /* the bounds that an interval was kept
	                                   within, may be infinite; NAN: its law
	                                   does not reach them */
};

/* Which option of a neighbour a trade-off reads figures of, and why that one:
 * "assumed" (by the scenario), "recommended", or "incumbent" (none can be
 * taken, or nobody asked yet). */
struct neighbour {
	const char *model, *title, *option, *option_title, *why;
	int nfigures;
	const char **figure;            /* "input_billed" */
};

/* One choice among structural views, with the weight it was drawn with. */
struct preset_result { const char *name, *label; double weight; };

struct tradeoff {
	const char *model, *title, *question;
	int version, horizon;           /* months */
	char model_digest[DIGEST_HEX];
	bool point;
	struct verdict verdict;
	const char *objective_name, *objective_unit, *sense;
	double indifferent_below;       /* objective unit */
	const char *incumbent;
	int noptions;
	struct option_result *option;
	int nbreak_even;
	struct break_even *break_even;
	struct switching switching;
	struct frontier *frontier;      /* NULL: not asked for */
	int ngoals;
	struct goal *goal;
	int nsensitivity;
	struct sensitivity *sensitivity;
	int64_t index_draws;            /* of total and shapley; 0: not asked */
	struct voi voi;
	int ncriteria;                  /* 0: not asked for */
	struct criterion *criterion;
	int ndominances;
	struct dominance *dominance;
	int nrules;
	struct rule_result *rule;
	int nfindings;
	struct finding *finding;
	int nneighbours;
	struct neighbour *neighbour;
	int npresets;
	struct preset_result *preset;
	int nprovenance;
	struct provenance *provenance;
	int nwarnings;
	struct note *warning;
	int nchecklist;
	struct checklist_item { const char *id, *ask, *answer; bool must; }
		*checklist;
	int ntriggers;
	struct trigger_item { const char *id, *when, *for_text; } *trigger;
};

/* A trigger, asked of today. */
struct trigger_result {
	const char *id, *title, *when;
	bool tripped;
	const char *asked;              /* today's value and limit, in words;
	                                   NULL: */
	const char *missing;            /* what is not known */
};

struct engine_info {
	const char *version, *sampler, *fpclass, *width;
	int64_t samples;                /* asked for or reached */
	int replicates;
	uint64_t seed;
	bool point;
};

/* A file that the scenario draws on besides its models. */
struct source_file {
	const char *kind;               /* "table" "evidence" "prices" */
	const char *name, *path, *digest;
};

struct evaluation {
	struct arena *arena;
	int nfiles;
	struct source_file *file;
	struct engine_info engine;
	const char *scenario, *title, *path;
	char digest[DIGEST_HEX];        /* of everything that decides the digits */
	char scenario_digest[DIGEST_HEX], prices_digest[DIGEST_HEX];
	const char *prices_as_of;
	int ntradeoffs;
	struct tradeoff *tradeoff;
	int nshared;                    /* where kept trade-offs live that */
	struct arena **shared;          /* other evaluations have, too */
};

/* Whether a number exists (is finite). */
bool result_has(double v);

void evaluation_free(struct evaluation *e);
/* The trade-off of that model; NULL when it was not evaluated. */
const struct tradeoff *evaluation_find(const struct evaluation *e,
                                       const char *model);

/* --- the joint plan ----------------------------------------------------- */

/* One option for each trade-off. */
struct plan_choice {
	const int *option;              /* by trade-off */
	double mean, se;                /* expected cost */
	double behind, behind_se;       /* what it costs beyond the best */
	double probability_best, probability_best_se;
	double p_feasible;
};

/* One trade-off in the plan. */
struct plan_part {
	int joint, separate;            /* options; -1: none can be taken */
	bool assumed;                   /* the scenario had chosen before */
	double cost, cost_se;           /* its part of the best choice's cost */
	double *p_chosen;               /* by option: share of the draws whose
	                                   best choice takes it */
	int nreads, *reads;             /* trade-offs whose option moves it */
	int contexts;                   /* choices of these, and */
	int evaluated;                  /* different costs found in them */
};

/* Whose figure counts where several trade-offs state the same money. */
struct plan_account {
	const char *name;
	int owner;                      /* -1: each one's counts */
	int nothers, *other;            /* those whose figure does not */
};

struct plan_rule {
	int tradeoff;                   /* -1: a rule of combinations */
	const char *id, *title;
	int barred;                     /* combinations it rules out */
	double price, price_se;         /* what obeying costs; NAN: unknown */
};

struct joint_plan {
	struct arena *arena;
	/* The trade-offs by themselves over the plan's horizon; their titles
	 * and options are the plan's, too.  Owned. */
	struct evaluation *separate;
	char digest[DIGEST_HEX];        /* of everything that decides digits */
	int horizon;                    /* months */
	const char *unit;
	bool point;
	struct verdict verdict;         /* of choices: 0, or -1; 1, or -1 */
	int ncombinations, nsenseless, nbarred, ninfeasible, nok;
	struct plan_part *part;         /* as separate->tradeoff */
	int nchoices;                   /* the best ones, by cost */
	struct plan_choice *choice;
	double indifferent_below;
	bool differs;                   /* from the separate verdicts */
	const char *separate_reason;    /* why their combination is none */
	double separate_cost;           /* of that combination; NAN */
	double interaction, interaction_se;     /* that, less the best's */
	int naccounts;
	struct plan_account *account;
	int nrules;
	struct plan_rule *rule;
	struct voi voi;                 /* EVPI over all combinations, EVPPI */
	int nconsidered;                /* over the best of them, of the inputs */
	int ninputs;                    /* that a first look leaves of so many */
	int nwarnings;
	struct note *warning;
};
void joint_plan_free(struct joint_plan *p);

/* Who said a price, and what it goes before: "price file (import, goes before
 * built-in 2.5 USD/Mtoken of 2026-07-24)"; of what is no price its origin.
 * Nothing is added for a model's own value. */
void result_origin(struct buf *out, const char *origin, const char *price,
                   const char *over);

/* The index of an option by its name; -1: no such option, or no name. */
int tradeoff_option(const struct tradeoff *t, const char *name);

/* A cost curve: the objective of each option over one parameter, all else as
 * drawn. mean/p5/p95[option * n + i]; NAN where infeasible. */
struct curve {
	struct arena *arena;
	const char *parameter, *title, *unit, *y_title, *y_unit;
	bool log_x;
	int n, noptions;
	const char **option;            /* titles */
	double *x, *mean, *p5, *p95;
	double here;                    /* the scenario's central value */
};
void curve_free(struct curve *c);
/* The option that costs least at the i-th place; -1: none can be taken. */
int curve_winner(const struct curve *c, int i);

/* Where an output reaches a value as one parameter moves.  In `at` the output
 * stands in place of a second option: its winner 0 means "the output lies
 * above the value", 1 "below"; so BREAK_NEVER is above throughout, BREAK_ALWAYS
 * below throughout. */
struct goal {
	const char *output, *unit;
	int option;                     /* -1: no option moves it */
	double value, here;             /* wanted; at the centre, or NAN */
	struct break_even at;
};

/* Two parameters at once: where each option is best, all else as drawn (or at
 * the centre).  Places are in the parameters' units. */
struct frontier_axis {
	const char *parameter, *title, *unit;
	double low, high;               /* what the map spans */
	bool log;
	double here;                    /* the scenario's central value */
};

struct frontier_line {
	int a, b;                       /* options; -1: none can be taken */
	double level;                   /* contour: `a` is best with this
	                                   probability; NAN: a boundary */
	int n;
	double *x, *y;
};

struct frontier_corner {                /* three options or more meet */
	double x, y;
	int n, *option;
};

struct frontier {
	struct arena *arena;            /* NULL: part of an evaluation */
	struct frontier_axis x, y;
	int noptions;
	const char **option, **title;
	int n;                          /* cells a side; (n + 1)^2 labels, row */
	signed char *label;             /* by row from the low end of y; -1 */
	double *share;                  /* of the map's area, by option */
	int coarse;                     /* cells a side of `best`: how often */
	double *best;                   /* each option is, [node * K + o]; NULL
	                                   at central values */
	int here;                       /* the best option at the centre; -1 */
	int nlines, ncorners;
	struct frontier_line *line;
	struct frontier_corner *corner;
	int64_t draws;                  /* 0: central values */
	const char *note;               /* "no option depends on ..." or NULL */
};
void frontier_free(struct frontier *f);

/* What an input alone explains of a figure's variance. */
struct move { const char *parameter, *title; double share, se; };

/* One step of an explanation: a name, its formula, its value, and what it was
 * made from. */
struct explanation {
	struct arena *arena;            /* root only */
	const char *name, *title, *formula, *unit;
	const char *file; int line;
	struct summary s;
	const struct provenance *source;        /* parameters */
	int nmoves;
	struct move *move;              /* greatest first; of sampled figures */
	int n;
	struct explanation **part;
};
void explanation_free(struct explanation *e);

#endif
