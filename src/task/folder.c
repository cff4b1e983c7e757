#include "task/folder.h"

#include <ctype.h>
#include <dirent.h>
#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/digest.h"
#include "base/mem.h"
#include "base/path.h"

#include "base/banned.h"

#define RECORD_MAX (4u << 20)   /* bytes of a record that is read back */
#define CONFIG_MAX (64u << 10)
#define NUMBERS_END 10000

static const char *const extensions[RECORD_FORMATS] = {
	".md", ".md", ".md", ".md", ".html", ".json", ".csv"
};

/* --- the seal --------------------------------------------------------- */

/* The last line of a record says what stood above it when it was written.
 * JSON and CSV know no comments: there it is a member or a row. */
struct seal { const char *before, *after; };

static struct seal seal_of(enum record_format format)
{
	if (format == RECORD_JSON)
		return (struct seal){ ",\n  \"seal\": \"sha256:", "\"\n}\n" };
	if (format == RECORD_CSV)
		return (struct seal){ "\"seal\",\"\",\"\",\"\",,\"sha256:",
		                      "\",\"\"\r\n" };
	return (struct seal){ "\n<!-- steelyard record sha256:", " -->\n" };
}

static void add_seal(struct buf *text, enum record_format format)
{
	const struct seal s = seal_of(format);
	char hash[DIGEST_HEX];

	if (format == RECORD_JSON)      /* it becomes the last member */
		text->len -= strlen("\n}\n");
	text->s[text->len] = '\0';
	digest_of(text->s, text->len, hash);
	buf_addf(text, "%s%s%s", s.before, hash, s.after);
}

static const char *last_seal(const char *text, const struct seal *s)
{
	const char *seal = NULL, *next = text;

	while ((next = strstr(next, s->before)) != NULL)
		seal = next++;
	return seal;
}

/* Whether the record is as steelyard wrote it: people edit records, and what
 * they wrote is theirs. */
static bool untouched(const char *text, const struct seal *s)
{
	const char *seal = last_seal(text, s);
	char hash[DIGEST_HEX];

	if (!seal)
		return false;
	digest_of(text, (size_t)(seal - text), hash);
	seal += strlen(s->before);
	return !strncmp(seal, hash, DIGEST_HEX - 1) &&
	       !strcmp(seal + DIGEST_HEX - 1, s->after);
}

/* --- styles ----------------------------------------------------------- */

static bool starts(const char *s, const char *with)
{
	return !strncmp(s, with, strlen(with));
}

/* Whether a list item `Status:` stands before the first section. */
static bool has_status_item(const char *text)
{
	const char *end = strstr(text, "\n## ");

	for (const char *s = strchr(text, '\n'); s && (!end || s < end);
	     s = strchr(s + 1, '\n'))
		if (starts(s, "\n* Status:") || starts(s, "\n- Status:"))
			return true;
	return false;
}

/* The style of a record; RECORD_FORMATS: none that is known. */
static enum record_format style_of(const char *text)
{
	size_t n = starts(text, "# ") ? strspn(text + 2, "0123456789") : 0;
	bool numbered = n && text[2 + n] == '.';

	if (starts(text, "---\n") || starts(text, "---\r\n"))
		return RECORD_MADR;
	if (has_status_item(text))
		return numbered ? RECORD_HYBRID : RECORD_LOG4BRAINS;
	return numbered && strstr(text, "\n## Status\n") ? RECORD_NYGARD
	                                                 : RECORD_FORMATS;
}

static bool check_files(const struct folder *f, struct err *err)
{
	for (int i = 0; RECORD_IS_MARKDOWN(f->format) && i < f->n; i++) {
		enum record_format style;

		if (strcmp(f->file[i].name + f->file[i].stem, ".md"))
			continue;
		style = style_of(f->file[i].text);
		if (style != RECORD_FORMATS && style != f->format)
			return err_add(err, ERR_USAGE, "%s: a folder keeps to "
			               "one style, and %s is %s; write there "
			               "with --format %s, or name another "
			               "folder", f->dir, f->file[i].name,
			               record_format_names[style],
			               record_format_names[style]);
	}
	return true;
}

/* Whether `value`, relative to the folder `top`, is our folder. */
static bool is_ours(const char *top, const char *value, size_t n,
                    const char *real)
{
	char *name = xstrndup(value, n), *path = path_join(top, name);
	char *there = realpath(path, NULL);
	bool same = there && !strcmp(there, real);

	free(there);
	free(path);
	free(name);
	return same;
}

/* `.adr-dir` holds the folder's name; `.log4brains.yml` after adrFolder. */
static bool claims(const char *top, const char *config, const char *key,
                   const char *real)
{
	char *path = path_join(top, config);
	struct err mute = ERR_INIT;
	struct buf text = BUF_INIT;
	bool mine = false;

	if (path_read(path, CONFIG_MAX, &text, &mute))
		for (char *s = text.s; !mine && (s = strstr(s, key)); ) {
			s += strlen(key);
			s += strspn(s, " \t\"'");
			mine = is_ours(top, s, strcspn(s, "\r\n\"'#"), real);
			if (!*key)
				break;
		}
	err_clear(&mute);
	buf_release(&text);
	free(path);
	return mine;
}

/* A tool that keeps its records here is told by its file, here or above. */
static bool check_owner(const struct folder *f, struct err *err)
{
	static const struct {
		const char *config, *key, *tool;
		enum record_format own;
	} owners[] = {
		{ ".log4brains.yml", "adrFolder:", "log4brains",
		  RECORD_LOG4BRAINS },
		{ ".adr-dir", "", "adr-tools", RECORD_NYGARD },
	};
	char *real = realpath(f->dir, NULL), *top = real ? xstrdup(real) : NULL;
	bool ok = true;

	while (ok && top) {
		for (size_t i = 0; i < sizeof owners / sizeof *owners; i++)
			if (f->format != owners[i].own &&
			    f->format != RECORD_HYBRID &&
			    claims(top, owners[i].config, owners[i].key, real))
				ok = err_add(err, ERR_USAGE, "%s belongs to "
				             "%s (%s/%s), which would misread "
				             "the style %s; write there with "
				             "--format %s or hybrid", f->dir,
				             owners[i].tool, top,
				             owners[i].config,
				             record_format_names[f->format],
				             record_format_names[owners[i].own]);
		if (!strcmp(top, "/"))
			break;
		*(strrchr(top, '/') + (strrchr(top, '/') == top)) = '\0';
	}
	free(top);
	free(real);
	return ok;
}

/* --- reading ---------------------------------------------------------- */

/* "0012-slug.md" -> 12; -1: no record's name.  The date of log4brains' names
 * is no number. */
static int record_number(const char *name, size_t *stem)
{
	size_t digits = strspn(name, "0123456789");
	const char *dot = strrchr(name, '.');

	if ((digits != 4 && digits != 8) || name[digits] != '-' || !dot)
		return -1;
	for (int i = 0; i < RECORD_FORMATS; i++)
		if (!strcmp(dot, extensions[i])) {
			*stem = (size_t)(dot - name);
			return digits == 4 ? (int)strtol(name, NULL, 10) : 0;
		}
	return -1;
}

static void take(struct folder *f, const char *name, const char *text,
                 size_t stem, int number)
{
	*ARR_PUSH(f->file, f->n, f->cap) = (struct folder_file){
		arena_strdup(f->arena, name), arena_strdup(f->arena, text),
		stem, number, false,
	};
	if (number > f->highest)
		f->highest = number;
}

/* What cannot be read is not ours; its number is taken all the same. */
static void look_at(struct folder *f, const char *name)
{
	const struct seal seal = seal_of(f->format);
	struct err mute = ERR_INIT;
	struct buf text = BUF_INIT;
	struct stat st;
	size_t stem;
	int number = record_number(name, &stem);
	char *path;

	if (number < 0)
		return;
	path = path_join(f->dir, name);
	if (!lstat(path, &st) && S_ISREG(st.st_mode))
		path_read(path, RECORD_MAX, &text, &mute);
	take(f, name, text.s, stem, number);
	f->file[f->n - 1].ours = last_seal(text.s, &seal);
	err_clear(&mute);
	buf_release(&text);
	free(path);
}

static int by_name(const void *a, const void *b)
{
	const struct folder_file *p = a, *q = b;

	return strcmp(p->name, q->name);
}

static bool read_all(struct folder *f, struct err *err)
{
	struct pos pos = { f->dir, 0, 0 };
	struct dirent *entry;
	DIR *d = path_make_dirs(f->dir, err) ? opendir(f->dir) : NULL;

	if (!d && err_any(err))
		return false;
	if (!d) {
		err_at(err, ERR_IO, pos, "cannot read this folder: %s",
		       strerror(errno));
		return false;
	}
	while ((entry = readdir(d)))
		look_at(f, entry->d_name);
	closedir(d);
	if (f->n)
		qsort(f->file, (size_t)f->n, sizeof *f->file, by_name);
	return true;
}

bool folder_open(struct folder *f, const char *dir, enum record_format format,
                 struct arena *a, struct err *err)
{
	*f = (struct folder){ .dir = dir, .format = format, .arena = a };
	return read_all(f, err) && check_files(f, err) && check_owner(f, err);
}

void folder_close(struct folder *f)
{
	free(f->file);
}

/* --- names ------------------------------------------------------------ */

static bool fits(const struct folder *f, const struct folder_file *x)
{
	bool dated = strspn(x->name, "0123456789") == 8;

	return !RECORD_IS_MARKDOWN(f->format) ||
	       dated == (f->format == RECORD_LOG4BRAINS);
}

static struct folder_file *find_key(const struct folder *f, const char *key)
{
	for (int i = 0; key && i < f->n; i++)
		if (fits(f, &f->file[i]) && strstr(f->file[i].text, key))
			return &f->file[i];
	return NULL;
}

/* A record of that name which nobody can tell to be ours: it stays, and nothing
 * is written beside it. */
static struct folder_file *find_foreign(const struct folder *f,
                                        const char *slug)
{
	for (int i = 0; i < f->n; i++) {
		struct folder_file *x = &f->file[i];
		const char *dash = strchr(x->name, '-') + 1;
		size_t n = strlen(slug);

		if (fits(f, x) && !strncmp(dash, slug, n) &&
		    dash + n == x->name + x->stem &&
		    !x->ours &&
		    !strcmp(x->name + x->stem, extensions[f->format]))
			return x;
	}
	return NULL;
}

static bool is_taken(const struct folder *f, const char *stem)
{
	for (int i = 0; i < f->n; i++)
		if (strlen(stem) == f->file[i].stem &&
		    !strncmp(f->file[i].name, stem, f->file[i].stem))
			return true;
	return false;
}

static const char *new_stem(struct folder *f, const char *slug,
                            const char *date, int *number, struct err *err)
{
	struct pos pos = { f->dir, 0, 0 };
	const char *stem;

	*number = f->highest + 1;
	if (f->format != RECORD_LOG4BRAINS) {
		if (*number < NUMBERS_END)
			return arena_printf(f->arena, "%04d-%s", *number, slug);
		err_at(err, ERR_IO, pos, "no number below 10000 is left");
		return NULL;
	}
	*number = 0;
	stem = arena_printf(f->arena, "%.4s%.2s%.2s-%s", date, date + 5,
	                    date + 8, slug);
	for (int i = 2; is_taken(f, stem); i++)
		stem = arena_printf(f->arena, "%.4s%.2s%.2s-%s-%d", date,
		                    date + 5, date + 8, slug, i);
	return stem;
}

const char *folder_name(struct folder *f, const char *key, const char *former,
                        const char *slug, const char *date, int *number,
                        struct err *err)
{
	struct folder_file *own = find_key(f, key);
	const char *stem, *name;

	if (!own)
		own = find_key(f, former);
	if (!own)
		own = find_foreign(f, slug);
	if (own) {
		own->text = key;        /* it can be nobody else's now */
		own->ours = true;
		*number = own->number;
		return arena_printf(f->arena, "%.*s%s", (int)own->stem,
		                    own->name, extensions[f->format]);
	}
	stem = new_stem(f, slug, date, number, err);
	if (!stem)
		return NULL;
	name = arena_printf(f->arena, "%s%s", stem, extensions[f->format]);
	take(f, name, key, strlen(stem), *number);
	f->file[f->n - 1].ours = true;
	return name;
}

/* Structurizr's reader of adr-tools' folders stops at an .md file without a
 * number; log4brains shows index.md as its first page. */
const char *folder_index(const struct folder *f)
{
	if (f->format == RECORD_NYGARD || f->format == RECORD_HYBRID)
		return "index.markdown";
	return arena_printf(f->arena, "index%s", extensions[f->format]);
}

/* --- writing ---------------------------------------------------------- */

static const char *action_for(const char *path, const struct buf *text,
                              const struct seal *seal, struct err *err)
{
	struct buf old = BUF_INIT;
	struct pos pos = { path, 0, 0 };
	struct stat st;
	const char *action = NULL;

	if (lstat(path, &st) != 0 && errno == ENOENT)
		return "created";
	if (!path_read(path, RECORD_MAX, &old, err))
		;
	else if (old.len == text->len && !memcmp(old.s, text->s, old.len))
		action = "same";
	else if (strlen(old.s) == old.len && untouched(old.s, seal))
		action = "updated";
	else
		err_at(err, ERR_IO, pos, last_seal(old.s, seal)
		       ? "this record was edited since steelyard wrote it; it "
		         "stays as it is (move it away to write a new one)"
		       : "this file was not written by steelyard; it stays as "
		         "it is");
	buf_release(&old);
	return action;
}

const char *folder_put(const struct folder *f, const char *name,
                       struct buf *text, char **path, struct err *err)
{
	const struct seal seal = seal_of(f->format);
	const char *action;

	add_seal(text, f->format);
	*path = path_join(f->dir, name);
	action = action_for(*path, text, &seal, err);
	if (action && strcmp(action, "same") &&
	    !path_write(*path, text->s, text->len, err))
		return NULL;
	return action;
}
