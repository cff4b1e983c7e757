/*
 * An example of libsteelyard: which option, how sure, and where it tips.
 *
 *     advise SCENARIO MODEL PARAMETER [NAME=VALUE]...
 *
 * cc advise.c $(pkg-config --cflags --libs steelyard) -o advise
 */
#include <stdio.h>
#include <string.h>

#include <steelyard.h>

static int failed(const struct steelyard_error *error)
{
	fprintf(stderr, "advise: %s\n", error->text);
	return error->status;
}

static bool set_all(struct steelyard_scenario *c, char **text, int n,
                    struct steelyard_error *error)
{
	for (int i = 0; i < n; i++) {
		char *equals = strchr(text[i], '=');

		if (!equals) {
			error->status = 2;
			snprintf(error->text, sizeof error->text,
			         "%s: write it as NAME=VALUE", text[i]);
			return false;
		}
		*equals = '\0';
		if (!steelyard_set(c, text[i], equals + 1, error))
			return false;
	}
	return true;
}

static void print_options(const struct steelyard_result *r, int t, int n)
{
	for (int i = 0; i < n; i++) {
		struct steelyard_option o;

		steelyard_option(r, t, i, &o);
		if (o.objective.known)
			printf("  %-12s %.6g %s (se %.2g)\n", o.name,
			       o.objective.mean, o.objective.unit,
			       o.objective.se);
		else
			printf("  %-12s %s\n", o.name, o.status);
	}
}

static void print_crossings(const struct steelyard_result *r, int t,
                            const char *parameter)
{
	struct steelyard_crossing x[32];
	const char *unit;
	int n = steelyard_crossings(r, t, parameter, x, 32, &unit);

	if (n < 0)
		printf("%s is not among the break-evens\n", parameter);
	for (int i = 0; i < n && i < 32; i++)
		printf("tips at %.6g %s: %s below, %s above (%s)\n", x[i].at,
		       unit, x[i].below ? x[i].below : "nothing",
		       x[i].above ? x[i].above : "nothing", x[i].kind);
}

static int advise(struct steelyard_scenario *c, const char *model,
                  const char *parameter)
{
	const struct steelyard_settings settings = { .break_even = true };
	struct steelyard_error error;
	struct steelyard_verdict v;
	struct steelyard_result *r = steelyard_evaluate(c, &settings, &error);
	int t;

	if (!r)
		return failed(&error);
	t = steelyard_find(r, model);
	if (steelyard_verdict(r, t, &v)) {
		printf("%s: %s (%s, P %.3f)\n%s\n", v.model,
		       v.option ? v.option : "none", v.state,
		       v.probability_best, v.sentence);
		print_options(r, t, v.options);
		print_crossings(r, t, parameter);
	} else {
		fprintf(stderr, "advise: the scenario does not ask about %s\n",
		        model);
	}
	steelyard_result_free(r);
	return t < 0 ? 2 : 0;
}

int main(int argc, char **argv)
{
	struct steelyard_error error;
	struct steelyard_scenario *c = NULL;
	struct steelyard *s;
	int status = 0;

	if (argc < 4) {
		fprintf(stderr, "usage: advise SCENARIO MODEL PARAMETER "
		        "[NAME=VALUE]...\n");
		return 2;
	}
	s = steelyard_open(NULL, &error);
	if (s)
		c = steelyard_load(s, argv[1], &error);
	if (!c || !set_all(c, argv + 4, argc - 4, &error))
		status = failed(&error);
	else
		status = advise(c, argv[2], argv[3]);
	steelyard_scenario_free(c);
	steelyard_close(s);
	return status;
}
