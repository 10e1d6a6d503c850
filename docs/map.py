"""Draw the packages and their imports into docs/architecture.md: ``make map``.

A room is a folder or a module at the top of ``index`` or ``qa``; an arrow leads from a room to
one that it imports. Arrows that follow from others are left out, so that the drawing can be read:
where A imports B and B imports C, there is no arrow from A to C. ``--check`` changes nothing and
ends with status 1 where the drawing is out of date.
"""

import sys
from pathlib import Path

import grimp

ROOT = Path(__file__).resolve().parent.parent
PAGE = ROOT / "docs" / "architecture.md"
BEGIN, END = "<!-- map: made by `make map` -->\n", "<!-- /map -->"
PACKAGES = ("index", "qa")


def rooms(graph: grimp.ImportGraph) -> dict[str, set[str]]:
    """Each room with the rooms that it imports; what the package itself imports does not count."""
    names = {room for package in PACKAGES for room in graph.find_children(package)}
    imports: dict[str, set[str]] = {}
    for room in names:
        modules = {room, *graph.find_descendants(room)}
        imported = set().union(*map(graph.find_modules_directly_imported_by, modules))
        tops = {".".join(module.split(".")[:2]) for module in imported}
        # `from index import Index` is an import of the door.
        tops = {"index.index" if top == "index" else top for top in tops}
        imports[room] = (tops & names) - {room}
    return imports


def without_shortcuts(imports: dict[str, set[str]]) -> dict[str, list[str]]:
    """The arrows that do not follow from others (the transitive reduction)."""

    def reachable(room: str) -> set[str]:
        return imports[room].union(*(reachable(imported) for imported in imports[room]))

    return {
        room: sorted(
            imported
            for imported in names
            if not any(imported in reachable(other) for other in names - {imported})
        )
        for room, names in imports.items()
    }


def drawing(arrows: dict[str, list[str]]) -> str:
    """The rooms and arrows in Mermaid's language."""
    lines = ["```mermaid", "flowchart TD"]
    for package in reversed(PACKAGES):
        lines.append(f"  subgraph {package}")
        # A room that imports none and is imported by none says nothing here.
        joined = {room for pair in arrows.items() if pair[1] for room in (pair[0], *pair[1])}
        names = sorted(room for room in joined if room.startswith(f"{package}."))
        lines += [f"    {room}[{room.partition('.')[2]}]" for room in names]
        lines.append("  end")
    lines += [f"  {room} --> {name}" for room in sorted(arrows) for name in arrows[room]]
    return "\n".join([*lines, "```", ""])


def main() -> int:
    """Draw, or compare; the exit status."""
    graph = grimp.build_graph(*PACKAGES, cache_dir=None)
    text = PAGE.read_text(encoding="utf-8")
    before, _, rest = text.partition(BEGIN)
    _, _, after = rest.partition(END)
    drawn = f"{before}{BEGIN}{drawing(without_shortcuts(rooms(graph)))}{END}{after}"
    if "--check" in sys.argv[1:]:
        if drawn != text:
            print("docs/architecture.md: the drawing is out of date; run make map.")
        return int(drawn != text)
    PAGE.write_text(drawn, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
