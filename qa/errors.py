"""The errors of the project, as `index.errors` has them, for who imports everything from `qa`."""

from index.errors import *  # noqa: F403
from index.errors import __all__
