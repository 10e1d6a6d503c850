"""The pages for logging in and out: plain HTML without scripts, in Spanish and in English."""

from html import escape
from typing import Final

__all__ = ["LOGIN_WORDS", "login_page", "logout_page", "same_site_page"]

LOGIN_WORDS: Final = {
    "es": {
        "login": "Entrar",
        "name": "Nombre",
        "password": "Contraseña",
        "wrong": "El nombre o la contraseña no son correctos: vuelve a escribirlos.",
        "wrong_shared": "La contraseña no es correcta: vuelve a escribirla.",
        "slow": "Demasiados intentos: espera {seconds} s y vuelve a intentarlo.",
        "logout": "Salir",
        "sure": "¿Quieres salir?",
        "back": "Volver",
        "going": "Abriendo…",
    },
    "en": {
        "login": "Log in",
        "name": "Name",
        "password": "Password",
        "wrong": "The name or the password is not right: write them again.",
        "wrong_shared": "The password is not right: write it again.",
        "slow": "Too many attempts: wait {seconds} s and try again.",
        "logout": "Log out",
        "sure": "Do you want to log out?",
        "back": "Back",
        "going": "Opening…",
    },
}
_STYLE = """
:root { color-scheme: light dark; font: 100%/1.5 system-ui, sans-serif; }
body { margin: 0; min-height: 100vh; display: grid; place-items: center; }
main { width: min(20rem, calc(100vw - 2rem)); }
h1 { font-size: 1.5rem; margin: 0 0 1rem; }
label { display: block; margin-bottom: 1rem; }
input, button, a.button { box-sizing: border-box; display: block; width: 100%; min-height: 44px;
  margin-top: .25rem; padding: .5rem .75rem; font: inherit; border-radius: 6px; }
input { border: 1px solid #78716c; }
button { border: 0; background: #0f766e; color: #fff; cursor: pointer; }
a.button { color: inherit; text-align: center; }
:focus-visible { outline: 3px solid #14b8a6; outline-offset: 2px; }
[role=alert] { border-left: 4px solid #b91c1c; padding-left: .75rem; }
"""


def login_page(language: str, root: str, *, named: bool, then: str, alert: str = "") -> str:
    """The form; ``named`` asks for a name too, ``then`` is the address to go on to."""
    words = LOGIN_WORDS[language]
    focus = " autofocus"
    name = password = ""
    if named:
        name = (
            f'<label>{words["name"]}<input name="name" autocomplete="username" '
            f'autocapitalize="none" spellcheck="false" required{focus}></label>'
        )
        focus = ""
    password = (
        f'<label>{words["password"]}<input name="password" type="password" '
        f'autocomplete="current-password" required{focus}></label>'
    )
    said = f'<p role="alert">{escape(alert)}</p>' if alert else ""
    return _page(
        language,
        words["login"],
        f'<h1>{words["login"]}</h1>{said}<form method="post" action="{escape(root)}/login">'
        f'<input type="hidden" name="then" value="{escape(then)}">{name}{password}'
        f"<button>{words['login']}</button></form>",
    )


def logout_page(language: str, root: str) -> str:
    """Asks once more: a link alone must not log anybody out."""
    words = LOGIN_WORDS[language]
    return _page(
        language,
        words["logout"],
        f'<h1>{words["sure"]}</h1><form method="post" action="{escape(root)}/logout">'
        f"<button>{words['logout']}</button></form>"
        f'<a class="button" href="{escape(root)}/">{words["back"]}</a>',
    )


def same_site_page(language: str, address: str) -> str:
    """Opens the same address anew.

    A browser sends no strict cookie with a link that another site shows; from this page it does.
    """
    words = LOGIN_WORDS[language]
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
    link = f'<a class="button" href="{escape(address)}">{words["going"]}</a>'
    return _page(language, "qa", link, refresh)


def _page(language: str, title: str, body: str, head: str = "") -> str:
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        # Without a referrer a form tells no origin either, and is taken for another site's.
        '<meta name="referrer" content="same-origin">'
        f'<meta name="robots" content="noindex"><link rel="icon" href="data:,">{head}'
        f"<title>{title} · qa</title><style>{_STYLE}</style></head>"
        f"<body><main>{body}</main></body></html>"
    )
