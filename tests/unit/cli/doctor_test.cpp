#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

class Doctor : public CliTest {
  protected:
    // Nothing of this machine's own is asked: both servers' variables name the scripted one, or nobody.
    Doctor() {
        local_models_at("127.0.0.1:1");
        ::unsetenv("ASSISTD_CONFIG");
        server.answer("GET /readyz", R"({"status": "ready", "name": "assistd"})");
        server.answer("GET " + api + "/tools", R"({"count": 3, "tools": [], "plugins": [
            {"id": "org.good", "version": "1.0", "state": "ready"}]})");
        server.answer("GET " + api + "/providers", R"({"providers": [
            {"name": "offline", "kind": "offline", "is_default": true, "circuit": "closed"}]})");
    }
    ~Doctor() override {
        ::unsetenv("OLLAMA_HOST");
        ::unsetenv("LLAMA_ARG_PORT");
    }
    void local_models_at(const std::string& address) {
        ::setenv("OLLAMA_HOST", address.c_str(), 1);
        ::setenv("LLAMA_ARG_PORT", address.substr(address.rfind(':') + 1).c_str(), 1);
    }
};

TEST_F(Doctor, SaysWhatWorks) {
    EXPECT_EQ(assistctl({"doctor"}), 0) << err.str();
    EXPECT_THAT(out.str(), HasSubstr("ok    daemon: It answers at " + server.url() + " with 3 tools.\n"));
    EXPECT_THAT(out.str(), HasSubstr("ok    plugin: org.good 1.0.\n"));
    EXPECT_THAT(out.str(), HasSubstr("note  provider: The built-in one answers."));
    EXPECT_THAT(out.str(), HasSubstr("ok    state: " + folder.string() + " has "));
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("local models")));
}

TEST_F(Doctor, SaysWhatDoesNot) {
    server.answer("GET " + api + "/tools", R"({"count": 0, "tools": [], "plugins": [
        {"file": "bad.so", "state": "refused", "reason": "It has no manifest."}]})");
    server.answer("GET " + api + "/providers", R"({"providers": [
        {"name": "main", "kind": "openai", "is_default": true, "circuit": "open"}]})");
    EXPECT_EQ(assistctl({"doctor"}), 1);
    EXPECT_THAT(out.str(), HasSubstr("FAIL  plugin: bad.so is refused: It has no manifest."));
    EXPECT_THAT(out.str(), HasSubstr("FAIL  provider: main (openai, the default) kept failing"));
    EXPECT_EQ(assistctl({"doctor", "--json"}), 1);
    EXPECT_EQ(json::parse(out.str())["ok"], false);
    out.str("");
    EXPECT_EQ(run("assistctl", {"--server", "http://127.0.0.1:1", "doctor"}, out, err), 1);
    EXPECT_THAT(out.str(), HasSubstr("FAIL  daemon: assistd does not answer at http://127.0.0.1:1"));
}

class DoctorHere : public Doctor {
  protected:
    // Where no daemon answers.
    int doctor_with(const std::string& config) {
        const auto file = folder / "assistd.yaml";
        std::ofstream(file) << config;
        out.str("");
        return run("assistctl",
                   {"--server", "http://127.0.0.1:1", "--state", folder.string(), "doctor", "--config",
                    file.string()},
                   out, err);
    }
};

TEST_F(DoctorHere, SaysWhatIsWrongWithTheConfiguration) {
    EXPECT_EQ(doctor_with("listen: 127.0.0.1:0\nlisen: x\n"), 1);
    EXPECT_THAT(out.str(), HasSubstr("FAIL  config: " + (folder / "assistd.yaml").string() + ":2: "));
    EXPECT_THAT(out.str(), HasSubstr("→ Mend that line"));
    EXPECT_EQ(doctor_with("listen: 127.0.0.1:0\n"), 1);
    EXPECT_THAT(out.str(), HasSubstr("assistd.yaml is good."));
}

TEST_F(DoctorHere, SaysWhoHasThePort) {
    const std::string port = server.url().substr(server.url().rfind(':') + 1);
    server.answer("GET /readyz", "no assistd");
    EXPECT_EQ(doctor_with("listen: 127.0.0.1:" + port + "\n"), 1);
    EXPECT_THAT(out.str(), HasSubstr("FAIL  port: Port " + port + " is taken by cli_tests (process " +
                                     std::to_string(::getpid()) + ")."));
    server.stop_listening();
    EXPECT_EQ(doctor_with("listen: 127.0.0.1:" + port + "\n"), 1);
    EXPECT_THAT(out.str(), HasSubstr("ok    port: Port " + port + " is free."));
}

TEST_F(DoctorHere, AsksTheDaemonThatTheConfigurationNames) {
    const auto file = folder / "assistd.yaml";
    std::ofstream(file) << "listen: " << server.url().substr(7) << "\n";
    ::unsetenv("ASSISTD_SERVER");
    EXPECT_EQ(run("assistctl", {"--state", folder.string(), "doctor", "--config", file.string()}, out, err),
              0)
        << out.str();
    EXPECT_THAT(out.str(), HasSubstr("ok    daemon: It answers at " + server.url() + " with 3 tools.\n"));
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("port: ")));
}

// Another was named, which does not answer: it is said which one does.
TEST_F(DoctorHere, KnowsTheDaemonThatHasThePort) {
    EXPECT_EQ(doctor_with("listen: " + server.url().substr(7) + "\n"), 1);
    EXPECT_THAT(out.str(), HasSubstr("FAIL  daemon: assistd does not answer at http://127.0.0.1:1"));
    EXPECT_THAT(out.str(), HasSubstr("is taken by assistd itself, which answers at " + server.url()));
    EXPECT_THAT(out.str(), HasSubstr("→ Ask that one: assistctl --server " + server.url() + " doctor"));
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("End that program")));
}

TEST_F(DoctorHere, AFileThatIsNotThereHasNoLineToMend) {
    EXPECT_EQ(
        run("assistctl", {"--server", server.url(), "doctor", "--config", (folder / "none.yaml").string()},
            out, err),
        1);
    EXPECT_THAT(out.str(), HasSubstr("none.yaml cannot be read: there is no such file."));
    EXPECT_THAT(out.str(), HasSubstr("→ Name the file that the daemon is started with"));
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("Mend that line")));
}

TEST_F(DoctorHere, SaysWhichKeysAreMissing) {
    const std::string config =
        "listen: 127.0.0.1:0\nproviders:\n  main: {kind: openai, base_url: \"http://127.0.0.1:1/v1\", "
        "api_key_env: CLI_TEST_KEY}\n";
    ::unsetenv("CLI_TEST_KEY");
    EXPECT_EQ(doctor_with(config), 1);
    EXPECT_THAT(out.str(), HasSubstr("names the environment variable CLI_TEST_KEY, which is not set."));
    ::setenv("CLI_TEST_KEY", "x", 1);
    doctor_with(config);
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("CLI_TEST_KEY")));
    ::unsetenv("CLI_TEST_KEY");
}

TEST_F(Doctor, SaysWhatIsWrongWithTheStateFolder) {
    ::chmod(folder.c_str(), 0755);
    EXPECT_EQ(assistctl({"doctor"}), 1);
    EXPECT_THAT(out.str(),
                HasSubstr("FAIL  state: " + folder.string() + " may be read or written by others"));
    EXPECT_THAT(out.str(), HasSubstr("→ chmod 700 " + folder.string()));
    ::chmod(folder.c_str(), 0700);
    std::ofstream(folder / "file") << "x";
    const auto with_state = [&](const std::string& name) {
        out.str("");
        return run("assistctl", {"--server", server.url(), "--state", (folder / name).string(), "doctor"},
                   out, err);
    };
    EXPECT_EQ(with_state("file"), 1);
    EXPECT_THAT(out.str(), HasSubstr("is no folder"));
    EXPECT_EQ(with_state("none"), 0);
    EXPECT_THAT(out.str(), HasSubstr("is not there yet; the daemon makes it."));
}

TEST_F(Doctor, LooksAtTheMachine) {
    EXPECT_EQ(assistctl({"doctor", "--json"}), 0);
    std::set<std::string> about;
    const json document = json::parse(out.str());
    for (const json& finding : document["findings"]) about.insert(finding.at("about"));
    for (const char* one : {"config", "state", "kernel", "memory", "documents", "clock"})
        EXPECT_TRUE(about.contains(one)) << one;
}

TEST_F(Doctor, OffersAnOllamaThatIsNotUsedYet) {
    local_models_at(server.url().substr(7));
    server.answer("GET /api/tags", R"({"models": [{"name": "llama3.1:8b"}, {"name": "qwen3:4b"}]})");
    EXPECT_EQ(assistctl({"doctor"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("has llama3.1:8b, qwen3:4b."));
    EXPECT_THAT(out.str(), HasSubstr("model: local:llama3.1:8b\n"));
    EXPECT_THAT(out.str(), HasSubstr("local: {kind: ollama, base_url: \"" + server.url() + "\"}"));
    server.answer("GET " + api + "/providers", R"({"providers": [
        {"name": "mine", "kind": "ollama", "is_default": true, "circuit": "closed",
         "base_url": ")" + server.url() + "\"}]}");
    EXPECT_EQ(assistctl({"doctor"}), 0);
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("local models")));
}

TEST_F(Doctor, SaysWhatEachProvidersServerAnswered) {
    server.answer("GET " + api + "/providers", R"({"providers": [
        {"name": "away", "kind": "openai", "circuit": "closed", "failures_in_a_row": 0,
         "check": {"ok": false, "message": "The provider \"away\" could not be reached."}},
        {"name": "main", "kind": "anthropic", "is_default": true, "circuit": "closed", "failures_in_a_row": 0,
         "check": {"ok": true, "lists_models": true, "message": "It answers and lists 3 models."}},
        {"name": "tired", "kind": "ollama", "circuit": "open", "failures_in_a_row": 5,
         "check": {"ok": true, "message": "It answers and lists 1 model."}},
        {"name": "odd", "kind": "openai", "circuit": "closed", "failures_in_a_row": 0,
         "check": {"ok": true, "lists_models": false, "message": "It answers, but has no list of its models."}},
        {"name": "shaky", "kind": "openai", "circuit": "closed", "failures_in_a_row": 1,
         "check": {"ok": true, "lists_models": true, "message": "It answers and lists 1 model."}},
        {"name": "offline", "kind": "offline", "circuit": "closed", "check": null}]})");
    EXPECT_EQ(assistctl({"doctor"}), 1);
    EXPECT_THAT(out.str(),
                HasSubstr("FAIL  provider: away (openai): The provider \"away\" could not be reached.\n"));
    EXPECT_THAT(out.str(), HasSubstr("ok    provider: main (anthropic, the default) has not failed lately. "
                                     "It answers and lists 3 models.\n"));
    EXPECT_THAT(out.str(), HasSubstr("FAIL  provider: tired (ollama) kept failing"));
    EXPECT_THAT(out.str(), HasSubstr("note  provider: odd (openai) has not failed lately."));
    EXPECT_THAT(out.str(), HasSubstr("note  provider: shaky (openai) failed the last time"));
    EXPECT_TRUE(std::ranges::any_of(
        server.seen(), [](const auto& request) { return request.target == api + "/providers?check=true"; }));
}

// Having one provider of a kind says nothing about another server of that kind.
TEST_F(Doctor, OffersWhatNoProviderNamesByItsAddress) {
    ScriptedServer llama;
    llama.answer("GET /v1/models", R"({"data": [{"id": "qwen3", "owned_by": "llamacpp"}]})");
    const std::string port = llama.url().substr(llama.url().rfind(':') + 1);
    ::setenv("LLAMA_ARG_PORT", port.c_str(), 1);
    const auto configured = [&](const std::string& base_url) {
        server.answer("GET " + api + "/providers", R"({"providers": [
            {"name": "local", "kind": "openai", "is_default": true, "circuit": "closed", "base_url": ")" +
                                                       base_url + "\"}]}");
        EXPECT_EQ(assistctl({"doctor"}), 0);
        return out.str();
    };
    EXPECT_THAT(configured("https://api.example.com/v1"),
                HasSubstr("model: local2:qwen3\n  providers:\n    local2: {kind: openai, base_url: \"" +
                          llama.url()));
    EXPECT_THAT(configured("http://LOCALHOST:" + port + "/v1"), testing::Not(HasSubstr("local models")));
}

TEST_F(Doctor, OffersALlamaServer) {
    ScriptedServer other;
    other.answer("GET /v1/models", R"({"data": [{"id": "qwen3", "owned_by": "llamacpp"}]})");
    ::setenv("LLAMA_ARG_PORT", other.url().substr(other.url().rfind(':') + 1).c_str(), 1);
    EXPECT_EQ(assistctl({"doctor"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("local: {kind: openai, base_url: \"" + other.url() + "/v1\"}"));
    // Another server on that port is none of ours.
    other.answer("GET /v1/models", R"({"data": [{"id": "x", "owned_by": "someone"}]})");
    EXPECT_EQ(assistctl({"doctor"}), 0);
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("local models")));
}

}  // namespace
}  // namespace assistd::cli
