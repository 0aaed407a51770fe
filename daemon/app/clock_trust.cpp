#include "app/clock_trust.h"

#include <fcntl.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <fstream>
#include <nlohmann/json.hpp>

#include "base/unique_fd.h"

namespace assistd::app {
namespace {

using namespace std::chrono_literals;
using nlohmann::json;

constexpr auto tolerated = 24h;   // a night, and a clock that was set by hand
constexpr auto convincing = 24h;  // time enough for people and time servers to set it

bool fits(Timestamp wall, Timestamp expected) {
    return wall >= expected - tolerated && wall <= expected + tolerated;
}

std::optional<Timestamp> time_in(const json& memory, const char* name) {
    const auto found = memory.find(name);
    if (found == memory.end()) return std::nullopt;
    const auto time = parse_iso8601(found->get<std::string>());
    if (!time) throw json::other_error::create(501, std::string(name) + " is no time", &memory);
    return time;
}

}  // namespace

ClockTrust::ClockTrust(ClockMemory memory, Steady steady) : memory_(memory), last_look_(steady) {}

ClockTrust::Finding ClockTrust::look(Timestamp wall, Steady steady) {
    const auto ran = steady - last_look_;
    const auto micros = std::chrono::duration_cast<std::chrono::microseconds>(ran);
    last_look_ = steady;
    const bool was_in_doubt = memory_.doubted.has_value();
    const bool was_known = memory_.believed.has_value();
    if (was_known) *memory_.believed += micros;
    if (!was_known || fits(wall, *memory_.believed)) {
        memory_ = {wall, std::nullopt, 0s};
        return was_in_doubt ? Finding::doubt_ends : Finding::believed;
    }
    if (!was_in_doubt || !fits(wall, *memory_.doubted + micros)) {
        memory_.doubted = wall;
        memory_.doubted_for = 0s;
        not_counted_ = {};
        return Finding::doubt_begins;
    }
    memory_.doubted = wall;
    not_counted_ += ran;
    const auto whole = std::chrono::duration_cast<std::chrono::seconds>(not_counted_);
    memory_.doubted_for += whole;
    not_counted_ -= whole;
    if (memory_.doubted_for < convincing) return Finding::doubted;
    memory_ = {wall, std::nullopt, 0s};
    return Finding::doubt_ends;
}

std::optional<ClockMemory> read_clock_memory(const std::filesystem::path& file) {
    std::error_code failure;
    if (std::filesystem::status(file, failure).type() == std::filesystem::file_type::not_found)
        return std::nullopt;
    std::ifstream stream(file);
    try {
        const json text = json::parse(stream);
        ClockMemory memory{time_in(text, "believed"), time_in(text, "doubted"),
                           std::chrono::seconds(text.value("doubted_for_s", std::int64_t{0}))};
        if (memory.believed) return memory;
    } catch (const json::exception&) {
        // As below: it doubts, and says so.
    }
    ClockMemory doubtful;
    doubtful.believed = Timestamp{};
    return doubtful;
}

std::string write_clock_memory(const std::filesystem::path& file, const ClockMemory& memory) {
    json text = json::object();
    if (memory.believed) text["believed"] = to_iso8601(*memory.believed);
    if (memory.doubted) {
        text["doubted"] = to_iso8601(*memory.doubted);
        text["doubted_for_s"] = memory.doubted_for.count();
    }
    const std::string line = text.dump() + "\n";
    const std::string half = file.string() + ".new";
    const UniqueFd fd(::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600));
    if (!fd) return std::strerror(errno);
    errno = ENOSPC;  // why a write is cut short
    // Not waited for until it is on the disk: after a power cut a file that is empty doubts the clock.
    if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size()) ||
        ::rename(half.c_str(), file.c_str()) != 0)
        return std::strerror(errno);
    return {};
}

}  // namespace assistd::app
