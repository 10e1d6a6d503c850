"""Who may ask a local server, and for what: its own page, under its own name."""

import os
import re
import socket
from ipaddress import ip_address
from typing import TYPE_CHECKING, Final

from index.errors import InputError
from qa.web.problems import problem
from qa.web.strings import language_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["EVERYWHERE", "Guard", "allowed_hosts", "allowed_origins"]

EVERYWHERE = frozenset({"0.0.0.0", "::"})  # noqa: S104  # addresses that stand for all of a machine

_LOOPBACK = frozenset({"localhost", "127.0.0.1", "[::1]"})
_HOST = re.compile(r"(\[[0-9a-f:.]+\]|[a-z0-9_.-]+)(:[0-9]{1,5})?")
_ORIGIN = re.compile(r"https?://(.+)")
_DEFAULT_PORT = re.compile(r":(80|443)$")
_SENTENCES: Final = {
    "es": {
        "no_host": "La petición debe tener una cabecera Host: un nombre, o un nombre y un puerto.",
        "host": "Este servidor no responde al nombre {name}: usa http://localhost, o añade el "
        "nombre a QA_ALLOWED_HOSTS.",
        "origin": "Este servidor responde solo a su propia página: añade el origen de la otra a "
        "QA_ALLOWED_ORIGINS.",
        "nothing": "Aquí no hay nada: abre la página en /.",
    },
    "en": {
        "no_host": "The request must have one Host header: a name, or a name and a port.",
        "host": "This server does not answer to the name {name}: use http://localhost, or add the "
        "name to QA_ALLOWED_HOSTS.",
        "origin": "This server answers its own page alone: add the other page's origin to "
        "QA_ALLOWED_ORIGINS.",
        "nothing": "There is nothing here: open the page at /.",
    },
}


def allowed_hosts(host: str) -> frozenset[str]:
    """The names of a server that listens on ``host``: loopback's, its own, QA_ALLOWED_HOSTS.

    One that listens everywhere has the machine's name. Raises InputError where QA_ALLOWED_HOSTS
    holds anything but names.
    """
    machine = socket.gethostname()
    names = [machine, f"{machine}.local"] if host in EVERYWHERE else [host]
    names.append(os.environ.get("SPACE_HOST", ""))  # where a hosted Gradio Space is found
    configured = _listed("QA_ALLOWED_HOSTS")
    for allowed in configured:
        if not _name(allowed):
            raise InputError(
                f"QA_ALLOWED_HOSTS has {allowed!r}: name hosts, as in qa.example.org, with commas "
                "between them."
            )
    return _LOOPBACK | {name for full in [*names, *configured] if (name := _name(full))}


def allowed_origins() -> frozenset[str]:
    """The other origins whose pages may ask: QA_ALLOWED_ORIGINS; InputError where one is wrong."""
    configured = _listed("QA_ALLOWED_ORIGINS")
    for origin in configured:
        if not (match := _ORIGIN.fullmatch(origin)) or not _name(match[1]):
            raise InputError(
                f"QA_ALLOWED_ORIGINS has {origin!r}: name origins, as in https://www.example.org, "
                "with commas between them."
            )
    return frozenset(configured)


def _listed(variable: str) -> list[str]:
    parts = os.environ.get(variable, "").lower().split(",")
    return [part.strip() for part in parts if part.strip()]


def _name(host: str) -> str | None:
    """The name of ``name`` or ``name:port``, in lower case; None where it is neither."""
    bare = host.count(":") > 1 and not host.startswith("[")  # an IPv6 address
    match = _HOST.fullmatch(f"[{host}]".lower() if bare else host.lower())
    return match[1] if match else None


class Guard:
    """Refuses requests that do not come from the server's own page, or that no page needs.

    ``hosts``: the names of the server. A page of another site can make its own name lead to this
    machine (DNS rebinding); its browser then sends that name. ``origins``: pages of other origins
    that may ask all the same. ``routes``: what ``"METHOD /path"`` must match; None allows all.
    """

    def __init__(
        self,
        app: "ASGIApp",
        hosts: frozenset[str],
        origins: frozenset[str] = frozenset(),
        routes: re.Pattern[str] | None = None,
    ) -> None:
        self.app = app
        self.hosts = hosts
        self.origins = origins
        self.routes = routes

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request, or say in one sentence why not."""
        if scope["type"] not in {"http", "websocket"}:
            await self.app(scope, receive, send)
            return
        refused = self._refused(scope)
        if refused is None:
            # Without the origin, to which Gradio would give every right to read.
            headers = [(name, value) for name, value in scope["headers"] if name != b"origin"]
            await self.app({**scope, "headers": headers}, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            status, error = refused
            await problem(scope, status, error)(scope, receive, send)

    def _refused(self, scope: "Scope") -> tuple[int, str] | None:
        """The status, and a sentence in the language of who asks; None for what is let through."""
        from starlette.datastructures import Headers

        words = _SENTENCES[language_of(Headers(scope=scope))]
        hosts = _values(scope, b"host")
        name = _name(hosts[0]) if len(hosts) == 1 else None
        if name is None:
            return 400, words["no_host"]
        if name not in self.hosts and name != _local(scope):
            return 403, words["host"].format(name=name)
        if self._is_foreign(scope):
            return 403, words["origin"]
        wanted = f"{scope.get('method', scope['type'])} {scope['path']}"
        if self.routes is None or self.routes.fullmatch(wanted):
            return None
        return 404, words["nothing"]

    def _is_foreign(self, scope: "Scope") -> bool:
        site = _values(scope, b"sec-fetch-site")
        origins = _values(scope, b"origin")
        if origins:
            return not all(self._allows(origin, scope) for origin in origins)
        # A browser names no origin for a picture, a script or a page that it opens.
        return not {"same-origin", "none"}.issuperset(site) and not _is_visit(scope)

    def _allows(self, origin: str, scope: "Scope") -> bool:
        """Whether the origin is that of the page that this server gave under the same name."""
        match = _ORIGIN.fullmatch(origin)
        (host,) = _values(scope, b"host")
        is_own_page = match is not None and _portless(match[1]) == _portless(host)
        return is_own_page or origin in self.origins


def _values(scope: "Scope", name: bytes) -> list[str]:
    return [value.decode("latin-1") for key, value in scope["headers"] if key == name]


def _local(scope: "Scope") -> str | None:
    """The address that the request came in by; no page of another site has that as its name."""
    host = (scope.get("server") or ("",))[0]
    try:
        return _name(str(ip_address(host)))
    except ValueError:  # a test's name, or a socket of the file system
        return None


def _is_visit(scope: "Scope") -> bool:
    """Whether a person follows a link: they see the page, and the page with the link does not."""
    visiting = _values(scope, b"sec-fetch-mode") == ["navigate"]
    return visiting and scope.get("method") in {"GET", "HEAD"}


def _portless(host: str) -> str:
    """Without a scheme's own port, which browsers leave out; a proxy may speak https for us."""
    return _DEFAULT_PORT.sub("", host.lower())
