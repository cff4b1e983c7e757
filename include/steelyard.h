/*
 * libsteelyard: the decision engine for programs.
 *
 *     struct steelyard_error error;
 *     struct steelyard *s = steelyard_open(NULL, &error);
 *     struct steelyard_scenario *c = steelyard_load(s, "chatbot.yaml", &error);
 *     struct steelyard_result *r;
 *
 *     steelyard_set(c, "requests_per_day", "120k", &error);
 *     r = steelyard_evaluate(c, NULL, &error);
 *     puts(steelyard_json(r));
 *
 * Build with `cc program.c $(pkg-config --cflags --libs steelyard)`.
 *
 * Errors travel by value: a function that can fail returns NULL or false and
 * fills the struct steelyard_error that it was given (which may be NULL).
 * Nothing is printed, nothing exits, no locale or signal is touched.  A
 * `struct steelyard` with all that was loaded from it belongs to one thread at
 * a time; different ones do not meet.  Functions take NULL where they free.
 */
#ifndef STEELYARD_H
#define STEELYARD_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define STEELYARD_API 1         /* rises when a signature changes */

/* What went wrong: the exit status that the program would have ended with
 * (2 usage, 3 input, 4 store, 6 limit, 7 input/output, 70 internal), and the
 * findings, one a line, `file:line:column: text`, cut where they do not fit. */
struct steelyard_error {
	int status;
	char text[2048];
};

struct steelyard;               /* models, units, prices */
struct steelyard_scenario;
struct steelyard_result;

/* "0.1.0" */
const char *steelyard_version(void);

/* Opens the folder that holds models/ and scenarios/; NULL: $STEELYARD_DATA,
 * else where they were installed. */
struct steelyard *steelyard_open(const char *data,
                                 struct steelyard_error *error);
/* Frees it; scenarios of it must be gone, results may live on. */
void steelyard_close(struct steelyard *s);

/* A scenario file. */
struct steelyard_scenario *steelyard_load(struct steelyard *s,
                                          const char *path,
                                          struct steelyard_error *error);
/* The same from memory; `name` stands in messages. */
struct steelyard_scenario *
steelyard_load_text(struct steelyard *s, const char *text, size_t length,
                    const char *name, struct steelyard_error *error);
void steelyard_scenario_free(struct steelyard_scenario *c);

/* Gives `[MODEL.]P[@OPTION]` another value, written as in a scenario: "120k",
 * "5 %", "10 to 30", "pert(1, 3, 10)"; "" takes it back.  Names are checked
 * here, values when the scenario is evaluated. */
bool steelyard_set(struct steelyard_scenario *c, const char *name,
                   const char *value, struct steelyard_error *error);

struct steelyard_settings {
	int64_t samples;        /* draws; 0: 16384, doubled up to 65536 while
	                           the verdict is open */
	uint64_t seed;          /* the same seed, the same digits; 0: 1 */
	int threads;            /* 0: all; digits do not depend on it */
	bool point;             /* central values, no sampling */
	bool break_even;        /* crossings of the model's parameters */
	bool sensitivity;       /* what moves the advice */
	bool voi;               /* value of information */
	/* Called now and then with the share done (0..1); false stops the run
	 * with status 6.  May be NULL. */
	bool (*progress)(void *context, double done);
	void *context;
};

/* Evaluates every trade-off of the scenario; settings NULL: all zero. */
struct steelyard_result *
steelyard_evaluate(struct steelyard_scenario *c,
                   const struct steelyard_settings *settings,
                   struct steelyard_error *error);
void steelyard_result_free(struct steelyard_result *r);

/* The whole result, the document `steelyard.evaluation/1`; lives as long as
 * the result. */
const char *steelyard_json(struct steelyard_result *r);

/* --- reading a result; texts live as long as it does --- */

/* A number with its uncertainty.  `known` false: there is none, and `state`
 * says why ("never", "infeasible: ...").  With settings.point, `mean` is the
 * value and `spread` is false. */
struct steelyard_number {
	bool known, spread;     /* spread: se and quantiles are there */
	double mean, se, p5, p50, p95;
	const char *unit, *state;
};

struct steelyard_verdict {
	const char *model;              /* "build-vs-buy" */
	const char *state;              /* stable tied undecided infeasible */
	const char *option;             /* NULL: none can be taken */
	const char *badge;              /* firm lean toss */
	const char *sentence;
	double probability_best;        /* 0 with settings.point */
	double p_none;                  /* share of draws nothing can be taken */
	int options;                    /* how many there are */
};

struct steelyard_option {
	const char *name, *title;
	const char *status;             /* ok infeasible barred */
	double p_feasible, probability_best;
	struct steelyard_number objective;
	int outputs;
};

struct steelyard_crossing {
	double at;                      /* in the parameter's unit */
	const char *kind;               /* root jump touch */
	const char *below, *above;      /* the options that win; NULL: none */
};

/* The trade-offs, in the order of the result. */
int steelyard_tradeoffs(const struct steelyard_result *r);
/* Its index, or -1. */
int steelyard_find(const struct steelyard_result *r, const char *model);
/* False when there is no such trade-off, option or output. */
bool steelyard_verdict(const struct steelyard_result *r, int tradeoff,
                       struct steelyard_verdict *out);
bool steelyard_option(const struct steelyard_result *r, int tradeoff,
                      int option, struct steelyard_option *out);
bool steelyard_output(const struct steelyard_result *r, int tradeoff,
                      int option, int output, const char **name,
                      struct steelyard_number *out);

/* Break-evens of the advice over one parameter: copies up to `room` crossings
 * and returns how many there are; -1: that parameter was not searched. `unit`
 * may be NULL. */
int steelyard_crossings(const struct steelyard_result *r, int tradeoff,
                        const char *parameter, struct steelyard_crossing *out,
                        int room, const char **unit);

#ifdef __cplusplus
}
#endif

#endif
