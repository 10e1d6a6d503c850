"""Tell when something in a folder has changed."""

from collections.abc import Iterator, Sequence
from pathlib import Path

from index.errors import InputError

__all__ = ["changes"]

SETTLE_MS = 200  # a time without a change, after which the changes before it are told
GROUP_MS = 2000  # the longest time that changes are gathered before they are told
LOOK_MS = 1000  # between two looks
RESCAN_LOOKS = 600  # looks, 10 minutes: a network folder may not tell of its changes


def changes(paths: Sequence[Path], excluded_folder: Path) -> Iterator[None]:
    """Yield once when watching has begun, and then whenever files have changed and come to rest.

    Changes during the caller's work are told after it. Changes in ``excluded_folder``, the index's
    own, do not count. Raises InputError for a path that cannot be watched.
    """
    from watchfiles import watch

    excluded = excluded_folder.resolve()
    # Of a file, its folder: programs save by putting a new file in the place of the old one.
    folders = {path.resolve() if path.is_dir() else path.resolve().parent for path in paths}
    looks = watch(
        *folders,
        # Filtered below: with a filter here, the first yield would wait for a change that passes.
        watch_filter=None,
        step=SETTLE_MS,
        debounce=GROUP_MS,
        rust_timeout=LOOK_MS,
        yield_on_timeout=True,
        ignore_permission_denied=True,
    )
    try:
        for number, changed in enumerate(looks):
            counts = any(not Path(path).is_relative_to(excluded) for _, path in changed)
            if counts or number % RESCAN_LOOKS == 0:
                yield
    except OSError as exc:
        raise InputError(f"{', '.join(map(str, paths))} cannot be watched: {exc}.") from exc
