"""Every scenario of the protocol's conformance suite for servers, compared with what mcp_conformance.md says of it."""

import json
import pathlib
import re
import unittest

from mcp_clients import NodeTest

TABLE = pathlib.Path(__file__).with_suffix(".md")
REVISIONS = ("2025-11-25", "2026-07-28")


def expected():
    """{revision: {scenario: checks that fail}}"""
    results = {revision: {} for revision in REVISIONS}
    for line in TABLE.read_text().splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("| ") or cells[0] == "scenario":
            continue
        scenario, *outcomes, why = cells
        for revision, outcome in zip(REVISIONS, outcomes, strict=True):
            if outcome != "-":
                results[revision][scenario] = set() if outcome == "passes" else set(outcome.split())
        assert bool(why) == any(outcome not in ("-", "passes") for outcome in outcomes), line
    return results


class Conformance(NodeTest):
    def test_every_scenario(self):
        for revision, scenarios in expected().items():
            with self.subTest(revision):
                folder = pathlib.Path(self.shared_folder) / revision
                done = self.node("node_modules/.bin/conformance", "server", "--url", self.url, "--suite", "all",
                                 "--spec-version", revision, "--output-dir", str(folder))
                found = {}
                for file in folder.glob("*/checks.json"):
                    scenario = re.fullmatch(r"server-(.*)-20\d\d-.*Z", file.parent.name)[1]
                    checks = json.loads(file.read_text())
                    found[scenario] = {check["id"] for check in checks if check["status"] in ("FAILURE", "WARNING")}
                self.assertEqual(found, scenarios, done.stdout[-5000:] + done.stderr[-2000:])
                self.assertGreater(len(found), 30)


if __name__ == "__main__":
    unittest.main()
