"""The list of what an installation is made of: a valid CycloneDX 1.6 document that names what there is."""

import json
import os
import pathlib
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
        for name in ("bin/assistd", "bin/assistctl", "bin/assistd-plugin-host"):
            shutil.copy(BUILD / name, cls.tree)
        cls.text = cls.sbom()
        cls.document = json.loads(cls.text)
        subprocess.run([NODE / "install.sh"], check=True)

    @classmethod
    def sbom(cls, tree=None):
        done = subprocess.run([CHECKOUT / "packaging/sbom.py", tree or cls.tree], capture_output=True, text=True,
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
        for name in ("libpistache0", "libsqlite3-0", "libseccomp2", "preact", "three", "highlight.js"):
            self.assertEqual(names[name]["scope"], "required", name)
        self.assertEqual(names["nlohmann-json3-dev"]["scope"], "excluded")
        self.assertNotIn("esbuild", names)  # which only builds
        self.assertEqual(names["three"]["licenses"], [{"license": {"id": "MIT"}}])

    def test_the_same_packages_give_the_same_bytes(self):
        self.assertEqual(self.sbom(), self.text)

    def test_what_is_no_folder_is_told(self):
        self.assertEqual(self.sbom("/nowhere"), "Usage: packaging/sbom.py INSTALLED_TREE\n")


if __name__ == "__main__":
    unittest.main()
