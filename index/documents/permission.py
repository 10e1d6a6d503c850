"""What the user must allow before a file can be read: the reasons that say so."""

from importlib.util import find_spec

from index.documents.parts import ReadOptions

__all__ = [
    "BLANK_PICTURE",
    "ENCRYPTED",
    "LOCKED",
    "NONE_OPENS",
    "NO_OCR",
    "NO_TEXT",
    "NO_XBERG",
    "PICTURE",
    "PICTURES",
    "helps",
    "is_permission",
]

LOCKED = "is encrypted; give its password with --password"
ENCRYPTED = "is encrypted; remove its password first"  # where no password can be given
NONE_OPENS = "is encrypted, and none of the passwords that were given opens it; give another one"
NO_TEXT = "has no text; it may be a scan, which is read with --ocr"
PICTURE = "is a picture; if it is one of text, --ocr reads it"
BLANK_PICTURE = "is a picture without text"
PICTURES = "are pictures; if they are of text, --ocr reads them"  # files in a file
NO_OCR = (
    'needs OCR, which is not installed: pip install "qa[ocr]", or install tesseract with Spanish '
    "(Debian: apt install tesseract-ocr-spa)"
)
NO_XBERG = (
    'is damaged or of an old kind, which needs xberg: pip install "qa[damaged]", or open it in its '
    "own program and save it anew"
)


def is_permission(reason: str) -> bool:
    """Whether a file failed for what was not allowed, and for nothing that is in it."""
    return reason in {LOCKED, NONE_OPENS, NO_TEXT, PICTURE, NO_OCR, NO_XBERG}


def helps(options: ReadOptions, reason: str) -> bool:
    """Whether a file that failed for this reason may be read with these options, or by now.

    Of a file in a file, the reason is a notice, which begins with its name.
    """
    if options.ocr and reason.endswith((NO_TEXT, PICTURE, PICTURES, NO_OCR)):
        return True
    if reason.endswith(NO_XBERG):
        return find_spec("xberg") is not None
    return bool(options.passwords) and reason.endswith((LOCKED, NONE_OPENS))
