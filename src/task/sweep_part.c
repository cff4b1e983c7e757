/*
 * Parts of a sweep: the lines that say whose they are, the lines of the cases,
 * the line that closes them; and how parts become one again.
 */
#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "task/sweep_int.h"

#include "base/banned.h"

#define MAGIC "#steelyard.sweep/1 "

void part_head_release(struct part_head *h)
{
	free(h->command);
	free(h->header);
	h->command = h->header = NULL;
}

void part_head_write(struct buf *b, const struct part_head *h)
{
	buf_addf(b, MAGIC "%d/%d %lld %s %s\n#command %s\n#header %s\n",
	         h->shard, h->shards, (long long)h->cases, h->format,
	         h->identity, h->command, h->header);
}

/* A line without its end; NULL: there is none, or it is cut. */
static char *whole_line(FILE *f, char **line, size_t *cap, ssize_t *n)
{
	*n = getline(line, cap, f);
	if (*n <= 0 || (*line)[*n - 1] != '\n')
		return NULL;
	(*line)[--*n] = '\0';
	return *line;
}

static bool first_line(const char *s, struct part_head *h)
{
	long long cases;
	int used = 0;

	if (sscanf(s, MAGIC "%d/%d %lld %7[a-z] %64[0-9a-f]%n", &h->shard,
	           &h->shards, &cases, h->format, h->identity, &used) != 5 ||
	    s[used])
		return false;
	h->cases = cases;
	return h->shard >= 1 && h->shards >= h->shard &&
	       h->shards <= SWEEP_SHARDS && cases >= 0 &&
	       cases <= SWEEP_CASES && strlen(h->identity) == DIGEST_HEX - 1 &&
	       (!strcmp(h->format, "json") || !strcmp(h->format, "csv"));
}

static char *after(const char *line, const char *word)
{
	size_t n = strlen(word);

	return line && !strncmp(line, word, n) ? xstrdup(line + n) : NULL;
}

bool part_head_read(FILE *f, const char *path, struct part_head *h,
                    struct err *err)
{
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool ok;

	h->command = h->header = NULL;
	ok = whole_line(f, &line, &cap, &n) && first_line(line, h);
	if (ok)
		h->command = after(whole_line(f, &line, &cap, &n), "#command ");
	if (h->command)
		h->header = after(whole_line(f, &line, &cap, &n), "#header ");
	free(line);
	if (h->header)
		return true;
	part_head_release(h);
	return err_at(err, ERR_INPUT, (struct pos){ path, 1, 1 },
	              "is no part of a sweep (its first lines do not say so)");
}

bool part_same_sweep(const struct part_head *a, const struct part_head *b)
{
	return a->shards == b->shards && a->cases == b->cases &&
	       !strcmp(a->format, b->format) &&
	       !strcmp(a->identity, b->identity) &&
	       !strcmp(a->header, b->header);
}

int64_t part_share(int64_t cases, int shard, int shards)
{
	return (cases - shard + shards) / shards;
}

/* "#end ROWS SHA256" */
static bool closes(const char *line, int64_t n, const char *sha)
{
	long long rows;
	char said[DIGEST_HEX];
	int used = 0;

	return sscanf(line, "#end %lld %64[0-9a-f]%n", &rows, said, &used) ==
	       2 && !line[used] && rows == n && !strcmp(said, sha);
}

/* Digests end when they are read: both need what was hashed so far. */
static void row_digest(struct digest *d, const char *line, size_t n)
{
	digest_bytes(d, line, n);
	digest_bytes(d, "\n", 1);
}

bool part_rows_read(FILE *f, struct part_rows *rows, struct digest *keep)
{
	struct digest *d = digest_new();
	char *line = NULL;
	size_t cap = 0;
	ssize_t n;
	bool closed = false;

	*rows = (struct part_rows){ .end = ftello(f) };
	while (!closed && whole_line(f, &line, &cap, &n)) {
		closed = line[0] == '#';
		if (closed)
			break;
		row_digest(d, line, (size_t)n);
		if (keep)
			row_digest(keep, line, (size_t)n);
		rows->n++;
		rows->end = ftello(f);
	}
	digest_end(d, rows->sha);
	if (closed) {
		rows->ended = closes(line, rows->n, rows->sha);
		rows->wrong = !rows->ended || getc(f) != EOF;
	}
	free(line);
	return !ferror(f);
}

/* Whether the line is that of case i: they all begin with their number. */
static bool is_case(const char *line, bool json, int64_t i)
{
	char *end;

	if (json && strncmp(line, "{\"case\": ", 9))
		return false;
	line += json ? 9 : 0;
	errno = 0;
	return isdigit((unsigned char)*line) &&
	       strtoll(line, &end, 10) == i && *end == ',' && !errno;
}

bool parts_join(FILE *const *part, const struct part_head *head, FILE *out)
{
	bool json = !strcmp(head->format, "json"), ok = true;
	struct digest *d = digest_new();
	char sha[DIGEST_HEX], *line = NULL;
	size_t cap = 0;
	ssize_t n;

	fprintf(out, "%s\n", head->header);
	for (int64_t i = 0; ok && i < head->cases; i++) {
		ok = whole_line(part[i % head->shards], &line, &cap, &n) &&
		     is_case(line, json, i);
		if (!ok)
			break;
		row_digest(d, line, (size_t)n);
		fwrite(line, 1, (size_t)n, out);
		putc('\n', out);
	}
	free(line);
	digest_end(d, sha);
	if (ok && json)
		fprintf(out, "{\"rows\": %lld, \"sha256\": \"%s\"}\n",
		        (long long)head->cases, sha);
	return ok;
}
