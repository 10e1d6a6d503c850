"""The installed program Tesseract: a page's image in, its lines out as hOCR."""

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from statistics import median
from typing import TYPE_CHECKING, Optional

from lxml import etree

from index.documents.parts import ConversionError
from index.documents.pdf.recognised import Box, Recognised, size_of

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["Tesseract"]

SECONDS = 120  # for one page
_PROPERTY = re.compile(r"([a-z_]+) ([^;]+)")
_STROKES = frozenset("|/\\_~'`´^")
# "ü" is read as "ii" or "ú"; after a "g" and before these, no word has them.
_UMLAUT = re.compile(r"(?<=g)(?:ii|ú)(?=[eéií])|(?<=G)Ú(?=[EÉIÍ])")
_ONE_LETTER = frozenset("aeiouyóáè&$€%§•-–—+=")
_LEAST_OF_ONE = 0.7  # confidence of a single character that is no word
_LINES = frozenset(("ocr_line", "ocr_header", "ocr_caption", "ocr_textfloat"))


class Tesseract:
    """Reads Spanish and, where its data is installed, English beside it."""

    dpi = 300

    def __init__(self, program: str, languages: str) -> None:
        self._program = program
        self._languages = languages

    @classmethod
    def installed(cls) -> Optional["Tesseract"]:
        """The one on this machine; None where there is none, or it has no Spanish."""
        program = shutil.which("tesseract")
        if program is None:
            return None
        try:
            listed = subprocess.run(  # noqa: S603  # the program that the user installed
                [program, "--list-langs"], capture_output=True, timeout=SECONDS, check=False
            )
        except (OSError, subprocess.TimeoutExpired):
            return None
        languages = listed.stdout.decode(errors="replace").split("\n")
        if "spa" not in languages:
            return None
        return cls(program, "spa+eng" if "eng" in languages else "spa")

    def read(self, image: "NDArray[np.uint8]", dpi: int) -> list[Recognised]:
        """The lines of a grey image [height, width]; raises ConversionError where it fails."""
        height, width = image.shape
        command = [self._program, "-", "-", "-l", self._languages, "--dpi", str(dpi)]
        # Page segmentation 1 also finds out which way up the page is.
        command += ["--psm", "1", "-c", "tessedit_create_hocr=1"]
        try:
            done = subprocess.run(  # noqa: S603
                command,
                input=f"P5 {width} {height} 255\n".encode() + image.tobytes(),
                capture_output=True,
                timeout=SECONDS,
                check=True,
                # Two workers share the cores; more threads make one page slower, not faster.
                env=os.environ | {"OMP_THREAD_LIMIT": "1"},
            )
        except subprocess.TimeoutExpired as exc:
            reason = f"has a page on which OCR takes longer than {SECONDS} seconds; split it"
            raise ConversionError(reason) from exc
        except (OSError, subprocess.CalledProcessError) as exc:
            raise ConversionError("has a page on which tesseract fails; scan it anew") from exc
        return list(_lines(done.stdout))


def _lines(hocr: bytes) -> Iterator[Recognised]:
    parser = etree.HTMLParser(encoding="utf-8", no_network=True, huge_tree=True)
    root = etree.fromstring(hocr, parser)
    paragraph = 0
    for element in root.iter("p", "span") if root is not None else ():
        kind = element.get("class")
        if kind == "ocr_par":
            paragraph += 1
        elif kind in _LINES and (line := _line(element, paragraph)):
            yield line


def _line(element: etree._Element, paragraph: int) -> Recognised | None:
    words, sizes, sure = [], [], 0.0
    properties = _properties(element)
    turn = round(float(properties.get("textangle", "0"))) % 360
    for word in element.iter("span"):
        text = "".join(word.itertext()).strip()
        if text and word.get("class") == "ocrx_word":
            confidence = float(_properties(word).get("x_wconf", "0")) / 100
            if _is_stroke(text, confidence):
                continue
            words.append(text)
            sure += len(text) * confidence
            left, top, right, bottom = _box(_properties(word))
            # Tesseract's own size of a line is wrong for one of capitals.
            sizes.append(size_of(text, right - left if turn % 180 else bottom - top))
    if not words:
        return None
    letters = sum(map(len, words))
    size = median(sizes)
    box = _box(properties)
    text = _UMLAUT.sub(lambda match: "Ü" if match[0] == "Ú" else "ü", " ".join(words))
    return Recognised(text, box, sure / letters, size, paragraph, turn)


def _is_stroke(text: str, confidence: float) -> bool:
    """Whether a word is no letter but a stroke of a pen, a fold or a border."""
    doubtful = len(text) == 1 and text.lower() not in _ONE_LETTER and not text.isdigit()
    return text in _STROKES or (doubtful and confidence < _LEAST_OF_ONE)


def _box(properties: dict[str, str]) -> Box:
    left, top, right, bottom = (float(value) for value in properties["bbox"].split())
    return left, top, right, bottom


def _properties(element: etree._Element) -> dict[str, str]:
    return dict(_PROPERTY.findall(element.get("title", "")))
