#pragma once
// Calls that wait for a person: asks the one at the terminal, without keeping the turn's stream from going
// on, and tells the daemon what was decided. One thread.

#include <deque>
#include <functional>
#include <iosfwd>
#include <string>

#include "cli/api_client.h"
#include "cli/echo.h"
#include "cli/sse_reader.h"
#include "cli/tool_titles.h"

namespace assistd::cli {

// Who decides.
enum class Approving {
    person,  // at standard input
    always,  // --yes
    nobody,  // there is no terminal: the daemon refuses what somebody would have to be asked about
};

class ApprovalAsker {
  public:
    // `echo` is shown while somebody is asked.
    ApprovalAsker(const ApiClient& api, ToolTitles& titles, Approving who, Echo& echo, std::ostream& out,
                  std::ostream& err)
        : api_(api), titles_(titles), who_(who), echo_(echo), out_(out), err_(err) {}

    // To be shown every event of the turn.
    void see(const Event& event);
    // Asks what is to be asked, and takes an answer when there is one. Waits for nobody.
    void tick();
    bool waiting() const { return !open_.empty(); }  // for the person
    bool asking() const { return shown_; }           // the question is on the screen
    // A call was refused because nobody is here.
    bool missed_a_person() const { return missed_; }

  private:
    struct Question {
        std::string path;  // of the turn's approvals
        std::string call_id;
        std::string name;
        std::string text;
    };

    void show();
    void take(const std::string& line);
    void decide(const Question& question, const std::string& decision);
    void withdraw(const std::string& call_id);
    void tell_if_missed(const Json& result);

    const ApiClient& api_;
    ToolTitles& titles_;
    Approving who_;
    Echo& echo_;
    std::ostream& out_;
    std::ostream& err_;
    std::deque<Question> open_;  // the first is being asked
    std::deque<Question> due_;   // allowed by --yes, to be told to the daemon
    bool shown_ = false;
    bool missed_ = false;
    std::string typed_;
};

}  // namespace assistd::cli
