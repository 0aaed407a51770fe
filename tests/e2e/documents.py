"""Documents: what /documents and assistctl take, tell and refuse."""

import concurrent.futures
import json
import subprocess
import unittest
import urllib.parse

from daemon import API, BUILD, DaemonTest, until

NOBODY = "art_" + "0" * 32
FURNACE = "# Furnace\n\nThe furnace runs at 1800 K.\n\n# Cooling\n\nWater flows at three litres a minute.\n"


class DocumentTest(DaemonTest):
    def add(self, name, text, status="completed"):
        reply = self.d.post(f"/documents?name={urllib.parse.quote(name)}", text)
        self.assertEqual(reply.status, 201, reply.body)
        added = reply.json
        self.assertEqual(reply.headers["Location"], f"{API}/documents/{added['id']}")
        return self.ended(added["id"], status)

    def ended(self, document, status):
        path = f"/documents/{document}"
        until(lambda: self.d.good("GET", path)["status"] != "in_progress", f"{document} is read")
        shown = self.d.good("GET", path)
        self.assertEqual(shown["status"], status, shown)
        return shown

    def found(self, query):
        return self.d.good("POST", "/documents/search", {"query": query})["passages"]


class Documents(DocumentTest):
    def test_a_document_is_read_found_and_deleted(self):
        added = self.add("öfen.md", FURNACE)
        self.assertEqual((added["name"], added["error"]), ("öfen.md", None))
        self.assertGreater(added["text_bytes"], 0)
        passage = self.found("at which temperature does the furnace run")[0]
        self.assertEqual((passage["document_id"], passage["name"]), (added["id"], "öfen.md"))
        self.assertEqual(passage["text"], FURNACE.strip()[passage["start"]:passage["end"]])
        self.assertIn("1800 K", passage["text"])
        gone = self.d.call("DELETE", f"/documents/{added['id']}")
        self.assertEqual((gone.status, gone.body), (204, b""))
        self.check_error(self.d.get(f"/documents/{added['id']}"), 404, "not_found")
        self.check_error(self.d.get(f"/artifacts/{added['id']}"), 404, "not_found")
        self.assertNotIn(added["id"], [one["document_id"] for one in self.found("furnace 1800 K")])

    def test_the_same_key_stores_a_file_once(self):
        for path in ("/documents", "/artifacts"):
            name, text, key = f"once-{path[1:]}.txt", f"Sent to {path}.", f"once-{path}"
            send = lambda name, text, key: self.d.post(f"{path}?name={name}", text, headers={"Idempotency-Key": key})
            first, again = (send(name, text, key) for _ in range(2))
            self.assertEqual((first.status, again.status), (201, 201))
            self.assertEqual(again.json["id"], first.json["id"])
            self.assertEqual(again.headers["Location"], first.headers["Location"])
            for other in ((name, "Another text."), ("another.txt", text)):
                self.check_error(send(*other, key), 409, "conflict")
            self.check_error(send(name, text, "x" * 256), 422, "validation", "Idempotency-Key")
            listed = [one["name"] for one in self.d.good("GET", f"{path}?limit=100")[path[1:]]]
            self.assertEqual(listed.count(name), 1)
            self.assertNotIn("another.txt", listed)

    def test_the_same_key_at_the_same_time_stores_a_file_once(self):
        with concurrent.futures.ThreadPoolExecutor(8) as many:
            send = lambda _: self.d.post("/documents?name=raced.txt", "Raced for.", headers={"Idempotency-Key": "race"})
            replies = list(many.map(send, range(16)))
        self.assertEqual({reply.status for reply in replies}, {201})
        self.assertEqual(len({reply.json["id"] for reply in replies}), 1)
        self.ended(replies[0].json["id"], "completed")
        self.assertEqual(len([one for one in self.found("raced for") if one["name"] == "raced.txt"]), 1)

    def test_what_was_read_is_the_text_that_places_count_in(self):
        words = "\n\n".join(f"Absatz {i} über {i * 7919 % 1000} Öfen 🦎." for i in range(15_000))
        added = self.add("lang.txt", words)
        text, first, parts = "", 0, 0
        while first is not None:
            part = self.d.good("GET", f"/documents/{added['id']}/text?first={first}")
            self.assertEqual((part["document_id"], part["name"]), (added["id"], "lang.txt"))
            text, first, parts = text + part["text"], part["next_first"], parts + 1
        self.assertEqual(text, words)
        self.assertGreater(parts, 1)
        for passage in self.found("Absatz 14999"):
            if passage["document_id"] == added["id"]:
                self.assertEqual(passage["text"], text[passage["start"]:passage["end"]])
        path = f"/documents/{added['id']}/text"
        self.check_error(self.d.get(f"{path}?first=-1"), 422, "validation", "first")
        self.check_error(self.d.get(f"{path}?last=1"), 422, "validation", "last")
        self.assertEqual(self.d.good("GET", f"{path}?first=1000000")["text"], "")
        self.check_error(self.d.get(f"/documents/{NOBODY}/text"), 404, "not_found")
        unread = self.d.good("POST", "/artifacts?name=unread.txt", "Nobody has read this.", status=201)
        self.check_error(self.d.get(f"/documents/{unread['id']}/text"), 404, "not_found")

    def test_all_documents_are_counted(self):
        before = self.d.good("GET", "/documents?limit=1")["counts"]
        self.add("counted.txt", "one")
        self.add("uncounted.pdf", "no PDF", "failed")
        after = self.d.good("GET", "/documents?limit=1&status=completed")["counts"]
        self.assertEqual({name: after[name] - before[name] for name in after},
                         {"in_progress": 0, "completed": 1, "failed": 1, "cancelled": 0, "total": 2})

    def test_what_cannot_be_read_says_why(self):
        failed = self.add("report.pdf", "<p>404</p>", "failed")
        self.assertEqual(failed["error"], {
            "code": "invalid_file",
            "message": "\"report.pdf\" is no PDF, whatever its name says; perhaps its download was not complete."})
        listed = self.d.good("GET", "/documents?status=failed")["documents"]
        self.assertIn(failed, listed)
        self.assertNotIn(failed, self.d.good("GET", "/documents?status=completed")["documents"])

    def test_lists_go_page_by_page(self):
        added = [self.add(f"page-{i}.txt", f"page number {i}")["id"] for i in range(5)]
        listed, cursor = [], ""
        while True:
            page = self.d.good("GET", f"/documents?limit=2{cursor}")
            listed += [one["id"] for one in page["documents"]]
            if not page["has_more"]:
                break
            cursor = f"&cursor={page['next_cursor']}"
        self.assertEqual(listed[:5], added[::-1])
        self.assertEqual(len(listed), len(set(listed)))

    def test_bad_requests_are_refused(self):
        self.check_error(self.d.post("/documents?name=a.txt", ""), 400, "invalid_request")
        self.check_error(self.d.post("/documents?nam=a.txt", "text"), 422, "validation", "nam")
        self.check_error(self.d.get("/documents?status=done"), 422, "validation", "status")
        self.check_error(self.d.get("/documents?cursor=x"), 422, "validation", "cursor")
        self.check_error(self.d.get("/documents?limit=0"), 422, "validation", "limit")
        for wrong in ({}, {"query": " \n"}, {"query": 3}, {"query": "x" * 5000}):
            self.check_error(self.d.post("/documents/search", wrong), 422, "validation", "query")
        for limit in (0, 51, "3"):
            self.check_error(self.d.post("/documents/search", {"query": "x", "limit": limit}), 422, "validation",
                             "limit")
        for document in (NOBODY, "x", "art_"):
            self.check_error(self.d.get(f"/documents/{document}"), 404, "not_found")
            self.check_error(self.d.call("DELETE", f"/documents/{document}"), 404, "not_found")

    def test_an_artifact_that_is_no_document_is_none_here(self):
        artifact = self.d.post("/artifacts?name=a.txt", "text").json
        self.check_error(self.d.get(f"/documents/{artifact['id']}"), 404, "not_found")
        self.check_error(self.d.call("DELETE", f"/documents/{artifact['id']}"), 404, "not_found")
        self.assertEqual(self.d.get(f"/artifacts/{artifact['id']}").status, 200)


    def test_what_is_attached_to_a_message_is_found(self):
        notes = self.d.post("/artifacts?name=notes.md", FURNACE).json["handle"]
        conversation = self.d.conversation()
        body = {"content": "what do the documents say about the furnace runs?", "attachments": [notes]}
        reply = self.d.good("POST", f"/conversations/{conversation}/chat", body)
        self.assertEqual(reply["citations"][0]["file_name"], "notes.md", reply)
        self.assertIn("1800 K", reply["content"])
        # Again is no second copy, and in a conversation of somebody's own it is refused.
        self.d.good("POST", f"/conversations/{conversation}/chat", body)
        done = self.d.good("POST", "/tools/file_search/execute", {"arguments": {"query": "furnace runs at 1800 K"}})
        self.assertEqual([one["file_name"] for one in done["data"]["passages"]].count("notes.md"), 1)
        self.check_error(self.d.post("/conversations/conv_" + "0" * 32 + "/chat", body), 404, "not_found")

    def stores_of(self, conversation):
        connection = self.d.connect()
        connection.request("GET", "/v1/vector_stores?limit=100")
        stores = json.loads(connection.getresponse().read())["data"]
        connection.close()
        return [store["id"] for store in stores if store["metadata"].get("assistd_conversation") == conversation]

    def attach(self, name, text):
        conversation = self.d.conversation()
        handle = self.d.post(f"/artifacts?name={name}", text).json["handle"]
        self.d.good("POST", f"/conversations/{conversation}/chat", {"content": "Hello", "attachments": [handle]})
        return conversation

    def test_what_was_made_searchable_for_a_conversation_goes_with_it(self):
        conversation = self.attach("notes.md", FURNACE)
        self.assertEqual(len(self.stores_of(conversation)), 1)
        self.d.good("DELETE", f"/conversations/{conversation}", status=204)
        self.assertEqual(self.stores_of(conversation), [])

    def test_a_large_table_is_for_tools(self):
        rows = "".join(f"{second},{1800 + second % 7}\n" for second in range(150_000))
        self.assertEqual(self.stores_of(self.attach("measured.csv", "time,temperature\n" + rows)), [])


class Assistctl(DocumentTest):
    def assistctl(self, *arguments, code=0):
        result = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "documents",
                                 *arguments], capture_output=True, text=True, timeout=60)
        self.assertEqual(result.returncode, code, result.stdout + result.stderr)
        return result.stdout + result.stderr

    def test_the_whole_way(self):
        good, bad = self.folder / "cooling notes.md", self.folder / "picture.png"
        good.write_text(FURNACE)
        bad.write_bytes(b"\x89PNG\r\n\x1a\n")
        told = self.assistctl("add", str(good), str(bad), code=1)
        self.assertIn("cooling notes.md can be searched.", told)
        self.assertIn("\"picture.png\" is a picture", told)
        nothing = str(self.folder / "nothing.md")
        again = self.folder / "the same notes.md"
        again.write_text(FURNACE)
        told = self.assistctl("add", nothing, str(good), str(again), str(self.folder), code=1)
        # Under the name that it has; one is kept.
        self.assertEqual(told.count("cooling notes.md can be searched.  (you have this already)"), 2)
        self.assertEqual(self.assistctl().count(".md"), 1)
        self.assertIn(f"{nothing} cannot be read", told)
        self.assertIn(f"{self.folder} is no file", told)
        done = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "ask",
                               "what do the documents say about water flows?"], capture_output=True, text=True, timeout=60, check=True)
        sources = done.stdout.split("Sources:\n")[1]
        self.assertIn("†cooling notes.md】: “", sources)
        self.assertIn("Water flows at three litres", sources)
        self.assertIn("Water flows", self.assistctl("search", "how fast does water flow", "--limit", "1"))
        listed = self.assistctl()
        self.assertIn("cooling notes.md", listed)
        document = told.split()[0]
        self.assertIn("completed", self.assistctl("show", document))
        self.assertIn("Deleted", self.assistctl("delete", document))
        self.assistctl("show", document, code=1)
        self.assertIn("cannot be read", self.assistctl("add", str(self.folder / "none"), code=1))
        self.assertIn("is no file", self.assistctl("add", str(self.folder), code=1))


if __name__ == "__main__":
    unittest.main()
