"""What the command line prints: tables and text for people, one JSON document for programs."""

import json
import sys
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from qa import serialize
from qa.answering.refusals import sentences, told
from qa.cli.mentioned import lines_of
from qa.reports import telling
from qa.types import Answer, Citation, Hit, Mentions, Refusal, Written

if TYPE_CHECKING:
    from index.copy import Copied
    from index.storage.catalog import DocumentInfo
    from index.sync.health import Health
    from index.sync.sync import Progress, Report, Step
    from index.sync.verify import Verification
    from qa.calibration.standing import Standing
    from qa.evaluation.calibrate import Calibrated
    from qa.evaluation.explain import Explanation, Stage
    from qa.reports.checking import CheckedReport

__all__ = [
    "answer",
    "calibration",
    "checked_report",
    "copied",
    "explanation",
    "figures",
    "hits",
    "mentions",
    "progress_bar",
    "report",
    "say",
    "status",
    "verification",
]

_TRACES = 3  # expected passages of a document that get a table of their own; --json has all
_POOR = 0.8  # the confidence of OCR below which a page is named
_FILES = 20  # files of one kind that are listed; --json lists all


def say(text: str, *, style: str | None = None, error: bool = False) -> None:
    """Print a text as it is: no markup in it works, no control character reaches a terminal."""
    from rich.console import Console
    from rich.text import Text

    clean = "".join(_shown(sign) for sign in text)
    console = Console(stderr=error, highlight=False, soft_wrap=not sys.stdout.isatty())
    console.print(Text(clean, style=style or ""))


def _shown(sign: str) -> str:
    """A character as a terminal may have it: nothing that steers it or reorders a line."""
    if sign.isprintable() or sign in "\n\t":
        return sign
    return " " if sign.isspace() else ""


def _line(text: str) -> str:
    """A name on one line, so that no name of a file begins a line of its own."""
    return " ".join(text.split())


def _indented(text: str) -> str:
    """A passage's further lines below its first, so that none looks like one of ours."""
    return text.replace("\n", "\n  ")


def _print_json(value: object) -> None:
    written = json.dumps(value, ensure_ascii=False, indent=2)
    # What a terminal would obey stands in strings alone, where its code means the same.
    shown = (c if c.isprintable() or c == "\n" else json.dumps(c)[1:-1] for c in written)
    sys.stdout.write("".join(shown) + "\n")


def hits(hits: Sequence[Hit], *, as_json: bool = False) -> None:
    """The passages of a search, best first."""
    if as_json:
        _print_json(serialize.hits_json(hits))
        return
    for rank, hit in enumerate(hits, 1):
        say(
            f"[{rank}] {_place(hit.citation, hit.passage.language)}  ({hit.score:.2f})",
            style="bold",
        )
        say(f"{_indented(hit.text)}\n")
    if not hits:
        say("Nothing found.")


def answer(answer: Answer, *, as_json: bool = False) -> None:
    """An answer with its citations, or that there is none and the closest passages."""
    if as_json:
        _print_json(serialize.answer_json(answer))
        return
    if answer.mentions and answer.found:
        mentions(answer.mentions, answer.language)
        return
    if answer.searched_for != answer.question:
        say(f"→ {answer.searched_for}", style="dim")
    if answer.short:
        say(answer.short, style="bold")
    say(f"{_text(answer)}\n")
    if answer.written and answer.written.shown:
        say(_written(answer.written, answer.language), style="dim")
    for number, citation in enumerate(answer.citations, 1):
        say(f"[{number}] {_place(citation, answer.language)}", style="dim")
    if not answer.found and answer.hits:
        closest = "The closest passages:" if answer.language == "en" else "Lo más cercano:"
        say(closest, style="dim")
        for citation in _closest(answer):
            say(f"- {_shorten(citation.quote)}  ({_place(citation, answer.language)})", style="dim")


def _written(written: Written, language: str) -> str:
    if language == "en":
        return f"Written by {written.model} from these passages, and checked against them:"
    return f"Escrito por {written.model} con estos pasajes, y comprobado con ellos:"


def mentions(found: Mentions, language: str, *, as_json: bool = False) -> None:
    """Where a phrase stands, by document, and how often."""
    if as_json:
        _print_json(serialize.mentions_json(found))
        return
    for line, style in lines_of(found, language):
        say(line, style=style)
    if found.beyond:
        say("qa find --limit 0 quotes them all.", style="dim", error=True)


def _text(answer: Answer) -> str:
    """The answer's text; a refusal's without the quote of what is nearest, which is listed."""
    if answer.refusal is None:
        text = answer.text
        for quote in {citation.quote for citation in answer.citations}:
            text = text.replace(quote, _indented(quote))
        return text
    first = answer.text.split("\n", 1)[0]
    return "\n".join((first, *_told(answer.refusal, answer.language)))


def _told(refusal: Refusal, language: str) -> list[str]:
    """The sentences of a refusal, a line each."""
    said = zip(sentences(refusal, language), told(refusal, language), strict=True)
    return [
        _line(full)
        if one.citation is None or one.citation is not refusal.nearest
        else f"{_line(one.text)}."
        for one, full in said
        if one.text
    ]


def _closest(answer: Answer) -> list[Citation]:
    """The three closest passages, of the first what tells most."""
    closest = [hit.citation for hit in answer.hits[:3]]
    nearest = answer.refusal and answer.refusal.nearest
    return [nearest, *closest[1:]] if nearest else closest


def _place(citation: Citation, language: str | None) -> str:
    date = f", {citation.date}" if citation.date else ""
    sheet, by_ocr = ("sheet", "read by OCR") if language == "en" else ("hoja", "leído por OCR")
    page = f", p. {citation.page}" if citation.page else ""
    if citation.page_label not in {None, str(citation.page)}:
        page = f", p. {citation.page_label} ({sheet} {citation.page})"
    ocr = "" if citation.ocr is None else f", {by_ocr}"
    return _line(f"{citation.document_id}{date}{page}, ¶ {citation.paragraph}{ocr}")


def _shorten(text: str, length: int = 160) -> str:
    text = " ".join(text.split())
    return text if len(text) <= length else f"{text[: length - 1]}…"


def figures(figures: Mapping[str, float], *, as_json: bool = False) -> None:
    """The figures of an evaluation by name."""
    if as_json:
        _print_json(serialize.figures_json(figures))
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("measure", "value")
    for name, value in figures.items():
        table.add_row(name, f"{value:,}" if isinstance(value, int) else f"{value:.4f}")
    Console().print(table)


def explanation(explanation: "Explanation", *, as_json: bool = False) -> None:
    """Where an expected passage was lost: the sentence, and a table of its stages."""
    if as_json:
        _print_json(serialize.explanation_json(explanation))
        return
    from rich.console import Console
    from rich.table import Table

    say(f"{explanation.sentence}\n", style="bold")
    if explanation.refusal:
        say("\n".join(told(explanation.refusal, explanation.language)) + "\n", style="dim")
    for trace in explanation.traces[:_TRACES]:
        passage = trace.passage
        say(f"{passage.document_id}, ¶ {passage.paragraph}: {_shorten(passage.text)}")
        table = Table("stage", "rank", "score", "to pass", "passed")
        for stage in trace.stages:
            table.add_row(*_stage_row(stage))
        Console().print(table)
    if explanation.calibration:
        say(f"The threshold is {explanation.calibration.sentence}.", style="dim")
    if (left := len(explanation.traces) - _TRACES) > 0:
        say(f"and {left} more passages: --json shows them all.", style="dim")


def _stage_row(stage: "Stage") -> tuple[str, ...]:
    score = "-" if stage.score is None else f"{stage.score:.3f}"
    passed = "yes" if stage.passed else "no"
    if stage.name == "threshold":
        return stage.name, "-", score, f"score ≥ {stage.limit:.2f}", passed
    rank = "-" if stage.rank is None else str(stage.rank)
    return stage.name, rank, score, f"rank ≤ {stage.limit:.0f}", passed


def report(report: "Report", *, as_json: bool = False) -> None:
    """What a sync did; on standard error, because it is no answer to a question."""
    if as_json:
        _print_json(serialize.report_json(report))
        return
    for source, reason in report.failed.items():
        say(_line(f"not indexed: {source}: {reason}"), error=True)
    for id, lines in report.incomplete.items():
        for line in lines:
            say(_line(f"not whole: {id}: {line}"), error=True)
    kinds = ("added", "changed", "moved", "removed", "unchanged")
    counts = [f"{len(getattr(report, kind))} {kind}" for kind in kinds]
    if report.reread:
        counts.append(f"{len(report.reread)} read anew, since an earlier release had read them")
    if report.skipped:
        counts.append(f"{len(report.skipped)} skipped (no documents)")
    counts.append(f"{len(report.failed)} failed")
    passages = f"{report.passages} passages, {report.embedded} of them embedded"
    if report.renewed:
        passages += f", {report.renewed} embedded anew with other weights"
    say(f"{', '.join(counts)}; {passages}, in {report.seconds:.1f} s", error=True)


def copied(copied: "Copied", *, as_json: bool = False) -> None:
    """Print what was copied, and the verdict."""
    if as_json:
        _print_json(asdict(copied))
        return
    there = f" ({copied.present} were there)" if copied.present else ""
    say(
        f"{copied.documents} documents{there} and {copied.passages} passages copied to "
        f"{copied.target} in {copied.seconds:.1f} s"
    )
    say(f"Both are equal, by counts and checksums: {copied.checksum[:16]}")


def calibration(found: "Calibrated", *, is_stored: bool, as_json: bool = False) -> None:
    """The threshold that a calibration chose, or that none keeps the promise."""
    if as_json:
        _print_json(serialize.calibration_json(found, is_stored=is_stored))
        return
    promise = (
        f"at most {found.share:.1%} of the answers wrong, with {found.confidence:.0%} confidence"
    )
    chosen, failed = found.choice.chosen, found.choice.failed
    if chosen is None and failed:
        say(
            f"No threshold keeps {promise}: of the {failed.answers} surest answers {failed.wrong} "
            "are wrong. Nothing was stored; add questions, or allow more with --wrong."
        )
        return
    if chosen:
        where = "stored with the index" if is_stored else "not stored"
        say(f"threshold: {chosen.threshold:.3f}, {where} (the reader's own is {found.own:.2f})")
        counted = f"{chosen.wrong} of {chosen.answers} here, bound {chosen.bound:.1%}"
        say(f"promised: {promise} ({counted})")
    say(f"still answered: {_of(found.answerable_answered, found.answerable)} with an answer")
    if found.unanswerable:
        without = _of(found.unanswerable_answered, found.unanswerable)
        say(f"answered all the same: {without} without one, bound {found.unanswerable_bound:.1%}")
    else:
        say("none of the questions is without an answer: add some, as people ask such too")


def _of(some: int, all_of_them: int) -> str:
    share = f" ({some / all_of_them:.1%})" if all_of_them else ""
    return f"{some} of {all_of_them} questions{share}"


def status(
    health: "Health",
    documents: Sequence["DocumentInfo"],
    answers: "Standing",
    *,
    index: str,
    model: str | None,
    as_json: bool = False,
) -> None:
    """What is in an index, and what is wrong with it."""
    if as_json:
        _print_json(serialize.status_json(health, documents, answers, index=index, model=model))
        return
    size = f"{health.size / 1e6:,.1f} MB"
    say(f"{index}: {health.documents} documents, {health.passages} passages, {size}")
    say(f"model: {model}")
    _threshold(answers)
    for info in documents:
        language = info.language or "?"
        title = _line(info.title or "")
        say(f"  {_line(info.id)}  {language}  {info.passages} passages  {title}".rstrip())
    for folder, when in health.folders.items():
        say(_line(f"in step with {folder} on {when}"))
    for kind, lines in _problems(health).items():
        for line in lines[:_FILES]:
            say(f"  {kind}: {_line(line)}")
        if len(lines) > _FILES:
            say(f"  {kind}: and {len(lines) - _FILES} more (--json lists them)")
    if health.to_reread:
        again = "were read by an earlier release: qa index reads them again"
        say(f"  {len(health.to_reread)} documents {again}, and until then they are searched as is")
    if health.unpublished:
        say(f"  {health.unpublished} passages are not in the file of vectors yet")
    if health.interrupted:
        say("  the last sync was stopped: run qa index again")
    if health.changed or health.new or health.gone or health.moved:
        say("run qa index again to bring the index in step")


def _threshold(answers: "Standing") -> None:
    """From which confidence on there is an answer, and how often such answers are wrong."""
    found = answers.stored
    if found and not answers.void:
        say(f"threshold: {answers.min_confidence:.3f}, {found.sentence}")
        if answers.changed:
            say("  documents were changed since: to be sure, run qa calibrate again")
        return
    say(f"threshold: {answers.min_confidence:.2f}, the reader's own")
    if found:
        say(f"  void is the one of {found.date}, for {answers.void}: run qa calibrate again")
    for bound in answers.bounds:
        counted = f"{bound.wrong} of {bound.answers} answers wrong"
        most = f"at most {bound.bound:.1%}, with {bound.confidence:.0%} confidence"
        say(f"  {bound.collection}: {counted}, {most}")


def _problems(health: "Health") -> dict[str, list[str]]:
    """What is wrong, by kind, each with the files or documents concerned."""
    return {
        "not indexed": [f"{source}: {reason}" for source, reason in health.failed.items()],
        "skipped": [f"{source}: {reason}" for source, reason in health.skipped.items()],
        "changed since": health.changed,
        "new since": health.new,
        "gone since": health.gone,
        "moved since": health.moved,
        "not in the text": [
            f"{id}: {line}" for id, lines in health.notices.items() for line in lines
        ],
        "read by OCR": [_by_ocr(id, pages) for id, pages in health.ocr.items()],
        "needs a password": health.locked,
        "pages without text": [
            f"{id}: {', '.join(map(str, pages))}" for id, pages in health.empty_pages.items()
        ],
    }


def _by_ocr(id: str, confidences: Sequence[float | None]) -> str:
    """How sure OCR was of a document's pages: on average, and of the worst."""
    pages = [(page, sure) for page, sure in enumerate(confidences, 1) if sure is not None]
    mean = sum(sure for _, sure in pages) / len(pages)
    poor = [f"p. {page} {sure:.2f}" for page, sure in pages if sure < _POOR]
    rest = f"; {', '.join(poor)}" if poor else ""
    return f"{id}: {len(pages)} of {len(confidences)} pages, {mean:.2f} sure{rest}"


def verification(verification: "Verification", *, as_json: bool = False) -> None:
    """Every disagreement, and on standard error how much was compared."""
    if as_json:
        _print_json(serialize.verification_json(verification))
        return
    problems = verification.problems
    for problem in problems:
        say(_line(problem))
    counts = (
        f"{verification.documents} documents, {verification.passages} passages, "
        f"{verification.files} files"
    )
    verdict = f"{len(problems)} problems" if problems else "all agree"
    say(f"{counts}: {verdict}", error=True)


def checked_report(checked: "CheckedReport", *, report: str, as_json: bool = False) -> None:
    """Of each quote of a report whether it stands, and in one line how many do."""
    if as_json:
        _print_json(serialize.checked_report_json(checked, report=report))
        return
    for check in checked.checks:
        say(telling.heading(check, checked.language), style="bold" if check.stands else "bold red")
        say(f"{_shorten(check.quote.words)}\n{telling.told(check, checked.language)}\n")
    say(telling.summary(checked))


@contextmanager
def progress_bar(of: str = "files") -> Iterator["Progress"]:
    """A bar on standard error, only on a terminal: files, passages a second, time left."""
    if not sys.stderr.isatty():
        yield lambda _: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, TextColumn, TimeRemainingColumn
    from rich.progress import Progress as Bar

    columns = (TextColumn("{task.description}"), BarColumn(), TextColumn("{task.fields[done]}"))
    started = time.monotonic()
    with Bar(*columns, TimeRemainingColumn(), console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task("Indexing", total=1.0, done="")

        def draw(step: "Step") -> None:
            rate = step.embedded / max(time.monotonic() - started, 0.1)
            done = f"{step.files}/{step.of} {of}" if step.of else "embedding anew"
            done += f", {rate:.0f} passages/s" if step.embedded else ""
            name = "".join(filter(str.isprintable, step.name))[:40].replace("[", "(")
            bar.update(task, completed=step.share, description=name or "Indexing", done=done)

        yield draw
