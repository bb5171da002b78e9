"""What no import tells: who reads the clock, who executes SQL, who sees without rights."""

import ast

import pytest

from .sources import PRODUCT, calls, files, functions, name, references, tree

CLOCK = "engines/core/kernel/clock.py"
READS_THE_CLOCK = {
    "time.time",
    "time.time_ns",
    "time.localtime",
    "time.gmtime",
    "time.ctime",
    "datetime.datetime.now",
    "datetime.datetime.utcnow",
    "datetime.datetime.today",
    "datetime.date.today",
    "sqlalchemy.func.now",
    "sqlalchemy.func.current_timestamp",
    "sqlalchemy.func.current_date",
}
MAY_RUN_SQL = (
    "engines/core/database/",
    "engines/core/records/",
    "engines/core/jobs/",
    "engines/core/messages/",
    "engines/core/access/",
    "engines/apps/catalog.py",
    *(f"engines/{engine}/store.py" for engine in ("flow", "rule", "report", "apps")),
)
SESSIONS = {"session", "s", "work", "read", "uow", "driver", "connection", "cursor", "core"}
RUNS = {"execute", "executemany", "exec_driver_sql", "executescript"}
SYSTEM_SCOPES = {
    "engines/core/access/scopes.py": "makes the scopes, the platform's own among them",
    "engines/core/kernel/work.py": "declares as_system",
    "engines/core/records/facts.py": "formulas read over relations, whoever saves",
    "engines/core/records/query.py": "a statement for the platform itself hides nothing",
    "engines/core/records/store.py": "computed values follow what they depend on, whoever saves",
    "engines/flow/later.py": "flows wait for days in every record, whoever may see it",
    "engines/apps/retype.py": "what a new type does to all records is counted; examples only for those who see them",
    "engines/apps/plan.py": "a plan counts all records, whoever may see them; it tells numbers only",
    "engines/apps/exchange.py": "an export says how many records it leaves out",
    "engines/form/links.py": "a public link names the record of its channel, which a visitor cannot see",
    "engines/rule/scheduled.py": "a rule looks at every record, whoever may see it",
    "engines/form/read.py": "a published lookup is shown to who may see the field",
    "engines/form/service.py": "what acts by itself reads the whole record",
}
"""Files that read as the platform itself (`Scope.system`), with the reason why no person's rights apply."""


def test_only_the_clock_reads_the_clock():
    code = [path for path in files(*PRODUCT, suffix=".py") if name(path) != CLOCK]
    found = [f"{name(p)}:{line} {what}" for p in code for what, line in references(tree(p)) if what in READS_THE_CLOCK]
    assert found == []


def test_sql_is_executed_only_in_the_stores():
    code = [path for path in files(*PRODUCT, suffix=".py") if not name(path).startswith(MAY_RUN_SQL)]
    found = [f"{name(p)}:{node.lineno} {ast.unparse(node.func)}" for p in code for node in _executions(tree(p))]
    assert found == []


def test_no_sql_is_pasted_together():
    found = [f"{name(p)}:{node.lineno}" for p in files(*PRODUCT, suffix=".py") for node in _pasted(p)]
    assert found == []


def test_each_reader_without_rights_is_listed_with_a_reason():
    callers = {name(path) for path in files(*PRODUCT, suffix=".py") if _sees_all(tree(path))}
    assert callers == set(SYSTEM_SCOPES)


@pytest.mark.parametrize(
    "planted",
    [
        "import time\nx = time.time()",
        "from datetime import datetime as d\nx = d.now(tz)",
        "import datetime\nf = datetime.date.today",
        "from time import time_ns\nx = time_ns()",
    ],
)
def test_a_planted_look_at_the_clock_would_be_seen(planted):
    assert READS_THE_CLOCK & {what for what, _line in references(ast.parse(planted))}


@pytest.mark.parametrize(
    "planted",
    [
        "from engines.core.kernel.scope import Scope\nScope.system('why')",
        "from .scope import SystemRights as All\nAll('why')",
        "look.as_system('why')",
    ],
)
def test_a_planted_reader_without_rights_would_be_seen(planted):
    assert _sees_all(ast.parse(planted))


@pytest.mark.parametrize(
    "planted",
    ["uow.session.run(x)", "session.driver.execute(x)", "def f(db: Session): db.run(x)", "a.b().execute(x)"],
)
def test_a_planted_statement_would_be_seen(planted):
    assert list(_executions(ast.parse(planted)))


def test_other_things_that_run_are_let_be():
    assert list(_executions(ast.parse("platform.run(actor, fn); subprocess.run(x); report.run(y)"))) == []


@pytest.mark.parametrize(
    "planted",
    [
        'import sqlalchemy as sa\nsa.text(f"select {x}")',
        'from sqlalchemy import text\ntext("select %s" % x)',
        'from sqlalchemy import text\ntext("select " + x)',
        'session.run("select {}".format(x))',
    ],
)
def test_planted_pasted_sql_would_be_seen(planted):
    assert list(_pasted_in(ast.parse(planted), ddl=False))


def _sees_all(module):
    """It makes a scope of the platform itself, in one of the three ways there are."""
    named = any(what.endswith(("scope.Scope.system", "scope.SystemRights")) for what, _line in references(module))
    return named or any(method == "as_system" for _receiver, method, _call in calls(module))


def _executions(module):
    """Calls that hand a statement to a database."""
    sessions = SESSIONS | {
        argument.arg
        for node in functions(module)
        for argument in [*node.args.args, *node.args.kwonlyargs]
        if argument.annotation is not None and ast.unparse(argument.annotation).endswith(("Session", "Connection"))
    }
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
            receiver = ast.unparse(node.func.value).rpartition(".")[2]
            if node.func.attr in RUNS or (node.func.attr == "run" and receiver in sessions):
                yield node


def _pasted(path):
    """In database/ the names of tables and savepoints are quoted into DDL; nowhere else, and `text` never."""
    return _pasted_in(tree(path), ddl=name(path).startswith("engines/core/database/"))


def _pasted_in(module, *, ddl):
    texts = {"text", "sa.text", "sqlalchemy.text", "literal_column", "sa.literal_column"}
    for node in ast.walk(module):
        if isinstance(node, ast.Call) and node.args and _is_pasted(node.args[0]):
            called = ast.unparse(node.func)
            if called in texts or (not ddl and called.rpartition(".")[2] in RUNS | {"run"} and "." in called):
                yield node


def _is_pasted(node):
    if isinstance(node, ast.Call):
        return isinstance(node.func, ast.Attribute) and node.func.attr == "format"
    if isinstance(node, ast.BinOp):
        sides = [node.left, node.right]
        return any(isinstance(side, ast.JoinedStr | ast.Constant) and not _is_number(side) for side in sides)
    return isinstance(node, ast.JoinedStr)


def _is_number(node):
    return isinstance(node, ast.Constant) and not isinstance(node.value, str)
