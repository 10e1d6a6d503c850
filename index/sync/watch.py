"""Say when something in some folders has changed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import InputError

__all__ = ["changes"]

SETTLE_MS = 200  # without a change, until those before are told
GROUP_MS = 2000  # after which they are told all the same
LOOK_MS = 1000
RESCAN_LOOKS = 600  # network folders may not tell of changes: look all the same


def changes(paths: Sequence[Path], without: Path) -> Iterator[None]:
    """Yield once when watching has begun, and then whenever files have changed and come to rest.

    Changes during the caller's work are told after it. ``without`` is a folder that does not count
    (the index's own). Raises InputError for a path that cannot be watched.
    """
    from watchfiles import watch

    own = without.resolve()
    # A file's folder: programs save by putting a new file in the old one's place.
    folders = {path.resolve() if path.is_dir() else path.resolve().parent for path in paths}
    looks = watch(
        *folders,
        # Filtered below: changes that a filter here holds back would hold back the first yield.
        watch_filter=None,
        step=SETTLE_MS,
        debounce=GROUP_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    try:
        for number, found in enumerate(looks):
            theirs = any(not Path(path).is_relative_to(own) for _, path in found)
            if theirs or number % RESCAN_LOOKS == 0:
                yield
    except OSError as exc:
        raise InputError(f"{', '.join(map(str, paths))} cannot be watched: {exc}.") from exc
