#!/usr/bin/env python3
"""Runs clang-tidy (Debian: clang-tidy) over source files: tidy.py BUILD_FOLDER FILE...

Not part of the suite: it takes about ten seconds a file. The compile commands are GCC's, so what clang does not
know - GCC's precompiled header and the names of its warnings - is taken out of a copy of them.
"""

import json
import pathlib
import re
import subprocess
import sys
import tempfile

NOT_CLANGS = re.compile(r"-include \S+/cmake_pch\.hxx|-fpch-preprocess|-Winvalid-pch|"
                        r"-Wno-(maybe-uninitialized|restrict|stringop|array-bounds|mismatched|tsan)\S*")


def main():
    build, files = pathlib.Path(sys.argv[1]), sys.argv[2:]
    entries = json.loads((build / "compile_commands.json").read_text())
    for entry in entries:
        command = re.sub(r"^.*?/ccache ", "", entry["command"])
        entry["command"] = NOT_CLANGS.sub("", command)
    with tempfile.TemporaryDirectory() as folder:
        (pathlib.Path(folder) / "compile_commands.json").write_text(json.dumps(entries))
        return subprocess.run(["clang-tidy", "--quiet", "-p", folder, *files]).returncode


if __name__ == "__main__":
    sys.exit(main() if len(sys.argv) > 2 else __doc__)
