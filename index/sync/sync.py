"""Make a catalog equal to folders of files."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from json import dumps, loads
from pathlib import Path

from index.documents.parts import ReadOptions
from index.documents.permission import is_permission
from index.documents.read import READING
from index.errors import DocumentError, InputError
from index.storage.catalog import Catalog
from index.sync.plan import DISKS, File, Plan, plan
from index.sync.pool import CHANGES, FileReaders, Readers
from index.sync.writer import Stamped, Writer
from index.text.messages import is_encodable, printable
from index.text.names import numbered
from index.types import Document, NoticeKind

__all__ = ["Progress", "Report", "Step", "sync"]


@dataclass(frozen=True, slots=True)
class Step:
    """How far a sync is: files done, of so many, and the passages that were embedded for them.

    ``share`` is the part of the work that is done, from 0 to 1, by the files' bytes; ``name`` that
    of the file whose document was read last. While vectors are made anew, before any file is read,
    ``of`` is 0 and ``name`` that of the model.
    """

    files: int
    of: int
    embedded: int
    share: float
    name: str


Progress = Callable[[Step], object]

_INCOMPLETE = (NoticeKind.LOST, NoticeKind.NO_TEXT)


@dataclass(slots=True)
class Report:
    """What a sync did, by document id; ``failed`` and ``skipped`` by file, with the reason.

    Files are counted: the documents of the files in them come and go with theirs.

    ``moved`` are documents whose file has another path now, and the same bytes: the id before ->
    the id now, which is the new path, as for any file. Nothing of them is embedded again.
    ``skipped`` are files in a folder that are no documents (pictures, programs, links).
    ``reread`` are documents whose file is as it was, and was read again, since an earlier release
    had read it. ``incomplete``: document id -> what of its file could not be read, of those that
    were read now. ``passages`` counts those of added, changed and reread documents, ``embedded``
    those of them whose words were new to the index; ``renewed`` the texts that were embedded anew,
    before all else, because other weights of the model had made their vectors. ``seconds`` is
    wall-clock time.
    """

    added: list[str] = field(default_factory=list)
    changed: list[str] = field(default_factory=list)
    moved: dict[str, str] = field(default_factory=dict)
    removed: list[str] = field(default_factory=list)
    unchanged: list[str] = field(default_factory=list)
    reread: list[str] = field(default_factory=list)
    incomplete: dict[str, list[str]] = field(default_factory=dict)
    failed: dict[str, str] = field(default_factory=dict)
    skipped: dict[str, str] = field(default_factory=dict)
    passages: int = 0
    embedded: int = 0
    renewed: int = 0
    seconds: float = 0.0


def sync(
    catalog: Catalog,
    writer: Writer,
    paths: Sequence[Path],
    excluded_folder: Path,
    publish: Callable[[], object],
    on_progress: Progress | None = None,
    options: ReadOptions | None = None,
    readers: Callable[[ReadOptions], FileReaders] | None = None,
) -> Report:
    """Index the documents of these folders and files, and remove those whose files are gone.

    What is gone is removed, and ``publish`` called, before any file is read. A file whose size and
    time of change are as before is not read. Nor is one that failed then for what is in it, unless
    it is named itself or an earlier release tried to read it. A file that lies in two of the
    ``paths`` is one document. A file that cannot be read is named in the report; the rest is
    indexed. The index's own folder, ``excluded_folder``, is not looked into. With OCR or passwords
    among the ``options``, files that lacked them are read again, though they are as they were;
    without them, what was read with them is kept. ``readers`` makes what reads the files:
    `index.sync.pool.Readers`, or a cluster. Raises InputError for a path that does not exist.
    """
    options = options or ReadOptions()
    for path in paths:
        _require(path)
    resolved = [path.resolve() for path in paths]
    catalog.forget_failures_before(READING)
    planned = plan(catalog, resolved, excluded_folder.resolve(), options)
    if _write_unread(catalog, planned):
        publish()
    run = _Run(catalog, writer, planned, on_progress, (readers or Readers)(options))
    run.work()
    with catalog.transaction():
        catalog.forget_kept_vectors()
        for path in resolved:
            failed, skipped = planned.problems(path)
            catalog.record_problems(str(path), failed, skipped, planned.stamps)
        seen = [path for path in resolved if str(path) not in planned.failed]
        _record_folders(catalog, [path for path in seen if path.is_dir()])
    return run.report


def synced(catalog: Catalog) -> dict[str, str]:
    """The folders that were indexed, and when they were last found in step (ISO 8601, UTC)."""
    return dict(loads(catalog.get("folders") or "{}"))


def _record_folders(catalog: Catalog, folders: Sequence[Path]) -> None:
    now = datetime.now(UTC).isoformat(timespec="seconds")
    catalog.put("folders", dumps(synced(catalog) | {str(folder): now for folder in folders}))
    disks = {str(folder): folder.stat().st_dev for folder in folders}
    catalog.put(DISKS, dumps(loads(catalog.get(DISKS) or "{}") | disks))


def _require(path: Path) -> None:
    try:
        exists = path.is_dir() or path.is_file()
    except OSError as exc:
        raise InputError(f"{printable(str(path))} cannot be read: {exc.strerror}.") from exc
    if not exists:
        raise InputError(f"There is no file or folder {printable(str(path))}: check the path.")
    if not is_encodable(str(path.resolve())):
        raise InputError(f"{printable(str(path))} has a name that is not UTF-8: rename it.")


def _write_unread(catalog: Catalog, planned: Plan) -> bool:
    """Write what needs no reading of files; whether anything is to be published for it."""
    if not (planned.gone or planned.moved or planned.restamped):
        return False
    with catalog.transaction():
        for gone in planned.gone if planned.work else ():
            # Their words may come back in a file that is yet to be read.
            catalog.keep_vectors_of(gone.id)
        catalog.remove(gone.id for gone in planned.gone)
        # Two documents may exchange their ids: all have another one in between.
        for before, _ in planned.moved:
            catalog.move(before.id, f"\0{before.id}", before.source, before.stamp)
        for before, file in planned.moved:
            catalog.move(f"\0{before.id}", file.id, file.path, file.stamp)
        for unchanged, stamp in planned.restamped:
            catalog.move(unchanged.id, unchanged.id, unchanged.source, stamp)
        if planned.gone or planned.moved:
            catalog.advance()
    return bool(planned.gone or planned.moved)


class _Run:
    """The reading and writing of one sync, with its report."""

    def __init__(
        self,
        catalog: Catalog,
        writer: Writer,
        planned: Plan,
        on_progress: Progress | None,
        readers: FileReaders,
    ) -> None:
        self._catalog = catalog
        self._writer = writer
        self._plan = planned
        self._on_progress = on_progress
        self._readers = readers
        self._files = {file.id: file for file in planned.work}
        self._bytes_in_all = sum(file.stamp.size for file in planned.work) or 1
        self._bytes_done = self._files_done = 0
        self._name = ""
        self._written: set[str] = set()
        self._inner: set[str] = set()  # the ids that files in files got, also those not written yet
        moved = {before.id: file.id for before, file in planned.moved}
        self.report = Report(
            removed=sorted(gone.id for gone in planned.gone),
            moved=moved,
            unchanged=planned.unchanged,
            failed=planned.failed,
            skipped=planned.skipped,
        )
        writer.on_embedded = lambda _: self._tell()

    def work(self) -> None:
        """Read and write the files that are new or changed."""
        if not self._files:
            return
        self._tell()
        for group in self._writer.write(self._documents(), self._refuse):
            for written in group:
                self._written.add(written.id)
                self.report.passages += written.passages
                self._count(self._files[written.id])
            self._tell()
        self.report.embedded = self._writer.embedded
        moved = set(self.report.moved.values())
        for file in self._plan.work:
            if file.id in self._written and file.id not in moved:
                self._kind(file).append(file.id)

    def _kind(self, file: File) -> list[str]:
        if file.is_outdated:
            return self.report.reread
        return self.report.changed if file.is_indexed else self.report.added

    def _documents(self) -> Iterator[Stamped]:
        with self._readers as readers:
            for file, stamp, result in readers.read(self._plan.work):
                self._name = Path(file.path).name
                if stamp.hash:
                    self._plan.stamps[file.path] = stamp
                if isinstance(result, DocumentError):
                    self._fail(file, result.reason)
                else:
                    own, members = result[0], self._with_free_ids(*result)
                    for document in (own, *members):
                        self._note(document)
                    yield Stamped(own, stamp, members)

    def _with_free_ids(self, own: Document, *members: Document) -> list[Document]:
        """What is in a file, under ids that no other document has or is about to get."""
        others = {
            id
            for id, container in self._catalog.containers(found.id for found in members).items()
            if container != own.id
        }
        named = []
        for member in members:
            id = numbered(
                member.id, lambda id: id in others or id in self._files or id in self._inner
            )
            self._inner.add(id)
            named.append(replace(member, id=id))
        return named

    def _note(self, document: Document) -> None:
        lost = [notice.text for notice in document.notices if notice.kind in _INCOMPLETE]
        if lost:
            self.report.incomplete[document.id] = lost

    def _refuse(self, document: Document, reason: str) -> None:
        self._fail(self._files[document.id], reason)

    def _fail(self, file: File, reason: str) -> None:
        self._plan.refuse(file.path, reason)
        self._count(file)
        if file.is_outdated and is_permission(reason):
            # It is as it was when it could be read, and so is what was read of it.
            stamp = self._plan.stamps.get(file.path, file.stamp)
            with self._catalog.transaction():
                self._catalog.move(file.id, file.id, file.path, stamp)
            return
        if file.is_indexed and reason != CHANGES:
            # The old text is no longer what the file says. Of a file that is being written, it is
            # the last whole one, and stays.
            with self._catalog.transaction():
                self._catalog.keep_vectors_of(file.id)
                self._catalog.remove([file.id])
                self._catalog.advance()
        self._tell()

    def _count(self, file: File) -> None:
        self._files_done += 1
        self._bytes_done += file.stamp.size

    def _tell(self) -> None:
        if self._on_progress:
            share = self._bytes_done / self._bytes_in_all
            counts = self._files_done, len(self._files), self._writer.embedded
            self._on_progress(Step(*counts, share, self._name))
