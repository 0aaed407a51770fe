// How a search comes to its passages.

#include <future>
#include <set>

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "core/time_limit.h"
#include "knowledge/chunk_rows.h"
#include "knowledge/knowledge_base.h"

namespace assistd::knowledge {
namespace {

// Each ranking goes at least so deep, since what one of them has far down another may have near the top.
constexpr std::size_t least_depth = 100;
constexpr std::size_t depth_per_result = 4;
// A store that was searched within this time is not noted to be used once more.
constexpr std::chrono::minutes noted_every{1};
// So long a model for embeddings is waited for; after that words have to do.
constexpr std::chrono::seconds longest_embedding{5};
// More stores than that are told apart by their files only.
constexpr std::size_t most_marks = 16;

// Which stores a search looks in.
struct Places {
    std::optional<Key> owner;
    std::vector<Key> stores;
    bool all = false;         // of the owner's
    std::set<Key> gone = {};  // files that are not to be found any more
};

std::set<Key> keys_of(Database& db, const std::vector<ArtifactId>& files) {
    std::set<Key> keys;
    for (const ArtifactId file : files) {
        Rows rows = db.query("SELECT key FROM files WHERE file = ?1", file);
        while (rows.next()) keys.insert(rows.integer(0));
    }
    return keys;
}

Places places_of(Database& db, const core::SearchRequest& request, Timestamp time) {
    Places places;
    places.owner = find_owner(db, request.owner);
    places.all = request.stores.empty();
    for (const VectorStoreId id : request.stores) {
        const StoreRow store = find_store(db, request.owner, id, time);
        if (!store.expired) places.stores.push_back(store.key);
    }
    if (!places.all || !places.owner) return places;
    Rows rows =
        db.query("SELECT key FROM stores WHERE owner = ?1 AND (expires_at IS NULL OR expires_at > ?2)",
                 *places.owner, time);
    while (rows.next()) places.stores.push_back(rows.integer(0));
    return places;
}

Scope scope_of(const Places& places, const core::SearchRequest& request, const Catalogue::View& view) {
    Scope scope;
    scope.all_chunks = view.chunks();
    for (const Key store : places.stores) scope.chunks += view.chunks_of_store(store);
    const bool nearly_all = 2 * scope.chunks > scope.all_chunks;
    const bool many = places.all || places.stores.size() > most_marks;
    if (!nearly_all && many) scope.marks.push_back("o" + std::to_string(*places.owner));
    if (!nearly_all && !many)
        for (const Key store : places.stores) scope.marks.push_back("s" + std::to_string(store));
    scope.sees = [&view, &places, &request](Key file) {
        const Indexed* indexed = view.file(file);
        if (indexed == nullptr || indexed->owner != *places.owner || places.gone.contains(file)) return false;
        if (std::ranges::find(places.stores, indexed->store) == places.stores.end()) return false;
        return !request.filter || matches(*request.filter, indexed->attributes.get());
    };
    return scope;
}

std::vector<ArtifactId> files_of(const std::vector<core::Passage>& passages) {
    std::vector<ArtifactId> files;
    for (const core::Passage& passage : passages)
        if (std::ranges::find(files, passage.file) == files.end()) files.push_back(passage.file);
    return files;
}

}  // namespace

// What stays the same while a search is made anew.
struct KnowledgeBase::Search {
    core::SearchRequest request;
    std::vector<Vector> vectors = {};
    std::vector<ArtifactId> gone = {};  // files that are not to be found any more
};

Task<std::vector<core::Passage>> KnowledgeBase::search(core::SearchRequest request) {
    const auto search = std::make_shared<Search>();
    search->request = std::move(request);
    search->vectors = co_await vectors_of(search->request);
    auto on_reader = [this, search](Reader reader) { return search_now(reader, *search); };
    std::vector<core::Passage> found = co_await tables_.read(on_reader);
    // The files are in another database, and may have gone from it before the index hears of it.
    for (;;) {
        std::vector<ArtifactId> files = files_of(found);
        if (files.empty()) break;
        const std::vector<ArtifactId> gone = co_await files_.missing(std::move(files));
        if (gone.empty()) break;
        departures_.look();
        search->gone.insert(search->gone.end(), gone.begin(), gone.end());
        found = co_await tables_.read(on_reader);
    }
    co_await note_use(search->request);
    co_return found;
}

// None when there are no embeddings, or their model cannot be asked: words find something too.
Task<std::vector<Vector>> KnowledgeBase::vectors_of(const core::SearchRequest& request) {
    std::vector<Vector> vectors;
    std::stop_source late;
    const Executor here = co_await asio::this_coro::executor;
    const core::TimeLimit limit(here, longest_embedding, [late]() mutable { late.request_stop(); });
    if (!meanings_ || !tables_.catalogue().has_documents(request.owner)) co_return vectors;
    try {
        std::vector<std::string> queries = request.queries;
        vectors = co_await meanings_->vectors_of(std::move(queries), late.get_token());
    } catch (const Error& error) {
        log::warn("a search went by words only reason={}", log::quoted(error.what()));
    }
    co_return vectors;
}

std::vector<core::Passage> KnowledgeBase::search_now(Reader reader, const Search& search) {
    const core::SearchRequest& request = search.request;
    Places places = places_of(reader.db, request, now());
    places.gone = keys_of(reader.db, search.gone);
    if (!places.owner || places.stores.empty()) return {};
    const std::size_t limit = static_cast<std::size_t>(request.limit);
    const std::size_t depth = std::max(least_depth, depth_per_result * limit);
    std::vector<Scored> fused;
    {
        const Catalogue::View view(tables_.catalogue());
        const Scope scope = scope_of(places, request, view);
        const auto sees = [&scope](Key chunk) { return scope.sees(file_of_chunk(chunk)); };
        const auto nearest = [&] {
            std::vector<std::vector<Scored>> rankings;
            for (const Vector& vector : search.vectors)
                rankings.push_back(meanings_->nearest(vector, places.stores, depth, sees,
                                                      static_cast<std::size_t>(scope.chunks)));
            return rankings;
        };
        // Side by side: each takes milliseconds where there is much to search.
        auto by_meaning =
            std::async(search.vectors.empty() ? std::launch::deferred : std::launch::async, nearest);
        std::vector<std::vector<Scored>> rankings;
        for (const std::string& query : request.queries)
            rankings.push_back(words_.search(reader, query, scope, depth));
        for (std::vector<Scored>& ranking : by_meaning.get()) rankings.push_back(std::move(ranking));
        fused = fuse(rankings);
    }
    std::vector<core::Passage> passages;
    for (const Scored& one : fused) {
        if (one.score < request.score_threshold || passages.size() == limit) break;
        // It may have been removed since.
        auto passage = read_passage(reader.db, one.chunk);
        if (!passage) continue;
        // A file may be in several stores.
        const bool is_told = std::ranges::any_of(passages, [&](const core::Passage& told) {
            return told.file == passage->file && told.start < passage->end && passage->start < told.end &&
                   told.store != passage->store;
        });
        if (is_told) continue;
        passage->score = one.score;
        passages.push_back(std::move(*passage));
    }
    return passages;
}

Task<void> KnowledgeBase::note_use(core::SearchRequest request) {
    const Timestamp time = now();
    auto unnoted = [request, time](Reader reader) {
        std::vector<Key> stores;
        for (const Key store : places_of(reader.db, request, time).stores) {
            Rows rows = reader.db.query("SELECT 1 FROM stores WHERE key = ?1 AND last_active_at < ?2", store,
                                        time - noted_every);
            if (rows.next()) stores.push_back(store);
        }
        return stores;
    };
    const std::vector<Key> stores = co_await tables_.read(unnoted);
    if (stores.empty()) co_return;
    auto note = [stores, time](WriteScope& scope) {
        for (const Key store : stores) touch_store(scope, store, time);
    };
    co_await tables_.write_fast(note);
}

}  // namespace assistd::knowledge
