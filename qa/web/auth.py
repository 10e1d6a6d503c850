"""Who may come in: a session's cookie for the chat; a password or a token for programs."""

import asyncio
import base64
import hashlib
import hmac
import secrets
import time
from binascii import Error
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import Lock
from typing import TYPE_CHECKING
from urllib.parse import parse_qs, quote

from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from qa.web.limits import Guesses, address_of
from qa.web.login import LOGIN_WORDS, login_page, logout_page, same_site_page
from qa.web.passwords import Users
from qa.web.problems import problem
from qa.web.refused import Reason, RefusedError
from qa.web.strings import LANGUAGE_COOKIE, language_of, theme_of

if TYPE_CHECKING:
    from starlette.types import ASGIApp, Receive, Scope, Send

__all__ = ["KeyHolders", "Login", "Sessions"]

_HOURS = 12  # a session's life, whatever is done in it
_MOST_SESSIONS = 10_000
_LONGEST_FORM = 8192  # bytes
_OPEN = "/health"  # for who watches over the server: it tells nothing of documents or persons
_TRUSTED = 600.0  # seconds for which a program's right password is not hashed again

# Two guesses are hashed at a time, so that many of them take neither memory nor processors.
_HASHING = ThreadPoolExecutor(2, thread_name_prefix="qa-password")


@dataclass(frozen=True, slots=True)
class _Session:
    user: str
    hash: str  # a session ends when its user's password changes
    until: float


class Sessions:
    """Who has logged in, by a random token, of which only a digest is kept. Safe for threads."""

    def __init__(self, users: Users, clock: Callable[[], float] = time.monotonic) -> None:
        self._users = users
        self._clock = clock
        self._lock = Lock()
        self._sessions: dict[bytes, _Session] = {}

    def begin(self, user: str, stored: str) -> str:
        """The token of a new session."""
        token = secrets.token_urlsafe(32)
        with self._lock:
            now = self._clock()
            kept = {key: one for key, one in self._sessions.items() if one.until > now}
            while len(kept) >= _MOST_SESSIONS:
                kept.pop(next(iter(kept)))
            kept[_digest(token)] = _Session(user, stored, now + 3600 * _HOURS)
            self._sessions = kept
        return token

    def user(self, token: str) -> str | None:
        """Whose session it is; None where there is none, or no more."""
        with self._lock:
            session = self._sessions.get(_digest(token))
        if session is None or session.until <= self._clock():
            return None
        return session.user if self._users.hash_of(session.user) == session.hash else None

    def end(self, token: str) -> None:
        """Forget it."""
        with self._lock:
            self._sessions.pop(_digest(token), None)


def _digest(token: str) -> bytes:
    return hashlib.sha256(token.encode(errors="replace")).digest()


async def _admitted(users: Users, name: str, password: str) -> str | None:
    loop = asyncio.get_running_loop()
    return await loop.run_in_executor(_HASHING, users.admits, name, password)


class Login:
    """Lets those in who have logged in; the others see the page for it. For the chat."""

    def __init__(self, app: "ASGIApp", users: Users, root_path: str = "") -> None:
        self.app = app
        self._users = users
        self._root = root_path
        self._sessions = Sessions(users)
        self._guesses = Guesses()

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] == _OPEN:
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        token = request.cookies.get(_cookie(scope), "")
        user = self._sessions.user(token) if token else None
        response: Response | None
        if scope["path"] == "/login":
            response = await self._login(request, user)
        elif user is None:
            response = self._refused(request)
        elif scope["path"] == "/logout":
            response = self._logout(request, token)
        else:
            response = None
        if user is not None:
            scope.setdefault("qa", {})["user"] = user or "shared"
        await (response or self.app)(scope, receive, send)

    async def _login(self, request: Request, user: str | None) -> Response:
        if request.method == "POST":
            return await self._try(request)
        then = _local(request.query_params.get("then", ""))
        if user is not None:
            return RedirectResponse(self._root + then, 303)
        chosen = request.query_params.get("language", "")
        if chosen in LOGIN_WORDS:
            response = RedirectResponse(f"{self._root}/login?then={quote(then)}", 303)
            age = 3600 * 24 * 365
            response.set_cookie(LANGUAGE_COOKIE, chosen, age, path=self._root or "/")
            return response
        return self._page(request, then)

    async def _try(self, request: Request) -> Response:
        form = await _form(request)
        name, password, then = (form.get(key, "") for key in ("name", "password", "then"))
        then, address = _local(then), address_of(request.scope)
        words = LOGIN_WORDS[_language(request)]
        if wait := self._guesses.begin(address, name):
            alert = words["slow"].format(seconds=wait)
            return self._page(request, then, alert, 429, {"Retry-After": str(wait)})
        stored = await _admitted(self._users, name, password)
        if stored is None:
            wrong = words["wrong_shared" if self._users.shared else "wrong"]
            return self._page(request, then, wrong, 401)
        self._guesses.right(address, name)
        response = RedirectResponse(self._root + then, 303)
        response.set_cookie(
            _cookie(request.scope),
            self._sessions.begin("" if self._users.shared else name, stored),
            max_age=3600 * _HOURS,
            path=self._root or "/",
            secure=request.scope.get("scheme") == "https",
            httponly=True,
            samesite="strict",
        )
        return response

    def _logout(self, request: Request, token: str) -> Response:
        if request.method != "POST":
            return HTMLResponse(logout_page(*_look(request), self._root))
        self._sessions.end(token)
        response = RedirectResponse(f"{self._root}/login", 303)
        response.delete_cookie(_cookie(request.scope), path=self._root or "/")
        return response

    def _refused(self, request: Request) -> Response:
        language = _language(request)
        visit = request.method == "GET" and "text/html" in request.headers.get("accept", "")
        if not visit:
            error = RefusedError(Reason.LOGGED_OUT)
            return JSONResponse({"error": error.say(language)}, error.status)
        here = request.scope["path"]
        if request.scope.get("query_string"):
            here += "?" + request.scope["query_string"].decode("latin-1")
        if request.headers.get("sec-fetch-site") in {"cross-site", "same-site"}:
            return HTMLResponse(same_site_page(*_look(request), self._root + _local(here)))
        if request.scope["path"] == "/logout":
            here = "/"
        return RedirectResponse(f"{self._root}/login?then={quote(_local(here))}", 303)

    def _page(
        self,
        request: Request,
        then: str,
        alert: str = "",
        status: int = 200,
        headers: dict[str, str] | None = None,
    ) -> Response:
        named = not self._users.shared
        page = login_page(*_look(request), self._root, named=named, then=then, alert=alert)
        return HTMLResponse(page, status, headers)


class KeyHolders:
    """Lets those in who send a name and password (Basic), or the token (Bearer). For qa serve."""

    def __init__(self, app: "ASGIApp", users: Users | None, token: str | None) -> None:
        self.app = app
        self._users = users
        self._token = token
        self._guesses = Guesses()
        self._hashing = asyncio.Lock()
        self._key = secrets.token_bytes(32)
        self._known: dict[bytes, tuple[str, float]] = {}  # digest of what was sent: hash, until

    async def __call__(self, scope: "Scope", receive: "Receive", send: "Send") -> None:
        """Answer one request."""
        if scope["type"] != "http" or scope["path"] == _OPEN:
            await self.app(scope, receive, send)
            return
        kind, _, value = Request(scope).headers.get("authorization", "").partition(" ")
        user, wait = await self._user(kind.lower(), value.strip(), address_of(scope))
        if user is not None:
            scope.setdefault("qa", {})["user"] = user or "shared"
            await self.app(scope, receive, send)
            return
        ways = ['Basic realm="qa", charset="UTF-8"'] if self._users else []
        ways += ['Bearer realm="qa"'] if self._token else []
        error, status = "Send a name and password (Basic), or the token (Bearer).", 401
        headers = {"WWW-Authenticate": ", ".join(ways)}
        if wait:
            error, status = f"Too many wrong passwords: try again in {wait} s.", 429
            headers = {"Retry-After": str(wait)}
        await problem(scope, status, error, headers)(scope, receive, send)

    async def _user(self, kind: str, value: str, address: str) -> tuple[str | None, int]:
        """Who it is, or None and the seconds to wait."""
        if kind == "bearer" and self._token:
            if wait := self._guesses.begin(address, ""):
                return None, wait
            if hmac.compare_digest(_digest(value), _digest(self._token)):
                self._guesses.right(address, "")
                return "token", 0
        if kind == "basic" and self._users:
            return await self._by_password(self._users, value, address)
        return None, 0

    async def _by_password(self, users: Users, value: str, address: str) -> tuple[str | None, int]:
        try:
            name, _, password = base64.b64decode(value, validate=True).decode().partition(":")
        except (Error, UnicodeDecodeError):
            return None, 0
        name = "" if users.shared else name
        digest = hmac.digest(self._key, value.encode(), "sha256")
        if self._is_known(digest, users.hash_of(name)):
            return name, 0
        async with self._hashing:  # a program may send ten at once, and is right in all of them
            if self._is_known(digest, users.hash_of(name)):
                return name, 0
            if wait := self._guesses.begin(address, name):
                return None, wait
            found = await _admitted(users, name, password)
            if found is None:
                return None, 0
            self._guesses.right(address, name)
            if len(self._known) >= _MOST_SESSIONS:
                self._known.clear()
            self._known[digest] = found, time.monotonic() + _TRUSTED
            return name, 0

    def _is_known(self, digest: bytes, stored: str | None) -> bool:
        known, until = self._known.get(digest, ("", 0.0))
        return known == stored and until > time.monotonic()


def _cookie(scope: "Scope") -> str:
    """By port: a browser sends a cookie to all servers of one machine."""
    return f"qa-session-{(scope.get('server') or ('', ''))[1]}"


def _language(request: Request) -> str:
    return language_of(request.headers)


def _look(request: Request) -> tuple[str, str]:
    """The language and the colours of a page."""
    return _language(request), theme_of(request.headers)


def _local(address: str) -> str:
    """An address of this server; its page for anything else."""
    inside = address.startswith("/") and not address.startswith(("//", "/\\", "/login"))
    return address if inside and address.isprintable() else "/"


async def _form(request: Request) -> dict[str, str]:
    """The fields of a form that was sent; none where it is too long."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > _LONGEST_FORM:
            return {}
    fields = parse_qs(body.decode("latin-1"), encoding="utf-8", errors="replace")
    return {name: values[0] for name, values in fields.items()}
