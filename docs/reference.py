"""Write the API reference, made from the docstrings by pdoc, into a folder: ``make docs``."""

import pkgutil
import sys
import warnings
from importlib import import_module
from pathlib import Path

import pdoc

PACKAGES = ("qa", "index")


def modules() -> list[str]:
    """The names of the modules that get a page.

    The package `index` has none: it would have the name of the overview, index.html. What it offers
    is on the pages of index.index and index.types.
    """
    names = ["qa"]
    for package in PACKAGES:
        folders = import_module(package).__path__
        names += [module.name for module in pkgutil.walk_packages(folders, f"{package}.")]
    return [name for name in names if not name.endswith("__main__") and is_installed(name)]


def is_installed(name: str) -> bool:
    """Whether a module has what it needs: the frameworks of `qa.integrations` may be missing."""
    from qa.errors import MissingExtraError

    try:
        import_module(name)
    except MissingExtraError:
        return False
    return True


def main() -> int:
    """Write the pages; the exit status."""
    import qa

    # Public names that are loaded at their first use: pdoc finds only what is there.
    for name in qa.__all__:
        setattr(qa, name, getattr(qa, name))
    # pdoc adds the modules of most folders by itself, and warns that they are named here as well.
    warnings.filterwarnings("ignore", message="The module specification")
    pdoc.render.configure(docformat="markdown", show_source=False)
    pdoc.pdoc(*modules(), output_directory=Path(sys.argv[1]))
    return 0


if __name__ == "__main__":
    sys.exit(main())
