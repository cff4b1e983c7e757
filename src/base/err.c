#include "base/err.h"

#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/utf8.h"
#include "base/banned.h"

static const struct {
	const char *name;
	int status;
} kinds[] = {
	[ERR_USAGE] = { "usage", 2 },
	[ERR_INPUT] = { "input", 3 },
	[ERR_STORE] = { "store", 4 },
	[ERR_BUSY]  = { "busy", 5 },
	[ERR_LIMIT] = { "limit", 6 },
	[ERR_IO]    = { "io", 7 },
	[ERR_BUG]   = { "bug", 70 },
};

bool err_vat(struct err *err, enum err_kind kind, struct pos pos,
             const char *fmt, va_list ap)
{
	struct buf text = BUF_INIT;
	struct err_item *item;

	if (!err)
		return false;
	if (err->n == ERR_MAX) {
		err->more++;
		return false;
	}
	buf_vaddf(&text, fmt, ap);
	item = &err->item[err->n++];
	item->kind = kind;
	item->file = xstrdup(pos.file);
	item->line = pos.line;
	item->col = pos.col;
	item->text = buf_detach(&text);
	return false;
}

bool err_at(struct err *err, enum err_kind kind, struct pos pos,
            const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vat(err, kind, pos, fmt, ap);
	va_end(ap);
	return false;
}

bool err_add(struct err *err, enum err_kind kind, const char *fmt, ...)
{
	va_list ap;

	va_start(ap, fmt);
	err_vat(err, kind, (struct pos){ NULL, 0, 0 }, fmt, ap);
	va_end(ap);
	return false;
}

bool err_any(const struct err *err)
{
	return err && err->n > 0;
}

static void item_release(struct err_item *item)
{
	free(item->file);
	free(item->text);
}

void err_clear(struct err *err)
{
	if (!err)
		return;
	for (int i = 0; i < err->n; i++)
		item_release(&err->item[i]);
	*err = (struct err)ERR_INIT;
}

void err_move(struct err *to, struct err *from)
{
	int i = 0;

	if (to == from)
		return;
	while (to && i < from->n && to->n < ERR_MAX)
		to->item[to->n++] = from->item[i++];
	if (to)
		to->more += from->n - i + from->more;
	for (; i < from->n; i++)
		item_release(&from->item[i]);
	*from = (struct err)ERR_INIT;
}

static int item_compare(const struct err_item *a, const struct err_item *b)
{
	int by_file = strcmp(a->file ? a->file : "", b->file ? b->file : "");

	if (by_file)
		return by_file;
	if (a->line != b->line)
		return a->line < b->line ? -1 : 1;
	return (a->col > b->col) - (a->col < b->col);
}

/* Insertion: at most ERR_MAX items, and equal places keep their order. */
void err_sort(struct err *err)
{
	for (int i = 1; err && i < err->n; i++) {
		struct err_item item = err->item[i];
		int k = i;

		for (; k > 0 && item_compare(&err->item[k - 1], &item) > 0; k--)
			err->item[k] = err->item[k - 1];
		err->item[k] = item;
	}
}

static void item_print(const struct err_item *item, struct buf *line)
{
	if (item->file) {
		utf8_safe(line, item->file, false);
		if (item->line > 0)
			buf_addf(line, ":%d:%d", item->line, item->col);
		buf_add(line, ": ");
	}
	utf8_safe(line, item->text, false);
	buf_addc(line, '\n');
}

void err_print(const struct err *err, FILE *out, const char *program)
{
	struct buf text = BUF_INIT;

	for (int i = 0; err && i < err->n; i++) {
		buf_addf(&text, "%s: ", program);
		item_print(&err->item[i], &text);
	}
	if (err && err->more)
		buf_addf(&text, "%s: and %d more\n", program, err->more);
	fputs(text.s, out);
	buf_release(&text);
}

int err_exit_status(const struct err *err)
{
	return err_any(err) ? kinds[err->item[0].kind].status : 0;
}

const char *err_kind_name(enum err_kind kind)
{
	return kinds[kind].name;
}
