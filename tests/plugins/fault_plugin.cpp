// A plugin with one tool for each way in which a call can go wrong. Written against the C ABI, so that
// nothing of plugin.hpp stands between a fault and the host; "with_wrapper" tools are handlers of plugin.hpp.

#include <pthread.h>
#include <sys/stat.h>
#include <unistd.h>
#include <assistd/plugin.hpp>
#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <string>
#include <thread>

#include <fcntl.h>
#include <chrono>
#include <csignal>
#include <ctime>

namespace {

using assistd::detail::to_c;

struct Foreign {};  // an exception type that nobody else knows

volatile int sink = 0;

int overflow(int depth) {
    volatile char page[4'096];
    page[0] = static_cast<char>(depth);
    sink = sink + page[0];
    return overflow(depth + 1) + page[0];
}

assistd_status finish(assistd_call* call, std::string_view data) {
    return call->emit_result(call, to_c(data), {});
}

bool write_mib(int file, int mib) {
    const std::string piece(1u << 20, 'x');
    for (int i = 0; i < mib; ++i)
        if (::write(file, piece.data(), piece.size()) != static_cast<ssize_t>(piece.size())) return false;
    return true;
}

int in_scratch(const std::string& name) {
    return ::open((std::string(::getenv("TMPDIR")) + "/" + name).c_str(), O_CREAT | O_WRONLY | O_CLOEXEC,
                  0600);
}

std::chrono::nanoseconds thread_time() {
    timespec used{};
    ::clock_gettime(CLOCK_THREAD_CPUTIME_ID, &used);
    return std::chrono::seconds(used.tv_sec) + std::chrono::nanoseconds(used.tv_nsec);
}

// Of the processor's time, however busy the machine is.
void burn(std::chrono::milliseconds time) {
    const std::chrono::nanoseconds until = thread_time() + time;
    while (thread_time() < until)
        for (int i = 0; i < 10'000; ++i) sink = sink + 1;
}

assistd_status hold_memory(assistd_call* call, bool keep) {
    constexpr std::size_t block = 16u << 20;
    static std::vector<char*> kept;
    std::vector<char*> blocks;
    for (;;) {
        auto* bytes = static_cast<char*>(std::malloc(block));
        if (!bytes) break;
        for (std::size_t i = 0; i < block; i += 4'096) bytes[i] = 1;
        blocks.push_back(bytes);
        if (keep && blocks.size() == 6) break;
    }
    if (keep)
        kept.insert(kept.end(), blocks.begin(), blocks.end());
    else
        for (char* bytes : blocks) std::free(bytes);
    return finish(call, keep ? R"({"kept": true})" : R"({"blocks": )" + std::to_string(blocks.size()) + "}");
}

using Fault = assistd_status (*)(assistd_call*);

const std::map<std::string_view, Fault> faults = {
    {"fault_segv",
     [](assistd_call*) {
         ::raise(SIGSEGV);
         return ASSISTD_OK;
     }},
    {"fault_null",
     [](assistd_call*) {
         int* volatile nowhere = nullptr;
         *nowhere = 1;
         return ASSISTD_OK;
     }},
    {"fault_abort", [](assistd_call*) -> assistd_status { std::abort(); }},
    {"fault_exit",
     [](assistd_call*) -> assistd_status {
         std::printf("last words\n");
         ::_exit(3);
     }},
    {"fault_exit_zero", [](assistd_call*) -> assistd_status { std::exit(0); }},
    {"fault_stack", [](assistd_call*) { return overflow(0) ? ASSISTD_OK : ASSISTD_FAILED; }},
    {"fault_throw",
     [](assistd_call*) -> assistd_status { throw std::runtime_error("thrown across the border"); }},
    {"fault_throw_foreign", [](assistd_call*) -> assistd_status { throw Foreign(); }},
    {"fault_loop",
     [](assistd_call*) -> assistd_status {
         for (;;) sink = sink + 1;
     }},
    {"fault_memory", [](assistd_call* call) { return hold_memory(call, false); }},
    {"fault_memory_kept", [](assistd_call* call) { return hold_memory(call, true); }},
    {"fault_output",
     [](assistd_call* call) {
         const std::string line = std::string(200, 'x') + "\n";
         for (int i = 0; i < 500'000; ++i) std::fwrite(line.data(), 1, line.size(), i % 2 ? stdout : stderr);
         return finish(call, R"({"done": true})");
     }},
    {"fault_print",
     [](assistd_call* call) {
         int failed = 0;
         for (int i = 0; i < 20'000; ++i) failed += std::printf("line %d\n", i) < 0 ? 1 : 0;
         return finish(call, R"({"failed": )" + std::to_string(failed) + "}");
     }},
    {"fault_closed_artifact",
     [](assistd_call* call) {
         const int fd =
             call->create_artifact(call, to_c("file"), to_c("a.txt"), to_c("text/plain"), to_c("{}"));
         std::FILE* file = ::fdopen(fd, "w");
         std::fputs("written", file);
         std::fclose(file);
         return finish(call, R"({"done": true})");
     }},
    {"fault_cancelled", [](assistd_call*) { return ASSISTD_CANCELLED; }},
    {"fault_where",
     [](assistd_call* call) {
         std::ofstream("here.txt") << "x";
         return finish(call, R"({"here": ")" + std::filesystem::current_path().string() +
                                 R"(", "written": )" +
                                 (std::filesystem::exists("here.txt") ? "true" : "false") + "}");
     }},
    {"fault_huge_result",
     [](assistd_call* call) {
         finish(call, '"' + std::string(12u << 20, 'x') + '"');
         return ASSISTD_OK;
     }},
    {"fault_garbage", [](assistd_call* call) { return finish(call, "{\"broken\": \xff"); }},
    {"fault_deep",
     [](assistd_call* call) { return finish(call, std::string(100'000, '[') + std::string(100'000, ']')); }},
    {"fault_no_result", [](assistd_call*) { return ASSISTD_OK; }},
    {"fault_no_reason", [](assistd_call*) { return ASSISTD_FAILED; }},
    {"fault_bad_error",
     [](assistd_call* call) {
         call->emit_error(call, to_c("NoSuchType"), to_c("bad\nbytes \xc3("), to_c("no json"), 1);
         return ASSISTD_FAILED;
     }},
    {"fault_bad_kind",
     [](assistd_call* call) {
         call->create_artifact(call, to_c("../up"), to_c("x"), to_c("text/plain"), {});
         return finish(call, "{}");
     }},
    {"fault_many_artifacts",
     [](assistd_call* call) {
         int made = 0;
         while (call->create_artifact(call, to_c("file"), to_c("../x/y"), to_c("text/plain"), {}) >= 0)
             ++made;
         return finish(call, std::to_string(made));
     }},
    {"fault_progress",
     [](assistd_call* call) {
         for (int i = 0; i < 200'000; ++i) call->progress(call, i / 200'000.0, to_c("step"));
         return finish(call, R"({"done": true})");
     }},
    {"fault_ignores_cancel",
     [](assistd_call* call) {
         call->progress(call, 0.5, to_c("deaf"));
         for (;;) sink = sink + 1;
         return ASSISTD_OK;
     }},
    {"fault_descriptors",
     [](assistd_call* call) {
         int opened = 0;
         while (::open("/dev/null", O_RDONLY) >= 0) ++opened;
         return finish(call, std::to_string(opened));
     }},
    {"fault_closes_socket",
     [](assistd_call* call) {
         ::close(3);
         return finish(call, "{}");
     }},
    {"fault_writes_socket",
     [](assistd_call*) {
         const std::string garbage(1u << 16, '\xff');
         sink = static_cast<int>(::write(3, garbage.data(), garbage.size()));
         for (;;) ::pause();
         return ASSISTD_OK;
     }},
    {"fault_fork",
     [](assistd_call*) -> assistd_status {
         // A child that leaves the process group and keeps the socket open.
         if (::fork() == 0) {
             ::setsid();
             ::alarm(20);
             for (;;) ::pause();
         }
         for (;;) sink = sink + 1;
     }},
    {"fault_scratch",
     [](assistd_call* call) {
         const std::string path = std::string(::getenv("TMPDIR")) + "/left";
         const bool was_there = ::access(path.c_str(), F_OK) == 0;
         std::fclose(std::fopen(path.c_str(), "w"));
         return finish(call, was_there ? "true" : "false");
     }},
    {"fault_half_frame",
     [](assistd_call*) -> assistd_status {
         const std::uint32_t header[3] = {4'096, 6, 0};
         sink = static_cast<int>(::write(3, header, sizeof header));
         ::_exit(5);
     }},
    {"fault_half_frame_then_silence",
     [](assistd_call*) -> assistd_status {
         const std::uint32_t header[3] = {4'096, 6, 0};
         sink = static_cast<int>(::write(3, header, sizeof header));
         ::close(3);
         for (;;) ::pause();
     }},
    {"fault_burn",
     [](assistd_call* call) {
         std::thread beside(burn, std::chrono::milliseconds(60));
         burn(std::chrono::milliseconds(60));
         beside.join();
         return finish(call, "{}");
     }},
    {"fault_thread_left",
     [](assistd_call* call) {
         std::thread([] {
             for (;;) ::pause();
         }).detach();
         return finish(call, std::to_string(::getpid()));
     }},
    {"fault_threads_joined",
     [](assistd_call* call) {
         std::vector<std::thread> threads;
         for (int i = 0; i < 8; ++i) threads.emplace_back([] { ::usleep(500); });
         for (std::thread& thread : threads) thread.join();
         return finish(call, std::to_string(::getpid()));
     }},
    {"fault_thread_bomb",
     [](assistd_call*) -> assistd_status {
         pthread_attr_t small;
         ::pthread_attr_init(&small);
         ::pthread_attr_setstacksize(&small, 16'384);
         for (pthread_t thread;;)
             if (::pthread_create(
                     &thread, &small, [](void*) -> void* { return reinterpret_cast<void*>(::pause()); },
                     nullptr) != 0)
                 ::usleep(1'000);
     }},
    {"fault_artifact_bytes",
     [](assistd_call* call) {
         for (int i = 0; i < 2; ++i)
             write_mib(call->create_artifact(call, to_c("file"), to_c("large"), to_c("text/plain"), {}), 10);
         return finish(call, "{}");
     }},
    {"fault_artifact_grows",
     [](assistd_call* call) {
         const int file = call->create_artifact(call, to_c("file"), to_c("large"), to_c("text/plain"), {});
         return write_mib(file, 100) ? finish(call, "{}") : ASSISTD_FAILED;
     }},
    {"fault_artifact_and_stay",
     [](assistd_call* call) -> assistd_status {
         for (int i = 0; i < 2; ++i)
             write_mib(call->create_artifact(call, to_c("file"), to_c("large"), to_c("text/plain"), {}), 10);
         for (;;) ::pause();
     }},
    {"fault_scratch_bytes",
     [](assistd_call* call) {
         write_mib(in_scratch("one"), 10);
         ::mkdir((std::string(::getenv("TMPDIR")) + "/deeper").c_str(), 0700);
         write_mib(in_scratch("deeper/two"), 10);
         return finish(call, "{}");
     }},
    {"fault_scratch_and_stay",
     [](assistd_call*) -> assistd_status {
         write_mib(in_scratch("one"), 20);
         for (;;) ::pause();
     }},
    {"fault_scratch_many",
     [](assistd_call* call) {
         for (int i = 0; i < 5'000; ++i) ::close(in_scratch(std::to_string(i)));
         return finish(call, "{}");
     }},
    {"fault_environment",
     [](assistd_call* call) {
         int open = 0;
         for (int fd = 0; fd < 256; ++fd) open += ::fcntl(fd, F_GETFD) >= 0;
         const char* secret = ::getenv("ASSISTD_TEST_SECRET");
         return finish(call, "{\"secret\": " + std::string(secret ? "true" : "false") + ", \"open\": " +
                                 std::to_string(open) + ", \"pid\": " + std::to_string(::getpid()) + "}");
     }},
};

assistd_status call_fault(assistd_plugin*, assistd_string tool, assistd_string arguments,
                          assistd_call* call) {
    const std::string_view name(tool.data, tool.size);
    if (name == "fault_bad_alloc" || name == "fault_throw_in_handler") {
        const assistd::ToolHandler handler = [&](assistd::Call&, const assistd::Json&) -> assistd::Result {
            if (name == "fault_throw_in_handler") throw Foreign();
            std::vector<std::string> blocks;
            for (;;) blocks.emplace_back(8u << 20, 'x');
        };
        return assistd::detail::run(handler, arguments, call, nullptr);
    }
    const auto found = faults.find(name);
    return found == faults.end() ? ASSISTD_UNKNOWN_TOOL : found->second(call);
}

assistd_plugin instance = {
    sizeof(assistd_plugin), nullptr, call_fault, [](assistd_plugin*) {}, nullptr,
};

}  // namespace

extern "C" ASSISTD_EXPORT const assistd_plugin_descriptor* assistd_plugin_entry(void) {
    static const assistd_plugin_descriptor descriptor = {sizeof(assistd_plugin_descriptor), ASSISTD_ABI_MAJOR,
                                                         ASSISTD_ABI_MINOR,
                                                         [](const assistd_host*) { return &instance; }};
    return &descriptor;
}
