#include <unistd.h>

#include <atomic>
#include <fstream>
#include <nlohmann/json.hpp>

#include "cli/how_to_start.h"
#include "unit/cli/cli_fixture.h"

namespace assistd::cli {
namespace {

using nlohmann::json;
using testing::HasSubstr;

const std::string ids = R"("turn_id": "turn_7", "conversation_id": "conv_1")";
const std::string sha256(64, 'a');

class Turns : public CliTest {
  protected:
    Turns() {
        server.answer("GET /readyz", R"({"status": "ready", "name": "assistd"})");
        server.answer("POST " + api + "/conversations", R"({"id": "conv_1"})", 201);
        server.answer("GET " + api + "/artifacts/simulation-1", R"({"sha256": ")" + sha256 + "\"}");
    }
    void script_chat() {
        server.on("POST " + api + "/conversations/conv_1/chat", [](const SeenRequest&, const Connection& to) {
            to.begin_events();
            to.raw(": hello\n\n");
            to.event(1, "turn.started", "{" + ids + "}");
            to.event(2, "tool.call", R"({"tool_call_id": "c1", "name": "grow", "arguments": {"n": 500}})");
            to.event(3, "tool.progress",
                     R"({"tool_call_id": "c1", "name": "grow", "fraction": 0.5, "note": "half"})");
            to.event(
                4, "tool.result",
                R"({"tool_call_id": "c1", "name": "grow", "success": true, "summary": "Grew it.", "artifacts": [{"handle": "simulation-1", "name": "dla.npy", "size": 19640}]})");
            to.event(5, "message.delta", R"({"message_id": "m", "delta": "It grew"})");
            to.event(6, "message.delta", R"({"message_id": "m", "delta": " well."})");
            to.event(7, "message.completed", R"({"message": {}})");
            to.event(8, "turn.completed", R"({"message": {"content": "It grew well."}})");
        });
    }
};

TEST_F(Turns, AskShowsToolsReplyAndFiles) {
    script_chat();
    server.answer("GET " + api + "/projects", R"({"projects": [{"id": "proj_1"}]})");
    EXPECT_EQ(assistctl({"ask", "grow it", "--project", "p1"}), 0);
    EXPECT_EQ(out.str(), "It grew well.\n");
    EXPECT_THAT(err.str(), HasSubstr("grow: started with n=500\ngrow: 50 % half\n"));
    EXPECT_THAT(err.str(),
                HasSubstr("\nFiles\n  simulation-1  dla.npy  19.6 kB\nFetch it: assistctl --server " +
                          server.url() + " artifacts get simulation-1\n"));
    const auto seen = server.seen();
    EXPECT_EQ(seen[0].target, api + "/projects?name=p1");
    EXPECT_EQ(json::parse(seen[1].body), json::parse(R"({"project_id": "proj_1"})"));
    EXPECT_EQ(
        json::parse(seen[2].body),
        json::parse(R"({"content": "grow it", "stream": true, "project_id": "proj_1", "unattended": true})"));
    EXPECT_THAT(seen[2].head, HasSubstr("Accept: text/event-stream"));
}

TEST_F(Turns, AskGoesOnWithAConversation) {
    script_chat();
    EXPECT_EQ(assistctl({"ask", "-c", "conv_1", "again"}), 0);
    EXPECT_EQ(server.seen()[0].target, api + "/conversations/conv_1/chat");
    EXPECT_EQ(assistctl({"ask", "-c", "conv_9", "again"}), 1);
    EXPECT_EQ(err.str(), "assistctl: There is no such thing.\n");
}

TEST_F(Turns, ABlankTextIsAWrongCommandLine) {
    for (const std::string text : {"", " ", "\n\t"}) {
        EXPECT_EQ(assistctl({"ask", text}), 2) << err.str();
        EXPECT_EQ(err.str(), "assistctl: The text says nothing to ask; write it behind ask, in quotes.\n");
    }
    EXPECT_TRUE(server.seen().empty());
}

TEST_F(Turns, RegenerateStreamsAnotherAnswer) {
    server.on("POST " + api + "/conversations/conv_1/regenerate",
              [](const SeenRequest&, const Connection& to) {
                  to.begin_events();
                  to.event(1, "turn.started", "{" + ids + "}");
                  to.event(2, "message.delta", R"({"message_id": "m", "delta": "Another."})");
                  to.event(3, "message.completed", R"({"message": {}})");
                  to.event(4, "turn.completed", R"({"message": {"content": "Another."}})");
              });
    EXPECT_EQ(assistctl({"regenerate", "conv_1"}), 0);
    EXPECT_EQ(out.str(), "Another.\n");
    EXPECT_EQ(json::parse(server.seen().back().body), json::parse(R"({"stream": true, "unattended": true})"));
    EXPECT_EQ(assistctl({"regenerate", "conv_1", "--json"}), 0);
    EXPECT_THAT(out.str(), HasSubstr("{\"event\":\"turn.completed\""));
    EXPECT_EQ(assistctl({"regenerate"}), 2);
    EXPECT_EQ(assistctl({"regenerate", ""}), 2);
    EXPECT_EQ(assistctl({"regenerate", "conv_9"}), 1);
}

TEST_F(Turns, AReplyThatARestartBeganAnewIsShownOnce) {
    server.on("POST " + api + "/conversations/conv_1/chat", [](const SeenRequest&, const Connection& to) {
        to.begin_events();
        to.event(1, "turn.started", "{" + ids + "}");
        to.event(2, "message.delta", R"({"message_id": "m1", "delta": "one "})");
    });
    server.on("GET " + api + "/conversations/conv_1/turns/turn_7/events",
              [](const SeenRequest&, const Connection& to) {
                  to.begin_events();
                  to.event(3, "message.delta", R"({"message_id": "m2", "delta": "one two"})");
                  to.event(4, "turn.completed", R"({"message": {}})");
              });
    EXPECT_EQ(assistctl({"ask", "x"}), 0);
    EXPECT_EQ(out.str(), "one two\n");
}

TEST_F(Turns, JsonGivesOneEventALine) {
    script_chat();
    EXPECT_EQ(assistctl({"ask", "grow", "--json"}), 0);
    std::istringstream lines(out.str());
    std::string line;
    std::vector<std::string> names;
    while (std::getline(lines, line)) names.push_back(json::parse(line).at("event"));
    EXPECT_EQ(names.size(), 8u);
    EXPECT_EQ(names.front(), "turn.started");
    EXPECT_EQ(names.back(), "turn.completed");
}

TEST_F(Turns, AFailedTurnIsAFailure) {
    server.on("POST " + api + "/conversations/conv_1/chat", [](const SeenRequest&, const Connection& to) {
        to.begin_events();
        to.event(1, "message.delta", R"({"delta": "Half an ans"})");
        to.event(2, "turn.failed",
                 R"({"error": {"code": "provider_failed", "message": "The model is gone."}})");
    });
    EXPECT_EQ(assistctl({"ask", "x"}), 1);
    EXPECT_EQ(out.str(), "Half an ans\n");
    EXPECT_EQ(err.str(), "The turn failed: The model is gone.\n");
}

TEST_F(Turns, ABrokenStreamIsJoinedAgainWhereItBroke) {
    server.on("POST " + api + "/conversations/conv_1/chat", [](const SeenRequest&, const Connection& to) {
        to.begin_events();
        to.event(1, "turn.started", "{" + ids + "}");
        to.event(2, "message.delta", R"({"delta": "one "})");
        to.raw("id: 3\nevent: message.delta\ndata: {\"delta\": \"lo");
    });
    server.on("GET " + api + "/conversations/conv_1/turns/turn_7/events",
              [](const SeenRequest&, const Connection& to) {
                  to.begin_events();
                  to.event(3, "message.delta", R"({"delta": "two"})");
                  to.event(4, "turn.completed", R"({"message": {}})");
              });
    EXPECT_EQ(assistctl({"ask", "x"}), 0);
    EXPECT_EQ(out.str(), "one two\n");
    EXPECT_THAT(server.seen().back().head, HasSubstr("Last-Event-ID: 2"));
}

TEST_F(Turns, ADaemonThatEndsInTheMiddleLeavesThePartialAnswerAndSaysWhatToDo) {
    auto mortal = std::make_unique<ScriptedServer>();
    mortal->on("POST " + api + "/conversations/conv_1/chat", [&](const SeenRequest&, const Connection& to) {
        mortal->stop_listening();
        to.begin_events();
        to.event(1, "turn.started", "{" + ids + "}");
        to.event(2, "message.delta", R"({"delta": "Half an ans"})");
    });
    const std::string url = mortal->url();
    EXPECT_EQ(run("assistctl", {"--server", url, "ask", "-c", "conv_1", "x"}, out, err), 1);
    EXPECT_EQ(out.str(), "Half an ans\n");
    EXPECT_EQ(err.str(), "assistctl: assistd at " + url +
                             " ended in the middle of the answer; start it again (" + how_to_start() +
                             "), it goes on with the turn by itself, and see it with: assistctl --server " +
                             url + " conversations show conv_1\n");
}

TEST_F(Turns, AStreamThatIsLostBeforeItsTurnIsUnreachable) {
    server.on("POST " + api + "/conversations/conv_1/chat",
              [](const SeenRequest&, const Connection& to) { to.begin_events(); });
    EXPECT_EQ(assistctl({"ask", "x"}), 1);
    EXPECT_THAT(err.str(), HasSubstr("broke"));
}

// A chat that ends once its turn was cancelled, after a Ctrl-C that comes when the turn has begun.
void script_cancel(ScriptedServer& server) {
    server.on("POST " + api + "/conversations/conv_1/chat",
              [&server](const SeenRequest&, const Connection& to) {
                  to.begin_events();
                  to.event(1, "turn.started", "{" + ids + "}");
                  ::kill(::getpid(), SIGINT);
                  EXPECT_TRUE(server.wait_for("POST " + api + "/conversations/conv_1/turns/turn_7/cancel"));
                  to.event(2, "turn.cancelled", "{}");
              });
    server.answer("POST " + api + "/conversations/conv_1/turns/turn_7/cancel", "{}");
}

TEST_F(Turns, CtrlCCancelsTheTurn) {
    script_cancel(server);
    EXPECT_EQ(assistctl({"ask", "x"}), 1);
    EXPECT_EQ(err.str(), "The turn was cancelled.\n");
}

// Standard input that says `text`.
class Input {
  public:
    explicit Input(const std::string& text) : before_(::dup(STDIN_FILENO)) {
        int ends[2];
        if (::pipe(ends) != 0) throw std::runtime_error("No pipe.");
        EXPECT_EQ(::write(ends[1], text.data(), text.size()), static_cast<ssize_t>(text.size()));
        ::close(ends[1]);
        ::dup2(ends[0], STDIN_FILENO);
        ::close(ends[0]);
    }
    ~Input() { ::dup2(before_.get(), STDIN_FILENO); }

  private:
    UniqueFd before_;
};

TEST_F(Turns, JobsThatGoOnAfterCtrlCAreNamed) {
    server.on("POST " + api + "/conversations/conv_1/chat", [this](const SeenRequest&, const Connection& to) {
        to.begin_events();
        to.event(1, "turn.started", "{" + ids + "}");
        for (const std::string id : {"job_1", "job_2"})
            to.event(2, "tool.result",
                     R"({"tool_call_id": "c", "name": "grow", "success": true, "job_id": ")" + id + "\"}");
        ::kill(::getpid(), SIGINT);
        EXPECT_TRUE(server.wait_for("POST " + api + "/conversations/conv_1/turns/turn_7/cancel"));
        to.event(3, "turn.cancelled", "{}");
    });
    server.answer("POST " + api + "/conversations/conv_1/turns/turn_7/cancel", "{}");
    server.answer("GET " + api + "/jobs/job_1", R"({"id": "job_1", "tool": "grow", "state": "completed"})");
    server.answer("GET " + api + "/jobs/job_2", R"({"id": "job_2", "tool": "grow", "state": "running"})");
    EXPECT_EQ(assistctl({"ask", "x"}), 1);
    EXPECT_EQ(err.str(),
              "grow: goes on as job_1\ngrow: goes on as job_2\nThe turn was cancelled.\ngrow goes on in the "
              "background as job_2; stop it with: assistctl "
              "--server " +
                  server.url() + " jobs cancel job_2\n");
}

TEST_F(Turns, WithJsonTheEndOfATurnIsJsonToo) {
    script_cancel(server);
    EXPECT_EQ(assistctl({"ask", "x", "--json"}), 1);
    EXPECT_EQ(json::parse(err.str()), json::parse(R"({"error": {"type": "turn_error", "code": "cancelled",
        "message": "The turn was cancelled."}})"));
}

TEST_F(Turns, AskTakesItsTextFromStandardInput) {
    script_chat();
    const auto asked = [&](const std::string& text) {
        const Input input(text);
        return assistctl({"ask", "-"});
    };
    EXPECT_EQ(asked("grow it\nand more\n"), 0);
    EXPECT_EQ(json::parse(server.seen()[1].body).at("content"), "grow it\nand more");
    EXPECT_EQ(asked(" \n"), 2);
    EXPECT_EQ(err.str(), "assistctl: Standard input says nothing to ask.\n");
}

TEST_F(Turns, ChatTakesLineAfterLineInOneConversation) {
    script_chat();
    const Input input("first\n\n  \nsecond\n/quit\nnever\n");
    EXPECT_EQ(assistctl({"chat"}), 0);
    std::vector<std::string> said;
    for (const SeenRequest& request : server.seen())
        if (request.target.ends_with("/chat")) said.push_back(json::parse(request.body).at("content"));
    EXPECT_THAT(said, testing::ElementsAre("first", "second"));
}

TEST_F(Turns, ChatTakesCommandsAndMessagesThatBeginWithASlash) {
    script_chat();
    server.answer("GET " + api + "/conversations", R"({"conversations": [
        {"id": "conv_1", "title": "Soot", "updated_at": "2026-03-01T12:00:01Z"}]})");
    server.answer("GET " + api + "/conversations/conv_1", R"({"id": "conv_1", "title": "Soot", "messages": [
        {"role": "user", "content": "old question"}, {"role": "assistant", "content": "old answer"}]})");
    server.answer("PATCH " + api + "/conversations/conv_1", "{}");
    const Input input("/list soot\n/open 1\n/title Other soot\n//etc is a folder\n/quit\nnever\n");
    EXPECT_EQ(assistctl({"chat"}), 0) << err.str();
    EXPECT_THAT(out.str(), HasSubstr("N  UPDATED           TITLE\n1  2026-03-01 12:00  Soot\n"));
    EXPECT_THAT(out.str(), HasSubstr("> old question\n\nold answer\n"));
    json said, title;
    for (const SeenRequest& request : server.seen()) {
        if (request.target.ends_with("/chat")) said = json::parse(request.body);
        if (request.method == "PATCH") title = json::parse(request.body);
        EXPECT_FALSE(request.method == "POST" && request.target.ends_with("/conversations"));
    }
    EXPECT_EQ(said.at("content"), "/etc is a folder");
    EXPECT_EQ(title.at("title"), "Other soot");
}

TEST_F(Turns, AWrongCommandInAChatSaysWhatToType) {
    for (const auto& [typed, sentence] : std::vector<std::pair<std::string, std::string>>{
             {"/fly", "There is no command /fly; /help lists them."},
             {"/open", "It is typed so: /open N"},
             {"/open 3", "there is no number 3"},
             {"/regenerate", "no message yet"}}) {
        const Input input(typed + "\n");
        EXPECT_EQ(assistctl({"chat"}), 2);
        EXPECT_THAT(err.str(), HasSubstr(sentence));
    }
}

TEST_F(Turns, FilesGoWithTheFirstMessage) {
    script_chat();
    std::ofstream(folder / "data.csv") << "a,b\n";
    server.answer("POST " + api + "/artifacts", R"({"handle": "file-1"})", 201);
    const Input input("look at it\nand again\n");
    EXPECT_EQ(assistctl({"chat", "--attach", (folder / "data.csv").string()}), 0) << err.str();
    std::vector<json> said;
    int uploads = 0;
    for (const SeenRequest& request : server.seen()) {
        if (request.target.ends_with("/chat")) said.push_back(json::parse(request.body));
        uploads += request.target == api + "/artifacts?name=data.csv";
    }
    EXPECT_EQ(uploads, 1);
    ASSERT_EQ(said.size(), 2u);
    EXPECT_EQ(said[0].at("attachments"), json::parse(R"(["file-1"])"));
    EXPECT_FALSE(said[1].contains("attachments"));
    EXPECT_EQ(assistctl({"ask", "x", "--attach", (folder / "none").string()}), 1);
    EXPECT_THAT(err.str(), HasSubstr("none cannot be read"));
}

// A connection that breaks before anything came may have begun the turn: the same key makes it the same one.
TEST_F(Turns, ATurnIsAskedForAgainUnderTheSameKey) {
    std::atomic<int> asked = 0;
    server.on("POST " + api + "/conversations/conv_1/chat", [&](const SeenRequest&, const Connection& to) {
        to.begin_events();
        if (++asked == 1) return;
        to.event(1, "turn.started", "{" + ids + "}");
        to.event(2, "turn.completed", R"({"message": {}})");
    });
    EXPECT_EQ(assistctl({"ask", "x"}), 0) << err.str();
    std::vector<std::string> keys;
    for (const SeenRequest& request : server.seen())
        if (const std::size_t at = request.head.find("Idempotency-Key: "); at != std::string::npos)
            keys.push_back(request.head.substr(at, request.head.find('\r', at) - at));
    ASSERT_EQ(keys.size(), 2u);
    EXPECT_EQ(keys[0], keys[1]);
}

TEST_F(Turns, CtrlCInAChatCancelsTheTurnAndNotTheProgram) {
    script_cancel(server);
    const Input input("first\nsecond");
    EXPECT_EQ(assistctl({"chat"}), 0);
    EXPECT_EQ(err.str(), "The turn was cancelled.\nThe turn was cancelled.\n");
}

// Nobody is said to have refused it: the daemon is told that there is nobody to ask.
TEST_F(Turns, WithoutATerminalWhatNeedsApprovalIsToldAsNotDone) {
    server.answer("GET " + api + "/tools/erase", R"({"name": "erase", "needs_approval": true})");
    server.on("POST " + api + "/conversations/conv_1/chat", [&](const SeenRequest&, const Connection& to) {
        to.begin_events();
        to.event(
            1, "tool.result",
            R"({"tool_call_id": "c1", "name": "erase", "success": false, "summary": "Nobody can be asked.",)"
            R"( "artifacts": [], "error_type": "PermissionError"})");
        to.event(2, "turn.completed", R"({"message": {"content": "So."}})");
    });
    EXPECT_EQ(assistctl({"ask", "erase it"}), 3);
    EXPECT_EQ(json::parse(server.seen()[1].body).at("unattended"), true);
    EXPECT_THAT(err.str(), HasSubstr("erase needs a person's approval and is refused"));
    // A rule's refusal has nothing to do with a person.
    server.answer("GET " + api + "/tools/erase", R"({"name": "erase", "needs_approval": false})");
    EXPECT_EQ(assistctl({"ask", "erase it"}), 0);
}

TEST_F(Turns, YesAllowsWhatNeedsApproval) {
    const std::string approvals = "POST " + api + "/conversations/conv_1/turns/turn_7/approvals";
    server.answer(approvals, "{}");
    const auto decisions = [&] {
        const std::vector<SeenRequest> seen = server.seen();
        return std::count_if(seen.begin(), seen.end(), [](const SeenRequest& request) {
            return request.target.ends_with("/approvals");
        });
    };
    server.on("POST " + api + "/conversations/conv_1/chat", [&](const SeenRequest&, const Connection& to) {
        const auto before = decisions();
        to.begin_events();
        to.event(1, "approval.required",
                 R"({"tool_call_id": "c1", "name": "erase", "arguments": {"n": 5}, "message": "May it?", )" +
                     ids + "}");
        while (decisions() == before) std::this_thread::yield();
        to.event(2, "turn.completed", R"({"message": {"content": "So."}})");
    });
    const auto decided = [&] {
        json body;
        for (const SeenRequest& request : server.seen())
            if (request.target.ends_with("/approvals")) body = json::parse(request.body);
        return body;
    };
    EXPECT_EQ(assistctl({"ask", "--yes", "erase it"}), 0);
    EXPECT_EQ(decided(), json::parse(R"({"call_id": "c1", "decision": "allow"})"));
    EXPECT_THAT(err.str(), HasSubstr("erase: waits for a person's approval\n"));
    EXPECT_THAT(err.str(), testing::Not(HasSubstr("is refused")));
    // Somebody else was quicker.
    server.answer(approvals, R"({"error": {"code": "conflict", "message": "It was decided already."}})", 409);
    EXPECT_EQ(assistctl({"ask", "--yes", "erase it"}), 0);
    EXPECT_THAT(err.str(), HasSubstr("assistctl: It was decided already.\n"));
}

}  // namespace
}  // namespace assistd::cli
