// A plugin for the daemon itself: says where it runs, what it is told apart by, and does what only a trusted
// one may do there. Against the C ABI, so that nothing of plugin.hpp stands between an exception and the
// daemon.

#include <fcntl.h>
#include <sys/resource.h>
#include <unistd.h>

#include <assistd/plugin.hpp>
#include <atomic>
#include <map>
#include <string>

namespace {

using assistd::Json;
using assistd::detail::to_c;

int made = 0;  // instances, by this copy of the library

struct Trusted {
    assistd_plugin plugin{};
    const assistd_host* host;
    int number;
    int calls = 0;

    std::string scratch() const { return {host->scratch_folder.data, host->scratch_folder.size}; }
};

struct Anything {};

assistd_status finish(assistd_call* call, const Json& data) {
    const std::string text = data.dump();
    return call->emit_result(call, to_c(text), {});
}

assistd_status where(Trusted& self, const Json&, assistd_call* call) {
    return finish(call, {{"pid", ::getpid()},
                         {"thread", ::gettid()},
                         {"niceness", ::getpriority(PRIO_PROCESS, static_cast<id_t>(::gettid()))},
                         {"instance", self.number},
                         {"call", self.calls}});
}

assistd_status leave_file(Trusted& self, const Json&, assistd_call* call) {
    const std::string path = self.scratch() + "/left";
    const bool was_there = ::access(path.c_str(), F_OK) == 0;
    ::close(::open(path.c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600));
    return finish(call, was_there);
}

assistd_status fill_scratch(Trusted& self, const Json&, assistd_call* call) {
    const std::string piece(1u << 20, 'x');
    const int file = ::open((self.scratch() + "/full").c_str(), O_CREAT | O_WRONLY | O_CLOEXEC, 0600);
    for (int i = 0; i < 20; ++i)
        if (::write(file, piece.data(), piece.size()) < 0) return ASSISTD_FAILED;
    ::close(file);
    return finish(call, true);
}

assistd_status stay(Trusted&, const Json& arguments, assistd_call* call) {
    call->progress(call, 0.5, to_c("staying"));
    while (::access(arguments.at("file").get<std::string>().c_str(), F_OK) == 0) ::usleep(1'000);
    return finish(call, true);
}

assistd_status throw_error(Trusted&, const Json&, assistd_call*) {
    throw std::runtime_error("thrown across the border");
}

assistd_status throw_anything(Trusted&, const Json&, assistd_call*) {
    throw Anything();
}

assistd_status say(Trusted& self, const Json&, assistd_call* call) {
    self.host->log(self.host, ASSISTD_LOG_WARN, to_c("as the plugin says\nin two lines"));
    return finish(call, true);
}

const std::map<std::string_view, assistd_status (*)(Trusted&, const Json&, assistd_call*)> tools = {
    {"where", where}, {"leave_file", leave_file},   {"fill_scratch", fill_scratch},
    {"stay", stay},   {"throw_error", throw_error}, {"throw_anything", throw_anything},
    {"say", say},
};

assistd_status call(assistd_plugin* plugin, assistd_string tool, assistd_string arguments,
                    assistd_call* running) {
    auto& self = *static_cast<Trusted*>(plugin->plugin_data);
    ++self.calls;
    return tools.at({tool.data, tool.size})(
        self, Json::parse(std::string_view(arguments.data, arguments.size)), running);
}

assistd_plugin* create(const assistd_host* host) {
    auto* self = new Trusted{{}, host, ++made};
    self->plugin = {sizeof(assistd_plugin), self, call,
                    [](assistd_plugin* plugin) { delete static_cast<Trusted*>(plugin->plugin_data); },
                    nullptr};
    return &self->plugin;
}

}  // namespace

extern "C" ASSISTD_EXPORT const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {sizeof(assistd_plugin_descriptor), ASSISTD_ABI_MAJOR,
                                                         ASSISTD_ABI_MINOR, create};
    return &descriptor;
}
