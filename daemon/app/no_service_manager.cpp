// Built in the place of service_manager.cpp where libsystemd is not there: nobody is told anything.

#include "app/service_manager.h"

namespace assistd::app {

ServiceManager::ServiceManager() = default;
void ServiceManager::status(const std::string&) const {}
void ServiceManager::starting(const std::string&, std::chrono::seconds) const {}
void ServiceManager::ready(const std::string&) const {}
void ServiceManager::reloading() const {}
void ServiceManager::refused(const std::string&) const {}
void ServiceManager::stopping(const std::string&, std::chrono::seconds) const {}
std::optional<std::chrono::microseconds> ServiceManager::watchdog() const {
    return std::nullopt;
}
void ServiceManager::still_alive(const std::string&) const {}
bool ServiceManager::logs_to_journal() {
    return false;
}

}  // namespace assistd::app
