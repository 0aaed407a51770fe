#include "plugin_abi/host_table.h"

#include "base/host_protocol.h"
#include "plugin_abi/look_ups.h"

namespace assistd::plugin_abi {

HostTable::HostTable(std::string scratch_folder, Log log)
    : scratch_folder_(std::move(scratch_folder)), log_(std::move(log)) {
    table_.struct_size = sizeof table_;
    table_.abi_major = ASSISTD_ABI_MAJOR;
    table_.abi_minor = ASSISTD_ABI_MINOR;
    table_.host_data = this;
    table_.log = [](const assistd_host* self, assistd_log_level level, assistd_string line) {
        const std::string_view text(line.size ? line.data : "", line.size);
        static_cast<const HostTable*>(self->host_data)->log(level, text.substr(0, max_text_bytes));
    };
    table_.scratch_folder = {scratch_folder_.data(), scratch_folder_.size()};
    table_.get_extension = [](const assistd_host*, const char* id) -> const void* {
        return std::string_view(id) == ASSISTD_CATALOGUE_1 ? &catalogue_functions() : nullptr;
    };
}

void HostTable::log(assistd_log_level level, std::string_view line) const {
    if (level == ASSISTD_LOG_ERROR) {
        const std::lock_guard lock(mutex_);
        last_error_ = line;
    }
    log_(level, line);
}

std::string HostTable::last_error() const {
    const std::lock_guard lock(mutex_);
    return last_error_;
}

}  // namespace assistd::plugin_abi
