"""Strategies that write formulas of a known type, so that nearly all of them pass the checker."""

from hypothesis import strategies as st

from engines.core.formula.nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text

J = st.just


def call(name: str, *args: st.SearchStrategy[Node]) -> st.SearchStrategy[Node]:
    return st.tuples(*args).map(lambda found: Call(name, tuple(found)))


def chain(
    ops: list[str], part: st.SearchStrategy[Node], other: st.SearchStrategy[Node] | None = None
) -> st.SearchStrategy[Node]:
    rest = st.tuples(st.sampled_from(ops), part if other is None else other)
    return st.tuples(part, rest).map(lambda found: Chain(found[0], (found[1],)))


def names(*ids: str) -> st.SearchStrategy[Node]:
    return st.sampled_from([Name(tuple(key.split("."))) for key in ids])


def numbers(*values: float) -> st.SearchStrategy[Node]:
    return st.sampled_from([Number(float(value)) for value in values])


def texts(*values: str) -> st.SearchStrategy[Node]:
    return st.sampled_from([Text(value) for value in values])


number, text, yes, day, moment = (st.deferred(lambda i=i: KINDS[i]) for i in range(5))
few = numbers(0, 1, 2, 3)
number0 = st.one_of(names("a", "b", "m", "city.size"), numbers(0, 1, 2, 3, 0.1, 0.2, 0.5, 2.5, 100, 1.005, 10000))
text0 = st.one_of(names("s", "u", "c", "city.name"), texts("", "a", "VIP", "李明", "É", "😀"))
day0 = st.one_of(names("d", "e"), J(Call("TODAY", ())))
moment0 = st.one_of(names("w", "x"), J(Call("NOW", ())))
orders = st.sampled_from([Name(("orders", "amount")), Name(("orders", "a"))])
KINDS = (
    st.one_of(
        number0,
        number0,
        chain(["+", "-", "*", "/"], number),
        chain(["^"], number, few),
        call("IF", yes, number, number),
        call("IF", yes, number),
        call("IFERROR", number, number),
        call("COALESCE", number, number),
        *(call(name, number) for name in ("ABS", "INT", "SIGN", "EVEN", "ODD", "SQRT", "LN", "TRUNC")),
        *(call(name, number, few) for name in ("ROUND", "ROUNDUP", "ROUNDDOWN")),
        *(
            call(name, number, number)
            for name in ("MOD", "QUOTIENT", "CEILING", "FLOOR", "MIN", "MAX", "SUM", "AVERAGE", "COUNT", "GCD")
        ),
        call("LEN", text),
        call("FIND", text, text),
        call("SEARCH", text, text, few),
        call("DAYS", day, day),
        call("DAYS_SINCE", day),
        call("DAYS_SINCE", moment),
        *(call(name, day) for name in ("YEAR", "MONTH", "DAY", "QUARTER", "ISOWEEKNUM", "WEEKNUM")),
        call("WEEKDAY", day, few),
        call("DATEDIF", day, day, texts("y", "m", "d", "ym", "md")),
        call("YEARFRAC", day, day),
        call("HOUR", moment),
        call("MINUTE", moment),
        call("SECOND", moment),
        call("HOURS_SINCE", moment),
        chain(["-"], day),
        chain(["-"], moment),
        st.tuples(number).map(lambda found: Sign("-", found[0])),
        st.tuples(number).map(lambda found: Percent(found[0])),
        *(call(name, orders) for name in ("SUM", "COUNT", "AVERAGE", "MIN", "MAX", "LATEST", "EARLIEST")),
        J(Call("COUNT", (Name(("tags",)),))),
    ),
    st.one_of(
        text0,
        text0,
        chain(["&"], text),
        chain(["&"], number0, text0),
        call("IF", yes, text, text),
        call("IFERROR", text, text),
        call("COALESCE", text, text),
        call("UPPER", text),
        call("LOWER", text),
        call("TRIM", text),
        call("LEFT", text, few),
        call("RIGHT", text, few),
        call("MID", text, few, few),
        call("SUBSTITUTE", text, text, text),
        call("REPLACE", text, few, few, text),
        call("REPT", text, few),
        chain(["&"], day, moment),
    ),
    st.one_of(
        names("p"),
        J(Constant(True)),
        J(Constant(False)),
        chain(["=", "<>", "<", "<=", ">", ">="], number),
        chain(["=", "<>", "<", ">="], text),
        chain(["=", "<>", "<", ">="], day),
        chain(["=", "<>", "<", "<=", ">", ">="], moment, day),
        chain(["=", "<>", "<", ">="], moment),
        chain(["=", "<>"], names("p"), yes),
        chain(["=", "<>", "<", ">="], names("c"), texts("vip", "活跃", "Silent")),
        chain(["AND", "OR"], yes),
        call("AND", yes, yes, yes),
        call("OR", yes, yes, yes),
        call("NOT", yes),
        call("XOR", yes, yes),
        *(call("ISBLANK", kind) for kind in (number, text, day, moment, names("p", "c", "tags"))),
        call("ISERROR", number),
        call("ISNUMBER", number),
        call("CONTAINS", text, text),
        call("STARTSWITH", text, text),
        call("ENDSWITH", text, text),
        call("IF", yes, yes, yes),
        call("IF", yes, yes),
        call("COALESCE", names("p"), yes),
        call("HAS", names("tags"), texts("vip", "沉默")),
        call("HAS_ALL", names("tags"), texts("vip"), texts("silent")),
    ),
    st.one_of(
        day0,
        day0,
        chain(["+", "-"], day, numbers(1, 30, 0.5, 7)),
        chain(["+"], day, names("b")),
        call("IF", yes, day, day),
        call("COALESCE", day, day),
        call("EDATE", day, number0),
        call("EOMONTH", day, few),
        call("STARTOF", day, texts("week", "month", "quarter", "year")),
        call("MIN", day, day),
        call("DATE", numbers(2023, 2024), number0, number0),
        call("DATE", moment),
        call("DATEADD", day, few, texts("week", "quarter")),
    ),
    st.one_of(
        moment0,
        moment0,
        chain(["+", "-"], moment, numbers(1, 0.5, 0.1)),
        call("IF", yes, moment, moment),
        call("COALESCE", moment, moment),
        call("DATEADD", moment, number0, texts("hour", "minute", "day")),
        call("MAX", moment, moment),
    ),
)
formulas = st.one_of(number, text, yes, day, moment)
forms = texts("0.00", "#,##0", "0.0%", "000.0", "yyyy-mm-dd", "yy/m/d h:mm", "共 0 元", "@", "")
said = texts("12.5", "1,234", " -3 ", "50%", "1e3", "５０", "e5", "2024-02-29", "2024/2/3", "2024年2月3日", "0-1-1", "")
applied = st.one_of(
    call("TEXT", number, forms),
    call("TEXT", day, forms),
    call("TEXT", moment, forms),
    call("VALUE", st.one_of(said, text)),
    call("DATEVALUE", st.one_of(said, text)),
    call("RMB_UPPER", number),
    call("NETWORKDAYS", day, day),
    call("WORKDAY", day, number),
    call("TEXTJOIN", text, yes, text, text),
    call("JOIN", names("tags"), texts("-")),
    call("FIRST", names("tags")),
    call("COUNT", call("UNIQUE", names("tags"))),
    call("COUNT", call("SPLIT", text, texts("", "a", " "))),
    call("MEDIAN", number, number, number),
    call("PRODUCT", number, number),
    call("LARGE", number, number, few),
    call("CLEAN", text),
    call("DAYS360", day, day),
    call("LCM", few, few),
    call("FACT", few),
)
"""Formulas that a database leaves to the application."""
