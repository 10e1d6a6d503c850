"""An evaluation as one HTML file that reads without a network: figures, plots, failures.

It holds no script and loads nothing, and its policy forbids both: whatever a document says is text.
"""

import base64
import hashlib
from collections.abc import Iterator, Sequence
from html import escape
from importlib.resources import files

from qa.evaluation import metrics as measures
from qa.evaluation.charts import Axis, Bar, Series, chart
from qa.evaluation.results import Evaluation, Result, reliability

__all__ = ["render"]

MOST = 200  # failures shown of each kind
SHARES = (0.0, 0.25, 0.5, 0.75, 1.0)
TILES = {
    "answer in quotes": "quotes hold the answer",
    "answer in best quote": "best quote holds the answer",
    "short answer f1": "short answer, F1",
    "answerable answered": "of answerable, answered",
    "unanswerable answered": "of unanswerable, answered",
    "abstention auroc": "abstention, AUROC",
    "calibration error": "calibration error",
    "mrr@10": "MRR@10",
    "ndcg@10": "nDCG@10",
}


def render(evaluation: Evaluation, name: str) -> str:
    """The page; ``name`` says what was measured, as the file of questions is called."""
    style = files("qa.evaluation").joinpath("report.css").read_text(encoding="utf-8")
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = f"default-src 'none'; style-src 'sha256-{digest}'; base-uri 'none'; form-action 'none'"
    body = [
        _head(evaluation, name),
        _tiles(evaluation),
        _charts(evaluation),
        *_failures(evaluation),
    ]
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{policy}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{_text(name)} · qa eval</title>\n<style>{style}</style>\n</head>\n<body>\n<main>\n"
        + "\n".join(body)
        + "\n</main>\n</body>\n</html>\n"
    )


def _text(value: str) -> str:
    """Text as it is: control characters and half characters, which no page may hold, replaced."""
    shown = "".join(c if c.isprintable() or c.isspace() else "\ufffd" for c in value)
    return escape(" ".join(shown.split()))


def _head(evaluation: Evaluation, name: str) -> str:
    figures = evaluation.figures
    kind = "paragraphs" if "paragraphs" in figures else "documents"
    found = f", {evaluation.calibration.sentence}" if evaluation.calibration else ""
    return (
        f"<h1>{_text(name)}</h1>\n"
        f'<p class="soft">Questions: {figures["questions"]:,.0f}, with an answer: '
        f"{figures['answerable']:,.0f}; {kind} asked: {figures[kind]:,.0f}, passages: "
        f"{figures['passages']:,.0f}. Answered from a confidence of {evaluation.threshold:.2f}"
        f"{found}.</p>"
    )


def _tiles(evaluation: Evaluation) -> str:
    shown = []
    for name, value in evaluation.figures.items():
        if name in TILES or name.startswith("recall@"):
            ratio = name in {"abstention auroc", "calibration error", "mrr@10", "ndcg@10"}
            number = f"{value:.3f}" if ratio else f"{100 * value:.1f}%"
            label = TILES.get(name) or (
                "found first" if name == "recall@1" else f"found within the first {evaluation.k}"
            )
            shown.append(f'<div class="tile"><dt>{label}</dt><dd>{number}</dd></div>')
    return f'<h2>Figures</h2>\n<dl class="tiles">{"".join(shown)}</dl>'


# Plots


def _charts(evaluation: Evaluation) -> str:
    plots = [_recall(evaluation)]
    sure = [result for result in evaluation.results if result.confidence is not None]
    if sure:
        plots += [_risk(sure, evaluation.threshold), _reliability(sure)]
    return f'<h2>Plots</h2>\n<div class="charts">{"".join(plots)}</div>'


def _figure(title: str, drawn: str, caption: str) -> str:
    return f"<figure><h3>{title}</h3>{drawn}<figcaption>{caption}</figcaption></figure>"


def _recall(evaluation: Evaluation) -> str:
    title = "Recall by k"
    places = [result.place for result in evaluation.results if result.question.answers]
    if not places:
        return _figure(title, "", "No question has an answer, so there is nothing to be found.")
    points = [
        (float(k), sum(place is not None and place <= k for place in places) / len(places))
        for k in range(1, evaluation.depth + 1)
    ]
    step = max(1, evaluation.depth // 10)
    x = Axis(
        "k: passages looked at",
        max(2.0, evaluation.depth),
        [1, *range(2 if step == 1 else step, evaluation.depth + 1, step)],
        start=1,
        percent=False,
    )
    dots = [(point, 3.5, f"k = {point[0]:.0f}: {point[1]:.1%}") for point in points]
    drawn = chart(title, x, Axis("questions", 1, SHARES), [Series(points, dots=dots)])
    return _figure(
        title, drawn, "The share of questions whose expected passage is among the first k."
    )


def _risk(sure: Sequence[Result], threshold: float) -> str:
    title = "Risk and coverage"
    confidences = [result.confidence or 0.0 for result in sure]
    curve = measures.risk_coverage(confidences, [result.held for result in sure])
    points = [(coverage, risk) for coverage, risk, _ in curve]
    at = [point for point in curve if point[2] >= threshold][-1:]
    dots = [
        ((coverage, risk), 6.0, f"at {threshold:.2f}: {coverage:.1%} answered, {risk:.1%} wrong")
        for coverage, risk, _ in at
    ]
    top = next(end for end in (0.1, 0.2, 0.5, 1.0) if end >= max(risk for _, risk in points))
    y = Axis("answers that are wrong", top, [top * share for share in SHARES[::2]])
    x = Axis("questions answered", 1, SHARES)
    drawn = chart(title, x, y, [Series(points, dots=dots)])
    now = f" The dot is the threshold, {threshold:.2f}: {dots[0][2][9:]}." if dots else ""
    return _figure(
        title,
        drawn,
        "Answering from the surest question on: of those answered, how many quotes lack a known "
        f"answer.{now}",
    )


def _reliability(results: Sequence[Result]) -> str:
    """The reliability diagram: confidence in bins against the share that is right, and a table.

    See `qa.evaluation.results.reliability`, and for the error
    `qa.evaluation.metrics.calibration_error`.
    """
    title = "Reliability"
    bins = reliability(results)
    if not bins:
        return _figure(title, "", "Nothing was quoted, so no confidence can be judged.")
    rows = [
        (f"{group.low:.0%} to {group.high:.0%}", group.confidence, group.share, group.count)
        for group in bins
    ]
    bars = [
        Bar(
            group.low,
            group.high,
            group.share,
            str(count),
            f"{name} sure: {share:.0%} of {count} right, {sure:.0%} sure on average",
        )
        for group, (name, sure, share, count) in zip(bins, rows, strict=True)
    ]
    x, y = Axis("confidence", 1, SHARES), Axis("quotes that answer rightly", 1, SHARES)
    dots = [((group.confidence, group.share), 4.0, "on average") for group in bins]
    spoken = f"{title}. {'; '.join(bar.title for bar in bars)}."
    drawn = chart(spoken, x, y, [Series([(0, 0), (1, 1)], "ideal"), Series((), dots=dots)], bars)
    caption = (
        "Of the questions for which anything is quoted, the share whose quotes hold a known "
        "answer, by confidence; the numbers count questions, the dots stand at the mean "
        "confidence. On the dashed line confidence keeps its word; the mean distance from it, the "
        f"expected calibration error, is {measures.calibration_error(bins):.3f}."
    )
    return _figure(title, drawn + _table(rows), caption)


def _table(rows: Sequence[tuple[str, float, float, int]]) -> str:
    """What the reliability diagram shows, in numbers."""
    head = "".join(
        f'<th scope="col">{name}</th>'
        for name in ("confidence", "on average", "answered rightly", "questions")
    )
    body = "".join(
        f'<tr><th scope="row">{name}</th><td>{sure:.1%}</td><td>{share:.1%}</td>'
        f"<td>{count}</td></tr>"
        for name, sure, share, count in rows
    )
    return (
        "<details><summary>The same as a table</summary><table><thead><tr>"
        f"{head}</tr></thead><tbody>{body}</tbody></table></details>"
    )


# Failures


def _failures(evaluation: Evaluation) -> Iterator[str]:
    """The questions that went wrong, by how; nothing under a kind that has none."""
    results = evaluation.results
    answerable = [result for result in results if result.question.answers]
    kinds = {
        "Answered, though the documents do not say": [
            result for result in results if result.answered and not result.question.answers
        ],
        "Answered with other words than expected": [
            result for result in answerable if result.answered and not result.held
        ],
        "Not answered, though the documents say": [
            result for result in answerable if result.answered is False
        ],
        f"Expected passage not among the first {evaluation.k}": [
            result
            for result in answerable
            if result.answered is None and (result.place is None or result.place > evaluation.k)
        ],
    }
    yield "<h2>Failures to read</h2>"
    if not any(kinds.values()):
        yield "<p>None.</p>"
    for name, failed in kinds.items():
        if failed:
            more = f' <span class="soft">(the first {MOST})</span>' if len(failed) > MOST else ""
            cases = "\n".join(_case(result, evaluation) for result in failed[:MOST])
            summary = f"<summary>{name}: {len(failed)}{more}</summary>"
            yield f"<details open>{summary}\n{cases}\n</details>"


def _case(result: Result, evaluation: Evaluation) -> str:
    question = result.question
    rows = [("expected", " / ".join(map(_text, question.answers)) or "no answer")]
    if question.document:
        paragraph = f", ¶ {question.number}" if question.number else ""
        rows.append(("in", f"{_text(question.document)}{paragraph}"))
    if question.answers:
        place = (
            f"not among the first {evaluation.depth}" if result.place is None else str(result.place)
        )
        rows.append(("rank", place if result.place else f'<span class="bad">{place}</span>'))
    if result.confidence is not None:
        rows.append(("confidence", f"{result.confidence:.2f}"))
    if result.short:
        rows.append(("short answer", _text(result.short)))
    if result.quotes is not None:
        label = "quoted" if result.answered else "would have quoted"
        quotes = "".join(_quote(quote, question.answers) for quote in result.quotes)
        rows.append((label, quotes or "nothing"))
    shown = "".join(f"<dt>{name}</dt><dd>{value}</dd>" for name, value in rows)
    return f'<div class="case" dir="auto"><h3>{_text(question.text)}</h3><dl>{shown}</dl></div>'


def _quote(quote: str, golden: Sequence[str]) -> str:
    """A quote, the known answer marked where it stands."""
    text = _text(quote)
    for answer in sorted(map(_text, golden), key=len, reverse=True):
        place = text.casefold().find(answer.casefold())
        # Folding may change the length of a text (ß); then nothing is marked.
        if answer and place >= 0 and len(text) == len(text.casefold()):
            end = place + len(answer)
            text = f"{text[:place]}<mark>{text[place:end]}</mark>{text[end:]}"
            break
    return f"<blockquote>{text}</blockquote>"
