#!/usr/bin/env bash
# Found: RapidOCR reads the words of a page that was scanned on its side or upside down without a
# mistake, but may give its lines from the last to the first: it sorts them by the picture's edges, not
# by the direction in which it read them. Turned a quarter counterclockwise they come in order, turned
# a quarter clockwise or a half they come reversed. The result does not say which way a line was read,
# its boxes have one shape for both quarter turns, and the confidence of the reversed page is no lower
# than that of the page that stands upright (0.999 and 0.991).
# Why it matters: the quick remedy, to read a page in all four turns and to keep the reading with the
# best confidence, can keep a reversed one of a page that was right. Every line is still correct and
# the page is not: a sentence over two lines is read backwards and a table has its header last.
# Seen with rapidocr 3.10.0 and the models in its package, onnxruntime 1.32.0.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/venv"
"$folder/venv/bin/python" -m pip install --quiet rapidocr==3.10.0 onnxruntime==1.32.0 \
	numpy==2.4.6 pillow==13.0.0
"$folder/venv/bin/python" - <<'PY'
from importlib.metadata import version
from statistics import mean

import numpy as np
from PIL import Image, ImageDraw, ImageFont
from rapidocr import RapidOCR

LINES = [
    "The tenant pays a rent of 500 euros.",
    "The deposit is two months of rent.",
    "Notice is given thirty days before.",
    "The owner repairs roof and walls.",
]
page = Image.new("RGB", (1000, 700), "white")
draw = ImageDraw.Draw(page)
for number, line in enumerate(LINES):
    draw.text((60, 80 + 60 * number), line, font=ImageFont.load_default(28), fill="black")
reader = RapidOCR(params={"Global.log_level": "critical"})
print(f"rapidocr {version('rapidocr')}")
found = {}
for turn in (0, 90, 180, 270):
    read = reader(np.array(page.rotate(turn, expand=True)))
    found[turn] = mean(read.scores)
    order = [LINES.index(line) + 1 for line in read.txts]
    print(f"turned by {turn:3} degrees: lines {order}, confidence {found[turn]:.3f}")
    wanted = [1, 2, 3, 4] if turn in (0, 90) else [4, 3, 2, 1]
    assert order == wanted, f"the lines of the page turned by {turn} come in another order"
assert max(found[180], found[270]) > found[0], "the upright page has the best confidence"
PY
