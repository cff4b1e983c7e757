/*
 * A folder of small models for the tests of src/model: a workload, prices, two
 * models of which one reads the other.  Made in the working directory and
 * removed again.
 */
#ifndef STEELYARD_TESTS_MODEL_FIXTURE_H
#define STEELYARD_TESTS_MODEL_FIXTURE_H

#include "base/err.h"
#include "model/bound.h"
#include "model/model.h"
#include "model/scenario.h"

extern const char fixture_workload[];
extern const char fixture_prices[];
extern const char fixture_host[];       /* throughput-vs-latency */
extern const char fixture_buy[];        /* build-vs-buy, reads the former */

struct fixture {
	char *dir;
	struct library *library;
	struct err err;
};

void fixture_open(struct fixture *f);
void fixture_close(struct fixture *f);
/* Writes DIR/models/NAME. */
void fixture_file(struct fixture *f, const char *name, const char *text);
/* The path of the unit file of the tree under test; free(). */
char *fixture_units(void);
/* Whether some finding holds `text`; prints all of them when not. */
bool fixture_says(const struct err *err, const char *text);
/* `text` with its first `from` replaced; free(). */
char *fixture_replace(const char *text, const char *from, const char *to);
/* |got - want| <= tolerance, in double precision (cmocka compares floats). */
bool fixture_near(double got, double want, double tolerance);
#define assert_near(got, want, tolerance) \
	assert_true(fixture_near(got, want, tolerance))
struct scenario *fixture_scenario(struct fixture *f, const char *text);
/* The value of an expression of a model at central values. */
double fixture_value(struct fixture *f, const struct bound *b, int model,
                     const char *expr);

#endif
