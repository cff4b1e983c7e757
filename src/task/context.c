/*
 * What every verb shares: the library of models, the engine's settings.
 */
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"
#include "base/path.h"
#include "model/model.h"
#include "task/task.h"

bool context_init(struct context *c, const char *data_dir, struct err *err)
{
	memset(c, 0, sizeof *c);
	c->engine = engine_defaults();
	c->data_dir = data_dir ? xstrdup(data_dir) : path_data_dir(err);
	if (!c->data_dir)
		return false;
	c->library = library_open(c->data_dir, err);
	if (!c->library) {
		context_release(c);
		return false;
	}
	return true;
}

void context_release(struct context *c)
{
	library_free(c->library);
	free(c->data_dir);
	memset(c, 0, sizeof *c);
}
