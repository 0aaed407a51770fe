"""The packages are built twice, in folders of different names and without anything kept from the first time; each pair is
the same, byte by byte. Also: lintian has nothing to say, and the list of what they are made of is a valid one."""

import hashlib
import os
import pathlib
import shutil
import subprocess
import tempfile
import unittest

from machine import run

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]


def built(folder, **environment):
    run([CHECKOUT / "packaging/build-deb.sh", folder], timeout=3400,
        env=os.environ | {"DEB_BUILD_OPTIONS": "parallel=2 noautodbgsym"} | environment)
    return {file.name: file for file in sorted(pathlib.Path(folder).glob("*.deb"))}


def sums_of(package, scratch):
    """The sums of all files in a package: names what differs when two packages do."""
    content = pathlib.Path(scratch) / "content"
    shutil.rmtree(content, ignore_errors=True)
    run(["dpkg-deb", "--raw-extract", package, content])
    return {str(file.relative_to(content)): hashlib.sha256(file.read_bytes()).hexdigest()
            for file in content.rglob("*") if file.is_file() and not file.is_symlink()}


class Packages(unittest.TestCase):
    maxDiff = None

    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assistd-packages-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        cls.first = built(cls.folder / "first")

    def test_built_twice_they_are_the_same(self):
        # Another folder, another name, another time zone and language, and no compiler's cache. A path with a blank is one
        # that dpkg does not map away, which the binaries' build ids tell.
        again = built(self.folder / "the-second-time", CCACHE_DISABLE="1", TZ="Pacific/Apia", LC_ALL="C.UTF-8", HOME="/nonexistent")
        self.assertEqual(list(self.first), list(again))
        for name in self.first:
            if self.first[name].read_bytes() != again[name].read_bytes():
                self.assertEqual(sums_of(self.first[name], self.folder), sums_of(again[name], self.folder), name)
                self.fail(f"{name}: the same files, packed in another way")

    def test_lintian_finds_nothing(self):
        done = subprocess.run(["lintian", "--allow-root", "--fail-on=error,warning", *self.first.values()], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stdout), (0, ""), done.stderr)


if __name__ == "__main__":
    unittest.main()
