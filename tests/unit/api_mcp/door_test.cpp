// The door without HTTP: what one user has is not there for another, who comes only from authentication.

#include "api/mcp/door.h"

#include "api/mcp/call.h"
#include "support/io_threads.h"
#include "unit/tools/fakes.h"

namespace assistd::api::mcp {
namespace {

using http::Method;
using http::Reply;
using http::Request;

class NoProjects : public core::Projects {
  public:
    Task<core::Project> add(core::Project project) override { co_return project; }
    Task<core::Project> change(core::Owner, ProjectId, core::ProjectChange) override { return none(); }
    Task<core::Project> find(core::Owner, ProjectId) override { return none(); }
    Task<core::Page<core::Project>> list(core::ProjectQuery) override {
        co_return core::Page<core::Project>{};
    }
    Task<void> remove(core::Owner, ProjectId, bool) override { co_return; }

  private:
    static Task<core::Project> none() {
        throw Error(ErrorCode::not_found, "There is no project.");
        co_return core::Project{};
    }
};

class DoorTest : public tools::ToolsTest {
  protected:
    DoorTest() { start(); }

    void open(DoorOptions options = {}) {
        const Backend backend{*executor, artifacts, projects};
        door = std::make_unique<Door>(backend, pool.get_executor(), options);
        door->add_routes(router);
    }
    Reply ask(const std::string& user, const Json& message, const http::Headers& headers = {},
              Method method = Method::post) {
        Request asked;
        asked.method = method;
        asked.user = user;
        asked.body = to_text(message);
        asked.headers = headers;
        asked.headers.emplace("Content-Type", "application/json");
        asked.gone = gone.get_token();
        for (const auto& route : router.routes())
            if (route.method == method) return run(route.handler(std::move(asked)));
        throw std::logic_error("There is no such route.");
    }
    static Json json_of(const Reply& reply) { return Json::parse(std::get<std::string>(reply.body)); }
    static Json request(const char* method, Json params) {
        return mcp::request(1, method, std::move(params));
    }
    std::string session_of(const std::string& user) {
        const Reply reply = ask(user, request("initialize", {{"protocolVersion", "2025-11-25"}}));
        for (const auto& [name, value] : reply.headers)
            if (name == "Mcp-Session-Id") return value;
        return {};
    }
    Json in_session(const std::string& user, const std::string& session, const Json& message) {
        return json_of(ask(user, message, {{"Mcp-Session-Id", session}}));
    }

    NoProjects projects;
    http::Router router;
    std::stop_source gone;
    std::unique_ptr<Door> door;
};

TEST_F(DoorTest, SomebodyElsesSessionIsNotThere) {
    open();
    const std::string alices = session_of("alice");
    ASSERT_EQ(alices.size(), 32u);
    const http::Headers headers{{"Mcp-Session-Id", alices}};
    EXPECT_EQ(ask("alice", request("ping", nullptr), headers).status, 200);
    const Reply refused = ask("bob", request("ping", nullptr), headers);
    EXPECT_EQ(refused.status, 404);
    EXPECT_EQ(json_of(refused)["error"]["message"],
              "There is no such session, or not any more; begin another with initialize.");
    EXPECT_EQ(ask("bob", nullptr, headers, Method::get).status, 404);
    EXPECT_EQ(ask("bob", nullptr, headers, Method::del).status, 404);
    EXPECT_EQ(ask("alice", nullptr, headers, Method::del).status, 204);
}

TEST_F(DoorTest, SomebodyElsesArtifactsLookAsIfTheyWereNotThere) {
    open();
    artifacts.put("alice", "plot", 1);
    const std::string alices = session_of("alice");
    const std::string bobs = session_of("bob");
    const Json list = request("resources/list", nullptr);
    EXPECT_EQ(in_session("alice", alices, list)["result"]["resources"].size(), 1u);
    EXPECT_EQ(in_session("bob", bobs, list)["result"]["resources"].size(), 0u);
    const Json read = request("resources/read", {{"uri", "assistd://artifacts/plot-1"}});
    EXPECT_TRUE(in_session("alice", alices, read).contains("result"));
    const Json theirs = in_session("bob", bobs, read);
    const Json nobodys =
        in_session("bob", bobs, request("resources/read", {{"uri", "assistd://artifacts/plot-7"}}));
    EXPECT_EQ(theirs["error"]["code"], nobodys["error"]["code"]);
    EXPECT_EQ(theirs["error"]["message"], nobodys["error"]["message"]);
}

TEST_F(DoorTest, OneUserWithManySessionsTakesNoneFromOthers) {
    DoorOptions options;
    options.sessions.of_one_user = 2;
    open(options);
    const std::string bobs = session_of("bob");
    const std::string first = session_of("alice");
    session_of("alice");
    const std::string third = session_of("alice");
    const Json ping = request("ping", nullptr);
    EXPECT_EQ(ask("alice", ping, {{"Mcp-Session-Id", first}}).status, 404);
    EXPECT_EQ(ask("alice", ping, {{"Mcp-Session-Id", third}}).status, 200);
    EXPECT_EQ(ask("bob", ping, {{"Mcp-Session-Id", bobs}}).status, 200);
}

TEST_F(DoorTest, ASessionThatNobodyUsesEnds) {
    DoorOptions options;
    options.sessions.idle = std::chrono::minutes(0);
    open(options);
    const std::string session = session_of("alice");
    EXPECT_EQ(ask("alice", request("ping", nullptr), {{"Mcp-Session-Id", session}}).status, 404);
}

TEST_F(DoorTest, AfterTheEndNothingIsTaken) {
    open();
    const std::string session = session_of("alice");
    door->stop();
    EXPECT_EQ(ask("alice", request("ping", nullptr), {{"Mcp-Session-Id", session}}).status, 503);
    EXPECT_EQ(ask("alice", nullptr, {{"Mcp-Session-Id", session}}, Method::get).status, 503);
}

TEST_F(DoorTest, ACallThatEndsWithTheDaemonIsAnswered) {
    source->offer("hold");
    registry.refresh();
    OpenQuestions questions(std::chrono::seconds(1));
    const auto told = [&](bool in_session, bool with_daemon) {
        CallRequest request;
        request.id = 7;
        request.tool = registry.find("hold")->spec;
        request.arguments = "{}";
        request.owner = "alice";
        if (in_session) request.session = std::make_shared<Session>("alice", "2025-11-25", false);
        const auto session = request.session;
        const Backend backend{*executor, artifacts, projects};
        const auto call =
            std::make_shared<Call>(backend, questions, std::chrono::seconds(1), std::move(request));
        if (session) {
            call->enter_session();
            session->add_stream(call->log());
        }
        const std::size_t before = source->begun_count();
        call->start(pool.get_executor());
        const auto held = source->begun(before);
        // The order of Door::stop().
        with_daemon ? call->stop_with_daemon() : call->stop();
        if (session) session->end();
        held->result.set(tools::good("{}"));
        const auto log = call->log();
        const std::vector<LoggedMessage> messages = run(log->next(0, log->begin_reading(), {}));
        return messages.empty() ? Json() : Json::parse(messages.back().text)["id"];
    };
    for (const bool in_session : {false, true}) {
        EXPECT_EQ(told(in_session, true), 7) << in_session;
        EXPECT_EQ(told(in_session, false), Json()) << in_session;  // its client does not wait for it
    }
}

TEST_F(DoorTest, MoreToolsThanFitOnAPageComeInPages) {
    for (int i = 0; i < 250; ++i) source->offer("tool_" + std::to_string(1000 + i));
    registry.refresh();
    open();
    const std::string session = session_of("alice");
    std::vector<std::string> names;
    Json params = Json::object();
    for (int pages = 0; pages < 3; ++pages) {
        const Json result = in_session("alice", session, request("tools/list", params))["result"];
        for (const Json& tool : result["tools"]) names.push_back(tool["name"]);
        EXPECT_EQ(result.contains("nextCursor"), pages < 2);
        if (result.contains("nextCursor")) params["cursor"] = result["nextCursor"];
    }
    EXPECT_EQ(names.size(), 250u);
    EXPECT_TRUE(std::is_sorted(names.begin(), names.end()));
}

}  // namespace
}  // namespace assistd::api::mcp
