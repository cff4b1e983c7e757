/*
 * Random events at the reducer, the views and the work behind them: no
 * terminal, no clock, no waiting.
 *
 *	fuzz [--events N] [--seed S] [--jobs J] [--loud]
 *	fuzz --life SEED [--events N]     one life again
 *	fuzz --play FILE                  the deeds of a report again, and how
 *	                                  the state stood after each
 *
 * Events come in lives: a scenario, a size, a store of its own and some hundred
 * deeds, all of them drawn from the life's seed, in a process of its own.  A
 * life that breaks (a check, a sanitizer, a leak, a crash, a minute of work) is
 * cut down to the deeds that it takes, which are printed as --play reads them.
 * Status 1 then, and also when an action or a place was never reached.
 */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/mem.h"
#include "fuzz.h"
#include "model/scenario.h"
#include "tui/session.h"
#include "tui/work.h"

#define LIFE_DEEDS 500
#define LIFE_SECONDS 120        /* of computing: more is a loop without end */
#define POINTS 64               /* enough for every figure to be there */
#define JOBS_MAX 16
#define TRIES 400               /* of cutting down what breaks */

/* Most lives have two small models, so that events cost little; the others
 * those that the program comes with.  NULL: a blank scenario. */
static const char *const of_small[] = { "first", "first", "second", NULL };
static const char *const of_real[] = {
	"support-chatbot-100k", "code-assistant", NULL, "bank-fraud",
	"claims-triage", "two-person-startup", "npc-dialogue", "engine-ends",
};
#define REAL_ONE_IN 8

/* --- a life --- */

static const char *const deed_word[] = {
#define X(name, word) word,
	DEEDS(X)
#undef X
};

static bool take_deed(struct world *w, bool event, struct deed *d);

static struct event event_of(const struct deed *d)
{
	switch (d->kind) {
	case DEED_KEY:
		return (struct event){ .kind = EV_KEY, .key = (uint32_t)d->a };
	case DEED_PASTE:
		return (struct event){ .kind = EV_PASTE,
			.text = fuzz_words[d->a] };
	case DEED_CLICK:
		return (struct event){ .kind = EV_CLICK, .x = d->a,
			.y = d->b };
	case DEED_WHEEL:
		return (struct event){ .kind = EV_WHEEL, .y = d->a };
	default:
		return (struct event){ .kind = EV_RESIZE, .w = d->a,
			.h = d->b };
	}
}

/* Records go nowhere but beside the store. */
static void stay_inside(struct state *st)
{
	const char *dir = st->panels.field[FIELD_FOLDER];

	if (st->panels.job == PANEL_EXPORT && dir &&
	    (*dir == '/' || strstr(dir, "..")))
		st->panels.job = PANEL_NONE;
	dir = st->panels.field[FIELD_FILE];
	if (dir && (*dir == '/' || strstr(dir, "..")))
		st->want &= ~(unsigned)WANT_BEGIN;
	dir = st->write_to;
	if (dir && (*dir == '/' || strstr(dir, "..")))
		st->want &= ~(unsigned)WANT_WRITE;
}

/* What the loop does between events; nobody ever leaves. */
static void settle(struct world *w)
{
	stay_inside(&w->st);
	work_now(&w->st);
	w->st.want &= ~(unsigned)(WANT_QUIT | WANT_INTERRUPT | WANT_REDRAW);
}

static void take_event(struct world *w, const struct deed *d)
{
	struct event ev = event_of(d);
	enum action a = fuzz_action(&w->st, &ev);

	if (a != ACT_N)
		w->life->action[a][w->st.panels.open]++;
	reduce(&w->st, &ev);
	fuzz_note(w);
	fuzz_check(w);
}

struct busy { struct world *w; int left; };

/* As the loop does: a key ends a refinement; a job goes on as long as nobody
 * wants anything else. */
static bool on_busy(void *ctx)
{
	struct busy *b = ctx;
	struct state *st = &b->w->st;
	struct deed d;

	if (b->left-- <= 0)
		return true;
	if (st->panels.job == PANEL_NONE)
		return false;
	if (!take_deed(b->w, true, &d))
		return true;
	take_event(b->w, &d);
	stay_inside(st);
	return !st->want;
}

static void work(struct world *w, int events)
{
	struct busy b = { w, events };

	stay_inside(&w->st);
	if (!work_pending(&w->st))
		return;
	work_idle(&w->st, on_busy, &b);
	fuzz_note(w);
	settle(w);
}

/* All the way back is what was opened, and forth again what there was. */
static void back_and_forth(struct world *w)
{
	struct state *st = &w->st;
	char *now = fuzz_text(st->scenario), *base = fuzz_text(st->base);
	int pos = st->history.pos, n;
	char *text;

	for (n = 0; n < 60 && st->history.pos; n++) {
		state_undo(st, -1);
		if (st->history.pos != pos - n - 1)
			fuzz_broken("undo %d of %d is refused: %s", n, pos,
			            st->message);
	}
	text = fuzz_text(st->scenario);
	if (!st->history.pos && strcmp(text, base) != 0)
		fuzz_broken("all undone is not what was opened:\n%s\n%s", text,
		            base);
	free(text);
	settle(w);
	while (n--)
		state_undo(st, 1);
	text = fuzz_text(st->scenario);
	if (st->history.pos != pos || strcmp(text, now) != 0)
		fuzz_broken("all done again is not what there was:\n%s\n%s",
		            text, now);
	free(text);
	free(base);
	free(now);
	settle(w);
}

static void be_born(struct world *w, int width, int height, bool ascii)
{
	state_init(&w->st, width, height, ascii);
	w->st.ctx = w->ctx;
}

static void open_or_break(struct world *w, const char *ref)
{
	struct err err = ERR_INIT;

	if (!work_open(&w->st, ref, false, &err))
		fuzz_broken("cannot open %s: %s", ref, err.item[0].text);
	err_clear(&err);
	session_resume(&w->st);
	settle(w);
}

/* Leaves and comes back: the same text, undo log and place. */
static void restart(struct world *w)
{
	struct state *st = &w->st, was = *st;
	const struct scenario *s = st->panels.before ? st->panels.before
	                                             : st->scenario;
	char *text = fuzz_text(s), *again, *last = NULL;
	char *row = state_row(st) && !st->find_form
		? xstrdup(state_row(st)->name) : NULL;

	if (!st->store) {
		free(text);
		free(row);
		return;
	}
	session_keep(st);
	if (st->ref)
		last = session_last();
	if (st->ref && (!last || strcmp(last, st->ref) != 0))
		fuzz_broken("the session is %s, not %s", last, st->ref);
	state_release(st);
	be_born(w, was.w, was.h, was.ascii);
	open_or_break(w, last);
	again = fuzz_text(st->scenario);
	if (strcmp(text, again) != 0)
		fuzz_broken("came back to another text:\n%s\n%s", text, again);
	if (!was.panels.before && (st->history.n != was.history.n ||
	                           st->history.pos != was.history.pos))
		fuzz_broken("undo at %d of %d, was %d of %d", st->history.pos,
		            st->history.n, was.history.pos, was.history.n);
	if (was.panels.before)          /* its place may be gone with it */
		free(last), last = NULL;
	if (last && (st->trade_selected != was.trade_selected ||
	             st->picture != was.picture))
		fuzz_broken("came back to another place");
	if (last && row && (!state_row(st) ||
	                    strcmp(state_row(st)->name, row) != 0))
		fuzz_broken("came back to another row than %s", row);
	free(text);
	free(again);
	free(last);
	free(row);
}

static void do_deed(struct world *w, const struct deed *d)
{
	struct state *st = &w->st;

	if (d->kind <= DEED_SIZE) {
		take_event(w, d);
		/* several keys may come at once; what follows an opening is
		 * for what will be open */
		if ((st->want & (WANT_OPEN | WANT_SAVE | WANT_WRITE |
		                 WANT_QUIT | WANT_INTERRUPT)) ||
		    w->life->used % 3 == 0)
			settle(w);
		return;
	}
	settle(w);
	if (d->kind == DEED_WORK)
		work(w, d->a);
	else if (st->scenario && d->kind == DEED_UNDO)
		back_and_forth(w);
	else if (st->scenario && d->kind == DEED_RESTART)
		restart(w);
	fuzz_check(w);
}

/* The next one: of the list, or drawn and added to it.  False at the end. */
static bool take_deed(struct world *w, bool event, struct deed *d)
{
	struct life *l = w->life;

	if (l->used >= l->n)
		return false;
	if (!l->given)
		l->deed[l->used] = fuzz_deed(w, event);
	else if (event && l->deed[l->used].kind > DEED_SIZE)
		return false;
	*d = l->deed[l->used++];
	return true;
}

static void tell(const struct state *st, const struct deed *d)
{
	fprintf(stderr, "%-7s %d %d: %s%s, mode %d, panel %d, undo %d of %d, "
	        "wants %x: %s\n", deed_word[d->kind], d->a, d->b,
	        st->title ? st->title : "nothing", st->unsaved ? "*" : "",
	        st->mode, st->panels.open, st->history.pos, st->history.n,
	        st->want, st->message ? st->message : "");
}

static void live(struct context both[2], struct life *l)
{
	struct world w = { .life = l, .random = l->seed | 1 };
	bool real = fuzz_draw(&w, REAL_ONE_IN) == 0;
	struct context *c = w.ctx = &both[real];
	const char *ref = real ? of_real[fuzz_draw(&w, 8)]
	                       : of_small[fuzz_draw(&w, 4)];
	char path[1024];
	struct deed d;

	snprintf(path, sizeof path, "%s/scenarios/%s.yaml", c->data_dir, ref);
	w.no_store = fuzz_draw(&w, 10) == 0;
	c->store_path = w.no_store ? "/proc/no/store.db" : "store.db";
	be_born(&w, 80, 24, fuzz_draw(&w, 3) == 0);
	grid_init(&w.g, 80, 24, w.st.ascii);
	grid_init(&w.again, 80, 24, w.st.ascii);
	grid_init(&w.last, 1, 1, w.st.ascii);
	open_or_break(&w, ref ? path : NULL);
	while (take_deed(&w, false, &d)) {
		do_deed(&w, &d);
		if (l->told)
			tell(&w.st, &d);
	}
	settle(&w);
	if (w.st.scenario)
		back_and_forth(&w);
	state_release(&w.st);
	grid_release(&w.g);
	grid_release(&w.again);
	grid_release(&w.last);
}

/* --- its process --- */

static void enter(const char *dir)
{
	struct rlimit cpu = { LIFE_SECONDS, LIFE_SECONDS + 5 };

	setrlimit(RLIMIT_CPU, &cpu);
	if (mkdir(dir, 0700) || chdir(dir))
		fuzz_broken("%s: %s", dir, strerror(errno));
	setenv("XDG_STATE_HOME", dir, 1);
	setenv("XDG_DATA_HOME", dir, 1);
	setenv("XDG_CONFIG_HOME", dir, 1);
}

static pid_t start(struct context c[2], struct life *l, const char *dir,
                   bool quiet)
{
	pid_t pid;

	fflush(stdout);
	l->used = 0;
	pid = fork();
	if (pid)
		return pid;
	if (quiet && !freopen("/dev/null", "w", stderr))
		_exit(2);
	enter(dir);
	live(c, l);
	context_release(&c[0]);
	context_release(&c[1]);
	exit(0);
}

static void sweep(const char *dir)
{
	char command[200];

	snprintf(command, sizeof command, "rm -rf '%s'", dir);
	if (system(command))
		fprintf(stderr, "%s stays\n", dir);
}

static bool breaks(struct context c[2], struct life *l, const char *dir,
                   bool quiet)
{
	pid_t pid = start(c, l, dir, quiet);
	int status = 0;

	waitpid(pid, &status, 0);
	sweep(dir);
	return status != 0;
}

/* --- what it takes --- */

static void cut(const struct life *l, int from, int n, struct life *out)
{
	*out = *l;
	memmove(out->deed + from, out->deed + from + n,
	        (size_t)(l->n - from - n) * sizeof *l->deed);
	out->n -= n;
}

/* Chunks are left out, from large to small, as long as it breaks without. */
static void shrink(struct context c[2], struct life *l, const char *dir)
{
	struct life *less = mmap(NULL, sizeof *less, PROT_READ | PROT_WRITE,
	                         MAP_SHARED | MAP_ANONYMOUS, -1, 0);

	int tries = 0;

	l->given = true;
	l->n = l->used;         /* the rest never happened */
	for (int n = l->n / 2; n >= 1; n /= 2)
		for (int from = 0; from + n <= l->n && tries++ < TRIES;) {
			cut(l, from, n, less);
			if (breaks(c, less, dir, true))
				*l = *less;
			else
				from += n;
		}
	munmap(less, sizeof *less);
}

static void report(const struct life *l)
{
	printf("seed %llu\n", (unsigned long long)l->seed);
	for (int i = 0; i < l->n; i++) {
		const struct deed *d = &l->deed[i];
		char name[KEY_NAME_MAX] = "";

		if (d->kind == DEED_KEY)
			key_spell((uint32_t)d->a, name);
		printf("%s %d %d # %s\n", deed_word[d->kind], d->a, d->b,
		       d->kind == DEED_PASTE && fuzz_words[d->a][0] >= ' '
		       ? fuzz_words[d->a] : name);
	}
}

static void read_deed(struct life *l, const char *line)
{
	struct deed d = { DEED_KEY, 0, 0 };
	unsigned long long seed;
	char word[16];

	if (sscanf(line, "seed %llu", &seed) == 1)
		l->seed = seed;
	else if (sscanf(line, "%15s %d %d", word, &d.a, &d.b) == 3)
		for (int k = 0; k < DEED_N && l->n < LIFE_MAX; k++)
			if (strcmp(word, deed_word[k]) == 0) {
				d.kind = (enum deed_kind)k;
				l->deed[l->n++] = d;
			}
}

static bool read_deeds(struct life *l, const char *path)
{
	FILE *f = fopen(path, "r");
	char line[256];

	l->n = 0;
	l->given = true;
	while (f && fgets(line, sizeof line, f))
		read_deed(l, line);
	return f && fclose(f) == 0 && l->n;
}

/* --- all of them --- */

struct run {
	long events, done;
	uint64_t seed;
	int jobs;
	bool loud, failed;
	char dir[64];
	struct context c[2];    /* of small models, and of the real ones */
	struct life *life;      /* one a job */
	pid_t pid[JOBS_MAX];
	struct life all;        /* what was visited */
};

static void add_up(struct life *all, const struct life *l)
{
	for (int a = 0; a < ACT_N; a++)
		for (int p = 0; p < PANEL_N; p++)
			all->action[a][p] += l->action[a][p];
	for (int i = 0; i < PLACES_MAX; i++)
		all->place[i] += l->place[i];
}

static void place_of(const struct run *r, int job, char out[96])
{
	snprintf(out, 96, "%s/%d", r->dir, job);
}

static void begin(struct run *r, int job)
{
	struct life *l = &r->life[job];
	char dir[96];

	memset(l, 0, sizeof *l);
	/* a golden-ratio walk: seeds that have nothing in common */
	l->seed = r->seed += 0x9e3779b97f4a7c15u;
	l->n = r->events < LIFE_DEEDS ? (int)r->events : LIFE_DEEDS;
	r->events -= l->n;
	place_of(r, job, dir);
	r->pid[job] = start(r->c, l, dir, true);
}

static void bury(struct run *r, int job, int status)
{
	struct life *l = &r->life[job];
	char dir[96];

	r->pid[job] = 0;
	place_of(r, job, dir);
	sweep(dir);
	r->done += l->used;
	add_up(&r->all, l);
	if (!status)
		return;
	r->failed = true;
	printf("life %llu breaks at deed %d\n", (unsigned long long)l->seed,
	       l->used);
	shrink(r->c, l, dir);
	report(l);
	fflush(stdout);
	breaks(r->c, l, dir, false);
}

static int job_of(const struct run *r, pid_t pid)
{
	for (int j = 0; j < r->jobs; j++)
		if (r->pid[j] == pid)
			return j;
	return -1;
}

static void run_all(struct run *r)
{
	int status, j;

	for (j = 0; j < r->jobs && r->events > 0; j++)
		begin(r, j);
	while ((j = job_of(r, waitpid(-1, &status, 0))) >= 0) {
		bury(r, j, status);
		if (r->events > 0)
			begin(r, j);
	}
}

static int run_one(struct run *r, const char *file)
{
	char dir[96];

	place_of(r, 0, dir);
	r->life->seed = r->seed;
	r->life->n = r->events < LIFE_MAX ? (int)r->events : LIFE_MAX;
	if (file && !read_deeds(r->life, file)) {
		fprintf(stderr, "%s holds no deeds\n", file);
		return 2;
	}
	r->life->told = file;
	return breaks(r->c, r->life, dir, false);
}

static int usage(void)
{
	fputs("usage: fuzz [--events N] [--seed S] [--jobs J] [--loud]\n"
	      "       fuzz --life SEED [--events N]\n"
	      "       fuzz --play FILE\n", stderr);
	return 2;
}

/* The small models need the units and prices of the real ones beside them. */
static bool gather(const char *dir, const char *data)
{
	static const struct { const char *from, *to; } link[] = {
		{ "tests/tui/small/scenarios", "scenarios" },
		{ "models/units.xml", "models/units.xml" },
		{ "models/prices.yaml", "models/prices.yaml" },
		{ "tests/tui/small/models/workload.yaml",
		  "models/workload.yaml" },
		{ "tests/tui/small/models/prompt-vs-finetune.yaml",
		  "models/prompt-vs-finetune.yaml" },
		{ "tests/tui/small/models/automation-vs-oversight.yaml",
		  "models/automation-vs-oversight.yaml" },
	};
	char from[1024], to[1024];
	bool ok;

	snprintf(to, sizeof to, "%s/models", dir);
	ok = mkdir(to, 0700) == 0;
	for (size_t i = 0; ok && i < sizeof link / sizeof *link; i++) {
		snprintf(from, sizeof from, "%s/%s", data, link[i].from);
		snprintf(to, sizeof to, "%s/%s", dir, link[i].to);
		ok = symlink(from, to) == 0;
	}
	return ok;
}

static bool prepare(struct run *r)
{
	struct err err = ERR_INIT;
	const char *memory = access("/dev/shm", W_OK) == 0 ? "/dev/shm"
	                                                   : "/tmp";

	snprintf(r->dir, sizeof r->dir, "%s/steelyard-fuzz-XXXXXX", memory);
	setenv("SOURCE_DATE_EPOCH", "1795392000", 1);
	r->life = mmap(NULL, JOBS_MAX * sizeof *r->life,
	               PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1,
	               0);
	if (r->life == MAP_FAILED || !mkdtemp(r->dir))
		return false;
	if (!context_init(&r->c[1], NULL, &err) ||
	    !gather(r->dir, r->c[1].data_dir) ||
	    !context_init(&r->c[0], r->dir, &err)) {
		err_print(&err, stderr, "fuzz");
		return false;
	}
	for (int i = 0; i < 2; i++) {
		r->c[i].engine.samples = r->c[i].engine.max_samples = POINTS;
		r->c[i].engine.break_even_draws = POINTS;
		r->c[i].engine.threads = 1;
	}
	return true;
}

int main(int argc, char **argv)
{
	static struct run r = { .events = 20000, .seed = 1, .jobs = 1 };
	const char *file = NULL;
	bool one = false, ok;
	int status;

	for (int i = 1; i < argc; i++) {
		const char *v = i + 1 < argc ? argv[i + 1] : NULL;

		if (strcmp(argv[i], "--loud") == 0) {
			r.loud = true;
			continue;
		}
		if (!v)
			return usage();
		i++;
		if (strcmp(argv[i - 1], "--events") == 0)
			r.events = strtol(v, NULL, 10);
		else if (strcmp(argv[i - 1], "--seed") == 0)
			r.seed = strtoull(v, NULL, 10);
		else if (strcmp(argv[i - 1], "--jobs") == 0)
			r.jobs = (int)strtol(v, NULL, 10);
		else if (strcmp(argv[i - 1], "--life") == 0)
			one = true, r.seed = strtoull(v, NULL, 10);
		else if (strcmp(argv[i - 1], "--play") == 0)
			one = true, file = v;
		else
			return usage();
	}
	if (r.events < 1 || r.jobs < 1 || r.jobs > JOBS_MAX)
		return usage();
	if (!prepare(&r))
		return 2;
	if (one) {
		status = run_one(&r, file);
		sweep(r.dir);
		return status;
	}
	ok = r.events >= 100000;
	run_all(&r);
	sweep(r.dir);
	printf("%ld events\n", r.done);
	ok = fuzz_covered(&r.all, ok, r.loud) && !r.failed;
	context_release(&r.c[0]);
	context_release(&r.c[1]);
	return ok ? 0 : 1;
}
