"""Opening the catalog at a place: a file in a folder, or the tables of a collection on a server."""

from pathlib import Path

from index.arguments import path_of
from index.errors import IndexNotFoundError
from index.storage.catalog import Catalog, SqliteCatalog
from index.storage.files import make_folder
from index.storage.postgres.address import Address, is_address

__all__ = ["CATALOG", "Place", "exists", "make_place", "open_catalog", "place_of"]

CATALOG = "catalog.sqlite"

Place = Path | Address


def place_of(given: str | Path | Address) -> Place:
    """Where an index is: its folder, or its address on a server; InputError for neither."""
    if isinstance(given, Address):
        return given
    return Address.parse(given) if is_address(given) else path_of(given)


def exists(place: Place) -> bool:
    """Whether there is an index at a place, or one that was not made to the end."""
    if isinstance(place, Path):
        return (place / CATALOG).exists()
    try:
        open_catalog(place).close()
    except IndexNotFoundError:
        return False
    return True


def make_place(place: Place) -> None:
    """Make the folder; raises OSError or ValueError where it cannot be made."""
    if isinstance(place, Path):
        make_folder(place)


def open_catalog(place: Place, *, create: bool = False) -> Catalog:
    """Open the catalog at a place, or make it there with ``create``.

    Raises IndexNotFoundError, IndexDamagedError, IndexStateError or MissingExtraError.
    """
    if isinstance(place, Address):
        from index.storage.postgres.catalog import PostgresCatalog

        return PostgresCatalog(place, create=create)
    return SqliteCatalog(place / CATALOG, create=create)
