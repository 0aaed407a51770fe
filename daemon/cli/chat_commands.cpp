// The commands of a chat that begin with a slash.

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <filesystem>
#include <ostream>

#include "cli/chat_session.h"
#include "cli/markdown.h"
#include "cli/output.h"
#include "cli/transfer.h"

namespace assistd::cli {
namespace {

constexpr int listed_at_once = 20;

std::string trimmed(std::string text) {
    const std::size_t end = text.find_last_not_of(" \t\n");
    text.resize(end == std::string::npos ? 0 : end + 1);
    return text.substr(std::min(text.find_first_not_of(" \t\n"), text.size()));
}

// "NAME" and the rest.
std::pair<std::string, std::string> first_word(const std::string& text) {
    const std::size_t end = std::min(text.find_first_of(" \t\n"), text.size());
    return {text.substr(0, end), trimmed(text.substr(end))};
}

// "~/file" as a shell has it.
std::string expanded(const std::string& path) {
    const char* home = std::getenv("HOME");
    return path.starts_with("~/") && home ? home + path.substr(1) : path;
}

void print_markdown(Context& context, const std::string& text) {
    if (!context.terminal.interactive) {
        context.out << harmless(text) << '\n';
        return;
    }
    for (const StyledLine& line :
         markdown_lines(text, {.columns = context.terminal.columns - 1, .styled = context.terminal.color}))
        context.out << to_terminal(line, context.terminal.color) << '\n';
}

std::vector<std::string> files_like(const std::string& command, const std::string& typed) {
    namespace fs = std::filesystem;
    const std::size_t slash = typed.rfind('/');
    const std::string folder = slash == std::string::npos ? "" : typed.substr(0, slash + 1);
    const std::string beginning = typed.substr(folder.size());
    std::vector<std::string> found;
    std::error_code error;
    for (const fs::directory_entry& entry :
         fs::directory_iterator(folder.empty() ? "." : expanded(folder), error)) {
        const std::string name = entry.path().filename().string();
        if (!name.starts_with(beginning) || (beginning.empty() && name.starts_with('.'))) continue;
        found.push_back(command + folder + name + (entry.is_directory(error) ? "/" : ""));
    }
    std::sort(found.begin(), found.end());
    return found;
}

}  // namespace

struct ChatSession::Command {
    const char* name;
    const char* takes;
    const char* help;
    void (ChatSession::*run)(const std::string&);
};

const std::vector<ChatSession::Command>& ChatSession::commands() {
    static const std::vector<Command> all = {
        {"/help", "", "this list", &ChatSession::show_help},
        {"/new", "[TITLE]", "begins another conversation", &ChatSession::begin_anew},
        {"/list", "[WORDS]", "your conversations, numbered; only those with these words", &ChatSession::list},
        {"/open", "N", "goes on with one of them, by its number or id", &ChatSession::open},
        {"/title", "TITLE", "names this conversation", &ChatSession::set_title},
        {"/model", "[MODEL]", "the models, or the one that answers from now on", &ChatSession::set_model},
        {"/regenerate", "", "answers the last message again", &ChatSession::again},
        {"/attach", "FILE", "sends a file with the next message", &ChatSession::attach},
        {"/artifacts", "", "the files that tools made in this conversation", &ChatSession::show_artifacts},
        {"/save", "HANDLE [FILE]", "writes one of them here", &ChatSession::save},
        {"/documents", "", "the documents that answers rest on", &ChatSession::show_documents},
        {"/jobs", "", "what runs in the background", &ChatSession::show_jobs},
        {"/cancel", "JOB", "stops a job", &ChatSession::cancel},
        {"/quit", "", "leaves, as Ctrl-D does", &ChatSession::leave},
        {"/exit", "", "the same", &ChatSession::leave}};
    return all;
}

ExitCode ChatSession::command(const std::string& line) {
    const auto [name, rest] = first_word(line);
    const auto found = std::find_if(commands().begin(), commands().end(),
                                    [&](const Command& command) { return name == command.name; });
    if (found == commands().end())
        throw Failure(ExitCode::usage, "There is no command " + name +
                                           "; /help lists them. A message that begins with a slash is typed "
                                           "with two.");
    if (rest.empty() && *found->takes && *found->takes != '[')
        throw Failure(ExitCode::usage, fmt::format("It is typed so: {} {}", found->name, found->takes));
    last_ = ExitCode::good;
    (this->*found->run)(rest);
    return last_;
}

std::vector<std::string> ChatSession::completions(const std::string& typed) const {
    const std::string attaching = "/attach ";
    if (typed.starts_with(attaching)) return files_like(attaching, typed.substr(attaching.size()));
    std::vector<std::string> found;
    for (const Command& command : commands())
        if (typed.starts_with('/') && std::string_view(command.name).starts_with(typed))
            found.push_back(command.name + std::string(*command.takes ? " " : ""));
    return found;
}

void ChatSession::show_help(const std::string&) {
    std::vector<std::vector<std::string>> rows;
    for (const Command& command : commands())
        rows.push_back({command.name + std::string(*command.takes ? " " : "") + command.takes, command.help});
    context_.out << table(rows, context_.terminal, LastColumn::wraps) << '\n'
                 << paragraph(
                        context_,
                        "Alt-Enter, or a backslash at the end of a line, begins another line of the "
                        "message. Ctrl-C stops a reply; twice at the prompt leaves. Up and Ctrl-R bring "
                        "back what was typed before.")
                 << '\n';
}

void ChatSession::begin_anew(const std::string& title) {
    options_.conversation.clear();
    title_ = title;
    context_.out << "The next message begins a new conversation.\n";
}

void ChatSession::list(const std::string& words) {
    ListOptions wanted;
    wanted.limit = listed_at_once;
    wanted.filter = words;
    const Json page = context_.api.get("/conversations" + query_of(wanted, "q"));
    std::vector<std::vector<std::string>> rows = {{"N", "UPDATED", "TITLE"}};
    listed_.clear();
    for (const Json& item : page.value("conversations", Json::array())) {
        listed_.push_back(field(item, "id"));
        const std::string title = field(item, "title");
        rows.push_back({std::to_string(listed_.size()), when(field(item, "updated_at")),
                        title.empty() ? field(item, "last_message_preview") : title});
    }
    print_list(context_, Json::object(), rows, "There are no conversations.");
}

void ChatSession::open(const std::string& which) {
    std::size_t number = 0;
    const auto [end, error] = std::from_chars(which.data(), which.data() + which.size(), number);
    const bool is_number = error == std::errc() && end == which.data() + which.size();
    if (is_number && (number < 1 || number > listed_.size()))
        throw Failure(ExitCode::usage, "/list numbers the conversations; there is no number " + which + ".");
    const std::string id = is_number ? listed_[number - 1] : which;
    const Json conversation = context_.api.get("/conversations/" + HttpClient::escaped(id));
    options_.conversation = field(conversation, "id");
    const std::string title = field(conversation, "title");
    context_.out << harmless(title.empty() ? options_.conversation : title) << '\n';
    // The last exchange says where one was.
    const Json messages = conversation.value("messages", Json::array());
    const auto is_users = [](const Json& message) { return field(message, "role") == "user"; };
    const auto last = std::find_if(messages.rbegin(), messages.rend(), is_users);
    if (last == messages.rend()) return;
    context_.out << "\n> " << harmless(field(*last, "content")) << "\n\n";
    for (auto message = last.base(); message != messages.end(); ++message)
        if (field(*message, "role") == "assistant" && !field(*message, "content").empty())
            print_markdown(context_, field(*message, "content"));
    const std::string ending = how_it_ended(context_, options_.conversation, messages);
    if (!ending.empty()) context_.out << paragraph(context_, "(" + ending + ")") << '\n';
}

Json ChatSession::change(const Json& fields) {
    return context_.api.patch("/conversations/" + HttpClient::escaped(options_.conversation), fields);
}

void ChatSession::set_title(const std::string& title) {
    if (options_.conversation.empty())
        title_ = title;
    else
        change({{"title", title}});
    context_.out << "It is called \"" << harmless(title) << "\" now.\n";
}

void ChatSession::show_models() {
    const Json page = context_.api.get("/providers");
    for (const Json& provider : page.value("providers", Json::array())) {
        const std::string name = field(provider, "name");
        const bool is_default = provider.value("is_default", Json(false)) == true;
        const Json models = provider.value("models", Json::array());
        for (const Json& model : models)
            if (model.is_string()) context_.out << harmless(name + ":" + model.get<std::string>()) << '\n';
        if (models.empty())
            context_.out << harmless(name == "offline" ? name : name + ":… (any model of its server)")
                         << '\n';
        if (is_default) context_.out << "  (the default is here)\n";
    }
}

void ChatSession::set_model(const std::string& model) {
    if (model.empty()) return show_models();
    if (options_.conversation.empty()) {
        // Whether there is such a model is known when the conversation is begun: at once, then.
        options_.model = model;
        options_.conversation = conversation_for(context_, options_);
        if (!title_.empty()) change({{"title", std::exchange(title_, {})}});
    } else {
        change({{"model", model}});
    }
    options_.model = model;
    context_.out << harmless(model) << " answers from now on.\n";
}

void ChatSession::again(const std::string&) {
    if (options_.conversation.empty())
        throw Failure(ExitCode::usage, "There is no message yet that could be answered again.");
    last_ = run({"regenerate", {{"stream", true}}});
}

void ChatSession::show_artifacts(const std::string&) {
    Json page = Json::object();
    if (!options_.conversation.empty())
        page = context_.api.get("/artifacts?conversation_id=" + HttpClient::escaped(options_.conversation));
    std::vector<std::vector<std::string>> rows = {{"HANDLE", "NAME", "SIZE", "TOOL"}};
    for (const Json& item : page.value("artifacts", Json::array()))
        rows.push_back({field(item, "handle"), field(item, "name"), size_text(item.value("size", 0LL)),
                        tool_of(context_, item)});
    print_list(context_, Json::object(), rows, "No tool has made a file in this conversation yet.");
}

void ChatSession::save(const std::string& words) {
    const auto [handle, file] = first_word(words);
    const std::string path = file.empty() ? free_name_of(context_, handle) : expanded(file);
    const long long size = download(context_, handle, path);
    context_.out << "Wrote " << harmless(path) << " (" << size_text(size) << ").\n";
}

void ChatSession::show_documents(const std::string&) {
    list_documents(context_, ListOptions());
}

void ChatSession::attach(const std::string& file) {
    const std::vector<std::string> handles = attached(context_, {expanded(file)});
    attachments_.insert(attachments_.end(), handles.begin(), handles.end());
    context_.out << harmless(file) << " is " << harmless(handles.front())
                 << " and goes with the next message.\n";
}

void ChatSession::show_jobs(const std::string&) {
    list_jobs(context_, ListOptions());
}

void ChatSession::cancel(const std::string& job) {
    cancel_job(context_, job, "");
}

}  // namespace assistd::cli
