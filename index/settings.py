"""The numbers of the write side that were tuned: each with its unit, its origin and its date.

The origin is the measurement that settled a number, or why it was chosen where none did. Limits
that protect (sizes of files, time-outs) and numbers that belong to a rule about text stand beside
what they limit.
"""

from dataclasses import dataclass

__all__ = ["SETTINGS", "Settings"]


@dataclass(frozen=True, slots=True)
class Settings:
    """What `SETTINGS` holds. The modules that use a number take it as a constant of their own."""

    # Passages

    group_tokens: int = 120
    """Tokens of the model up to which short paragraphs are joined. Chosen, 2026-11-24."""

    turn_tokens: int = 240
    """Tokens up to which the turns of a dialogue are joined.

    Of 160, 240 and 320 by benchmarks.mananeras: more finds more, but takes longer to read.
    2026-11-24.
    """

    # Embedding and writing

    embed_at_once: int = 256
    """Passages embedded in one batch. Chosen, 2026-11-24: enough to share the work among threads,
    few enough to write often.
    """

    keep_vectors_from: int = 1024
    """Passages of one group from which its vectors are kept before the group is written: an
    interruption would cost minutes of work. Chosen, 2026-11-24: four batches.
    """

    encoder_threads: int = 8
    """Threads that embed at the same time, at most. Chosen, 2026-11-28: beyond some, threads only
    wait for each other.
    """

    files_ahead: int = 4
    """Files that are read before their turn. Chosen, 2026-11-24: two for each worker."""

    # Publishing

    publish_share: float = 0.1
    """The part of a long write's time that may go into publishing what is done. Chosen,
    2026-11-24.
    """

    save_seconds: float = 60.0
    """Seconds between two writings of the vectors' file in a long write, at the least. Chosen,
    2026-11-24.
    """

    rewritten_passages: int = 10_000
    """Passages up to which the words are written anew when any is removed: 0.2 s on 2 cores,
    2026-11-24.
    """

    removed_share: float = 0.2
    """The part of a larger collection's words that may belong to removed passages before they are
    written anew. Chosen, 2026-11-24.
    """

    word_buffer: int = 64_000_000
    """Bytes that tantivy may hold before it writes a segment. Chosen, 2026-11-24."""

    # Vectors

    exact_vectors: int = 50_000
    """Vectors up to which all are compared exactly, in memory. benchmarks.scale, 2026-11-24."""

    training_sample: int = 20_000
    """Vectors that codes are trained on. Chosen, 2026-11-24: only their centre is trained."""

    growth: int = 4
    """Times as many vectors as codes were trained for before they are trained anew. Chosen,
    2026-11-24.
    """

    compared_codes: int = 200
    """Vectors, the best by their codes, that are compared exactly, at the least.

    Recall@10 of .993 among a million by benchmarks.scale, 2026-11-24.
    """

    compared_share: float = 1.6
    """Times as many vectors as are asked for that are compared exactly, at the least.

    Chosen, 2026-11-28: 200 for the 125 that a search for 100 candidates asks for.
    """

    compared_alone: int = 10_000
    """Vectors up to which a limited search compares all of them and scans no codes. Chosen,
    2026-11-24.
    """

    code_similarity: float = 0.7
    """The least cosine of a vector and its decoded codes that `VectorStore.agrees` accepts.

    Usual is .95. Chosen, 2026-11-24.
    """


SETTINGS = Settings()
