"""From a page's own coordinates (points, from the bottom left) to upright ones (from the top left).

Text in another direction gets coordinates of its own, in which it stands upright.
"""

from index.documents.pdf.model import Box

__all__ = ["Frame"]


class Frame:
    """The visible part of a page, seen so that text of one angle stands upright.

    ``angle``: counterclockwise, in degrees: 0, 90, 180 or 270. ``visible``: left, bottom, right and
    top in the page's own coordinates.
    """

    def __init__(self, visible: tuple[float, float, float, float], angle: int) -> None:
        self.visible = visible
        self.angle = angle
        left, bottom, right, top = visible
        upright = angle in (0, 180)
        self.width = right - left if upright else top - bottom
        self.height = top - bottom if upright else right - left

    def point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the page."""
        left, bottom, right, top = self.visible
        if self.angle == 0:
            return x - left, top - y
        if self.angle == 90:
            return y - bottom, x - left
        if self.angle == 180:
            return right - x, y - bottom
        return top - y, right - x

    def box(self, edges: tuple[float, float, float, float]) -> Box:
        """A rectangle of the page: left, bottom, right, top."""
        a = self.point(edges[0], edges[1])
        b = self.point(edges[2], edges[3])
        return Box(min(a[0], b[0]), min(a[1], b[1]), max(a[0], b[0]), max(a[1], b[1]))

    def holds(self, edges: tuple[float, float, float, float]) -> bool:
        """Whether the middle of a rectangle of the page is visible."""
        left, bottom, right, top = self.visible
        x, y = (edges[0] + edges[2]) / 2, (edges[1] + edges[3]) / 2
        return left - 1 <= x <= right + 1 and bottom - 1 <= y <= top + 1
