#pragma once
// A chat at a terminal: the conversation that is talked in, what goes with the next message, the jobs that go
// on meanwhile, and the commands that begin with a slash. Made by `assistctl chat`. One thread.

#include <string>
#include <vector>

#include "cli/talk.h"

namespace assistd::cli {

class ChatSession {
  public:
    // `options.project` is an id. With a conversation in them, that one is gone on with.
    ChatSession(Context& context, Interrupts& interrupts, AskOptions options);

    // What stands at the top.
    void greet();
    // A message, or a command when it begins with a slash; "//" begins a message with one. Returns what came
    // of it; throws Failure.
    ExitCode take(const std::string& line);
    bool left() const { return left_; }

    // The lines that a line that begins so may become.
    std::vector<std::string> completions(const std::string& typed) const;
    // What the jobs that were begun have to tell since the last time, line by line; empty: nothing. Asks the
    // daemon, and waits for no answer for long.
    std::string job_news();

  private:
    struct Command;
    static const std::vector<Command>& commands();

    ExitCode say(const std::string& text);
    ExitCode run(const Beginning& beginning);
    void tell_files(const std::vector<Json>& artifacts);
    ExitCode command(const std::string& line);

    void show_help(const std::string&);
    void begin_anew(const std::string& title);
    void list(const std::string& words);
    void open(const std::string& which);
    void set_title(const std::string& title);
    void set_model(const std::string& model);
    void again(const std::string&);
    void show_artifacts(const std::string&);
    void save(const std::string& words);
    void show_documents(const std::string&);
    void attach(const std::string& file);
    void show_jobs(const std::string&);
    void cancel(const std::string& job);
    void leave(const std::string&) { left_ = true; }

    Json change(const Json& fields);
    void show_models();

    struct Job {
        std::string id;
        int percent = 0;  // that was told last
    };

    Context& context_;
    Interrupts& interrupts_;
    AskOptions options_;
    std::string title_;                // of the conversation that is begun with the next message
    std::vector<std::string> listed_;  // ids, as /list numbered them
    std::vector<std::string> attachments_;
    std::vector<Job> jobs_;
    ExitCode last_ = ExitCode::good;
    bool left_ = false;
};

}  // namespace assistd::cli
