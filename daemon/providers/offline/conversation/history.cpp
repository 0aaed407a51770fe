#include "providers/offline/conversation/history.h"

#include <algorithm>
#include <cctype>
#include <utility>

#include "providers/offline/orders/study_order.h"
#include "providers/offline/words/words.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

std::string text_at(const json& object, const char* key) {
    const auto found = object.is_object() ? object.find(key) : object.end();
    return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

// {"status": "running", "job_id": …}, as the result itself or as its data.
std::string running_job(const json& body) {
    const json& data = body.is_object() && body.contains("data") ? body["data"] : body;
    for (const json* at : {&body, &data})
        if (text_at(*at, "status") == "running" && !text_at(*at, "job_id").empty())
            return text_at(*at, "job_id");
    return "";
}

void read_call(Call& call) {
    if (!call.result) return;
    call.body = json::parse(call.result->content, nullptr, false);
    if (!call.body.is_object()) call.body = json{{"success", call.result->success}};
    const bool good = call.body.contains("success") ? call.body["success"] == true : call.result->success;
    // A question about a job is answered by what it says, whether the job still runs or not.
    const bool only_asked = call.block->name == "get_job_status";
    call.job = !only_asked && (good || call.body.contains("job_id")) ? running_job(call.body) : "";
    call.state = !call.job.empty() ? Call::State::running : good ? Call::State::good : Call::State::failed;
}

// A job that was waited for has the result of the call that began it.
void settle_jobs(std::vector<Call>& calls) {
    for (const Call& later : calls) {
        if (later.state != Call::State::good || !later.body.contains("data")) continue;
        const json& data = later.body["data"];
        const std::string job = text_at(data, "job_id");
        if (job.empty() || !data.is_object()) continue;
        json ended = data.contains("result") && data["result"].is_object() ? data["result"] : json();
        const std::string status = text_at(data, "status");
        if (ended.is_null() && (status == "failed" || status == "cancelled" || status == "lost"))
            ended = {{"success", false},
                     {"error", {{"message", "The job " + job + " ended as " + status + "."}}}};
        if (ended.is_null()) continue;
        for (Call& call : calls) {
            if (call.state != Call::State::running || call.job != job || &call == &later) continue;
            call.body = ended;
            call.state =
                call.body.value("success", json(false)) == true ? Call::State::good : Call::State::failed;
        }
    }
}

// A notice of a job's end closes with the handles of what it made: "… (simulation-3, plot-1)."
std::vector<std::string> handles_in_notice(std::string_view text) {
    std::vector<std::string> handles;
    const std::size_t open = text.rfind('(');
    const std::size_t close = text.rfind(')');
    if (open == std::string_view::npos || close == std::string_view::npos || close < open) return handles;
    std::string word;
    for (const char c : text.substr(open + 1, close - open)) {
        const bool in_word = std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
        if (in_word) word += c;
        if (in_word || word.empty()) continue;
        handles.push_back(std::exchange(word, {}));
    }
    return handles;
}

// Whether the result of a later question says that what the call began has ended.
bool says_ended(const Call& later, const Call& call) {
    const char* key = call.begins_study() ? "study_id" : "job_id";
    const std::string id = call.begins_study() ? call.text(key) : call.job;
    const std::string status = later.text("status");
    return later.state == Call::State::good && !id.empty() && later.text(key) == id && !status.empty() &&
           status != "running";
}

// Each attachment stands in a line of its own at the end of the message: "[attached: simulation-1, dla.npy]".
std::vector<std::string> take_attachments(std::string& text) {
    constexpr std::string_view mark = "\n[attached: ";
    std::vector<std::string> handles;
    while (text.ends_with(']')) {
        const std::size_t at = text.rfind(mark);
        if (at == std::string::npos || text.find('\n', at + 1) != std::string::npos) break;
        const std::size_t begin = at + mark.size();
        handles.insert(handles.begin(), text.substr(begin, text.find_first_of(",]", begin) - begin));
        text.resize(at);
    }
    return handles;
}

}  // namespace

std::string Call::summary() const {
    return text_at(body, "summary");
}

std::string Call::text(const char* key) const {
    const auto data = body.is_object() ? body.find("data") : body.end();
    return data == body.end() ? "" : text_at(*data, key);
}

std::vector<MadeArtifact> Call::artifacts() const {
    std::vector<MadeArtifact> made;
    if (state != State::good || !body.contains("artifacts") || !body["artifacts"].is_array()) return made;
    std::string maker = block->name + " " + block->arguments;
    std::transform(maker.begin(), maker.end(), maker.begin(),
                   [](unsigned char c) { return static_cast<char>(c < 128 ? std::tolower(c) : c); });
    // What nobody said is told by the result.
    const json data = body.value("data", json());
    if (data.is_object() && data.contains("dimensions"))
        maker += " \"dimensions\":" + data["dimensions"].dump();
    for (const json& artifact : body["artifacts"])
        if (!text_at(artifact, "handle").empty())
            made.push_back({text_at(artifact, "handle"), text_at(artifact, "kind"), maker});
    return made;
}

bool Call::begins_study() const {
    return block->name == study_tool && state == State::good && artifacts().empty();
}

bool tells_end(std::string_view notice, const Call& call) {
    std::string about = call.block->name;
    if (call.begins_study()) about = "The study \"" + call.text("name") + "\" of ";
    return notice.starts_with(about);
}

History::History(std::span<const std::shared_ptr<const core::Message>> messages) {
    std::size_t reply = 0;
    for (const auto& message : messages) {
        if (message->role == core::Role::user) {
            exchanges_.emplace_back();
            exchanges_.back().user = message.get();
            exchanges_.back().text = valid_utf8(message->text());
            exchanges_.back().attached = take_attachments(exchanges_.back().text);
            continue;
        }
        if (exchanges_.empty()) continue;
        Exchange& exchange = exchanges_.back();
        if (message->role == core::Role::system) {
            for (std::string& handle : handles_in_notice(message->text()))
                exchange.noticed.push_back(std::move(handle));
            exchange.notices.push_back(message->text());
            continue;
        }
        bool called = false;
        for (const core::Block& block : message->blocks) {
            if (const auto* call = std::get_if<core::ToolCallBlock>(&block)) {
                Call made;
                made.block = call;
                made.reply = reply;
                exchange.calls.push_back(std::move(made));
                called = true;
            } else if (const auto* result = std::get_if<core::ToolResultBlock>(&block)) {
                for (Call& made : exchange.calls)
                    if (made.block->call_id == result->call_id && !made.result) made.result = result;
            }
        }
        if (message->role == core::Role::assistant && !called) {
            exchange.answered = true;
            exchange.replies.push_back(message.get());
        }
        ++reply;
    }
    read_.resize(exchanges_.size());
}

const Exchange& History::read(std::size_t exchange) {
    if (!read_[exchange]) {
        for (Call& call : exchanges_[exchange].calls) read_call(call);
        settle_jobs(exchanges_[exchange].calls);
        read_[exchange] = true;
    }
    return exchanges_[exchange];
}

std::string History::last_job() {
    for (std::size_t i = exchanges_.size(); i-- > 0;) {
        const Exchange& exchange = read(i);
        for (auto call = exchange.calls.rbegin(); call != exchange.calls.rend(); ++call)
            if (!call->job.empty()) return call->job;
    }
    return "";
}

bool History::made_nothing(std::size_t exchange, const Call& call) {
    if (call.state != Call::State::running) return call.state == Call::State::failed;
    for (std::size_t i = exchange; i < exchanges_.size(); ++i) {
        for (const Call& later : read(i).calls)
            if (says_ended(later, call)) return later.text("status") != "completed";
        for (const std::string& notice : exchanges_[i].notices)
            if (tells_end(notice, call)) return handles_in_notice(notice).empty();
    }
    return false;
}

const std::vector<const Call*>& History::running() {
    if (!running_) find_running();
    return *running_;
}

void History::find_running() {
    running_.emplace();
    for (std::size_t i = 0; i < exchanges_.size(); ++i) {
        for (const Call& call : read(i).calls) {
            std::erase_if(*running_, [&](const Call* begun) { return says_ended(call, *begun); });
            if (call.state == Call::State::running || call.begins_study()) running_->push_back(&call);
        }
        // A notice does not name its job: the oldest of such calls ended.
        for (const std::string& notice : exchanges_[i].notices)
            if (const auto ended = std::find_if(running_->begin(), running_->end(),
                                                [&](const Call* call) { return tells_end(notice, *call); });
                ended != running_->end())
                running_->erase(ended);
    }
}

}  // namespace assistd::providers::offline
