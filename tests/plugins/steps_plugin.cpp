// Tools that say when they run, for tests that end the daemon meanwhile.

#include <assistd/plugin.hpp>
#include <chrono>
#include <cstdio>
#include <string>
#include <thread>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;

// Long enough for a test to see the progress and to strike before the end.
constexpr std::chrono::milliseconds short_time{150};
constexpr std::chrono::milliseconds long_time{500};

Result step(Call& call, const Json& arguments, std::chrono::milliseconds duration) {
    using Clock = std::chrono::steady_clock;
    const auto tag = arguments.at("tag").get<std::string>();
    std::printf("ran %s\n", tag.c_str());
    std::fflush(stdout);
    const auto begin = Clock::now();
    for (auto passed = Clock::now() - begin; passed < duration; passed = Clock::now() - begin) {
        call.check_cancelled();
        call.progress(std::chrono::duration<double>(passed) / duration, "inside " + tag);
        std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
    return {{{"tag", tag}}, "Did " + tag + "."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    for (const char* name : {"note", "stamp", "erase", "brew"}) {
        const auto duration = name == std::string_view("brew") ? long_time : short_time;
        tools.add(name,
                  [duration](Call& call, const Json& arguments) { return step(call, arguments, duration); });
    }
}
