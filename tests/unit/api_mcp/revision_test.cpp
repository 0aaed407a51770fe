#include "api/mcp/revision.h"

#include <gtest/gtest.h>

namespace assistd::api::mcp {
namespace {

TEST(Revision, TheOneThatIsAskedForOrTheNewestWithAHandshake) {
    for (const char* known : {"2024-11-05", "2025-03-26", "2025-06-18", "2025-11-25"})
        EXPECT_EQ(negotiated(known), known);
    for (const char* other : {"", "2026-07-28", "2030-01-01", "nonsense"})
        EXPECT_EQ(negotiated(other), "2025-11-25");
}

TEST(Revision, FormsAreMeantUnlessOnlyAddressesAreNamed) {
    EXPECT_TRUE(can_elicit(Json::parse(R"({"elicitation": {}})")));
    EXPECT_TRUE(can_elicit(Json::parse(R"({"elicitation": {"form": {}, "url": {}}})")));
    EXPECT_FALSE(can_elicit(Json::parse(R"({"elicitation": {"url": {}}})")));
    for (const char* none : {"{}", "null", R"({"elicitation": true})", "[]"})
        EXPECT_FALSE(can_elicit(Json::parse(none))) << none;
}

class ModernTest : public testing::Test {
  protected:
    int code_of(const http::Headers& headers) {
        http::Request request;
        request.headers = headers;
        try {
            check_modern(request, message);
        } catch (const RpcError& error) {
            EXPECT_EQ(error.status(), 400);
            return error.code();
        }
        return 0;
    }

    Message message = read_message(R"({"jsonrpc": "2.0", "id": 1, "method": "resources/read", "params":
        {"uri": "assistd://ä", "_meta": {"io.modelcontextprotocol/protocolVersion": "2026-07-28",
                                         "io.modelcontextprotocol/clientCapabilities": {}}}})");
    http::Headers good{{"MCP-Protocol-Version", "2026-07-28"},
                       {"Mcp-Method", "resources/read"},
                       {"Mcp-Name", "=?base64?YXNzaXN0ZDovL8Ok?="}};
};

TEST_F(ModernTest, NamesThatHeadersCannotHoldAreWrapped) {
    EXPECT_EQ(code_of(good), 0);
    for (const char* name :
         {"=?base64?YXNzaXN0ZDovL8O?=", "=?base64?!?=", "YXNzaXN0ZDovL8Ok", "=?base64?", "?="}) {
        http::Headers headers = good;
        headers.find("Mcp-Name")->second = name;
        EXPECT_EQ(code_of(headers), code::header_mismatch) << name;
    }
}

TEST_F(ModernTest, EveryHeaderIsNeeded) {
    for (const char* name : {"MCP-Protocol-Version", "Mcp-Method", "Mcp-Name"}) {
        http::Headers headers = good;
        headers.erase(headers.find(name));
        EXPECT_EQ(code_of(headers), code::header_mismatch) << name;
    }
}

}  // namespace
}  // namespace assistd::api::mcp
