"""JSON web tokens against the real daemon: signed by openssl, with keys that a real server shows."""

import base64
import datetime
import http.server
import json
import re
import socket
import subprocess
import threading
import time
import unittest

from access_support import Person, administrator, form
from daemon import API, BUILD, FolderTest, until

ISSUER = "https://login.example.org/"


def coded(data):
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def openssl(*arguments, stdin=b""):
    return subprocess.run(["openssl", *arguments], input=stdin, capture_output=True, check=True, timeout=60).stdout


class Issuer:
    """Signs with a key of its own."""

    def __init__(self, folder, algorithm, name):
        self.algorithm, self.name = algorithm, name
        self.private, self.public = folder / f"{name}.key", folder / f"{name}.pem"
        kind = ["RSA", "-pkeyopt", "rsa_keygen_bits:2048"] if algorithm == "RS256" else [
            "EC", "-pkeyopt", "ec_paramgen_curve:P-256"]
        openssl("genpkey", "-algorithm", *kind, "-out", str(self.private))
        openssl("pkey", "-in", str(self.private), "-pubout", "-out", str(self.public))

    def token(self, head=None, **changes):
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": "assistd", "sub": "alice", "iat": now, "exp": now + 300} | changes
        claims = {name: value for name, value in claims.items() if value is not None}
        head = {"alg": self.algorithm, "typ": "JWT", "kid": self.name} | (head or {})
        text = ".".join(coded(json.dumps(part).encode()) for part in (head, claims))
        signature = openssl("dgst", "-sha256", "-sign", str(self.private), stdin=text.encode())
        return f"{text}.{coded(self.raw(signature) if self.algorithm == 'ES256' else signature)}"

    @staticmethod
    def raw(der):
        """r and s of a DER sequence, side by side."""
        first = der[4:4 + der[3]]
        second = der[6 + der[3]:6 + der[3] + der[5 + der[3]]]
        return b"".join(number.lstrip(b"\0").rjust(32, b"\0") for number in (first, second))

    def jwk(self):
        der = openssl("pkey", "-pubin", "-in", str(self.public), "-outform", "DER")
        if self.algorithm == "ES256":
            return {"kty": "EC", "crv": "P-256", "kid": self.name, "use": "sig", "x": coded(der[-64:-32]), "y": coded(der[-32:])}
        modulus = openssl("rsa", "-pubin", "-in", str(self.public), "-noout", "-modulus").decode().strip().partition("=")[2]
        return {"kty": "RSA", "kid": self.name, "use": "sig", "n": coded(bytes.fromhex(modulus)), "e": "AQAB"}


class KeyServer:
    """Shows a set of keys."""

    def __init__(self):
        self.keys, self.asked = [], 0
        self.may_answer = threading.Event()
        self.may_answer.set()
        outer = self

        class Handler(http.server.BaseHTTPRequestHandler):
            def do_GET(self):
                outer.asked += 1
                outer.may_answer.wait(60)
                body = json.dumps({"keys": outer.keys}).encode()
                self.send_response(200)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def log_message(self, *_):
                pass

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.server.server_port}/keys"

    def close(self):
        self.server.shutdown()
        self.server.server_close()


def config(algorithms, key, more="", auth=""):
    return (f"auth:\n  mode: jwt\n{auth}  jwt:\n    algorithms: [{algorithms}]\n    {key}\n    issuer: {ISSUER}\n"
            f"    audience: assistd\n{more}")


def signed(secret, **changes):
    """A token of a secret."""
    claims = {"iss": ISSUER, "aud": "assistd", "sub": "alice", "exp": int(time.time()) + 300} | changes
    text = ".".join(coded(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
    return f"{text}.{coded(openssl('dgst', '-sha256', '-hmac', secret, '-binary', stdin=text.encode()))}"


class Tokens(FolderTest):
    def bearer(self, daemon, token):
        return Person(daemon, "token", token)

    def status(self, daemon, token):
        return self.bearer(daemon, token).ask("GET", f"{API}/me").status

    def test_of_a_public_key_in_a_file(self):
        for algorithm in ("RS256", "ES256"):
            issuer = Issuer(self.folder, algorithm, algorithm)
            daemon = self.daemon(config(algorithm, f"public_key_file: {issuer.public}"))
            alice = self.bearer(daemon, issuer.token())
            me = alice.good("GET", "/me")
            self.assertEqual((me["user"], me["role"], me["auth"]), ("alice", "user", "jwt"))
            self.assertEqual(alice.ask("POST", f"{API}/conversations", {}).status, 201)
            self.assertEqual(alice.ask("GET", f"{API}/users").status, 403)
            for wrong in ({"exp": int(time.time()) - 61}, {"exp": None}, {"aud": "other"}, {"iss": "https://evil.example/"},
                          {"nbf": int(time.time()) + 120}, {"sub": None}, {"sub": "*"}):
                reply = self.bearer(daemon, issuer.token(**wrong)).ask("GET", f"{API}/me")
                self.assertEqual(reply.status, 401, (wrong, reply.body))
                self.assertIn("WWW-Authenticate", reply.headers)
            none = issuer.token().split(".")
            none[0] = coded(b'{"alg":"none"}')
            for token in (".".join(none), ".".join(none[:2]) + ".", issuer.token(head={"alg": "HS256"}),
                          Issuer(self.folder, algorithm, "stranger").token()):
                self.assertEqual(self.status(daemon, token), 401, token)
            self.assertNotIn(alice.key.rpartition(".")[2], daemon.log.read_text())
            daemon.end()

    def test_of_a_secret(self):
        secret = "0123456789abcdef0123456789abcdef"
        (self.folder / "secret").write_text(secret + "\n")
        daemon = self.daemon(config("HS256", f"secret_file: {self.folder / 'secret'}", "    admins: [alice]\n"))
        now = int(time.time())
        claims = {"iss": ISSUER, "aud": ["x", "assistd"], "sub": "alice", "exp": now + 300}
        text = ".".join(coded(json.dumps(part).encode()) for part in ({"alg": "HS256"}, claims))
        sign = lambda with_secret: f"{text}.{coded(openssl('dgst', '-sha256', '-hmac', with_secret, '-binary', stdin=text.encode()))}"
        self.assertEqual(self.bearer(daemon, sign(secret)).good("GET", "/me")["role"], "admin")
        self.assertEqual(self.status(daemon, sign("x" * 32)), 401)

    def with_secret(self, secret, more=""):
        (self.folder / "secret").write_text(secret + "\n")
        return self.daemon(config("HS256", f"secret_file: {self.folder / 'secret'}", more))

    def test_nothing_but_the_configuration_makes_an_administrator_of_one(self):
        self.daemon().end()  # the user local is there, and has what was made so far
        secret = "0123456789abcdef0123456789abcdef"
        daemon = self.with_secret(secret, "    role_claim: roles\n")
        as_user = lambda name, **claims: self.bearer(daemon, signed(secret, sub=name, **claims))
        boss = as_user("boss", roles=["admin"])
        boss.good("GET", "/users")
        for claims in ({}, {"roles": ["admin"]}):
            refused = as_user("local", **claims).ask("GET", f"{API}/me")
            self.assertEqual(refused.status, 403)
            self.assertIn("No token is taken", refused.body.decode())
        dave = as_user("dave", roles="admin")
        self.assertEqual(dave.good("GET", "/me")["role"], "admin")
        role = lambda: {u["name"]: u["role"] for u in boss.good("GET", "/users")["users"]}["dave"]
        self.assertEqual(role(), "admin")
        refused = boss.ask("PATCH", f"{API}/users/dave", {"role": "user"})
        self.assertEqual(refused.status, 409)
        self.assertIn("the tokens say", refused.body.decode())
        self.assertIn("the tokens say", boss.ctl("users", "role", "dave", "user").stderr)
        as_user("dave").good("GET", "/me")
        self.assertEqual(role(), "user")
        # Who comes with a token makes no administrator who needs none.
        self.assertEqual(boss.ask("POST", f"{API}/users", {"name": "eve", "role": "admin"}).status, 403)
        boss.good("POST", "/users", {"name": "frank"})
        self.assertEqual(boss.ask("PATCH", f"{API}/users/frank", {"role": "admin"}).status, 403)

    def test_keys_that_one_makes_end(self):
        secret = "0123456789abcdef0123456789abcdef"
        daemon = self.with_secret(secret)
        alice = self.bearer(daemon, signed(secret))
        made = alice.good("POST", "/keys", {"name": "script"})
        days = (datetime.datetime.fromisoformat(made["expires_at"]) - datetime.datetime.now(datetime.timezone.utc)).days
        self.assertIn(days, (89, 90))
        alice.good("POST", "/keys", {"name": "short", "expires_days": 3})
        refused = alice.ask("POST", f"{API}/keys", {"name": "long", "expires_days": 91})
        self.assertEqual(refused.status, 403)
        self.assertIn("90 days", refused.body.decode())

    def test_a_secret_that_is_exchanged_counts_after_a_reload(self):
        before, after = "0123456789abcdef" * 2, "fedcba9876543210" * 2
        daemon = self.with_secret(before, "    admins: [alice]\n")
        self.assertEqual(self.bearer(daemon, signed(before)).good("POST", "/admin/reload")["changed"], [])
        (self.folder / "secret").write_text(after + "\n")
        report = self.bearer(daemon, signed(before)).good("POST", "/admin/reload")
        self.assertEqual(report["changed"], ["auth.jwt.secret_file"])
        self.assertEqual((self.status(daemon, signed(before)), self.status(daemon, signed(after))), (401, 200))
        # One that is none leaves everything as it was.
        (self.folder / "secret").write_text("short\n")
        self.assertEqual(self.bearer(daemon, signed(after)).ask("POST", f"{API}/admin/reload").status, 422)
        self.assertEqual(self.status(daemon, signed(after)), 200)

    def test_a_key_that_is_none_is_told_of_before_the_start_and_at_a_reload(self):
        daemon = self.with_secret("0123456789abcdef" * 2, "    admins: [alice]\n")
        wrong = self.folder / "wrong"
        for text, algorithm, place, sentence in (("short\n", "HS256", "secret_file", "too short: HS256 needs 32 bytes"),
                                                 ("no PEM\n", "RS256", "public_key_file", "no public key and no certificate")):
            with self.subTest(place):
                wrong.write_text(text)
                file = self.folder / "assistd.yaml"
                file.write_text(config(algorithm, f"{place}: {wrong}", "    admins: [alice]\n"))
                done = subprocess.run([BUILD / "bin/assistd", "--check-config", "--config", file], capture_output=True, text=True, timeout=60)
                self.assertEqual((done.returncode, sentence in done.stderr), (1, True), done.stderr)
                reply = self.bearer(daemon, signed("0123456789abcdef" * 2)).ask("POST", f"{API}/admin/reload")
                self.assertEqual((reply.status, sentence in reply.body.decode()), (422, True), reply.body)

    def test_keys_that_cannot_be_fetched_are_told_of(self):
        keys = KeyServer()
        self.addCleanup(keys.close)
        issuer = Issuer(self.folder, "ES256", "one")
        daemon = self.daemon(config("ES256", f"jwks_url: {keys.url}", "    jwks_pause_s: 1\n"))

        admin = administrator(daemon)

        def page(path):
            return admin.ask("GET", path).body.decode()

        def missing_for():
            return float(re.search(r"^assistd_token_keys_missing_seconds (\S+)", page("/metrics"), re.M)[1])

        # It has none to show: nobody has sent a token yet, and it is known all the same.
        until(lambda: json.loads(page("/health"))["parts"]["tokens"]["status"] == "degraded", "it to be told")
        part = json.loads(page("/health"))["parts"]["tokens"]
        self.assertRegex(part["note"], r"cannot be fetched since \d{4}-.*: it .*no key for RS256")
        self.assertGreater(missing_for(), 0)
        port = daemon.witness.target if daemon.witness else daemon.port
        doctor = subprocess.run([BUILD / "bin/assistctl", "--server", f"http://127.0.0.1:{port}", "--key", admin.key, "doctor"],
                                capture_output=True, text=True, timeout=60)
        self.assertIn("tokens: The keys that tokens are verified with cannot be fetched since ", doctor.stdout)
        keys.keys = [issuer.jwk()]
        until(lambda: json.loads(page("/health"))["parts"]["tokens"]["status"] == "ok", "it to be well again by itself")
        self.assertEqual(missing_for(), 0)
        self.assertEqual(self.status(daemon, issuer.token()), 200)

    def test_nothing_large_is_taken_of_who_is_not_known(self):
        keys = KeyServer()
        self.addCleanup(keys.close)
        known, stranger = Issuer(self.folder, "ES256", "one"), Issuer(self.folder, "ES256", "two")
        keys.keys = [known.jwk()]
        keys.may_answer.clear()
        daemon = self.daemon(config("ES256", f"jwks_url: {keys.url}", "    jwks_pause_s: 1\n"))

        def begin(token, path, length):
            """Sends a head, and no more until it is answered: to the daemon itself, as a witness waits for the rest."""
            port = daemon.witness.target if daemon.witness else daemon.port
            with socket.create_connection(("127.0.0.1", port), timeout=60) as connection:
                connection.sendall(f"POST {path} HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {token}\r\n"
                                   f"Content-Type: multipart/form-data; boundary=edge\r\nContent-Length: {length}\r\n"
                                   "\r\n".encode())
                return connection.makefile("rb").readline().split()[1:2]

        # The start, or the first of all tokens, has the keys fetched, so that the next request is known.
        self.assertEqual(begin(known.token(), "/v1/files", 300 << 20), [b"401"])
        self.assertIn("refused peer=127.0.0.1 by=token", daemon.log.read_text())
        until(lambda: keys.asked == 1, "the keys are fetched")
        keys.may_answer.set()
        body, headers = form(purpose="assistants", file=("a.txt", b"x" * 20_000))
        upload = lambda: self.bearer(daemon, known.token()).ask("POST", "/v1/files", body, headers).status
        until(lambda: upload() == 200, "the sender is known")
        for length in (1, 300 << 20):
            self.assertEqual(begin(stranger.token(), "/v1/files", length), [b"401"])
        self.assertEqual(begin(stranger.token(), f"{API}/conversations", 60_000), [b"401"])

    def test_of_keys_that_a_server_shows_and_changes(self):
        keys = KeyServer()
        self.addCleanup(keys.close)
        first, second = Issuer(self.folder, "RS256", "one"), Issuer(self.folder, "ES256", "two")
        keys.keys = [first.jwk()]
        daemon = self.daemon(config("RS256, ES256", f"jwks_url: {keys.url}", "    jwks_pause_s: 1\n    role_claim: roles\n"))
        self.assertEqual(self.status(daemon, first.token()), 200)
        for _ in range(5):
            self.assertEqual(self.status(daemon, first.token()), 200)
        self.assertEqual(keys.asked, 1)
        old = first.token()
        self.assertEqual(self.status(daemon, old), 200)
        keys.keys = [second.jwk()]
        boss = self.bearer(daemon, second.token(sub="boss", roles=["admin"]))
        deadline = time.monotonic() + 30
        while boss.ask("GET", f"{API}/users").status != 200:
            self.assertLess(time.monotonic(), deadline)
        self.assertEqual(self.status(daemon, old), 401)
        self.assertEqual(boss.good("GET", "/users")["count"], 2)
        # An administrator can shut out whoever has a good token.
        alice = self.bearer(daemon, second.token())
        self.assertEqual(alice.good("GET", "/me")["user"], "alice")
        boss.good("PATCH", "/users/alice", {"disabled": True})
        self.assertEqual(alice.ask("GET", f"{API}/me").status, 403)
        # Keys are taken besides.
        made = boss.good("POST", "/keys", {"name": "script"})["key"]
        self.assertEqual(Person(daemon, "key", made).good("GET", "/me")["user"], "boss")
        # Many tokens that name unknown keys do not make it ask the server for each.
        asked = keys.asked
        began = time.monotonic()
        for number in range(30):
            self.assertEqual(self.status(daemon, first.token(head={"kid": str(number)})), 401)
        self.assertLessEqual(keys.asked - asked, time.monotonic() - began + 2)

    def test_without_the_server_of_the_keys(self):
        keys = KeyServer()
        keys.close()
        issuer = Issuer(self.folder, "ES256", "one")
        daemon = self.daemon(config("ES256", f"jwks_url: {keys.url}", auth="  keys: false\n"))
        reply = self.bearer(daemon, issuer.token()).ask("GET", f"{API}/me")
        self.assertEqual(reply.status, 503)
        self.assertIn("Retry-After", reply.headers)
        self.assertFalse((daemon.state / "admin.key").exists())
        self.assertIn("needs a token", Person(daemon).ask("GET", f"{API}/me").body.decode())

    def test_no_key_is_made_where_none_is_taken(self):
        secret = "0123456789abcdef0123456789abcdef"
        (self.folder / "secret").write_text(secret + "\n")
        daemon = self.daemon(config("HS256", f"secret_file: {self.folder / 'secret'}", auth="  keys: false\n"))
        alice = self.bearer(daemon, signed(secret))
        self.assertEqual(alice.good("GET", "/me")["takes_keys"], False)
        # Also whoever is not let in is told so.
        self.assertEqual(Person(daemon).good("GET", "/api/v1/session"), {"auth": "jwt", "takes_keys": False})
        refused = alice.ask("POST", f"{API}/keys", {"name": "vain"})
        self.assertEqual(refused.status, 409)
        self.assertIn("auth.keys: false", refused.body.decode())
        self.assertEqual(alice.good("GET", "/keys")["count"], 0)

    def test_a_configuration_that_is_no_good_stops_the_start(self):
        (self.folder / "short").write_text("short\n")
        key = Issuer(self.folder, "ES256", "one").public
        for text, words in ((config("RS256", f"public_key_file: {key}"), "is for ES256"),
                            (config("HS256", f"public_key_file: {key}"), "HS256 needs a secret"),
                            (config("RS256, HS256", f"secret_file: {self.folder / 'short'}"), "alone"),
                            (config("HS256", f"secret_file: {self.folder / 'short'}"), "32 bytes"),
                            (config("none", f"public_key_file: {key}"), "one is"),
                            (config("ES256", "jwks_url: http://login.example.org/keys"), "https://"),
                            (config("ES256", "jwks_url: http://localhost.example.org/keys"), "https://"),
                            (config("ES256", f"public_key_file: {self.folder / 'missing'}"), "cannot be read"),
                            (config("ES256", "leeway_s: 5"), "one key"),
                            (config("ES256", f"public_key_file: {key}").replace("audience", "audiences"), "audiences"),
                            ("auth: {mode: jwt}\n", "auth.jwt"), ("auth: {mode: keys, keys: false}\n", "nobody")):
            with self.subTest(words=words):
                (self.folder / "assistd.yaml").write_text(text)
                ended = subprocess.run([str(BUILD / "bin/assistd"), "--config", str(self.folder / "assistd.yaml"), "--listen",
                                        "127.0.0.1:0", "--state", str(self.folder / "state")],
                                       capture_output=True, text=True, timeout=60)
                self.assertEqual(ended.returncode, 1)
                self.assertIn(words, ended.stderr)


if __name__ == "__main__":
    unittest.main()
