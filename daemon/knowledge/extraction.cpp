#include "knowledge/extraction.h"

#include <fcntl.h>
#include <sys/wait.h>

#include <boost/asio/io_context.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <csignal>
#include <nlohmann/json.hpp>

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/one_line.h"
#include "base/spawn.h"
#include "knowledge/extract_process.h"

namespace assistd::knowledge {
namespace {

using core::IndexError;
using core::IndexErrorCode;
using nlohmann::json;

// Of what the process says: several times what it is known to.
constexpr std::size_t most_line_bytes = 8u << 20;

[[noreturn]] void cancelled() {
    throw Error(ErrorCode::cancelled, "The document is not read any more.");
}

IndexError failure(IndexErrorCode code, const std::string& name, const std::string& clause) {
    std::string sentence = "\"" + one_line(name) + "\" " + one_line(clause);
    if (!sentence.ends_with('.')) sentence += '.';
    return {code, sentence};
}

// What the process has said so far. It is not trusted: whatever is not as knowledge/extract/output.h says is
// an Error.
class Reading {
  public:
    Reading(std::string name, std::uint64_t most_bytes) : name_(std::move(name)), most_bytes_(most_bytes) {}

    void take(std::string_view bytes) {
        line_ += bytes;
        std::size_t begin = 0;
        for (std::size_t end; (end = line_.find('\n', begin)) != std::string::npos; begin = end + 1)
            take_line(std::string_view(line_).substr(begin, end - begin));
        line_.erase(0, begin);
        if (line_.size() > most_line_bytes) broken();
    }

    // What the process could have done beside reading; empty: nothing.
    const std::string& unprotected() const { return unprotected_; }
    // Once there is no more.
    std::optional<Extraction> result() {
        if (failure_) return *failure_;
        if (done_) return std::move(document_);
        return std::nullopt;
    }

  private:
    [[noreturn]] static void broken() {
        throw Error(ErrorCode::internal, "The reader of documents does not say what it should.");
    }

    void take_line(std::string_view line) {
        const json said = json::parse(line, nullptr, false);
        if (!said.is_object() || done_ || failure_) broken();
        if (said.contains("text"))
            take_text(said);
        else if (said.contains("unprotected"))
            take_unprotected(said["unprotected"]);
        else if (said.contains("failure"))
            take_failure(said["failure"]);
        else if (said.value("done", false))
            done_ = true;
        else
            broken();
    }

    void take_text(const json& said) {
        try {
            const auto& text = said.at("text").get_ref<const std::string&>();
            Section section{document_.text.size(), said.at("headings"), std::nullopt};
            if (said.contains("page")) section.page = said["page"].get<int>();
            if (document_.text.size() + text.size() > most_bytes_) broken();
            document_.text += text;
            const bool goes_on = !document_.sections.empty() &&
                                 document_.sections.back().headings == section.headings &&
                                 document_.sections.back().page == section.page;
            if (!goes_on) document_.sections.push_back(std::move(section));
        } catch (const json::exception&) {
            broken();
        }
    }

    void take_unprotected(const json& sentences) {
        if (!sentences.is_string()) broken();
        unprotected_ = one_line(sentences.get<std::string>());
    }

    void take_failure(const json& said) {
        if (!said.is_object() || !said.value("clause", json()).is_string()) broken();
        const json code = said.value("code", json());
        failure_ = failure(code == "unsupported_file" ? IndexErrorCode::unsupported_file
                           : code == "invalid_file"   ? IndexErrorCode::invalid_file
                                                      : IndexErrorCode::server_error,
                           name_, said["clause"].get<std::string>());
    }

    const std::string name_;
    const std::uint64_t most_bytes_;
    std::string line_;
    Document document_;
    std::string unprotected_;
    std::optional<IndexError> failure_;
    bool done_ = false;
};

IndexError end_without_result(const std::string& name, int status, bool too_long) {
    const int signal = WIFSIGNALED(status) ? WTERMSIG(status) : 0;
    // The limit of processor time kills too.
    if (too_long || signal == SIGXCPU || signal == SIGKILL)
        return failure(IndexErrorCode::invalid_file, name,
                       "takes longer to read than a document may; split it into several files");
    log::warn("a document cannot be read: assistd-extract ended with wait status " + std::to_string(status));
    return failure(IndexErrorCode::server_error, name, "cannot be read: the reader of documents broke on it");
}

// Its own place in the file, whatever others do with the caller's.
UniqueFd open_again(int file) {
    const std::string path = "/proc/self/fd/" + std::to_string(file);
    return UniqueFd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
}

Task<void> read_all(std::shared_ptr<ExtractProcess> process, Reading& reading) {
    std::string block(64u << 10, '\0');
    boost::system::error_code error;
    for (;;) {
        auto token = asio::redirect_error(asio::use_awaitable, error);
        const std::size_t got = co_await process->output().async_read_some(asio::buffer(block), token);
        if (error) co_return;  // its end
        reading.take(std::string_view(block).substr(0, got));
    }
}

}  // namespace

class Extractor::Place {
  public:
    explicit Place(Extractor& extractor) : extractor_(extractor) {}
    ~Place() { extractor_.free_place(); }
    Place(const Place&) = delete;
    Place& operator=(const Place&) = delete;

  private:
    Extractor& extractor_;
};

Extractor::Extractor(asio::io_context& context, ExtractionOptions options)
    : context_(context), options_(std::move(options)) {}

Task<void> Extractor::wait_for_place(std::stop_token stop) {
    const OneShot<> turn;
    {
        const std::lock_guard lock(mutex_);
        if (running_ < options_.at_once)
            ++running_, turn.set();
        else
            waiting_.push_back(turn);
    }
    const std::stop_callback give_up(stop, [turn] {
        turn.fail(std::make_exception_ptr(Error(ErrorCode::cancelled, "The document is not read any more.")));
    });
    co_await turn.wait();
}

// Who has given up is passed over.
void Extractor::free_place() {
    const std::lock_guard lock(mutex_);
    while (!waiting_.empty()) {
        const OneShot<> next = waiting_.front();
        waiting_.pop_front();
        if (next.set()) return;
    }
    --running_;
}

Task<Extraction> Extractor::extract(int file, std::string name, std::stop_token stop) {
    co_await wait_for_place(stop);
    const Place place(*this);
    if (stop.stop_requested()) cancelled();
    const UniqueFd own = open_again(file);
    if (!own) co_return failure(IndexErrorCode::server_error, name, "cannot be opened on the server");
    std::shared_ptr<ExtractProcess> process;
    try {
        process = std::make_shared<ExtractProcess>(context_, options_, own.get(), name);
    } catch (const Error& error) {
        log::error(error.what());
        co_return failure(IndexErrorCode::server_error, name, "cannot be read now; try it again later");
    }
    const auto too_long = std::make_shared<std::atomic<bool>>(false);
    asio::steady_timer timer(context_, options_.time_limit);
    timer.async_wait([process, too_long](const boost::system::error_code& error) {
        if (error) return;
        *too_long = true;
        process->kill();
    });
    const std::stop_callback end(stop, [process] { process->kill(); });
    Reading reading(name, options_.text_bytes + (1u << 20));
    int status = 0;
    try {
        co_await read_all(process, reading);
        status = co_await process->ended();
    } catch (const Error& error) {
        log::error(error.what());
        co_return failure(IndexErrorCode::server_error, name, "cannot be read");
    }
    timer.cancel();
    if (!reading.unprotected().empty() && !told_unprotected_.exchange(true))
        log::warn("documents are read with less protection than there should be reason={}",
                  log::quoted(reading.unprotected()));
    if (stop.stop_requested()) cancelled();
    if (auto result = reading.result()) co_return std::move(*result);
    co_return end_without_result(name, status, *too_long);
}

}  // namespace assistd::knowledge
