"""What is shipped passes its own check: the plugins and the template, with an example for every tool."""

import json
import unittest

from checked import BUILD, SOURCE, CheckTest


class Shipped(CheckTest):
    def test_plugins(self):
        for name in ("simulation", "analysis", "export"):
            with self.subTest(name):
                document = self.check(BUILD / f"plugins/{name}.so")
                self.assertTrue(document["good"], [one for one in document["checks"] if one["status"] == "FAIL"])

    def test_every_tool_has_an_example(self):
        manifests = [*SOURCE.glob("plugins/*/plugin.json"), *SOURCE.glob("plugin-api/template/plugin.json"),
                     *SOURCE.glob("plugin-api/examples/*/plugin.json")]
        self.assertGreaterEqual(len(manifests), 5)
        for manifest in manifests:
            for tool in json.loads(manifest.read_text())["tools"]:
                self.assertTrue(tool.get("examples"), f"{manifest}: {tool['name']}")


if __name__ == "__main__":
    unittest.main()
