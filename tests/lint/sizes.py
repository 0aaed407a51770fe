#!/usr/bin/env python3
"""Fails on a source file that has grown beyond one idea, and on a turn loop that cannot be read in a sitting."""
import pathlib
import sys

MOST = 400
TURN_LOOP = 250

root = pathlib.Path(sys.argv[1])
found = []
for folder in ("daemon", "plugin-api", "plugins"):
    for file in sorted((root / folder).rglob("*")):
        if file.suffix in {".h", ".hpp", ".cpp"}:
            most = TURN_LOOP if file.name == "turn_loop.cpp" else MOST
            lines = len(file.read_text().splitlines())
            if lines > most:
                found.append(f"{file.relative_to(root)} has {lines} lines; {most} are the most")
print("\n".join(found))
sys.exit(1 if found else 0)
