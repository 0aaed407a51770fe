#include <nlohmann/json.hpp>

#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using Assistants = CliTest;

const std::string id = "asst_0123456789abcdef0123456789abcdef";
const std::string lab =
    R"({"id": ")" + id +
    R"(", "name": "Lab", "description": null, "model": "main:m", "instructions": "Be brief.",
    "tools": [{"type": "file_search"}, {"type": "function", "function": {"name": "run_dla_simulation"}}],
    "temperature": 0.5, "created_at": "2026-03-01T12:00:01Z"})";

TEST_F(Assistants, ListAndShow) {
    server.answer("GET " + api + "/assistants",
                  R"({"assistants": [)" + lab + R"(], "has_more": true, "next_cursor": ")" + id + "\"}");
    server.answer("GET " + api + "/assistants/" + id, lab);
    EXPECT_EQ(assistctl({"assistants"}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/assistants?limit=20");
    EXPECT_THAT(out.str(), HasSubstr("2026-03-01 12:00  main:m"));
    EXPECT_EQ(assistctl({"assistants", "list", "--limit", "5", "--cursor", id}), 0);
    EXPECT_EQ(server.seen()[1].target, api + "/assistants?limit=5&cursor=" + id);
    EXPECT_EQ(assistctl({"assistants", "show", id}), 0);
    EXPECT_THAT(out.str(), HasSubstr("file_search, run_dla_simulation"));
    EXPECT_THAT(out.str(), HasSubstr("Instructions\n  Be brief.\n"));
    EXPECT_EQ(assistctl({"assistants", "show", id, "--json"}), 0);
    EXPECT_EQ(json::parse(out.str()), json::parse(lab));
}

TEST_F(Assistants, CreateSendsWhatWasGiven) {
    server.answer("POST " + api + "/assistants", lab, 201);
    EXPECT_EQ(assistctl({"assistants", "create", "Lab", "--model", "main:m", "--instructions", "Be brief.",
                         "--tool", "file_search", "--tool", "run_dla_simulation"}),
              0);
    EXPECT_EQ(json::parse(server.seen()[0].body),
              json::parse(R"({"name": "Lab", "model": "main:m", "instructions": "Be brief.", "tools":
        [{"type": "file_search"}, {"type": "function", "function": {"name": "run_dla_simulation"}}]})"));
    EXPECT_EQ(out.str(), "Made Lab (" + id + ").\n");
    EXPECT_EQ(assistctl({"assistants", "create", "Lab"}), 2);
}

TEST_F(Assistants, Delete) {
    server.answer("DELETE " + api + "/assistants/" + id, "");
    EXPECT_EQ(assistctl({"assistants", "delete", id}), 0);
    EXPECT_EQ(out.str(), "Deleted " + id + ".\n");
    EXPECT_EQ(assistctl({"assistants", "delete", ""}), 2);
}

}  // namespace
}  // namespace assistd::cli
