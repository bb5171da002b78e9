"""The platform's own tables as each release made them, kept as SQL: `python -m tests.engines.kept_tables` writes the
newest ones anew, after a revision was added."""

from pathlib import Path

from sqlalchemy.dialects import postgresql, sqlite

from engines.apps import workspace
from engines.core.database import upgrade
from engines.core.database.revision import newest

FOLDER = Path(__file__).parents[1] / "data" / "tables"
DIALECTS = {"sqlite": sqlite.dialect(), "postgresql": postgresql.dialect()}


def declared(backend: str) -> list[str]:
    """The DDL of the tables as the program has them now, without those that only tests have."""
    workspace.declare()
    return [one for one in upgrade.statements(DIALECTS[backend]) if " dg_test_" not in one]


def kept(number: int, backend: str) -> list[str]:
    """The DDL of the tables as the release with this number made them."""
    text = (FOLDER / f"{number:04}.{backend}.sql").read_text(encoding="utf-8")
    return [statement.strip() for statement in text.split(";\n") if statement.strip()]


def write() -> None:
    for backend in DIALECTS:
        lines = "".join(f"{statement};\n" for statement in declared(backend))
        tidy = "\n".join(line.rstrip() for line in lines.splitlines()) + "\n"
        (FOLDER / f"{newest():04}.{backend}.sql").write_text(tidy, encoding="utf-8")


if __name__ == "__main__":
    write()
