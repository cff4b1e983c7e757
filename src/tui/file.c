/*
 * The file that the scenario on the screen stands in.  Saving writes it too
 * where nothing would be lost by it; `write FILE` whatever it was told.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/scenario.h"
#include "task/task.h"
#include "tui/state.h"
#include "tui/work.h"
#include "yaml/yaml.h"
#include "base/banned.h"

static bool is_own(const struct state *st)
{
	return st->scenario && st->scenario->path && st->ref;
}

/* What came with the program is an example for everybody. */
static bool is_shipped(const struct state *st)
{
	char *dir = path_join(st->ctx->data_dir, "scenarios");
	char *real = realpath(dir, NULL);
	size_t n = real ? strlen(real) : 0;
	bool shipped = real && strncmp(st->ref, real, n) == 0 &&
	               st->ref[n] == '/';

	free(real);
	free(dir);
	return shipped;
}

static bool read_file(const char *path, struct buf *out)
{
	struct err err = ERR_INIT;
	bool ok = path_read(path, YAML_MAX_BYTES, out, &err);

	err_clear(&err);
	return ok;
}

void file_opened(struct state *st)
{
	buf_clear(&st->file);
	if (is_own(st) && !read_file(st->ref, &st->file))
		buf_clear(&st->file);
}

/* Those that may begin a comment. */
static int hashes(const char *text)
{
	int n = 0;

	for (size_t i = 0; text[i]; i++)
		n += text[i] == '#' && (!i || strchr(" \t\r\n", text[i - 1]));
	return n;
}

/* A text that was read has the values that its canonical one has, and with
 * them their hashes; what it has beyond those are comments. */
static bool has_comments(const char *text, const char *canonical)
{
	return hashes(text) > hashes(canonical);
}

/* NULL: saving may write over what the file holds.  `same`: it holds the
 * scenario already. */
static const char *why_not(const struct state *st, const char *text,
                           bool *same)
{
	struct buf now = BUF_INIT;
	struct err err = ERR_INIT;
	struct scenario *s = NULL;
	char *said = NULL;
	const char *why = NULL;

	if (read_file(st->ref, &now))
		s = scenario_read_text(now.s, now.len, st->scenario->name,
		                       &err);
	said = s ? state_canonical(s) : NULL;
	*same = said && strcmp(said, text) == 0;
	if (is_shipped(st))
		why = "came with steelyard";
	else if (!said || now.len != st->file.len ||
	         memcmp(now.s, st->file.s, now.len) != 0)
		why = "was changed by another";
	else if (has_comments(now.s, said))
		why = "has comments";
	free(said);
	scenario_free(s);
	err_clear(&err);
	buf_release(&now);
	return why;
}

/* Takes the text for what the file holds from now on. */
static bool write_own(struct state *st, const char *text, struct err *err)
{
	if (!path_write(st->ref, text, strlen(text), err))
		return false;
	buf_clear(&st->file);
	buf_add(&st->file, text);
	return true;
}

void file_follow(struct state *st)
{
	struct err err = ERR_INIT;
	struct buf b = BUF_INIT;
	const char *name, *why;
	bool same, bad = st->message_bad;
	char *text;

	if (!is_own(st))
		return;
	name = path_basename(st->ref);
	text = state_canonical(st->scenario);
	why = why_not(st, text, &same);
	buf_add(&b, st->message ? st->message : "");
	if (why && !same && is_shipped(st))
		buf_addf(&b, "; its file %s and stays", why);
	else if (why && !same)
		buf_addf(&b, "; %s %s and stays (command: write FILE)", name,
		         why);
	else if (!same && write_own(st, text, &err))
		buf_addf(&b, ", and in %s", name);
	if (err_any(&err))
		buf_addf(&b, "; %s stays: %s", name, err.item[0].text);
	state_say(st, bad || err_any(&err), "%s", b.s);
	err_clear(&err);
	free(text);
	buf_release(&b);
}

/* --- on demand --- */

static bool same_folder(const char *a, const char *b)
{
	char *da = path_dirname(a), *db = path_dirname(b);
	char *ra = realpath(da, NULL), *rb = realpath(db, NULL);
	bool same = ra && rb && strcmp(ra, rb) == 0;

	free(ra);
	free(rb);
	free(da);
	free(db);
	return same;
}

/* In another folder everything it names is named by its whole path. */
static char *text_for(const struct state *st, const char *path,
                      struct err *err)
{
	struct scenario *s = scenario_copy(st->scenario);
	bool ok = !s->path || same_folder(s->path, path) ||
	          (scenario_pin_files(s, err) &&
	           scenario_pin_models(s, st->ctx->library, err));
	char *text = ok ? state_canonical(s) : NULL;

	scenario_free(s);
	return text;
}

static void write_other(struct state *st, const char *path, struct err *err)
{
	struct stat there;
	char *text;

	if (!task_names_file(path)) {
		err_add(err, ERR_USAGE, "a file's name ends in .yaml");
		return;
	}
	if (lstat(path, &there) == 0 || errno != ENOENT) {
		err_add(err, ERR_USAGE, "there is a %s already, and it is not "
		        "written over", path);
		return;
	}
	text = text_for(st, path, err);
	if (text && path_write(path, text, strlen(text), err))
		state_say(st, false, "written to %s", path);
	free(text);
}

/* Named or not, the scenario's own file; its name alone is leave to write over
 * comments and over what another wrote. */
static void write_home(struct state *st, bool named, struct err *err)
{
	const char *name = path_basename(st->ref);
	char *text = state_canonical(st->scenario);
	bool same;
	const char *why = why_not(st, text, &same);

	if (why && (!named || is_shipped(st)))
		err_add(err, ERR_USAGE, "%s %s and stays: write FILE writes "
		        "a copy%s", name, why, is_shipped(st) ? ""
		        : ", and its own name writes over it");
	else if (write_own(st, text, err))
		state_say(st, false, "written to %s", name);
	free(text);
}

void file_write(struct state *st)
{
	struct err err = ERR_INIT;
	char *path = st->write_to, *real = path ? realpath(path, NULL) : NULL;

	st->write_to = NULL;
	if (is_own(st) && (!path || (real && strcmp(real, st->ref) == 0)))
		write_home(st, path != NULL, &err);
	else if (path)
		write_other(st, path, &err);
	else
		err_add(&err, ERR_USAGE, "it stands in the store alone: "
		        "write FILE.yaml writes it to a file");
	state_say_err(st, &err);
	free(real);
	free(path);
}

void file_ask(struct state *st, const char *path)
{
	path += strspn(path, " ");
	free(st->write_to);
	st->write_to = *path ? xstrdup(path) : NULL;
	what_if_end(st, true);
	st->want |= WANT_WRITE;
}
