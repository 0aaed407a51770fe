#!/usr/bin/env python3
"""Fails when SECURITY.md leaves a threat of OWASP's lists out, or names a test that is not there."""
import pathlib
import re
import sys

THREATS = [f"LLM{n:02}" for n in range(1, 11)] + [f"T{n}" for n in range(1, 16)] + [f"ASI{n:02}" for n in range(1, 11)]


def has_test(file, name):
    """Whether the file has a test of this name, written as its kind of tests writes it."""
    if not file.is_file():
        return False
    text = file.read_text()
    if file.suffix == ".py":
        return re.search(rf"^\s+def {re.escape(name)}\(", text, re.MULTILINE) is not None
    if file.suffix == ".cpp":
        suite, _, test = name.partition(".")
        return re.search(rf"^TEST(_F|_P)?\({re.escape(suite)},\s*{re.escape(test)}\)", text, re.MULTILINE) is not None
    return f"test('{name}'" in text


def complaints(root):
    text = (root / "SECURITY.md").read_text()
    sections = dict(re.findall(r"^### (\S+) [^\n]*\n(.*?)(?=^##|\Z)", text, re.MULTILINE | re.DOTALL))
    for threat in THREATS:
        if threat not in sections:
            yield f"SECURITY.md says nothing of {threat}"
        elif not re.search(r"^\* Shown by: `tests/", sections[threat], re.MULTILINE):
            yield f"SECURITY.md names no test for {threat}"
    for path, name in re.findall(r"`(tests/[^`:\s]+): ([^`]+)`", re.sub(r"\s+", " ", text)):
        if not has_test(root / path, name):
            yield f"SECURITY.md names the test \"{name}\", which {path} does not have"


found = list(complaints(pathlib.Path(sys.argv[1])))
print("\n".join(found))
sys.exit(1 if found else 0)
