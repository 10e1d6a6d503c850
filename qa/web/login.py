"""The pages for logging in and out: plain HTML without scripts, in Spanish and in English."""

from html import escape
from typing import Final
from urllib.parse import urlencode

from qa.web.plain import plain_page

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


def login_page(
    language: str, theme: str, root: str, *, named: bool, then: str, alert: str = ""
) -> str:
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
    other, its_name = ("en", "English") if language == "es" else ("es", "Español")
    address = f"{root}/login?{urlencode({'then': then, 'language': other})}"
    switch = f'<a class="button" lang="{other}" href="{escape(address)}">{its_name}</a>'
    said = f'<p role="alert">{escape(alert)}</p>' if alert else ""
    return plain_page(
        language,
        theme,
        words["login"],
        f'<h1>{words["login"]}</h1>{said}<form method="post" action="{escape(root)}/login">'
        f'<input type="hidden" name="then" value="{escape(then)}">{name}{password}'
        f"<button>{words['login']}</button></form>{switch}",
    )


def logout_page(language: str, theme: str, root: str) -> str:
    """Asks once more: a link alone must not log anybody out."""
    words = LOGIN_WORDS[language]
    return plain_page(
        language,
        theme,
        words["logout"],
        f'<h1>{words["sure"]}</h1><form method="post" action="{escape(root)}/logout">'
        f"<button>{words['logout']}</button></form>"
        f'<a class="button" href="{escape(root)}/">{words["back"]}</a>',
    )


def same_site_page(language: str, theme: str, address: str) -> str:
    """Opens the same address anew.

    A browser sends no strict cookie with a link that another site shows; from this page it does.
    """
    words = LOGIN_WORDS[language]
    refresh = f'<meta http-equiv="refresh" content="0; url={escape(address)}">'
    link = f'<a class="button" href="{escape(address)}">{words["going"]}</a>'
    return plain_page(language, theme, "qa", link, refresh)
