"""Finding people by any part of a name or number: an index of trigrams on each database.

SQLite: an FTS5 table of trigrams over people.search_text, kept in step by triggers. It stores no text of
its own (external content) and no positions (detail=none), so it is small; the query checks the text itself.
A later migration that makes `people` anew (batch_alter_table with recreate) drops these triggers: run
`make_sqlite_index` again there.

PostgreSQL: a GIN index over an immutable function of our own, since stock PostgreSQL has no pg_trgm and a
hosted one may not offer it.
"""

from __future__ import annotations

from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

SQLITE = (
    "CREATE VIRTUAL TABLE people_search USING fts5("
    "search_text, content='people', content_rowid='id', tokenize='trigram', detail=none)",
    "CREATE TRIGGER people_search_insert AFTER INSERT ON people BEGIN "
    "INSERT INTO people_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "CREATE TRIGGER people_search_delete AFTER DELETE ON people BEGIN "
    "INSERT INTO people_search(people_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); END",
    "CREATE TRIGGER people_search_update AFTER UPDATE OF search_text ON people "
    "WHEN old.search_text IS NOT new.search_text BEGIN "
    "INSERT INTO people_search(people_search, rowid, search_text) VALUES ('delete', old.id, old.search_text); "
    "INSERT INTO people_search(rowid, search_text) VALUES (new.id, new.search_text); END",
    "INSERT INTO people_search(people_search) VALUES ('rebuild')",
)
POSTGRESQL = (
    # Each word's runs of three letters or digits; parts of search never cross a space.
    "CREATE FUNCTION trigrams(text) RETURNS text[] LANGUAGE sql IMMUTABLE STRICT PARALLEL SAFE AS $$ "
    "SELECT coalesce(array_agg(DISTINCT substr($1, n, 3)), '{}') "
    "FROM generate_series(1, length($1) - 2) AS n WHERE position(' ' IN substr($1, n, 3)) = 0 $$",
    "CREATE INDEX ix_people_search ON people USING gin (trigrams(search_text))",
)


def upgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        make_sqlite_index()
        return
    for statement in POSTGRESQL:
        op.execute(statement)


def make_sqlite_index() -> None:
    for statement in SQLITE:
        op.execute(statement)


def downgrade() -> None:
    if op.get_bind().dialect.name == "sqlite":
        for trigger in ("insert", "delete", "update"):
            op.execute(f"DROP TRIGGER people_search_{trigger}")
        op.execute("DROP TABLE people_search")
        return
    op.execute("DROP INDEX ix_people_search")
    op.execute("DROP FUNCTION trigrams(text)")
