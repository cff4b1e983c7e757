#include "dist/parse.h"

#include <math.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/num.h"
#include "dist/law.h"
#include "base/banned.h"

#define ATOMS_MAX 256
#define PARTS_MAX 32
#define DEPTH_MAX 8
#define WEIGHT_SLACK 1e-6
#define TEXT_MAX_LEN 16384

static bool is_letter(char c)
{
	return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

/* An interval's ends, as read before their unit is known. */
struct range {
	double a, b;
	struct span unit_a, unit_b;
	size_t at_a, at_b;
};

static bool read_range(struct parser *p, struct range *r)
{
	r->at_a = p->at;
	if (!parse_number(p, &r->a))
		return false;
	r->unit_a = parse_unit_span(p);
	r->unit_b = r->unit_a;
	r->at_b = 0;
	if (!parse_to(p))
		return true;
	parse_spaces(p);
	r->at_b = p->at;
	if (!parse_number(p, &r->b))
		return false;
	r->unit_b = parse_unit_span(p);
	if (r->unit_a.n && !r->unit_b.n)
		return parse_fail(p, r->unit_a.at, "write the unit '%.*s' "
		                  "behind the second number, or behind both",
		                  (int)r->unit_a.n, p->text + r->unit_a.at);
	return true;
}

static bool scale_range(struct parser *p, const struct scope *s,
                        struct range *r)
{
	struct unit a = s->unit, b = s->unit;

	if (r->unit_b.n && !parse_unit(p, r->unit_b, &s->unit, &b))
		return false;
	a = b;
	if (r->unit_a.n && !parse_unit(p, r->unit_a, &s->unit, &a))
		return false;
	r->a = unit_to_base(&a, r->a);
	r->b = unit_to_base(&b, r->b);
	return true;
}

static struct dist *number_or_range(struct parser *p, const struct scope *s)
{
	struct range r = { 0 };
	bool ok;

	p->bare = p->depth == 1;
	ok = read_range(p, &r);
	p->bare = false;
	if (!ok || !scale_range(p, s, &r))
		return NULL;
	if (!r.at_b)
		return dist_point(p->arena, r.a);
	if (r.a < r.b)
		return dist_interval(p->arena, r.a, r.b, p->bounds);
	if (r.a == r.b)
		parse_fail(p, r.at_b, "both ends of the interval are equal: "
		           "write the number alone");
	else
		parse_fail(p, r.at_b, "the interval's second end is below its "
		           "first: write the smaller number first");
	return NULL;
}

/* value: weight pairs of one bracket. */
struct weights {
	double w[ATOMS_MAX], v[ATOMS_MAX];
	struct dist *part[PARTS_MAX];
	int n;
	size_t at;
};

static bool read_weight(struct parser *p, struct weights *w)
{
	size_t at;

	parse_spaces(p);
	at = p->at;
	if (!parse_plain(p, &w->w[w->n]))
		return false;
	return w->w[w->n] > 0 ||
	       parse_fail(p, at, "a weight must be above 0: leave out what "
	                  "cannot happen");
}

static bool read_atom(struct parser *p, const struct scope *s,
                      struct weights *w)
{
	size_t at;

	parse_spaces(p);
	at = p->at;
	if (w->n == ATOMS_MAX)
		return parse_fail(p, at, "more than %d values: use a table's "
		                  "column or a continuous law", ATOMS_MAX);
	if (!parse_quantity(p, s, &w->v[w->n]))
		return false;
	for (int i = 0; i < w->n; i++)
		if (w->v[i] == w->v[w->n])
			return parse_fail(p, at, "this value stands here "
			                  "twice: add its weights up");
	return parse_expect(p, ':', "between value and weight: discrete("
	                    "value: weight, ...)") && read_weight(p, w);
}

static bool read_part(struct parser *p, const struct scope *s,
                      struct weights *w)
{
	parse_spaces(p);
	if (w->n == PARTS_MAX)
		return parse_fail(p, p->at, "more than %d parts", PARTS_MAX);
	if (!read_weight(p, w) ||
	    !parse_expect(p, ':', "between weight and distribution: mixture("
	                  "weight: distribution, ...)"))
		return false;
	w->part[w->n] = parse_value(p, s);
	return w->part[w->n] != NULL;
}

/* Weights may be off by rounding alone; more is a slip that scaling would
 * hide. */
static bool normalise(struct parser *p, struct weights *w, const char *name)
{
	double sum = 0;
	struct buf text = BUF_INIT;

	for (int i = 0; i < w->n; i++)
		sum += w->w[i];
	if (fabs(sum - 1) > WEIGHT_SLACK) {
		num_human(&text, sum, 7);
		parse_fail(p, w->at, "the weights of %s sum to %s, not to 1",
		           name, text.s);
		buf_release(&text);
		return false;
	}
	for (int i = 0; i < w->n; i++)
		w->w[i] /= sum;
	return true;
}

typedef bool (*read_fn)(struct parser *p, const struct scope *s,
                        struct weights *w);

static bool read_list(struct parser *p, const struct scope *s, read_fn read,
                      struct weights *w)
{
	do {
		if (!read(p, s, w))
			return false;
		w->n++;
	} while (parse_take(p, ','));
	return parse_expect(p, ')', "behind the last pair");
}

static struct dist *make_discrete(struct parser *p, const struct weights *w)
{
	struct dist *d = dist_new(p->arena, DIST_DISCRETE);
	size_t bytes = (size_t)w->n * sizeof *d->value;

	d->n = w->n;
	d->value = arena_alloc(p->arena, bytes);
	d->weight = arena_alloc(p->arena, bytes);
	memcpy(d->value, w->v, bytes);
	memcpy(d->weight, w->w, bytes);
	atoms_complete(p->arena, d);
	return d;
}

static struct dist *weighted(struct parser *p, enum dist_kind kind, size_t at,
                             const struct scope *s)
{
	bool mixture = kind == DIST_MIXTURE;
	struct weights *w = arena_alloc(p->arena, sizeof *w);

	w->at = at;
	if (!read_list(p, s, mixture ? read_part : read_atom, w) ||
	    !normalise(p, w, dist_families[kind].name))
		return NULL;
	return mixture ? dist_mixture(p->arena, w->part, w->w, w->n) :
	                 make_discrete(p, w);
}

static struct dist *truncated(struct parser *p, size_t at,
                              const struct scope *s)
{
	struct dist *base = parse_value(p, s), *d;
	double low, high;
	size_t at_high;

	if (!base ||
	    !parse_expect(p, ',', "behind truncate's distribution") ||
	    !parse_quantity(p, s, &low) ||
	    !parse_expect(p, ',', "behind truncate's low end"))
		return NULL;
	parse_spaces(p);
	at_high = p->at;
	if (!parse_quantity(p, s, &high) ||
	    !parse_expect(p, ')', "behind truncate's high end"))
		return NULL;
	if (!(low < high)) {
		parse_fail(p, at_high, "the high end must be above the low "
		           "end: truncate(distribution, low, high)");
		return NULL;
	}
	if (dist_is_point(base)) {
		parse_fail(p, at, "a single number cannot be truncated");
		return NULL;
	}
	d = dist_truncated(p->arena, base, low, high);
	if (!d)
		parse_fail(p, at, "less than one part in 1e9 of the "
		           "distribution lies between the ends");
	return d;
}

/* The end of the bracket opened before `at`; 0 when it never closes. */
static size_t closing(const char *text, size_t at)
{
	int depth = 1;

	for (; text[at]; at++) {
		if (text[at] == '(')
			depth++;
		if (text[at] == ')' && --depth == 0)
			return at;
	}
	return 0;
}

/* Optimal string alignment distance, for "did you mean". */
static int edit_distance(const char *a, size_t n, const char *b)
{
	int row[3][24] = { { 0 } };
	size_t m = strlen(b);

	if (n > 20 || m > 20)
		return 99;
	for (size_t j = 0; j <= m; j++)
		row[0][j] = (int)j;
	for (size_t i = 1; i <= n; i++) {
		int *now = row[i % 3], *up = row[(i + 2) % 3];
		int *upper = row[(i + 1) % 3];

		now[0] = (int)i;
		for (size_t j = 1; j <= m; j++) {
			int d = up[j - 1] + (a[i - 1] != b[j - 1]);

			if (up[j] + 1 < d)
				d = up[j] + 1;
			if (now[j - 1] + 1 < d)
				d = now[j - 1] + 1;
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] &&
			    a[i - 2] == b[j - 1] && upper[j - 2] + 1 < d)
				d = upper[j - 2] + 1;
			now[j] = d;
		}
	}
	return row[n % 3][m];
}

static const char *nearest_family(const char *name, size_t n)
{
	const char *best = NULL;
	int least = n < 5 ? 2 : 3;

	for (int i = DIST_POINT + 1; i < DIST_EMPIRICAL; i++) {
		int d = edit_distance(name, n, dist_families[i].name);

		if (d < least) {
			least = d;
			best = dist_families[i].name;
		}
	}
	return best;
}

static bool unknown_family(struct parser *p, struct span name)
{
	const char *text = p->text + name.at;
	const char *near = nearest_family(text, name.n);

	if (near)
		return parse_fail(p, name.at, "'%.*s' is no distribution; did "
		                  "you mean '%s'?", (int)name.n, text, near);
	return parse_fail(p, name.at, "'%.*s' is neither a number nor a "
	                  "distribution such as normal, pert, beta or "
	                  "discrete", (int)(name.n > 40 ? 40 : name.n), text);
}

static bool find_family(struct parser *p, struct span name,
                        enum dist_kind *kind)
{
	for (int i = 0; i < DIST_N; i++) {
		const char *family = dist_families[i].name;

		if (strlen(family) != name.n ||
		    strncmp(p->text + name.at, family, name.n))
			continue;
		if (i == DIST_POINT)
			break;
		if (i == DIST_EMPIRICAL)
			return parse_fail(p, name.at, "an empirical law comes "
			                  "from a table's column, not from "
			                  "a text");
		*kind = (enum dist_kind)i;
		return true;
	}
	return unknown_family(p, name);
}

static struct span read_name(struct parser *p)
{
	struct span s = { .at = p->at };

	while (is_letter(p->text[p->at]) ||
	       (p->at > s.at && p->text[p->at] >= '0' &&
	        p->text[p->at] <= '9'))
		p->at++;
	s.n = p->at - s.at;
	return s;
}

static struct dist *arguments(struct parser *p, enum dist_kind kind,
                              size_t at, const struct scope *s)
{
	switch (kind) {
	case DIST_DISCRETE:
	case DIST_MIXTURE:
		return weighted(p, kind, at, s);
	case DIST_TRUNCATED:
		return truncated(p, at, s);
	default:
		return parse_family(p, kind, at, s);
	}
}

/* The unit behind the closing bracket holds inside it, so it is read first. */
static bool unit_behind(struct parser *p, size_t close, struct scope *s,
                        size_t *end)
{
	size_t back = p->at;
	struct span span;
	struct unit unit;

	p->at = close + 1;
	span = parse_unit_span(p);
	*end = p->at;
	p->at = back;
	if (!span.n)
		return true;
	if (!parse_unit(p, span, &s->unit, &unit))
		return false;
	s->unit = unit;
	s->typed = true;
	return true;
}

static struct dist *call(struct parser *p, const struct scope *outer)
{
	struct span name = read_name(p);
	struct scope s = { .unit = outer->unit, .typed = false };
	enum dist_kind kind = DIST_N;
	struct dist *d;
	size_t close, end;

	if (!find_family(p, name, &kind) ||
	    !parse_expect(p, '(', "behind the distribution's name"))
		return NULL;
	close = closing(p->text, p->at);
	if (!close) {
		parse_fail(p, name.at, "the bracket behind '%.*s' is never "
		           "closed", (int)name.n, p->text + name.at);
		return NULL;
	}
	if (!unit_behind(p, close, &s, &end))
		return NULL;
	d = arguments(p, kind, name.at, &s);
	if (d)
		p->at = end;
	return d;
}

/* No draw and no moment may leave the range of doubles. */
static bool is_representable(const struct dist *d)
{
	const double u = 0x1p-33;

	if (!isfinite(law_quantile(d, u, 1 - u)) ||
	    !isfinite(law_quantile(d, 1 - u, u)))
		return false;
	if (d->kind == DIST_JQPD || d->kind == DIST_METALOG ||
	    d->kind == DIST_TRUNCATED || d->kind == DIST_MIXTURE)
		return true;            /* their parts were checked */
	return isfinite(dist_mean(d)) && isfinite(dist_sd(d)) &&
	       isfinite(dist_sd(d) * dist_sd(d));
}

static const char *as_typed(const struct parser *p, size_t from)
{
	size_t to = p->at;

	while (to > from && strchr(" \t\r\n", p->text[to - 1]))
		to--;
	return arena_strndup(p->arena, p->text + from, to - from);
}

/* The same for one number or range, as the program would have it written:
 * digits without groups, a rate with its period. */
static const char *tidied(const struct parser *p, const char *text)
{
	struct buf b = BUF_INIT;
	const char *out;
	size_t n;

	for (const char *s = text; *s; s += n) {
		n = parse_groups(s, true);
		for (size_t i = 0; i < n; i++)
			if (s[i] != ' ' && s[i] != ',')
				buf_addc(&b, s[i]);
		if (n)
			continue;
		n = strspn(s, "0123456789.");
		n += n == 0;
		buf_addn(&b, s, n);
		if (*s == '%' && s[1] != '/' && p->period)
			buf_add(&b, p->period);
	}
	out = arena_strdup(p->arena, b.s);
	buf_release(&b);
	return out;
}

struct dist *parse_value(struct parser *p, const struct scope *s)
{
	struct dist *d;
	size_t at;
	char c = parse_peek(p);

	at = p->at;
	if (p->depth == DEPTH_MAX) {
		parse_fail(p, at, "nested deeper than %d levels", DEPTH_MAX);
		return NULL;
	}
	p->depth++;
	d = is_letter(c) ? call(p, s) : number_or_range(p, s);
	p->depth--;
	if (!d)
		return NULL;
	if (!is_representable(d)) {
		parse_fail(p, at, "reaches beyond the range of numbers "
		           "(1e308)");
		return NULL;
	}
	d->text = as_typed(p, at);
	if (p->depth == 0 && !is_letter(c))
		d->text = tidied(p, d->text);
	return d;
}

static bool fits(struct parser *p)
{
	size_t n = strlen(p->text);

	if (parse_peek(p) == '\0')
		return parse_fail(p, 0, "a value is missing");
	return n <= TEXT_MAX_LEN ||
	       parse_fail(p, 0, "the value is longer than %d characters",
	                  TEXT_MAX_LEN);
}

struct dist *dist_parse(struct arena *a, struct units *u, const char *text,
                        const struct unit *unit, const double *bounds,
                        struct pos pos, struct err *err)
{
	return dist_parse_as(a, u, text, unit, NULL, bounds, pos, err);
}

struct dist *dist_parse_as(struct arena *a, struct units *u, const char *text,
                           const struct unit *unit, const char *unit_text,
                           const double *bounds, struct pos pos,
                           struct err *err)
{
	struct parser p = { .arena = a, .units = u, .text = text,
	                    .own = unit, .own_text = unit_text,
	                    .bounds = bounds, .pos = pos, .err = err };
	struct scope s = { .unit = *unit };
	struct dist *d;

	if (!fits(&p))
		return NULL;
	d = parse_value(&p, &s);
	if (d && parse_peek(&p) != '\0') {
		parse_fail(&p, p.at, "'%.20s' is left over", text + p.at);
		return NULL;
	}
	return d;
}
