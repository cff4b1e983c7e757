#include "store/decisions.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/buf.h"
#include "base/clock.h"
#include "base/mem.h"
#include "store/impl.h"

#include "base/banned.h"

const char *const decision_status_names[5] = {
	"proposed", "accepted", "rejected", "superseded", "deprecated"
};
static const char *const no_texts[] = { NULL };

/* --- lists of texts, as JSON and back ----------------------------------- */

static const char *json_list(const char *const *text, struct arena *a)
{
	struct buf b = BUF_INIT;
	const char *json;

	buf_addc(&b, '[');
	for (int i = 0; text && text[i]; i++) {
		buf_add(&b, i ? ",\"" : "\"");
		for (const char *c = text[i]; *c; c++) {
			if (*c == '"' || *c == '\\')
				buf_addc(&b, '\\');
			if ((unsigned char)*c < 0x20)
				buf_addf(&b, "\\u%04x", (unsigned)*c);
			else
				buf_addc(&b, *c);
		}
		buf_addc(&b, '"');
	}
	buf_addc(&b, ']');
	json = arena_strdup(a, b.s);
	buf_release(&b);
	return json;
}

/* Every item of a JSON list, one after the other. */
static const char *const *text_list(struct store *s, const char *json,
                                    struct arena *a, struct err *err)
{
	const char **list = NULL, **kept;
	sqlite3_stmt *q;
	size_t cap = 0;
	int n = 0;

	if (!json || !strcmp(json, "[]"))
		return no_texts;
	q = store_query(s, err, "SELECT value FROM json_each(?)", "t", json);
	while (q && store_next(s, q, err) == 1)
		*ARR_PUSH(list, n, cap) = arena_strdup(a, store_peek(q, 0));
	sqlite3_finalize(q);
	kept = arena_alloc(a, ((size_t)n + 1) * sizeof *kept);
	if (n)
		memcpy((void *)kept, (void *)list, (size_t)n * sizeof *kept);
	free((void *)list);
	return kept;
}

/* --- reading ------------------------------------------------------------ */

/* The decision's row and the event that began it. */
#define COLUMNS \
	"SELECT d.rowid, d.uuid, c.slug, c.title, " \
	"json_extract(e.payload, '$.model'), " \
	"json_extract(e.payload, '$.option'), " \
	"json_extract(e.payload, '$.inputs'), " \
	"json_extract(e.payload, '$.evaluation'), " \
	"json_extract(e.payload, '$.advice'), " \
	"json_extract(e.payload, '$.waived'), " \
	"json_extract(e.payload, '$.tags'), " \
	"(SELECT max(r.number) FROM revision r WHERE r.scenario = c.id AND " \
	" r.inputs = json_extract(e.payload, '$.inputs')) " \
	"FROM decision d JOIN scenario c ON c.id = d.scenario " \
	"JOIN event e ON e.ref = d.uuid AND e.kind = 'decision.proposed' "

static int status_of(const char *kind)
{
	for (int i = 0; i < 5; i++)
		if (!strncmp(kind, "decision.", 9) &&
		    !strcmp(kind + 9, decision_status_names[i]))
			return i;
	return -1;
}

/* The picture of the header, as a table: what may follow what. */
static bool may_follow(enum decision_status from, enum decision_status to)
{
	static const unsigned next[5] = {
		[DECISION_PROPOSED] = 1 << DECISION_ACCEPTED |
			1 << DECISION_REJECTED | 1 << DECISION_SUPERSEDED,
		[DECISION_ACCEPTED] = 1 << DECISION_ACCEPTED |
			1 << DECISION_DEPRECATED | 1 << DECISION_SUPERSEDED,
	};

	return next[from] >> to & 1;
}

static bool add_event(struct store *s, sqlite3_stmt *q,
                      struct decision_info *d, size_t *cap, struct arena *a,
                      struct err *err)
{
	int status = status_of(store_peek(q, 0));
	struct decision_event *e;

	if (status < 0)
		return true;            /* of a later version */
	e = ARR_PUSH(d->event, d->nevents, *cap);
	*e = (struct decision_event){
		.status = (enum decision_status)status,
		.actor = arena_strdup(a, store_peek(q, 1)),
		.at = sqlite3_column_int64(q, 2),
		.because = store_text(q, 3, a),
		.review = store_text(q, 5, a),
		.deciders = text_list(s, store_text(q, 4, a), a, err),
	};
	/* Where two stores went on from one state, a step does not follow from
	 * the one before; until somebody says what holds. */
	if (d->nevents > 1 && !may_follow(d->status, e->status))
		d->contested = true;
	if (sqlite3_column_int(q, 6))
		d->contested = false;
	d->status = e->status;
	d->changed = e->at;
	if (e->because)
		d->because = e->because;
	if (e->review)
		d->review = e->review;
	if (e->deciders[0])
		d->deciders = e->deciders;
	return true;
}

/* The number of the decision at the other end of a succession; 0: none. */
static bool partner(struct store *s, const char *uuid, bool successor,
                    int *number, struct err *err)
{
	int64_t n;
	bool ok = store_int(s, err, 0, &n, successor
		? "SELECT d.rowid FROM event e JOIN decision d ON d.uuid = "
		  "json_extract(e.payload, '$.by') WHERE e.ref = ? AND "
		  "e.kind = 'decision.superseded' ORDER BY e.at DESC LIMIT 1"
		: "SELECT d.rowid FROM event e JOIN decision d ON d.uuid = e.ref "
		  "WHERE e.kind = 'decision.superseded' AND "
		  "json_extract(e.payload, '$.by') = ? ORDER BY e.at DESC "
		  "LIMIT 1", "t", uuid);

	*number = (int)n;
	return ok;
}

static bool read_events(struct store *s, struct decision_info *d,
                        struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT kind, actor, at, "
		"json_extract(payload, '$.because'), "
		"json_extract(payload, '$.deciders'), "
		"json_extract(payload, '$.review'), "
		"json_extract(payload, '$.settles') FROM event "
		"WHERE ref = ? ORDER BY at, "
		/* of one second: as it must have been */
		"CASE kind WHEN 'decision.proposed' THEN 0 "
		"WHEN 'decision.accepted' THEN 1 ELSE 2 END + "
		"3 * coalesce(json_extract(payload, '$.settles'), 0), "
		"origin, seq", "t", d->uuid);
	struct decision_event *kept;
	size_t cap = 0;
	bool ok = q != NULL;
	int row = 0;

	while (ok && (row = store_next(s, q, err)) == 1)
		ok = add_event(s, q, d, &cap, a, err);
	sqlite3_finalize(q);
	kept = arena_alloc(a, ((size_t)d->nevents + 1) * sizeof *kept);
	if (d->nevents)
		memcpy(kept, d->event, (size_t)d->nevents * sizeof *kept);
	free(d->event);
	d->event = kept;
	if (d->nevents)
		d->created = kept[0].at;
	return ok && row == 0 &&
	       partner(s, d->uuid, true, &d->superseded_by, err) &&
	       partner(s, d->uuid, false, &d->supersedes, err);
}

static bool read_one(struct store *s, sqlite3_stmt *q, struct decision_info *d,
                     struct arena *a, struct err *err)
{
	*d = (struct decision_info){
		.number = sqlite3_column_int(q, 0),
		.uuid = store_text(q, 1, a),
		.scenario = store_text(q, 2, a), .title = store_text(q, 3, a),
		.model = arena_strdup(a, store_peek(q, 4)),
		.option = arena_strdup(a, store_peek(q, 5)),
		.revision = arena_strdup(a, store_peek(q, 6)),
		.evaluation = store_text(q, 7, a),
		.advice = store_text(q, 8, a),
		.revision_number = sqlite3_column_int(q, 11),
		.deciders = no_texts,
	};
	d->waived = text_list(s, store_text(q, 9, a), a, err);
	d->tags = text_list(s, store_text(q, 10, a), a, err);
	return read_events(s, d, a, err);
}

/* --- finding ------------------------------------------------------------ */

static bool is_number(const char *s, int64_t *n)
{
	char *end;

	if (*s == 'D' || *s == 'd')
		s++;
	if (!isdigit((unsigned char)*s) || strlen(s) > 9)
		return false;
	*n = strtol(s, &end, 10);
	return !*end && *n > 0;
}

static sqlite3_stmt *by_reference(struct store *s, const char *ref,
                                  struct err *err)
{
	const char *colon = strrchr(ref, ':');
	int64_t number;

	if (colon)
		return store_query(s, err, COLUMNS "WHERE c.slug = "
			"substr(?1, 1, length(?1) - length(?2) - 1) AND "
			"json_extract(e.payload, '$.model') = ?2 "
			"ORDER BY d.rowid DESC LIMIT 1", "tt", ref, colon + 1);
	if (is_number(ref, &number))
		return store_query(s, err, COLUMNS "WHERE d.rowid = ?", "i",
		                   number);
	return store_query(s, err, COLUMNS "WHERE length(?1) >= 6 AND "
		"d.uuid >= ?1 AND d.uuid < ?1 || 'g' LIMIT 2", "t", ref);
}

bool decision_find(struct store *s, const char *ref, struct decision_info *out,
                   struct arena *a, struct err *err)
{
	sqlite3_stmt *q = by_reference(s, ref, err);
	int row = q ? store_next(s, q, err) : -1;
	bool ok = row == 1 && read_one(s, q, out, a, err);

	if (ok && store_next(s, q, err) == 1)
		ok = err_add(err, ERR_USAGE, "`%s` fits several decisions: "
		             "give more digits", ref);
	sqlite3_finalize(q);
	if (row == 0)
		return err_add(err, ERR_USAGE, "the store has no decision `%s`; "
		               "`steelyard log --decisions` lists them", ref);
	return ok;
}

static bool holds(const char *text, const char *part)
{
	return text && strcasestr(text, part) != NULL;
}

static bool list_holds(const char *const *list, const char *part)
{
	for (; *list; list++)
		if (holds(*list, part))
			return true;
	return false;
}

/* Whoever ever decided, whatever was ever said. */
static bool event_holds(const struct decision_info *d, const char *part)
{
	for (int i = 0; i < d->nevents; i++)
		if (holds(d->event[i].because, part) ||
		    holds(d->event[i].actor, part) ||
		    list_holds(d->event[i].deciders, part))
			return true;
	return false;
}

static bool is_tagged(const struct decision_info *d, const char *tag)
{
	for (int i = 0; d->tags[i]; i++)
		if (!strcmp(d->tags[i], tag))
			return true;
	return false;
}

static bool wanted(const struct decision_info *d,
                   const struct decision_filter *f)
{
	if ((f->status >= 0 && (int)d->status != f->status) ||
	    (f->tag && !is_tagged(d, f->tag)))
		return false;
	return !f->text || holds(d->scenario, f->text) ||
	       holds(d->title, f->text) || holds(d->model, f->text) ||
	       holds(d->option, f->text) || list_holds(d->tags, f->text) ||
	       event_holds(d, f->text);
}

int decision_list(struct store *s, const struct decision_filter *f,
                  struct decision_info **out, struct arena *a, struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, COLUMNS "WHERE (?1 IS NULL OR "
		"c.slug = ?1) AND (?2 IS NULL OR "
		"json_extract(e.payload, '$.model') = ?2) "
		"ORDER BY d.rowid DESC", "tt", f->scenario, f->model);
	struct decision_info *list = NULL, one;
	size_t cap = 0;
	int n = 0, row = -1;
	bool ok = q != NULL;

	while (ok && (!f->limit || n < f->limit) &&
	       (row = store_next(s, q, err)) == 1) {
		ok = read_one(s, q, &one, a, err);
		if (ok && wanted(&one, f))
			*ARR_PUSH(list, n, cap) = one;
	}
	sqlite3_finalize(q);
	*out = arena_alloc(a, (size_t)n * sizeof **out + 1);
	if (n)
		memcpy(*out, list, (size_t)n * sizeof **out);
	free(list);
	return ok && row >= 0 ? n : -1;
}

/* --- writing ------------------------------------------------------------ */

/* The scenario's row; the revision that is decided on must be one of it. */
static bool scenario_of(struct store *s, const struct decision_new *d,
                        int64_t *id, struct err *err)
{
	if (!store_int(s, err, 0, id, "SELECT c.id FROM scenario c JOIN revision "
	               "r ON r.scenario = c.id WHERE c.slug = ? AND "
	               "r.inputs = ? LIMIT 1", "tt", d->scenario, d->inputs))
		return false;
	return *id || err_add(err, ERR_USAGE, "the store has no revision %.12s "
	                      "of `%s`", d->inputs, d->scenario);
}

bool decision_propose(struct store *s, const struct decision_new *d,
                      struct decision_info *out, struct arena *a,
                      struct err *err)
{
	char uuid[33];
	int64_t id;
	bool ok;

	if (!store_begin(s, err))
		return false;
	ok = scenario_of(s, d, &id, err) && store_random_name(uuid, err) &&
	     store_run(s, err, "INSERT INTO decision(uuid, scenario, created) "
	               "VALUES(?, ?, ?)", "tii", uuid, id, clock_now()) &&
	     store_append_made(s, "decision.proposed", uuid, err,
	                       "SELECT json_object('model', ?, 'option', ?, "
	                       "'inputs', ?, 'evaluation', ?, 'advice', ?, "
	                       "'because', ?, 'review', ?, "
	                       "'deciders', json(?), 'tags', json(?), "
	                       "'waived', json(?))", "tttttttttt", d->model,
	                       d->option, d->inputs, d->evaluation, d->advice,
	                       d->because, d->review,
	                       json_list(d->deciders, a),
	                       json_list(d->tags, a),
	                       json_list(d->waived, a)) &&
	     decision_find(s, uuid, out, a, err);
	return store_end(s, ok, err);
}

static bool check_step(const struct decision_info *d, enum decision_status to,
                       struct err *err)
{
	if (may_follow(d->status, to) || d->contested)
		return true;
	return err_add(err, ERR_USAGE, "decision D%d is %s: it cannot become %s",
	               d->number, decision_status_names[d->status],
	               decision_status_names[to]);
}

static bool find_number(struct store *s, int number, struct decision_info *d,
                        struct arena *a, struct err *err)
{
	return decision_find(s, arena_printf(a, "D%d", number), d, a, err);
}

/* What stands gives way to what stands alone: otherwise a question that was
 * answered would have no answer.  A proposal may be replaced by another. */
static bool may_replace(const struct decision_info *by,
                        const struct decision_info *d, struct err *err)
{
	if (by->number == d->number)
		return err_add(err, ERR_USAGE, "a decision cannot supersede "
		               "itself");
	if (strcmp(by->model, d->model))
		return err_add(err, ERR_USAGE, "decision D%d is on %s, D%d on "
		               "%s: it cannot take its place", by->number,
		               by->model, d->number, d->model);
	if (by->status == DECISION_ACCEPTED ||
	    (by->status == d->status && d->status == DECISION_PROPOSED))
		return true;
	if (by->status == DECISION_PROPOSED)
		return err_add(err, ERR_USAGE, "decision D%d is only proposed "
		               "and D%d is %s: first `steelyard accept D%d`, "
		               "then it can take its place", by->number,
		               d->number, decision_status_names[d->status],
		               by->number);
	return err_add(err, ERR_USAGE, "decision D%d is %s: it can take no "
	               "other's place", by->number,
	               decision_status_names[by->status]);
}

/* The successor's uuid; NULL when none is named. */
static bool find_successor(struct store *s, const struct decision_info *d,
                           int by, const char **uuid, struct arena *a,
                           struct err *err)
{
	struct decision_info other;

	*uuid = NULL;
	if (!by)
		return true;
	if (!find_number(s, by, &other, a, err))
		return false;
	*uuid = other.uuid;
	return may_replace(&other, d, err);
}

bool decision_change(struct store *s, int number, enum decision_status to,
                     const char *because, const char *const *deciders,
                     const char *review, int by, struct decision_info *out,
                     struct arena *a, struct err *err)
{
	struct decision_info d;
	const char *successor;
	bool ok;

	if (!store_begin(s, err))
		return false;
	ok = find_number(s, number, &d, a, err) && check_step(&d, to, err) &&
	     find_successor(s, &d, by, &successor, a, err) &&
	     store_append_made(s, arena_printf(a, "decision.%s",
	                                       decision_status_names[to]),
	                       d.uuid, err,
	                       "SELECT json_object('because', ?, 'review', ?, "
	                       "'by', ?, 'deciders', json(?), 'settles', ?)",
	                       "tttti", because, review, successor,
	                       json_list(deciders, a),
	                       (int64_t)d.contested) &&
	     find_number(s, number, out, a, err);
	return store_end(s, ok, err);
}
