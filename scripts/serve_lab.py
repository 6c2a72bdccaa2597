"""JupyterLab that ends, with its kernels, when the script that has started it does: also where that was killed outright.

All arguments are JupyterLab's own.
"""

import os
import signal
import sys
import threading
import time

from jupyterlab.labapp import main


def end_with(parent: int) -> None:
    while os.getppid() == parent:
        time.sleep(1)
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    # An orphan gets another parent; on Windows it keeps the number of the old one, and nothing happens here.
    threading.Thread(target=end_with, args=(os.getppid(),), daemon=True).start()
    sys.exit(main())
