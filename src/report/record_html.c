/*
 * A record as one page: cmark makes HTML of the text, src/chart draws, and a
 * style sheet in the page serves light and dark screens, phones and paper.
 * No script, nothing from the network.
 *
 * CommonMark has no tables, so those are made here, a row at a time; cmark
 * reads what stands in the cells.
 */
#include <cmark.h>
#include <stdlib.h>
#include <string.h>

#include "chart/chart.h"
#include "chart/svg.h"
#include "report/madr.h"

#include "base/banned.h"

/* Nothing may be loaded, whatever the text holds. */
static const char page_head[] =
	"<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">"
	"\n<meta name=\"viewport\" content=\"width=device-width, "
	"initial-scale=1\">\n<meta http-equiv=\"Content-Security-Policy\" "
	"content=\"default-src 'none'; style-src 'unsafe-inline'\">\n"
	"<meta name=\"color-scheme\" content=\"light dark\">\n<title>";

/* Options in Okabe and Ito's palette, which colour-blind readers can tell
 * apart. */
static const char style[] =
	"</title>\n<style>\n"
	":root{--ink:#1c2128;--dim:#57606a;--paper:#fff;--rule:#d0d7de;"
	"--soft:#f3f5f7;--mark:#0b5cad;--warn:#a33a00}\n"
	"@media(prefers-color-scheme:dark){:root{--ink:#dfe4ea;--dim:#9aa4b0;"
	"--paper:#12161d;--rule:#38414d;--soft:#1b212b;--mark:#7db8f5;"
	"--warn:#ff9e64}}\n"
	"*{box-sizing:border-box}\n"
	"body{margin:0 auto;padding:1.5rem 1.2rem 4rem;max-width:56rem;"
	"font:1rem/1.55 system-ui,sans-serif;color:var(--ink);"
	"background:var(--paper);overflow-wrap:break-word}\n"
	"h1{font-size:1.7rem;line-height:1.25;margin:.3rem 0 .6rem}\n"
	"h2{font-size:1.25rem;margin:2.2rem 0 .6rem;padding-top:.6rem;"
	"border-top:1px solid var(--rule)}\n"
	"h3{font-size:1.03rem;margin:1.5rem 0 .4rem}\n"
	"a{color:var(--mark)}ul{padding-left:1.2rem}li{margin:.2rem 0}\n"
	".facts{display:flex;flex-wrap:wrap;gap:.3rem 1.2rem;color:var(--dim);"
	"margin:0 0 1rem}\n"
	".status{font-weight:700;color:var(--ink);border:2px solid "
	"currentColor;border-radius:.3rem;padding:0 .5rem}\n"
	".rejected,.superseded,.deprecated{color:var(--warn)}"
	".accepted{color:var(--mark)}\n"
	".wide{overflow-x:auto}\n"
	"table{border-collapse:collapse;font-size:.86rem;"
	"font-variant-numeric:tabular-nums;width:100%}\n"
	"th,td{text-align:left;vertical-align:top;padding:.3rem .6rem;"
	"border-bottom:1px solid var(--rule);overflow-wrap:normal}"
	".n{white-space:nowrap}"
	"th{color:var(--dim)}\n"
	"pre{background:var(--soft);padding:.8rem;overflow-x:auto;"
	"white-space:pre-wrap;overflow-wrap:anywhere}"
	"code{font-size:.88em;overflow-wrap:anywhere}\n"
	"figure{margin:1rem 0}figcaption{color:var(--dim);font-size:.88rem}\n"
	"svg{display:block;width:100%;max-width:44rem;height:auto;"
	"font:13px system-ui,sans-serif}\n"
	"text{fill:var(--ink);stroke:var(--paper);stroke-width:4px;"
	"stroke-linejoin:round;paint-order:stroke}text.dim{fill:var(--dim);font-size:12px}"
	"text.strong{font-weight:700}\n"
	".axis{stroke:var(--dim)}.grid{stroke:var(--rule)}"
	".zero{stroke:var(--warn);stroke-width:2}"
	".here{stroke:var(--mark);stroke-width:2;stroke-dasharray:5 3}\n"
	".bar,.core{fill:var(--mark);fill-opacity:.55}"
	".tail{fill:var(--mark);fill-opacity:.2}"
	".warn{fill:var(--warn);fill-opacity:.75}"
	".dot{fill:var(--ink);stroke:var(--paper);stroke-width:1.5}\n"
	".s0{fill:#0072b2}.s1{fill:#e69f00}.s2{fill:#009e73}.s3{fill:#cc79a7}"
	".s4{fill:#56b4e9}.s5{fill:#d55e00}\n"
	"@media print{:root{--ink:#000;--dim:#444;--paper:#fff;--rule:#bbb;"
	"--soft:#f4f4f4;--mark:#0b5cad;--warn:#a33a00}body{max-width:none;"
	"padding:0;font-size:10pt}h2,h3{break-after:avoid}figure,tr,li,pre{"
	"break-inside:avoid}.wide{overflow:visible}table{font-size:7.5pt}"
	"th,td{overflow-wrap:anywhere;padding:.15rem .3rem}svg{max-width:11cm}"
	"@page{margin:16mm}}\n"
	"</style>\n</head>\n<body>\n";

/* --- Markdown to HTML ------------------------------------------------- */

static void by_cmark(struct buf *out, const char *text, size_t n)
{
	char *html = cmark_markdown_to_html(text, n, CMARK_OPT_DEFAULT |
	                                             CMARK_OPT_VALIDATE_UTF8);

	buf_add(out, html);
	free(html);
}

/* No text of a user's holds it: utf8_safe() lets none through. */
#define CELL '\x01'

/* Short words and numbers stay whole where a page is narrow. */
static void next_cell(struct buf *out, const char *cell, bool open,
                      const char *text)
{
	size_t n = strcspn(text, "\x01<");

	if (open)
		buf_addf(out, "</%s>", cell);
	buf_addf(out, "<%s%s>", cell, n < 12 && text[n] == CELL
	         ? " class=\"n\"" : "");
}

/* One row as one paragraph: the cells keep their meaning, and a full stop in
 * front keeps the first from beginning a list. */
static void table_row(struct buf *out, const char *row, size_t n,
                      const char *cell)
{
	struct buf md = BUF_INIT, html = BUF_INIT;
	int open = 0;

	buf_addc(&md, '.');
	for (size_t i = 0; i < n; i++) {
		bool escape = row[i] == '\\' && i + 1 < n;

		buf_addc(&md, row[i] == '|' ? CELL : row[i]);
		if (escape)
			buf_addc(&md, row[++i]);
	}
	while (md.len && (md.s[md.len - 1] == ' ' || md.s[md.len - 1] == CELL))
		md.s[--md.len] = '\0';
	by_cmark(&html, md.s, md.len);
	buf_add(out, "<tr>");
	for (const char *c = strchr(html.s, CELL); c && *c; c++)
		if (*c == CELL)
			next_cell(out, cell, open++, c + 1);
		else if (!strcmp(c, "</p>\n"))
			break;
		else
			buf_addc(out, *c);
	if (open)
		buf_addf(out, "</%s>", cell);
	buf_add(out, "</tr>\n");
	buf_release(&html);
	buf_release(&md);
}

/* A table from its first line on; returns what comes after it. */
static const char *table(struct buf *out, const char *md)
{
	buf_add(out, "<div class=\"wide\" tabindex=\"0\"><table>\n");
	for (int row = 0; *md == '|'; row++) {
		size_t n = strcspn(md, "\n");

		if (row != 1)
			table_row(out, md, n, row ? "td" : "th");
		md += n + (md[n] == '\n');
	}
	buf_add(out, "</table></div>\n");
	return md;
}

static void to_html(struct buf *out, const char *md)
{
	while (*md) {
		const char *end = *md == '|' ? md : strstr(md, "\n|");
		size_t n = *md == '|' ? 0 : end ? (size_t)(end - md) + 1
		                                : strlen(md);

		if (n)
			by_cmark(out, md, n);
		md += n;
		if (*md == '|')
			md = table(out, md);
	}
}

/* --- drawings --------------------------------------------------------- */

static void figure(struct buf *out, const char *svg, const char *caption)
{
	if (!*svg)
		return;
	buf_addf(out, "<figure>\n%s<figcaption>", svg);
	svg_escaped(out, caption);
	buf_add(out, "</figcaption>\n</figure>\n");
}

static void draw_options(struct buf *out, const struct tradeoff *t)
{
	struct buf svg = BUF_INIT;

	chart_options_svg(&svg, t);
	figure(out, svg.s, t->verdict.sentence);
	buf_release(&svg);
}

static void draw_drivers(struct buf *out, const struct tradeoff *t)
{
	struct buf svg = BUF_INIT, text = BUF_INIT;

	chart_tornado_svg(&svg, t);
	chart_tornado_text(&text, t);
	figure(out, svg.s, text.s);
	buf_release(&svg);
	buf_release(&text);
}

static void draw_tips(struct buf *out, const struct tradeoff *t)
{
	struct buf svg = BUF_INIT, text = BUF_INIT;

	for (int i = 0; i < t->nbreak_even; i++) {
		if (!text_is_told(t, i))
			continue;
		buf_clear(&svg);
		buf_clear(&text);
		chart_density_svg(&svg, &t->break_even[i]);
		chart_density_text(&text, &t->break_even[i]);
		figure(out, svg.s, text.s);
	}
	buf_release(&svg);
	buf_release(&text);
}

static void draw(struct buf *out, const char *title, const struct tradeoff *t)
{
	static const struct {
		const char *after;
		void (*draw)(struct buf *out, const struct tradeoff *t);
	} drawing[] = {
		{ "Decision Drivers", draw_drivers },
		{ "Considered Options", draw_options },
		{ "Decision Outcome", draw_tips },
	};

	for (size_t i = 0; i < sizeof drawing / sizeof *drawing; i++)
		if (!strcmp(drawing[i].after, title))
			drawing[i].draw(out, t);
}

/* --- the page --------------------------------------------------------- */

static void fact(struct buf *out, const char *name, const char *text)
{
	if (!text || !*text)
		return;
	buf_addf(out, "<span>%s ", name);
	svg_escaped(out, text);
	buf_add(out, "</span>\n");
}

static void facts(struct buf *out, const struct decision_record *d)
{
	const char *status = record_status_word(d);
	struct buf who = BUF_INIT;

	buf_addf(out, "<p class=\"facts\">\n<span class=\"status %s\">%s"
	         "</span>\n", status, status);
	for (int i = 0; d->deciders && d->deciders[i]; i++)
		buf_addf(&who, "%s%s", i ? ", " : "", d->deciders[i]);
	fact(out, "decision", d->decision);
	fact(out, "last change", d->date);
	fact(out, "decided by", who.s);
	fact(out, "review on", d->review);
	for (int i = 0; d->tags && d->tags[i]; i++)
		fact(out, "tag", d->tags[i]);
	buf_add(out, "</p>\n");
	buf_release(&who);
}

static void page_title(struct buf *out, const char *title)
{
	buf_add(out, page_head);
	svg_escaped(out, title);
	buf_add(out, style);
	buf_add(out, "<h1>");
	svg_escaped(out, title);
	buf_add(out, "</h1>\n");
}

void record_html(struct buf *out, const struct record *r)
{
	struct buf md = BUF_INIT;

	page_title(out, r->d->title);
	facts(out, r->d);
	for (const struct record_section *s = madr_sections; s->title; s++) {
		buf_clear(&md);
		madr_heading(&md, s->level, s->title);
		s->write(&md, r);
		to_html(out, md.s);
		draw(out, s->title, r->t);
	}
	buf_clear(&md);
	record_links(&md, RECORD_HTML, r);
	to_html(out, md.s);
	buf_add(out, "</body>\n</html>\n");
	record_comment(out, r);
	buf_release(&md);
}

/* --- the index -------------------------------------------------------- */

static void cell(struct buf *out, const char *text)
{
	buf_add(out, "<td>");
	svg_escaped(out, text);
	buf_add(out, "</td>");
}

void record_index_html(struct buf *out, const struct record_line *line, int n)
{
	page_title(out, "Decision records");
	buf_add(out, "<div class=\"wide\" tabindex=\"0\"><table>\n<tr>"
	        "<th>number</th><th>record</th><th>status</th><th>date</th>"
	        "<th>option</th><th>review</th><th>decision</th></tr>\n");
	for (int i = 0; i < n; i++) {
		buf_addf(out, "<tr><td>%d</td><td><a href=\"%s\">",
		         line[i].number, line[i].file);
		svg_escaped(out, line[i].title);
		buf_add(out, "</a></td>");
		cell(out, line[i].status);
		cell(out, line[i].date);
		cell(out, line[i].option);
		cell(out, line[i].review);
		cell(out, line[i].decision);
		buf_add(out, "</tr>\n");
	}
	buf_add(out, "</table></div>\n</body>\n</html>\n");
}
