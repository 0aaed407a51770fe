"""What the tests of assistd-plugin-check share: running it, and plugins made of others or of a few lines of C."""

import json
import os
import pathlib
import subprocess
import tempfile
import unittest

SOURCE = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ.get("ASSISTD_BUILD", SOURCE / "build/release")).resolve()
CHECK = BUILD / "bin/assistd-plugin-check"
CC = os.environ.get("ASSISTD_CC", "cc")
CXX = os.environ.get("ASSISTD_CXX", "c++")

MINIMAL = r"""
#include <assistd/plugin.h>
static assistd_status run(assistd_plugin* plugin, assistd_string tool, assistd_string arguments, assistd_call* call) {
    const assistd_string data = {"{}", 2}, nothing = {"", 0};
    (void)plugin, (void)tool, (void)arguments;
    return call->emit_result(call, data, nothing);
}
static void destroy(assistd_plugin* plugin) { (void)plugin; }
static assistd_plugin the_plugin = {sizeof the_plugin, 0, run, destroy, 0};
static assistd_plugin* create(const assistd_host* host) { (void)host; return &the_plugin; }
const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {sizeof descriptor, 1, 0, create};
    return &descriptor;
}
"""


def manifest(**changes):
    tool = {"name": "act", "description": "Acts.", "category": "test", "input": {"type": "object"},
            "output": {"type": "object"}, "effects": {}, "examples": [{"arguments": {}}]}
    return {"id": "org.example.minimal", "version": "1.0.0", "abi": "1.0", "licence": "MIT", "tools": [tool], **changes}


class CheckTest(unittest.TestCase):
    maxDiff = None

    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = pathlib.Path(folder.name)

    def check(self, library, *options, code=None):
        """The JSON document."""
        result = subprocess.run([CHECK, library, "--json", *options], capture_output=True, text=True, timeout=120)
        self.assertEqual(result.stderr, "")
        document = json.loads(result.stdout)
        self.assertEqual(result.returncode, 0 if document["good"] else 1)
        if code is not None:
            self.assertEqual(result.returncode, code, document)
        return document

    def sentences(self, document, check, status="FAIL"):
        return [one["message"] for one in document["checks"] if (one["check"], one["status"]) == (check, status)]

    def assert_fails(self, document, check, words):
        self.assertIn(words, " ".join(self.sentences(document, check)), document)

    def compile(self, source=MINIMAL, about=None, flags=(), name="minimal.so"):
        """A plugin of C code; `about` is its manifest."""
        code, text, library = self.folder / "code.c", self.folder / "plugin.json", self.folder / name
        code.write_text(source)
        text.write_text(about if isinstance(about, str) else json.dumps(about or manifest()))
        subprocess.run([CC, "-std=c11", "-fPIC", "-fvisibility=hidden", f"-I{SOURCE / 'plugin-api/include'}", "-shared",
                        code, "-o", library, *flags], check=True)
        subprocess.run(["objcopy", "--add-section", f".assistd.manifest={text}", library], check=True)
        library.chmod(0o644)
        return library
