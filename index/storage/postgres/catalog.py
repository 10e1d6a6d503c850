"""A catalog in PostgreSQL."""

from index.storage.catalog import Catalog
from index.storage.postgres.database import PostgresDatabase

__all__ = ["PostgresCatalog"]


class PostgresCatalog(Catalog, PostgresDatabase):
    """A catalog in the tables of a collection."""
