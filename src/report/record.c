/*
 * Decision records: the head that each kind of tool reads, the body that all
 * share, and which layout goes with which format.
 *
 * A tool that finds no status takes a record for accepted, so each head says it
 * in every place where its readers look, and always from one value.
 */
#include <string.h>

#include "base/clock.h"
#include "base/utf8.h"
#include "report/madr.h"

#include "base/banned.h"

const char *const record_format_names[RECORD_FORMATS] = {
	"madr", "log4brains", "nygard", "hybrid", "html", "json", "csv"
};

/* RECORD_FORMATS: there is none of that name. */
enum record_format record_format_named(const char *name)
{
	int i = 0;

	while (name && i < RECORD_FORMATS &&
	       strcmp(record_format_names[i], name))
		i++;
	return (enum record_format)i;
}

bool record_is_blank(const char *s)
{
	return !s || !s[strspn(s, " \t\r\n")];
}

/* What is no word of the vocabulary is not decided. */
const char *record_status_word(const struct decision_record *d)
{
	static const char *const words[] = {
		"proposed", "accepted", "rejected", "deprecated", "superseded",
	};

	for (size_t i = 0; i < sizeof words / sizeof *words; i++)
		if (d->status && !strcmp(d->status, words[i]))
			return words[i];
	return words[0];
}

/* --- links ------------------------------------------------------------ */

/* "0003-slug" of "0003-slug.md": what log4brains takes for the target. */
static void add_slug(struct buf *out, const char *file)
{
	const char *dot = strrchr(file, '.');

	buf_addn(out, file, dot ? (size_t)(dot - file) : strlen(file));
}

static void link_slug(struct buf *out, const struct record_link *l)
{
	buf_addc(out, '[');
	add_slug(out, l->file);
	buf_addf(out, "](%s)", l->file);
}

static void link_numbered(struct buf *out, const char *word,
                          const struct record_link *l)
{
	buf_addf(out, "%s [%d. ", word, l->number);
	madr_title(out, l->title);
	buf_addf(out, "](%s)", l->file);
}

void record_links(struct buf *out, enum record_format format,
                  const struct record *r)
{
	const struct decision_record *d = r->d;

	if (format == RECORD_NYGARD || (!d->nsupersedes && !d->superseded_by))
		return;
	madr_heading(out, format == RECORD_MADR || format == RECORD_HTML
	             ? 3 : 2, "Links");
	for (int i = 0; i < d->nsupersedes; i++) {
		buf_add(out, "* Supersedes ");
		link_slug(out, &d->supersedes[i]);
		buf_addc(out, '\n');
	}
	if (d->superseded_by) {
		buf_add(out, "* Superseded by ");
		link_slug(out, d->superseded_by);
		buf_addc(out, '\n');
	}
}

/* --- front matter (madr) ---------------------------------------------- */

/* Tools that know no front matter render it as Markdown: what would be markup
 * there is written as codes, which only double quotes allow. */
static const char markup[] = "<>&[]()`*_|!#~\\\"";

static void coded(struct buf *out, const char *s)
{
	buf_addc(out, '"');
	for (; *s; s++)
		if (strchr(markup, *s))
			buf_addf(out, "\\x%02X", (unsigned)*s);
		else
			buf_addc(out, *s);
	buf_addc(out, '"');
}

/* In single quotes, which hide nothing but themselves, where that will do. */
static void quoted(struct buf *out, const char *s)
{
	struct buf safe = BUF_INIT;

	utf8_safe(&safe, s, false);
	if (safe.s[strcspn(safe.s, markup)]) {
		coded(out, safe.s);
		buf_release(&safe);
		return;
	}
	buf_addc(out, '\'');
	for (const char *c = safe.s; *c; c++) {
		if (*c == '\'')
			buf_addc(out, '\'');
		buf_addc(out, *c);
	}
	buf_addc(out, '\'');
	buf_release(&safe);
}

/* Plain, as some importers take both values to the letter. */
static void front_matter(struct buf *out, const struct decision_record *d)
{
	int named = 0;

	buf_addf(out, "---\nstatus: %s", record_status_word(d));
	if (d->superseded_by)
		buf_addf(out, " by ADR-%04d", d->superseded_by->number);
	if (d->date)
		buf_addf(out, "\ndate: %s", d->date);
	for (int i = 0; d->deciders && d->deciders[i]; i++) {
		if (record_is_blank(d->deciders[i]))
			continue;
		buf_add(out, named++ ? "\n  - " : "\ndecision-makers:\n  - ");
		quoted(out, d->deciders[i]);
	}
	buf_add(out, "\n---\n\n");
}

/* --- the list under the title (log4brains, hybrid) -------------------- */

/* Readers split names at commas, so a name must hold none. */
static void names(struct buf *out, const char *const *name)
{
	struct buf b = BUF_INIT;
	int n = 0;

	for (; name && *name; name++) {
		if (record_is_blank(*name))
			continue;
		buf_clear(&b);
		buf_add(&b, *name);
		for (char *c = b.s; *c; c++)
			if (*c == ',')
				*c = ';';
		buf_add(out, n++ ? ", " : "* Deciders: ");
		report_markdown(out, b.s, true);
	}
	if (n)
		buf_addc(out, '\n');
	buf_release(&b);
}

/* Tags are words of small letters, digits and dashes to their readers. */
static void tags(struct buf *out, const char *const *tag)
{
	int n = 0;

	for (; tag && *tag; tag++) {
		size_t at;

		if (record_is_blank(*tag))
			continue;
		buf_add(out, n++ ? ", " : "* Tags: ");
		at = out->len;
		for (const char *c = *tag; *c; c++)
			if ((*c >= 'a' && *c <= 'z') ||
			    (*c >= '0' && *c <= '9'))
				buf_addc(out, *c);
			else if (*c >= 'A' && *c <= 'Z')
				buf_addc(out, (char)(*c - 'A' + 'a'));
			else if (out->len > at && out->s[out->len - 1] != '-')
				buf_addc(out, '-');
		while (out->len > at && out->s[out->len - 1] == '-')
			out->s[--out->len] = '\0';
		if (out->len == at)
			buf_add(out, "tag");
	}
	if (n)
		buf_addc(out, '\n');
}

static void list_header(struct buf *out, const struct decision_record *d)
{
	buf_addf(out, "* Status: %s", record_status_word(d));
	if (d->superseded_by) {
		buf_add(out, " by ");
		link_slug(out, d->superseded_by);
	}
	buf_addc(out, '\n');
	names(out, d->deciders);
	if (d->date)
		buf_addf(out, "* Date: %s\n", d->date);
	tags(out, d->tags);
}

/* --- the Status section (nygard, hybrid) ------------------------------ */

/* adr-tools looks for a line that is nothing but "Accepted". */
static void status_section(struct buf *out, const struct decision_record *d)
{
	const char *word = record_status_word(d);

	if (d->date)
		buf_addf(out, "\nDate: %s\n", d->date);
	madr_heading(out, 2, "Status");
	buf_addf(out, "%c%s\n", word[0] - 'a' + 'A', word + 1);
	if (d->superseded_by) {
		buf_addc(out, '\n');
		link_numbered(out, "Superseded by", d->superseded_by);
		buf_addc(out, '\n');
	}
	for (int i = 0; i < d->nsupersedes; i++) {
		buf_addc(out, '\n');
		link_numbered(out, "Supersedes", &d->supersedes[i]);
		buf_addc(out, '\n');
	}
}

static void head(struct buf *out, enum record_format format,
                 const struct record *r)
{
	bool numbered = format == RECORD_NYGARD || format == RECORD_HYBRID;

	if (format == RECORD_MADR)
		front_matter(out, r->d);
	buf_add(out, "# ");
	if (numbered)
		buf_addf(out, "%d. ", r->d->number);
	madr_title(out, r->d->title);
	buf_addc(out, '\n');
	if (format == RECORD_LOG4BRAINS || format == RECORD_HYBRID) {
		buf_addc(out, '\n');
		list_header(out, r->d);
	}
	if (numbered)
		status_section(out, r->d);
}

/* --- the record ------------------------------------------------------- */

/* Every list of ours begins its lines with an asterisk, users' text never
 * does, and log4brains' readers want a dash. */
static void use_dashes(struct buf *text)
{
	for (char *line = text->s; line; line = strchr(line, '\n')) {
		line += *line == '\n';
		if (!strncmp(line, "* ", 2))
			*line = '-';
	}
}

static void markdown(struct buf *out, enum record_format format,
                     const struct record *r)
{
	const struct record_section *s = format == RECORD_NYGARD
		? nygard_sections : madr_sections;
	struct buf b = BUF_INIT;

	head(&b, format, r);
	for (; s->title; s++) {
		madr_heading(&b, s->level, s->title);
		s->write(&b, r);
	}
	record_links(&b, format, r);
	record_comment(&b, r);
	if (format == RECORD_LOG4BRAINS)
		use_dashes(&b);
	buf_addn(out, b.s, b.len);
	buf_release(&b);
}

static int option_named(const struct tradeoff *t, const char *name)
{
	for (int i = 0; i < t->noptions; i++)
		if (strcmp(t->option[i].name, name) == 0)
			return i;
	return -1;
}

bool report_record(struct buf *out, enum record_format format,
                   const struct evaluation *e,
                   const struct decision_record *d, struct err *err)
{
	struct record r = { .e = e, .d = d };
	int64_t day;

	r.t = evaluation_find(e, d->model);
	if (!r.t)
		return err_add(err, ERR_USAGE, "the evaluation has no "
		               "trade-off %s", d->model);
	r.choice = d->option ? option_named(r.t, d->option)
	                     : r.t->verdict.option;
	if (d->option && r.choice < 0)
		return err_add(err, ERR_USAGE, "%s has no option %s", d->model,
		               d->option);
	if (d->date && !clock_parse_date(d->date, &day))
		return err_add(err, ERR_INPUT, "the record's date '%s' is no "
		               "date", d->date);
	if (format == RECORD_HTML)
		record_html(out, &r);
	else if (format == RECORD_JSON)
		record_json(out, &r);
	else if (format == RECORD_CSV)
		record_csv(out, &r);
	else
		markdown(out, format, &r);
	return true;
}

/* --- the index -------------------------------------------------------- */

static void index_markdown(struct buf *out, const struct record_line *line,
                           int n)
{
	buf_add(out, "# Decision records\n\n| number | record | status | date "
	        "| option | review | decision |\n|---|---|---|---|---|---|---|"
	        "\n");
	for (int i = 0; i < n; i++) {
		const struct record_line *l = &line[i];

		buf_addf(out, "| %d | [", l->number);
		madr_title(out, l->title);
		buf_addf(out, "](%s) |", l->file);
		madr_cell(out, l->status);
		madr_cell(out, l->date);
		madr_cell(out, l->option);
		madr_cell(out, l->review);
		madr_cell(out, l->decision);
		buf_addc(out, '\n');
	}
}

void report_record_index(struct buf *out, enum record_format format,
                         const struct record_line *line, int n)
{
	if (format == RECORD_HTML)
		record_index_html(out, line, n);
	else if (format == RECORD_JSON)
		record_index_json(out, line, n);
	else if (format == RECORD_CSV)
		record_index_csv(out, line, n);
	else
		index_markdown(out, line, n);
}
