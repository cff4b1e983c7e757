/* Users' text inside Markdown: data, never markup. */
#include <stdbool.h>
#include <string.h>

#include "base/buf.h"
#include "base/utf8.h"
#include "report/report.h"

#include "base/banned.h"

/* At the start of a line these make lists, headings, quotes, rules. */
static bool opens_block(const char *s)
{
	if (strchr("#>+-=", *s))
		return true;
	while (*s >= '0' && *s <= '9')
		s++;
	return *s == '.' || *s == ')';
}

void report_markdown(struct buf *out, const char *s, bool in_table)
{
	struct buf safe = BUF_INIT;

	utf8_safe(&safe, s ? s : "", false);
	s = safe.s + strspn(safe.s, " ");
	if (*s && opens_block(s) && !in_table)
		buf_addc(out, '\\');
	for (; *s; s++) {
		if (*s == '<')
			buf_add(out, "&lt;");
		else if (*s == '&')
			buf_add(out, "&amp;");
		else if (strchr("\\`*_[]~$|", *s))
			buf_addf(out, "\\%c", *s);
		else
			buf_addc(out, *s);
	}
	buf_release(&safe);
}
