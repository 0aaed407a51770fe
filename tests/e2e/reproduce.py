"""Artifacts that are made again: by which tool, with which arguments and seed, and whether the file is the same."""

import json
import pathlib
import shutil
import subprocess
import unittest

from daemon import BUILD, DaemonTest, FolderTest, until


def assistctl(daemon, *arguments):
    return subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{daemon.port}", *arguments],
                          capture_output=True, text=True, timeout=60)


class Reproduced(DaemonTest):
    def run_tool(self, tool, **arguments):
        outcome = self.d.good("POST", f"/tools/{tool}/execute", {"arguments": arguments})
        self.assertTrue(outcome["success"], outcome)
        return outcome["artifacts"][0]["handle"]

    def handles(self):
        return [artifact["handle"] for artifact in self.d.good("GET", "/artifacts?limit=100")["artifacts"]]

    def check_identical(self, handle):
        before = self.handles()
        result = assistctl(self.d, "artifacts", "reproduce", handle)
        self.assertEqual((result.returncode, result.stderr), (0, ""), result.stdout)
        self.assertIn(f"{handle} is reproduced: the file is identical, byte for byte.", result.stdout)
        # No second copy is left behind.
        self.assertEqual(self.handles(), before)

    def test_a_drawn_seed_an_analysis_and_a_plot(self):
        simulation = self.run_tool("run_dla_simulation", n_particles=300)
        about = self.d.good("GET", f"/artifacts/{simulation}")
        self.assertNotIn("seed", about["parameters"])
        self.assertRegex(about["seed"], r"^\d+$")
        self.check_identical(simulation)
        analysis = self.run_tool("run_box_counting", simulation=simulation)
        self.assertEqual(self.d.good("GET", f"/artifacts/{analysis}")["parents"], [simulation])
        self.check_identical(analysis)
        for format in ("png", "svg", "pdf"):
            with self.subTest(format=format):
                self.check_identical(self.run_tool("generate_plot", source=simulation, plot="rg_vs_n", format=format))
        for format in ("csv", "xyz", "vtp", "ply", "npy"):
            with self.subTest(format=format):
                self.check_identical(self.run_tool("export_geometry", simulation=simulation, format=format))

    def test_what_the_answer_says(self):
        simulation = self.run_tool("run_dla_simulation", n_particles=100, seed=3, dimensions=2)
        original = self.d.good("GET", f"/artifacts/{simulation}")
        result = self.d.good("POST", f"/artifacts/{simulation}/reproduce")
        self.assertEqual((result["identical"], result["artifact"], result["first_difference"]), (True, None, None))
        self.assertEqual(result["sha256"], {"then": original["sha256"], "now": original["sha256"]})
        self.assertEqual(result["plugin"]["then"], result["plugin"]["now"])
        self.assertLessEqual(set(result["metadata_differences"]), {"execution_time_s"})
        # The call is one like any other.
        newest = self.d.good("GET", "/audit?tool=run_dla_simulation&limit=1")["calls"][0]
        self.assertEqual((newest["outcome"], newest["artifacts"]), ("success", 1))

    def test_a_call_that_would_become_a_job_is_waited_for(self):
        outcome = self.d.good("POST", "/tools/run_dla_simulation/execute",
                              {"arguments": {"n_particles": 400_000, "dimensions": 2, "seed": 4}})
        if "job_id" in outcome.get("data", {}):
            job = outcome["data"]["job_id"]
            until(lambda: self.d.job(job)["state"] == "completed", "the job's end")
        simulation = self.d.good("GET", "/artifacts?kind=simulation&limit=1")["artifacts"][0]["handle"]
        self.check_identical(simulation)

    def test_what_was_made_of_a_study_before_it_ran_again(self):
        study = self.d.good("POST", "/studies", {
            "tool": "run_dla_simulation", "base_parameters": {"n_particles": 20_000, "dimensions": 2, "seed": 21},
            "seeds_per_combination": 400}, status=201)
        path = f"/studies/{study['id']}"
        until(lambda: self.d.get(path).json["counts"]["completed"] >= 3, "some runs", 200)
        table = self.cancelled(path)
        rows = self.d.get(f"/artifacts/{table}/content").body
        plot = self.run_tool("generate_plot", source=table, plot="df_distribution", format="svg")
        simulation = json.loads(rows)["runs"][0]["artifacts"][0]
        self.d.good("POST", path + "/retry")
        second = self.cancelled(path)
        self.assertNotEqual(second, table)
        self.assertEqual(self.d.get(f"/artifacts/{table}/content").body, rows)
        for handle in (plot, simulation):
            self.check_identical(handle)
        # Either table names the study.
        for handle in (table, second):
            shown = self.run_study_tool("get_study_status", study_id=handle)
            self.assertEqual(shown["data"]["study_id"], study["id"])
            self.assertIn(study["id"], assistctl(self.d, "studies", "show", handle).stdout)

    def cancelled(self, path):
        """The table of the study, which is ended before it has done all."""
        self.d.good("POST", path + "/cancel")
        until(lambda: self.d.get(path).json["status"] != "running", "the study's end", 200)
        study = self.d.good("GET", path)
        self.assertEqual(study["status"], "cancelled")
        return study["table"]["handle"]

    def run_study_tool(self, tool, **arguments):
        return self.d.good("POST", f"/tools/{tool}/execute", {"arguments": arguments})

    def test_what_cannot_be_made_again(self):
        uploaded = self.d.good("POST", "/artifacts?name=a.txt", b"text", {"Content-Type": "text/plain"}, status=201)
        error = self.check_error(self.d.post(f"/artifacts/{uploaded['handle']}/reproduce"), 409, "conflict")
        self.assertIn("it was uploaded, not made by a tool.", error["message"])
        self.check_error(self.d.post("/artifacts/simulation-999/reproduce"), 404, "not_found")
        simulation = self.run_tool("run_limiting_case", geometry="chain", n_particles=10)
        analysis = self.run_tool("run_box_counting", simulation=simulation)
        self.d.good("DELETE", f"/artifacts/{simulation}", status=204)
        error = self.check_error(self.d.post(f"/artifacts/{analysis}/reproduce"), 409, "conflict")
        self.assertEqual(error["message"],
                         f"{analysis} cannot be reproduced: {simulation}, from which it was made, is gone.")
        gone = assistctl(self.d, "artifacts", "reproduce", analysis)
        self.assertEqual((gone.returncode, gone.stdout), (1, ""))
        self.assertIn("is gone.", gone.stderr)


class Changed(FolderTest):
    """The plugin that made something is another one now, or gone."""

    def test_another_version_and_no_plugin(self):
        folder = self.folder / "plugins"
        folder.mkdir()
        shutil.copy(BUILD / "test-plugins/catalogue/test_catalogue_plugin.so", folder / "notes.so")
        daemon = self.daemon(arguments=["--plugins", str(folder)])
        outcome = daemon.good("POST", "/tools/make_note/execute", {"arguments": {"text": "a note"}})
        note = outcome["artifacts"][0]["handle"]
        self.assertTrue(daemon.good("POST", f"/artifacts/{note}/reproduce")["identical"])
        # What the call looks up is what there was then: else it would answer with its own result.
        joined = daemon.good("POST", "/tools/join_notes/execute", {"arguments": {"handles": [note]}})
        handle = joined["artifacts"][0]["handle"]
        self.assertEqual(daemon.good("GET", f"/artifacts/{handle}")["parents"], [note])
        again = daemon.good("POST", "/tools/join_notes/execute", {"arguments": {"handles": [note]}})
        self.assertEqual((again["data"]["stored"], again["artifacts"][0]["handle"]), (True, handle))
        result = daemon.good("POST", f"/artifacts/{handle}/reproduce")
        self.assertTrue(result["identical"], result)
        stamp = daemon.good("POST", "/tools/random_note/execute", {})["artifacts"][0]["handle"]
        result = daemon.good("POST", f"/artifacts/{stamp}/reproduce")
        self.assertEqual((result["identical"], result["first_difference"]), (False, 6), result)
        self.assertEqual(result["metadata_differences"], ["number"])
        kept = result["artifact"]["handle"]
        self.assertIn(f"the files differ from byte 6 on", result["message"])
        self.assertIn(f"The new one is kept as {kept}.", result["message"])
        self.assertEqual(assistctl(daemon, "artifacts", "reproduce", stamp).returncode, 1)
        (folder / "notes.so").unlink()
        until(lambda: daemon.get("/tools/make_note").status == 404, "the plugin's end")
        refused = daemon.post(f"/artifacts/{note}/reproduce")
        self.assertEqual(refused.status, 409)
        self.assertIn("the tool make_note, which made it, is gone (it was of org.assistd.test.catalogue 1.0.0).",
                      refused.error["message"])


class Forbidden(FolderTest):
    def test_the_policy_holds(self):
        config = "policy: {rules: [{deny: [run_limiting_case]}]}\n"
        daemon = self.daemon()
        outcome = daemon.good("POST", "/tools/run_limiting_case/execute", {"geometry": "chain", "n_particles": 10})
        handle = outcome["artifacts"][0]["handle"]
        daemon.end()
        (self.folder / "assistd.yaml").write_text(config)
        daemon.command += ["--config", str(self.folder / "assistd.yaml")]
        daemon.start()
        refused = daemon.post(f"/artifacts/{handle}/reproduce")
        self.assertEqual(refused.status, 403, refused.body)
        self.assertIn("local may not call run_limiting_case", refused.error["message"])


if __name__ == "__main__":
    unittest.main()
