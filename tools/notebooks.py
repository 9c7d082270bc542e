"""Run the chapters and store them as git keeps them.

A stored notebook holds every cell's execution count and text output, so that nbval has
something to compare; it holds no picture and no widget state, so that a change reads well.

    python -m tools.notebooks [NOTEBOOK ...]
"""

import os
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient
from nbformat import NotebookNode

from experiments.whole_files import write_whole

BOOK = Path(__file__).parent.parent / "book"

#: Kinds of output that are text; all others are pictures or widgets.
TEXT = ("text/plain", "text/markdown", "text/latex", "application/papermill.record/text/plain")

#: Seconds that one cell may take.
TIMEOUT = 120


def normal_form(notebook: NotebookNode) -> NotebookNode:
    """Return a notebook with text outputs only, counted from 1, and no traces of a machine.

    Parameters
    ----------
    notebook : NotebookNode
        Executed; it is left unchanged.

    Returns
    -------
    NotebookNode
    """
    result = nbformat.from_dict(notebook)
    result.metadata = nbformat.from_dict(
        {
            "kernelspec": {"display_name": "Python 3", "language": "python", "name": "python3"},
            "language_info": {"name": "python"},
        }
    )
    code = [cell for cell in result.cells if cell.cell_type == "code"]
    for cell in code:
        cell.metadata.pop("execution", None)
        cell.outputs = [text_only(output) for output in merged(cell.outputs)]
    run = [cell for cell in code if cell.execution_count is not None]
    for count, cell in enumerate(run, start=1):
        cell.execution_count = count
        for output in cell.outputs:
            if output.output_type == "execute_result":
                output.execution_count = count
    return result


def text_only(output: NotebookNode) -> NotebookNode:
    """Return an output without pictures, widgets and their metadata."""
    if "data" in output:
        output.data = {kind: data for kind, data in output.data.items() if kind in TEXT}
        output.metadata = {kind: data for kind, data in output.metadata.items() if kind == "scrapbook"}
    return output


def merged(outputs: list[NotebookNode]) -> list[NotebookNode]:
    """Join neighbouring pieces of one stream: where they are cut depends on timing."""
    result: list[NotebookNode] = []
    for output in outputs:
        last = result[-1] if result else None
        if last and output.output_type == "stream" and last.get("name") == output.name:
            last.text += output.text
        else:
            result.append(nbformat.from_dict(output))
    return result


def store(path: Path) -> None:
    """Run a notebook in its folder and write it back in normal form."""
    notebook = nbformat.read(path, as_version=4)
    NotebookClient(notebook, timeout=TIMEOUT, resources={"metadata": {"path": str(path.parent)}}).execute()
    write_whole(path, nbformat.writes(normal_form(notebook)) + "\n")


def main(arguments: list[str]) -> None:
    """Store the named notebooks, or every chapter."""
    os.environ["TQDM_DISABLE"] = "1"  # a progress bar is never the same twice
    for path in [Path(name) for name in arguments] or sorted(BOOK.glob("*.ipynb")):
        store(path)
        print(f"stored {path.name}")


if __name__ == "__main__":
    main(sys.argv[1:])
