"""Adds the resource to the project around this folder, and removes the folder."""

import json
import os
import shutil
import signal
import subprocess
import sys
from contextlib import suppress

ANSWERS = json.loads(r"""{{ cookiecutter | tojson }}""")
HERE = os.getcwd()

sys.dont_write_bytecode = True
sys.path.insert(0, HERE)

from generator.add import run  # noqa: E402, found through the line above


def is_command(process_id: int) -> bool:
    """Whether this is `cookiecutter` or `python -m cookiecutter`."""
    with suppress(OSError, subprocess.CalledProcessError):
        arguments = subprocess.check_output(["ps", "-o", "args=", "-p", str(process_id)], text=True)
        return "cookiecutter" in map(os.path.basename, arguments.split()[:3])
    return False


refusal = run(os.path.dirname(HERE), ANSWERS)
if refusal:
    print(refusal, file=sys.stderr, flush=True)
    if not is_command(os.getppid()):
        sys.exit(1)
os.chdir(os.path.dirname(HERE))
shutil.rmtree(HERE)
if refusal:
    # The command prints a traceback when a hook fails. Interrupted as by Ctrl-C, it prints Aborted! and exits with 1.
    os.kill(os.getppid(), signal.SIGINT)
    sys.exit(1)
