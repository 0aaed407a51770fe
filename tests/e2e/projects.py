"""Projects: every call, what it answers and refuses, and where a project has to be one of the user's own."""

import subprocess
import unittest

from daemon import API, BUILD, DaemonTest

NOBODY = "proj_" + "0" * 32


class Shape(DaemonTest):
    def test_a_new_project_is_whole(self):
        reply = self.d.post("/projects", {"name": "Größen", "description": "Of things",
                                          "facts": {"temperature": "1800 K", "n": 3, "wet": False},
                                          "metadata": {"a": [1, None]}})
        self.assertEqual(reply.status, 201)
        made = reply.json
        self.assertEqual(reply.headers["Location"], f"{API}/projects/{made['id']}")
        self.assertRegex(made["id"], r"^proj_[0-9a-f]{32}$")
        expected = {"id": made["id"], "name": "Größen", "description": "Of things",
                    "facts": {"temperature": "1800 K", "n": 3, "wet": False}, "metadata": {"a": [1, None]},
                    "is_archived": False, "created_at": made["created_at"], "updated_at": made["created_at"],
                    "conversation_count": 0, "artifact_count": 0, "job_count": 0, "last_activity_at": None}
        self.assertEqual(made, expected)
        self.assertEqual(self.d.good("GET", f"/projects/{made['id']}"), expected)

    def test_numbers_count_what_belongs_to_it(self):
        project = self.d.project("counted")
        conversation = self.d.conversation(project_id=project)
        reply = self.d.chat(conversation, "Run a DLA simulation with 60 particles")
        self.assertEqual(len(reply["artifacts"]), 1)
        self.d.post(f"/artifacts?name=a.txt&project_id={project}", "text", {"Content-Type": "text/plain"})
        shown = self.d.good("GET", f"/projects/{project}")
        self.assertEqual((shown["conversation_count"], shown["artifact_count"], shown["job_count"]), (1, 2, 0))
        newest = self.d.good("GET", f"/artifacts?project_id={project}")["artifacts"]
        self.assertEqual([artifact["name"] for artifact in newest][0], "a.txt")
        self.assertEqual(shown["last_activity_at"], newest[0]["created_at"])
        listed = self.d.good("GET", f"/conversations?project_id={project}")["conversations"]
        self.assertEqual([entry["id"] for entry in listed], [conversation])

    def test_patch_changes_only_what_it_names(self):
        project = self.d.project("before", description="kept", facts={"a": 1})
        changed = self.d.good("PATCH", f"/projects/{project}", {"name": "after"})
        self.assertEqual((changed["name"], changed["description"], changed["facts"]), ("after", "kept", {"a": 1}))
        changed = self.d.good("PATCH", f"/projects/{project}", {"facts": {}})
        self.assertEqual((changed["name"], changed["facts"]), ("after", {}))

    def test_lists_search_and_archive(self):
        one, other = self.d.project("zebrafish larvae"), self.d.project("quagga", description="Not a zebrafish")

        def listed(query):
            return [entry["id"] for entry in self.d.good("GET", f"/projects{query}")["projects"]]

        self.assertEqual(listed("?q=zebrafish"), [other, one])
        self.assertEqual(listed("?name=Quagga"), [other])
        self.assertTrue(self.d.good("POST", f"/projects/{one}/archive")["is_archived"])
        self.assertEqual(listed("?q=zebrafish&archived=true"), [one])
        self.assertEqual(listed("?q=zebrafish&archived=false"), [other])
        self.assertFalse(self.d.good("POST", f"/projects/{one}/unarchive")["is_archived"])
        page = self.d.good("GET", "/projects?q=zebrafish&limit=1")
        self.assertTrue(page["has_more"])
        rest = self.d.good("GET", f"/projects?q=zebrafish&limit=1&cursor={page['next_cursor']}")
        self.assertEqual([entry["id"] for entry in page["projects"] + rest["projects"]], [one, other])

    def test_a_conversation_moves_between_projects(self):
        one, other = self.d.project("moved from"), self.d.project("moved to")
        conversation = self.d.conversation(project_id=one)
        moved = self.d.good("PATCH", f"/conversations/{conversation}", {"project_id": other})
        self.assertEqual(moved["project_id"], other)
        out = self.d.good("PATCH", f"/conversations/{conversation}", {"project_id": ""})
        self.assertIsNone(out["project_id"])

    def test_deleting_keeps_what_belongs_to_it(self):
        project = self.d.project("deleted")
        conversation = self.d.conversation(project_id=project)
        error = self.check_error(self.d.call("DELETE", f"/projects/{project}"), 409, "conflict")
        self.assertIn("1 conversation, 0 artifacts, 0 jobs", error["message"])
        gone = self.d.call("DELETE", f"/projects/{project}?force=true")
        self.assertEqual((gone.status, gone.body), (204, b""))
        self.check_error(self.d.get(f"/projects/{project}"), 404, "not_found")
        self.assertIsNone(self.d.good("GET", f"/conversations/{conversation}")["project_id"])
        empty = self.d.project("deleted")  # the name is free again
        self.assertEqual(self.d.call("DELETE", f"/projects/{empty}").status, 204)


class Refusals(DaemonTest):
    def test_names_of_nothing_are_not_found(self):
        for wrong in (NOBODY, "x", "proj_", "conv_" + "0" * 32):
            for method, path, body in (("GET", "", None), ("PATCH", "", {"name": "x"}), ("DELETE", "", None),
                                       ("POST", "/archive", None), ("POST", "/unarchive", None)):
                with self.subTest(method=method, path=path, id=wrong):
                    self.check_error(self.d.call(method, f"/projects/{wrong}{path}", body), 404, "not_found")

    def test_wrong_fields_are_all_named(self):
        project = self.d.project("refusals")
        many = {str(number): 1 for number in range(51)}
        cases = (({}, ["name"]), ({"name": None}, ["name"]), ({"name": " "}, ["name"]), ({"name": 5}, ["name"]),
                 ({"name": "x" * 201}, ["name"]), ({"name": "x\ny"}, ["name"]), ({"name": "x\u2028y"}, ["name"]),
                 ({"name": "x\u001b[2J"}, ["name"]), ({"name": "x", "facts": {"a\nb": 1}}, ["facts.a b"]),
                 ({"name": "x", "nam": "y"}, ["nam"]),
                 ({"name": "x", "description": "y" * 2001, "facts": [], "metadata": 1},
                  ["description", "facts", "metadata"]),
                 ({"name": "x", "facts": {"a": {}, "b": None, "c": "fine"}}, ["facts.a", "facts.b"]),
                 ({"name": "x", "facts": many}, ["facts"]), ({"name": "x", "facts": {"a": "b" * 8000}}, ["facts"]))
        for body, fields in cases:
            with self.subTest(body=str(body)[:60]):
                error = self.check_error(self.d.post("/projects", body), 422, "validation")
                self.assertEqual([entry["field"] for entry in error["details"]], fields)
        self.check_error(self.d.call("PATCH", f"/projects/{project}", {"is_archived": True}), 422, "validation",
                         "is_archived")
        for query in ("limit=0", "archived=yes", "cursor=x", "force=true"):
            self.check_error(self.d.get(f"/projects?{query}"), 422, "validation", query.partition("=")[0])
        self.check_error(self.d.call("DELETE", f"/projects/{project}?force=yes"), 422, "validation", "force")
        self.check_error(self.d.post("/projects", b"[]"), 400, "invalid_request")

    def test_a_name_is_there_once(self):
        project = self.d.project("Once")
        other = self.d.project("Another")
        self.check_error(self.d.post("/projects", {"name": "once"}), 409, "conflict")
        self.check_error(self.d.call("PATCH", f"/projects/{other}", {"name": "ONCE"}), 409, "conflict")
        self.assertEqual(self.d.good("PATCH", f"/projects/{project}", {"name": "ONCE"})["name"], "ONCE")

    def test_a_tool_is_given_no_project_that_is_none(self):
        wrong = self.d.post("/tools/list_simulations/execute", {"arguments": {"project_id": "proj_x"}})
        self.check_error(wrong, 422, "validation", "arguments.project_id")
        project = self.d.good("POST", "/projects", {"name": "given to a tool"}, status=201)["id"]
        good = self.d.good("POST", "/tools/list_simulations/execute", {"arguments": {"project_id": project}})
        self.assertEqual(good["summary"], "There are no simulations in this project.")

    def test_a_project_id_must_name_one_of_the_users_own(self):
        conversation = self.d.conversation()
        before = self.d.good("GET", "/conversations?limit=100")
        for wrong in (NOBODY, "p1", "conv_" + "0" * 32):
            for method, path, body in (
                    ("POST", "/conversations", {"project_id": wrong}),
                    ("PATCH", f"/conversations/{conversation}", {"project_id": wrong}),
                    ("POST", f"/conversations/{conversation}/chat", {"content": "Hello", "project_id": wrong}),
                    ("POST", "/tools/list_artifacts/execute", {"arguments": {}, "project_id": wrong}),
                    ("POST", "/tools/list_simulations/execute", {"project_id": wrong}),
                    ("POST", f"/artifacts?name=a&project_id={wrong}", b"text")):
                with self.subTest(path=path, project=wrong):
                    error = self.check_error(self.d.call(method, path, body), 422, "validation", "project_id")
                    self.assertIn("names no project of yours", error["details"][0]["message"])
        self.assertEqual(self.d.good("GET", "/conversations?limit=100"), before)
        self.assertEqual(self.d.messages(conversation), [])
        self.assertEqual(self.d.good("GET", "/artifacts")["artifacts"], [])


class CommandLine(DaemonTest):
    def assistctl(self, *arguments, code=0):
        result = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", *arguments],
                                capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, code, result.stderr)
        return result.stdout + result.stderr

    def test_a_project_by_its_name(self):
        self.assertIn("Made Soot (proj_", self.assistctl("projects", "create", "Soot", "--fact", "T=1800 K"))
        self.assistctl("ask", "Run a DLA simulation with 60 particles", "--project", "soot")
        shown = self.assistctl("projects", "show", "Soot")
        for line in ("conversations  1", "artifacts      1", "T: 1800 K"):
            self.assertIn(line, shown)
        self.assertIn("simulation-1", self.assistctl("artifacts", "list", "--project", "Soot"))
        self.assertIn("Run a DLA", self.assistctl("conversations", "list", "--project", "Soot"))
        self.assertIn("Soot", self.assistctl("projects"))
        self.assertIn("1 conversation, 1 artifact", self.assistctl("projects", "delete", "Soot", code=1))
        self.assertIn("Deleted", self.assistctl("projects", "delete", "Soot", "--force"))
        self.assertIn("There are no projects", self.assistctl("projects", "list"))
        self.assertIn("no project", self.assistctl("ask", "Hello", "--project", "Soot", code=1))
        self.assertIn("offline:offline", self.assistctl("usage", "--by", "model"))


if __name__ == "__main__":
    unittest.main()
