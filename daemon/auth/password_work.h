#pragma once
// Works on passwords on a thread of its own, so that a login keeps nobody else waiting. Owned by the account
// book; any thread.

#include <atomic>
#include <boost/asio/thread_pool.hpp>
#include <string>

#include "base/async.h"

namespace assistd::auth {

class PasswordWork {
  public:
    PasswordWork() = default;
    ~PasswordWork();  // waits for what has begun
    PasswordWork(const PasswordWork&) = delete;
    PasswordWork& operator=(const PasswordWork&) = delete;

    // Both throw Error{unavailable} when too many wait already.
    Task<std::string> hash(std::string password);
    Task<bool> matches(std::string password, std::string hash);

  private:
    template <class Work>
    auto submit(Work work) -> OneShot<decltype(work())>;

    std::atomic<int> waiting_{0};
    boost::asio::thread_pool thread_{1};
};

}  // namespace assistd::auth
