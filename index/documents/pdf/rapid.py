"""RapidOCR, the engine of the extra ``ocr``: its models come with it and nothing is fetched."""

import os
import re
from collections.abc import Sequence
from dataclasses import replace
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any, Optional

from index.documents.parts import ConversionError
from index.documents.pdf.recognised import Box, Recognised, has_descenders
from index.text import language

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

__all__ = ["RapidOcr"]

_MODELS = {
    "Det": "PP-OCRv6_det_small.onnx",
    "Cls": "ch_ppocr_mobile_v2.0_cls_mobile.onnx",
    "Rec": "PP-OCRv6_rec_small.onnx",
}
_SIDE = 4000  # pixels; a larger image is made smaller
_WORKERS = 2  # share the cores
_SURE = 0.8  # a page that is read with less may be the wrong way up
_TALL = 1.5  # height to width of a box whose letters lie on their side
_SIZE, _FLAT = 0.8, 1.1  # of a box's height is the font's size; more without letters below
_SENTENCE = re.compile(r".+?(?:[.!?…:]+[\"'»”’)\]]*(?=\s)|$)", re.DOTALL)
_CAPITAL_SHARE = 0.65
_EXCLAIMS = re.compile(r"![\"'»”’)\]]*$")
_CAPITALS = re.compile(r"[^\W\d_]{6,}")
_LETTER = re.compile(r"[^\W\d_]")
_MISREAD = re.compile(r"(?<!\w)[il](?=[A-ZÁÉÍÓÚÑ][a-záéíóúüñ]+[^.?]*!)")


class RapidOcr:
    """Reads Spanish and English; it knows no "¡", which is put back where it is missing."""

    dpi = 200

    def __init__(self, models: Path) -> None:
        from rapidocr import RapidOCR

        threads = max(1, (os.cpu_count() or 1) // _WORKERS)
        self._engine = RapidOCR(
            params={
                "Global.log_level": "error",
                "Global.max_side_len": _SIDE,
                "Global.use_cls": False,
                "EngineConfig.onnxruntime.intra_op_num_threads": threads,
                "EngineConfig.onnxruntime.inter_op_num_threads": 1,
                # By their paths: a model that is named otherwise would be fetched.
                **{f"{part}.model_path": str(models / file) for part, file in _MODELS.items()},
            }
        )

    @classmethod
    def installed(cls) -> Optional["RapidOcr"]:
        """The one of this Python; None where there is none, or without its models."""
        models = cls.models()
        return None if models is None else cls(models)

    @staticmethod
    def models() -> Path | None:
        """The folder of its models."""
        found = find_spec("rapidocr")
        if found is None or found.origin is None:
            return None
        models = Path(found.origin).parent / "models"
        return models if all((models / file).is_file() for file in _MODELS.values()) else None

    def read(self, image: "NDArray[np.uint8]", dpi: int) -> list[Recognised]:  # noqa: ARG002
        """The lines of a grey image [height, width]; raises ConversionError where it fails.

        A page that is hard to read is read in all four directions, and the surest one counts.
        """
        lines = self._lines(image, 0)
        if _sureness(lines) < _SURE * sum(len(line.text) for line in lines) or _lie(lines):
            turned = [self._lines(image, turn) for turn in (90, 180, 270)]
            # Lines that lie are read, too, but one after the other the wrong way round.
            lines = max([lines, *turned], key=lambda found: (not _lie(found), _sureness(found)))
        return _with_openings(lines)

    def _lines(self, image: "NDArray[np.uint8]", turn: int) -> list[Recognised]:
        import numpy as np

        upright = np.rot90(image, -turn // 90)
        try:
            found: Any = self._engine(np.repeat(upright[:, :, None], 3, axis=2))
        # It raises whatever its libraries do, and does not list them.
        except Exception as exc:
            raise ConversionError("has a page on which RapidOCR fails; scan it anew") from exc
        if found.txts is None:
            return []
        edges = ((corners.min(axis=0), corners.max(axis=0)) for corners in found.boxes)
        boxes = [(*low.tolist(), *high.tolist()) for low, high in edges]
        height, width = image.shape
        return [
            Recognised(
                _CAPITALS.sub(_in_capitals, found.txts[number]),
                _turned_back(boxes[number], turn, width, height),
                float(found.scores[number]),
                _size(found.txts[number], boxes[number]),
                paragraph,
                turn,
            )
            for paragraph, column in enumerate(_columns(boxes, list(range(len(boxes)))))
            for number in column
        ]


def _size(text: str, box: Box) -> float:
    """The size of a line's font; its box is padded, the more the larger it is."""
    return _SIZE * _height(box) * (1 if has_descenders(text) else _FLAT)


def _sureness(lines: Sequence[Recognised]) -> float:
    return sum(line.confidence * len(line.text) for line in lines)


def _lie(lines: Sequence[Recognised]) -> bool:
    """Whether most lines are taller than wide, as the image was turned to read them."""
    sides = [
        (_width(line.box), _height(line.box))[:: -1 if line.turn % 180 else 1] for line in lines
    ]
    return 2 * sum(height > _TALL * width for width, height in sides) > len(lines)


def _width(box: Box) -> float:
    return box[2] - box[0]


def _height(box: Box) -> float:
    return box[3] - box[1]


def _turned_back(box: Box, turn: int, width: float, height: float) -> Box:
    """A box of the image that was turned clockwise, in the image of this size before."""
    left, top, right, bottom = box
    if turn == 90:
        return top, height - right, bottom, height - left
    if turn == 180:
        return width - right, height - bottom, width - left, height - top
    if turn == 270:
        return width - bottom, left, width - top, right
    return box


def _columns(boxes: Sequence[Box], numbers: list[int]) -> list[list[int]]:
    """The boxes in reading order, by column: cut where a gap goes through the whole page."""
    for first, last in ((1, 3), (0, 2)):
        ordered = sorted(numbers, key=lambda number: boxes[number][first])
        # Lines of a paragraph stand closer than this, and so do words.
        least = 1.5 * sorted(_height(boxes[number]) for number in numbers)[len(numbers) // 2]
        edge = boxes[ordered[0]][last]
        for place, number in enumerate(ordered):
            if place and boxes[number][first] - edge > (least if first else least / 2):
                before, after = ordered[:place], ordered[place:]
                return _columns(boxes, before) + _columns(boxes, after)
            edge = max(edge, boxes[number][last])
    return [_rows(boxes, numbers)]


def _rows(boxes: Sequence[Box], numbers: list[int]) -> list[int]:
    """The boxes of a column from top to bottom; those of one line from left to right."""
    rows: list[list[int]] = []
    for number in sorted(numbers, key=lambda number: boxes[number][1] + boxes[number][3]):
        middle = (boxes[number][1] + boxes[number][3]) / 2
        if rows and middle < boxes[rows[-1][-1]][3] - _height(boxes[rows[-1][-1]]) / 4:
            rows[-1].append(number)
        else:
            rows.append([number])
    return [number for row in rows for number in sorted(row, key=lambda n: boxes[n][0])]


def _in_capitals(match: re.Match[str]) -> str:
    """A word of capitals of which some were taken for small letters: PRImERo."""
    word = match[0]
    capitals = sum(map(str.isupper, word))
    return word.upper() if capitals > _CAPITAL_SHARE * len(word) else word


def _with_openings(lines: Sequence[Recognised]) -> list[Recognised]:
    """The lines of a Spanish page, with "¡" where an exclamation has lost it."""
    whole = "\n".join(line.text for line in lines)
    if "!" not in whole or language.detect(whole) != "es":
        return list(lines)
    texts = _opened(whole).split("\n")
    return [replace(line, text=text) for line, text in zip(lines, texts, strict=True)]


def _opened(text: str) -> str:
    """The text with "¡" before the first letter of each sentence that ends with "!"."""
    return "".join(map(_with_opening, _SENTENCE.findall(_MISREAD.sub("¡", text))))


def _with_opening(sentence: str) -> str:
    letter = _LETTER.search(sentence)
    if not letter or not _EXCLAIMS.search(sentence) or re.search("[¡¿]", sentence):
        return sentence
    return f"{sentence[: letter.start()]}¡{sentence[letter.start() :]}"
