/*
 * The unit file, and the algebra that udunits2 does for us.
 */
#include "units/file.h"

#include <pthread.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"

#include "base/banned.h"

#define UNIT_FILE_MAX (64u << 10)
#define WORD_MAX 64

/* udunits2 complains through one handler of the process, several times from
 * the cause outwards: a buffer of the calling thread collects what it says. */
static _Thread_local char complaint[400];

static int keep_complaint(const char *fmt, va_list ap)
{
	size_t used = strlen(complaint);
	int n;

	if (used && used + 3 < sizeof complaint) {
		memcpy(complaint + used, "; ", 3);
		used += 2;
	}
	n = vsnprintf(complaint + used, sizeof complaint - used, fmt, ap);
	complaint[strcspn(complaint, "\n")] = '\0';
	return n;
}

/* --- the words of the file --- */

/* The next `<tag>text</tag>` from *p on and before `end`; moves *p behind it.
 * Returns the text's length, -1 when there is none. */
static int element(const char **p, const char *end, const char *tag,
                   const char **text)
{
	struct buf open = BUF_INIT;
	const char *start, *stop;

	buf_addf(&open, "<%s>", tag);
	start = memmem(*p, (size_t)(end - *p), open.s, open.len);
	if (start)
		start += open.len;
	buf_release(&open);
	stop = start ? memchr(start, '<', (size_t)(end - start)) : NULL;
	if (!stop || stop - start > WORD_MAX)
		return -1;
	*text = start;
	*p = stop;
	return (int)(stop - start);
}

static void add_words(struct units *u, const char *from, const char *end)
{
	static const char *const tags[] = { "singular", "plural", "symbol" };

	for (size_t i = 0; i < sizeof tags / sizeof *tags; i++) {
		const char *p = from, *text;
		int n;

		while ((n = element(&p, end, tags[i], &text)) > 0)
			ARR_PUSH(u->word, u->words, u->word_room)[0] =
				xstrndup(text, (size_t)n);
	}
}

static bool add_base(struct units *u, const char *from, const char *end,
                     const char *path, struct err *err)
{
	struct pos whole = { path, 0, 0 };
	const char *symbol;
	int n = element(&from, end, "symbol", &symbol);

	if (n <= 0)
		return err_at(err, ERR_INPUT, whole,
		              "a base unit needs a name and a symbol");
	if (u->n == UNIT_DIMS)
		return err_at(err, ERR_INPUT, whole,
		              "at most %d base units are allowed", UNIT_DIMS);
	u->symbol[u->n++] = xstrndup(symbol, (size_t)n);
	return true;
}

/* Blanks comments out, so that what they mention is not taken for a unit. */
static void drop_comments(char *xml)
{
	char *start, *end;

	while ((start = strstr(xml, "<!--"))) {
		end = strstr(start, "-->");
		end = end ? end + 3 : start + strlen(start);
		memset(start, ' ', (size_t)(end - start));
		xml = end;
	}
}

static bool scan_units(struct units *u, const char *xml, const char *path,
                       struct err *err)
{
	const char *end, *p = xml;

	while ((p = strstr(p, "<unit>"))) {
		end = strstr(p, "</unit>");
		if (!end)
			return err_at(err, ERR_INPUT,
			              (struct pos){ path, 0, 0 },
			              "a <unit> is not closed");
		add_words(u, p, end);
		if (memmem(p, (size_t)(end - p), "<base/>", 7) &&
		    !add_base(u, p, end, path, err))
			return false;
		p = end;
	}
	return true;
}

bool units_scan(struct units *u, const char *xml, const char *path,
                struct err *err)
{
	char *copy = xstrdup(xml);
	bool ok;

	drop_comments(copy);
	ok = scan_units(u, copy, path, err);
	ARR_PUSH(u->word, u->words, u->word_room)[0] = NULL;
	u->words--;
	free(copy);
	return ok;
}

/* --- opening --- */

static int place_of(const struct units *u, const char *symbol)
{
	for (int i = 0; i < u->n; i++)
		if (!strcmp(u->symbol[i], symbol))
			return i;
	return -1;
}

/* Seconds and USD carry meaning (series, money, rates); none of the measures
 * is a count. */
static bool find_measures(struct units *u, const char *path, struct err *err)
{
	static const char *const measures[] = { "s", "USD", "B", "J", "point" };

	for (size_t i = 0; i < sizeof measures / sizeof *measures; i++) {
		int k = place_of(u, measures[i]);

		if (k >= 0)
			u->measure[k] = true;
	}
	u->second = place_of(u, "s");
	u->money = place_of(u, "USD");
	u->point = place_of(u, "point");
	if (u->second < 0 || u->money < 0)
		return err_at(err, ERR_INPUT, (struct pos){ path, 0, 0 },
		              "must declare the base units s and USD");
	return true;
}

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;

void units_lock(void)
{
	pthread_mutex_lock(&lock);
}

void units_unlock(void)
{
	pthread_mutex_unlock(&lock);
}

static bool read_system(struct units *u, const char *path, struct err *err)
{
	complaint[0] = '\0';
	units_lock();
	ut_set_error_message_handler(keep_complaint);
	u->system = ut_read_xml(path);
	units_unlock();
	if (u->system)
		return true;
	return err_at(err, ERR_INPUT, (struct pos){ path, 0, 0 },
	              "cannot be read as a unit file: %s",
	              *complaint ? complaint : "not in udunits2's form");
}

struct units *units_open(const char *path, struct err *err)
{
	struct units *u = xcalloc(1, sizeof *u);
	struct buf xml = BUF_INIT;
	bool ok = path_read(path, UNIT_FILE_MAX, &xml, err) &&
		units_scan(u, xml.s, path, err) &&
		find_measures(u, path, err) && read_system(u, path, err);

	buf_release(&xml);
	if (ok)
		return u;
	units_free(u);
	return NULL;
}

void units_free(struct units *u)
{
	if (!u)
		return;
	for (int i = 0; i < u->n; i++)
		free(u->symbol[i]);
	for (size_t i = 0; i < u->words; i++)
		free(u->word[i]);
	free(u->word);
	units_lock();
	if (u->system)
		ut_free_system(u->system);
	units_unlock();
	free(u);
}

/* --- from udunits2 to powers --- */

ut_unit *units_lookup(const struct units *u, const char *word, size_t n)
{
	char name[WORD_MAX + 1];
	ut_unit *unit;

	if (!n || n > WORD_MAX)
		return NULL;
	memcpy(name, word, n);
	name[n] = '\0';
	/* udunits2 finds names in any case ("usd"); symbols are exact. */
	unit = ut_get_unit_by_symbol(u->system, name);
	if (unit)
		return unit;
	for (size_t i = 0; i < u->words; i++)
		if (!strcmp(u->word[i], name))
			return ut_get_unit_by_name(u->system, name);
	return NULL;
}

int units_index(const struct units *u, const ut_unit *basic)
{
	const char *symbol = ut_get_symbol(basic, UT_ASCII);

	return symbol ? place_of(u, symbol) : -1;
}

struct visit {
	const struct units *u;
	struct unit out;
	const char *wrong;
};

static ut_status fail(struct visit *v, const char *why)
{
	v->wrong = why;
	return UT_PARSE;
}

static ut_status add_power(struct visit *v, const ut_unit *basic, int power)
{
	int i = units_index(v->u, basic);

	if (i < 0)
		return fail(v, "uses a base unit without a symbol");
	if (power > 30 || power < -30)
		return fail(v, "has too large a power");
	v->out.half[i] = (signed char)(2 * power);
	return UT_SUCCESS;
}

static ut_status visit_basic(const ut_unit *unit, void *arg)
{
	return add_power(arg, unit, 1);
}

static ut_status visit_product(const ut_unit *unit, int count,
                               const ut_unit *const *basic, const int *power,
                               void *arg)
{
	ut_status status = UT_SUCCESS;

	(void)unit;
	for (int i = 0; status == UT_SUCCESS && i < count; i++)
		status = add_power(arg, basic[i], power[i]);
	return status;
}

static const ut_visitor visitor;

static ut_status visit_galilean(const ut_unit *unit, double scale,
                                const ut_unit *inner, double offset, void *arg)
{
	struct visit *v = arg;

	(void)unit;
	if (offset != 0)
		return fail(v, "has an offset");
	v->out.scale *= scale;
	return ut_accept_visitor(inner, &visitor, arg);
}

static ut_status visit_timestamp(const ut_unit *unit, const ut_unit *time,
                                 double origin, void *arg)
{
	(void)unit;
	(void)time;
	(void)origin;
	return fail(arg, "is a time stamp");
}

static ut_status visit_logarithmic(const ut_unit *unit, double base,
                                   const ut_unit *reference, void *arg)
{
	(void)unit;
	(void)base;
	(void)reference;
	return fail(arg, "is logarithmic");
}

static const ut_visitor visitor = {
	visit_basic, visit_product, visit_galilean, visit_timestamp,
	visit_logarithmic,
};

const char *units_decompose(const struct units *u, const ut_unit *from,
                            struct unit *out)
{
	struct visit v = { .u = u, .out = unit_one(), .wrong = NULL };

	if (ut_accept_visitor(from, &visitor, &v) != UT_SUCCESS)
		return v.wrong ? v.wrong : "cannot be read as a unit";
	if (!isnormal(v.out.scale) || v.out.scale < 0)
		return "is too large or too small";
	*out = v.out;
	return NULL;
}
