/*
 * From what a user calls a scenario to a scenario.
 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "model/model.h"
#include "model/scenario.h"
#include "task/task.h"
#include "yaml/yaml.h"

static bool exists(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 || errno == EACCES;
}

/* A word that can only mean a file: the error should speak of files. */
bool task_names_file(const char *ref)
{
	size_t n = strlen(ref);

	return strchr(ref, '/') || (n > 5 && !strcmp(ref + n - 5, ".yaml")) ||
	       (n > 4 && !strcmp(ref + n - 4, ".yml"));
}

static struct scenario *from_stdin(struct err *err)
{
	struct buf text = BUF_INIT;
	struct scenario *s = NULL;

	if (path_read("-", YAML_MAX_BYTES, &text, err))
		s = scenario_read_text(text.s, text.len, "<stdin>", err);
	buf_release(&text);
	return s;
}

bool task_store_exists(const struct context *c)
{
	struct err none = ERR_INIT;
	char *path;
	bool found;

	if (c->store_path)
		return true;
	path = path_xdg_data("store.db", &none);
	err_clear(&none);
	found = path && exists(path);
	free(path);
	return found;
}

/* NULL without a finding: the store does not know the name. */
static struct scenario *from_store(struct context *c, const char *ref,
                                   struct err *err)
{
	struct arena *a = arena_new();
	struct err found = ERR_INIT;
	struct revision_info info;
	const char *text, *json;
	struct scenario *s = NULL;
	struct store *store = store_open(c->store_path, false, &found);

	if (store && store_find(store, ref, &info, &text, &json, a, &found))
		s = scenario_read_text(text, strlen(text), info.scenario, err);
	/* two stores that were merged may have had it twice */
	if (s && strcmp(s->name, info.scenario))
		s->name = arena_strdup(s->arena, info.scenario);
	if (!s && store && found.n && found.item[0].kind == ERR_USAGE)
		err_clear(&found);
	err_move(err, &found);
	store_close(store);
	arena_free(a);
	return s;
}

static struct scenario *from_shipped(struct context *c, const char *ref,
                                     struct err *err)
{
	struct buf name = BUF_INIT;
	struct scenario *s = NULL;
	char *path;

	buf_addf(&name, "scenarios/%s.yaml", ref);
	path = path_join(c->data_dir, name.s);
	if (exists(path))
		s = scenario_read(path, err);
	else
		err_add(err, ERR_USAGE, "there is no file, saved scenario or "
		        "shipped scenario called '%s'", ref);
	free(path);
	buf_release(&name);
	return s;
}

static struct scenario *find(struct context *c, const char *ref,
                             struct err *err)
{
	struct scenario *s = NULL;

	if (!strcmp(ref, "-"))
		return from_stdin(err);
	if (exists(ref) || task_names_file(ref))
		return scenario_read(ref, err);
	if (task_store_exists(c))
		s = from_store(c, ref, err);
	if (s || err_any(err))
		return s;
	return from_shipped(c, ref, err);
}

/* One `[MODEL.]P[@OPTION]=V`; the value may hold further equals signs. */
static bool assign(struct context *c, struct scenario *s, const char *text,
                   struct err *err)
{
	const char *equals = strchr(text, '=');
	char *name;
	bool ok;

	if (!equals || equals == text || !equals[1])
		return err_add(err, ERR_USAGE,
		               "--set %s: write it as NAME=VALUE", text);
	name = xstrndup(text, (size_t)(equals - text));
	ok = scenario_set(s, c->library, name, equals + 1, err);
	free(name);
	return ok;
}

struct scenario *task_scenario(struct context *c, const char *ref,
                               const struct assignments *set, struct err *err)
{
	struct scenario *s = find(c, ref, err);
	bool ok = true;

	if (!s)
		return NULL;
	for (int i = 0; ok && set && i < set->n; i++)
		ok = assign(c, s, set->text[i], err);
	if (ok)
		return s;
	scenario_free(s);
	return NULL;
}
