"""Tokens → bodies and expressions, by HCL's native syntax specification."""

from __future__ import annotations

from collections.abc import Callable
from decimal import Decimal
from typing import ClassVar

from kubestack_lint.source import Source, Span
from kubestack_lint.syntax import nodes
from kubestack_lint.syntax.scanner import Scanner, Token

# Lowest precedence first, as in HCL.
_OPERATORS: tuple[frozenset[str], ...] = (
    frozenset({"||"}),
    frozenset({"&&"}),
    frozenset({"==", "!="}),
    frozenset({"<", ">", "<=", ">="}),
    frozenset({"+", "-"}),
    frozenset({"*", "/", "%"}),
)
_CONSTANTS = {"true": True, "false": False, "null": None}
_LEVEL = {mark: level for level, marks in enumerate(_OPERATORS) for mark in marks}

# Deeper nesting than this is no configuration anybody wrote; a bound keeps
# hostile input from exhausting the stack. HashiCorp's parser has none.
MAX_DEPTH = 200


class Parser:
    """A recursive descent parser; one instance reads one text."""

    def __init__(self, source: Source, start: int = 0) -> None:
        self.source = source
        self.scan = Scanner(source, start)
        self.depth = 0
        self.last_end = start

    # -- bodies -----------------------------------------------------------

    def body(self, closing: str, opened: Span | None = None) -> nodes.Body:
        """Everything up to `closing` (`}` or the end of the text)."""
        arguments: dict[str, nodes.Argument] = {}
        blocks: list[nodes.Block] = []
        self.deeper()
        before = self.scan.count_newlines(True)
        while True:
            token = self.scan.peek()
            if token.kind == "newline":
                self._take()
            elif token.kind == closing:
                break
            elif token.kind == "name":
                item = self._body_item(single_line=False)
                if isinstance(item, nodes.Block):
                    blocks.append(item)
                else:
                    self._add_argument(arguments, item)
            else:
                self._unexpected_in_body(token, opened)
        self._take()
        self.depth -= 1
        self.scan.count_newlines(before)
        return nodes.Body(arguments, tuple(blocks))

    def _add_argument(self, arguments: dict[str, nodes.Argument], item: nodes.Argument) -> None:
        earlier = arguments.get(item.name)
        if earlier is not None:
            self.scan.fail(
                f'"{item.name}" is already set on line {earlier.span.line}; an argument may be set only once',
                item.name_span.start,
                item.name_span.end,
            )
        arguments[item.name] = item

    def _unexpected_in_body(self, token: Token, opened: Span | None) -> None:
        if token.kind == "end" and opened is not None:
            self.scan.fail(
                "this block is never closed", opened.start, opened.end, "a } is missing, here or further down"
            )
        if token.kind == "quote":
            self.scan.fail("argument names are written without quotes", token.start)
        self.scan.fail(f"an argument or a block is expected here, not {self._shown(token)}", token.start, token.end)

    def _body_item(self, single_line: bool) -> nodes.Argument | nodes.Block:
        name = self._take()
        following = self.scan.peek()
        if following.kind == "=":
            self._take()
            expression = self.expression()
            argument = nodes.Argument(self.scan.word(name), self._span(name), expression)
            if not single_line:
                self._end_of_line("an argument")
            return argument
        if single_line or following.kind not in ("quote", "{", "name"):
            self.scan.fail(
                f'"{self.scan.word(name)}" is neither an argument nor a block; an argument needs an equals sign',
                name.start,
                name.end,
            )
        return self._block(name)

    def _block(self, name: Token) -> nodes.Block:
        labels: list[str] = []
        header_end = name.end
        while True:
            token = self.scan.peek()
            if token.kind == "name":
                labels.append(self.scan.word(self._take()))
            elif token.kind == "quote":
                labels.append(self._label())
            elif token.kind == "{":
                break
            else:
                self.scan.fail("a block needs its { on the same line as its name", token.start, token.end)
            header_end = self.last_end
        opening = self._take()
        header = self.source.span(name.start, header_end)
        if self.scan.peek().kind in ("newline", "}", "end"):
            body = self.body("}", self._span(opening))
        else:
            body = self._single_argument_body(opening)
        block = nodes.Block(
            self.scan.word(name), tuple(labels), header, self.source.span(name.start, self.last_end), body
        )
        self._end_of_line("a block")
        return block

    def _single_argument_body(self, opening: Token) -> nodes.Body:
        token = self.scan.peek()
        if token.kind != "name":
            self._unexpected_in_body(token, self._span(opening))
        item = self._body_item(single_line=True)
        closing = self.scan.peek()
        if closing.kind != "}":
            self.scan.fail(
                "a block on one line holds a single argument and ends with } on that line",
                closing.start,
                closing.end,
            )
        self._take()
        assert isinstance(item, nodes.Argument)
        return nodes.Body({item.name: item}, ())

    def _label(self) -> str:
        token = self.scan.peek()
        label = self._string()
        if isinstance(label, nodes.Template) and all(isinstance(part, str) for part in label.parts):
            return "".join(part for part in label.parts if isinstance(part, str))
        return self.scan.fail("a label cannot contain ${…} or %{…}", token.start, self.last_end)

    def _end_of_line(self, what: str) -> None:
        token = self.scan.peek()
        if token.kind == "newline":
            self._take()
        elif token.kind == ",":
            self.scan.fail(f"{what} ends with a new line, not with a comma", token.start, token.end)
        elif token.kind != "end":
            self.scan.fail(
                f"{what} must be followed by a new line, not by {self._shown(token)}", token.start, token.end
            )

    # -- expressions ------------------------------------------------------

    def expression(self) -> nodes.Expression:
        """One whole expression, conditionals included."""
        self.deeper()
        expression = self._binary(0)
        if self.scan.peek().kind == "?":
            self._take()
            then = self.expression()
            colon = self.scan.peek()
            if colon.kind != ":":
                self.scan.fail("a conditional needs a colon and a second result", colon.start, colon.end)
            self._take()
            otherwise = self.expression()
            expression = nodes.Conditional(expression.span.to(otherwise.span), expression, then, otherwise)
        self.depth -= 1
        return expression

    def _binary(self, lowest: int) -> nodes.Expression:
        # Precedence climbing: one loop instead of one call per level.
        left = self._term()
        while True:
            mark = self.scan.peek().kind
            level = _LEVEL.get(mark, -1)
            if level < lowest:
                return left
            self._take()
            right = self._binary(level + 1)
            left = nodes.Binary(left.span.to(right.span), mark, left, right)

    def _term(self) -> nodes.Expression:
        token = self.scan.peek()
        if token.kind in ("-", "!"):
            self._take()
            self.deeper()
            operand = self._term()
            self.depth -= 1
            return nodes.Unary(self._span(token).to(operand.span), token.kind, operand)
        return self._traversals(self._primary(token))

    def _primary(self, token: Token) -> nodes.Expression:
        read = self._PRIMARIES.get(token.kind)
        if read is None:
            message = (
                "the file ends where an expression is expected"
                if token.kind == "end"
                else (f"an expression is expected here, not {self._shown(token)}")
            )
            return self.scan.fail(message, token.start, token.end)
        return read(self)

    def _number(self) -> nodes.Expression:
        token = self._take()
        return nodes.Literal(self._span(token), Decimal(self.scan.word(token)))

    def _name(self) -> nodes.Expression:
        token = self._take()
        word = self.scan.word(token)
        if self.scan.peek().kind in ("(", "::"):
            return self._call(token, word)
        if word in _CONSTANTS:
            return nodes.Literal(self._span(token), _CONSTANTS[word])
        return nodes.Variable(self._span(token), word)

    def _call(self, token: Token, name: str) -> nodes.Expression:
        end = token.end
        while self.scan.peek().kind == "::":
            self._take()
            part = self._expect("name", "a function name must follow ::")
            name, end = f"{name}::{self.scan.word(part)}", part.end
        opening = self._expect("(", "the arguments of a function stand in parentheses")
        arguments: list[nodes.Expression] = []
        expand = False
        before = self.scan.count_newlines(False)
        while self.scan.peek().kind != ")":
            arguments.append(self.expression())
            if self.scan.peek().kind == "...":
                self._take()
                expand = True
                break
            if not self._separator(",", ")", opening, "the arguments of a function are separated by commas"):
                break
        closing = self._expect(")", "the closing parenthesis of this call is missing")
        self.scan.count_newlines(before)
        name_span = self.source.span(token.start, end)
        return nodes.Call(self.source.span(token.start, closing.end), name, name_span, tuple(arguments), expand)

    def _separator(self, mark: str, closing: str, opening: Token, message: str) -> bool:
        """Eat a separator; False when the closing mark comes next."""
        token = self.scan.peek()
        if token.kind == mark:
            self._take()
            return True
        if token.kind == closing:
            return False
        if token.kind == "end":
            self.scan.fail(f"this {opening.kind} is never closed", opening.start, opening.end)
        return self.scan.fail(f"{message}; found {self._shown(token)}", token.start, token.end)

    def _parentheses(self) -> nodes.Expression:
        opening = self._take()
        before = self.scan.count_newlines(False)
        inner = self.expression()
        token = self.scan.peek()
        if token.kind != ")":
            self.scan.fail(f"a closing parenthesis is expected here, not {self._shown(token)}", token.start, token.end)
        closing = self._take()
        self.scan.count_newlines(before)
        return nodes.Parentheses(self.source.span(opening.start, closing.end), inner)

    def _tuple(self) -> nodes.Expression:
        opening = self._take()
        items: list[nodes.Expression] = []
        before = self.scan.count_newlines(False)
        if self._at_word("for"):
            return self._for(opening, "]", before)
        while self.scan.peek().kind != "]":
            items.append(self.expression())
            if not self._separator(",", "]", opening, "the items of a list are separated by commas"):
                break
        closing = self._expect("]", "the closing bracket of this list is missing")
        self.scan.count_newlines(before)
        return nodes.Tuple(self.source.span(opening.start, closing.end), tuple(items))

    def _object(self) -> nodes.Expression:
        opening = self._take()
        before = self.scan.count_newlines(False)
        if self._at_word("for"):
            return self._for(opening, "}", before)
        items: list[nodes.ObjectItem] = []
        self.scan.count_newlines(True)
        while True:
            token = self.scan.peek()
            if token.kind == "newline":
                self._take()
                continue
            if token.kind == "}":
                break
            items.append(self._object_item(opening))
            following = self.scan.peek()
            if following.kind == "newline":
                self._take()
            elif not self._separator(",", "}", opening, "a new line or a comma must follow each attribute"):
                break
        closing = self._take()
        self.scan.count_newlines(before)
        return nodes.Object(self.source.span(opening.start, closing.end), tuple(items))

    def _object_item(self, opening: Token) -> nodes.ObjectItem:
        token = self.scan.peek()
        if token.kind == "end":
            self.scan.fail("this { is never closed", opening.start, opening.end)
        key = self.expression()
        equals = self.scan.peek()
        if equals.kind not in ("=", ":"):
            self.scan.fail(f"an equals sign must follow the key, not {self._shown(equals)}", equals.start, equals.end)
        self._take()
        bare = key.name if isinstance(key, nodes.Variable) else None
        return nodes.ObjectItem(key, self.expression(), bare)

    def _for(self, opening: Token, closing: str, newlines: bool) -> nodes.Expression:
        # The caller has switched newlines off; they stay off to the closing mark.
        self._take()
        key, value = self.loop_names()
        collection = self.expression()
        self._expect(":", "a colon must follow the collection of a for expression")
        result = self.expression()
        key_result: nodes.Expression | None = None
        if self.scan.peek().kind == "=>":
            self._take()
            key_result, result = result, self.expression()
        grouped = self.scan.peek().kind == "..."
        if grouped:
            self._take()
        condition = None
        if self._at_word("if"):
            self._take()
            condition = self.expression()
        end = self._expect(closing, f"the {closing} of this for expression is expected here")
        self.scan.count_newlines(newlines)
        span = self.source.span(opening.start, end.end)
        if closing == "]" and (key_result is not None or grouped):
            self.scan.fail("a for expression in [ ] makes a list: it takes neither => nor ...", span.start, span.end)
        if closing == "}" and key_result is None:
            self.scan.fail("a for expression in { } needs a key: key => value", span.start, span.end)
        return nodes.For(span, key, value, collection, key_result, result, condition, grouped)

    def loop_names(self) -> tuple[str | None, str]:
        """`k, v in`: the key's name if there is one, and the value's."""
        value = self.scan.word(self._expect("name", "a for expression names its variable after for"))
        key = None
        if self.scan.peek().kind == ",":
            self._take()
            key, value = value, self.scan.word(self._expect("name", "a second variable must follow the comma"))
        if not self._at_word("in"):
            token = self.scan.peek()
            self.scan.fail(
                f"in is expected after the variables of for, not {self._shown(token)}", token.start, token.end
            )
        self._take()
        return key, value

    # -- traversals -------------------------------------------------------

    def _traversals(self, subject: nodes.Expression) -> nodes.Expression:
        while True:
            kind = self.scan.peek().kind
            if kind == ".":
                subject = self._dot(subject)
            elif kind == "[":
                subject = self._bracket(subject)
            else:
                return subject

    def _dot(self, subject: nodes.Expression) -> nodes.Expression:
        self._take()
        token = self._take()
        if token.kind == "name":
            return nodes.Attribute(subject.span.to(self._span(token)), subject, self.scan.word(token))
        if token.kind == "number":
            return self._legacy_index(subject, token)
        if token.kind == "*":
            each: nodes.Expression = nodes.SplatItem(self._span(token))
            while self.scan.peek().kind == ".":
                each = self._dot(each)
                if isinstance(each, nodes.Splat):
                    self.scan.fail("a splat cannot stand inside an attribute-only splat", token.start, token.end)
            return nodes.Splat(subject.span.to(each.span), subject, each, full=False)
        return self.scan.fail("an attribute name must follow the dot", token.start, token.end)

    def _legacy_index(self, subject: nodes.Expression, token: Token) -> nodes.Expression:
        word = self.scan.word(token)
        if "." in word:
            first, second = word.split(".", 1)
            self.scan.fail(f"write [{first}][{second}] instead of .{word}", token.start, token.end)
        key = nodes.Literal(self._span(token), Decimal(word))
        return nodes.Index(subject.span.to(key.span), subject, key)

    def _bracket(self, subject: nodes.Expression) -> nodes.Expression:
        self._take()
        if self.scan.peek().kind == "*":
            self._take()
            closing = self._expect("]", "] must follow * directly")
            each = self._traversals(nodes.SplatItem(self._span(closing)))
            return nodes.Splat(subject.span.to(each.span), subject, each, full=True)
        before = self.scan.count_newlines(False)
        key = self.expression()
        closing = self._expect("]", "the closing bracket of this index is missing")
        self.scan.count_newlines(before)
        return nodes.Index(subject.span.to(self._span(closing)), subject, key)

    # -- strings ----------------------------------------------------------

    def _string(self) -> nodes.Expression:
        from kubestack_lint.syntax.templates import quoted

        opening = self._take()
        self.deeper()
        template = quoted(self, opening)
        self.depth -= 1
        self.last_end = template.span.end
        return template

    def _heredoc(self) -> nodes.Expression:
        from kubestack_lint.syntax.templates import heredoc

        opening = self._take()
        self.deeper()
        template = heredoc(self, opening)
        self.depth -= 1
        self.last_end = template.span.end
        return template

    _PRIMARIES: ClassVar[dict[str, Callable[[Parser], nodes.Expression]]] = {
        "number": _number,
        "name": _name,
        "quote": _string,
        "heredoc": _heredoc,
        "(": _parentheses,
        "[": _tuple,
        "{": _object,
    }

    # -- small things -----------------------------------------------------

    def _take(self) -> Token:
        token = self.scan.take()
        self.last_end = token.end
        return token

    def _expect(self, kind: str, message: str) -> Token:
        token = self.scan.peek()
        if token.kind != kind:
            self.scan.fail(message, token.start, token.end)
        return self._take()

    def _at_word(self, word: str) -> bool:
        token = self.scan.peek()
        return token.kind == "name" and self.scan.word(token) == word

    def _span(self, token: Token) -> Span:
        return Span(self.source, token.start, token.end)

    def _shown(self, token: Token) -> str:
        if token.kind == "end":
            return "the end of the file"
        if token.kind == "newline":
            return "a new line"
        return self.scan.word(token)[:40]

    def deeper(self) -> None:
        """One level of nesting more; a problem where it is too deep. Callers count back down.

        Nothing is restored after a problem: a parser that met one is done.
        """
        self.depth += 1
        if self.depth > MAX_DEPTH:
            # Inside a string there are no tokens to point at, only characters.
            start = min(self.scan.position, len(self.source.text))
            self.scan.fail(
                f"this is nested more than {MAX_DEPTH} levels deep",
                start,
                min(start + 1, len(self.source.text)),
                "kslint refuses deeper nesting; move parts into locals",
            )
