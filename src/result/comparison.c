#include "result/comparison.h"

#include "base/mem.h"

#include "base/banned.h"

bool comparison_flipped(const struct comparison *c)
{
	for (int i = 0; i < c->ntrades; i++)
		if (c->trade[i].flipped)
			return true;
	return false;
}

void comparison_free(struct comparison *c)
{
	if (c)
		arena_free(c->arena);
}
