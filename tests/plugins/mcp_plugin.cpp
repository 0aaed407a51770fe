// The tools that the conformance suite of the Model Context Protocol asks for by name, as far as they are
// ones that a plugin can have, and some more for our own tests of it.

#include <assistd/plugin.hpp>
#include <chrono>
#include <string>
#include <string_view>
#include <thread>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;
using namespace std::chrono_literals;
using namespace std::string_view_literals;

constexpr std::string_view pixel =
    "\x89PNG\r\n\x1a\n\0\0\0\rIHDR\0\0\0\1\0\0\0\1\10\2\0\0\0\x90wS\xde"
    "\0\0\0\fIDATx\x9c"
    "c\xf8\xcf\xc0\0\0\3\1\1\0\xc9\xfe\x92\xef\0\0\0\0IEND\xae"
    "B`\x82"sv;
constexpr std::string_view silence =
    "RIFF\x26\0\0\0WAVEfmt \x10\0\0\0\1\0\1\0\x40\x1f\0\0\x80\x3e\0\0\2\0\x10\0data\2\0\0\0\0\0"sv;

Result say(std::string sentence) {
    return {Json(), std::move(sentence)};
}

Result say_so(Call&, const Json&) {
    return say("This is a simple text response for testing.");
}

Result steps(Call& call, const Json& arguments) {
    const int times = arguments.value("times", 2);
    call.progress(0, "started");
    for (int step = 1; step <= times; ++step) {
        std::this_thread::sleep_for(50ms);
        call.progress(static_cast<double>(step) / times, step < times ? "processing data" : "completed");
    }
    return say("Did it in " + std::to_string(times) + " steps.");
}

Result wait(Call& call, const Json& arguments) {
    const auto end =
        std::chrono::steady_clock::now() + std::chrono::duration<double>(arguments.value("seconds", 0.3));
    call.progress(0, "waiting");
    while (std::chrono::steady_clock::now() < end) {
        call.check_cancelled();
        std::this_thread::sleep_for(2ms);
    }
    return say("Waited.");
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    for (const char* name :
         {"test_simple_text", "test_elicitation", "test_streaming_elicitation",
          "test_input_required_result_elicitation", "test_input_required_result_request_state",
          "test_input_required_result_tampered_state", "json_schema_2020_12_tool", "erase_everything",
          "in_project"})
        tools.add(name, say_so);
    for (const char* name : {"test_tool_with_progress", "test_tool_with_logging", "test_logging_tool"})
        tools.add(name, steps);
    for (const char* name : {"silent_wait", "test_reconnection", "long_work"}) tools.add(name, wait);
    tools.add("test_error_handling", [](Call&, const Json&) -> Result {
        throw assistd::Failure("InternalError", "This tool intentionally returns an error for testing.");
    });
    tools.add("test_image_content", [](Call& call, const Json&) {
        call.write_artifact("plot", "pixel.png", "image/png", pixel);
        return say("A picture.");
    });
    tools.add("test_audio_content", [](Call& call, const Json&) {
        call.write_artifact("sound", "silence.wav", "audio/wav", silence);
        return say("A sound.");
    });
    tools.add("large_result", [](Call&, const Json& arguments) -> Result {
        return {{{"text", std::string(arguments.at("bytes").get<std::size_t>(), 'x')}}, "Large."};
    });
}
