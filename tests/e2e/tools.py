"""Tools by hand and in chat: listed, run, refused with sentences, and gone on as background jobs."""

import json
import unittest

from daemon import DaemonTest, until

# About ten seconds; after two it becomes a job.
LONG = {"n_particles": 10_000_000, "dimensions": 2, "seed": 5}
MISSING = "simulation-99999"


class Listing(DaemonTest):
    def test_the_examples_of_one_tool(self):
        shown = self.d.good("GET", "/tools/run_box_counting")["examples"]
        self.assertEqual(shown[0], {"title": "A chain, whose dimension is 1", "arguments": {"simulation": "simulation-1"},
                                    "artifacts": {"simulation-1": {"name": "chain.npy",
                                                                   "media_type": "application/x-npy"}}})
        self.assertEqual(shown[1]["fails"], "ValidationError")

    def test_all_tools_with_their_schemas(self):
        listed = self.d.good("GET", "/tools")
        self.assertEqual(set(listed), {"tools", "count", "categories", "plugins"})
        names = [tool["name"] for tool in listed["tools"]]
        for name in ("run_dla_simulation", "run_limiting_case", "list_algorithms", "run_box_counting",
                     "compare_simulations", "export_geometry", "export_simulation_csv", "export_study_csv",
                     "export_comparison_csv", "render_3d_image", "generate_plot",
                     "get_job_status", "wait_for_job", "list_artifacts"):
            self.assertIn(name, names)
        self.assertEqual((listed["count"], len(set(names))), (len(names), len(names)))
        self.assertEqual(sum(listed["categories"].values()), len(names))
        for tool in listed["tools"]:
            self.assertEqual(tool["input_schema"]["type"], "object")
            self.assertEqual(set(tool["effects"]), {"reads", "writes", "network", "destructive", "idempotent"})
            alone = self.d.good("GET", f"/tools/{tool['name']}")
            examples = alone.pop("examples")
            self.assertEqual(alone, tool)
            if tool["plugin"]["id"] != "assistd":
                self.assertTrue(examples, tool["name"])
        self.assertEqual({plugin["state"] for plugin in listed["plugins"]}, {"ready"})

    def test_one_category(self):
        listed = self.d.good("GET", "/tools?category=export")
        self.assertEqual({tool["category"] for tool in listed["tools"]}, {"export"})
        self.assertEqual(listed["count"], listed["categories"]["export"])
        self.assertEqual(self.d.good("GET", "/tools?category=nothing")["count"], 0)


class Executing(DaemonTest):
    def run_tool(self, name, body):
        return self.d.good("POST", f"/tools/{name}/execute", body)

    def refused(self, name, arguments, error_type="ValidationError"):
        result = self.run_tool(name, {"arguments": arguments})
        self.assertEqual((result["success"], result["error"]["error_type"]), (False, error_type), result)
        return result["error"]

    def test_both_forms_of_the_body(self):
        arguments = {"n_particles": 100, "seed": 3}
        project = self.d.project("both forms")
        results = [self.run_tool("run_dla_simulation", body) for body in
                   ({"arguments": arguments}, arguments, {"arguments": arguments, "project_id": project})]
        for result in results:
            self.assertTrue(result["success"])
            self.assertEqual(result["data"]["n_particles"], 100)
            self.assertEqual(result["data"]["rg"], results[0]["data"]["rg"])
        about = self.d.good("GET", f"/artifacts/{results[2]['artifacts'][0]['handle']}")
        self.assertEqual((about["project_id"], about["tool"], about["seed"]), (project, "run_dla_simulation", "3"))
        self.assertEqual(self.d.post("/tools/list_algorithms/execute").json["success"], True)

    def test_a_project_beside_the_arguments(self):
        """It is the call's; a tool that has an argument of that name is given it as well."""
        project = self.d.project("flat")
        grown = self.run_tool("run_dla_simulation", {"n_particles": 40, "seed": 3, "project_id": project})
        simulation = grown["artifacts"][0]["handle"]
        written = self.run_tool("export_geometry", {"simulation": simulation, "project_id": project})
        for result, argument in ((grown, project), (written, None)):
            about = self.d.good("GET", f"/artifacts/{result['artifacts'][0]['handle']}")
            schema = self.d.good("GET", f"/tools/{about['tool']}")["input_schema"]["properties"]
            self.assertEqual("project_id" in schema, argument is not None, schema)
            self.assertEqual((about["project_id"], about["parameters"].get("project_id")), (project, argument))
        result = self.run_tool("run_dla_simulation", {"n_particles": 40, "project_id": None})
        self.assertTrue(result["success"], result)
        reply = self.d.post("/tools/run_dla_simulation/execute", {"n_particles": 40, "project_id": "proj_none"})
        self.check_error(reply, 422, "validation", "project_id")

    def test_every_wrong_argument_has_a_sentence_with_its_bound(self):
        error = self.refused("run_dla_simulation", {"n_particles": 9, "dimensions": 4, "sticking_probability": 0,
                                                    "colour": "red"})
        sentences = {entry["field"]: entry["message"] for entry in error["details"]["errors"]}
        self.assertEqual(set(sentences), {"n_particles", "dimensions", "sticking_probability", "colour"})
        for field, words in (("n_particles", "10"), ("dimensions", "2"), ("sticking_probability", "0"),
                             ("colour", "colour")):
            self.assertIn(field, sentences[field])
            self.assertIn(words, sentences[field])
            self.assertRegex(sentences[field], r"\.$")
        missing = self.refused("run_dla_simulation", {})["details"]["errors"]
        self.assertEqual([entry["field"] for entry in missing], ["n_particles"])
        for value in ("many", 10.5, None, [], True, 10**30):
            self.refused("run_dla_simulation", {"n_particles": value})

    def test_artifacts_that_do_not_exist_or_do_not_fit(self):
        for tool, arguments in (("run_box_counting", {"simulation": MISSING}), ("export_geometry", {"simulation": "../x"}),
                                ("generate_plot", {"source": ""}), ("compare_simulations", {"simulations": [MISSING, "y"]})):
            with self.subTest(tool=tool):
                self.assertIn("details", self.refused(tool, arguments))
        text = self.d.good("POST", "/artifacts?name=a.txt", "text", status=201)["handle"]
        self.assertIn(text, self.refused("run_box_counting", {"simulation": text})["message"])


class ShortJobs(DaemonTest):
    # Nearly every call becomes a job, so that the whole life of one takes little time.
    config = "tools: {run_dla_simulation: {job_after_s: 0.02}}\n"

    def test_waiting_for_one_gives_its_result(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Run a DLA simulation with 20000 particles")
        jobs = self.d.good("GET", "/jobs?limit=1")["jobs"]
        self.assertEqual(jobs[0]["conversation_id"], conversation)
        reply = self.d.chat(conversation, "Wait for the simulation to finish")
        self.assertEqual(reply["tools_executed"], ["wait_for_job"])
        ended = self.d.job(jobs[0]["id"])
        self.assertEqual((ended["state"], ended["progress"]), ("completed", 1.0))
        handle = ended["result"]["artifacts"][0]["handle"]
        self.assertEqual(self.d.good("GET", f"/artifacts/{handle}")["conversation_id"], conversation)
        notices = until(lambda: [m for m in self.d.messages(conversation) if m["role"] == "system"], "a notice")
        self.assertIn(handle, notices[0]["content"])


class Jobs(DaemonTest):
    def begin(self):
        result = self.d.good("POST", "/tools/run_dla_simulation/execute", LONG)
        self.assertEqual((result["success"], result["data"]["status"]), (True, "running"))
        self.assertTrue(0 <= result["data"]["progress"] < 1)
        return result["data"]["job_id"]

    def test_a_long_call_becomes_a_job_that_can_be_followed_and_cancelled(self):
        job = self.begin()
        until(lambda: self.d.job(job)["progress"] > 0, "progress")
        shown = self.d.job(job)
        self.assertEqual((shown["state"], shown["tool"], shown["finished_at"]), ("running", "run_dla_simulation", None))
        self.assertTrue(shown["note"])
        listed = self.d.good("GET", "/jobs?state=running")["jobs"]
        self.assertEqual([entry["id"] for entry in listed], [job])
        self.assertGreaterEqual(listed[0]["progress"], shown["progress"])
        self.assertEqual(self.d.good("POST", f"/jobs/{job}/cancel")["state"], "cancelled")
        shown = self.d.job(job)
        self.assertEqual((shown["state"], shown["result"]["error"]["error_type"]), ("cancelled", "CancelledError"))
        self.assertIsNotNone(shown["finished_at"])
        self.assertEqual(self.d.good("POST", f"/jobs/{job}/cancel")["state"], "cancelled")

    def test_deleting_its_conversation_stops_it(self):
        conversation = self.d.conversation()
        self.d.chat(conversation, "Run a 2D DLA simulation with 10000000 particles")
        self.assertEqual(len(self.d.good("GET", "/jobs?state=running")["jobs"]), 1)
        self.assertEqual(self.d.call("DELETE", f"/conversations/{conversation}").status, 204)
        self.assertEqual(self.d.good("GET", "/jobs?state=running")["jobs"], [])

    def test_in_chat_it_is_asked_after_and_leaves_a_notice(self):
        conversation = self.d.conversation()
        reply = self.d.chat(conversation, "Run a 2D DLA simulation with 10000000 particles")
        self.assertEqual(reply["tools_executed"], ["run_dla_simulation"])
        call = json.loads(self.d.messages(conversation)[2]["content"])
        job = call["data"]["job_id"]
        self.assertEqual(self.d.job(job)["conversation_id"], conversation)
        events = self.d.stream(conversation, "How is my simulation doing").all()
        self.assertEqual([e.data["name"] for e in events if e.name == "tool.call"], ["get_job_status"])
        self.assertEqual(self.d.good("POST", f"/jobs/{job}/cancel")["state"], "cancelled")
        notices = until(lambda: [m for m in self.d.messages(conversation) if m["role"] == "system"], "a notice")
        self.assertEqual([notice["content"] for notice in notices], ["run_dla_simulation was cancelled."])
        self.assertIsNone(notices[0]["turn_id"])


if __name__ == "__main__":
    unittest.main()
