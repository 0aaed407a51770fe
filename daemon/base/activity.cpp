#include "base/activity.h"

namespace assistd {

const std::shared_ptr<Activity>*& ActivityScope::current() noexcept {
    static thread_local const std::shared_ptr<Activity>* innermost = nullptr;
    return innermost;
}

Activity* this_activity() noexcept {
    const std::shared_ptr<Activity>* current = ActivityScope::current();
    return current ? current->get() : nullptr;
}

std::shared_ptr<Activity> current_activity() {
    const std::shared_ptr<Activity>* current = ActivityScope::current();
    return current ? *current : nullptr;
}

std::shared_ptr<Activity> copy_of(const std::shared_ptr<Activity>& activity) {
    return activity ? std::make_shared<Activity>(*activity) : nullptr;
}

}  // namespace assistd
