"""Who may import whom (docs/architecture.md), and how long a file may be. Read from the source, not by importing."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
SMS, WEBAPP = ROOT / "sms", ROOT / "webapp"
#: The engine must be usable without any of these.
NOT_IN_SMS = {"flask", "flask_sqlalchemy", "sqlalchemy", "werkzeug", "jinja2", "webapp"}
#: Each noun may import what stands in an earlier line; nouns of one line do not know each other.
ORDER = (
    {"areas"},
    {"accounts"},
    {"agencies"},
    {"people"},
    {"photos"},
    {"routes"},
    {"outbox"},
    {"cases"},
    {"departures", "conversations", "brokers"},
    {"audiences"},
    {"helplines", "warnings", "broadcasts"},
    {"callbacks", "offline"},
    {"simulator", "today", "demo", "cli"},
)
RANK = {noun: rank for rank, nouns in enumerate(ORDER) for noun in nouns}
#: What stands before all nouns: every other module directly in webapp/.
FOUNDATION = -1
#: Commands and demonstration use every noun, as the application itself does.
ASSEMBLY = ("webapp", "webapp.cli")
LONGEST_FILE = 400


def modules(folder: Path) -> dict[str, Path]:
    return {_name(file): file for file in sorted(folder.rglob("*.py"))}


def _name(file: Path) -> str:
    parts = file.relative_to(ROOT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(name: str, known: set[str]) -> Iterator[str]:
    """Names of the modules that a module imports, wherever in the file; imports for types alone do not count."""
    file = modules(ROOT / name.partition(".")[0])[name]
    tree = ast.parse(file.read_text(encoding="utf-8"))
    for_types = {id(inner) for node in ast.walk(tree) if _is_for_types(node) for inner in ast.walk(node)}
    for node in ast.walk(tree):
        if id(node) in for_types:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name} imports relatively"
            inner = {f"{node.module}.{alias.name}" for alias in node.names}
            # `from webapp.people import stages` imports the module webapp.people.stages.
            yield from inner & known
            if inner - known:
                yield str(node.module)


def _is_for_types(node: ast.AST) -> bool:
    return isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test)


ALL = {**modules(SMS), **modules(WEBAPP)}
IMPORTS = {name: set(imports(name, set(ALL))) for name in ALL}


def noun_of(module: str) -> str | None:
    parts = module.split(".")
    return parts[1] if parts[0] == "webapp" and len(parts) > 1 and parts[1] in RANK else None


def rank_of(module: str) -> int:
    noun = noun_of(module)
    return RANK[noun] if noun else FOUNDATION


@pytest.mark.parametrize("module", sorted(modules(SMS)))
def test_the_engine_knows_no_framework(module: str) -> None:
    foreign = {name.partition(".")[0] for name in IMPORTS[module]} & NOT_IN_SMS
    assert not foreign, f"{module} imports {foreign}"


def test_nouns_import_only_what_stands_before_them() -> None:
    crossings = [
        f"{module} → {other}"
        for module in modules(WEBAPP)
        if module not in ASSEMBLY
        for other in IMPORTS[module]
        if other.startswith("webapp.")
        and noun_of(module) != noun_of(other)
        and rank_of(other) >= max(rank_of(module), 0)
    ]
    assert not crossings, "\n".join(crossings)


def test_views_and_forms_belong_to_their_noun() -> None:
    crossings = [
        f"{module} → {other}"
        for module in modules(WEBAPP)
        if module not in ASSEMBLY
        for other in IMPORTS[module]
        if _is_view_or_form(other) and noun_of(module) != noun_of(other)
    ]
    assert not crossings, "\n".join(crossings)


def _is_view_or_form(module: str) -> bool:
    last = module.rpartition(".")[2]
    return module.startswith("webapp.") and last.endswith(("views", "form", "forms"))


def test_nothing_goes_in_circles() -> None:
    assert find_circle(IMPORTS) is None


def find_circle(graph: dict[str, set[str]]) -> list[str] | None:
    """A way through imports that comes back to where it began."""
    done: set[str] = set()

    def visit(module: str, way: list[str]) -> list[str] | None:
        if module in way:
            return [*way[way.index(module) :], module]
        if module in done:
            return None
        for other in sorted(graph[module] & graph.keys()):
            # A package's own __init__ is empty but for webapp/__init__, which assembles all others.
            if circle := visit(other, [*way, module]):
                return circle
        done.add(module)
        return None

    return next((circle for module in sorted(graph) if (circle := visit(module, []))), None)


def test_a_circle_would_be_found() -> None:
    assert find_circle({"a": {"b"}, "b": {"c"}, "c": {"a"}, "d": set()}) == ["a", "b", "c", "a"]
    assert find_circle({"a": {"b", "c"}, "b": {"c"}, "c": set()}) is None


@pytest.mark.parametrize("folder", ["sms", "webapp", "tools", "tests", "bench"])
def test_no_file_is_too_long_to_read(folder: str) -> None:
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in (ROOT / folder).rglob("*.py")}
    assert not {str(file): lines for file, lines in lengths.items() if lines > LONGEST_FILE}


def test_models_and_acts_never_commit() -> None:
    """A view commits once, through page.stored; commands, the worker and what runs beside a request may commit."""
    committing = {
        module
        for module, file in modules(WEBAPP).items()
        if noun_of(module) and module.rpartition(".")[2] in NEVER_COMMITS and ".commit()" in file.read_text("utf-8")
    }
    assert not committing


NEVER_COMMITS = {"model", "views", "queries", "form", "stages", "consent", "reminders", "planning", "checklist"}
