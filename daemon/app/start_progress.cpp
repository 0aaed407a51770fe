#include "app/start_progress.h"

#include <chrono>

namespace assistd::app {
namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

constexpr auto between = 5s;
// One statement may sort, or one commit write, a whole large table without a sign.
constexpr auto longest_silence = std::chrono::seconds(10min);

}  // namespace

sqlite::Progress start_progress(const ServiceManager& service) {
    return [&service, told = std::string(), at = Clock::time_point()](const std::string& doing) mutable {
        const Clock::time_point now = Clock::now();
        if (doing == told && now - at < between) return;
        told = doing;
        at = now;
        service.starting(doing, longest_silence);
    };
}

}  // namespace assistd::app
