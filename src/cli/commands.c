/*
 * The commands and the exit statuses.  The texts are the manual: --help,
 * docs/cli.md and the man page are made from them.
 */
#include <limits.h>

#include "cli/command.h"

const struct command commands[CMD_N] = {
[CMD_SCREEN] = {
	"", "[SCENARIO]",
	"the interactive program",
	"Opens the screen on a scenario, or where it was left last (--fresh: on a "
	"blank one). "
	"For a file that is not there it offers to begin a scenario. "
	"Off a terminal it names `steelyard evaluate` and ends with status 2. "
	"With --plain it asks in lines instead, on any input: one question at a "
	"time, always the one whose answer is worth most to any of the "
	"trade-offs; answer with a value, a range (20k to 30k), or ? for \"I "
	"don't know\"; `help` lists the rest.",
	"steelyard scenarios/support-chatbot-100k.yaml", NULL, 0, 1, false, NULL,
},
[CMD_EVALUATE] = {
	"evaluate", "FILE...",
	"the verdict of each trade-off of each scenario",
	"FILE is a scenario file, `-` for standard input, a saved scenario "
	"(NAME, NAME@rN or at least six digits of its hash), or the name of a "
	"scenario that came with the program. A scenario is YAML: `scenario: "
	"NAME`, `workload: {requests_per_day: 150k to 300k}` and a key for each "
	"model, `build-vs-buy: {parameters: {PARAM: VALUE}}`; `models show` tells "
	"the parameters. With --point every uncertain "
	"value stands at its median and nothing is sampled. With --expect the "
	"answers are held against what the scenario says under `expect:`; one "
	"that differs ends the program with status 1.",
	"steelyard evaluate scenarios/support-chatbot-100k.yaml "
	"--set requests_per_day=1M",
	"steelyard.evaluation/1", 1, INT_MAX, false, run_evaluate,
},
[CMD_BREAKEVEN] = {
	"breakeven", "FILE MODEL PARAM",
	"where the advice tips when one parameter moves",
	"Every crossing of PARAM over its range, all other values kept: smooth "
	"ones, jumps where a whole machine is bought, touches, or none, with "
	"the option that wins on each side; and how the first crossing is "
	"distributed over the draws. With --versus a second parameter moves, "
	"too: a map of who is best where, the lines along which that changes, "
	"and where each option is best in 10, 50 and 90 % of the draws. "
	"With --goal: every place where an output (the objective, an output of "
	"the model, an expression) reaches a value.",
	"steelyard breakeven scenarios/support-chatbot-100k.yaml build-vs-buy "
	"requests_per_day",
	"steelyard.breakeven/1", 3, 3, false, run_breakeven,
},
[CMD_SENSITIVITY] = {
	"sensitivity", "FILE MODEL [PARAM...]",
	"what moves the advice, and where it flips",
	"Each uncertain input at its P10 and P90: the advantage of the advice "
	"over the next option, with the others at their centre and on average "
	"over the draws; its share of the variance; where another option is "
	"best. Then what other ways to choose would take: worst cases, regret, "
	"risk aversion. With PARAM: these inputs only.",
	"steelyard sensitivity scenarios/support-chatbot-100k.yaml "
	"build-vs-buy",
	"steelyard.sensitivity/1", 2, INT_MAX, false, run_sensitivity,
},
[CMD_VOI] = {
	"voi", "FILE MODEL [PARAM...]",
	"what is worth measuring before you decide",
	"The value of knowing everything, which no measurement can exceed, and "
	"of knowing each uncertain input by itself, with standard errors and "
	"the noise of the sample: what to measure first, or that no single "
	"measurement would change the advice. With PARAM: these inputs only. "
	"With --group: of several at once. The studies that the model or the "
	"scenario describes: what each is worth, what it costs, and the size "
	"with the best net benefit; with --study, that one size by size.",
	"steelyard voi scenarios/support-chatbot-100k.yaml build-vs-buy",
	"steelyard.voi/1", 2, INT_MAX, false, run_voi,
	.rows = "voi.evppi",
},
[CMD_EXPLAIN] = {
	"explain", "FILE MODEL OUTPUT",
	"how a number came about",
	"OUTPUT is a formula of the model, `objective`, `monthly` or `once`, or an "
	"expression over them ('sum_money(monthly, staff)'), "
	"with an option in brackets where it has one: 'monthly[self_host]'. "
	"Shows formulas, values, ranges and sources, --depth levels deep.",
	"steelyard explain scenarios/support-chatbot-100k.yaml build-vs-buy "
	"'monthly[self_host]' --depth 3",
	"steelyard.explanation/1", 3, 3, false, run_explain,
},
[CMD_MODELS_LIST] = {
	"models list", "",
	"the models there are",
	"Name, version, options and question of each model.",
	NULL, "steelyard.models/1", 0, 0, false, run_models_list,
	.rows = "models",
},
[CMD_MODELS_SHOW] = {
	"models show", "MODEL",
	"a model's options, parameters, formulas and rules",
	"MODEL is a name of `models list` or a model file. With --tape: the "
	"program that its objective is compiled to, one instruction a line.",
	"steelyard models show build-vs-buy",
	"steelyard.model/1", 1, 1, false, run_models_show,
	.rows = "parameters",
},
[CMD_MODELS_TEST] = {
	"models test", "[MODEL...]",
	"run the reference cases of the models",
	"Runs every case under `examples:` of the models named, or of all. A "
	"case that fails is shown with what was wanted and what came, and ends "
	"the program with status 1.",
	NULL, "steelyard.examples/1", 0, INT_MAX, false, run_models_test,
	.rows = "outcomes",
},
[CMD_MODELS_LINT] = {
	"models lint", "[MODEL...]",
	"check models as a reviewer would",
	"Loads the models named, or all, and names what is wrong with "
	"file, line and column (status 3), or what a reviewer would object to: "
	"a parameter without source, title or question, or one that nothing "
	"reads (status 1).",
	NULL, "steelyard.lint/1", 0, INT_MAX, false, run_models_lint,
	.rows = "objections",
},
[CMD_SAVE] = {
	"save", "FILE",
	"keep a scenario and its verdict in the store",
	"Evaluates the scenario and saves both as an immutable revision. The "
	"same content again is no new revision.",
	"steelyard save scenarios/support-chatbot-100k.yaml "
	"--message 'before the spring review'",
	"steelyard.revision/1", 1, 1, false, run_save,
},
[CMD_LOG] = {
	"log", "[SCENARIO]",
	"the saved revisions, newest first",
	"Of one scenario or of all: revision, date, verdict, message. With "
	"--decisions, --status, --tag or --search: the decisions.",
	NULL, "steelyard.log/1", 0, 1, true, run_log,
	.rows = "revisions",
},
[CMD_SHOW] = {
	"show", "REV|DECISION",
	"one saved revision, or one decision with its history",
	"REV is NAME (its newest revision), NAME@rN, or at least six digits "
	"of a hash; D3 is a decision. Prints where it came from and the scenario as it was saved, "
	"which `evaluate -` reads.",
	"steelyard show support-chatbot-100k@r1",
	"steelyard.revision/1", 1, 1, true, run_show,
},
[CMD_EXPORT] = {
	"export", "REV|DECISION [MODEL]",
	"write decision records",
	"Writes the record of a decision (D3; with those that it supersedes or "
	"that supersede it), or of each question of a saved revision (or of "
	"MODEL alone) as DIR/NNNN-slug and prints the paths. What nobody "
	"decided is proposed. The figures are those of the evaluation that was "
	"kept, and the record holds the command that gives them again. Records "
	"that stand there are brought up to date when steelyard wrote them and "
	"nobody edited them, and left alone otherwise; a folder keeps to one "
	"style. With --all in place of REV: every decision, what nobody decided "
	"yet, and an index. Formats: madr (4.0), log4brains, nygard (adr-tools), "
	"hybrid (what reads any of these), html (one page, with charts), json, "
	"csv.",
	"steelyard export --all --format madr -o docs/decisions",
	"steelyard.export/1", 0, 2, false, run_export,
	.rows = "records",
},
[CMD_DECIDE] = {
	"decide", "FILE MODEL OPTION",
	"propose an option as the decision, on a saved revision",
	"Evaluates and saves the scenario and records that OPTION is proposed, "
	"with who decides, why, and when to look again. What the choice costs "
	"beyond the advice is said. An option that a hard rule bars, or that "
	"cannot work, is not recorded and the status is 1, unless --waive "
	"names the rule or reason and --because says why.",
	"steelyard decide scenarios/support-chatbot-100k.yaml build-vs-buy "
	"api_open --by 'platform team' --because 'no staff to host' --review "
	"2027-02-01",
	"steelyard.decision/1", 3, 3, false, run_decide,
},
[CMD_ACCEPT] = {
	"accept", "DECISION",
	"a proposed decision holds; or an accepted one was reviewed and stands",
	"DECISION is D3, six or more digits of its id, or SCENARIO:MODEL (the "
	"newest there). With --review: when to look again. Where another is "
	"accepted on the same question, both are named.",
	"steelyard accept D3 --by 'architecture board' --review 2027-06-01",
	"steelyard.decision/1", 1, 1, true, run_accept,
},
[CMD_REJECT] = {
	"reject", "DECISION",
	"a proposed decision is turned down",
	"It stays in the log with its reason.",
	NULL, "steelyard.decision/1", 1, 1, true, run_reject,
},
[CMD_SUPERSEDE] = {
	"supersede", "DECISION BY",
	"another decision takes its place",
	"Both name each other from then on. BY is on the same model and "
	"accepted, so that a question which was answered stays so; a proposal "
	"may give way to another proposal.",
	"steelyard supersede D3 D7", "steelyard.decision/1", 2, 2, true,
	run_supersede,
},
[CMD_DEPRECATE] = {
	"deprecate", "DECISION",
	"an accepted decision no longer matters",
	"What it was about is gone; nothing takes its place.",
	NULL, "steelyard.decision/1", 1, 1, true, run_deprecate,
},
[CMD_CHECK] = {
	"check", "[FILE...]",
	"whether what was decided still holds; for CI and cron",
	"With --all: every accepted decision of the store under the prices, "
	"models and measurements of today: flipped advice, broken rules, "
	"tripped triggers, reviews that are due, decisions that nobody owns, "
	"and how far each is from where the advice tips. With FILE: the rules, "
	"triggers and expectations of a scenario. With --policy: the limits of "
	"a policy file, too: YAML with `policy: NAME` and a list `limits:` of "
	"{id, model, scenario: PATTERN, verdict: [OPTION, ...], probability: at "
	"least 80 %, cost: at most 250k USD, never_waive: [RULE, ...], because: "
	"TEXT}, each with an id, a model and at least one limit; an amount "
	"without a unit is in the objective's. Status 1: something does not "
	"hold; 8: with "
	"--confidence, a figure is too close to its limit to say.",
	"steelyard check --all --format junit -o check.xml",
	"steelyard.check/1", 0, INT_MAX, false, run_checks,
	.rows = "items",
},
[CMD_ACTUAL] = {
	"actual", "SCENARIO [MODEL.]NAME VALUE",
	"record what was really measured",
	"NAME is a parameter, the objective or an output (MODEL.OUTPUT[OPTION]; "
	"without OPTION: of the one decided) of a saved scenario; VALUE may "
	"have a unit. The period ends today unless --to names an earlier day; "
	"the same period again is a correction. Triggers and `calibration` "
	"read it.",
	"steelyard actual support-chatbot-100k requests_per_day 240k --from "
	"2026-10-01 --to 2026-10-31 --source 'gateway log'",
	"steelyard.actual/1", 3, 3, false, run_actual,
},
[CMD_CALIBRATION] = {
	"calibration", "[SCENARIO]",
	"what earlier estimates were worth, and how wide ranges should be",
	"Every measurement (`actual`) against each evaluation that was saved "
	"before its period ended: where it fell in the forecast, whether inside "
	"the 90 % interval, its CRPS and log error; by estimator, model and "
	"parameter how often the interval held, which way estimates lean, and, "
	"from 8 measurements on, how many times as wide ranges should have been. "
	"Of several forecasts of one person for one measurement the last counts.",
	"steelyard calibration support-chatbot-100k",
	"steelyard.calibration/1", 0, 1, false, run_calibration,
},
[CMD_COMPARE] = {
	"compare", "A [B]",
	"what changed between two states, and what each change contributes",
	"A and B are scenario files or saved revisions; a revision is evaluated "
	"with the models and prices that were saved with it. Without B: A under "
	"the models and prices of today. Every mixture of the changes is "
	"evaluated on the same points, and the share of each in the cost of the "
	"advice, in the lead of what was advised and in its probability is the "
	"exact Shapley value: they add up, in no order of their own. More than "
	"10 changes are taken together by trade-off.",
	"steelyard compare support-chatbot-100k@r1 support-chatbot-100k@r3",
	"steelyard.comparison/1", 1, 2, false, run_compare,
	.rows = "tradeoffs.figures.shares",
},
[CMD_DIFF] = {
	"diff", "A [B]",
	"what changed between two states, and what it does to the advice",
	"As compare, without the shares: two evaluations. With --markdown: a "
	"comment for a review.",
	"steelyard diff old.yaml new.yaml --markdown --exit-code",
	"steelyard.comparison/1", 1, 2, false, run_diff,
	.rows = "tradeoffs.figures",
},
[CMD_SWEEP] = {
	"sweep", "[FILE|FOLDER]...",
	"many cases, one line each: parameters that vary, portfolios",
	"Evaluates every scenario (a folder: all of its *.yaml) for every row of "
	"--cases and every point of --vary, and writes one line a case: CSV, or "
	"JSON Lines with --json. A case that cannot be evaluated is a line with "
	"its error, and the status is 3 at the end. With -o the lines are kept "
	"in FILE.part on the way; a run that was stopped goes on with --resume. "
	"With --shard K/N only the cases of that shard are evaluated; `sweep "
	"--merge PART...` makes of all shards, in any order, the very bytes of "
	"one run, and says how to make one that is missing. Names one scenario "
	"and --job: a file that runs the shards elsewhere.",
	"steelyard sweep scenarios/support-chatbot-100k.yaml "
	"--vary requests_per_day=10k..10M:log:25 -o sweep.csv",
	"steelyard.sweep/1", 0, INT_MAX, false, run_sweep,
},
[CMD_PLAN] = {
	"plan", "FILE",
	"the trade-offs together: the best joint choice",
	"Every combination of options over the same draws and one horizon, "
	"money that several trade-offs state counted once: which choice costs "
	"least, how it differs from the verdicts by themselves and what that "
	"is worth, what comes next, what the rules cost, what is worth knowing "
	"before choosing. An option that the scenario assumes is kept.",
	"steelyard plan scenarios/document-desk.yaml",
	"steelyard.plan/1", 1, 1, false, run_plan,
},
[CMD_IMPORT_PRICES] = {
	"import prices", "FILE [OLDER...]",
	"a LiteLLM price map as a price file",
	"A model is priced, free (only where --free says so) or unpriced: a "
	"price of zero, one that is off by orders of magnitude and one in "
	"another unit are held back with their reason, never taken as they "
	"stand. -o FILE writes what a scenario names under `prices: {files: "
	"[FILE]}`: what the scenario sets goes before its files, those before "
	"the built-in map. Each map is kept in the store as the prices of its "
	"day (--no-keep: not). With OLDER maps: which prices changed, and their "
	"fall in a year.",
	"steelyard import prices model_prices.json -o prices-today.yaml",
	"steelyard.import/1", 1, INT_MAX, true, run_import,
	.rows = "facts.states",
},
[CMD_IMPORT_USAGE] = {
	"import usage", "FILE [BILL]",
	"a log, trace or usage export as workload figures",
	"Reads LiteLLM spend logs and daily roll-ups, OpenAI usage and cost "
	"exports, OpenTelemetry GenAI spans or metrics, and request traces "
	"(Azure, BurstGPT, Mooncake), as JSON, JSON Lines or CSV. Gives "
	"requests a day, token lengths, their spread and correlation, cached "
	"share, failures, peak to mean, models, time to first token, each with "
	"interval, sample size and period. With --by: who spends what, what is "
	"attributed to nobody, what runs away; with --budget: the month's "
	"forecast; with a BILL (FOCUS, OpenAI costs): logged and billed money, "
	"day by day. Bodies of messages are not looked at, keys are hashed.",
	"steelyard import usage spend.jsonl -o evidence/chatbot.yaml",
	"steelyard.import/1", 1, 2, true, run_import,
	.rows = "fields",
},
[CMD_IMPORT_FOCUS] = {
	"import focus", "FILE",
	"a FOCUS bill as spend by day, service and account",
	"CSV with the columns of the FinOps FOCUS specification, found by name. "
	"Currencies are never added to one another; tokens as a virtual "
	"currency are counted beside the money.",
	"steelyard import focus bill.csv --by service",
	"steelyard.import/1", 1, 1, true, run_import,
	.rows = "fields",
},
[CMD_IMPORT_SCORES] = {
	"import scores", "FILE",
	"scores and outcomes as a calibrated gate",
	"CSV with a score from 0 to 1 and whether the answer was right: "
	"calibration, risk against coverage, and with --error-cost and "
	"--review-cost the threshold that costs least, with its bootstrap "
	"interval.",
	"steelyard import scores scores.csv --error-cost 60 --review-cost 3",
	"steelyard.import/1", 1, 1, true, run_import,
	.rows = "fields",
},
[CMD_IMPORT_CURVE] = {
	"import curve", "FILE",
	"a pilot's learning curve as the law that continues it",
	"CSV with a training size and an error: the fits that bracket what more "
	"data would bring.",
	"steelyard import curve pilot.csv -o evidence/curve.yaml",
	"steelyard.import/1", 1, 1, true, run_import,
	.rows = "fields",
},
[CMD_IMPORT_LABELS] = {
	"import labels", "FILE",
	"votes or a second labelling as noise rates",
	"CSV with the label given and the label found when somebody looked "
	"again, or with the votes of several people: rates of wrong labels, "
	"overall and by class, with exact (Clopper-Pearson) intervals.",
	"steelyard import labels audit.csv -o evidence/labels.yaml",
	"steelyard.import/1", 1, 1, true, run_import,
	.rows = "fields",
},
[CMD_IMPORT_BENCH] = {
	"import bench", "FILE",
	"a load test as throughput and latency of a replica",
	"Result JSON of GuideLLM, vLLM's benchmark or aiperf: requests and "
	"tokens a second, times to the first and to each next token, by load. "
	"Where each load has a file of its own: cat *.json | steelyard import "
	"bench -",
	"steelyard import bench guidellm.json -o evidence/replica.yaml",
	"steelyard.import/1", 1, 1, true, run_import,
	.rows = "fields",
},
[CMD_RECONCILE] = {
	"reconcile", "FILE MODEL LOG [BILL]",
	"modelled, logged and billed money, and what the difference is made of",
	"The money of one option of a scenario, with its interval, over the days "
	"of a usage log: its lines in which a price stands against the log, its "
	"account of serving against a bill (FOCUS, OpenAI costs). The option is "
	"the accepted decision's, else what the scenario assumes, else the "
	"incumbent. From modelled to logged it goes by requests, tokens, cached "
	"share and failures as the log has them; from logged to billed by taxes, "
	"credits and adjustments; models without a price, days that only one of "
	"both tells of and spend that is nobody's are named. With --keep the "
	"records of the saved scenario show it. -o FILE writes it as evidence.",
	"steelyard reconcile support-chatbot-100k build-vs-buy spend.jsonl "
	"bill.csv --keep",
	"steelyard.import/1", 3, 4, false, run_reconcile,
	.rows = "facts.legs",
},
[CMD_PRICES_LIST] = {
	"prices list", "",
	"the price maps that were kept",
	"Every map that `import prices` kept, by the day its prices are of, with "
	"how many of its models are priced, free and unpriced.",
	NULL, "steelyard.import/1", 0, 0, true, run_prices_list,
	.rows = "facts.snapshots",
},
[CMD_PRICES_DIFF] = {
	"prices diff", "[FROM] [TO]",
	"what changed between two kept price maps",
	"FROM and TO are dates or digits of a hash (`prices list`); without "
	"them the last two. Each price that changed and by how much, the models "
	"that were added, removed or retired, and those that have a price no "
	"longer, or at last.",
	"steelyard prices diff 2026-01-15 2026-07-24",
	"steelyard.import/1", 0, 2, true, run_prices_diff,
	.rows = "facts.differences",
},
[CMD_PRICES_HISTORY] = {
	"prices history", "",
	"how fast prices fell, of all kept maps",
	"The fall in a year of the same models' prices (api_price_decline) with "
	"its interval and the number of models, and all that changed from each "
	"map to the next. -o FILE writes it as evidence that a scenario names.",
	"steelyard prices history -o evidence/drift.yaml",
	"steelyard.import/1", 0, 0, true, run_prices_history,
	.rows = "facts.differences",
},
[CMD_PRICES_SHOW] = {
	"prices show", "DATE",
	"a kept price map as a price file",
	"The file that a scenario names under `prices: {files: [FILE]}`, of all "
	"models or of those that --model names.",
	"steelyard prices show 2026-07-24 --model 'gpt-4*' -o prices.yaml",
	"steelyard.import/1", 1, 1, true, run_prices_show,
	.rows = "facts.states",
},
[CMD_STORE_CHECK] = {
	"store check", "",
	"whether the store still is what was written",
	"Pages, tables and references as SQLite sees them; then every text "
	"against its hash, every chain of events from its start, and the events "
	"against the rows. Tells what the store holds, and a digest of it all: "
	"two stores with one digest hold the same. Damage is named and ends the "
	"program with status 4.",
	NULL, "steelyard.store/1", 0, 0, true, run_store_check,
},
[CMD_STORE_BACKUP] = {
	"store backup", "FILE",
	"a copy of the store, while it may be in use",
	"The copy is a store of its own (--store FILE) and appears whole or not "
	"at all; nothing is written over. To go back, put it in the store's "
	"place; `store merge` takes what it has into another.",
	"steelyard store backup ~/backup/steelyard-2026-11-24.db",
	"steelyard.store/1", 1, 1, true, run_store_backup,
},
[CMD_STORE_MERGE] = {
	"store merge", "OTHER",
	"take all that another store has",
	"OTHER is a store file. A copy of it is checked first; then everything "
	"it has that this store lacks is taken, all or nothing. Nothing is "
	"dropped: a scenario whose name is taken is kept under a name of its "
	"own, a revision whose number is taken gets the next one, decisions that "
	"were settled in two ways are named. Where a store was copied and both "
	"were used, the chains of events differ and the merge is refused, unless "
	"--adopt-as-new-origin gives the other end a name of its own.",
	"steelyard store merge /mnt/share/ada.db",
	"steelyard.store/1", 1, 1, false, run_store_merge,
},
[CMD_STORE_EXPORT] = {
	"store export", "DIR",
	"the store as a folder for version control",
	"One file for each text, revision, scenario, decision and event, named by "
	"its hash or its number in its chain. None is ever written over, so "
	"folders merge by putting files together. Exported again, only what is "
	"new is added. Drafts stay in the store.",
	"steelyard store export decisions/store",
	"steelyard.store/1", 1, 1, true, run_store_export,
},
[CMD_STORE_IMPORT] = {
	"store import", "DIR",
	"take what an exported folder has",
	"Every digest and every chain is checked before anything is taken; then "
	"as `store merge`.",
	"steelyard store import decisions/store",
	"steelyard.store/1", 1, 1, false, run_store_import,
},
[CMD_COMPLETION] = {
	"completion", "SHELL",
	"a completion script for bash, zsh or fish",
	"Prints a script that completes commands, options, their values and "
	"the names of the models: `source <(steelyard completion bash)`.",
	"steelyard completion fish -o "
	"~/.config/fish/completions/steelyard.fish",
	NULL, 1, 1, false, run_completion,
},
[CMD_DOCTOR] = {
	"doctor", "",
	"what this installation has, and what is wrong with it",
	"Versions, vector widths, models, store and terminal. A problem is "
	"marked and ends the program with status 1.",
	NULL, "steelyard.doctor/1", 0, 0, false, run_doctor,
	.rows = "facts",
},
};

const struct exit_status exit_statuses[] = {
	{ "0", "done" },
	{ "1", "the answer is \"no\": an example failed, an expectation was "
	       "not met, something does not hold, with --exit-code the advice "
	       "changed; never an error" },
	{ "2", "wrong usage: an unknown command, option or name" },
	{ "3", "bad input, with file:line:column" },
	{ "4", "the store is missing, damaged, too new, or not a steelyard "
	       "store" },
	{ "5", "the store was locked past the time-out" },
	{ "6", "a resource limit stopped the work" },
	{ "7", "input or output failed: no space, no access, standard output "
	       "gone" },
	{ "8", "undecided: a figure is too close to its limit to say (check "
	       "--confidence)" },
	{ "70", "an internal check failed: please report it" },
	{ "128+n", "ended by signal n" },
	{ NULL, NULL }
};
