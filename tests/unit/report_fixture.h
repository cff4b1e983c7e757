/*
 * A made-up result that holds one of everything a report must tell: an option
 * that wins, one that never could, one that a rule bars; break-evens with one
 * crossing, with stairs, with a touch, with three winners, with none.  Static:
 * nothing is freed; each call gives a fresh copy.
 */
#ifndef STEELYARD_TESTS_REPORT_FIXTURE_H
#define STEELYARD_TESTS_REPORT_FIXTURE_H

#include "report/report.h"

struct evaluation *report_fixture(void);
/* The same at central values. */
struct evaluation *report_fixture_point(void);
/* The same with everything that a user may type set to `text`. */
struct evaluation *report_fixture_typed(const char *text);

struct decision_record report_fixture_decision(void);

#endif
