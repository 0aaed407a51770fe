// The same plugin in two versions: says which of them it is, at once or after a while.

#include <assistd/plugin.hpp>
#include <chrono>
#include <thread>

ASSISTD_PLUGIN(tools) {
    tools.add("which_version", [](assistd::Call&, const assistd::Json& arguments) -> assistd::Result {
        std::this_thread::sleep_for(std::chrono::duration<double>(arguments.value("seconds", 0.0)));
        return {VERSION, "Said."};
    });
}
