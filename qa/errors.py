"""The errors of the project, as `index.errors` has them, for who imports everything from `qa`."""

from index.errors import *  # noqa: F403
from index.errors import __all__ as __all__  # noqa: PLC0414  # so it is seen as exported
