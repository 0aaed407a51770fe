"""assistctl import openai-export: what the migration guide's script exports from one daemon is had by another."""

import base64
import json
import os
import pathlib
import re
import subprocess
import time
import unittest

from daemon import BUILD, Daemon, FolderTest

NODE = pathlib.Path(__file__).parent / "node"
GUIDE = pathlib.Path(__file__).parents[2] / "packaging/migrating-from-openai.md"
PATIENCE_S = 240


def lines(*objects):
    return "".join(json.dumps(each) + "\n" for each in objects)


def message(thread, number, **more):
    return {"type": "message", "id": f"msg_{thread}_{number}", "object": "thread.message", "thread_id": thread,
            "created_at": 1_700_000_000 + number // 10, "role": "user" if number % 2 else "assistant", "metadata": {},
            "content": [{"type": "text", "text": {"value": f"Message {number}: ü 🧪", "annotations": []}}]} | more


class ImportTest(FolderTest):
    def setUp(self):
        super().setUp()
        self.d = self.daemon()

    def v1(self, method, path, body=None, daemon=None):
        connection, response = (daemon or self.d)._send(method, "/v1" + path, body, {})
        reply = json.loads(response.read())
        connection.close()
        self.assertEqual(response.status, 200, reply)
        return reply

    def all(self, path, daemon=None):
        found, after = [], ""
        while True:
            page = self.v1("GET", f"{path}?limit=100&order=asc{after}", daemon=daemon)
            found += page["data"]
            if not page["has_more"]:
                return found
            after = f"&after={page['last_id']}"

    def export(self, *objects):
        path = self.folder / "export.jsonl"
        path.write_text(lines(*objects))
        return path

    def run_import(self, path, *arguments, daemon=None, code=0):
        server = f"http://127.0.0.1:{(daemon or self.d).port}"
        done = subprocess.run([BUILD / "bin/assistctl", "--server", server, "--json", "import", "openai-export", path, *arguments],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, code, done.stdout + done.stderr)
        return json.loads(done.stderr if code == 1 else done.stdout)

    def new_ids(self, path):
        pairs = [json.loads(line) for line in pathlib.Path(f"{path}.map").read_text().splitlines()[1:]]
        return {pair["old"]: pair["new"] for pair in pairs if "new" in pair}

    def begun(self, path):
        command = [BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "--json", "import", "openai-export", path]
        running = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
        self.addCleanup(running.kill)
        return running


class Files(ImportTest):
    def test_in_the_line_and_beside_it(self):
        content = bytes(range(256)) * 1000
        (self.folder / "bytes.bin").write_bytes(content)
        path = self.export({"type": "file", "id": "file-a", "filename": "größe \"1\".bin", "purpose": "vision", "path": "bytes.bin"},
                           {"type": "file", "id": "file-b", "filename": "b.txt", "purpose": "batch_output",
                            "content": base64.b64encode(content).decode()})
        report = self.run_import(path)
        self.assertEqual(report["files"], {"imported": 2, "there_already": 0})
        found = {file["filename"]: file for file in self.all("/files")}
        self.assertEqual({name: file["purpose"] for name, file in found.items()},
                         {"größe \"1\".bin": "vision", "b.txt": "user_data"})
        for file in found.values():
            connection, response = self.d._send("GET", f"/v1/files/{file['id']}/content", None, {})
            self.assertEqual(response.read(), content)
            connection.close()
        self.assertEqual(set(self.new_ids(path).values()), {file["id"] for file in found.values()})
        self.assertEqual(self.run_import(path)["files"], {"imported": 0, "there_already": 2})
        self.assertEqual(len(self.all("/files")), 2)

    def test_what_is_wrong_is_said_before_anything_is_sent(self):
        path = self.export({"type": "file", "id": "file-a", "filename": "a", "purpose": "vision", "content": "YQ=="}, {"type": "run"})
        self.assertIn("Line 2", self.run_import(path, code=1)["error"]["message"])
        self.assertEqual(self.all("/files"), [])

    def test_one_that_was_killed_goes_on_without_a_file_twice(self):
        path = self.export(*({"type": "file", "id": f"file-{i}", "filename": "same.txt", "purpose": "assistants",
                              "content": base64.b64encode(b"%04d" % i).decode()} for i in range(300)))
        running = self.begun(path)
        kept = pathlib.Path(f"{path}.map")
        while not kept.exists() or kept.read_text().count('"new"') < 50:
            self.assertIsNone(running.poll())
        running.kill()
        running.communicate()
        # What it had sent whole may still be on its way into the store; not any more when the daemon has ended.
        self.d.command[self.d.command.index("--listen") + 1] = f"127.0.0.1:{self.d.port}"
        self.d.restart()
        # As if the daemon's last answer had not been written down, unless one is missing as it is.
        known = kept.read_text().splitlines(keepends=True)
        if '"new"' in known[-1]:
            kept.write_text("".join(known[:-1]))
        self.run_import(path)
        self.assertEqual(len(self.all("/files")), 300)
        self.assertEqual(len(set(self.new_ids(path).values())), 300)

    def test_ends_are_kept(self):
        end = int(time.time()) + 86_400
        path = self.export({"type": "file", "id": "file-a", "filename": "a", "purpose": "vision", "content": "YQ==", "expires_at": end},
                           {"type": "file", "id": "file-b", "filename": "b", "purpose": "vision", "content": "YQ==", "expires_at": 1_700_000_000},
                           {"type": "file", "id": "file-c", "filename": "c", "purpose": "vision", "content": "YQ==", "expires_at": None})
        report = self.run_import(path, code=3)
        self.assertEqual([(one["line"], one["message"]) for one in report["skipped"]], [(2, "The file has expired.")])
        found = {file["filename"]: file["expires_at"] for file in self.all("/files")}
        self.assertEqual(set(found), {"a", "c"})
        self.assertIsNone(found["c"])
        self.assertAlmostEqual(found["a"], end, delta=60)

    def test_a_folder_is_no_export(self):
        self.assertIn("is a folder", self.run_import(self.folder, code=1)["error"]["message"])
        self.assertFalse(pathlib.Path(f"{self.folder}.map").exists())


class Stores(ImportTest):
    def test_their_files_keep_what_is_said_of_them(self):
        own = {"attributes": {"year": 1991, "kind": "paper"},
               "chunking_strategy": {"type": "static", "static": {"max_chunk_size_tokens": 200, "chunk_overlap_tokens": 50}}}
        usual = {"attributes": None, "chunking_strategy": {"type": "other"}}
        path = self.export(*({"type": "file", "id": f"file-{name}", "filename": f"{name}.txt", "purpose": "assistants", "content": "YQ=="} for name in "abc"),
                           {"type": "vector_store", "id": "vs_a", "name": "Papers", "metadata": {}, "expires_after": {"anchor": "last_active_at", "days": 3},
                            "expires_at": 1_700_000_000, "status": "expired",
                            "files": [{"id": "file-a"} | own, {"id": "file-b"} | usual, {"id": "file-c", "attributes": {"x" * 70: 1}}, {"id": "file-gone"}]})
        report = self.run_import(path)
        self.assertEqual(report["vector_stores"], {"imported": 1, "there_already": 0})
        self.assertEqual(sorted(report["left_out"].values()), [1, 1, 1], report)
        ids = self.new_ids(path)
        store = self.v1("GET", f"/vector_stores/{ids['vs_a']}")
        self.assertEqual((store["expires_after"], store["status"] in ("in_progress", "completed")), ({"anchor": "last_active_at", "days": 3}, True))
        files = {file["id"]: file for file in self.all(f"/vector_stores/{ids['vs_a']}/files")}
        self.assertEqual(set(files), {ids["file-a"], ids["file-b"]})
        self.assertEqual({name: files[ids["file-a"]][name] for name in own}, own)
        self.assertEqual(files[ids["file-b"]]["chunking_strategy"]["static"]["max_chunk_size_tokens"], 800)


class Skipped(ImportTest):
    def test_what_is_refused_does_not_stop_the_others(self):
        blank = [{"type": "text", "text": {"value": "  ", "annotations": []}}]
        path = self.export({"type": "file", "id": "file-a", "filename": "a", "purpose": "assistants", "content": ""},
                           {"type": "file", "id": "file-b", "filename": "b", "purpose": "assistants", "content": "?!"},
                           {"type": "thread", "id": "thread_a", "metadata": {}}, {"type": "thread", "id": "thread_b", "metadata": {"k" * 65: "v"}},
                           message("thread_a", 1), message("thread_a", 2, content=blank), message("thread_a", 3, role="robot"),
                           message("thread_b", 4), message("thread_a", 5))
        for code in (3, 3):  # the same again
            report = self.run_import(path, code=code)
            self.assertEqual([one["line"] for one in report["skipped"]], [1, 2, 6, 7, 4, 8], report)
        self.assertIn("Its thread was skipped", report["skipped"][-1]["message"])
        found = self.all(f"/threads/{self.new_ids(path)['thread_a']}/messages")
        self.assertEqual([each["content"][0]["text"]["value"] for each in found], [f"Message {i}: ü 🧪" for i in (1, 5)])
        told = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{self.d.port}", "import", "openai-export", path],
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((told.returncode, told.stderr), (3, ""))
        self.assertRegex(told.stdout, r"Skipped 6 lines(.|\n)*\(line 6\)")

    def test_two_at_once_do_not_double(self):
        path = self.export({"type": "thread", "id": "thread_a", "metadata": {}}, *(message("thread_a", i) for i in range(400)))
        running = self.begun(path)
        kept = pathlib.Path(f"{path}.map")
        while not kept.exists() or not kept.read_text():
            self.assertIsNone(running.poll())
        self.assertIn("Another import writes to", self.run_import(path, code=1)["error"]["message"])
        _, errors = running.communicate(timeout=PATIENCE_S)
        self.assertEqual((running.returncode, errors), (0, ""))
        self.assertEqual(len(self.all(f"/threads/{self.new_ids(path)['thread_a']}/messages")), 400)


class Threads(ImportTest):
    def test_ten_thousand_messages_in_order_and_again(self):
        threads = [f"thread_{i}" for i in range(100)]
        path = self.export(*({"type": "thread", "id": thread, "metadata": {"n": thread}} for thread in threads),
                           *(message(thread, i) for i in range(100) for thread in threads))
        began = time.monotonic()
        report = self.run_import(path)
        print(f"10,000 messages in {time.monotonic() - began:.1f} s")
        self.assertEqual(report["messages"], {"imported": 10_000, "there_already": 0})
        ids = self.new_ids(path)
        for thread in threads[::33]:
            found = self.all(f"/threads/{ids[thread]}/messages")
            self.assertEqual([each["content"][0]["text"]["value"] for each in found], [f"Message {i}: ü 🧪" for i in range(100)])
            self.assertEqual([each["role"] for each in found], ["assistant", "user"] * 50)
            self.assertEqual(found[3]["metadata"], {"imported_from": f"msg_{thread}_3"})
            self.assertEqual(self.v1("GET", f"/threads/{ids[thread]}")["metadata"], {"n": thread, "imported_from": thread})
        self.assertEqual(self.run_import(path)["messages"], {"imported": 0, "there_already": 10_000})

    def test_one_that_was_killed_goes_on_without_a_message_twice(self):
        path = self.export({"type": "thread", "id": "thread_a", "metadata": {}}, *(message("thread_a", i) for i in range(300)))
        server = f"http://127.0.0.1:{self.d.port}"
        running = subprocess.Popen([BUILD / "bin/assistctl", "--server", server, "import", "openai-export", path],
                                   stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        kept = pathlib.Path(f"{path}.map")
        while not kept.exists() or kept.read_text().count("\n") < 50:
            self.assertIsNone(running.poll())
        running.kill()
        running.wait()
        # As if the daemon's last answer had not been written down.
        known = kept.read_text().splitlines(keepends=True)
        kept.write_text("".join(known[:-1]) + known[-1][:10])
        self.run_import(path)
        found = self.all(f"/threads/{self.new_ids(path)['thread_a']}/messages")
        self.assertEqual([each["content"][0]["text"]["value"] for each in found], [f"Message {i}: ü 🧪" for i in range(300)])

    def test_a_map_of_another_state_is_refused(self):
        path = self.export({"type": "thread", "id": "thread_a", "metadata": {}})
        self.run_import(path)
        self.v1("DELETE", f"/threads/{self.new_ids(path)['thread_a']}")
        self.assertIn("no such object", self.run_import(path, code=1)["error"]["message"])


class Guide(ImportTest):
    def test_its_script_exports_what_is_imported(self):
        (self.folder / "second").mkdir()
        other = Daemon(self.folder / "second").start()
        self.addCleanup(other.kill)
        made = self.export({"type": "file", "id": "file-a", "filename": "a.txt", "purpose": "assistants", "content": "YQ=="},
                           {"type": "vector_store", "id": "vs_a", "name": "Papers", "file_ids": ["file-a"], "metadata": {}},
                           {"type": "assistant", "id": "asst_a", "model": "offline", "name": "A", "instructions": "Be short.",
                            "tools": [{"type": "file_search"}, {"type": "code_interpreter"}], "metadata": {"x": "y"},
                            "tool_resources": {"file_search": {"vector_store_ids": ["vs_a"]}}},
                           {"type": "thread", "id": "thread_a", "metadata": {}},
                           *(message("thread_a", i, attachments=[{"file_id": "file-a", "tools": [{"type": "file_search"}]}]) for i in range(130)))
        self.run_import(made)
        work = self.folder / "work"
        work.mkdir()
        (work / "node_modules").symlink_to(NODE / "node_modules")
        (work / "export.mjs").write_text(re.search(r"```js\n(// export\.mjs.*?)```", GUIDE.read_text(), re.S)[1])
        (work / "threads.txt").write_text(self.new_ids(made)["thread_a"] + "\n")
        done = subprocess.run([NODE / "node_modules/.bin/node", "export.mjs", "threads.txt"], cwd=work, stdin=subprocess.DEVNULL,
                              env=os.environ | {"OPENAI_API_KEY": "k", "OPENAI_BASE_URL": f"http://127.0.0.1:{self.d.port}/v1"},
                              capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual((done.returncode, done.stderr), (0, ""), done.stdout)
        report = self.run_import(work / "export.jsonl", daemon=other)
        self.assertEqual({kind: report[kind]["imported"] for kind in ("files", "vector_stores", "assistants", "threads", "messages")},
                         # One store is the assistant's, the other the thread's own, for its attachments.
                         {"files": 1, "vector_stores": 2, "assistants": 1, "threads": 1, "messages": 130})
        ids = self.new_ids(work / "export.jsonl")
        source = self.all(f"/threads/{self.new_ids(made)['thread_a']}/messages")
        target = self.all(f"/threads/{ids[self.new_ids(made)['thread_a']]}/messages", daemon=other)
        self.assertEqual([each["content"] for each in target], [each["content"] for each in source])
        self.assertEqual(target[0]["attachments"][0]["file_id"], self.all("/files", daemon=other)[0]["id"])
        assistant = self.all("/assistants", daemon=other)[0]
        self.assertEqual((assistant["name"], assistant["instructions"], assistant["metadata"]["x"]), ("A", "Be short.", "y"))
        self.assertEqual(assistant["tools"], [{"type": "file_search"}])
        store = next(one for one in self.all("/vector_stores", daemon=other) if one["name"] == "Papers")
        self.assertEqual(assistant["tool_resources"]["file_search"]["vector_store_ids"], [store["id"]])
        self.assertEqual([file["id"] for file in self.all(f"/vector_stores/{store['id']}/files", daemon=other)],
                         [file["id"] for file in self.all("/files", daemon=other)])


if __name__ == "__main__":
    unittest.main()
