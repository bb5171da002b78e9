"""The grammar of formulas: pyparsing reads the tokens, precedence climbing builds the tree.

expr    := operand (binary operand)*     binary: OR < AND < NOT < = <> < <= > >= < & < + - < * / < ^, all from the left
operand := ('+' | '-' | NOT)* primary '%'*
primary := number | "text" | TRUE | FALSE | BLANK | call | name | '(' expr ')'
call    := NAME '(' [arg (',' arg)*] ')'        arg  := expr [WHERE expr]
name    := piece ('.' piece)*                   piece := identifier | '{' any label '}'
"""

import re
from dataclasses import replace
from typing import NoReturn

from pyparsing import MatchFirst, OneOrMore, ParserElement, Regex

from . import scan
from .functions.base import canonical
from .nodes import Call, Chain, Constant, Name, Node, Number, Percent, Sign, Text, Where
from .problems import FormulaError, problem
from .scan import NOT_BINDS, PRECEDENCE, SIGN_BINDS, Token, word_of

MOST_HEIGHT = 96


def token(pattern: str, kind: str) -> ParserElement:
    """A piece of text as a Token that knows its place."""
    return Regex(pattern).set_parse_action(lambda text, at, found: Token(kind, found[0], at))


TOKENS = OneOrMore(MatchFirst([token(pattern, kind) for kind, pattern in scan.TOKENS.items()])).parse_with_tabs()


def parse(text: str) -> Node:
    """Formula text to its syntax tree; FormulaError with every problem that the pre-scan or the grammar sees."""
    plain = scan.normalise(text)
    scan.scan(plain)
    tokens = list(TOKENS.parse_string(plain, parse_all=True))
    return Climber([*tokens, Token("end", "", len(plain))]).whole()


class Climber:
    """One pass over the tokens; `at` is the token being looked at."""

    def __init__(self, tokens: list[Token]) -> None:
        self.tokens, self.at, self.height = tokens, 0, 0

    @property
    def token(self) -> Token:
        return self.tokens[self.at]

    @property
    def calls(self) -> bool:
        return self.token.kind == "name" and self.tokens[self.at + 1].text == "("

    def take(self) -> Token:
        self.at += 1
        return self.tokens[self.at - 1]

    def accept(self, sign: str) -> bool:
        found = self.token.text == sign and self.token.kind == "sign"
        self.at += found
        return found

    def whole(self) -> Node:
        tree = self.expression(0)
        return tree if self.token.kind == "end" else self.fail(self.token)

    def expression(self, floor: int) -> Node:
        """Everything that binds tighter than `floor`."""
        self.height += 1
        if self.height > MOST_HEIGHT:
            raise FormulaError([problem("too_deep", self.token.span, most=32)])
        left = self.operand()
        while PRECEDENCE.get(word_of(self.token), 0) > floor:
            left = self.chain(left, PRECEDENCE[word_of(self.token)])
        self.height -= 1
        return left

    def chain(self, first: Node, strength: int) -> Chain:
        rest = []
        while PRECEDENCE.get(word_of(self.token), 0) == strength:
            operator = word_of(self.take())
            rest.append((operator, self.expression(strength)))
        return Chain(first, tuple(rest), start=first.start, end=rest[-1][1].end)

    def operand(self) -> Node:
        before = self.token
        if word_of(before) in ("+", "-", "NOT") and not self.calls:
            self.at += 1
            inside = self.expression(NOT_BINDS if word_of(before) == "NOT" else SIGN_BINDS)
            place = {"start": before.at, "end": inside.end}
            return Call("NOT", (inside,), **place) if word_of(before) == "NOT" else Sign(before.text, inside, **place)
        node = self.primary()
        while self.token.text == "%":
            node = Percent(node, start=node.start, end=self.take().end)
        return node

    def primary(self) -> Node:
        if self.calls:
            return self.call()
        token = self.take()
        place = {"start": token.at, "end": token.end}
        if token.kind == "number":
            return Number(float(token.text), **place)
        if token.kind == "text":
            return Text(token.text[1:-1].replace('""', '"') if token.text[0] == '"' else token.text[1:-1], **place)
        if token.kind == "name":
            return self.name(token)
        if token.text != "(":
            self.fail(token)
        inside = self.expression(0)
        return replace(inside, start=token.at, end=self.close())

    def call(self) -> Call:
        token = self.take()
        self.take()
        args: list[Node] = []
        if self.token.text != ")":
            args.append(self.argument())
        while self.accept(","):
            args.append(self.argument())
        return Call(canonical(word_of(token)), tuple(args), start=token.at, end=self.close())

    def argument(self) -> Node:
        value = self.expression(0)
        if word_of(self.token) != "WHERE":
            return value
        self.at += 1
        condition = self.expression(0)
        return Where(value, condition, start=value.start, end=condition.end)

    def close(self) -> int:
        if not self.accept(")"):
            self.fail(self.token)
        return self.tokens[self.at - 1].end

    def name(self, token: Token) -> Node:
        place = {"start": token.at, "end": token.end}
        word = word_of(token)
        if word in ("TRUE", "FALSE", "BLANK"):
            return Constant({"TRUE": True, "FALSE": False, "BLANK": None}[word], **place)
        if word in ("WHERE", *PRECEDENCE):
            self.fail(token)
        pieces = re.findall(rf"{scan.IDENTIFIER}|\{{[^{{}}]*\}}", token.text)
        return Name(tuple(piece.strip("{}").strip() for piece in pieces), **place)

    def fail(self, token: Token) -> NoReturn:
        raise FormulaError([problem("misplaced", token.span, near=token.text or "…")])
