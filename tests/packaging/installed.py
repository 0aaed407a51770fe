"""What "cmake --install" puts where: what names a file names one that is there, and what is removed leaves nothing.

Only packaging/ is installed, into a folder of its own; the programs are looked at where they are tested.
"""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
PROJECT = """cmake_minimum_required(VERSION 3.24)
project(assistd LANGUAGES NONE)
include(GNUInstallDirs)
add_subdirectory(packaging)
"""
# By the folder that is installed into: where its configuration is. daemon/base/config_place.cpp has the same.
PLACES = {"/usr": "/etc/assistd", "/usr/local": "/usr/local/etc/assistd", "/opt/group": "/etc/opt/group/assistd"}


def run(*command, **options):
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=120, **options)
    if done.returncode != 0:
        raise AssertionError(f"{command} ended with {done.returncode}:\n{done.stdout}{done.stderr}")
    return done.stdout


class Installed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = pathlib.Path(tempfile.mkdtemp(prefix="assistd-installed-"))
        cls.addClassCleanup(shutil.rmtree, cls.folder, ignore_errors=True)
        sources = cls.folder / "sources"
        sources.mkdir()
        for entry in CHECKOUT.iterdir():
            if entry.name not in ("build", "CMakeLists.txt", ".git"):
                (sources / entry.name).symlink_to(entry)
        (sources / "CMakeLists.txt").write_text(PROJECT)

    def installed(self, prefix):
        """The root folder of a machine with it."""
        name = prefix.replace("/", "_")
        build, root = self.folder / f"build{name}", self.folder / f"root{name}"
        if not root.exists():
            # The folder of libraries is found out by a compiler, which this project has none of.
            run("cmake", "-S", self.folder / "sources", "-B", build, f"-DCMAKE_INSTALL_PREFIX={prefix}", "-DCMAKE_INSTALL_LIBDIR=lib")
            run("cmake", "--install", build, env=os.environ | {"DESTDIR": str(root)})
        return root

    def test_the_unit_names_a_configuration_that_is_there(self):
        for prefix, place in PLACES.items():
            root = self.installed(prefix)
            unit = (root / prefix[1:] / "lib/systemd/system/assistd.service").read_text()
            command = re.search(r"^ExecStart=(\S+) --config (\S+)$", unit, re.MULTILINE)
            self.assertEqual(command.groups(), (f"{prefix}/bin/assistd", f"{place}/assistd.yaml"))
            text = (root / command[2][1:]).read_text()
            self.assertIn("\nstate: /var/lib/assistd\n", text)
            schema = re.match(r"# yaml-language-server: \$schema=/(.*)\n", text)
            self.assertEqual((root / schema[1]).read_bytes(), (CHECKOUT / "config/schema.json").read_bytes())

    def test_it_can_be_installed_elsewhere_than_it_was_configured_for(self):
        self.installed("/usr/local")
        run("cmake", "--install", self.folder / "build_usr_local", "--prefix", self.folder / "elsewhere")
        self.assertTrue((self.folder / "elsewhere/etc/assistd/assistd.yaml").exists())

    def test_the_documents_that_the_readme_leads_to_are_installed(self):
        documents = self.installed("/usr") / "usr/share/doc/assistd"
        for name in ("README.md", "packaging/observability.md", "packaging/migrating-from-openai.md"):
            targets = set(re.findall(r"\]\(([^)#:\s]+)\)", (documents / name).read_text()))
            self.assertTrue(targets)
            # Who has only what is installed develops nothing, and Debian has the licence in a place of its own.
            missing = [target for target in targets - {"CONTRIBUTING.md", "LICENSE"} if not ((documents / name).parent / target).exists()]
            self.assertEqual(missing, [], name)

    def test_the_packages_have_all_of_it(self):
        root = self.installed("/usr")
        listed = []
        for file in (CHECKOUT / "packaging/debian").glob("*.install"):
            listed += [line.split()[0] for line in file.read_text().splitlines() if line.strip()]
        files = [path.relative_to(root) for path in root.rglob("*") if path.is_file()]
        # dh_install leaves out in silence what no package names.
        self.assertEqual([str(path) for path in files if not any(path.is_relative_to(one) for one in listed)], [])

    def test_purging_leaves_nothing_and_removing_everything(self):
        script = (CHECKOUT / "packaging/debian/assistd.postrm").read_text()
        secrets = ("etc/assistd/credentials/main-key", "etc/assistd/conf.d/10-models.yaml", "etc/assistd/prompts/system.mustache",
                   "var/lib/assistd/assistd.db", "etc/systemd/system/assistd.service.d/override.conf",
                   "etc/systemd/system/assistd.socket.d/override.conf")
        root = self.folder / "machine"
        for path in secrets + ("etc/systemd/system/other.service.d/override.conf",):
            (root / path).parent.mkdir(parents=True, exist_ok=True)
            (root / path).write_text("sk-a-secret")
        here = re.sub(r"(?<=\s)/(?=\w)", f"{root}/", script.partition("\n")[2])
        self.assertNotRegex(here, r"\s/(etc|var)/")
        for action in ("remove", "upgrade", "purge"):
            self.assertTrue(all((root / path).exists() for path in secrets), f"before {action}")
            run("sh", "-c", here, "postrm", action)
        left = [str(path.relative_to(root)) for path in root.rglob("*") if path.is_file()]
        self.assertEqual(left, ["etc/systemd/system/other.service.d/override.conf"])


class Container(unittest.TestCase):
    """What the Containerfile says, next to what it is about. Building it takes a registry."""

    def setUp(self):
        text = re.sub(r"\\\n\s*", "", (CHECKOUT / "packaging/container/Containerfile").read_text())
        self.lines = [line.split(None, 1) for line in text.splitlines() if line and not line.startswith("#")]
        last = max(number for number, (word, _) in enumerate(self.lines) if word == "FROM")
        self.image = dict(self.lines[last:])

    def test_what_is_copied_is_in_the_checkout_and_let_in(self):
        keeps_out = (CHECKOUT / "packaging/container/Containerfile.containerignore").read_text().split()
        self.assertEqual({"build", "var", ".git", "**/node_modules"}, set(keeps_out))
        for word, rest in self.lines:
            if word == "COPY":
                for source in rest.split()[:-1]:
                    self.assertTrue((CHECKOUT / source).exists(), rest)
                    self.assertNotIn(source, keeps_out)
            elif word == "RUN" and "packaging/" in rest:
                program = re.search(r"packaging/\S+", rest)[0]
                self.assertTrue(os.access(CHECKOUT / program, os.X_OK), rest)

    def test_it_runs_what_the_unit_runs(self):
        unit = (CHECKOUT / "packaging/systemd/assistd.service").read_text()
        of_unit = lambda key: re.search(rf"^{key}=(.*)$", unit, re.MULTILINE)[1]
        self.assertEqual(json.loads(self.image["ENTRYPOINT"]), of_unit("ExecStart").split())
        self.assertEqual((self.image["USER"], self.image["WORKDIR"]), (of_unit("User"), of_unit("WorkingDirectory")))
        self.assertEqual(self.image["VOLUME"], "/var/lib/" + of_unit("StateDirectory"))
        self.assertIn(f"--mode={of_unit('StateDirectoryMode')} /var/lib/assistd", self.image["RUN"])

    def test_the_packages_that_it_installs_are_built(self):
        control = (CHECKOUT / "packaging/debian/control").read_text()
        built = re.findall(r"^Package: (\S+)$", control, re.MULTILINE)
        named = re.findall(r"/packages/([\w-]+)_\*\.deb", self.image["RUN"])
        self.assertEqual(sorted(named), sorted(name for name in built if name != "assistd-dev"))
        self.assertIn("curl", self.image["RUN"].split())  # what HEALTHCHECK runs
        self.assertIn("curl ", self.image["HEALTHCHECK"])


if __name__ == "__main__":
    unittest.main()
