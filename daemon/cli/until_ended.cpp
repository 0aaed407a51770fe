#include "cli/until_ended.h"

#include <poll.h>

#include <chrono>
#include <optional>
#include <ostream>

#include "cli/interrupts.h"
#include "cli/output.h"

namespace assistd::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int look_every_ms = 500;
// For the daemon to come back: as long as its end and its start take.
constexpr std::chrono::seconds patience{60};

class Waiting {
  public:
    Waiting(Context& context, const Awaited& awaited) : context_(context), awaited_(awaited) {}

    Json run() {
        for (;;) {
            const std::optional<Json> seen = look();
            if (seen && awaited_.has_ended(*seen)) return *seen;
            if (seen) tell(awaited_.how_far(*seen));
            pause();
        }
    }

  private:
    // Nothing while the daemon is away.
    std::optional<Json> look() {
        try {
            Json seen = context_.api.get(awaited_.path);
            last_seen_ = Clock::now();
            return seen;
        } catch (const Failure& failure) {
            // It ends or begins, or is between the two.
            const bool is_away = failure.name() == "unreachable" || failure.name() == "unavailable";
            if (!is_away || !last_seen_ || Clock::now() - *last_seen_ > patience) throw;
        }
        tell("assistd does not answer at " + context_.api.http().server() + "; it is waited for");
        return std::nullopt;
    }

    void tell(const std::string& line) {
        if (line != told_ && !context_.json) context_.err << harmless(line) << '\n';
        told_ = line;
    }

    void pause() {
        pollfd interrupt{interrupts_.fd(), POLLIN, 0};
        ::poll(&interrupt, 1, look_every_ms);
        if (interrupts_.take()) throw Failure(ExitCode::failed, awaited_.when_left);
    }

    Context& context_;
    const Awaited& awaited_;
    Interrupts interrupts_;
    std::optional<Clock::time_point> last_seen_;
    std::string told_;
};

}  // namespace

Json until_ended(Context& context, const Awaited& awaited) {
    return Waiting(context, awaited).run();
}

}  // namespace assistd::cli
