"""/v1/files: the official client, and what no client of that kind sends."""

import base64
import hashlib
import http.client
import json
import os
import pathlib
import re
import subprocess
import unittest

from daemon import DaemonTest, in_threads

NODE = pathlib.Path(__file__).parent / "node"
PATIENCE_S = 120
MIB = 1 << 20


def part(disposition, content, more=""):
    return f"--AaB\r\nContent-Disposition: form-data; {disposition}\r\n{more}\r\n".encode() + content + b"\r\n"


PURPOSE = part('name="purpose"', b"assistants")
END = b"--AaB--\r\n"
PICTURE = base64.b64decode("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==")


class FilesTest(DaemonTest):
    def request(self, method, path, body=None, headers=None, chunked=False):
        connection = self.d.connect()
        connection.request(method, "/v1" + path, body, headers or {}, encode_chunked=chunked)
        response = connection.getresponse()
        reply = response.status, response.headers, response.read()
        connection.close()
        return reply

    def upload(self, body, chunked=False):
        headers = {"Content-Type": "multipart/form-data; boundary=AaB"}
        if chunked:
            headers["Transfer-Encoding"] = "chunked"
        status, headers, text = self.request("POST", "/files", body, headers, chunked)
        self.assertEqual(headers["Content-Type"], "application/json")
        return status, json.loads(text)

    def file(self, content, name="x.txt"):
        status, made = self.upload(part(f'name="file"; filename="{name}"', content) + PURPOSE + END)
        self.assertEqual(status, 200, made)
        return made

    def refusal(self, status, body, chunked=False):
        got, reply = self.upload(body, chunked)
        self.assertEqual(got, status, reply)
        self.assertEqual(set(reply["error"]), {"message", "type", "param", "code"})
        return reply["error"]


class Clients(FilesTest):
    def test_the_official_client(self):
        done = subprocess.run([NODE / "node_modules/.bin/node", "--test", "files.mjs"], cwd=NODE,
                              env=os.environ | {"ASSISTD_URL": f"http://127.0.0.1:{self.d.port}"},
                              stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=PATIENCE_S, check=False)
        self.assertEqual(done.returncode, 0, done.stdout[-20000:] + done.stderr[-5000:])


class Uploads(FilesTest):
    def test_in_the_order_of_older_clients(self):
        body = PURPOSE + part('name="file"; filename="a%22b.txt"', b"old", "Content-Type: application/octet-stream\r\n")
        for chunked in (False, True):
            pieces = iter([body[:50], body[50:], END]) if chunked else body + END
            status, made = self.upload(pieces, chunked)
            self.assertEqual((status, made["filename"], made["bytes"]), (200, 'a"b.txt', 3))

    def test_what_is_refused_leaves_nothing(self):
        before = self.request("GET", "/files")[2]
        good = part('name="file"; filename="x"', b"x")
        self.assertEqual(self.refusal(400, PURPOSE + END)["param"], "file")
        self.assertEqual(self.refusal(400, PURPOSE + part('name="file"', b"text") + END)["param"], "file")
        self.assertEqual(self.refusal(400, good + good + PURPOSE + END)["param"], "file")
        self.assertEqual(self.refusal(400, good + PURPOSE + PURPOSE + END)["param"], "purpose")
        self.assertIn("no end", self.refusal(400, good + PURPOSE)["message"])
        self.assertIn("no end", self.refusal(400, b"")["message"])
        nested = part('name="file"; filename="x"', b"x", "Content-Type: multipart/mixed; boundary=c\r\n")
        self.assertIn("multipart itself", self.refusal(400, PURPOSE + nested + END)["message"])
        status, _, text = self.request("POST", "/files", "{}", {"Content-Type": "application/json"})
        self.assertEqual(status, 400)
        self.assertIn("multipart/form-data", json.loads(text)["error"]["message"])
        self.assertEqual(self.request("GET", "/files")[2], before)

    def test_too_large_is_said_before_the_body_is_sent(self):
        connection = http.client.HTTPConnection("127.0.0.1", self.d.port, timeout=PATIENCE_S)
        connection.putrequest("POST", "/v1/files")
        connection.putheader("Content-Type", "multipart/form-data; boundary=AaB")
        connection.putheader("Content-Length", str(514 * MIB))
        connection.endheaders()
        response = connection.getresponse()
        self.assertEqual(response.status, 413)
        self.assertEqual(json.loads(response.read())["error"]["type"], "invalid_request_error")
        connection.close()

    def test_a_client_that_leaves_half_way_leaves_nothing(self):
        before = self.request("GET", "/files")[2]
        for _ in range(10):
            connection = self.d.connect()
            connection.putrequest("POST", "/v1/files")
            connection.putheader("Content-Type", "multipart/form-data; boundary=AaB")
            connection.putheader("Content-Length", str(MIB))
            connection.endheaders(PURPOSE + b'--AaB\r\nContent-Disposition: form-data; name="file"; filename="x"\r\n\r\nx')
            connection.close()
        self.assertEqual(self.request("GET", "/files")[2], before)

    def test_many_at_once(self):
        made = in_threads(lambda i: [self.file(f"{i}-{j}".encode() * 50_000, f"{i}-{j}") for j in range(5)], 8)
        for i, files in enumerate(made):
            for j, file in enumerate(files):
                content = self.request("GET", f"/files/{file['id']}/content")[2]
                self.assertEqual(content, f"{i}-{j}".encode() * 50_000)

    def test_tools_know_it_as_an_artifact(self):
        made = self.file(b"1,2\n3,4\n", "table.csv")
        artifact = self.d.good("GET", "/artifacts/art_" + made["id"].removeprefix("file-"))
        self.assertEqual((artifact["kind"], artifact["name"], artifact["media_type"]), ("file", "table.csv", "text/csv"))
        self.assertRegex(artifact["handle"], r"^file-\d+$")
        self.d.good("DELETE", f"/artifacts/{artifact['handle']}", status=204)
        self.assertEqual(self.request("GET", f"/files/{made['id']}")[0], 404)


class Content(FilesTest):
    def test_ranges_and_names(self):
        made = self.file(b"0123456789", "größe.txt")
        path = f"/files/{made['id']}/content"
        status, headers, text = self.request("GET", path)
        self.assertEqual((status, text), (200, b"0123456789"))
        self.assertEqual(headers["Content-Type"], "text/plain")
        self.assertEqual(headers["Content-Disposition"], "attachment; filename=\"gr____e.txt\"; filename*=UTF-8''gr%C3%B6%C3%9Fe.txt")
        self.assertEqual(headers["ETag"], f'"{hashlib.sha256(text).hexdigest()}"')
        self.assertEqual(self.request("GET", path, headers={"Range": "bytes=2-4"})[::2], (206, b"234"))
        status, headers, text = self.request("GET", path, headers={"Range": "bytes=10-"})
        self.assertEqual((status, headers["Content-Range"]), (416, "bytes */10"))
        self.assertEqual(json.loads(text)["error"]["type"], "invalid_request_error")
        self.assertEqual(self.request("HEAD", path)[1]["Content-Length"], "10")

    def test_a_picture_of_a_message_is_found_by_the_id_there(self):
        picture = base64.b64encode(PICTURE).decode()
        content = [{"type": "image_url", "image_url": {"url": f"data:image/png;base64,{picture}"}}]
        body = json.dumps({"messages": [{"role": "user", "content": content}]})
        status, _, text = self.request("POST", "/threads", body, {"Content-Type": "application/json"})
        self.assertEqual(status, 200, text)
        message = json.loads(self.request("GET", f"/threads/{json.loads(text)['id']}/messages")[2])["data"][0]
        file = message["content"][0]["image_file"]["file_id"]
        self.assertEqual(self.request("GET", f"/files/{file}/content")[::2], (200, PICTURE))
        self.assertEqual(json.loads(self.request("GET", f"/files/{file}")[2])["purpose"], "user_data")
        listed = json.loads(self.request("GET", "/files")[2])["data"]
        self.assertNotIn(file, [each["id"] for each in listed])

    def test_it_is_there_after_a_restart(self):
        made = self.file(b"kept")
        self.d.restart()
        self.assertEqual(self.request("GET", f"/files/{made['id']}/content")[2], b"kept")


class Memory(FilesTest):
    """A large upload takes no memory: 512 MiB, the largest that is taken."""

    def peak_mib(self):
        return int(re.search(r"VmHWM:\s+(\d+) kB", pathlib.Path(f"/proc/{self.d.process.pid}/status").read_text())[1]) / 1024

    def test_the_largest_upload(self):
        size = 512 * MIB
        block = bytes(range(256)) * 4096
        head = PURPOSE + b'--AaB\r\nContent-Disposition: form-data; name="file"; filename="large.bin"\r\n\r\n'
        tail = b"\r\n" + END
        self.file(b"warm")
        before = self.peak_mib()
        connection = self.d.connect()
        connection.putrequest("POST", "/v1/files")
        connection.putheader("Content-Type", "multipart/form-data; boundary=AaB")
        connection.putheader("Content-Length", str(len(head) + size + len(tail)))
        connection.endheaders(head)
        for _ in range(size // len(block)):
            connection.send(block)
        connection.send(tail)
        response = connection.getresponse()
        made = json.loads(response.read())
        connection.close()
        self.assertEqual((response.status, made.get("bytes")), (200, size), made)
        grown = self.peak_mib() - before
        print(f"peak {self.peak_mib():.1f} MiB, {grown:.1f} MiB more than before")
        self.assertLess(grown, 64)
        self.assertEqual(self.request("DELETE", f"/files/{made['id']}")[0], 200)


if __name__ == "__main__":
    unittest.main()
