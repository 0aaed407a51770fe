#include "store/artifacts.h"

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "store/artifact_rows.h"

namespace assistd::store {
namespace {

using SharedDrafts = std::shared_ptr<std::vector<core::ArtifactDraft>>;

void take_files(const ArtifactFiles& files, std::vector<core::ArtifactDraft>& drafts) {
    std::vector<int> descriptors;
    for (const core::ArtifactDraft& draft : drafts) descriptors.push_back(draft.file.get());
    std::vector<ArtifactFiles::Taken> taken = files.take(descriptors);
    for (std::size_t i = 0; i < drafts.size(); ++i) {
        drafts[i].about.sha256 = std::move(taken[i].sha256);
        drafts[i].about.size = taken[i].size;
    }
}

// Empty when a file was swept after it was taken: the same content lost its last row just then.
std::optional<std::vector<core::Artifact>> add_rows(WriteScope& scope, const ArtifactFiles& files,
                                                    const std::vector<core::ArtifactDraft>& drafts) {
    std::vector<core::Artifact> added;
    for (const core::ArtifactDraft& draft : drafts)
        if (!files.has(draft.about.sha256)) return std::nullopt;
    if (!drafts.empty()) remove_earlier_attempt(scope, drafts.front().about);
    for (const core::ArtifactDraft& draft : drafts) {
        if (auto earlier = stored_before(scope.db, draft.about, draft.idempotency_key)) {
            added.push_back(std::move(*earlier));
            continue;
        }
        added.push_back(draft.about);
        add_artifact(scope, added.back(), draft.idempotency_key);
    }
    return added;
}

void nothing_more(WriteScope& /*scope*/, const std::vector<core::Artifact>& /*added*/) {}

void fill_in(std::vector<core::ArtifactDraft>& drafts) {
    const Timestamp time = now();
    for (core::ArtifactDraft& draft : drafts) {
        if (draft.about.id.is_nil()) draft.about.id = ArtifactId::make();
        draft.about.created_at = time;
        if (draft.about.kind.empty()) draft.about.kind = "file";
    }
}

// Removes files that were taken for rows which then did not come about.
Task<void> give_back(Writer& writer, const ArtifactFiles& files, SharedDrafts drafts) {
    auto loosen = [drafts](WriteScope& scope) {
        std::int64_t ticket = 0;
        for (const core::ArtifactDraft& draft : *drafts)
            if (!draft.about.sha256.empty()) ticket = loosen_file(scope.db, draft.about.sha256);
        return ticket;
    };
    const auto loosened = writer.submit(loosen);
    std::int64_t ticket = 0;
    try {
        ticket = co_await loosened.wait();
    } catch (const Error& error) {
        log::warn("files of artifacts that were not stored stay reason={}", log::quoted(error.what()));
    }
    if (ticket > 0) co_await sweep(writer, files, ticket);
}

}  // namespace

Task<std::vector<core::Artifact>> SqliteArtifacts::add(std::vector<core::ArtifactDraft> drafts) {
    return add_with(std::move(drafts), nothing_more);
}

Task<std::vector<core::Artifact>> SqliteArtifacts::add_with(std::vector<core::ArtifactDraft> drafts,
                                                            Also also) {
    const auto take = [this](SharedDrafts shared) {
        return run_on(file_workers_, [this, shared](std::size_t /*worker*/) { take_files(files_, *shared); });
    };
    return keep(std::move(drafts), take, std::move(also));
}

Task<std::vector<core::Artifact>> SqliteArtifacts::add_in_background(
    std::vector<core::ArtifactDraft> drafts) {
    const auto take = [this](SharedDrafts shared) {
        return run_on(background_worker_, [this, shared](std::size_t /*worker*/) {
            pace_.run([&] { take_files(files_, *shared); });
        });
    };
    return keep(std::move(drafts), take, nothing_more);
}

Task<std::vector<core::Artifact>> SqliteArtifacts::keep(std::vector<core::ArtifactDraft> drafts,
                                                        TakeFiles take, Also also) {
    constexpr int attempts = 5;
    const auto shared = std::make_shared<std::vector<core::ArtifactDraft>>(std::move(drafts));
    fill_in(*shared);
    std::exception_ptr failure;
    try {
        for (int attempt = 0; attempt < attempts; ++attempt) {
            const OneShot<> taken = take(shared);
            co_await taken.wait();
            auto add = [this, shared, also](WriteScope& scope) {
                auto rows = add_rows(scope, files_, *shared);
                if (rows) also(scope, *rows);
                return rows;
            };
            const auto rows = writer_.submit(add);
            auto added = co_await rows.wait();
            if (added) co_return std::move(*added);
        }
        throw Error(ErrorCode::unavailable,
                    "The artifact's content was removed again and again while it was stored.");
    } catch (...) {
        failure = std::current_exception();
    }
    co_await give_back(writer_, files_, shared);
    std::rethrow_exception(failure);
}

Task<core::Artifact> SqliteArtifacts::find(core::Owner owner, std::string handle_or_id) {
    return readers_.read([owner = std::move(owner), handle_or_id = std::move(handle_or_id)](Database& db) {
        return read_artifact(db, owner, handle_or_id);
    });
}

Task<core::Page<core::Artifact>> SqliteArtifacts::list(core::ArtifactQuery query) {
    return readers_.read([query = std::move(query)](Database& db) { return read_artifacts(db, query); });
}

Task<UniqueFd> SqliteArtifacts::open(core::Artifact artifact) {
    auto open_file = [this, sha256 = std::move(artifact.sha256)](std::size_t /*worker*/) {
        return files_.open(sha256);
    };
    return result_of(run_on(file_workers_, std::move(open_file)));
}

Task<void> SqliteArtifacts::remove(core::Owner owner, std::string handle_or_id) {
    auto remove_row = [owner = std::move(owner), handle_or_id = std::move(handle_or_id)](WriteScope& scope) {
        return remove_artifact(scope, owner, handle_or_id);
    };
    const auto removed = writer_.submit(std::move(remove_row));
    const std::int64_t ticket = co_await removed.wait();
    co_await sweep(writer_, files_, ticket);
}

Task<void> sweep(Writer& writer, const ArtifactFiles& files, std::int64_t up_to) {
    auto sweep_them = [&files, up_to](WriteScope& scope) { sweep_loose_files(scope, files, up_to); };
    const auto swept = writer.submit(sweep_them);
    try {
        co_await swept.wait();
    } catch (const Error& error) {
        log::warn("files of removed artifacts stay until the next start reason={}",
                  log::quoted(error.what()));
    }
}

}  // namespace assistd::store
