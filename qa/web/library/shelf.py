"""One collection's documents, as the page shows and changes them."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path
from typing import Any

from index.errors import IndexLockedError
from qa.web.collection import Collection
from qa.web.library.indexing import Indexer
from qa.web.library.listing import Entry, Listing, State
from qa.web.library.reasons import reason_in
from qa.web.library.refusals import Refusal, RefusalError
from qa.web.library.uploads import Uploads, clean_name, folder_beside

__all__ = ["Shelf"]


class Shelf:
    """The list, the folder of what was added, and what indexes it. Safe for threads."""

    def __init__(self, collection: Collection, *, changeable: bool) -> None:
        """``changeable``: what was added and never indexed, as after a crash, is indexed now."""
        self.name = collection.name
        self.retriever = collection.retriever
        self.index = collection.retriever.index
        self.uploads = Uploads(folder_beside(collection.path))
        self.listing = Listing(self.index, self.uploads.folder)
        self.indexer = Indexer(self.index.place, self.uploads.folder)
        if changeable and self.uploads.tidy():
            known = {entry.source for entry in self.listing.entries()}
            if any(str(path.resolve()) not in known for path in self.uploads.files()):
                self.indexer.start()

    def holding(self, phrase: str) -> set[str]:
        """The ids of the documents that hold an exact phrase; raises QuestionError for none."""
        found = self.retriever.mentions(phrase, limit=1)
        return {document.document_id for document in found.documents}

    def checked(self, files: Iterable[tuple[str, int]], language: str) -> list[dict[str, Any]]:
        """Of names and sizes: the file's name here, whether it is there, and what is wrong."""
        found = []
        for name, size in files:
            cleaned, problem = clean_name(name), None
            try:
                self.uploads.check(cleaned, size)
            except RefusalError as error:
                problem = error.say(language)
            exists = self.uploads.path_of(cleaned).is_file()
            found.append({"name": cleaned, "exists": exists, "problem": problem})
        return found

    def progress(self, names: Iterable[str], language: str) -> dict[str, Any]:
        """How far the indexing is, and what became of these files."""
        running = self.indexer.running  # asked first: what ends after this is told the next time
        files = {name: self._outcome(name, language) for name in names}
        return {**asdict(self.indexer.progress), "running": running, "outcomes": files}

    def _outcome(self, name: str, language: str) -> dict[str, Any]:
        path = self.uploads.path_of(name)
        entry = self.listing.at(path)
        if entry is None or entry.state is State.CHANGED:
            return {"state": "pending" if path.is_file() else "gone"}
        reasons = [reason_in(language, reason) for reason in entry.reasons]
        inside = self.listing.inside(entry.id) if entry.id else 0
        state = entry.state.value
        facts = {"state": state, "id": entry.id, "passages": entry.passages, "inside": inside}
        return {**facts, "reasons": reasons}

    def cancel(self, names: Iterable[str]) -> list[str]:
        """Take back what of these files is not in the index yet; the names of those."""
        self.indexer.stop()
        taken = []
        for name in names:
            path = self.uploads.path_of(name)
            if path.is_file() and self.listing.at(path) is None:
                path.unlink(missing_ok=True)
                taken.append(name)
        if any(self.listing.at(path.resolve()) is None for path in self.uploads.files()):
            self.indexer.start()  # somebody else's
        return taken

    def remove(self, keys: Sequence[str]) -> int:
        """Take documents out of the index, and off the disk what was added here; how many.

        What is in a file goes with it. Raises RefusalError, and IndexStateError where the index
        cannot be written.
        """
        if self.indexer.running:
            raise RefusalError(Refusal.LOCKED)
        removed = 0
        for key in keys:
            entry = self._outermost(key)
            if entry is None:
                continue
            try:
                with self.uploads.hidden(Path(entry.source)):
                    if entry.id:
                        self.index.remove([entry.id])
            except IndexLockedError as exc:
                raise RefusalError(Refusal.LOCKED) from exc
            if entry.id is None:
                self.indexer.start()  # so that its reason is forgotten
            removed += 1
        if not removed:
            raise RefusalError(Refusal.UNKNOWN)
        return removed

    def _outermost(self, key: str) -> Entry | None:
        entry = self.listing.find(key)
        while entry is not None and entry.container:
            entry = self.listing.find(f"d:{entry.container}")
        return entry
