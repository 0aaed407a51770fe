// Tests the library that was built, without a daemon; any test framework would do as well.

#include <assistd/testing.hpp>
#include <iostream>
#include <string>

namespace {

int failed = 0;

void expect(bool good, const std::string& what) {
    if (good) return;
    std::cerr << "Failed: " << what << "\n";
    ++failed;
}

}  // namespace

int main(int, char** arguments) {
    assistd::testing::PluginRunner plugin(arguments[1]);

    const auto outcome = plugin.run("greet", {{"name", "Ada"}, {"times", 2}});
    expect(outcome.ok(), "it greets: " + outcome.message);
    expect(outcome.data.value("greeting", "") == "Hello, Ada. Hello, Ada.", "twice");
    expect(outcome.artifacts.at(0).bytes == "Hello, Ada. Hello, Ada.\n", "and in a file");

    const auto refused = plugin.run("greet", {{"name", "Ada"}, {"times", 11}});
    expect(refused.message == "times must be at most 10; it is 11.", "not more than ten times");

    plugin.cancel_at_look(1);
    expect(plugin.run("greet", {{"name", "Ada"}}).status == ASSISTD_CANCELLED, "it can be cancelled");
    return failed == 0 ? 0 : 1;
}
