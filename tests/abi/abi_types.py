"""The types of plugin.h as they were at ABI 1.0 (plugin_h.abi), compared with the header of today by abidiff.

`abi_types.py --write` made the description; README.md says more.
"""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

HERE = pathlib.Path(__file__).resolve().parent
INCLUDE = HERE.parents[1] / "plugin-api/include"
GOLDEN = HERE / "plugin_h.abi"
COMPILER = os.environ.get("ASSISTD_CC", "cc")
# Those that begin with their size, and may grow.
SIZED = {"assistd_artifact", "assistd_call", "assistd_host", "assistd_plugin", "assistd_plugin_descriptor"}


def describe(include, folder):
    """What abidw says of a library that uses the types of `include`; free of this machine's paths."""
    library, description = folder / "types.so", folder / "types.abi"
    subprocess.run([COMPILER, "-std=c11", "-g", "-fPIC", "-shared", f"-I{include}", "types.c", "-o", library],
                   cwd=HERE, check=True)
    subprocess.run(["abidw", "--no-corpus-path", "--no-comp-dir-path", "--no-show-locs", "--no-elf-needed",
                    "--out-file", description, library], check=True)
    return description


def structs(document):
    return {one.get("name"): one for one in document.iter("class-decl") if one.get("name") in SIZED}


def without_growth(description):
    """Takes away what stands behind the former ends of the structs that may grow. Says whether there was any."""
    document = xml.etree.ElementTree.parse(description)
    golden = structs(xml.etree.ElementTree.parse(GOLDEN))
    grown = False
    for name, struct in structs(document).items():
        former_size = int(golden[name].get("size-in-bits"))
        for member in struct.findall("data-member"):
            # Not what fills a former gap at the end: the struct's size would not tell that it is there.
            if int(member.get("layout-offset-in-bits")) >= former_size:
                struct.remove(member)
                struct.set("size-in-bits", str(former_size))
                grown = True
    document.write(description)
    return grown


def minor_version(include):
    return int(re.search(r"ASSISTD_ABI_MINOR (\d+)", (include / "assistd/plugin.h").read_text())[1])


def complaint(include):
    """What keeps plugins of ABI 1.0 from working with this header; empty when nothing does."""
    with tempfile.TemporaryDirectory() as name:
        description = describe(include, pathlib.Path(name))
        grown = without_growth(description)
        compared = subprocess.run(["abidiff", "--no-added-syms", GOLDEN, description], capture_output=True, text=True)
    if compared.returncode != 0:
        return compared.stdout + compared.stderr
    if grown and minor_version(include) == 0:
        return "A struct has grown, so ASSISTD_ABI_MINOR must be greater than 0."
    return ""


class Header(unittest.TestCase):
    maxDiff = None

    def changed(self, *changes):
        """The complaint about plugin.h after each change, an old text and a new one."""
        with tempfile.TemporaryDirectory() as name:
            include = pathlib.Path(name) / "include"
            shutil.copytree(INCLUDE, include)
            header = include / "assistd/plugin.h"
            text = header.read_text()
            for old, new in changes:
                found = re.search(old, text)
                self.assertTrue(found, old)
                text = text[:found.start()] + new + text[found.end():]
            header.write_text(text)
            return complaint(include)

    def test_plugins_of_abi_1_0_fit_the_header(self):
        self.assertEqual(complaint(INCLUDE), "")

    def test_a_struct_may_grow_at_its_end_with_a_new_minor_version(self):
        more = (r"\(\*set_artifact_metadata\)[^;]*;", "(*set_artifact_metadata)(struct assistd_call* call, int fd, "
                "assistd_string metadata); void (*more)(struct assistd_call* call);")
        self.assertEqual(self.changed(more, (r"ABI_MINOR \d+", "ABI_MINOR 1")), "")
        self.assertIn("ABI_MINOR", self.changed(more, (r"ABI_MINOR \d+", "ABI_MINOR 0")))

    def test_an_enum_may_grow(self):
        self.assertEqual(self.changed((r"ASSISTD_INVALID = 4", "ASSISTD_INVALID = 4, ASSISTD_NEW = 5")), "")

    def test_nothing_else_may_change(self):
        changes = {
            "removed": (r"assistd_string media_type;", ""),
            "resized": (r"int fd;  ", "int64_t fd;  "),
            "reordered": (r"assistd_string kind;(.*\n *)assistd_string name;", "assistd_string name; assistd_string kind;"),
            "signed": (r"uint64_t size;", "int64_t size;"),
            "inserted": (r"uint64_t size;", "uint64_t early; uint64_t size;"),
            "in a gap": (r"int fd;  ", "int fd; int more;"),
            "another parameter": (r"double fraction", "float fraction"),
            "another result": (r"int \(\*is_cancelled\)", "int64_t (*is_cancelled)"),
            "another value": (r"ASSISTD_CANCELLED = 3", "ASSISTD_CANCELLED = 7"),
            "a struct without a size has grown": (r"\} assistd_string;", "int more; } assistd_string;"),
            "resized in the descriptor": (r"uint32_t abi_minor;\n(?=    /\* \[main\] Makes)", "uint64_t abi_minor;\n"),
        }
        for name, change in changes.items():
            with self.subTest(name):
                self.assertNotEqual(self.changed(change, (r"ABI_MINOR \d+", "ABI_MINOR 1")), "")


if __name__ == "__main__":
    if sys.argv[1:] == ["--write"]:
        with tempfile.TemporaryDirectory() as folder:
            GOLDEN.write_text(describe(INCLUDE, pathlib.Path(folder)).read_text())
    else:
        unittest.main()
