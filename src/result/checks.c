#include "result/checks.h"

#include "base/mem.h"

#include "base/banned.h"

const char *const check_status_names[4] = {
	"ok", "fail", "undecided", "unknown"
};

void check_report_free(struct check_report *r)
{
	if (r)
		arena_free(r->arena);
}
