"""Keys that the configuration names: where they are looked for, and that they are printed nowhere."""

import unittest

from config import ConfigTest, parsed


class Secrets(ConfigTest):
    def test_credentials_of_systemd(self):
        file = self.file("providers: {main: {kind: anthropic, api_key_credential: main}}\n")
        self.file("sk-secret\n", "credentials/main")
        good = {"CREDENTIALS_DIRECTORY": str(self.folder / "credentials")}
        self.assertEqual(self.run_program("--config", file, "--check-config", environment=good).returncode, 0)
        printed = self.run_program("--config", file, "--print-config", environment=good).stdout
        self.assertIn("api_key_credential: main", printed)
        self.assertNotIn("sk-secret", printed)
        result = self.run_program("--config", file, "--check-config", environment={"CREDENTIALS_DIRECTORY": "/nowhere"})
        self.assertEqual(result.returncode, 1)
        self.assertIn("cannot be read", result.stderr)

    def test_what_only_the_service_has_is_warned_of_elsewhere(self):
        """From a shell, as administrators look at a configuration; the start itself refuses."""
        for key, sentence in (("api_key_credential: main", "names the credential main, but systemd passed none to this process. The "
                               "service does not start without it (LoadCredential=main:FILE in its unit)."),
                              ("api_key_env: ABSENT_KEY", "names the environment variable ABSENT_KEY, which is not set. The "
                               "service does not start without it.")):
            file = self.file(f"providers: {{main: {{kind: anthropic, {key}}}}}\n")
            result = self.run_program("--config", file, "--check-config")
            self.assertEqual((result.returncode, result.stdout), (0, "The configuration is good.\n"), result.stderr)
            self.assertIn(f"assistd: {file}:1: providers.main.{key.split(':')[0]} {sentence}\n", result.stderr)
            printed = self.run_program("--config", file, "--print-config")
            self.assertIn(key, printed.stdout)
            self.assertEqual(printed.returncode, 0)
            started = self.run_program("--config", file, "--state", self.folder / "state")
            self.assertEqual(started.returncode, 1)
            self.assertIn(f"{file}:1: providers.main.{key.split(':')[0]} {sentence.split('. The')[0]}.", started.stderr)
            self.assertFalse((self.folder / "state").exists())

    def test_arguments_that_are_secrets_are_not_printed(self):
        file = self.file("mcp: {servers: {lab: {command: lab, args: [--api-key, s3cret, '--token=s3cret', --plain, word]}}}\n")
        printed = self.run_program("--config", file, "--print-config").stdout
        self.assertNotIn("s3cret", printed)
        self.assertEqual(parsed(printed)["mcp"]["servers"]["lab"]["args"],
                         ["--api-key", "(not shown)", "--token=(not shown)", "--plain", "word"])


if __name__ == "__main__":
    unittest.main()
