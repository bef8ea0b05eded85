"""The shape of the program: imports go down, files fit in a head, nothing is called a helper."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "ioscli"
# What each package may import besides itself and the standard library. `wire` and `phone` know no I/O and no device.
LAYERS = {
    "grammar": set[str](),
    "config": {"grammar"},
    "wire": set[str](),
    "net": set[str](),
    "device": {"grammar", "config", "wire", "net"},
    "features": {"grammar", "config", "wire", "net", "device"},
    "shell": {"grammar", "config", "wire", "net", "device", "features"},
    "phone": {"wire", "net"},
    "lab": {"device", "phone", "shell"},
    "__main__": {"grammar", "config", "wire", "net", "device", "features", "shell", "phone", "lab"},
}
PURE = {"grammar", "config", "wire"}
IMPURE = {"asyncio", "socket", "time", "random", "threading", "subprocess"}
FILES = sorted(PACKAGE.rglob("*.py"))


def imports(path: Path) -> set[str]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
    return found


def layer(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_go_down(path: Path) -> None:
    here = layer(path)
    if here == "__init__":
        return
    assert here in LAYERS, f"{here} is no layer: an ADR says where a new one stands"
    for name in imports(path):
        parts = name.split(".")
        if parts[0] == "ioscli" and len(parts) > 1:
            assert parts[1] == here or parts[1] in LAYERS[here], f"{path.name} imports {name}"
        if here in PURE:
            assert parts[0] not in IMPURE, f"{path.name} imports {name}"


@pytest.mark.parametrize("path", [*FILES, *sorted((ROOT / "tests").rglob("*.py"))], ids=lambda path: str(path.relative_to(ROOT)))
def test_files_and_functions_fit_in_a_head(path: Path) -> None:
    text = path.read_text()
    assert text.count("\n") <= 400
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef):
            assert (node.end_lineno or 0) - node.lineno < 60, f"{path.name}: {node.name} is long"


@pytest.mark.parametrize("path", sorted((ROOT / "grammar").rglob("*.cli")), ids=lambda path: path.name)
def test_grammar_files_fit_in_a_head(path: Path) -> None:
    assert path.read_text().count("\n") <= 400


def test_names_say_what_is_inside() -> None:
    vague = {"utils", "util", "helpers", "common", "base", "misc", "manager"}
    assert [path.name for path in FILES if path.stem in vague] == []
    assert [path.name for path in FILES if "Manager" in path.read_text()] == []
