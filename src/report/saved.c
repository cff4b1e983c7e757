/*
 * What a saved evaluation said: read back from its JSON.
 */
#include <math.h>
#include <string.h>

#include "base/mem.h"
#include "report/json.h"
#include "report/report.h"

#include "base/banned.h"

static const json_t *trade_of(const json_t *doc, const char *model)
{
	const json_t *list = json_object_get(json_array_get(json_object_get(
		doc, "scenarios"), 0), "tradeoffs");
	const json_t *t;
	size_t i;

	json_array_foreach(list, i, t) {
		const char *name = json_string_value(json_object_get(t,
		                                                     "model"));

		if (name && strcmp(name, model) == 0)
			return t;
	}
	return NULL;
}

bool report_saved_verdict(const char *json, const char *model,
                          struct arena *a, struct saved_verdict *out)
{
	json_t *doc = json_loads(json, 0, NULL);
	const json_t *t = doc ? trade_of(doc, model) : NULL;
	const json_t *v = json_object_get(t, "verdict");
	const json_t *p = json_object_get(v, "probability_best");
	const char *option = json_string_value(json_object_get(v, "option"));
	const char *badge = json_string_value(json_object_get(v, "badge"));
	bool found = v != NULL;

	*out = (struct saved_verdict){
		option ? arena_strdup(a, option) : NULL,
		badge ? arena_strdup(a, badge) : NULL,
		json_is_number(p) ? json_number_value(p) : NAN };
	json_decref(doc);
	return found;
}
