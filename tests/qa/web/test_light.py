"""What goes over the wire: compressed, not twice, and never kept where it shows documents."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from qa import Assistant, Retriever
from qa.web.own_files import file_address
from tests.conftest import CHAT

pytest.importorskip("gradio", reason=CHAT)
from fastapi.testclient import TestClient

from qa.web.chat import create_app

OWN = "http://127.0.0.1:7860"


@pytest.fixture(scope="module")
def client(seeds_index: Path) -> Iterator[TestClient]:
    with (
        Retriever.open(seeds_index) as retriever,
        TestClient(create_app(retriever, Assistant(retriever)), OWN) as opened,
    ):
        yield opened


@pytest.mark.parametrize(
    "path", ["/config", file_address("", "chat.js"), file_address("", "chat.css")]
)
def test_what_is_long_is_compressed(client: TestClient, path: str) -> None:
    """To less than half, for who can read it."""
    sizes = []
    for encoding in ("gzip", "identity"):
        with client.stream("GET", path, headers={"accept-encoding": encoding}) as response:
            assert response.headers.get("content-encoding", "identity") == encoding
            sizes.append(len(b"".join(response.iter_raw())))
    assert 2 * sizes[0] < sizes[1]


@pytest.mark.parametrize("path", [file_address("", "chat.js"), "/favicon.ico"])
def test_a_file_that_a_browser_has_is_not_sent_again(client: TestClient, path: str) -> None:
    """It is asked for with its tag; another tag, or none, brings all of it."""
    whole = client.get(path)
    tag = whole.headers["etag"]
    for had in (tag, f"W/{tag}", f'"other", {tag}'):
        again = client.get(path, headers={"if-none-match": had})
        assert (again.status_code, again.content) == (304, b"")
        assert again.headers["etag"] == tag
        assert "content-length" not in again.headers
        assert "content-security-policy" in again.headers
    other = client.get(path, headers={"if-none-match": '"other"'})
    assert (other.status_code, other.content) == (200, whole.content)


def test_files_with_a_hash_are_kept_for_good(client: TestClient) -> None:
    """They are other files when something changes; with log-in, no proxy may keep them."""
    import gradio

    assets = Path(gradio.__file__).parent / "templates" / "frontend" / "assets"
    asset = next(assets.glob("index-*.js")).name
    for address in (f"/assets/{asset}", f"/theme.css?v={'a' * 64}", file_address("", "chat.js")):
        kept = client.get(address).headers["cache-control"]
        assert kept == "private, max-age=31536000, immutable"
    assert "cache-control" not in client.get("/theme.css").headers
    assert client.get("/assets/none.js").headers["cache-control"] == "no-store"


@pytest.mark.parametrize("path", ["/", "/config", "/source?link=", "/gradio_api/info"])
def test_what_may_hold_words_of_documents_is_kept_nowhere(client: TestClient, path: str) -> None:
    """Neither by the browser nor on the way."""
    assert client.get(path).headers["cache-control"] == "no-store"
