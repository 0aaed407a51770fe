"""What plugins look up of what their caller has already: simulations that are there, that run and that failed, and
what a tool's manifest lets it look up."""

import json
import subprocess
import unittest

from daemon import BUILD, DaemonTest, FolderTest, until

NOTES = BUILD / "test-plugins/catalogue"


class Simulations(DaemonTest):
    def execute(self, tool, project=None, **arguments):
        body = {"arguments": arguments} | ({"project_id": project} if project else {})
        outcome = self.d.good("POST", f"/tools/{tool}/execute", body)
        self.assertTrue(outcome["success"], outcome)
        return outcome

    def listed(self, **arguments):
        return self.execute("list_simulations", **arguments)["data"]["simulations"]

    def test_finished_running_and_cancelled_ones(self):
        project = self.d.project("soot")
        dla = self.execute("run_dla_simulation", project, n_particles=100, seed=5, name="first")
        dla = dla["artifacts"][0]["handle"]
        chain = self.execute("run_limiting_case", geometry="chain", n_particles=10)["artifacts"][0]["handle"]
        self.assertEqual([each["handle"] for each in self.listed()][:2], [chain, dla])
        first, = self.listed(algorithm="dla", status="completed", limit=1)
        self.assertEqual((first["handle"], first["seed"], first["name"], first["n_particles"]),
                         (dla, 5, "first", 100))
        self.assertEqual([each["handle"] for each in self.listed(project_id=project)], [dla])
        empty = self.d.good("POST", "/projects", {"name": "empty"}, status=201)["id"]
        self.assertEqual(self.listed(project_id=empty), [])
        # One that goes on in the background.
        job = self.execute("run_dla_simulation", n_particles=9_000_000, dimensions=2, seed=6)["data"]["job_id"]
        running, = self.listed(status="running")
        self.assertEqual((running["job_id"], running["algorithm"], running["n_particles"]), (job, "dla", 9_000_000))
        details = self.execute("get_simulation_details", job_id=job)
        self.assertEqual((details["data"]["status"], details["data"]["arguments"]["seed"]), ("running", 6))
        self.d.good("POST", f"/jobs/{job}/cancel")
        self.assertEqual([each["job_id"] for each in self.listed(status="cancelled")], [job])
        self.assertEqual([each["job_id"] for each in self.listed(limit=1)], [job])
        # All of one, which the result is about.
        details = self.execute("get_simulation_details", simulation=dla)
        self.assertEqual(details["data"]["arguments"]["n_particles"], 100)
        self.assertEqual([each["handle"] for each in details["artifacts"]], [dla])
        self.assertEqual(details["data"]["details"]["seed"], 5)

    def test_what_a_tool_may_look_up_is_shown(self):
        tool = self.d.good("GET", "/tools/list_simulations")
        self.assertEqual(tool["looks_up"], ["jobs", "simulation", "study"])
        self.assertEqual(self.d.good("GET", "/tools/run_dla_simulation")["looks_up"], [])
        shown = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "tools", "show",
                                "list_simulations"], capture_output=True, text=True, timeout=30)
        self.assertRegex(shown.stdout, r"looks up +jobs, simulation, study")


class Notes(FolderTest):
    """The same from a process of its own and in the daemon itself."""

    def check(self, config):
        daemon = self.daemon(config)

        def call(name, /, **arguments):
            return daemon.good("POST", f"/tools/{name}/execute", {"arguments": arguments})

        for text in ("one ", "two"):
            self.assertTrue(call("make_note", text=text)["success"])
        self.assertEqual(call("find_notes")["data"]["handles"], ["note-2", "note-1"])
        self.assertEqual(call("find_notes", parameters={"text": "one "})["data"]["handles"], ["note-1"])
        self.assertEqual(call("find_notes", metadata={"letters": 3}, tool="make_note")["data"]["handles"], ["note-2"])
        joined = call("join_notes", handles=["note-1", "note-2"])
        self.assertEqual((joined["data"]["text"], joined["artifacts"][0]["handle"]), ("one two", "joined-1"))
        self.assertEqual(daemon.good("GET", "/artifacts/joined-1")["parents"], ["note-1", "note-2"])
        self.assertEqual(call("find_notes", parent="note-2")["data"]["handles"], ["joined-1"])
        again = call("join_notes", handles=["note-1", "note-2"])
        self.assertEqual((again["data"]["stored"], [each["handle"] for each in again["artifacts"]]),
                         (True, ["joined-1"]))
        error = call("find_notes", kinds=["simulation"])["error"]
        self.assertEqual(error["error_type"], "PermissionError")
        self.assertEqual(error["message"], "The tool find_notes may not look up artifacts of the kind simulation; its "
                                           "manifest names joined, note.")
        self.assertIn("its manifest has no \"looks_up\"", call("sneak")["error"]["message"])
        self.assertEqual(call("find_note_jobs")["data"]["jobs"], [])
        flood = call("flood", times=1_200)["data"]
        self.assertEqual(flood["good"], 1_000)
        self.assertIn("QuotaExceededError", flood["refusal"])
        # One that would go on for ever becomes a job, which its plugin finds, and which can be stopped.
        job = call("flood")["data"]["job_id"]
        found, = call("find_note_jobs", states=["running"])["data"]["jobs"]
        self.assertEqual((found["tool"], found["finished"]), ("flood", False))
        self.assertEqual(daemon.good("POST", f"/jobs/{job}/cancel")["state"], "cancelled")
        found, = call("find_note_jobs")["data"]["jobs"]
        self.assertEqual((found["status"], found["finished"]), ("cancelled", True))

    def test_in_a_host(self):
        self.check(f"plugins: {{folders: [{NOTES}]}}\n")

    def test_in_the_daemon(self):
        self.check(f"plugins: {{folders: [{NOTES}], in_process: [org.assistd.test.catalogue]}}\n")


if __name__ == "__main__":
    unittest.main()
