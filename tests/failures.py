#!/usr/bin/env python3
"""Says again, at the end of a red run, what each test that failed has said last: in thousands of lines it is far up."""

import pathlib
import re
import sys

LINES = 40


def failures(log):
    """The names of the tests that did not pass, with what they printed."""
    for piece in re.split(r"\n-{58}\n\n(?=\d+/\d+ Testing: )", log):
        name = re.search(r"^\d+/\d+ Test: (.+)$", piece, re.MULTILINE)
        output = re.search(r"^Output:\n-+\n(.*)<end of output>$", piece, re.MULTILINE | re.DOTALL)
        if name and output and "\nTest Passed.\n" not in piece and "\nTest Skipped" not in piece:
            yield name[1], output[1]


def main(build):
    log = pathlib.Path(build, "Testing/Temporary/LastTest.log").read_text(errors="replace")
    for name, output in failures(log):
        print(f"\n{name} said last:")
        for line in output.rstrip().splitlines()[-LINES:]:
            print(f"    {line}")


if __name__ == "__main__":
    main(sys.argv[1])
