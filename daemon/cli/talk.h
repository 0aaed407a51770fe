#pragma once
// One turn of a conversation as `ask`, `chat` and `regenerate` run it: shown as it happens, approvals asked,
// Ctrl-C taken, the files that were made listed. One thread.

#include <functional>
#include <string>
#include <vector>

#include "cli/commands.h"
#include "cli/interrupts.h"

namespace assistd::cli {

// What begins a turn in a conversation, and what it takes.
struct Beginning {
    std::string action;  // "chat" or "regenerate"
    Json body;
};

struct Talk {
    ExitCode code = ExitCode::failed;
    std::vector<std::string> jobs;  // that it began and that may go on
};

// `attachments` are handles. `options.project` is an id by now.
Beginning message_of(const AskOptions& options, const std::string& text,
                     const std::vector<std::string>& attachments);
// The options' own, or a new one.
std::string conversation_for(const Context& context, const AskOptions& options);
// Uploads files to go with a message; returns their handles.
std::vector<std::string> attached(const Context& context, const std::vector<std::string>& files);

using TellFiles = std::function<void(const std::vector<Json>& artifacts)>;
// With `options.patient` a daemon that is away is waited for. Without `tell_files` the files that were made
// are told as print_files does.
Talk run_turn(Context& context, Interrupts& interrupts, const std::string& conversation,
              const Beginning& beginning, const AskOptions& options, const TellFiles& tell_files = {});

// What is to be told of how the last reply among these messages ended, unless it ended well. One that broke
// off before it said anything has left no message: its turn is asked for.
std::string how_it_ended(const Context& context, const std::string& conversation, const Json& messages);

}  // namespace assistd::cli
