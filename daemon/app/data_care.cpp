#include "app/data_care.h"

#include "backup/data_care.h"
#include "base/error.h"

namespace assistd::app {
namespace {

// What runs, and what ends it.
struct Running {
    core::Store& store;
    core::TurnService& turns;
    core::Jobs& jobs;
    core::Studies& studies;
};

Task<void> stop_studies(core::Studies& studies, core::Owner user) {
    core::StudyQuery query;
    query.owner = user;
    query.state = core::StudyState::running;
    for (;;) {
        const core::Page<core::Study> page = co_await studies.list(query);
        for (const core::Study& study : page.items) co_await studies.cancel(user, study.id);
        if (page.next.empty()) co_return;
        query.cursor = page.next;
    }
}

// Returns when no turn and no job of the user runs any more, and no study begins further runs.
Task<void> stop_user(Running running, core::Owner user) {
    co_await stop_studies(running.studies, user);
    const std::vector<core::Turn> turns = co_await running.store.unfinished_turns();
    for (const core::Turn& turn : turns)
        if (turn.owner == user) co_await running.turns.cancel_all(user, turn.conversation);
    const std::vector<core::Job> jobs = co_await running.store.unfinished_jobs();
    constexpr std::chrono::minutes patience{1};
    for (const core::Job& job : jobs) {
        if (job.owner != user) continue;
        co_await running.jobs.cancel(user, job.id);
        const std::stop_token never;
        co_await running.jobs.wait(user, job.id, patience, never);
    }
}

store::AuditOfRemoved of_audit(RemovedUsersAudit wanted) {
    switch (wanted) {
        case RemovedUsersAudit::keep:
            return store::AuditOfRemoved::keep;
        case RemovedUsersAudit::remove:
            return store::AuditOfRemoved::remove;
        case RemovedUsersAudit::anonymise:
            break;
    }
    return store::AuditOfRemoved::anonymise;
}

}  // namespace

std::unique_ptr<core::DataCare> make_data_care(const Config& config, store::Storage& storage,
                                               knowledge::KnowledgeBase& knowledge, core::TurnService& turns,
                                               core::Jobs& jobs, core::Studies& studies) {
    backup::DataCareOptions options;
    options.state = config.state;
    options.reserve_bytes = static_cast<std::uint64_t>(config.store_reserve_mib) << 20;
    options.audit = of_audit(config.retention.removed_users_audit);
    const Running running{storage.store(), turns, jobs, studies};
    const auto stop = [running](core::Owner user) { return stop_user(running, std::move(user)); };
    return std::make_unique<backup::DataCare>(options, storage, knowledge, stop);
}

http::ServerOptions with_removals(http::ServerOptions options, const core::DataCare& data) {
    options.admits = [&data](const std::string& user) {
        if (data.removal_of(user))
            throw Error(ErrorCode::conflict,
                        "All that belongs to " + user +
                            " is being removed right now, so that nothing can be begun or "
                            "looked at. Try again when that is done.");
    };
    return options;
}

}  // namespace assistd::app
