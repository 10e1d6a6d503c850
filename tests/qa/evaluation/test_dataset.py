"""A person's own questions: CSV and lines of JSON.

Files that bring paragraphs are in tests/qa/evaluation/test_evaluate.py.
"""

import json
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.errors import InputError
from qa.evaluation import dataset as questions
from qa.evaluation.dataset import Question

LINES = [
    {"question": "¿Qué lago?", "answer": "Caspio", "document": "mar:1.txt", "paragraph": 2},
    {"question": "¿Quién?", "answer": ""},
    {"question": "¿Con qué?", "answer": ["agua", "sal", "agua"], "document": None},
]
EXPECTED = (
    Question("line 1", "¿Qué lago?", "", ("Caspio",), "mar:1.txt", 2),
    Question("line 2", "¿Quién?", "", ()),
    Question("line 3", "¿Con qué?", "", ("agua", "sal")),
)


def write(folder: Path, name: str, text: str) -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8", newline="")
    return path


def test_lines(tmp_path: Path) -> None:
    """Columns may be missing or null, and an answer may be several."""
    text = "\n".join(json.dumps(line, ensure_ascii=False) for line in LINES)
    sets = questions.read(write(tmp_path, "own.jsonl", text))
    assert sets.questions == EXPECTED
    assert not sets.paragraphs


@pytest.mark.parametrize("end", ["\n", "\r\n"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(delimiter: str, end: str, tmp_path: Path) -> None:
    """As spreadsheets write it: with a byte order mark, semicolons, empty lines, other columns."""
    rows = [
        ("Question", "notes", "answer", "document", "paragraph"),
        ('"¿Qué, cuál; y\tdónde?"', "x", '"el ""mar"""', "a.txt", " 3 "),
        ("", "", "", "", ""),
        ("¿Quién?", "", "", "", ""),
    ]
    text = "\ufeff" + end.join(delimiter.join(row) for row in rows) + end
    sets = questions.read(write(tmp_path, "own.CSV", text))
    assert sets.questions == (
        Question("line 2", "¿Qué, cuál; y\tdónde?", "", ('el "mar"',), "a.txt", 3),
        Question("line 4", "¿Quién?", "", ()),
    )


@pytest.mark.parametrize(
    ("name", "text", "words"),
    [
        ("a.csv", "", "no column named question"),
        ("a.csv", "frage,answer\nx,y\n", "no column named question"),
        ("a.csv", "question,answer\n", "has no questions"),
        ("a.csv", "question,answer\n,y\n", "line 2: there is no question"),
        ("a.csv", 'question,answer\n"x,y\n', "not CSV"),
        ("a.csv", "question,document,paragraph\nx,d,0\n", "line 2: the paragraph"),
        ("a.csv", "question,document,paragraph\nx,d,dos\n", "line 2: the paragraph"),
        ("a.csv", "question,paragraph\nx,2\n", "line 2: a paragraph needs the document"),
        ("a.jsonl", '{"question": " "}', "line 1: there is no question"),
        ("a.jsonl", '{"question": "x"}\n{"question": 3}', "line 2: there is no question"),
        ("a.jsonl", '{"question": "x", "answer": 3}', "line 1: the answer"),
        ("a.jsonl", '{"question": "x", "document": 3}', "line 1: the document"),
        ("a.jsonl", '{"question": "x", "document": "d", "paragraph": []}', "the paragraph"),
    ],
)
def test_refuses(name: str, text: str, words: str, tmp_path: Path) -> None:
    """What is wrong is said in a sentence that names the file and the line."""
    path = write(tmp_path, name, text)
    with pytest.raises(InputError, match=words) as caught:
        questions.read(path)
    assert str(caught.value).startswith(str(path))


def test_paragraphs_of_others_are_refused(tmp_path: Path) -> None:
    """A pool is of no use to questions about an index."""
    path = write(tmp_path, "own.csv", "question\n¿Qué?\n")
    with pytest.raises(InputError, match="brings no paragraphs"):
        questions.read(path, pool=[path])


TEXT = st.text(st.characters(codec="utf-8", exclude_categories=["Cc"]), min_size=1).filter(
    lambda text: bool(text.strip()) and text == text.strip()
)


@given(
    st.lists(
        st.builds(
            Question,
            st.just(""),
            TEXT,
            st.just(""),
            st.lists(TEXT, max_size=1).map(tuple),
            TEXT,
            st.integers(1, 99) | st.none(),
        ),
        min_size=1,
        max_size=4,
    ),
    st.booleans(),
)
@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
def test_what_is_written_is_read(tmp_path: Path, asked: list[Question], as_csv: bool) -> None:
    """Both formats keep every question, answer and place."""
    text = questions.write(asked, as_csv=as_csv)
    path = write(tmp_path, "draft.csv" if as_csv else "draft.jsonl", text)
    read = questions.read(path).questions
    assert [(q.text, q.answers, q.document, q.number) for q in read] == [
        (q.text, q.answers, q.document, q.number) for q in asked
    ]
