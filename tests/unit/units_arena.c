#include "units_arena.h"

#include <stdlib.h>

#include "base/path.h"

struct units *units;
struct arena *arena;

int units_arena_setup(void **state)
{
	struct err err = ERR_INIT;
	char *dir = path_data_dir(&err), *path;

	(void)state;
	if (dir) {
		path = path_join(dir, "models/units.xml");
		units = units_open(path, &err);
		free(path);
	}
	err_print(&err, stderr, "units");
	err_clear(&err);
	free(dir);
	arena = arena_new();
	return units ? 0 : -1;
}

int units_arena_teardown(void **state)
{
	(void)state;
	arena_free(arena);
	units_free(units);
	return 0;
}
