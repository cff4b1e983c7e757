#include "result/calibration.h"

#include "base/mem.h"

#include "base/banned.h"

void calibration_free(struct calibration *c)
{
	if (c)
		arena_free(c->arena);
}
