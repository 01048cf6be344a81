"""The words of posts and titles are kept as they are searched (core/texts/search.py), those of earlier rows too."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

from core.texts.search import words_of

revision = "0031"
down_revision = "0030"

_ROWS_AT_ONCE = 500


def upgrade() -> None:
    for name, key, texts in (
        ("posts", ("id",), ("title", "body")),
        ("tracked_posts", ("id",), ("title",)),
        ("draft_revisions", ("draft_id", "number"), ("title",)),
    ):
        op.add_column(name, sa.Column("words", sa.Text(), nullable=True))
        _fill(name, key, texts)


def _fill(name: str, key: tuple[str, ...], texts: tuple[str, ...]) -> None:
    table = sa.table(name, *(sa.column(column) for column in (*key, *texts, "words")))
    connection = op.get_bind()
    columns = [table.c[column] for column in key]
    change = sa.update(table).where(*(column == sa.bindparam(f"its_{column.name}") for column in columns))
    after: tuple[object, ...] | None = None
    while True:
        page = sa.select(*columns, *(table.c[text] for text in texts)).order_by(*columns).limit(_ROWS_AT_ONCE)
        if after is not None:
            page = page.where(sa.tuple_(*columns) > sa.tuple_(*(sa.literal(value) for value in after)))
        rows = connection.execute(page).all()
        if not rows:
            return
        connection.execute(
            change.values(words=sa.bindparam("its_words")),
            [
                {
                    **{f"its_{column}": value for column, value in zip(key, row, strict=False)},
                    "its_words": words_of(*row[len(key) :]),
                }
                for row in rows
            ],
        )
        after = tuple(rows[-1][: len(key)])
