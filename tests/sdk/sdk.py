"""Installs the SDK as plugin authors get it, and builds plugins against it."""

import json
import os
import pathlib
import shutil
import subprocess
import sys

sys.path.insert(0, str(pathlib.Path(__file__).parent.parent / "e2e"))
from daemon import BUILD  # noqa: E402


def environment():
    """A quick build where there is a compiler cache."""
    cache = shutil.which("ccache")
    return os.environ | ({"CMAKE_CXX_COMPILER_LAUNCHER": cache} if cache else {})


def run(*command, cwd=None, good=True):
    result = subprocess.run([str(part) for part in command], cwd=cwd, env=environment(), capture_output=True, text=True,
                            timeout=280)
    output = result.stdout + result.stderr
    if good and result.returncode != 0:
        raise AssertionError(f"{command}: {result.returncode}\n{output}")
    return output


def install(prefix):
    run("cmake", "--install", BUILD, "--component", "sdk", "--prefix", prefix)


def manifest_of(library):
    """What stands in the library, as the daemon finds it."""
    section = library.with_suffix(".manifest")
    run("objcopy", "--dump-section", f".assistd.manifest={section}", library, "/dev/null")
    return json.loads(section.read_text())
