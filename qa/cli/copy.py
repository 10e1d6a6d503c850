"""The command that copies an index to another place."""

from typing import Annotated

import typer

from qa.cli import printing
from qa.cli.options import JsonOption

__all__ = ["copy"]

STOPPED = 130

From = Annotated[str, typer.Argument(metavar="FROM", help="The index: a folder or an address.")]
To = Annotated[str, typer.Argument(metavar="TO", help="A new folder or address.")]
Engine = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help="What searches the copy, if not its own.")
]


def copy(source: From, target: To, engine: Engine = None, as_json: JsonOption = False) -> int:
    """Copy an index to another place, embedding nothing; both are compared at the end.

    A copy that was stopped goes on with the same command.
    """
    from index.copy import copy as copied_to
    from index.storage.opening import place_of
    from index.sync.sync import Step

    try:
        with printing.progress_bar(of="documents") as draw:
            copied = copied_to(
                place_of(source),
                place_of(target),
                engine=engine,
                on_progress=lambda done, all_, id: draw(Step(done, all_, 0, done / all_, id)),
            )
    except KeyboardInterrupt:
        printing.say("qa: Stopped; the same command goes on from there.", error=True)
        return STOPPED
    printing.copied(copied, as_json=as_json)
    return 0
