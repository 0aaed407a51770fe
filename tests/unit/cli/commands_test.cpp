#include <unistd.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>
#include <set>

#include "cli/how_to_start.h"
#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::StartsWith;
using Commands = CliTest;

TEST_F(Commands, TheWrongCommandLineIsAUsageError) {
    const std::vector<std::vector<std::string>> wrong = {{},
                                                         {"fly"},
                                                         {"ask"},
                                                         {"tools", "fly"},
                                                         {"tools", "show"},
                                                         {"artifacts", "list", "--limit", "0"},
                                                         {"artifacts", "list", "--limit", "101"},
                                                         {"status", "extra"},
                                                         {"--nonsense", "status"},
                                                         {"tools", "run", "grow", "[1]"},
                                                         {"tools", "run", "grow", "{"},
                                                         {"artifacts", "get", ""}};
    for (const auto& arguments : wrong) {
        EXPECT_EQ(assistctl(arguments), 2) << testing::PrintToString(arguments);
        EXPECT_FALSE(err.str().empty());
        EXPECT_TRUE(out.str().empty());
    }
    EXPECT_TRUE(server.seen().empty());
    EXPECT_EQ(assistctl({"--help"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("artifacts"));
    EXPECT_EQ(assistctl({"--server", "gopher://x", "status"}), 2);
}

TEST_F(Commands, AnUnknownCommandIsNamed) {
    EXPECT_EQ(assistctl({"fly", "home"}), 2);
    EXPECT_EQ(err.str(), "assistctl: There is no command \"fly\"; see them with: assistctl --help\n");
    EXPECT_EQ(assistctl({"tools", "fly"}), 2);
    EXPECT_EQ(
        err.str(),
        "assistctl: There is no command \"fly\" behind \"tools\"; see them with: assistctl tools --help\n");
    EXPECT_EQ(assistctl({"jobs", "status"}), 2);
    EXPECT_THAT(err.str(), HasSubstr("status"));
    EXPECT_EQ(assistctl({}), 2);
    EXPECT_THAT(err.str(), HasSubstr("--help"));
}

TEST_F(Commands, WhoIsToldWhatIsWrongKnowsWhoTellsIt) {
    EXPECT_EQ(assistctl({"ask"}), 2);
    EXPECT_EQ(err.str(), "assistctl: text is required; see how it is used with: assistctl ask --help\n");
    EXPECT_EQ(assistctl({"jobs", "list", "--limit", "x"}), 2);
    EXPECT_THAT(err.str(), StartsWith("assistctl: "));
    EXPECT_THAT(err.str(), HasSubstr("; see how it is used with: assistctl jobs list --help\n"));
}

TEST_F(Commands, Version) {
    EXPECT_EQ(assistctl({"--version"}), 0);
    EXPECT_THAT(out.str(), testing::MatchesRegex("assistctl [0-9]+\\.[0-9]+\\.[0-9]+\n"));
}

TEST_F(Commands, AKindAloneLists) {
    for (const std::string kind : {"conversations", "tools", "artifacts", "jobs", "projects"}) {
        server.answer("GET " + api + "/" + kind, "{\"" + kind + "\": []}");
        EXPECT_EQ(assistctl({kind}), 0) << err.str();
        EXPECT_THAT(out.str(), testing::StartsWith("There are no " + kind));
        EXPECT_EQ(assistctl({kind, "--json"}), 0) << err.str();
        EXPECT_EQ(json::parse(out.str()), json({{kind, json::array()}}));
    }
}

TEST_F(Commands, WhatToTypeIsTheProgramAsItWasCalled) {
    server.answer(
        "POST " + api + "/tools/grow/execute",
        R"({"success": true, "data": {}, "artifacts": [{"handle": "plot-1", "name": "p.svg", "size": 1}]})");
    const auto hint_of = [&](const std::string& program) {
        err.str("");
        EXPECT_EQ(run(program, {"--server", server.url(), "tools", "run", "grow"}, out, err), 0);
        return err.str();
    };
    EXPECT_THAT(hint_of("build/release/bin/assistctl"),
                HasSubstr("Fetch it: build/release/bin/assistctl --server " + server.url() +
                          " artifacts get plot-1\n"));
    EXPECT_THAT(hint_of("/my tools/it's"), HasSubstr("Fetch it: '/my tools/it'\\''s' --server "));
}

TEST_F(Commands, WhatToDoWhenNoDaemonAnswers) {
    std::ostringstream sentence;
    EXPECT_EQ(run("assistctl", {"--server", "http://127.0.0.1:1", "status"}, out, sentence), 1);
    EXPECT_THAT(sentence.str(), HasSubstr("assistd does not answer at http://127.0.0.1:1"));
    EXPECT_THAT(sentence.str(), HasSubstr("start it with " + how_to_start()));
}

TEST_F(Commands, Status) {
    server.answer("GET /readyz", R"({"status": "ready", "name": "assistd"})");
    server.answer("GET " + api + "/tools", R"({"tools": [], "count": 6, "plugins": [
        {"id": "org.example.a", "version": "1.0.0", "state": "ready", "reason": null},
        {"id": null, "file": "/p/bad.so", "state": "refused", "reason": "It is no plugin."}]})");
    EXPECT_EQ(assistctl({"status"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("with 6 tools."));
    EXPECT_THAT(out.str(), HasSubstr("/p/bad.so: refused - It is no plugin."));
    EXPECT_EQ(assistctl({"status", "--json"}), 0);
    EXPECT_EQ(json::parse(out.str())["tools"], 6);
    server.answer("GET /readyz", R"({"status": "ok", "count": 6})");
    EXPECT_EQ(assistctl({"status"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("Another program answers at "));
    err.str("");
    server.answer("GET /readyz", R"({"error": {"message": "The store cannot be read."}})", 503);
    EXPECT_EQ(assistctl({"status"}), 1);
    EXPECT_EQ(err.str(), "assistctl: The store cannot be read.\n");
}

TEST_F(Commands, ConversationsListShowArchiveDelete) {
    server.answer("GET " + api + "/conversations", R"({"conversations": [
        {"id": "conv_1", "title": "Growing", "updated_at": "2026-03-01T12:00:01.5Z", "message_count": 4},
        {"id": "conv_2", "title": null, "first_message_preview": "hello", "last_message_preview": "bye", "updated_at": "2026-03-01T11:00:01.5Z", "message_count": 1}],
        "next_cursor": "abc"})");
    EXPECT_EQ(assistctl({"conversations", "list", "--limit", "2", "--search", "a b&c"}), 0);
    EXPECT_EQ(out.str(),
              "ID      UPDATED           MSGS  TITLE\n"
              "conv_1  2026-03-01 12:00  4     Growing\n"
              "conv_2  2026-03-01 11:00  1     hello\n"
              "More: add --cursor abc\n");
    EXPECT_EQ(server.seen().back().target, api + "/conversations?limit=2&q=a%20b%26c");

    server.answer("GET " + api + "/conversations/conv_1",
                  R"({"id": "conv_1", "title": "Growing", "messages": [
        {"role": "user", "content": "grow"},
        {"role": "assistant", "content": "", "tool_calls": [{"id": "c1", "function": {"name": "grow", "arguments": "{\"n\":5}"}}]},
        {"role": "tool", "name": "grow", "content": "{\"success\":true,\"summary\":\"Grew.\",\"artifacts\":[{\"handle\":\"simulation-1\"},{\"handle\":\"simulation-2\"}]}"},
        {"role": "assistant", "content": "Done.", "tool_calls": null}]})");
    EXPECT_EQ(assistctl({"conversations", "show", "conv_1"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("user:\n  grow\n"));
    EXPECT_THAT(out.str(), HasSubstr("tool grow:\n  Grew. (simulation-1, simulation-2)\n"));
    EXPECT_THAT(out.str(), HasSubstr("assistant:\n  calls grow with n=5\n"));
    EXPECT_THAT(out.str(), HasSubstr("assistant:\n  Done.\n"));

    server.answer("POST " + api + "/conversations/conv_1/archive", R"({"id": "conv_1"})");
    EXPECT_EQ(assistctl({"conversations", "archive", "conv_1"}), 0);
    server.answer("POST " + api + "/conversations/conv_1/unarchive", R"({"id": "conv_1"})");
    EXPECT_EQ(assistctl({"conversations", "unarchive", "conv_1"}), 0);
    EXPECT_EQ(out.str(), "Took conv_1 out of the archive.\n");
    EXPECT_EQ(assistctl({"conversations", "list", "--archived"}), 0);
    EXPECT_EQ(server.seen().back().target, api + "/conversations?limit=20&archived=true");
    server.on("DELETE " + api + "/conversations/conv_1",
              [](const SeenRequest&, const Connection& connection) {
                  connection.raw("HTTP/1.1 204 No Content\r\nConnection: close\r\n\r\n");
              });
    EXPECT_EQ(assistctl({"conversations", "delete", "conv_1"}), 0);
    EXPECT_EQ(out.str(), "Deleted conv_1.\n");
    EXPECT_EQ(assistctl({"conversations", "show", "conv_9"}), 1);
    EXPECT_EQ(err.str(), "assistctl: There is no such thing.\n");
    EXPECT_EQ(assistctl({"conversations", "show", "../tools"}), 1);  // stays one segment of the path
    EXPECT_EQ(server.seen().back().target, api + "/conversations/..%2Ftools");
}

TEST_F(Commands, ToolsListShowRun) {
    const std::string tool =
        R"({"name": "grow", "category": "sim", "description": "Grows it. And more.", "time_limit_s": 60,
        "plugin": {"id": "org.example"}, "input_schema": {"required": ["n"], "properties": {
        "n": {"type": "integer", "minimum": 10, "default": 500, "description": "How many"}}}})";
    server.answer("GET " + api + "/tools", R"({"tools": [)" + tool + "]}");
    server.answer("GET " + api + "/tools/grow", tool);
    EXPECT_EQ(assistctl({"tools", "list"}), 0);
    EXPECT_EQ(out.str(), "NAME  CATEGORY  WHAT IT DOES\ngrow  sim       Grows it.\n");
    server.answer("GET " + api + "/tools",
                  R"({"tools": [{"name": "talk", "category": "mcp", "description": ")" +
                      std::string(9'000, 'x') + R"("}]})");
    EXPECT_EQ(assistctl({"--json", "tools", "list"}), 0);
    EXPECT_GT(out.str().size(), 9'000u);
    EXPECT_EQ(assistctl({"tools", "list"}), 0);
    EXPECT_LT(out.str().size(), 600u);
    EXPECT_EQ(assistctl({"tools", "show", "grow"}), 0);
    EXPECT_THAT(out.str(),
                HasSubstr("\nArguments\n  n  integer, required, at least 10, default 500\n     How many\n"));

    server.answer("POST " + api + "/tools/grow/execute",
                  R"({"success": true, "data": {"n": 500}, "summary": "Grew.",
        "artifacts": [{"handle": "simulation-1", "name": "dla.npy", "size": 19640}]})");
    EXPECT_EQ(assistctl({"tools", "run", "grow", R"({"n": 500})"}), 0);
    EXPECT_THAT(out.str(), testing::StartsWith("Grew.\n{\n  \"n\": 500\n}\n"));
    EXPECT_THAT(err.str(), HasSubstr("\nFiles\n  simulation-1  dla.npy  19.6 kB\n"));
    EXPECT_EQ(json::parse(server.seen().back().body), json::parse(R"({"arguments": {"n": 500}})"));

    server.answer(
        "POST " + api + "/tools/grow/execute",
        R"({"success": false, "error": {"error_type": "ValidationError", "message": "n must be at least 10; it is 5."}})");
    EXPECT_EQ(assistctl({"tools", "run", "grow", R"({"n": 5})"}), 1);
    EXPECT_EQ(err.str(), "assistctl: ValidationError: n must be at least 10; it is 5.\n");
    EXPECT_EQ(assistctl({"--json", "tools", "run", "grow"}), 1);
    EXPECT_EQ(json::parse(out.str())["success"], false);
}

std::string content_of(const std::filesystem::path& path) {
    std::ifstream file(path);
    return {std::istreambuf_iterator<char>(file), {}};
}

TEST_F(Commands, ToolsAreCalledByTheirTitles) {
    server.answer("GET " + api + "/tools",
                  R"({"tools": [{"name": "run_eden_simulation", "title": "Eden growth"},
                                {"name": "grow_more", "title": null}]})");
    server.answer("GET " + api + "/jobs",
                  R"({"jobs": [{"id": "job_1", "tool": "run_eden_simulation", "state": "running"},
                               {"id": "job_2", "tool": "grow_more", "state": "running"}]})");
    EXPECT_EQ(assistctl({"jobs"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("job_1  Eden growth (run_eden_simulation)  running"));
    EXPECT_THAT(out.str(), testing::ContainsRegex("job_2  grow_more +running"));
    server.answer("GET " + api + "/audit",
                  R"({"calls": [{"tool": "run_eden_simulation", "user": "ada", "outcome": "success"}]})");
    EXPECT_EQ(assistctl({"audit"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("ada   Eden growth (run_eden_simulation)  success"));
    server.answer("GET " + api + "/conversations/conv_1", R"({"id": "conv_1", "messages": [
        {"role": "system", "content": "run_eden_simulation (job_1) has ended."},
        {"role": "user", "content": "run_eden_simulation"}]})");
    EXPECT_EQ(assistctl({"conversations", "show", "conv_1"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("system:\n  Eden growth (job_1) has ended.\n"));
    EXPECT_THAT(out.str(), HasSubstr("user:\n  run_eden_simulation\n")) << "what was said stays";
    EXPECT_EQ(assistctl({"--json", "jobs"}), 0);
    EXPECT_THAT(out.str(), testing::Not(HasSubstr("Eden growth")));
}

TEST_F(Commands, RunsOfAStudyTellWhatTheyWarnOf) {
    server.answer("GET " + api + "/studies/study_1/runs", R"({"runs": [
        {"run": 1, "status": "completed", "warnings": ["Few particles."]},
        {"run": 2, "status": "completed", "warnings": ["It is flat.", "Few particles."]},
        {"run": 3, "status": "completed", "warnings": []}]})");
    EXPECT_EQ(assistctl({"studies", "runs", "study_1"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("  Runs 1, 2 warn: Few particles.\n  Run 2 warns: It is flat.\n"));
}

TEST_F(Commands, AFileIsNotAddedTwice) {
    std::ofstream(folder / "data.csv") << "a,b\n";
    server.answer("POST " + api + "/artifacts", R"({"id": "art_2", "handle": "file-2", "sha256": "abc"})");
    server.answer(
        "GET " + api + "/artifacts",
        R"({"artifacts": [{"id": "art_2", "handle": "file-2"}, {"id": "art_1", "handle": "file-1"}]})");
    server.on("DELETE " + api + "/artifacts/file-2",
              [](const SeenRequest&, const Connection& to) { to.json("", 204); });
    const std::string file = (folder / "data.csv").string();
    EXPECT_EQ(assistctl({"artifacts", "add", file}), 0) << err.str();
    EXPECT_EQ(out.str(), "file-1  " + file + "  (you have this already)\n");
    EXPECT_EQ(server.seen().back().target, api + "/artifacts/file-2");
    server.answer("GET " + api + "/artifacts", R"({"artifacts": [{"id": "art_2", "handle": "file-2"}]})");
    EXPECT_EQ(assistctl({"artifacts", "add", file}), 0);
    EXPECT_EQ(out.str(), "file-2  " + file + "\n");
}

TEST_F(Commands, ArtifactsListShowGetDelete) {
    server.answer("GET " + api + "/artifacts",
                  R"({"artifacts": [{"handle": "plot-1", "name": "p.svg", "size": 12,
        "created_at": "2026-03-01T12:00:01Z", "tool": "generate_plot"}], "next_cursor": null})");
    EXPECT_EQ(assistctl({"artifacts", "list", "--kind", "plot", "--search", "soot rg"}), 0);
    EXPECT_EQ(server.seen().front().target, api + "/artifacts?limit=20&kind=plot&q=soot%20rg");
    EXPECT_EQ(out.str(),
              "HANDLE  NAME   SIZE  CREATED           TOOL\nplot-1  p.svg  12 B  2026-03-01 12:00  "
              "generate_plot\n");
    server.answer("GET " + api + "/artifacts/plot-1",
                  R"({"handle": "plot-1", "name": "../p.svg", "seed": null, "parents": ["simulation-1"]})");
    EXPECT_EQ(assistctl({"artifacts", "show", "plot-1"}), 0);
    EXPECT_EQ(out.str(), "handle   plot-1\nname     ../p.svg\nparents  [\"simulation-1\"]\n");

    server.answer("GET " + api + "/artifacts/plot-1/content", "<svg/>");
    const auto file = folder / "out.svg";
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", file.string()}), 0);
    EXPECT_EQ(content_of(file), "<svg/>");
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-9", "-o", (folder / "none").string()}), 1);
    EXPECT_FALSE(std::filesystem::exists(folder / "none"));
    EXPECT_FALSE(std::filesystem::exists(folder / "none.part"));
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", (folder / "no" / "such").string()}), 1);

    const auto before = std::filesystem::current_path();
    std::filesystem::current_path(folder);
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1"}), 0);
    EXPECT_EQ(content_of(folder / "p.svg"), "<svg/>");
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("p.svg is there already"));
    std::filesystem::current_path(before);
}

TEST_F(Commands, ADocumentThatFailedKeepsItsName) {
    server.answer("GET " + api + "/documents", R"({"documents": [
        {"id": "doc_1", "name": "a.pdf", "status": "failed", "error": {"message": "It has no text."}},
        {"id": "doc_2", "name": "b.pdf", "status": "failed", "error": {"message": "b.pdf has no text."}}]})");
    EXPECT_EQ(assistctl({"documents"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("failed  a.pdf: It has no text.\n"));
    EXPECT_THAT(out.str(), HasSubstr("failed  b.pdf has no text.\n"));
}

TEST_F(Commands, ABrokenDownloadLeavesNothing) {
    server.on("GET " + api + "/artifacts/plot-1/content",
              [](const SeenRequest&, const Connection& connection) {
                  connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf");
              });
    const auto file = folder / "out.svg";
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", file.string()}), 1);
    EXPECT_THAT(err.str(), HasSubstr("broke in the middle"));
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(Commands, CtrlCInADownloadLeavesNothing) {
    server.on("GET " + api + "/artifacts/plot-1/content",
              [&](const SeenRequest&, const Connection& connection) {
                  connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 100\r\nConnection: close\r\n\r\nhalf");
                  ::kill(::getpid(), SIGINT);
                  // Stays open until assistctl has left, or the download would simply break.
                  connection.wait_until_closed();
              });
    const auto file = folder / "out.svg";
    EXPECT_EQ(assistctl({"artifacts", "get", "plot-1", "-o", file.string()}), 1);
    EXPECT_EQ(err.str(), "assistctl: Stopped; nothing was written.\n");
    EXPECT_TRUE(std::filesystem::is_empty(folder));
}

TEST_F(Commands, ToolsAreShownWithTheirRulesWithinTheTerminal) {
    server.answer("GET " + api + "/tools/mix", R"({"name": "mix", "title": "Mixer", "description": "Mixes.",
        "time_limit_s": 3600.0, "needs_approval": true, "effects": {"reads": true, "writes": false, "destructive": true},
        "input_schema": {"required": ["of"], "properties": {
        "of": {"type": "array", "items": {"type": "string", "format": "artifact"}, "minItems": 2, "maxItems": 20},
        "source": {"type": "string", "format": "artifact"},
        "mode": {"type": ["string", "null"], "enum": ["fast", "slow"], "default": "fast"},
        "ratio": {"type": "number", "exclusiveMinimum": 0, "maximum": 1000000000000.0},
        "label": {"type": "string", "maxLength": 100, "pattern": "^[a-z]+$"},
        "steps": {"type": "array", "uniqueItems": true, "items": {"type": "integer", "minimum": 5, "multipleOf": 5}},
        "rest": true}}})");
    EXPECT_EQ(assistctl({"tools", "show", "mix"}), 0);
    EXPECT_EQ(out.str(),
              "mix - Mixer\nMixes.\n\nArguments\n"
              "  of      list of artifacts' handles, required, 2 to 20 of them\n"
              "  source  an artifact's handle\n"
              "  mode    string or null, one of fast, slow, default fast\n"
              "  ratio   number, more than 0, at most 1e+12\n"
              "  label   string, at most 100 characters, like ^[a-z]+$\n"
              "  steps   list of integer, no two alike, each at least 5, a multiple of 5\n"
              "  rest    any value\n"
              "\neffects     reads, destructive\n"
              "approval    a person is asked before it runs for a model\n"
              "time limit  60:00 min\n");
    server.answer("GET " + api + "/tools/none",
                  R"({"name": "none", "description": "Does.", "input_schema": {}})");
    EXPECT_EQ(assistctl({"tools", "show", "none"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("It takes no arguments."));
}

TEST_F(Commands, WithJsonErrorsAreJsonToo) {
    const auto error = [&] { return json::parse(err.str()).at("error"); };
    server.answer("GET " + api + "/jobs",
                  R"({"error": {"type": "not_found_error", "code": "not_found", "message": "No such job."}})",
                  404);
    EXPECT_EQ(assistctl({"jobs", "list", "--json"}), 1);
    EXPECT_EQ(error(),
              json::parse(R"({"type": "not_found_error", "code": "not_found", "message": "No such job."})"));
    EXPECT_EQ(assistctl({"--json", "fly"}), 2);
    EXPECT_EQ(error().at("code"), "usage");
    err.str("");
    EXPECT_EQ(run("assistctl", {"--server", "http://127.0.0.1:1", "--json", "status"}, out, err), 1);
    EXPECT_EQ(error().at("code"), "unreachable");
    server.answer(
        "POST " + api + "/tools/grow/execute",
        R"({"success": false, "error": {"error_type": "ValidationError", "message": "n is wrong."}})");
    EXPECT_EQ(assistctl({"--json", "tools", "run", "grow"}), 1);
    EXPECT_EQ(error().at("code"), "ValidationError");
    EXPECT_EQ(json::parse(out.str())["success"], false);
}

TEST_F(Commands, JobsListShowCancel) {
    const std::string job =
        R"({"id": "job_1", "tool": "grow", "state": "running", "progress": 0.42, "note": "half",
        "created_at": "2026-03-01T12:00:01Z", "arguments": {"n": 5}, "result": null})";
    server.answer("GET " + api + "/jobs", R"({"jobs": [)" + job + "]}");
    server.answer("GET " + api + "/jobs/job_1", job);
    server.answer("POST " + api + "/jobs/job_1/cancel", R"({"id": "job_1", "state": "cancelled"})");
    EXPECT_EQ(assistctl({"jobs", "list", "--state", "running"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("job_1  grow  running  42 %  2026-03-01 12:00"));
    EXPECT_EQ(assistctl({"jobs", "show", "job_1"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("arguments  {\"n\":5}\n"));
    EXPECT_EQ(assistctl({"jobs", "cancel", "job_1"}), 0);
    EXPECT_EQ(out.str(), "job_1 is cancelled.\n");
}

TEST_F(Commands, AJobIsWaitedFor) {
    std::atomic<int> asked = 0;
    server.on("GET " + api + "/jobs/job_1", [&](const SeenRequest&, const Connection& to) {
        to.json(++asked < 2 ? R"({"id": "job_1", "state": "running", "progress": 0.42, "note": "half"})"
                            : R"({"id": "job_1", "state": "completed", "summary": "Grew."})");
    });
    EXPECT_EQ(assistctl({"jobs", "wait", "job_1"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("summary  Grew.\n"));
    EXPECT_EQ(err.str(), "42 % half\n");
    server.answer("GET " + api + "/jobs/job_1", R"({"id": "job_1", "state": "failed"})");
    EXPECT_EQ(assistctl({"--json", "jobs", "wait", "job_1"}), 1);
    EXPECT_EQ(json::parse(out.str()).at("state"), "failed");
    server.on("GET " + api + "/jobs/job_1", [](const SeenRequest&, const Connection& to) {
        to.json(R"({"id": "job_1", "state": "running"})");
        ::kill(::getpid(), SIGINT);
    });
    EXPECT_EQ(assistctl({"jobs", "wait", "job_1"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("The job goes on; stop it with: assistctl --server"));
}

TEST_F(Commands, ConversationsAreSearchedAndRenamed) {
    server.answer("GET " + api + "/conversations", R"({"conversations": []})");
    EXPECT_EQ(assistctl({"conversations", "search", "soot and df", "--limit", "5"}), 0);
    EXPECT_EQ(server.seen().back().target, api + "/conversations?limit=5&q=soot%20and%20df");
    server.answer("PATCH " + api + "/conversations/conv_1", R"({"id": "conv_1", "title": "Soot"})");
    EXPECT_EQ(assistctl({"conversations", "rename", "conv_1", "Soot"}), 0);
    EXPECT_EQ(server.seen().back().body, R"({"title":"Soot"})");
    EXPECT_EQ(out.str(), "conv_1 is called \"Soot\" now.\n");
}

TEST_F(Commands, AConversationIsExportedWhole) {
    server.answer("GET " + api + "/conversations/conv_1",
                  R"({"id": "conv_1", "title": "Soot", "messages": [{}]})");
    server.on("GET " + api + "/conversations/conv_1/messages",
              [](const SeenRequest& request, const Connection& to) {
                  if (request.target.find("cursor=next") == std::string::npos)
                      to.json(R"({"next_cursor": "next", "messages": [
                {"role": "user", "content": "Grow it", "created_at": "2026-03-01T12:00:01Z"},
                {"role": "assistant", "content": "", "created_at": "2026-03-01T12:00:02Z", "tool_calls": [
                    {"function": {"name": "grow", "arguments": "{\"n\": 5}"}}]}]})");
                  else
                      to.json(R"({"next_cursor": null, "messages": [
                {"role": "tool", "name": "grow", "content": "{\"success\": true, \"summary\": \"Grew.\"}"},
                {"role": "assistant", "content": "It **grew**.", "created_at": "2026-03-01T12:00:03Z"}]})");
              });
    EXPECT_EQ(assistctl({"conversations", "export", "conv_1"}), 0);
    EXPECT_EQ(out.str(),
              "# Soot\n\n## user, 2026-03-01 12:00\n\nGrow it\n\n## assistant, 2026-03-01 12:00\n\n"
              "* calls grow with n=5\n\n* grow: Grew.\n\nIt **grew**.\n");
    EXPECT_EQ(assistctl({"conversations", "export", "conv_1", "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()).at("messages").size(), 4u);
    const auto file = folder / "soot.json";
    EXPECT_EQ(assistctl({"conversations", "export", "conv_1", "--format", "json", "-o", file.string()}), 0);
    EXPECT_EQ(json::parse(std::ifstream(file)).at("title"), "Soot");
    EXPECT_EQ(assistctl({"conversations", "export", "conv_1", "-o", (folder / "no" / "such").string()}), 1);
    EXPECT_EQ(assistctl({"conversations", "export", "conv_1", "--format", "pdf"}), 2);
    EXPECT_EQ(assistctl({"conversations", "export", "conv_9"}), 1);
}

TEST_F(Commands, FilesAreUploaded) {
    server.answer("POST " + api + "/artifacts", R"({"handle": "file-1"})", 201);
    std::ofstream(folder / "data.csv") << "a,b\n";
    EXPECT_EQ(assistctl({"artifacts", "add", (folder / "data.csv").string()}), 0);
    EXPECT_THAT(out.str(), testing::StartsWith("file-1  "));
    EXPECT_EQ(server.seen().back().body, "a,b\n");
    EXPECT_EQ(assistctl({"artifacts", "add", folder.string()}), 1);
}

// The file may be stored when the connection breaks: the same key makes it one.
TEST_F(Commands, AnUploadWhoseReplyIsLostIsSentAgainUnderTheSameKey) {
    std::atomic<int> sent = 0;
    server.on("POST " + api + "/artifacts", [&](const SeenRequest&, const Connection& to) {
        if (++sent == 2) to.raw("HTTP/1.1 201 X\r\nContent-Length: 100\r\n\r\n{");
        if (sent == 3) to.json(R"({"handle": "file-1"})", 201);
    });
    std::ofstream(folder / "data.csv") << "a,b\n";
    EXPECT_EQ(assistctl({"artifacts", "add", (folder / "data.csv").string()}), 0) << err.str();
    EXPECT_THAT(out.str(), testing::StartsWith("file-1  "));
    std::set<std::string> keys;
    for (const SeenRequest& request : server.seen()) {
        EXPECT_EQ(request.body, "a,b\n");
        const std::size_t at = request.head.find("Idempotency-Key: ");
        ASSERT_NE(at, std::string::npos);
        keys.insert(request.head.substr(at, request.head.find('\r', at) - at));
    }
    EXPECT_EQ(server.seen().size(), 3u);
    EXPECT_EQ(keys.size(), 1u);
}

TEST_F(Commands, AnUploadDoesNotWaitForADaemonThatIsNotThere) {
    std::ofstream(folder / "data.csv") << "a,b\n";
    server.stop_listening();
    EXPECT_EQ(assistctl({"documents", "add", (folder / "data.csv").string()}), 1);
    EXPECT_THAT(err.str(), testing::HasSubstr("does not answer"));
}

TEST_F(Commands, ProvidersAreATable) {
    server.answer("GET " + api + "/providers", R"({"count": 2, "providers": [
        {"name": "main", "kind": "openai", "is_default": true, "default_model": "big", "models": ["big", "small"],
         "fallback": [], "circuit": "open", "failures_in_a_row": 5},
        {"name": "offline", "kind": "offline", "is_default": false, "default_model": null, "models": [],
         "fallback": [], "circuit": "closed", "failures_in_a_row": 0}]})");
    EXPECT_EQ(assistctl({"providers"}), 0);
    EXPECT_EQ(out.str(),
              "NAME     KIND     CIRCUIT           DEFAULT  MODELS\n"
              "main     openai   open, 5 failures  big      big, small\n"
              "offline  offline  closed                     any\n");
    EXPECT_EQ(assistctl({"providers", "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()).at("providers")[0].at("name"), "main");
}

TEST_F(Commands, RefusalsAreToldInTheDaemonsWords) {
    server.answer("GET " + api + "/jobs", R"({"error": {"message": "Two fields are wrong.", "details": [
        {"field": "cursor", "message": "cursor is none."}, {"field": "state", "message": "state is wrong."}]}})",
                  422);
    EXPECT_EQ(assistctl({"jobs", "list"}), 1);
    EXPECT_EQ(err.str(), "assistctl: Two fields are wrong.\n  cursor is none.\n  state is wrong.\n");
    server.on("GET " + api + "/jobs", [](const SeenRequest&, const Connection& connection) {
        connection.raw("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nConnection: close\r\n\r\nhello");
    });
    EXPECT_EQ(assistctl({"jobs", "list"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("is not assistd"));
}

}  // namespace
}  // namespace assistd::cli
