"""The package `index` for programs that have a module `index` of their own.

Where ``import index`` would import that module, our package is imported as ``qa._index``, and our
modules take from there what they import from ``index``. The program's module stays as it is. Where
``import index`` imports our package, nothing is changed.
"""

import ast
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, PathFinder, SourceFileLoader
from importlib.util import find_spec, spec_from_file_location
from pathlib import Path
from types import CodeType, ModuleType
from typing import Any

__all__ = ["settle"]

OURS = Path(__file__).resolve().parent.parent / "index" / "__init__.py"
PUBLIC, PRIVATE = "index", "qa._index"


def settle() -> None:
    """Let the program keep its own module ``index``, if it has one."""
    if not any(isinstance(finder, _Finder) for finder in sys.meta_path) and not _is_ours():
        sys.meta_path.insert(0, _Finder())


def _is_ours() -> bool:
    """Whether ``import index`` imports our package."""
    try:
        spec = find_spec(PUBLIC)  # of a module that is imported already, the spec it came by
    except ValueError:  # a module without a spec: a program made it by hand
        return False
    return spec is not None and spec.origin is not None and Path(spec.origin).resolve() == OURS


class _Finder:
    """Finds the modules of both packages, and ours under its other name."""

    def find_spec(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        if name == PRIVATE:
            loader = _Loader(name, str(OURS))
            folders = [str(OURS.parent)]
            return spec_from_file_location(
                name, OURS, loader=loader, submodule_search_locations=folders
            )
        if not name.startswith("qa."):
            return None
        spec = PathFinder.find_spec(name, path, target)
        if spec and spec.origin and isinstance(spec.loader, SourceFileLoader):
            spec.loader = _Loader(name, spec.origin)
        return spec


class _Loader(SourceFileLoader):
    """Reads ``from index... import`` as from the other name; its code is not cached on the disk."""

    def get_code(self, fullname: str) -> CodeType:
        path = self.get_filename(fullname)
        tree = _Renamed().visit(ast.parse(self.get_data(path), path))
        code: CodeType = compile(tree, path, "exec", dont_inherit=True)
        return code


class _Renamed(ast.NodeTransformer):
    def visit_ImportFrom(self, node: ast.ImportFrom) -> Any:
        if node.module == PUBLIC or (node.module or "").startswith(f"{PUBLIC}."):
            node.module = f"{PRIVATE}{(node.module or '').removeprefix(PUBLIC)}"
        return node
