#include "tools/plugins/in_process_plugin.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>

#include "base/error.h"
#include "plugin_abi/running_call.h"
#include "tools/plugins/call_result.h"

namespace assistd::tools {
namespace {

using core::ToolErrorType;

// Of what a plugin threw.
std::string what_of(const std::exception& error) {
    return "threw an exception: " + printable(error.what(), max_message_bytes / 2);
}
const char* const what_of_something = "threw something that is no std::exception";

[[noreturn]] void fail(const std::string& what) {
    throw Error(ErrorCode::unavailable, what + ": " + std::strerror(errno) + ".");
}

}  // namespace

// Under a name that no library has had: what the loader knows by its name it does not load again, and a
// descriptor's number comes again. The copy's inode does not while it is loaded, and it is so for ever.
void InProcessWorker::Plugin::load() {
    const UniqueFd copy = copy_->another();
    struct stat about {};
    if (::fstat(copy.get(), &about) != 0) fail("A plugin's library cannot be looked at");
    const std::filesystem::path name = rights_.scratch / ("library." + std::to_string(about.st_dev) + "." +
                                                          std::to_string(about.st_ino) + ".so");
    const std::string target = "/proc/self/fd/" + std::to_string(copy.get());
    if (::symlink(target.c_str(), name.c_str()) != 0) fail("The link " + name.string() + " cannot be made");
    try {
        library_.emplace(name.string());
    } catch (...) {
        ::unlink(name.c_str());
        throw;
    }
    ::unlink(name.c_str());
}

void InProcessWorker::Plugin::enter_room() {
    std::string folder = rights_.scratch / (copy_->plugin()->manifest.id + ".XXXXXX");
    if (!::mkdtemp(folder.data())) fail("The scratch folder " + folder + " cannot be made");
    room_ = std::make_unique<Room>(folder, [log = log_](assistd_log_level level, std::string_view line) {
        log->write(static_cast<int>(level), line);
    });
}

void InProcessWorker::Plugin::leave_room() {
    instance_.reset();
    if (!room_) return;
    rights_.sweeper->remove(room_->scratch.path());
    room_.reset();
}

// Throws LoadFailure, Error, and what the plugin throws.
void InProcessWorker::Plugin::make_ready(const core::Owner& owner) {
    if (instance_ && owner == owner_) return;
    instance_.reset();
    if (!room_) enter_room();
    if (!library_) load();
    instance_ = std::make_unique<plugin_abi::Instance>(*library_, room_->host);
    owner_ = owner;
}

InProcessEnd InProcessWorker::Plugin::crashed(const core::ToolSpec& tool, const std::string& what) {
    // Whatever state it is in, the next call is not to meet it.
    leave_room();
    InProcessEnd end;
    end.crashed = true;
    end.result =
        failed_result(ToolErrorType::PluginCrashedError,
                      "The plugin " + tool.plugin + " crashed in " + tool.name + ": it " + what + ".", true);
    return end;
}

// Empty when all is well: else the end of a sentence.
std::string InProcessWorker::Plugin::why_not_ready(const core::Owner& owner) {
    try {
        make_ready(owner);
        return {};
    } catch (const plugin_abi::LoadFailure& refused) {
        return refused.reason;
    } catch (const std::exception& error) {
        return std::string("it could not be started (") + error.what() + ")";
    } catch (...) {
        return std::string("its create function ") + what_of_something;
    }
}

InProcessEnd InProcessWorker::Plugin::run(InProcessCall& call) {
    const core::ToolSpec& tool = *call.spec;
    InProcessEnd end;
    const std::string failure = why_not_ready(call.owner());
    if (!failure.empty()) {
        end.load_failure =
            "The plugin " + tool.plugin + " cannot be used: " + printable(failure, max_message_bytes) + ".";
        end.result = failed_result(ToolErrorType::InternalError, end.load_failure, false);
        return end;
    }
    try {
        return run_ready(call);
    } catch (const std::exception& error) {
        // Of the daemon's own: there is no memory, or the scratch folder cannot be read.
        leave_room();
        end.result = failed_result(ToolErrorType::InternalError,
                                   "The call of " + tool.name + " could not be ended: " +
                                       printable(error.what(), max_message_bytes / 2) + ".",
                                   true);
        return end;
    }
}

InProcessEnd InProcessWorker::Plugin::run_ready(InProcessCall& call) {
    const core::ToolSpec& tool = *call.spec;
    std::vector<UniqueFd> files;
    HostCall message = message_of(call.call(), 1);
    for (OpenArtifact& input : call.call().artifacts) files.push_back(std::move(input.file));
    plugin_abi::RunningCall running(std::move(message), std::move(files), call, room_->scratch);
    const HostCall& asked = running.call();
    assistd_status status = ASSISTD_FAILED;
    try {
        status = instance_->call({asked.tool.data(), asked.tool.size()},
                                 {asked.arguments.data(), asked.arguments.size()}, running.table());
    } catch (const std::exception& error) {
        return crashed(tool, what_of(error));
    } catch (...) {
        return crashed(tool, what_of_something);
    }
    InProcessEnd end;
    running.check_quotas(rights_.quotas);
    HostResult result = running.result(status);
    end.result = result_of(std::move(result), running.take_output_files(), tool, rights_.quotas);
    // What cannot be removed must not reach the next call.
    if (!room_->scratch.empty()) leave_room();
    return end;
}

}  // namespace assistd::tools
