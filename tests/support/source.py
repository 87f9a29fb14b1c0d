"""Reads this project's own source, without importing it: what a module imports, refers to and spells out."""

import ast
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]

# The builtins whose use is reported.
BUILTINS = frozenset({"breakpoint", "eval", "exec", "hash", "id", "input", "open", "print", "__import__"})
_IMPORT_IN_CYTHON = re.compile(r"\s*(?:from\s+\S+\s+)?c?import\s")
_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.Lambda)


@dataclass(frozen=True)
class Found:
    """Something in a module's source: what it is, and where, as `path:line` for an editor to jump to."""

    what: str
    where: str

    def __str__(self) -> str:
        return f"{self.where}: {self.what}"


@dataclass(frozen=True)
class _Import:
    node: ast.AST
    full_name: str
    binds: str
    stands_for: str


class Module:
    """One parsed source file.

    Names are followed through imports: after `from datetime import datetime as d`, `d.now` is
    `datetime.datetime.now`, wherever in the file the import stands. What is passed around in variables is not
    followed, and neither is `getattr` with a computed name: these checks keep honest code in shape.

    Args:
        path: Where the file is, relative to the repository; the module's name follows from it.
        text: The source.
    """

    def __init__(self, path: Path, text: str):
        self.path = path
        self.text = text
        parts = path.with_suffix("").parts
        self.is_package = parts[-1] == "__init__"
        self.name = ".".join(parts[:-1] if self.is_package else parts)
        self._tree = ast.parse(text, filename=str(path))
        self._nodes = list(ast.walk(self._tree))
        self._stands_for = {name: f"builtins.{name}" for name in BUILTINS - self._own_names()}
        self._stands_for |= {found.binds: found.stands_for for found in self._imports(self._nodes)}

    def imports(self) -> list[Found]:
        """Returns every import by its full name, `from a import b` as `a.b`, those inside functions too."""
        return [self._found(found.full_name, found.node) for found in self._imports(self._nodes)]

    def imports_at_import(self) -> list[str]:
        """Returns the full names of what is imported as soon as this module is: not inside functions."""
        return [found.full_name for found in self._imports(_outside_functions(self._tree))]

    def references(self) -> list[Found]:
        """Returns every use of an imported name or of a builtin, by its full name (`builtins.open`)."""
        inner = {id(node.value) for node in self._nodes if isinstance(node, ast.Attribute)}
        return [
            self._found(name, node) for node in self._nodes if id(node) not in inner and (name := self._full_name(node))
        ]

    def calls_without_arguments(self) -> list[Found]:
        """Returns every call, without any argument, of an imported name or a builtin."""
        calls = (node for node in self._nodes if isinstance(node, ast.Call) and not node.args + node.keywords)
        return [self._found(name, node) for node in calls if (name := self._full_name(node.func))]

    def keywords(self) -> list[Found]:
        """Returns the names of all arguments that are passed by name."""
        nodes = (node for node in self._nodes if isinstance(node, ast.keyword))
        return [self._found(node.arg, node.value) for node in nodes if node.arg]

    def strings(self) -> list[Found]:
        """Returns all string literals, of f-strings the literal parts, docstrings left out."""
        docstrings = {id(node.value) for node in self._nodes if isinstance(node, ast.Expr)}
        return [
            self._found(node.value, node)
            for node in self._nodes
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
        ]

    def _found(self, what: str, node: ast.AST) -> Found:
        return Found(what, f"{self.path.as_posix()}:{getattr(node, 'lineno', 1)}")

    def _full_name(self, node: ast.AST) -> str | None:
        if isinstance(node, ast.Attribute):
            base = self._full_name(node.value)
            return f"{base}.{node.attr}" if base else None
        is_used = isinstance(node, ast.Name) and isinstance(node.ctx, ast.Load)
        return self._stands_for.get(node.id) if is_used else None

    def _own_names(self) -> set[str]:
        """Returns what this module defines itself: its own `open` is not the builtin."""
        stored = {n.id for n in self._nodes if isinstance(n, ast.Name) and isinstance(n.ctx, ast.Store)}
        defined = {n.name for n in self._nodes if isinstance(n, (ast.FunctionDef, ast.AsyncFunctionDef))}
        return stored | defined | {n.arg for n in self._nodes if isinstance(n, ast.arg)}

    def _imports(self, nodes: Iterable[ast.AST]) -> Iterator[_Import]:
        for node in nodes:
            if isinstance(node, ast.Import):
                for alias in node.names:
                    top = alias.name.split(".")[0]
                    yield _Import(node, alias.name, alias.asname or top, alias.name if alias.asname else top)
            elif isinstance(node, ast.ImportFrom):
                for alias in node.names:
                    name = f"{self._absolute(node)}.{alias.name}"
                    yield _Import(node, name, alias.asname or alias.name, name)

    def _absolute(self, node: ast.ImportFrom) -> str:
        if not node.level:
            return node.module or ""
        package = self.name.split(".") if self.is_package else self.name.split(".")[:-1]
        base = package[: len(package) - node.level + 1]
        return ".".join([*base, *([node.module] if node.module else [])])


@cache
def modules(folder: str) -> tuple[Module, ...]:
    """Returns all modules below a folder of the repository, in the order of their paths."""
    paths = sorted((ROOT / folder).rglob("*.py"))
    return tuple(Module(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths)


@cache
def cython_modules(folder: str) -> tuple[Module, ...]:
    """Returns all Cython modules below a folder, each as its imports alone, `cimport` too: the rest is no Python."""
    paths = sorted((ROOT / folder).rglob("*.pyx"))
    return tuple(cython_module(path.relative_to(ROOT), path.read_text(encoding="utf-8")) for path in paths)


def cython_module(path: Path, text: str) -> Module:
    """Returns the imports of a Cython module, each on its line."""
    lines = [line.strip() if _IMPORT_IN_CYTHON.match(line) else "" for line in text.splitlines()]
    return Module(path, "\n".join(re.sub(r"\bcimport\b", "import", line) for line in lines))


def _outside_functions(node: ast.AST) -> Iterator[ast.AST]:
    for child in ast.iter_child_nodes(node):
        if not isinstance(child, _FUNCTIONS):
            yield child
            yield from _outside_functions(child)
