#pragma once
// Turns files into text, each in an assistd-extract process of its own, which sees nothing but the file and
// can harm nobody (knowledge/extract). One for the daemon; any thread.

#include <atomic>
#include <chrono>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <mutex>
#include <stop_token>
#include <string>
#include <variant>

#include "base/async.h"
#include "core/knowledge.h"
#include "knowledge/document.h"

namespace boost::asio {
class io_context;
}

namespace assistd::knowledge {

struct ExtractionOptions {
    std::filesystem::path binary;  // assistd-extract
    std::size_t at_once = 2;       // how many processes; further files wait
    // Of one file.
    std::chrono::seconds time_limit{300};
    std::chrono::seconds cpu_limit{120};
    std::uint64_t memory_bytes = 512u << 20;
    std::uint64_t text_bytes = 64u << 20;  // at most so much text
};

// The text, or why there is none.
using Extraction = std::variant<Document, core::IndexError>;

class Extractor {
  public:
    // The threads of the io_context live as long as the daemon: the processes end with them.
    Extractor(asio::io_context& context, ExtractionOptions options);

    // `file` is open for reading, is read from its beginning, and stays the caller's. The name is for finding
    // out what it is, where the content does not tell, and for sentences about it. Throws Error{cancelled}
    // soon after `stop`; the process is gone then.
    Task<Extraction> extract(int file, std::string name, std::stop_token stop);

  private:
    class Place;

    Task<void> wait_for_place(std::stop_token stop);
    void free_place();

    asio::io_context& context_;
    const ExtractionOptions options_;
    std::mutex mutex_;
    std::size_t running_ = 0;
    std::deque<OneShot<>> waiting_;
    std::atomic<bool> told_unprotected_ = false;  // once is enough
};

}  // namespace assistd::knowledge
