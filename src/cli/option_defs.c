/*
 * The options.  A row says which commands take it; the help texts are the
 * manual, as in commands.c.
 */
#include <limits.h>

#include "cli/command.h"

#define AT(field) offsetof(struct options, field)
#define SCENARIO_COMMANDS (CMDS(CMD_EVALUATE) | CMDS(CMD_BREAKEVEN) | \
	CMDS(CMD_EXPLAIN) | CMDS(CMD_SAVE) | CMDS(CMD_SENSITIVITY) | \
	CMDS(CMD_SWEEP) | CMDS(CMD_PLAN) | CMDS(CMD_DECIDE) | \
	CMDS(CMD_CHECK))
#define COMPARING (CMDS(CMD_COMPARE) | CMDS(CMD_DIFF))
#define DECIDING (CMDS(CMD_DECIDE) | CMDS(CMD_ACCEPT) | CMDS(CMD_REJECT) | \
	CMDS(CMD_SUPERSEDE) | CMDS(CMD_DEPRECATE))
#define MATTERS (CMDS(CMD_SENSITIVITY) | CMDS(CMD_VOI))

#define IMPORTS (CMDS(CMD_IMPORT_PRICES) | CMDS(CMD_IMPORT_USAGE) | \
	CMDS(CMD_IMPORT_FOCUS) | CMDS(CMD_IMPORT_SCORES) | \
	CMDS(CMD_IMPORT_CURVE) | CMDS(CMD_IMPORT_LABELS) | \
	CMDS(CMD_IMPORT_BENCH))
#define PRICES (CMDS(CMD_PRICES_LIST) | CMDS(CMD_PRICES_DIFF) | \
	CMDS(CMD_PRICES_HISTORY) | CMDS(CMD_PRICES_SHOW))
#define TABLES (CMDS(CMD_EVALUATE) | CMDS(CMD_BREAKEVEN) | CMDS(CMD_SWEEP) | \
	CMDS(CMD_PLAN) | CMDS(CMD_CHECK) | CMDS(CMD_LOG) | CMDS(CMD_EXPORT) | \
	CMDS(CMD_CALIBRATION) | \
	CMDS(CMD_MODELS_LIST) | CMDS(CMD_MODELS_SHOW) | \
	CMDS(CMD_MODELS_TEST) | CMDS(CMD_MODELS_LINT) | CMDS(CMD_DOCTOR) | \
	MATTERS | COMPARING | IMPORTS | PRICES)
#define LOGS (CMDS(CMD_IMPORT_USAGE) | CMDS(CMD_IMPORT_FOCUS))

const struct option_def option_defs[] = {
	{ "set", 's', "[MODEL.]P[@OPTION]=V", OPT_LIST, AT(set), 0, 0, 0, NULL,
	  SCENARIO_COMMANDS | CMDS(CMD_VOI), false,
	  "give a parameter another value, as one writes it in a scenario: "
	  "120k, 5 %, 10 to 30, pert(1, 3, 10); may be repeated" },
	{ "point", 'p', NULL, OPT_FLAG, AT(point), 0, 0, 0, NULL,
	  SCENARIO_COMMANDS | COMPARING, false,
	  "central values only, no sampling" },
	{ "expect", 'e', NULL, OPT_FLAG, AT(expect), 0, 0, 0, NULL,
	  CMDS(CMD_EVALUATE), false,
	  "hold the answers against the scenario's `expect:`" },
	{ "confidence", 0, "P", OPT_SHARE, AT(confidence), 0, 0, 0, NULL,
	  CMDS(CMD_EVALUATE) | CMDS(CMD_SAVE) | CMDS(CMD_SWEEP) |
	  CMDS(CMD_PLAN) | CMDS(CMD_CHECK) | MATTERS, false,
	  "how sure a verdict must be to be called stable (0.95)" },
	{ "sampler", 0, "NAME", OPT_CHOICE, AT(sampler), 0, 0, 0, NULL,
	  SCENARIO_COMMANDS | MATTERS, false,
	  "where the points come from; errors come from 8 replicates with "
	  "each" },
	{ "risk-tolerance", 0, "AMOUNT", OPT_AMOUNT, AT(risk_tolerance), 0, 0,
	  0, NULL, CMDS(CMD_EVALUATE) | MATTERS, false,
	  "of the risk-averse choice, in the objective's unit; without it as "
	  "much as the objective of the advice" },
	{ "optimism", 0, "P", OPT_SHARE, AT(optimism), 0, 0, 0, NULL,
	  CMDS(CMD_EVALUATE) | MATTERS, false,
	  "weight of the best case against the worst one (0.5)" },
	{ "versus", 0, "PARAM", OPT_TEXT, AT(versus), 0, 0, 0, NULL,
	  CMDS(CMD_BREAKEVEN), false,
	  "a second parameter: the map of who is best where" },
	{ "goal", 0, "OUTPUT=VALUE", OPT_TEXT, AT(goal), 0, 0, 0, NULL,
	  CMDS(CMD_BREAKEVEN), false,
	  "where PARAM brings an output to a value, in place of where the "
	  "advice tips: objective=2M USD, 'monthly[self_host]=70k'" },
	{ "svg", 0, NULL, OPT_FLAG, AT(svg), 0, 0, 0, NULL,
	  CMDS(CMD_BREAKEVEN), false,
	  "with --versus: the map as a drawing" },
	{ "group", 'g', "P,P...", OPT_LIST, AT(group), 0, 0, 0, NULL,
	  CMDS(CMD_VOI), false,
	  "what knowing these parameters or presets together is worth; may be "
	  "repeated" },
	{ "study", 0, "NAME", OPT_TEXT, AT(study), 0, 0, 0, NULL,
	  CMDS(CMD_VOI), false,
	  "this study alone, size by size" },
	{ "n", 0, "N", OPT_WHOLE, AT(size), 0, 1, 1000000000, NULL,
	  CMDS(CMD_VOI), false,
	  "the --study at this size alone" },
	{ "total", 0, NULL, OPT_FLAG, AT(total), 0, 0, 0, NULL,
	  CMDS(CMD_SENSITIVITY), false,
	  "the share of the variance that would be left if all others were "
	  "known, by runs of their own" },
	{ "shapley", 0, NULL, OPT_FLAG, AT(shapley), 0, 0, 0, NULL,
	  CMDS(CMD_SENSITIVITY), false,
	  "divide the variance among the inputs, correlated ones too" },
	{ "prcc", 0, NULL, OPT_FLAG, AT(prcc), 0, 0, 0, NULL,
	  CMDS(CMD_SENSITIVITY), false,
	  "partial rank correlations of the advantage with each input" },
	{ "depth", 'd', "N", OPT_WHOLE, AT(depth), 0, 1, 32, NULL,
	  CMDS(CMD_EXPLAIN), false,
	  "levels to follow down (3)" },
	{ "tape", 't', NULL, OPT_FLAG, AT(tape), 0, 0, 0, NULL,
	  CMDS(CMD_MODELS_SHOW), false,
	  "show the compiled program" },
	{ "markdown", 0, NULL, OPT_FLAG, AT(markdown), 0, 0, 0, NULL,
	  CMDS(CMD_MODELS_SHOW) | COMPARING, false,
	  "models show: the parameters as a table, for a page; compare and "
	  "diff: a comment for a review" },
	{ "exit-code", 0, NULL, OPT_FLAG, AT(exit_code), 0, 0, 0, NULL,
	  COMPARING, false, "status 1 when the advice changed" },
	{ "message", 'm', "TEXT", OPT_TEXT, AT(message), 0, 0, 0, NULL,
	  CMDS(CMD_SAVE), false,
	  "why this revision is kept" },
	{ "limit", 'n', "N", OPT_WHOLE, AT(limit), 0, 1, 1000000, NULL,
	  CMDS(CMD_LOG), false,
	  "at most so many lines (50)" },
	{ "all", 'a', NULL, OPT_FLAG, AT(all), 0, 0, 0, NULL,
	  CMDS(CMD_EXPORT) | CMDS(CMD_CHECK), false,
	  "export: every decision, and what nobody decided yet; check: every "
	  "accepted decision" },
	{ "format", 'f', "NAME", OPT_CHOICE, AT(format), 0, 0, 0,
	  "madr log4brains nygard hybrid html json csv", CMDS(CMD_EXPORT),
	  false, "the shape of the record (madr)" },
	{ "redact-people", 0, NULL, OPT_FLAG, AT(redact_people), 0, 0, 0, NULL,
	  CMDS(CMD_EXPORT), false,
	  "for readers elsewhere: `decider 1` in place of a name, the same in "
	  "every record, and no reason that a person wrote" },
	{ "as-saved", 0, NULL, OPT_FLAG, AT(as_saved), 0, 0, 0, NULL,
	  CMDS(CMD_EVALUATE), false,
	  "a saved revision or decision with the models and prices that were "
	  "saved with it" },
	{ "policy", 0, "FILE", OPT_TEXT, AT(policy), 0, 0, 0, NULL,
	  CMDS(CMD_CHECK), false, "limits to hold the answers against" },
	{ "format", 'f', "NAME", OPT_CHOICE, AT(check_format), 0, 0, 0,
	  "text json junit github tap", CMDS(CMD_CHECK), false,
	  "for a person, a program or a CI system" },
	{ "from", 0, "DATE", OPT_TEXT, AT(from), 0, 0, 0, NULL,
	  CMDS(CMD_ACTUAL), false, "the first day that was measured" },
	{ "to", 0, "DATE", OPT_TEXT, AT(to), 0, 0, 0, NULL,
	  CMDS(CMD_ACTUAL), false, "the last day (today)" },
	{ "source", 0, "TEXT", OPT_TEXT, AT(source), 0, 0, 0, NULL,
	  CMDS(CMD_ACTUAL), false, "where the figure comes from" },
	{ "by", 'b', "WHO", OPT_LIST, AT(by), 0, 0, 0, NULL, DECIDING | LOGS,
	  false,
	  "who decides; may be repeated; for imports: by what spend is "
	  "told: team, key, model, user, tag, day, service, account or all" },
	{ "because", 0, "TEXT", OPT_TEXT, AT(because), 0, 0, 0, NULL, DECIDING,
	  false, "the reason, as the record will give it" },
	{ "review", 'r', "DATE", OPT_TEXT, AT(review), 0, 0, 0, NULL,
	  CMDS(CMD_DECIDE) | CMDS(CMD_ACCEPT), false,
	  "when to look again, YYYY-MM-DD" },
	{ "waive", 0, "NAME", OPT_LIST, AT(waive), 0, 0, 0, NULL,
	  CMDS(CMD_DECIDE), false,
	  "a rule or reason that stands against the option and is set aside; "
	  "needs --because" },
	{ "tag", 0, "WORD", OPT_LIST, AT(tags), 0, 0, 0, NULL,
	  CMDS(CMD_DECIDE) | CMDS(CMD_LOG), false,
	  "a word to find it by; log: decisions that have it" },
	{ "decisions", 0, NULL, OPT_FLAG, AT(decisions), 0, 0, 0, NULL,
	  CMDS(CMD_LOG), false, "decisions in place of revisions" },
	{ "status", 0, "NAME", OPT_CHOICE, AT(status), 0, 0, 0,
	  "proposed accepted rejected superseded deprecated", CMDS(CMD_LOG),
	  false, "decisions that are in this state" },
	{ "search", 0, "TEXT", OPT_TEXT, AT(search), 0, 0, 0, NULL,
	  CMDS(CMD_LOG), false,
	  "decisions that hold this text in any of theirs" },
	{ "adopt-as-new-origin", 0, NULL, OPT_FLAG, AT(adopt), 0, 0, 0, NULL,
	  CMDS(CMD_STORE_MERGE) | CMDS(CMD_STORE_IMPORT), false,
	  "where a store was copied and both were used: take the entries of the "
	  "other as a chain of their own" },
	{ "vary", 0, "P=LO..HI[:log][:N]", OPT_LIST, AT(vary), 0, 0, 0, NULL,
	  CMDS(CMD_SWEEP), false,
	  "a parameter over a range in N values (11), or over a list P=a,b,c; "
	  "may be repeated: every combination" },
	{ "cases", 0, "FILE", OPT_TEXT, AT(cases), 0, 0, 0, NULL,
	  CMDS(CMD_SWEEP), false,
	  "a CSV with one case a row: its columns are parameters, as --set "
	  "spells them, and `name` and `scenario`" },
	{ "design", 0, "NAME", OPT_CHOICE, AT(design), 0, 0, 0,
	  "grid lhs sobol", CMDS(CMD_SWEEP), false,
	  "every combination, or points spread over the ranges" },
	{ "points", 0, "N", OPT_WHOLE, AT(points), 0, 1, 1000000000, NULL,
	  CMDS(CMD_SWEEP), false,
	  "how many points of an lhs or sobol design" },
	{ "shard", 0, "K/N", OPT_TEXT, AT(shard), 0, 0, 0, NULL,
	  CMDS(CMD_SWEEP), false,
	  "every N-th case from the K-th on, as a part to be merged; auto or "
	  "auto/N: the place that Slurm, MPI or Kubernetes gave" },
	{ "merge", 0, NULL, OPT_FLAG, AT(merge), 0, 0, 0, NULL,
	  CMDS(CMD_SWEEP), false,
	  "the words are parts: put them together" },
	{ "resume", 0, NULL, OPT_FLAG, AT(resume), 0, 0, 0, NULL,
	  CMDS(CMD_SWEEP), false,
	  "go on where a run into the same -o FILE was stopped" },
	{ "job", 0, "NAME", OPT_CHOICE, AT(job), 0, 0, 0,
	  "slurm parallel kubernetes", CMDS(CMD_SWEEP), false,
	  "print a job file for --shards N in place of running" },
	{ "shards", 0, "N", OPT_WHOLE, AT(shards), 0, 1, 1000000, NULL,
	  CMDS(CMD_SWEEP), false,
	  "shards of the job file" },
	{ "fresh", 0, NULL, OPT_FLAG, AT(fresh), 0, 0, 0, NULL,
	  CMDS(CMD_SCREEN), false,
	  "begin anew: no draft of unfinished work, no place of the last time" },
	{ "plain", 0, NULL, OPT_FLAG, AT(plain), 0, 0, 0, NULL,
	  CMDS(CMD_SCREEN), false,
	  "a dialogue in lines in place of the screen, for screen readers and "
	  "pipes of answers" },
	{ "no-mouse", 0, NULL, OPT_FLAG, AT(no_mouse), 0, 0, 0, NULL,
	  CMDS(CMD_SCREEN), false,
	  "keyboard only" },
	{ "output", 'o', "PATH", OPT_TEXT, AT(output), 0, 0, 0, NULL,
	  ALL_COMMANDS & ~CMDS(CMD_SCREEN) & ~CMDS(CMD_SAVE), false,
	  "write there, whole or not at all, in place of standard output; for "
	  "export: the folder; for import: the evidence, while what is told "
	  "stays on standard output" },
	{ "model", 0, "PATTERN", OPT_LIST, AT(model), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_PRICES) | CMDS(CMD_PRICES_SHOW), false,
	  "only models named so (gpt-4*); may be repeated" },
	{ "no-keep", 0, NULL, OPT_FLAG, AT(no_keep), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_PRICES), false,
	  "leave the store as it is" },
	{ "free", 0, "MODEL", OPT_LIST, AT(free_of), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_PRICES), false,
	  "its price of zero is true; may be repeated" },
	{ "date", 0, "DATE", OPT_TEXT, AT(date), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_PRICES), false,
	  "the day the file speaks of, where it does not say so" },
	{ "as", 0, "FORMAT", OPT_TEXT, AT(as), 0, 0, 0, NULL,
	  LOGS | CMDS(CMD_IMPORT_BENCH), false,
	  "the format, where its looks do not tell" },
	{ "scenario", 0, "FILE", OPT_TEXT, AT(scenario), 0, 0, 0, NULL,
	  IMPORTS & ~CMDS(CMD_IMPORT_PRICES), false,
	  "with -o: a scenario, too, that takes from the evidence all that "
	  "the trade-offs ask for; nothing is written over" },
	{ "title", 0, "TEXT", OPT_TEXT, AT(title), 0, 0, 0, NULL,
	  IMPORTS & ~CMDS(CMD_IMPORT_PRICES), false,
	  "what the evidence is called" },
	{ "skip", 0, "N", OPT_WHOLE, AT(skip), 0, 1, 1000000000, NULL,
	  IMPORTS & ~CMDS(CMD_IMPORT_PRICES), false,
	  "bad lines to pass over before giving up (1000)" },
	{ "budget", 0, "USD", OPT_AMOUNT, AT(budget), 0, 0, 0, NULL,
	  LOGS, false,
	  "of a calendar month: the forecast and the chance to overrun it" },
	{ "error-cost", 0, "USD", OPT_AMOUNT, AT(error_cost), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_SCORES), false,
	  "of an error that nobody catches" },
	{ "review-cost", 0, "USD", OPT_AMOUNT, AT(review_cost), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_SCORES), false,
	  "of one review" },
	{ "caught", 0, "P", OPT_SHARE, AT(caught), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_SCORES), false,
	  "share of errors that a review catches (1)" },
	{ "spoilt", 0, "P", OPT_SHARE, AT(spoilt), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_SCORES), false,
	  "share of right answers that a review makes wrong (0)" },
	{ "fix-cost", 0, "USD", OPT_AMOUNT, AT(fix_cost), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_SCORES), false,
	  "of putting an error right that a review caught (0)" },
	{ "gpus", 0, "N", OPT_AMOUNT, AT(gpus), 0, 0, 0, NULL,
	  CMDS(CMD_IMPORT_BENCH), false,
	  "that the machine of the load test had (1)" },
	{ "json", 'j', NULL, OPT_FLAG, AT(json), 0, 0, 0, NULL,
	  ALL_COMMANDS & ~CMDS(CMD_SCREEN) & ~CMDS(CMD_COMPLETION), false,
	  "one JSON document; an error is one, too" },
	{ "csv", 'c', NULL, OPT_FLAG, AT(csv), 0, 0, 0, NULL,
	  TABLES, false,
	  "a table, one row for each thing that the command lists; nothing when "
	  "there are none" },
	{ "seed", 0, "N", OPT_WHOLE, AT(seed), AT(seed_given), 0, LLONG_MAX,
	  NULL, ALL_COMMANDS, false,
	  "seed of the draws (1); the same seed gives the same digits" },
	{ "samples", 0, "N", OPT_WHOLE, AT(samples), AT(samples_given), 1,
	  ENGINE_MAX_SAMPLES, NULL, ALL_COMMANDS, false,
	  "draws; without it 16384, doubled up to 65536 while the verdict is "
	  "open" },
	{ "threads", 0, "N", OPT_WHOLE, AT(threads), AT(threads_given), 1,
	  ENGINE_MAX_THREADS, NULL, ALL_COMMANDS, false,
	  "threads to use; the digits do not depend on it" },
	{ "store", 0, "PATH", OPT_TEXT, AT(store), 0, 0, 0, NULL,
	  ALL_COMMANDS, false,
	  "the store (default: $XDG_DATA_HOME/steelyard/store.db)" },
	{ "color", 0, "WHEN", OPT_CHOICE, AT(color), 0, 0, 0,
	  "auto always never", ALL_COMMANDS, false,
	  "colours in text; auto: on a terminal, unless NO_COLOR is set" },
	{ "ascii", 0, NULL, OPT_FLAG, AT(ascii), 0, 0, 0, NULL,
	  ALL_COMMANDS, false,
	  "plain ASCII, as in a locale without UTF-8" },
	{ "quiet", 'q', NULL, OPT_FLAG, AT(quiet), 0, 0, 0, NULL,
	  ALL_COMMANDS, false,
	  "no progress on the terminal" },
	{ "explain-exit", 0, NULL, OPT_FLAG, AT(explain_exit), 0, 0, 0, NULL,
	  ALL_COMMANDS & ~CMDS(CMD_SCREEN), false,
	  "say on standard error what the exit status means" },
	{ "help", 'h', NULL, OPT_FLAG, AT(help), 0, 0, 0, NULL,
	  ALL_COMMANDS, false,
	  "this text, or that of one command" },
	{ "version", 'V', NULL, OPT_FLAG, AT(version), 0, 0, 0, NULL,
	  ALL_COMMANDS, false,
	  "the version" },
	{ "print-docs", 0, "NAME", OPT_CHOICE, AT(docs), 0, 0, 0,
	  "markdown man language", CMDS(CMD_SCREEN), true,
	  "docs/cli.md, docs/steelyard.1, or the tables of docs/language.md" },
	{ .name = NULL }
};
