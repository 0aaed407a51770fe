// One tool for each thing that assistd-plugin-check finds when it runs examples.

#include <fcntl.h>
#include <unistd.h>

#include <assistd/plugin.hpp>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <string>
#include <thread>
#include <vector>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;

const Json good = {{"number", 1}};
volatile char sink;

Result fits(Call& call, const Json&) {
    call.write_artifact("table", "a.csv", "text/csv", "a\n1\n");
    return {good, ""};
}

Result misfits(Call&, const Json&) {
    return {{{"number", "one"}}, ""};
}

Result changes(Call&, const Json&) {
    static int calls = 0;
    return {{{"number", ++calls}}, ""};
}

Result fails(Call&, const Json&) {
    throw assistd::Failure("ContextError", "It needs what is not there.");
}

Result crashes(Call&, const Json&) {
    std::abort();
}

Result leaks_memory(Call&, const Json&) {
    constexpr std::size_t bytes = 16'384;
    auto* lost = static_cast<char*>(std::malloc(bytes));
    std::memset(lost, 1, bytes);
    sink = lost[7];
    return {good, ""};
}

Result leaks_threads(Call&, const Json&) {
    std::thread([] { ::pause(); }).detach();
    return {good, ""};
}

Result leaks_descriptors(Call&, const Json&) {
    static_cast<void>(::open("/dev/null", O_RDONLY));
    return {good, ""};
}

Result reads_behind(Call&, const Json&) {
    std::vector<char> bytes(64, 'x');
    const volatile char* at = bytes.data();
    sink = at[bytes.size() + 8];
    return {good, ""};
}

// One that listens is asked to stop after a third of its time; one that is deaf is killed half a second
// later.
Result lasts(Call& call, const Json&, bool listens) {
    const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(listens ? 900 : 3'000);
    while (std::chrono::steady_clock::now() < until) {
        if (listens) call.check_cancelled();
        std::this_thread::sleep_for(std::chrono::milliseconds(2));
    }
    return {good, ""};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("fits", fits);
    tools.add("misfits", misfits);
    tools.add("changes", changes);
    tools.add("may_change", changes);
    tools.add("fails", fails);
    tools.add("crashes", crashes);
    tools.add("leaks_memory", leaks_memory);
    tools.add("leaks_descriptors", leaks_descriptors);
    tools.add("leaks_threads", leaks_threads);
    tools.add("reads_behind", reads_behind);
    tools.add("listens", [](Call& call, const Json& arguments) { return lasts(call, arguments, true); });
    tools.add("is_deaf", [](Call& call, const Json& arguments) { return lasts(call, arguments, false); });
}
