"""Fills a store that holds one scenario with n copies under other names.

usage: fill_store.py STORE N
"""
import sqlite3
import sys

db = sqlite3.connect(sys.argv[1])
n = int(sys.argv[2])


def copies(table, own):
    names = [c[1] for c in db.execute(f"PRAGMA table_info({table})")]
    row = dict(zip(names, db.execute(f"SELECT * FROM {table}").fetchone()))
    for i in range(1, n):
        yield [own(k, v, i) for k, v in row.items()]


def scenario(key, value, i):
    if key == "id":
        return value + i
    if key in ("uuid", "slug"):
        return f"{value}-{i}"
    if key == "head":
        return f"{i:064x}"
    return value - i if key in ("created", "updated") else value


def revision(key, value, i):
    if key == "hash":
        return f"{i:064x}"
    return value + i if key == "scenario" else value


for table, own in (("revision", revision), ("scenario", scenario)):
    rows = list(copies(table, own))
    db.executemany(f"INSERT INTO {table} VALUES("
                   + ",".join("?" * len(rows[0])) + ")", rows)
db.commit()
