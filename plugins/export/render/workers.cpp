#include "render/workers.h"

#include <atomic>
#include <exception>
#include <thread>

namespace assistd::exporting {

void Workers::run(int count, const std::function<void(int)>& work, const std::string& note, double from,
                  double to) {
    std::atomic<int> next = 0;
    std::atomic<bool> failed = false;
    std::exception_ptr failure;  // the other thread's; read once it has ended
    const auto turns = [&](auto after_each) {
        for (int i = next++; i < count && !failed; i = next++) {
            token_.check();
            work(i);
            after_each(i);
        }
    };
    {
        const std::jthread other([&] {
            try {
                turns([](int) {});
            } catch (...) {
                failure = std::current_exception();
                failed = true;
            }
        });
        try {
            turns([&](int i) { call_.progress(from + (to - from) * (i + 1) / count, note); });
        } catch (...) {
            failed = true;
            throw;
        }
    }
    if (failure) std::rethrow_exception(failure);
}

}  // namespace assistd::exporting
