#include "model_fixture.h"

#include <dirent.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "expr/tape.h"

const char fixture_workload[] =
	"workload: 1\n"
	"parameters:\n"
	"  requests:\n"
	"    unit: request/day\n"
	"    bounds: [0, 1e12]\n"
	"    value: 1000 to 4000\n"
	"    title: Requests a day\n"
	"    ask: How many a day?\n"
	"    aka: [req_day]\n"
	"    source: {kind: measured, note: the log, date: 2026-11-01}\n"
	"  salary: {unit: USD/year/FTE, aka: [engineer_year],\n"
	"           ask: What does an engineer earn?}\n"
	"  loading: {unit: \"1\", value: 1.5}\n"
	"  hours: {unit: h/month/FTE, value: 120}\n"
	"  rate: {unit: 1/year, value: 0.1}\n"
	"  gpu: {unit: USD/h/GPU, value: {price: card, field: hour}}\n"
	"formulas:\n"
	"  engineer_month: {title: An engineer, unit: USD/month/FTE,\n"
	"                   value: salary * loading}\n"
	"  engineer_rate: {unit: USD/h, value: engineer_month / hours}\n"
	"joint: {horizon: 24 month}\n";

const char fixture_prices[] =
	"prices: 1\n"
	"entries:\n"
	"  small:\n"
	"    - {date: 2026-01-01, unit: USD/Mtoken, input: 2, output: 8,\n"
	"       source: list}\n"
	"    - {date: 2026-07-01, unit: USD/Mtoken, input: 1, output: 4,\n"
	"       source: list}\n"
	"  small-2:\n"
	"    - {date: 2026-07-01, unit: USD/Mtoken, input: 0.5}\n"
	"  card:\n"
	"    - {date: 2026-07-01, unit: USD/h/GPU, hour: 3}\n";

const char fixture_host[] =
	"model: throughput-vs-latency\n"
	"title: Throughput vs latency\n"
	"question: How fast?\n"
	"version: 1\n"
	"horizon: 12 month\n"
	"axes: {period: [peak, off]}\n"
	"options:\n"
	"  live: {title: Live, tags: [own]}\n"
	"  batch: {title: Batch}\n"
	"parameters:\n"
	"  requests: {value: {workload: requests}}\n"
	"  gpu: {value: {workload: gpu}}\n"
	"  each: {unit: request/day/GPU, value: 100}\n"
	"  share: {unit: \"1\", value: {peak: 0.6, off: 0.4}}\n"
	"formulas:\n"
	"  gpus: requests / each\n"
	"  fleet: if(is(own), gpus, gpus / 2)\n"
	"  split: sum(gpus * share, period)\n"
	"  series: fleet * month\n"
	"money:\n"
	"  fleet: {account: serving, monthly: fleet * gpu}\n"
	"decision:\n"
	"  minimise: sum(sum_money(monthly), month)\n"
	"  incumbent: live\n"
	"outputs:\n"
	"  doubled: {value: fleet * 2}\n";

const char fixture_buy[] =
	"model: build-vs-buy\n"
	"title: Build vs buy\n"
	"question: Buy?\n"
	"version: 1\n"
	"horizon: 24 month\n"
	"options:\n"
	"  api: {title: An API, tags: [rented]}\n"
	"  open_api: {title: An open API, tags: [rented]}\n"
	"  own: {title: One's own}\n"
	"reads:\n"
	"  gpus: {from: throughput-vs-latency.fleet, else: 7 GPU}\n"
	"parameters:\n"
	"  req: {value: {workload: requests}}\n"
	"  hourly: {value: {workload: engineer_rate}}\n"
	"  tokens: {unit: token/request, value: 500}\n"
	"  markup: {unit: \"1\", value: 2}\n"
	"  price:\n"
	"    unit: USD/Mtoken\n"
	"    bounds: [0, 100]\n"
	"    value:\n"
	"      api: {price: small, field: input, times: markup}\n"
	"      open_api: {price: small-2, field: input}\n"
	"      else: 0\n"
	"  old: {retired: 2}\n"
	"  work: {unit: h/month, value: {api: 1, else: 10}}\n"
	"  gpu: {value: {workload: gpu}}\n"
	"  drop: {unit: 1/year}\n"
	"  stakes: {choice: [low, normal, high], value: normal}\n"
	"  strict: {type: boolean, value: false}\n"
	"formulas:\n"
	"  calls: req * tokens\n"
	"  bill: {unit: USD/month, value: calls * price}\n"
	"  fall: (1 - drop * 1 [year]) ^ (month / 12)\n"
	"money:\n"
	"  tokens: {account: serving, for: [rented], monthly: bill * fall}\n"
	"  cards: {account: serving, for: own, monthly: gpus * gpu}\n"
	"  people: {account: staff, monthly: work * hourly}\n"
	"decision:\n"
	"  minimise: npv(sum_money(monthly), 0.1 [1/year])\n"
	"  incumbent: api\n"
	"  indifferent_below: 500 USD\n"
	"  break_even: [req, work@api]\n"
	"requires:\n"
	"  - {reason: no_cards, for: own, when: \"gpus <= 0 [GPU]\",\n"
	"     remedy: \"needs more than {gpus}\"}\n"
	"constraints:\n"
	"  - {id: human, when: stakes == high, allow: is(own),\n"
	"     as_of: 2026-11-01}\n"
	"presets:\n"
	"  drift:\n"
	"    falling: {weight: 0.6, set: {drop: 0.3}}\n"
	"    flat: {weight: 0.4, set: {drop: 0}}\n"
	"findings:\n"
	"  - {id: small, when: \"req < 10 [request/day]\",\n"
	"     say: \"only {req}\"}\n"
	"checklist:\n"
	"  - {id: exit, ask: \"A way back?\", must: yes, for: [own]}\n"
	"examples:\n"
	"  - name: E1\n"
	"    given: {req: 1000, hourly: 50, drop: 0}\n"
	"    prices: {small.input: 2, small-2.input: 0.25}\n"
	"    presets: {drift: flat}\n"
	"    expect:\n"
	"      \"bill[own]\": 0\n"
	"      \"monthly[api] at 1\": {value: 110.8333333333, rel: 1e-9}\n"
	"      verdict: api\n"
	"  - name: E2\n"
	"    like: E1\n"
	"    given: {hourly: 0}\n"
	"    expect:\n"
	"      \"monthly[api] at 1\": 60.8333333333 USD/month\n";

/* --- files ---------------------------------------------------------------- */

static const char *data_folder(void)
{
	const char *dir = getenv("STEELYARD_DATA");

	return dir ? dir : ".";
}

char *fixture_units(void)
{
	return path_join(data_folder(), "models/units.xml");
}

static void write_file(const char *path, const char *text, size_t n)
{
	FILE *f = fopen(path, "w");

	if (!f || fwrite(text, 1, n, f) != n || fclose(f) != 0) {
		perror(path);
		abort();
	}
}

void fixture_file(struct fixture *f, const char *name, const char *text)
{
	struct buf path = BUF_INIT;

	buf_addf(&path, "%s/models/%s", f->dir, name);
	write_file(path.s, text, strlen(text));
	buf_release(&path);
}

static void copy_units(struct fixture *f)
{
	struct buf text = BUF_INIT;
	char *from = fixture_units();

	if (!path_read(from, 1 << 20, &text, &f->err)) {
		err_print(&f->err, stderr, "fixture");
		abort();
	}
	fixture_file(f, "units.xml", text.s);
	buf_release(&text);
	free(from);
}

void fixture_open(struct fixture *f)
{
	char name[] = "model_fixture.XXXXXX";
	struct buf models = BUF_INIT;

	*f = (struct fixture){ .err = ERR_INIT };
	if (!mkdtemp(name))
		abort();
	f->dir = xstrdup(name);
	buf_addf(&models, "%s/models", name);
	if (mkdir(models.s, 0700) != 0)
		abort();
	buf_release(&models);
	copy_units(f);
	fixture_file(f, "workload.yaml", fixture_workload);
	fixture_file(f, "prices.yaml", fixture_prices);
	fixture_file(f, "throughput-vs-latency.yaml", fixture_host);
	fixture_file(f, "build-vs-buy.yaml", fixture_buy);
	f->library = library_open(f->dir, &f->err);
	if (!f->library) {
		err_print(&f->err, stderr, "fixture");
		abort();
	}
}

void fixture_close(struct fixture *f)
{
	struct buf path = BUF_INIT;
	struct dirent *e;
	DIR *d;

	library_free(f->library);
	err_clear(&f->err);
	buf_addf(&path, "%s/models", f->dir);
	d = opendir(path.s);
	while (d && (e = readdir(d)) != NULL) {
		char *file = path_join(path.s, e->d_name);

		if (e->d_name[0] != '.')
			unlink(file);
		free(file);
	}
	if (d)
		closedir(d);
	rmdir(path.s);
	rmdir(f->dir);
	buf_release(&path);
	free(f->dir);
}

/* --- asking --------------------------------------------------------------- */

bool fixture_says(const struct err *err, const char *text)
{
	for (int i = 0; i < err->n; i++)
		if (strstr(err->item[i].text, text))
			return true;
	fprintf(stderr, "no finding says `%s`:\n", text);
	err_print(err, stderr, "fixture");
	return false;
}

char *fixture_replace(const char *text, const char *from, const char *to)
{
	const char *at = strstr(text, from);
	struct buf b = BUF_INIT;

	if (!at) {
		fprintf(stderr, "the fixture lacks `%s`\n", from);
		abort();
	}
	buf_addn(&b, text, (size_t)(at - text));
	buf_add(&b, to);
	buf_add(&b, at + strlen(from));
	return buf_detach(&b);
}

bool fixture_near(double got, double want, double tolerance)
{
	if (fabs(got - want) <= tolerance)
		return true;
	fprintf(stderr, "got %.17g, want %.17g\n", got, want);
	return false;
}

struct scenario *fixture_scenario(struct fixture *f, const char *text)
{
	return scenario_read_text(text, strlen(text), "s.yaml", &f->err);
}

static double central_input(const struct bound *b, int slot)
{
	const struct slot *s = &b->slot[slot];
	int label;

	if (s->kind != SLOT_MIXED)
		return s->dist ? dist_central(s->dist) : NAN;
	label = (int)dist_central(b->slot[s->preset].dist);
	return dist_central(s->by_label[label]);
}

static double run(const struct bound *b, const struct dag *d, node_id root)
{
	struct tape *t = tape_new(d, &root, 1);
	struct frame *frame = frame_new(t);
	int n = tape_inputs(t);
	double *value = xcalloc((size_t)n + 1, sizeof *value);
	struct column *in = xcalloc((size_t)n + 1, sizeof *in);
	double out, *to = &out;

	for (int i = 0; i < n; i++) {
		value[i] = central_input(b, tape_input(t, i));
		in[i] = (struct column){ &value[i], true };
	}
	tape_run(t, frame, in, 1, &to);
	free(in);
	free(value);
	frame_free(frame);
	tape_free(t);
	return out;
}

double fixture_value(struct fixture *f, const struct bound *b, int model,
                     const char *expr)
{
	struct env *env = b->model[model].model->env;
	struct arena *a = arena_new();
	struct pos pos = { "test", 1, 1 };
	struct syntax *s = expr_parse(a, expr, pos, &f->err);
	struct bound_graph *g = bound_graph_new(b);
	int labels[AXIS_MAX] = { 0 };
	struct unit unit;
	const char *text;
	struct expr_type type;
	struct value v;
	double out = NAN;

	if (s && env_check_expr(env, s, TYPE_NUMBER, 0, false, &type, &f->err)
	    && elab_expr(bound_graph_elab(g, model), s, labels, &v, &f->err)
	    && bound_graph_ok(g, &f->err)) {
		env_display(env, s, &type, &unit, &text);
		out = run(b, bound_graph_dag(g), v.num) / unit.scale;
	}
	if (err_any(&f->err))
		err_print(&f->err, stderr, "fixture");
	bound_graph_free(g);
	arena_free(a);
	return out;
}
