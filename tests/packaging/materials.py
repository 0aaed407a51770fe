"""The list of what an installation is made of: a valid CycloneDX 1.6 document that names what there is."""

import json
import os
import pathlib
import re
import shutil
import subprocess
import tempfile
import unittest

import jsonschema

CHECKOUT = pathlib.Path(__file__).resolve().parents[2]
BUILD = pathlib.Path(os.environ["ASSISTD_BUILD"]).resolve()
NODE = pathlib.Path(__file__).parent / "node"
SCHEMAS = NODE / "node_modules/@cyclonedx/cyclonedx-library/res/schema"


class Materials(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.tree = pathlib.Path(tempfile.mkdtemp(prefix="assistd-materials-"))
        cls.addClassCleanup(shutil.rmtree, cls.tree, ignore_errors=True)
        for name in ("bin/assistd", "bin/assistctl", "bin/assistd-plugin-host", "plugins/simulation.so", "plugins/analysis.so", "plugins/export.so"):
            shutil.copy(BUILD / name, cls.tree)
        shutil.copytree(BUILD / "page/assets", cls.tree / "page/assets")
        cls.text = cls.sbom()
        cls.document = json.loads(cls.text)
        subprocess.run([NODE / "install.sh"], check=True)

    @classmethod
    def sbom(cls, tree=None, build=BUILD):
        done = subprocess.run([CHECKOUT / "packaging/sbom.py", tree or cls.tree, build], capture_output=True, text=True,
                              env=os.environ | {"SOURCE_DATE_EPOCH": "1700000000"})
        return done.stdout if done.returncode == 0 else done.stderr

    def test_it_is_valid(self):
        schemas = [json.loads(file.read_text()) for file in SCHEMAS.glob("*.schema.json")]
        main = json.loads((SCHEMAS / "bom-1.6.SNAPSHOT.schema.json").read_text())
        known = {schema["$id"]: schema for schema in schemas}
        # The main schema names the others by the files that they are here.
        known |= {f"http://cyclonedx.org/schema/{file.name}": json.loads(file.read_text()) for file in SCHEMAS.glob("*.json")}
        resolver = jsonschema.RefResolver(main["$id"], main, known)
        validator = jsonschema.Draft7Validator(main, resolver=resolver)
        self.assertEqual([error.message for error in validator.iter_errors(self.document)], [])
        # The schema is looked at: what it does not know is found.
        self.assertTrue(list(validator.iter_errors(self.document | {"components": [{"type": "nonsense", "name": "x"}]})))

    def test_it_names_what_there_is(self):
        names = {one["name"]: one for one in self.document["components"]}
        required = {name for name, one in names.items() if one["scope"] == "required"}
        # The C library's own package, also where those of other machines are installed.
        self.assertLess({"libpistache0", "libsqlite3-0", "libhdf5-103-1", "libc6", "libstdc++6", "libgcc-s1"}, required)
        self.assertEqual({name for name in required if re.match("lib(32|64|x32)|.*-(i386|amd64|x32)$", name)}, set())
        # Nothing but headers, so all of it is in the programs.
        self.assertLess({"nlohmann-json3-dev", "libboost1.81-dev", "libhnswlib-dev", "libvalijson-dev", "libkainjow-mustache-dev"}, required)
        for name in ("libsqlite3-dev", "cmake", "libssl-dev"):
            self.assertEqual(names[name]["scope"], "excluded", name)
        self.assertNotIn("esbuild", names)  # which only builds
        self.assertNotIn("argparse", names)  # which nothing in the page uses
        self.assertEqual(names["three"]["licenses"], [{"license": {"id": "MIT"}}])

    def test_the_page_is_named_as_it_is(self):
        bundled = dict(re.findall(r"^(\S+) \S+ \((\S.*)\)$", (BUILD / "page/assets/licences.txt").read_text(), re.MULTILINE))
        self.assertIn("preact", bundled)
        listed = {one["name"]: one["licenses"][0]["license"]["id"] for one in self.document["components"] if one["purl"].startswith("pkg:npm")}
        self.assertEqual(listed, bundled)
        rights = (CHECKOUT / "packaging/debian/copyright").read_text()
        told = lambda name: re.search(rf"(?:(?<![\w./@-])|node_modules/){re.escape(name)}(?![\w-]|\.\w)", rights)
        self.assertEqual([name for name in bundled if not told(name)], [])

    def test_the_same_packages_give_the_same_bytes(self):
        self.assertEqual(self.sbom(), self.text)

    def test_what_is_no_folder_is_told(self):
        usage = "Usage: packaging/sbom.py INSTALLED_TREE BUILD_FOLDER\n"
        self.assertEqual([self.sbom("/nowhere"), self.sbom(build="/nowhere")], [usage] * 2)


if __name__ == "__main__":
    unittest.main()
