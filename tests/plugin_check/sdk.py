"""The installed SDK as people outside of this tree use it: found by pkg-config, built by hand as README.md says."""

import os
import re
import shutil
import subprocess
import unittest

from checked import BUILD, CC, CXX, SOURCE, CheckTest

README = SOURCE / "plugin-api/README.md"


class Sdk(CheckTest):
    def setUp(self):
        super().setUp()
        self.prefix = self.folder / "sdk"
        subprocess.run(["cmake", "--install", BUILD, "--component", "sdk", "--prefix", self.prefix], check=True,
                       stdout=subprocess.DEVNULL)
        # The compilers of this build, by the names that the README gives them.
        programs = self.folder / "programs"
        programs.mkdir()
        (programs / "gcc").symlink_to(shutil.which(CC))
        (programs / "g++").symlink_to(shutil.which(CXX))
        self.environment = {**os.environ, "HOME": str(self.folder), "PATH": f"{programs}:{os.environ['PATH']}"}
        (self.folder / "assistd").symlink_to(self.prefix)

    def commands(self, language):
        """The block of commands of "Without CMake" that begins with a comment on this language."""
        section = README.read_text().split("## Without CMake")[1].split("\n## ")[0]
        blocks = re.findall(r"```sh\n(.*?)```", section, re.DOTALL)
        block, = [one for one in blocks if one.startswith(f"# {language}")]
        return block

    def run_in(self, folder, commands):
        result = subprocess.run(["sh", "-eux", "-c", commands], cwd=folder, env=self.environment, capture_output=True,
                                text=True)
        self.assertEqual(result.returncode, 0, result.stderr)
        return result.stdout

    def test_a_plugin_in_cpp_by_hand(self):
        folder = self.folder / "greeter"
        shutil.copytree(self.prefix / "share/assistd/plugin-template", folder)
        self.run_in(folder, self.commands("C++"))
        self.check(folder / "greeter.so", code=0)

    def test_the_example_in_c_by_hand(self):
        folder = self.folder / "word-count"
        shutil.copytree(self.prefix / "share/assistd/plugin-examples/word-count", folder)
        commands = self.commands("C:")
        self.assertIn("-std=c11 -pedantic", commands)
        self.run_in(folder, commands.replace("-pedantic", "-pedantic -g -Wall -Wextra -Werror"))
        document = self.check(folder / "word_count.so", "--valgrind", code=0)
        self.assertEqual(document["id"], "org.example.word-count")
        good = " ".join(self.sentences(document, "count_words", "ok"))
        self.assertIn("Valgrind finds nothing lost and nothing used wrongly in 2 examples", good)
        self.assertIn("and 1 artifact", good)

    def test_the_example_in_c_with_cmake(self):
        folder = self.prefix / "share/assistd/plugin-examples/word-count"
        build = self.folder / "build"
        subprocess.run(["cmake", "-S", folder, "-B", build, f"-DCMAKE_PREFIX_PATH={self.prefix}", f"-DCMAKE_C_COMPILER={CC}",
                        f"-DCMAKE_CXX_COMPILER={CXX}"], check=True, stdout=subprocess.DEVNULL)
        subprocess.run(["cmake", "--build", build], check=True, stdout=subprocess.DEVNULL)
        self.check(build / "plugins/word_count.so", code=0)

    def test_the_version_and_the_folders(self):
        found = self.run_in(self.folder, 'export PKG_CONFIG_PATH="$HOME/assistd/share/pkgconfig"\n'
                                         "pkg-config --modversion assistd-plugin; pkg-config --cflags assistd-plugin")
        version, flags = found.splitlines()
        self.assertEqual(version, "1.0")
        include, = re.findall(r"-I(\S+)", flags)
        self.assertTrue(os.path.exists(f"{include}/assistd/plugin.h"), flags)


if __name__ == "__main__":
    unittest.main()
