#include "tools/plugins/library_copy.h"

namespace assistd::tools {

int LibraryCopy::fd() {
    if (plugin_->library) return plugin_->library.get();
    const std::lock_guard lock(mutex_);
    if (!copy_) copy_ = private_copy(*plugin_, folder_);
    return copy_.get();
}

UniqueFd LibraryCopy::another() {
    return copy_of(fd(), folder_);
}

bool LibraryCopy::is_there() const {
    const std::lock_guard lock(mutex_);
    return plugin_->library || copy_;
}

bool LibraryCopy::is_same_as(const LibraryCopy& other) const {
    const std::lock_guard lock(other.mutex_);
    const UniqueFd& theirs = other.copy_ ? other.copy_ : other.plugin_->library;
    const UniqueFd& ours = plugin_->library ? plugin_->library : plugin_->file;
    return theirs && same_content(theirs, ours);
}

}  // namespace assistd::tools
