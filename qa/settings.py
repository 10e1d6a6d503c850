"""The tuned numbers of the read side: each with its unit, and where and when it was found.

They were chosen by measurements, not by taste. To try another one, hand changed settings to
`qa.search.retriever.Retriever` or to a reader::

    Retriever(index, settings=replace(SETTINGS, search=replace(SETTINGS.search, candidates=200)))
"""

from dataclasses import dataclass, field

__all__ = ["SETTINGS", "AnswerSettings", "CellSettings", "CheckSettings", "SearchSettings"]
__all__ += ["SentenceSettings", "Settings", "SpanSettings", "WritingSettings"]


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How passages are found and ranked."""

    candidates: int = 100
    """Texts of each of the two searches that are ranked. Recall grows little beyond; 2026-11-24."""
    standardised_over: int = 100
    """Best scores of a question that give the mean and the deviation; XQuAD, MLQA, 2026-11-24."""
    lexical_share: float = 0.35
    """Share of BM25, of 1, in one language: training.fusion, 2026-11-28."""
    lexical_share_across: float = 0.1
    """The same across languages, where only names and numbers match: training.fusion, as above."""
    lexical_floor: float = -3.0
    """Least standardised BM25 score: to share no word must not count for more; 2026-11-24."""
    named_part: float = 3.0
    """Points for a passage of the article that a question names: benchmarks.laws, 2026-11-29."""
    named_title: float = 1.0
    """Points for a passage of a document whose title the question names: a deviation, by choice."""
    relevance: tuple[float, float, float, float] = (-23.9, 26.8, 5.1, 1.4)
    """Constant, weights of the cosine, of BM25's share and of another language in the log odds of
    a hit's relevance: training.relevance, 2026-11-29. Of questions held out the area under the
    curve is .926, the calibration error .006: English .992, Spanish .899, across .889."""
    relevance_lexical: tuple[float, float] = (-4.3, 9.1)
    """The same without vectors."""
    spelling_passages: int = 10
    """Best passages with whose words a typing error is compared: XQuAD-es, 2026-11-25."""
    spelling_letters: int = 5
    """Letters of the shortest word that may hold a typing error: XQuAD-es, 2026-11-25."""
    spelling_name_letters: int = 7
    """The same of a name, for Marta is not María: XQuAD-es, 2026-11-25."""


@dataclass(frozen=True, slots=True)
class SpanSettings:
    """How the span reader chooses what it quotes: benchmarks.answers, 2026-11-25 to 2026-11-28."""

    passages: int = 5
    """Best hits that are read."""
    read_first: int = 2
    """Of these, how many are read before the others, which may then be left unread."""
    settled_head: float = 2.0
    """Head, a logit, from which on an answer may be sure enough for that: by choice."""
    settled_ahead: float = 2.5
    """Points of the search that its score must be ahead of the others' unread: by choice."""
    reranked: int = 10
    """Best hits that ``search(rerank=True)`` reads."""
    max_passage_gap: float = 3.0
    """Points of the search by which a passage that is read may be behind the first hit."""
    margin_weight: float = 0.3
    """Points of the search that a point of the span model's margin is worth."""
    head_weight: float = 0.3
    """The same of the model's head."""
    max_quotes: int = 3
    """Quotes of an answer."""
    max_quoted_characters: int = 600
    """Characters of all quotes together."""
    max_quote_gap: float = 5.5
    """Points by which a further quote may be behind the best. On 80 questions of SQuAD-es the
    quotes then hold .75 of the answers, with 4 points .74; they are 5 % longer, SQuAD's 19 %."""
    max_highlight_gap: float = 1.5
    """The same of a quote whose words are marked, as another answer."""
    no_statement_penalty: float = 3.0
    """Points that a question or a heading loses, since it states nothing; so does a span
    that cannot be of the type asked for."""
    impossible_doubt: float = 8.0
    """Points that the margin of such a span loses where nothing better was found: by choice."""
    covered_across: float = 0.5
    """Share of words, 0 to 1, that counts as shared with a passage in another language."""
    max_ahead: float = 6.0
    """Points by which a quote is ahead of other documents' where no other was read."""


@dataclass(frozen=True, slots=True)
class SentenceSettings:
    """How the sentence reader chooses: XQuAD in Spanish and English, 2026-11-24."""

    passages: int = 5
    """Best hits that are read."""
    word_weight: float = 0.7
    """Standard scores of shared word stems, beside 1 of similarity."""
    pair_weight: float = 0.5
    """The same of the similarity of a sentence together with the one before it."""
    kind_weight: float = 0.5
    """The same of holding the kind of thing that is asked for."""
    paired_sentences: int = 10
    """Best sentences that are also compared together with the one before."""
    max_quotes: int = 3
    """Sentences of an answer."""
    max_quoted_characters: int = 600
    """Characters of all quotes together."""
    max_quote_gap: float = 1.2
    """Standard scores by which a further sentence may be behind the best."""
    covered_across: float = 0.7
    """Share of words, 0 to 1, that counts as shared with a passage in another language."""


@dataclass(frozen=True, slots=True)
class CellSettings:
    """How a cell of a table is taken for the answer: benchmarks.cells, 2026-11-29."""

    fit_bias: float = -4.0
    """Log odds of a cell of which nothing is known."""
    fit_weights: tuple[float, ...] = (2.7, 1.0, 1.45, 1.45, 0.65, -0.5, 0.3, -1.75)
    """Log odds for each of the measures of `qa.readers.cells.read_cells`."""
    points: float = 2.0
    """Points of the search that the row of a cell gains that answers for sure, and others lose."""
    lacking: float = 2.0
    """Points of the model's margin that spans in a table lose which lacks what is asked for."""
    decisive: float = 0.5
    """Fit, 0 to 1, from which on the cell is marked, whatever the model marks in its row: .81 of
    such cells are the answer, impossible questions among them, in parts that were not fitted on."""
    head_weight: float = 0.5
    """Log odds that a point of the model's head adds to those of a decisive cell: by choice, for
    seven such cells are too few to fit it."""
    surest: float = 0.98
    """Fit, 0 to 1, above which it counts no more."""


@dataclass(frozen=True, slots=True)
class AnswerSettings:
    """How answers are put together; 2026-11-25."""

    hits: int = 10
    """Hits that a reader gets, and that are offered where there is no answer."""
    max_joined_characters: int = 600
    """Characters quoted to answer two questions of one message."""
    whole_confidence: float = 0.8
    """Confidence, at least, in a list, a definition or a statement over which every word of the
    question stands: benchmarks.kinds, 2026-11-29."""
    suggested_share: float = 0.4
    """How far up from the threshold (0) to certainty (1) the confidence in an answer stands, at
    least, for its question to be suggested: .85 with the bundled reader. Some 130 questions made
    from laws, minutes, conferences and articles were read by hand: those between .75 and .85 were
    often vague or answered beside the point, those above seldom; 2026-11-29."""
    copied_words: float = 0.8
    """Share of their words, 0 to 1, from which on one quote is a copy of another."""


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """How a language model is asked, and when what it wrote is shown: by choice, 2026-11-29."""

    passages: int = 5
    """Best hits that it is given."""
    characters: int = 4000
    """Characters of all these together, about 1,000 tokens."""
    strange_words: float = 0.1
    """Share of a written sentence's words that its passages may lack, in the place of that of
    `CheckSettings`: by choice strict, for the quotes are there instead. It was chosen with 36
    answers of a small model to XQuAD-es in sight: measure it on other sets; 2026-11-29."""
    beside: float = -3.2
    """Head of the reading model, a logit, below which a sentence read alone does not answer: of 60
    sentences of SQuAD-es that hold the answer .05 are below, of 60 others .85, 2026-11-29."""
    agreed: float = 0.5
    """Share of the words that the reader marks which a sentence is to have: by choice."""
    least_share: float = 0.5
    """Share of its sentences that must pass the check for the others to be left out; else the
    quotes take the place of all."""


@dataclass(frozen=True, slots=True)
class CheckSettings:
    """How a written sentence is compared with its passages: benchmarks.verification."""

    strange_words: float = 0.5
    """Share of a sentence's words, 0 to 1, that its passages may lack."""
    asked_doubt: float = 0.3
    """Share of the least probability that is asked of a value or name which the question has: on
    the development part an earlier fit struck .24 of the true ones made of questions, without it
    .28; 2026-11-29."""
    least_alike: float = 0.8
    """Cosine of a sentence with the most similar one of a passage in another language: parallel
    texts' own sentences are above .83, .8 of their neighbours' and others' below .8; 2026-11-29."""


@dataclass(frozen=True, slots=True)
class Settings:
    """All tuned numbers of the read side."""

    search: SearchSettings = field(default_factory=SearchSettings)
    spans: SpanSettings = field(default_factory=SpanSettings)
    sentences: SentenceSettings = field(default_factory=SentenceSettings)
    cells: CellSettings = field(default_factory=CellSettings)
    answers: AnswerSettings = field(default_factory=AnswerSettings)
    writing: WritingSettings = field(default_factory=WritingSettings)
    checking: CheckSettings = field(default_factory=CheckSettings)


SETTINGS = Settings()
"""The numbers that qa works with."""
