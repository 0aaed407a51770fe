// A whole plugin: one tool, described in plugin.json.

#include <assistd/plugin.hpp>
#include <string>

namespace {

// The arguments fit the schema in plugin.json: the daemon has checked them and filled in the defaults.
assistd::Result greet(assistd::Call& call, const assistd::Json& arguments) {
    const auto name = arguments.at("name").get<std::string>();
    const int times = arguments.value("times", 1);
    std::string greeting;
    for (int i = 0; i < times; ++i) {
        call.check_cancelled();  // the person may have stopped the turn
        call.progress(static_cast<double>(i) / times, "greeting");
        greeting += (i ? " Hello, " : "Hello, ") + name + ".";
    }
    return {{{"greeting", greeting}}, "Greeted " + name + "."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("greet", greet);
}
