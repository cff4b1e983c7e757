/*
 * What an arrow key does to a value, as text in and text out.
 */
#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/err.h"
#include "base/num.h"
#include "model/bound.h"
#include "tui/form.h"
#include "base/banned.h"

#define STEP 0.05               /* of the value, before rounding to 1-2-5 */

/* The round number (1, 2 or 5 times a power of ten) nearest to `v` by ratio. */
static double round_number(double v)
{
	double unit = pow(10, floor(log10(v))), r = v / unit;

	return unit * (r < 1.4142 ? 1 : r < 3.1623 ? 2 : r < 7.0711 ? 5 : 10);
}

static double clamp(double v, double low, double high)
{
	return v < low ? low : v > high ? high : v;
}

static bool whole_things(const struct slot *s, double v)
{
	return v == floor(v) && s->param->low >= 0 &&
	       fabs(v) < 20 && s->param->unit_text &&
	       strcmp(s->param->unit_text, "1") != 0 &&
	       strcmp(s->param->unit_text, "%") != 0 &&
	       !strchr(s->param->unit_text, '/');
}

static double number_step(const struct slot *s, double v, double low,
                          double high)
{
	double step;

	if (v == 0) {   /* nothing to take 5 % of: a twentieth of the range */
		step = isfinite(high) && isfinite(low) ? (high - low) * STEP
		                                       : 1;
		return step > 1 ? 1 : round_number(step);
	}
	step = round_number(fabs(v) * STEP);
	return whole_things(s, v) && step < 1 ? 1 : step;
}

/* `v` in the unit it was typed in, `rest` that unit's text; `per` of the
 * parameter's own units make one of those. */
static void nudge_number(const struct slot *s, double v, double per,
                         const char *rest, int dir, struct buf *out)
{
	double scale = s->param->unit.scale * per;
	double low = s->param->low / scale, high = s->param->high / scale;
	double step = number_step(s, v, low, high);
	double k = v / step;

	/* onto the grid of the step first, so that values stay round */
	k = dir > 0 ? floor(k + 1e-6) + 1 : ceil(k - 1e-6) - 1;
	num_human(out, clamp(k * step, low, high), 6);
	buf_add(out, rest);
}

/* "5 %" keeps its unit; what is no plain number moves as `central` says. */
static void nudge_point(const struct slot *s, const char *text, double central,
                        int dir, struct buf *out)
{
	double v;
	size_t n;

	if (!num_scan(text, &v, &n) && v != 0 && central != 0 &&
	    strcspn(text + n, "0123456789(") == strlen(text + n))
		nudge_number(s, v, central / v, text + n, dir, out);
	else
		nudge_number(s, central, 1, "", dir, out);
}

/* Which arguments of a family are in the quantity's own unit, as a bit set: a
 * scaled quantity has those scaled and the rest (shapes, weights) kept. */
static unsigned scaled_arguments(enum dist_kind k)
{
	switch (k) {
	case DIST_NORMAL: case DIST_UNIFORM: case DIST_LOGUNIFORM:
	case DIST_TRIANGULAR: case DIST_PERT: case DIST_JQPD:
	case DIST_METALOG: case DIST_POISSON:
		return ~0u;
	case DIST_LOGNORMAL:
		return 1u;
	case DIST_GAMMA: case DIST_WEIBULL:
		return 2u;
	case DIST_STUDENT_T:
		return 6u;
	default:
		return 0u;
	}
}

static bool starts_number(const char *text, const char *p)
{
	char c = *p, b = p > text ? p[-1] : ' ';

	if (!((c >= '0' && c <= '9') || c == '.'))
		return false;
	return b == ' ' || b == '(' || b == ',' || b == '-' || b == '+';
}

/* Numbers of the text (those in `which`) times `by`; all else as typed. */
static void scale_text(const char *text, unsigned which, double by,
                       struct buf *out)
{
	int index = 0;

	for (const char *p = text; *p;) {
		double v;
		size_t n;

		if (starts_number(text, p) && !num_scan(p, &v, &n)) {
			if (which >> (index < 31 ? index : 31) & 1u)
				num_human(out, v * by, 4);
			else
				buf_addn(out, p, n);
			index++;
			p += n;
		} else {
			buf_addc(out, *p++);
		}
	}
}

static bool nudge_choice(const struct param *p, const char *text, int dir,
                         struct buf *out, struct err *err)
{
	for (int i = 0; i < p->nchoices; i++)
		if (strcmp(p->choice[i], text) == 0) {
			int k = (i + dir + p->nchoices) % p->nchoices;

			buf_add(out, p->choice[k]);
			return true;
		}
	return err_add(err, ERR_USAGE, "press Enter and type one of the "
	               "choices");
}

static bool nudge_dist(const struct slot *s, const char *text, int dir,
                       struct buf *out, struct err *err)
{
	unsigned which = strstr(text, " to ") ? ~0u
	                                      : scaled_arguments(s->dist->kind);

	if (!which)
		return err_add(err, ERR_USAGE, "this distribution has no "
		               "natural step: press Enter and type");
	scale_text(text, which, dir > 0 ? 1 + STEP : 1 / (1 + STEP), out);
	return true;
}

bool form_nudge(const struct bound *b, const struct form_row *row, int step,
                double central, struct buf *out, struct err *err)
{
	const struct slot *s = &b->slot[row->slot];
	const struct param *p = s->param;

	if (row->locked)
		return err_add(err, ERR_USAGE, "%s follows from other values",
		               row->title);
	if (p->type == TYPE_LABEL)
		return nudge_choice(p, row->text, step, out, err);
	if (p->type == TYPE_BOOL) {
		buf_add(out, strcmp(row->text, "true") == 0 ? "false" : "true");
		return true;
	}
	if (s->kind == SLOT_INPUT && s->dist && !dist_is_point(s->dist))
		return nudge_dist(s, row->text, step, out, err);
	if (s->kind == SLOT_INPUT && s->dist)
		central = dist_central(s->dist) / p->unit.scale;
	if (!isfinite(central))
		return err_add(err, ERR_USAGE, "press Enter and type a value");
	nudge_point(s, row->text, central, step, out);
	return true;
}
