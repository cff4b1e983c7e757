/*
 * The union of two stores.  Rows travel from one connection to the other by
 * pairs of statements; what is there already is left alone.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/buf.h"
#include "base/mem.h"
#include "base/path.h"
#include "store/decisions.h"
#include "store/exchange.h"
#include "store/impl.h"

#include "base/banned.h"

#define ORIGIN_HEX 32

struct merging {
	struct store *to, *from;
	struct store_merged *out;
	size_t cap;
	struct arena *arena;
	struct err *err;
	int nforks;
	struct fork *fork;
	size_t forks;
};

static void note(struct merging *m, const char *kind, const char *text)
{
	*ARR_PUSH(m->out->note, m->out->n, m->cap) =
		(struct store_note){ kind, text };
}

/* --- counts and backup -------------------------------------------------- */

bool store_count(struct store *s, struct store_counts *out, struct err *err)
{
	return store_int(s, err, 0, &out->scenarios,
	                 "SELECT count(*) FROM scenario", "") &&
	       store_int(s, err, 0, &out->revisions,
	                 "SELECT count(*) FROM revision", "") &&
	       store_int(s, err, 0, &out->evaluations,
	                 "SELECT count(*) FROM evaluation", "") &&
	       store_int(s, err, 0, &out->decisions,
	                 "SELECT count(*) FROM decision", "") &&
	       store_int(s, err, 0, &out->events,
	                 "SELECT count(*) FROM event", "") &&
	       store_int(s, err, 0, &out->texts,
	                 "SELECT count(*) FROM blob", "");
}

/* SQLite syncs the copy; a link, unlike a rename, writes over nothing. */
bool store_backup(struct store *s, const char *path, struct err *err)
{
	struct pos pos = { .file = path };
	struct buf part = BUF_INIT;
	bool ok;

	if (access(path, F_OK) == 0)
		return err_at(err, ERR_IO, pos, "there is a file already: name "
		              "another, nothing is written over");
	buf_addf(&part, "%s.part-%ld", path, (long)getpid());
	ok = store_copy_to(s, part.s, err);
	if (ok && link(part.s, path) != 0)
		ok = err_at(err, ERR_IO, pos, "cannot be made: %m");
	unlink(part.s);
	buf_release(&part);
	return ok;
}

/* --- rows --------------------------------------------------------------- */

static bool bind_row(sqlite3_stmt *from, sqlite3_stmt *to)
{
	int n = sqlite3_bind_parameter_count(to);
	int rc = SQLITE_OK;

	for (int i = 0; i < n && rc == SQLITE_OK; i++)
		rc = sqlite3_bind_value(to, i + 1,
		                        sqlite3_column_value(from, i));
	return rc == SQLITE_OK;
}

/* Every row of `select` in the one store is the values of `insert` in the
 * other; `each` (or NULL) hears of those that were taken. */
static bool carry(struct merging *m, const char *select, const char *insert,
                  int64_t *taken,
                  bool (*each)(struct merging *m, sqlite3_stmt *row))
{
	sqlite3_stmt *from = store_query(m->from, m->err, select, "");
	sqlite3_stmt *to = store_query(m->to, m->err, insert, "");
	bool ok = from && to;
	int row = 0;

	while (ok && (row = store_next(m->from, from, m->err)) == 1) {
		ok = bind_row(from, to) ||
			store_fail(m->to, m->err, "write the store");
		ok = ok && store_next(m->to, to, m->err) >= 0;
		sqlite3_reset(to);
		if (!ok || !sqlite3_changes(m->to->db))
			continue;
		++*taken;
		ok = !each || each(m, from);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return ok && row == 0;
}

/* One text of the store that is merged into. */
static const char *ask(struct merging *m, const char *sql, const char *key)
{
	sqlite3_stmt *q = store_query(m->to, m->err, sql, "t", key);
	const char *text = q && store_next(m->to, q, m->err) == 1
		? store_text(q, 0, m->arena) : NULL;

	sqlite3_finalize(q);
	return text ? text : "";
}

static bool heard_scenario(struct merging *m, sqlite3_stmt *row)
{
	const char *slug = ask(m, "SELECT slug FROM scenario WHERE uuid = ?",
	                       store_peek(row, 0));

	if (strcmp(slug, store_peek(row, 1)))
		note(m, "renamed", arena_printf(m->arena, "there is another "
		     "scenario `%s` here: the one that was taken is called "
		     "`%s`", store_peek(row, 1), slug));
	return !err_any(m->err);
}

static bool heard_revision(struct merging *m, sqlite3_stmt *row)
{
	const char *now = ask(m, "SELECT c.slug || '@r' || r.number FROM "
	                      "revision r JOIN scenario c ON c.id = r.scenario "
	                      "WHERE r.hash = ?", store_peek(row, 0));

	note(m, "renumbered", arena_printf(m->arena, "r%" PRId64 " of the other "
	     "store (%.12s) is %s here: both stores went on from one revision",
	     (int64_t)sqlite3_column_int64(row, 2), store_peek(row, 3), now));
	return !err_any(m->err);
}

static bool take_scenarios(struct merging *m)
{
	return carry(m, "SELECT uuid, slug, title, created, updated FROM "
	             "scenario ORDER BY created, uuid",
	             "INSERT INTO scenario(uuid, slug, title, created, updated) "
	             "SELECT ?1, CASE "
	             "WHEN NOT EXISTS(SELECT 1 FROM scenario WHERE slug = ?2) "
	             "THEN ?2 WHEN NOT EXISTS(SELECT 1 FROM scenario WHERE "
	             "slug = ?2 || '-' || substr(?1, 1, 6)) "
	             "THEN ?2 || '-' || substr(?1, 1, 6) "
	             "ELSE ?2 || '-' || ?1 END, ?3, ?4, ?5 "
	             "WHERE NOT EXISTS(SELECT 1 FROM scenario WHERE uuid = ?1)",
	             &m->out->taken.scenarios, heard_scenario);
}

/* First those whose number is free behind a parent that is here; then the
 * others, parents first, with numbers of this store's own. */
static bool take_revisions(struct merging *m)
{
	static const char rows[] = "SELECT r.hash, c.uuid, "
		"coalesce(r.numbered, r.number), r.inputs, r.parent, "
		"r.author, r.message, r.created FROM revision r "
		"JOIN scenario c ON c.id = r.scenario ORDER BY 3, 8, 1";
	int64_t *taken = &m->out->taken.revisions;

	return carry(m, rows, "INSERT INTO revision(hash, scenario, number, "
	             "inputs, parent, author, message, created) SELECT ?1, "
	             "c.id, ?3, ?4, ?5, ?6, ?7, ?8 FROM scenario c "
	             "WHERE c.uuid = ?2 AND NOT EXISTS(SELECT 1 FROM revision "
	             "WHERE hash = ?1 OR (scenario = c.id AND number = ?3)) "
	             "AND (?5 IS NULL OR EXISTS(SELECT 1 FROM revision WHERE "
	             "hash = ?5))", taken, NULL) &&
	       carry(m, rows, "INSERT INTO revision(hash, scenario, number, "
	             "inputs, parent, author, message, created, numbered) "
	             "SELECT ?1, c.id, (SELECT max(number) + 1 FROM revision "
	             "WHERE scenario = c.id), ?4, ?5, ?6, ?7, ?8, ?3 "
	             "FROM scenario c WHERE c.uuid = ?2 AND NOT EXISTS("
	             "SELECT 1 FROM revision WHERE hash = ?1)", taken,
	             heard_revision);
}

/* The newest of both is the head, and the title goes with it. */
static bool move_heads(struct merging *m)
{
	int64_t moved = 0;

	return carry(m, "SELECT uuid, head, title, updated FROM scenario "
	             "WHERE head IS NOT NULL",
	             "UPDATE scenario SET head = ?2, title = ?3, "
	             "updated = max(updated, ?4) WHERE uuid = ?1 "
	             "AND head IS NOT ?2 AND ?2 = (SELECT hash FROM revision "
	             "WHERE scenario = scenario.id "
	             "ORDER BY coalesce(numbered, number) DESC, created DESC, "
	             "hash DESC LIMIT 1)", &moved, NULL);
}

static bool take_objects(struct merging *m)
{
	struct store_counts *n = &m->out->taken;

	return carry(m, "SELECT hash, kind, size, body FROM blob",
	             "INSERT INTO blob SELECT ?1, ?2, ?3, ?4 WHERE NOT EXISTS("
	             "SELECT 1 FROM blob WHERE hash = ?1)", &n->texts, NULL) &&
	       take_scenarios(m) && take_revisions(m) &&
	       carry(m, "SELECT hash, inputs, results, verdicts, created, files "
	             "FROM evaluation ORDER BY rowid",
	             "INSERT INTO evaluation SELECT ?1, ?2, ?3, ?4, ?5, ?6 "
	             "WHERE NOT EXISTS(SELECT 1 FROM evaluation WHERE "
	             "hash = ?1)", &n->evaluations, NULL) &&
	       carry(m, "SELECT d.uuid, c.uuid, d.created FROM decision d "
	             "JOIN scenario c ON c.id = d.scenario "
	             "ORDER BY d.created, d.uuid",
	             "INSERT INTO decision SELECT ?1, c.id, ?3 FROM scenario c "
	             "WHERE c.uuid = ?2 AND NOT EXISTS(SELECT 1 FROM decision "
	             "WHERE uuid = ?1)", &n->decisions, NULL) &&
	       move_heads(m);
}

/* --- chains of events ---------------------------------------------------- */

/*
 * A chain that both have begun alike and gone on with differently:
 *
 *	to     1 - 2 - 3 - 4            from   1 - 2 - 3' - 4' - 5'
 *	                                               at
 */
struct fork {
	const char *origin;
	int64_t at;
	char adopted[DIGEST_HEX];       /* what its other end is called here */
	char given[DIGEST_HEX];         /* what ours is called there, if it is */
};

static bool event_hash(struct store *s, const char *origin, int64_t seq,
                       char out[DIGEST_HEX], struct err *err)
{
	sqlite3_stmt *q = store_query(s, err, "SELECT hash FROM event WHERE "
	                              "origin = ? AND seq = ?", "ti", origin,
	                              seq);
	int row = q ? store_next(s, q, err) : -1;
	const char *hash = row == 1 ? store_peek(q, 0) : "";

	memset(out, 0, DIGEST_HEX);
	memcpy(out, hash, strnlen(hash, DIGEST_HEX - 1));
	sqlite3_finalize(q);
	return row >= 0;
}

/* An origin for what follows an event that another has the place of. */
static void adopted_name(const char *origin, const char *hash,
                         char out[DIGEST_HEX])
{
	struct digest *d = digest_new();

	digest_text(d, "adopted");
	digest_text(d, origin);
	digest_text(d, hash);
	digest_end(d, out);
	out[ORIGIN_HEX] = '\0';
}

/* Links are hashes of all before them: the first difference can be halved in
 * upon. */
static bool find_fork(struct merging *m, const char *origin, int64_t last)
{
	char a[DIGEST_HEX], b[DIGEST_HEX];
	int64_t same = 0;
	struct fork *f;

	while (same < last) {
		int64_t at = same + (last - same + 1) / 2;

		if (!event_hash(m->to, origin, at, a, m->err) ||
		    !event_hash(m->from, origin, at, b, m->err))
			return false;
		if (!strcmp(a, b))
			same = at;
		else
			last = at - 1;
	}
	if (!event_hash(m->to, origin, same + 1, a, m->err) ||
	    !event_hash(m->from, origin, same + 1, b, m->err))
		return false;
	if (!*a || !*b)
		return true;            /* one is the start of the other */
	f = ARR_PUSH(m->fork, m->nforks, m->forks);
	f->origin = arena_strdup(m->arena, origin);
	f->at = same + 1;
	adopted_name(origin, b, f->adopted);
	adopted_name(origin, a, f->given);
	return true;
}

static bool find_forks(struct merging *m)
{
	sqlite3_stmt *q = store_query(m->from, m->err, "SELECT origin, max(seq) "
	                              "FROM event GROUP BY origin", "");
	bool ok = q != NULL;
	int row = 0;

	while (ok && (row = store_next(m->from, q, m->err)) == 1) {
		const char *origin = store_peek(q, 0);
		int64_t here;

		ok = store_int(m->to, m->err, 0, &here, "SELECT max(seq) FROM "
		               "event WHERE origin = ?", "t", origin);
		if (ok && here)
			ok = find_fork(m, origin,
			               here < sqlite3_column_int64(q, 1) ? here
			               : sqlite3_column_int64(q, 1));
	}
	sqlite3_finalize(q);
	return ok && row == 0;
}

static bool refuse_forks(struct merging *m)
{
	struct pos pos = { .file = m->from->path };

	for (int i = 0; i < m->nforks; i++)
		err_at(m->err, ERR_INPUT, pos, "the chain of events %.8s has "
		       "another entry at %" PRId64 " than in %s: a store was "
		       "copied and both were used; --adopt-as-new-origin takes "
		       "the entries as a chain of their own",
		       m->fork[i].origin, m->fork[i].at, m->to->path);
	return m->nforks == 0;
}

static const char *const event_insert = "INSERT INTO event SELECT ?1, ?2, ?3, "
	"?4, ?5, ?6, ?7, ?8, ?9 WHERE NOT EXISTS(SELECT 1 FROM event "
	"WHERE origin = ?1 AND seq = ?2)";

/* The chain that an adopted event becomes a part of. */
struct link {
	char origin[DIGEST_HEX], prev[DIGEST_HEX];
	int64_t seq;
};

static void make_hash(const struct link *l, sqlite3_stmt *q,
                      char hash[DIGEST_HEX])
{
	store_event_hash(l->origin, l->seq, l->prev, store_peek(q, 4),
	                 store_peek(q, 5), store_peek(q, 6),
	                 sqlite3_column_int64(q, 7), store_peek(q, 8), hash);
}

/* One event behind the fork.  It may have been adopted before; where the chain
 * that was adopted went on differently, too, it forks again. */
static bool adopt_event(struct merging *m, sqlite3_stmt *q, struct link *l)
{
	char hash[DIGEST_HEX], there[DIGEST_HEX];
	bool ok;

	l->seq++;
	make_hash(l, q, hash);
	if (!event_hash(m->to, l->origin, l->seq, there, m->err))
		return false;
	if (*there && strcmp(there, hash)) {
		adopted_name(l->origin, hash, l->origin);
		*l->prev = '\0';
		l->seq = 1;
		make_hash(l, q, hash);
		if (!event_hash(m->to, l->origin, l->seq, there, m->err))
			return false;
	}
	ok = *there || store_run(m->to, m->err, event_insert, "tittttt" "it",
	                         l->origin, l->seq, l->prev, hash,
	                         store_peek(q, 4), store_peek(q, 5),
	                         store_peek(q, 6), sqlite3_column_int64(q, 7),
	                         store_peek(q, 8));
	m->out->taken.events += !*there;
	memcpy(l->prev, hash, DIGEST_HEX);
	return ok;
}

static const char *const event_rows = "SELECT origin, seq, prev, hash, kind, "
	"ref, actor, at, payload FROM event WHERE origin = ? AND seq >= ? "
	"ORDER BY seq";

static bool adopt(struct merging *m, const struct fork *f)
{
	sqlite3_stmt *q = store_query(m->from, m->err, event_rows, "ti",
	                              f->origin, f->at);
	int64_t before = m->out->taken.events;
	struct link l = { .seq = 0 };
	bool ok = q != NULL;
	int row = 0;

	memcpy(l.origin, f->adopted, DIGEST_HEX);
	while (ok && (row = store_next(m->from, q, m->err)) == 1)
		ok = adopt_event(m, q, &l);
	sqlite3_finalize(q);
	if (m->out->taken.events > before)
		note(m, "adopted", arena_printf(m->arena, "what %s has from entry "
		     "%" PRId64 " of the chain %.8s on is the chain %.8s here: "
		     "go on with one of the two stores", m->from->path, f->at,
		     f->origin, l.origin));
	return ok && row == 0;
}

/* Two files must not go on writing one chain. */
static bool leave_forked_chain(struct merging *m, const struct fork *f)
{
	char name[33];

	return store_random_name(name, m->err) &&
	       store_run(m->to, m->err, "UPDATE meta SET value = ? WHERE "
	                 "key = 'origin' AND value = ?", "tt", name,
	                 f->origin);
}

static bool take_chain(struct merging *m, const char *origin)
{
	sqlite3_stmt *from, *to;
	bool ok;
	int row = 0;

	for (int i = 0; i < m->nforks; i++) {
		if (!strcmp(m->fork[i].given, origin))
			return true;    /* our own end, as it is called there */
		if (!strcmp(m->fork[i].origin, origin))
			return adopt(m, &m->fork[i]) &&
			       leave_forked_chain(m, &m->fork[i]);
	}
	from = store_query(m->from, m->err, event_rows, "ti", origin,
	                   (int64_t)1);
	to = store_query(m->to, m->err, event_insert, "");
	ok = from && to;
	while (ok && (row = store_next(m->from, from, m->err)) == 1) {
		ok = (bind_row(from, to) ||
		      store_fail(m->to, m->err, "write the store")) &&
			store_next(m->to, to, m->err) >= 0;
		m->out->taken.events += sqlite3_changes(m->to->db);
		sqlite3_reset(to);
	}
	sqlite3_finalize(from);
	sqlite3_finalize(to);
	return ok && row == 0;
}

static bool take_events(struct merging *m)
{
	sqlite3_stmt *q = store_query(m->from, m->err, "SELECT DISTINCT origin "
	                              "FROM event ORDER BY origin", "");
	bool ok = q != NULL;
	int row = 0;

	while (ok && (row = store_next(m->from, q, m->err)) == 1)
		ok = take_chain(m, arena_strdup(m->arena, store_peek(q, 0)));
	sqlite3_finalize(q);
	return ok && row == 0;
}

/* --- what people have to settle ------------------------------------------ */

static void compare_accepted(struct merging *m, const struct decision_info *d,
                             int n)
{
	for (int i = 0; i < n; i++)
		for (int k = i + 1; k < n; k++)
			if (!strcmp(d[i].scenario, d[k].scenario) &&
			    !strcmp(d[i].model, d[k].model))
				note(m, "contested", arena_printf(m->arena,
				     "D%d and D%d are both accepted for %s: %s; "
				     "`steelyard supersede` one by the other",
				     d[k].number, d[i].number, d[i].scenario,
				     d[i].model));
}

static bool find_contested(struct merging *m)
{
	struct decision_filter f = { .status = -1 };
	struct decision_info *d;
	int n = decision_list(m->to, &f, &d, m->arena, m->err), accepted = 0;

	for (int i = 0; i < n; i++)
		if (d[i].contested)
			note(m, "contested", arena_printf(m->arena, "D%d (%s: %s) "
			     "was settled in two ways; the last says %s. Accept, "
			     "reject, supersede or deprecate it once more to "
			     "settle it", d[i].number, d[i].scenario,
			     d[i].model, decision_status_names[d[i].status]));
	for (int i = 0; i < n; i++)
		if (d[i].status == DECISION_ACCEPTED)
			d[accepted++] = d[i];
	compare_accepted(m, d, accepted);
	return n >= 0;
}

/* --- merging ------------------------------------------------------------ */

struct store *store_open_other(const char *path, struct err *err)
{
	struct store *s = store_open_copy(path, err);

	if (s && store_check(s, err))
		return s;
	store_close(s);
	return NULL;
}

bool store_merge(struct store *to, struct store *from, bool adopt_forks,
                 struct store_merged *out, struct arena *a, struct err *err)
{
	struct merging m = { .to = to, .from = from, .out = out, .arena = a,
	                     .err = err };
	struct store_note *kept;
	bool ok;

	*out = (struct store_merged){ .n = 0 };
	if (!store_begin(to, err))
		return false;
	ok = find_forks(&m) && (adopt_forks || refuse_forks(&m)) &&
	     take_objects(&m) && take_events(&m) && find_contested(&m);
	ok = store_end(to, ok, err);
	kept = arena_alloc(a, ((size_t)out->n + 1) * sizeof *kept);
	if (out->n)
		memcpy(kept, out->note, (size_t)out->n * sizeof *kept);
	free(out->note);
	free(m.fork);
	out->note = kept;
	return ok;
}
