/*
 * From what an import measured to a scenario that stands on it.
 */
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "evidence/import.h"
#include "model/model.h"
#include "task/task.h"
#include "yaml/yaml.h"

#include "base/banned.h"

/* As the scenario has to write it, beside which it stands or not. */
static char *as_seen_from(const char *scenario, const char *evidence)
{
	char *dir = path_dirname(scenario);
	char *full = strcmp(dir, ".") == 0 ? NULL : realpath(evidence, NULL);

	free(dir);
	return full ? full : xstrdup(evidence);
}

static bool asked_in(struct units *u, const struct param *p,
                     const struct measure *x)
{
	struct unit unit = unit_one();

	return p && p->type == TYPE_NUMBER && !unit_parse(u, x->unit, &unit) &&
		unit_same(&unit, &p->unit);
}

/* What lies beyond the parameter's bounds (a trend of six weeks, carried on for
 * a year) would only be refused: it is named and left out. */
static bool fits(struct units *u, const struct param *p,
                 const struct measure *x, struct buf *out)
{
	struct unit unit = unit_one();
	double low, high;

	unit_parse(u, x->unit, &unit);
	low = unit_to_base(&unit, isnan(x->low) ? x->mean : x->low);
	high = unit_to_base(&unit, isnan(x->high) ? x->mean : x->high);
	if (low >= p->low && high <= p->high)
		return true;
	buf_addf(out, "# %s: %s %s lies beyond the bounds of the parameter\n",
	         x->name, x->value, x->unit);
	return false;
}

static void add_field(struct buf *out, int indent, const struct measure *x,
                      const char *evidence)
{
	buf_pad(out, ' ', indent);
	buf_addf(out, "%s: {evidence: ", x->name);
	yaml_quote(out, evidence);
	buf_addf(out, ", field: %s}\n", x->name);
}

static int workload_part(struct context *c, const struct workload *w,
                         const struct import *m, const char *evidence,
                         struct buf *out)
{
	struct units *u = library_units(c->library);
	int n = 0, slot;

	for (int i = 0; i < m->nmeasures; i++) {
		const struct measure *x = &m->measure[i];
		const struct param *p = workload_param(w, x->name, &slot);

		if (!asked_in(u, p, x) || !fits(u, p, x, out))
			continue;
		buf_add(out, n++ ? "" : "workload:\n");
		add_field(out, 2, x, evidence);
	}
	return n;
}

static int model_part(struct context *c, const struct workload *w,
                      const struct model *model, const struct import *m,
                      const char *evidence, struct buf *out)
{
	struct units *u = library_units(c->library);
	int n = 0, slot;

	for (int i = 0; i < m->nmeasures; i++) {
		const struct measure *x = &m->measure[i];
		const struct param *p = model_param(model, x->name, &slot);

		if (workload_param(w, x->name, &slot) || !asked_in(u, p, x) ||
		    !fits(u, p, x, out))
			continue;
		if (!n++)
			buf_addf(out, "%s:\n  parameters:\n", model->name);
		add_field(out, 4, x, evidence);
	}
	return n;
}

int task_evidence_scenario(struct context *c, const struct import *m,
                           const char *evidence, const char *path,
                           struct buf *out, struct err *err)
{
	const struct workload *w = library_workload(c->library, err);
	const char *const *names = library_names(c->library);
	char *seen = as_seen_from(path, evidence), *name;
	const char *base = path_basename(path);
	int n;

	name = xstrndup(base, strcspn(base, "."));
	buf_add(out, "scenario: ");
	yaml_quote(out, name);
	buf_add(out, "\ntitle: ");
	yaml_quote(out, m->title);
	buf_addc(out, '\n');
	n = w ? workload_part(c, w, m, seen, out) : 0;
	for (int i = 0; w && names[i]; i++) {
		const struct model *model = library_model(c->library, names[i],
		                                          err);

		n += model ? model_part(c, w, model, m, seen, out) : 0;
	}
	free(name);
	free(seen);
	if (n == 0 && !err_any(err))
		err_add(err, ERR_INPUT, "%s tells nothing that a trade-off asks "
		        "for: no scenario was written", m->file);
	return err_any(err) ? -1 : n;
}
