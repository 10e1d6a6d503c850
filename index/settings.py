"""The tuned numbers of the write side: each with its unit, and where and when it was found.

Limits that protect (sizes of files, time-outs) and numbers that belong to a rule about text stand
beside what they limit. "Chosen" says that no measurement settled a number.
"""

from dataclasses import dataclass, field

__all__ = ["SETTINGS", "PassageSettings", "SearchSettings", "Settings", "VectorSettings"]
__all__ += ["MilvusSettings", "PgVectorSettings", "ServerSettings", "WritingSettings"]


@dataclass(frozen=True, slots=True)
class PassageSettings:
    """How long passages become, in tokens of the embedding model."""

    group_tokens: int = 120
    """Tokens up to which short paragraphs are joined. Chosen, 2026-11-24."""
    turn_tokens: int = 240
    """Tokens up to which turns of a dialogue are joined. Of 160, 240 and 320: more finds more, but
    takes longer to read; benchmarks.mananeras, 2026-11-24."""


@dataclass(frozen=True, slots=True)
class WritingSettings:
    """How documents are embedded, written and published."""

    embed_at_once: int = 256
    """Passages of one batch: enough to share among threads, few enough to write often. Chosen,
    2026-11-24."""
    keep_vectors_from: int = 1024
    """Passages of one group from which its vectors are kept before it is written: an interruption
    would cost minutes of work. Four batches; chosen, 2026-11-24."""
    encoder_threads: int = 8
    """Threads that embed at the same time, at most: beyond some, they only wait for each other.
    Chosen, 2026-11-28."""
    files_ahead: int = 4
    """Files that are read before their turn, two for each worker. Chosen, 2026-11-24."""
    publish_share: float = 0.1
    """Share, of 1, of a long write's time that goes into publishing what is done. Chosen,
    2026-11-24."""
    save_seconds: float = 60.0
    """Seconds from one writing of the vectors' file to the next in a long write, at the least.
    Chosen, 2026-11-24."""
    rewritten_passages: int = 10_000
    """Passages up to which all words are written anew when any is removed: 0.2 s on 2 cores,
    2026-11-24."""
    removed_share: float = 0.2
    """Share, of 1, of a larger collection's words that may belong to removed passages before all
    are written anew. Chosen, 2026-11-24."""
    word_buffer: int = 64_000_000
    """Bytes that tantivy holds before it writes a segment. Chosen, 2026-11-24."""


@dataclass(frozen=True, slots=True)
class VectorSettings:
    """How vectors are kept and searched: benchmarks.scale, 2026-11-24, unless said otherwise."""

    exact: int = 50_000
    """Vectors up to which each is compared, in memory; of more, codes are scanned."""
    training_sample: int = 20_000
    """Vectors that codes are trained on, at the least."""
    sample_per_list: int = 32
    """Vectors that each list's centre is trained on; FAISS warns below 39. Chosen, 2026-11-29."""
    growth: int = 2
    """Times as many vectors as codes were trained for, from which they are trained anew. Chosen."""
    farthest: float = 0.01
    """Share, of 1, of the vectors of a training that are taken for far from all lists. Chosen."""
    far_share: float = 0.03
    """Share, of 1, of all vectors that may be as far as those, until lists are made anew. Lists of
    transcripts find .88 of the nearest among as many passages of an encyclopaedia, lists of both
    .99; of such passages .81 to .95 are far, of more transcripts .013; 2026-11-29."""
    looked_at: int = 4000
    """Vectors that are looked at for that. Chosen, 2026-11-29."""
    lists: float = 2.0
    """Lists for each square root of the number of vectors: 2,000 for a million, where the centres
    cost a fifteenth of a search. Half as many find as much where a fifth more is scanned;
    2026-11-29."""
    scanned: float = 0.42
    """Share, of 1, of the lists that are scanned: of a million vectors, recall@10 is .98 with a
    quarter, .992 to .996 with this and .998 with all, in .6, 1 and 1.5 times as long;
    benchmarks.scale --sweep, 2026-11-29."""
    scanned_least: int = 75_000
    """Vectors that are scanned at the least: of 100,000, recall@10 is .998 with these and .985 with
    a half; 2026-11-29."""
    scanned_per_read: int = 400
    """Vectors that are scanned in the time that it takes to read one: a limited search compares
    all where that is faster. 10 ns and some 4 us on 2 cores; 2026-11-29."""
    compared: int = 800
    """Best vectors by their codes that are compared exactly: of a million, recall@10 is .990 with
    400, .9955 with 800 and .997 with 1,200; benchmarks.scale --sweep, 2026-11-29."""
    compared_share: float = 1.6
    """Times as many vectors as are asked for that are compared exactly, at the least: 200 for the
    125 that a search for 100 candidates asks for; 2026-11-28."""
    dead_share: float = 0.5
    """Share, of 1, of the rows of the mapped file that may be of removed passages before it is
    written anew. Chosen, 2026-11-29."""
    code_similarity: float = 0.7
    """Least cosine of a vector and its decoded code that are taken for the same; .95 is usual."""


@dataclass(frozen=True, slots=True)
class SearchSettings:
    """How a limited search and many questions at once are done: benchmarks.throughput."""

    limits_kept: int = 32
    """Limits to some documents that are kept for the next search. Chosen."""
    filtered_share: float = 0.005
    """Share, of 1, of the passages from which on the best of all words are searched for and the
    others left out. Below, tantivy searches in the documents of the limit alone: with 1 % of 50,000
    that takes 4 ms, not 1, with half of them 21, not 0.5; 2026-11-29."""
    questions_at_once: int = 32
    """Questions that share one look at the vectors and one at the catalog."""


@dataclass(frozen=True, slots=True)
class ServerSettings:
    """How a server is spoken to. Chosen, 2026-11-29, unless said otherwise."""

    connections: int = 8
    """Connections of one process, at most: as many of its threads search at a time."""
    connect_seconds: float = 10.0
    """Seconds until a server has to answer a new connection."""
    statement_seconds: int = 60
    """Seconds until a server gives up a statement; building an index of vectors has no limit."""
    away_seconds: float = 5.0
    """Seconds in which a server that was away is tried again before that is an error."""


@dataclass(frozen=True, slots=True)
class PgVectorSettings:
    """How vectors are kept and searched in PostgreSQL: docs/postgresql.md, 2026-11-29."""

    exact: int = 20_000
    """Vectors up to which each is compared, in 6 ms; more have an HNSW index."""
    compared_alone: int = 10_000
    """Vectors up to which a limited search compares all of them. Chosen."""
    m: int = 16
    """Neighbours of a vector in a layer of the graph."""
    ef_construction: int = 128
    """Candidates among which a new vector's neighbours are chosen."""
    ef_search: int = 300
    """Candidates that a search looks at first; it goes on where too few of them are wanted."""
    build_memory: int = 1024
    """Megabytes for making the graph: 1.1 KB for a vector. With less it is made on the disk."""


@dataclass(frozen=True, slots=True)
class MilvusSettings:
    """How a Milvus is written and searched: docs/milvus.md."""

    hnsw_links: int = 30
    """M, the links of a vector in a server's HNSW graph. The server's own default."""
    hnsw_built: int = 360
    """efConstruction, the vectors looked at to place one. The server's own default."""
    hnsw_searched: int = 300
    """ef, the least vectors looked at for one question: more than twice the 125 asked for."""
    rows_at_once: int = 1_000
    """Rows of one write. Chosen: some 3 MB."""
    filtered_share: float = 0.05
    """Share, of 1, of the passages from which on the best of all are asked for and the others left
    out; below, the filter is told to Milvus. Chosen."""
    compared_alone: int = 1_000
    """Vectors up to which a limited search compares those of the catalog. Chosen: some 3 ms."""
    average_drift: float = 0.1
    """Change, as a share, of the mean length of passages from which on all are weighted anew."""
    spare_share: float = 0.5
    """Passages more than are asked for, as a share, whose BM25 is then computed exactly."""
    connect_seconds: float = 10.0
    """Seconds to wait for a connection. Chosen."""
    search_seconds: float = 60.0
    """Seconds to wait for a search. Chosen: milvus-lite makes its index in the first one."""
    write_seconds: float = 300.0
    """Seconds to wait for a write, or for a collection to be loaded. Chosen."""

    def hnsw(self) -> dict[str, int]:
        """What the graph is built with."""
        return {"M": self.hnsw_links, "efConstruction": self.hnsw_built}

    def searched(self, k: int) -> dict[str, int]:
        """What the graph is searched with for the k nearest."""
        return {"ef": max(self.hnsw_searched, 2 * k)}


@dataclass(frozen=True, slots=True)
class Settings:
    """All of them. The modules that use a number have it as a constant of their own."""

    passages: PassageSettings = field(default_factory=PassageSettings)
    writing: WritingSettings = field(default_factory=WritingSettings)
    vectors: VectorSettings = field(default_factory=VectorSettings)
    search: SearchSettings = field(default_factory=SearchSettings)
    milvus: MilvusSettings = field(default_factory=MilvusSettings)
    pgvector: PgVectorSettings = field(default_factory=PgVectorSettings)
    server: ServerSettings = field(default_factory=ServerSettings)


SETTINGS = Settings()
