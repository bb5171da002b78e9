"""The linear look at a formula before any parser sees it: length, depth, number of tokens, values and signs in turn."""

import re
from dataclasses import dataclass

from .problems import MOST_PROBLEMS, FormulaError, Problem, problem

MOST_CHARACTERS, MOST_DEPTH, MOST_TOKENS = 4000, 32, 800

IDENTIFIER = r"[^\W\d]\w*"
PIECE = rf"(?:{IDENTIFIER}|\{{[^{{}}]*\}})"
NUMBER = r"(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?"
TEXT = r'"(?:[^"]|"")*"|“[^”]*”'
NAME = rf"{PIECE}(?:\s*\.\s*{PIECE})*"
SIGN = r"<=|>=|<>|!=|[-+*/^&=<>%(),≤≥≠×÷]"
TOKENS = {"number": NUMBER, "text": TEXT, "name": NAME, "sign": SIGN}
NAMED_TOKENS = "|".join(f"(?P<{kind}>{pattern})" for kind, pattern in TOKENS.items())
SCAN = re.compile(rf"\s+|{NAMED_TOKENS}|(?P<bad>.)", re.DOTALL)
PRECEDENCE = {
    "OR": 1, "AND": 2, "=": 4, "<>": 4, "<": 4, "<=": 4, ">": 4, ">=": 4,
    "&": 5, "+": 6, "-": 6, "*": 7, "/": 7, "^": 9,
}  # fmt: skip
NOT_BINDS = 3
SIGN_BINDS = 10


WIDE = str.maketrans(
    "（），；＋－＊／＜＞＝％＆＾．｛｝！０１２３４５６７８９\u3000\u00a0",
    "(),,+-*/<>=%&^.{}!0123456789  ",
)
NORMAL = re.compile(rf"{TEXT}|\{{[^{{}}]*\}}|｛[^{{}}｛｝]*｝|[^\x00-\x7f“]")
SAME = {"≤": "<=", "≥": ">=", "≠": "<>", "!=": "<>", "×": "*", "÷": "/"}
WORDS = {
    "且": "AND", "并且": "AND", "或": "OR", "或者": "OR", "非": "NOT", "其中": "WHERE",
    "真": "TRUE", "假": "FALSE", "空": "BLANK", "空值": "BLANK",
}  # fmt: skip
KEYWORDS = frozenset({"AND", "OR", "NOT", "WHERE", "TRUE", "FALSE", "BLANK", *WORDS})


@dataclass(frozen=True)
class Token:
    kind: str
    text: str
    at: int

    @property
    def end(self) -> int:
        return self.at + len(self.text)

    @property
    def span(self) -> tuple[int, int]:
        return self.at, self.end


def word_of(token: Token) -> str:
    """A sign or word in its canonical spelling; empty for a value."""
    if token.kind == "sign":
        return SAME.get(token.text, token.text)
    return WORDS.get(token.text, token.text.upper()) if token.kind == "name" else ""


def normalise(text: str) -> str:
    """Full-width signs as typed in Chinese become plain ones outside texts and labels; every place stays the same."""
    if len(text) > MOST_CHARACTERS:
        raise FormulaError([problem("too_long", (MOST_CHARACTERS, len(text)), count=len(text), most=MOST_CHARACTERS)])
    if text.isascii():
        return text
    return NORMAL.sub(narrow, text)


def narrow(match: re.Match[str]) -> str:
    found = match[0]
    if found[0] == "｛" and len(found) > 1:
        return "{" + found[1:-1] + "}"
    return found if len(found) > 1 else found.translate(WIDE)


def scan(text: str) -> None:
    """FormulaError with what a single pass can see: nothing here recurses, so hostile text costs its length at most."""
    Scan(text).run()


class Scan:
    """`want` is true where a value must come next."""

    def __init__(self, text: str) -> None:
        self.text, self.want, self.previous = text, True, ""
        self.open: list[int] = []
        self.problems: list[Problem] = []

    def note(self, found: Problem) -> None:
        self.problems.append(found)
        if len(self.problems) >= MOST_PROBLEMS:
            raise FormulaError(self.problems)

    def run(self) -> None:
        count = 0
        for match in SCAN.finditer(self.text):
            if match.lastgroup is None:
                continue
            count += 1
            token = Token(match.lastgroup, match[0], match.start())
            if count > MOST_TOKENS:
                raise FormulaError([problem("too_many", (token.at, len(self.text)), most=MOST_TOKENS)])
            self.step(token)
        self.finish(count)

    def finish(self, count: int) -> None:
        end = len(self.text)
        if not count:
            self.note(problem("empty", (0, end)))
        elif self.want and not self.problems:
            self.note(problem("no_value", (end, end)))
        self.problems += [problem("open_paren", (at, at + 1)) for at in self.open]
        if self.problems:
            raise FormulaError(self.problems)

    def step(self, token: Token) -> None:
        if token.kind == "bad":
            self.stop(token)
        word = word_of(token)
        if token.kind == "sign":
            self.sign(token, word)
        elif word in PRECEDENCE or word == "WHERE":
            self.operator(token, word)
        elif word == "NOT" and self.want:
            pass
        else:
            self.value(token)
        self.previous = token.kind

    def stop(self, token: Token) -> None:
        """From here on nothing can be read with certainty."""
        code = {'"': "open_quote", "“": "open_quote", "{": "open_brace"}.get(token.text, "unreadable")
        raise FormulaError([*self.problems, problem(code, token.span, near=token.text)])

    def value(self, token: Token) -> None:
        if not self.want:
            self.note(problem("no_operator", token.span, near=token.text))
        if token.kind == "number" and float(token.text) == float("inf"):
            self.note(problem("too_large", token.span))
        self.want = False

    def operator(self, token: Token, word: str) -> None:
        calls = word in ("AND", "OR") and self.text[token.end :].lstrip()[:1] == "("
        if self.want and not calls:
            self.note(problem("no_value", token.span))
        self.want = not (self.want and calls)

    def sign(self, token: Token, word: str) -> None:
        if word == "(":
            self.enter(token)
        elif word == ")":
            self.leave(token)
        elif word == "%":
            if self.want:
                self.note(problem("no_value", token.span))
        elif word in ("+", "-") and self.want:
            pass
        else:
            if self.want:
                self.note(problem("no_value", token.span))
            self.want = True

    def enter(self, token: Token) -> None:
        if not self.want and self.previous != "name":
            self.note(problem("no_operator", token.span, near="("))
        self.open.append(token.at)
        self.want = True
        if len(self.open) > MOST_DEPTH:
            raise FormulaError([*self.problems, problem("too_deep", token.span, most=MOST_DEPTH)])

    def leave(self, token: Token) -> None:
        if not self.open:
            self.note(problem("stray_paren", token.span))
            return
        opened = self.open.pop()
        empty_call = self.text[opened + 1 : token.at].strip() == "" and NAMED.search(self.text[:opened][-80:])
        if self.want and not empty_call:
            self.note(problem("no_value", token.span))
        self.want = False


NAMED = re.compile(rf"{PIECE}\s*$")
