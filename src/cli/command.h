/*
 * Private to src/cli: the tables, and what one run of the program carries.
 */
#ifndef STEELYARD_CLI_COMMAND_H
#define STEELYARD_CLI_COMMAND_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/buf.h"
#include "base/each.h"
#include "base/err.h"
#include "task/task.h"

enum command_id {
	CMD_SCREEN,             /* no sub-command: the interactive program */
	CMD_EVALUATE, CMD_BREAKEVEN, CMD_SENSITIVITY, CMD_VOI, CMD_EXPLAIN,
	CMD_MODELS_LIST, CMD_MODELS_SHOW, CMD_MODELS_TEST, CMD_MODELS_LINT,
	CMD_SAVE, CMD_LOG, CMD_SHOW, CMD_EXPORT,
	CMD_DECIDE, CMD_ACCEPT, CMD_REJECT, CMD_SUPERSEDE, CMD_DEPRECATE,
	CMD_CHECK, CMD_ACTUAL, CMD_CALIBRATION, CMD_COMPARE, CMD_DIFF, CMD_SWEEP, CMD_PLAN,
	CMD_IMPORT_PRICES, CMD_IMPORT_USAGE, CMD_IMPORT_FOCUS,
	CMD_IMPORT_SCORES, CMD_IMPORT_CURVE, CMD_IMPORT_LABELS,
	CMD_IMPORT_BENCH,
	CMD_RECONCILE,
	CMD_PRICES_LIST, CMD_PRICES_DIFF, CMD_PRICES_HISTORY, CMD_PRICES_SHOW,
	CMD_STORE_CHECK, CMD_STORE_BACKUP, CMD_STORE_MERGE, CMD_STORE_EXPORT,
	CMD_STORE_IMPORT,
	CMD_COMPLETION, CMD_DOCTOR,
	CMD_N
};
#define CMDS(id) (UINT64_C(1) << (id))

/* Every option's value; zero where it was not given. */
struct options {
	bool cached_outside;
	bool help, version, json, csv, point, expect, tape, markdown, all, ascii, quiet;
	bool explain_exit, no_keep, keep, merge, resume, as_saved;
	long long points, shards;
	const char *cases, *design, *shard, *job;
	struct assignments vary, by, tags, waive;
	const char *because, *review, *search, *status;
	bool decisions, exit_code, adopt, redact_people;
	const char *policy, *check_format, *from, *to, *source;
	bool no_mouse, fresh, plain, svg;
	bool total, shapley, prcc;
	bool seed_given, samples_given, threads_given;
	long long seed, samples, threads, depth, limit, size;
	double confidence, optimism, risk_tolerance;
	const char *store, *output, *format, *message, *color, *sampler, *docs,
		*versus, *goal, *study;
	struct assignments set, group;
	/* import */
	struct assignments model, free_of;
	const char *as, *title, *date, *scenario, *option;
	long long skip;
	double budget, error_cost, review_cost, caught, gpus,
	       spoilt, fix_cost;
};

/* The engine's progress: when the work began, when its line was last drawn
 * (0: not yet), how far it is; and the signal that asked it to stop. */
struct progress {
	bool shown;                     /* a line on a terminal */
	uint64_t began, last;
	double done;
	int signal;                     /* 0: none */
	const char *kept;               /* what an interruption leaves behind;
	                                   NULL: nothing */
};

/* One run of the program. */
struct run {
	const struct command *command;
	struct options opt;
	int nargs;
	const char **words;             /* owned: every word that is no option */
	const char **arg;               /* in words, behind the command */
	struct context context;         /* ready when the command starts */
	struct progress progress;
	struct buf out;                 /* what goes to standard output */
	struct err err;
	const char *rows;               /* the list that --csv writes */
	int status;                     /* 1: the answer is "no" */
};

struct command {
	const char *name;               /* "models show" */
	const char *arguments;          /* "FILE..." */
	const char *summary;            /* one line of the list */
	const char *details;            /* paragraphs for --help and the docs */
	const char *example;            /* one call, or NULL */
	const char *schema;             /* of its JSON document, or NULL */
	int min_args, max_args;
	bool bare;                      /* needs no models */
	/* Fills run->out; false with findings in run->err.  Output that is
	 * there is printed before the findings are, unless it is JSON. */
	bool (*run)(struct run *r);
	const char *rows;               /* the list of its document that --csv
	                                   writes (report_rows_csv); NULL: none,
	                                   or it writes the table itself */
};
extern const struct command commands[CMD_N];

enum option_kind {
	OPT_FLAG,               /* bool */
	OPT_TEXT,               /* const char * */
	OPT_WHOLE,              /* long long in [min, max] */
	OPT_SHARE,              /* double in (0, 1) */
	OPT_AMOUNT,             /* double above 0 */
	OPT_LIST,               /* struct assignments: may be repeated */
	OPT_CHOICE,             /* const char *: one of the words in `choices` */
};

struct option_def {
	const char *name;
	char letter;                    /* 0: none */
	const char *argument;           /* NULL for flags */
	enum option_kind kind;
	size_t offset;                  /* in struct options */
	size_t given;                   /* offset of its bool, or 0 */
	long long min, max;
	const char *choices;            /* "auto always never" */
	uint64_t commands;              /* set of CMDS() that take it */
	bool hidden;
	const char *help;
};
extern const struct option_def option_defs[];   /* name NULL ends */
#define ALL_COMMANDS (~UINT64_C(0))

/* Splits the arguments; false with ERR_USAGE findings. `r->opt` holds what was
 * understood up to there, so that --json is known. */
bool options_parse(struct run *r, int argc, char **argv);
void options_release(struct run *r);
/* "steelyard evaluate --help" of one command, or of the program. */
void help_text(struct buf *out, const struct command *c);
void help_markdown(struct buf *out);            /* docs/cli.md */
void help_language(struct buf *out);
void help_man(struct buf *out);                 /* docs/steelyard.1 */
void help_version(struct buf *out);

/* The document's meanings of exit statuses, for help and docs. */
struct exit_status { const char *code, *meaning; };
extern const struct exit_status exit_statuses[];        /* code NULL ends */

/* --- output (output.c) --- */

struct text_style run_style(const struct run *r);
/* Where user data meets text output: one safe line. */
void add_safe(struct buf *out, const char *text);
/* The engine's progress; `ctx` is a struct progress.  While the engine works,
 * the first SIGINT or SIGTERM asks it to stop (false is returned from then
 * on), a second one ends the program as ever. */
bool run_progress(void *ctx, double done);
void run_progress_end(struct progress *p);      /* wipes the line */
/* Delivers run->out and the findings; returns the exit status. */
int run_finish(struct run *r, const char *program);

/* --- small JSON documents (json.c) --- */

/* Commas and quotes of one document; `out` always holds a valid prefix. */
struct json { struct buf *out; bool comma; int depth; };
void json_begin(struct json *j, const char *key, char bracket);  /* { or [ */
void json_end(struct json *j, char bracket);                     /* } or ] */
void json_text(struct json *j, const char *key, const char *s);  /* NULL: null */
void json_whole(struct json *j, const char *key, long long v);
void json_number(struct json *j, const char *key, double v);  /* or null */
void json_bool(struct json *j, const char *key, bool v);
/* Members of a struct under their own names: JSON(&j, *info, title, number). */
#define JSON(j, from, ...) EACH(JSON_ONE, j, from, __VA_ARGS__)
#define JSON_ONE(j, from, member) \
	_Generic((from).member, const char *: json_text, char *: json_text, \
	         double: json_number, bool: json_bool, int: json_whole, \
	         long: json_whole)(j, #member, (from).member);
/* Begins a document that went well; json_end(j, '}') ends it. */
void json_open(struct json *j, const char *schema);

/* A revision's fields, into an object that is open. */
void add_revision(struct json *j, const struct revision_info *info);

/* --- the commands --- */

bool run_evaluate(struct run *r);
bool run_breakeven(struct run *r);
bool run_sensitivity(struct run *r);
bool run_voi(struct run *r);
bool run_explain(struct run *r);
bool run_models_list(struct run *r);
bool run_models_show(struct run *r);
bool run_models_test(struct run *r);
bool run_models_lint(struct run *r);
bool run_save(struct run *r);
bool run_log(struct run *r);
bool run_show(struct run *r);
bool run_export(struct run *r);
bool run_decide(struct run *r);
bool run_accept(struct run *r);
bool run_reject(struct run *r);
bool run_supersede(struct run *r);
bool run_deprecate(struct run *r);
/* Decisions within log and show (decisions.c). */
bool log_decisions(struct run *r);
bool names_decision(const char *ref);
bool show_one_decision(struct run *r);
void decision_line(struct buf *out, const struct decision_info *d);
void decision_json(struct json *j, const struct decision_info *d);
bool run_checks(struct run *r);
bool run_actual(struct run *r);
bool run_calibration(struct run *r);
bool run_compare(struct run *r);
bool run_diff(struct run *r);
bool run_sweep(struct run *r);
bool run_plan(struct run *r);
bool run_import(struct run *r);
bool run_reconcile(struct run *r);
bool run_prices_list(struct run *r);
bool run_prices_diff(struct run *r);
bool run_prices_history(struct run *r);
bool run_prices_show(struct run *r);
bool run_store_check(struct run *r);
bool run_store_backup(struct run *r);
bool run_store_merge(struct run *r);
bool run_store_export(struct run *r);
bool run_store_import(struct run *r);
bool run_completion(struct run *r);
bool run_doctor(struct run *r);

#endif
