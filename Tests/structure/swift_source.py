"""Swift source as tokens: enough of the language to see what a file declares and what it names."""

import re

TOKEN = re.compile(r"`?[A-Za-z_]\w*`?|\d[\w.]*|[{}()\[\],:;.@#\\]|[-+*/%&|^~!<>=?]+")


def blank(text):
    """The source with comments and strings as blanks, interpolated code and line ends kept."""
    out = list(text)

    def erase(start, end):
        for i in range(start, end):
            if out[i] != "\n":
                out[i] = " "

    def string(i):
        """Erases the string that starts at i; returns where it ends."""
        hashes = re.compile("#*").match(text, i)[0]
        quote = '"""' if text.startswith('"""', i + len(hashes)) else '"'
        start, i = i, i + len(hashes) + len(quote)
        while i < len(text):
            if text.startswith(quote + hashes, i):
                erase(start, i + len(quote + hashes))
                return i + len(quote + hashes)
            if text.startswith("\\" + hashes + "(", i):
                opening = i + 1 + len(hashes)
                erase(start, opening)
                i = start = code(opening + 1, closing=True)
            elif text.startswith("\\" + hashes, i):
                i += 2 + len(hashes)
            else:
                i += 1
        raise ValueError("a string does not end")

    def code(i, closing=False):
        """Walks over code; with `closing` to behind the parenthesis that ends an interpolation."""
        depth = 0
        while i < len(text):
            if text.startswith("//", i):
                end = text.find("\n", i)
                end = len(text) if end < 0 else end
                erase(i, end)
                i = end
            elif text.startswith("/*", i):
                start, nested, i = i, 1, i + 2
                while nested:
                    step = re.compile(r"/\*|\*/").search(text, i)
                    nested += 1 if step[0] == "/*" else -1
                    i = step.end()
                erase(start, i)
            elif text[i] == '"' or re.compile('#+"').match(text, i):
                i = string(i)
            else:
                depth += {"(": 1, ")": -1}.get(text[i], 0)
                i += 1
                if closing and depth < 0:
                    return i
        return i

    code(0)
    return "".join(out)


class Token(str):
    """A token with its line, the braces around it, and the names of the calls around it, innermost last."""

    line: int
    depth: int
    calls: tuple


def tokens(text):
    text = blank(text)
    lines = [0] + [match.start() + 1 for match in re.finditer("\n", text)]
    found, depth, brackets, line = [], 0, [], 0
    for match in TOKEN.finditer(text):
        while line + 1 < len(lines) and lines[line + 1] <= match.start():
            line += 1
        token = Token(match[0].strip("`"))
        if token == "}":
            depth -= 1
        if token in ("(", "["):
            isName = found and re.fullmatch(r"[A-Za-z_]\w*", found[-1])
            brackets.append(str(found[-1]) if token == "(" and isName else "")
        elif token in (")", "]") and brackets:
            brackets.pop()
        token.line, token.depth, token.calls = line + 1, depth, tuple(brackets)
        if token == "{":
            depth += 1
        found.append(token)
    return found


TYPES = ("struct", "class", "enum", "protocol", "actor", "typealias")


def isIdentifier(token):
    return re.fullmatch(r"[A-Za-z_]\w*", token) is not None


def declared_names(stream, at):
    """The names that the keyword at `at` declares: several behind `let`, `var` and `case`."""
    if not isIdentifier(stream[at]) or at + 1 >= len(stream) or (at and stream[at - 1] == "."):
        return []
    if stream[at] in (*TYPES, "func"):
        if stream[at] == "class" and stream[at + 1] in ("func", "var", "let"):
            return []
        return [stream[at + 1]] if isIdentifier(stream[at + 1]) else []
    if stream[at] not in ("let", "var", "case"):
        return []
    names, depth, wanted = [], 0, True
    for i in range(at + 1, len(stream)):
        token = stream[i]
        ends_line = token.line > stream[i - 1].line and stream[i - 1] != "," and i > at + 1
        if ends_line or depth == 0 and token in ("=", ":", "{", "}", "where", "in", "."):
            break
        if token == "(":
            # A tuple of names behind let or var; associated values behind a case.
            depth += 1
            wanted = stream[at] != "case"
        elif token == ")":
            depth -= 1
        elif token == ",":
            wanted = depth == 0 or stream[at] != "case"
        elif isIdentifier(token) and wanted:
            names.append(token)
            wanted = False
    return names


def declarations(stream):
    """What other files can name: (token, kind), kind being `type`, `global` or `member of X` for an extension of X."""
    found, extended = [], None
    for at, token in enumerate(stream):
        if token.depth == 0 and token == "extension":
            extended = stream[at + 1]
        elif token.depth == 0 and token in TYPES and not (token == "class" and stream[at + 1] == "func"):
            extended = None
        for name in declared_names(stream, at):
            if token.depth == 0 and token != "case":
                found.append((name, "type" if token in TYPES else "global"))
            elif token.depth == 1 and extended:
                found.append((name, f"member of {extended}"))
    return found


def local_names(stream):
    """Every name that the file declares anywhere: types, members, parameters, labels, variables."""
    names = {name for at in range(len(stream)) for name in declared_names(stream, at)}
    for before, token, after in zip(["", *stream], stream, [*stream[1:], ""]):
        if after == ":" or before == "for" or after == "in" or before in ("inout", "some"):
            names.add(token)
        if isIdentifier(token) and isIdentifier(after) and token not in KEYWORDS:
            names.add(after)  # the inner name of a parameter with a label
    return names


KEYWORDS = frozenset(
    "associatedtype as await break case catch class continue default defer do else enum extension fallthrough for func "
    "get guard if import in init inout internal is let mutating nonisolated operator package precedencegroup private "
    "protocol public repeat rethrows return self set some static struct subscript super switch throw throws try typealias "
    "unsafe var where while".split())
