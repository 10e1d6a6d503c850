"""The HTML report and its charts: what they show, and that nothing in them acts or loads."""

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from qa.calibration.stored import StoredThreshold
from qa.evaluation import report
from qa.evaluation.charts import Axis, Series, chart
from qa.evaluation.dataset import Question
from qa.evaluation.results import Evaluation, Result

FIGURES = {"questions": 3, "answerable": 2, "documents": 1, "passages": 4, "recall@1": 0.5}


def result(
    text: str = "¿Qué?",
    answers: tuple[str, ...] = ("mar",),
    place: int | None = 1,
    quotes: tuple[str, ...] | None = ("el mar",),
    confidence: float | None = 0.8,
    answered: bool | None = True,
) -> Result:
    question = Question("line 1", text, "", answers, "a.txt", 2)
    return Result(question, place, quotes, None, confidence, answered)


def page(*results: Result) -> str:
    return report.render(Evaluation(FIGURES, results, 5, 10, 0.33), "own.csv")


class Page(HTMLParser):
    """What a browser would make of it: elements with their attributes, and the text."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        """Keep the element."""
        self.tags.append((tag, dict(attrs)))

    def handle_data(self, data: str) -> None:
        """Keep the text."""
        self.words.append(data)


def summaries(text: str) -> list[str]:
    return re.findall(r"<details open><summary>(.*?)</summary>", text)


def test_failures_by_kind() -> None:
    """Each failure stands under what went wrong; what went right does not appear."""
    text = page(
        result("bien"),
        result("otras palabras", quotes=("el lago",), place=None),
        result("callada", quotes=("el mar",), confidence=0.1, answered=False, place=3),
        result("inventada", answers=(), place=None),
        result("sin respuesta", answers=(), confidence=0.1, answered=False, place=None),
    )
    assert summaries(text) == [
        "Answered, though the documents do not say: 1",
        "Answered with other words than expected: 1",
        "Not answered, though the documents say: 1",
    ]
    shown = re.findall(r"<h3>([^<]*)</h3><dl>", text)
    assert shown == ["inventada", "otras palabras", "callada"]
    assert "not among the first 10" in text
    assert "<dt>rank</dt><dd>3</dd>" in text
    assert "<blockquote>el <mark>mar</mark></blockquote>" in text


def test_failures_of_retrieval_alone() -> None:
    """Without answers the failures are the passages that were not found."""
    none = {"quotes": None, "confidence": None, "answered": None}
    text = page(result("lejos", place=7, **none), result("cerca", place=2, **none))  # type: ignore[arg-type]
    assert summaries(text) == ["Expected passage not among the first 5: 1"]
    assert "Reliability" not in text
    assert "None." in page(result("cerca", place=2, **none))  # type: ignore[arg-type]


def test_reliability() -> None:
    """Bars are as high as the share that is right; the same is said in words, and as a table."""
    text = page(
        *[result(confidence=0.85)] * 3,
        result(quotes=("el lago",), confidence=0.89),
        result(answers=(), confidence=0.12, place=None),
        result(quotes=(), confidence=0.0, answered=False),  # nothing quoted: nothing to judge
    )
    (drawn,) = re.findall(r'<svg[^>]*aria-label="(Reliability[^"]*)".*?</svg>', text)
    assert drawn == (
        "Reliability. 10% to 20% sure: 0% of 1 right, 12% sure on average; 80% to 90% sure: 75% of "
        "4 right, 86% sure on average."
    )
    bars = re.findall(r'<rect class="bar" [^>]*height="([\d.]+)"', text)
    assert [float(bar) for bar in bars] == [0.0, pytest.approx(0.75 * 212, abs=0.1)]
    assert re.findall(r'<text class="count"[^>]*>(\d+)<', text) == ["1", "4"]
    assert re.findall(r"<td>(.*?)</td>", text) == ["12.0%", "0.0%", "1", "86.0%", "75.0%", "4"]
    assert "expected calibration error, is 0.112" in text
    nothing = page(result(quotes=(), confidence=0.0, answered=False))
    assert "no confidence can be judged" in nothing


def test_a_calibrated_threshold_is_told() -> None:
    """Where the threshold is from `qa calibrate`, the page says what it promises."""
    assert "Answered from a confidence of 0.33.</p>" in page(result())
    found = StoredThreshold(0.33, 0.05, 0.95, 120, 70, 0, 0.042, "2026-11-29", "r", "m", 1)
    text = report.render(Evaluation(FIGURES, (result(),), 5, 10, 0.33, found), "own.csv")
    assert (
        "from a confidence of 0.33, calibrated 2026-11-29 on 120 questions: at most 5.0% of the "
        "answers wrong, with 95% confidence.</p>"
    ) in text


def test_threshold_on_the_curve() -> None:
    """The dot and the caption say what the threshold means on these questions."""
    text = page(result(), result(quotes=("no",)), result(confidence=0.1, answered=False))
    assert "66.7% answered, 50.0% wrong" in text


HOSTILE = [
    "<script>alert(1)</script>",
    "<img src=x onerror=alert(1)>",
    '"><svg onload=alert(1)>',
    "</style><script>",
    "\x00\x1b]0;x\x07\u202e",
    "&lt;b&gt;",
]


@given(st.lists(st.sampled_from(HOSTILE) | st.text(max_size=20), min_size=4, max_size=4))
@settings(max_examples=50, deadline=None)
def test_whatever_is_said_is_text(words: list[str]) -> None:
    """No text of a document, a question or a file's name adds an element or an attribute."""
    question, answer, quote, name = words
    plain = Page(page(result("q", ("a",), None, ("b",))))
    asked = Question("1", question, "", (f"{answer}é",), f"{quote}.txt", 2)
    hostile = Result(asked, None, (quote,), None, 0.8, True)
    text = report.render(Evaluation(FIGURES, (hostile,), 5, 10, 0.33), name)
    tags = [tag for tag in Page(text).tags if tag[0] != "mark"]
    assert tags == plain.tags
    text.encode("utf-8")


def test_nothing_acts_or_loads() -> None:
    """No script, no address, no inline style; the policy names the one style sheet by its hash."""
    text = page(result(), result(answers=()))
    found = Page(text)
    for tag, attributes in found.tags:
        assert tag not in {"script", "link", "img", "iframe", "object", "base", "form"}
        assert not {"src", "href", "style", "action"} & set(attributes)
        assert not [name for name in attributes if name.startswith("on")]
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    assert "url(" not in style
    assert "@import" not in style
    digest = base64.b64encode(hashlib.sha256(style.encode()).digest()).decode()
    policy = next(a["content"] for t, a in found.tags if t == "meta" and "http-equiv" in a)
    assert policy is not None
    assert f"style-src 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")


def test_chart() -> None:
    """Points lie where their values say, between the axes; titles are escaped."""
    x, y = Axis("x", 10, [1, 10], start=1, percent=False), Axis("y", 1, [0, 0.5, 1])
    line = Series([(1, 0), (10, 1)], dots=[((5.5, 0.5), 4, "a<b")])
    root = ET.fromstring(chart("t & u", x, y, [line]))  # noqa: S314  # our own
    assert root.get("aria-label") == "t & u"
    (polyline,) = root.iter("polyline")
    (x1, y1), (x2, y2) = (map(float, p.split(",")) for p in (polyline.get("points") or "").split())
    (dot,) = root.iter("circle")
    assert float(dot.get("cx") or 0) == pytest.approx((x1 + x2) / 2, abs=0.1)
    assert float(dot.get("cy") or 0) == pytest.approx((y1 + y2) / 2, abs=0.1)
    assert x1 < x2
    assert y2 < y1
    assert dot[0].text == "a<b"
    marks = [text.text for text in root.iter("text")]
    assert marks == ["0%", "50%", "100%", "1", "10", "x", "y"]
