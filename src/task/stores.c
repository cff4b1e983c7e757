/*
 * The store itself: checked, copied, merged, as a folder and back.
 */
#include <string.h>

#include "base/mem.h"
#include "model/scenario.h"
#include "task/task.h"

#include "base/banned.h"

/* Opens, and at the end tells what the store holds. */
static struct store *open_it(struct context *c, bool create,
                             struct store_report *out, struct arena *a,
                             struct err *err)
{
	struct store *s = store_open(c->store_path, create, err);

	*out = (struct store_report){
		.path = s ? arena_strdup(a, store_path(s)) : NULL,
	};
	return s;
}

bool task_store_check(struct context *c, struct store_report *out,
                      struct arena *a, struct err *err)
{
	struct store *s = open_it(c, false, out, a, err);
	bool ok = s && store_check(s, err) &&
		store_count(s, &out->counts, err) &&
		store_content(s, out->content, err);

	store_close(s);
	return ok;
}

bool task_store_backup(struct context *c, const char *path,
                       struct store_report *out, struct arena *a,
                       struct err *err)
{
	struct store *s = open_it(c, false, out, a, err);
	bool ok = s && store_backup(s, path, err) &&
		store_count(s, &out->counts, err);

	store_close(s);
	return ok;
}

/* From a copy: one moment of the store, however long the writing takes. */
bool task_store_export(struct context *c, const char *dir,
                       struct store_report *out, struct arena *a,
                       struct err *err)
{
	struct store *s = open_it(c, false, out, a, err);
	struct store *copy = s ? store_open_other(out->path, err) : NULL;
	bool ok = copy && store_export(copy, dir, &out->written, err) &&
		store_count(copy, &out->counts, err) &&
		store_content(copy, out->content, err);

	store_close(copy);
	store_close(s);
	return ok;
}

static const char *title_of(void *ctx, const char *text, struct arena *a)
{
	struct err mute = ERR_INIT;
	struct scenario *s = scenario_read_text(text, strlen(text), "revision",
	                                        &mute);
	const char *title = s && s->title ? arena_strdup(a, s->title) : NULL;

	(void)ctx;
	if (s)
		scenario_free(s);
	err_clear(&mute);
	return title;
}

bool task_store_take(struct context *c, const char *other, bool folder,
                     bool adopt, struct store_report *out, struct arena *a,
                     struct err *err)
{
	struct store *from = folder ? store_import(other, title_of, NULL, err)
	                            : store_open_other(other, err);
	struct store *s = from ? open_it(c, true, out, a, err) : NULL;
	bool ok = s && store_merge(s, from, adopt, &out->merged, a, err) &&
		store_count(s, &out->counts, err) &&
		store_content(s, out->content, err);

	store_close(from);
	store_close(s);
	return ok;
}
