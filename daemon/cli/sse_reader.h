#pragma once
// Reads server-sent events out of bytes that arrive in pieces of any size. One thread.

#include <functional>
#include <string>
#include <string_view>

namespace assistd::cli {

struct Event {
    std::string name;  // "message" when the stream gives none
    std::string id;    // the last id that was given
    std::string data;
};

class SseReader {
  public:
    explicit SseReader(std::function<void(const Event&)> sink) : sink_(std::move(sink)) {}

    // Calls the sink for each event that these bytes complete. An event without its empty line at the end of
    // the stream does not count.
    void feed(std::string_view bytes);
    const std::string& last_id() const { return last_id_; }

  private:
    void line(std::string_view text);
    void dispatch();

    std::function<void(const Event&)> sink_;
    std::string partial_;
    std::string name_;
    std::string data_;
    std::string last_id_;
    bool has_data_ = false;
    bool after_cr_ = false;
    bool first_line_ = true;
};

}  // namespace assistd::cli
