#include "cli/completion.h"

#include <sstream>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using testing::HasSubstr;
using testing::Not;

class Completion : public CliTest {
  protected:
    // Without the descriptions.
    std::string completed(std::vector<std::string> words) {
        words.insert(words.begin(), completing);
        std::ostringstream lines;
        EXPECT_EQ(run("assistctl", std::move(words), lines, err), 0);
        std::istringstream all(lines.str());
        std::string found;
        for (std::string line; std::getline(all, line);) found += line.substr(0, line.find('\t')) + " ";
        return found;
    }
};

TEST_F(Completion, CommandsAndOptions) {
    EXPECT_EQ(completed({"conv"}), "conversations ");
    EXPECT_THAT(completed({""}), HasSubstr("ask chat "));
    EXPECT_EQ(completed({"conversations", "re"}), "rename ");
    EXPECT_EQ(completed({"usage", "--b"}), "--by ");
    EXPECT_EQ(completed({"usage", "--by", "m"}), "model ");
    EXPECT_EQ(completed({"jobs", "list", "--state", ""}), "running completed failed cancelled lost ");
    EXPECT_THAT(completed({"chat", "--"}), HasSubstr("--attach "));
    EXPECT_THAT(completed({"chat", "--"}), HasSubstr("--server "));
    EXPECT_EQ(completed({"ask", "--he"}), "--help ");
    EXPECT_EQ(completed({"chat", "--attach", ""}), ":files ");
    EXPECT_EQ(completed({"completion", "z"}), "zsh ");
    EXPECT_EQ(completed({"nonsense", "x"}), "");
    EXPECT_EQ(completed({}), completed({""}));
    EXPECT_EQ(err.str(), "");
}

TEST_F(Completion, NamesAreTheDaemons) {
    server.answer("GET " + api + "/artifacts",
                  R"({"artifacts": [{"handle": "plot-1", "name": "p.svg", "kind": "plot"},
        {"handle": "plot-2", "name": "q\u001b[2J.svg", "kind": "plot"},
        {"handle": "simulation-1", "name": "s", "kind": "simulation"}]})");
    server.answer("GET " + api + "/projects", R"({"projects": [{"name": "Soot"}, {"name": "Two words"}]})");
    server.answer("GET /v1/models",
                  R"({"data": [{"id": "big", "owned_by": "main"}, {"id": "small", "owned_by": "main"},
        {"id": "offline:offline", "owned_by": "offline"}, {"id": "asst_1", "owned_by": "assistant"}]})");
    const std::string here = server.url();
    EXPECT_EQ(completed({"--server", here, "artifacts", "get", "pl"}), "plot-1 plot-2 ");
    EXPECT_EQ(completed({"--server=" + here, "artifacts", "get", "s"}), "simulation-1 ");
    EXPECT_EQ(completed({"--server", here, "artifacts", "get", "plot-1", ""}), "");
    EXPECT_EQ(completed({"--server", here, "artifacts", "list", "--kind", ""}), "plot simulation ");
    EXPECT_EQ(completed({"--server", here, "ask", "hi", "--project", ""}), "Soot ");
    EXPECT_EQ(completed({"--server", here, "ask", "--model", ""}), "big small offline:offline asst_1 ");
    EXPECT_EQ(completed({"--server", here, "tools", "show", ""}), "");  // an error of the daemon's
}

TEST_F(Completion, ADaemonThatIsAwayOrSlowIsDoneWithout) {
    EXPECT_EQ(completed({"--server", "http://127.0.0.1:1", "jobs", "show", ""}), "");
    server.on("GET " + api + "/jobs",
              [](const SeenRequest&, const Connection& to) { to.wait_until_closed(); });
    EXPECT_EQ(completed({"--server", server.url(), "jobs", "show", ""}), "");
    EXPECT_EQ(err.str(), "");
}

TEST_F(Completion, ScriptsArePrinted) {
    for (const char* shell : {"bash", "zsh", "fish"}) {
        EXPECT_EQ(assistctl({"completion", shell}), 0);
        EXPECT_THAT(out.str(), HasSubstr("__complete"));
    }
    EXPECT_EQ(assistctl({"completion", "tcsh"}), 2);
}

}  // namespace
}  // namespace assistd::cli
