"""Executes one notebook from top to bottom with our kernel, as JupyterLab's "Run All Cells" would.

Prints a line for each cell and, where one fails, its traceback; writes the notebook with what it has shown, failed or not.

Usage: execute_notebook.py NOTEBOOK RESULT SECONDS_PER_CELL
"""

import pathlib
import sys
import time

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import CellExecutionError, CellTimeoutError, DeadKernelError


def main(source: pathlib.Path, result: pathlib.Path, timeout: int) -> int:
    notebook = nbformat.read(source, as_version=4)
    total = sum(1 for cell in notebook.cells if cell.cell_type == "code")
    begun = {}
    counts = {"cell": 0}

    def on_start(cell, cell_index):
        if cell.cell_type == "code":
            counts["cell"] += 1
            begun[cell_index] = time.monotonic()
            first = next((line for line in cell.source.splitlines() if line.strip()), "")
            print(f"cell {counts['cell']} of {total}: {first[:70]}", flush=True)

    client = NotebookClient(
        notebook,
        kernel_name="vitrine",
        timeout=timeout,
        # Of a busy machine: a kernel that is long in coming, and output that comes long after the reply, would be given up.
        startup_timeout=300,
        iopub_timeout=60,
        # Relative paths in a cell mean what they mean in JupyterLab.
        resources={"metadata": {"path": str(source.parent)}},
        store_widget_state=True,
        on_cell_start=on_start,
    )
    failure = None
    try:
        client.execute()
    except CellExecutionError as error:
        failure = f"{error.ename}: {error.evalue}\n{error.traceback}" if error.traceback else str(error)
    except (CellTimeoutError, DeadKernelError) as error:
        failure = str(error)
    result.parent.mkdir(parents=True, exist_ok=True)
    nbformat.write(notebook, result)
    if failure is None:
        return 0
    print(f"cell {counts['cell']} of {total} failed\n{failure}", file=sys.stderr, flush=True)
    return 1


if __name__ == "__main__":
    sys.exit(main(pathlib.Path(sys.argv[1]), pathlib.Path(sys.argv[2]), int(sys.argv[3])))
