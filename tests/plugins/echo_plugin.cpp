// A well-behaved plugin for tests and the benchmark.

#include <assistd/plugin.hpp>
#include <chrono>
#include <string>
#include <thread>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;

Result echo(Call&, const Json& arguments) {
    return {{{"text", arguments.at("text")}}, "Echoed."};
}

Result repeat(Call&, const Json& arguments) {
    const auto text = arguments.at("text").get<std::string>();
    const auto times = arguments.at("times").get<std::size_t>();
    std::string repeated;
    repeated.reserve(times * text.size());
    for (std::size_t i = 0; i < times; ++i) repeated += text;
    return {{{"text", std::move(repeated)}}, "Repeated."};
}

Result wait(Call& call, const Json& arguments) {
    using Clock = std::chrono::steady_clock;
    const std::chrono::duration<double> whole(arguments.at("seconds").get<double>());
    const auto begin = Clock::now();
    for (;;) {
        const std::chrono::duration<double> passed = Clock::now() - begin;
        if (passed >= whole) return {{{"waited", passed.count()}}, "Waited."};
        call.check_cancelled();
        call.progress(passed / whole, "waiting");
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
}

Result copy_artifact(Call& call, const Json& arguments) {
    const assistd::Artifact source = call.artifact(arguments.at("source").get<std::string>());
    const std::string bytes = source.read_all();
    call.write_artifact("copy", "copy of " + std::string(source.name()), std::string(source.media_type()),
                        bytes, {{"bytes", bytes.size()}, {"source", source.metadata()}});
    return {{{"bytes", bytes.size()}}, "Copied " + std::string(source.handle()) + "."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("echo", echo);
    tools.add("repeat", repeat);
    tools.add("wait", wait);
    tools.add("copy_artifact", copy_artifact);
}
