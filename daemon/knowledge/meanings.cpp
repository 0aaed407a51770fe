#include "knowledge/meanings.h"

#include <fmt/format.h>

#include <cmath>

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "base/pause.h"

namespace assistd::knowledge {
namespace {

constexpr std::size_t loaded_together = 1'000;
constexpr std::size_t embedded_together = 64;
constexpr std::size_t built_together = 64;
constexpr std::chrono::seconds pause_after_failure{30};

// A vector of nothing but zeros has no direction and stays as it is: it is near to nothing.
void scale_to_one(Vector& vector) {
    double sum = 0;
    for (const float value : vector) sum += static_cast<double>(value) * value;
    if (sum <= 0) return;
    const auto factor = static_cast<float>(1 / std::sqrt(sum));
    for (float& value : vector) value *= factor;
}

std::string text_to_embed(const std::string& heading, const std::string& text) {
    return heading.empty() ? text : heading + "\n\n" + text;
}

}  // namespace

Meanings::Meanings(asio::io_context& context, Tables& tables, core::Embedder& embedder)
    : strand_(asio::make_strand(context)), tables_(tables), embedder_(embedder) {}

void Meanings::start() {
    {
        const std::lock_guard lock(mutex_);
        started_ = true;
    }
    asio::co_spawn(strand_, work(), asio::detached);
}

void Meanings::catch_up() {
    OneShot<> signal;
    {
        const std::lock_guard lock(mutex_);
        signal = signal_;
    }
    signal.set();
}

Task<void> Meanings::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (!started_) co_return;
    }
    stop_.request_stop();
    catch_up();
    co_await ended_.wait();
}

Task<void> Meanings::work() {
    bool loaded = false;
    while (!stop_.stop_requested()) {
        OneShot<> signal;
        {
            const std::lock_guard lock(mutex_);
            signal_ = signal;
        }
        bool more = false;
        bool failed = false;
        try {
            if (!loaded) {
                co_await forget_other_models();
                co_await load();
                loaded = true;
            }
            more = co_await embed_one();
            if (co_await build_some()) more = true;
        } catch (const std::exception& error) {
            failed = true;
            if (!stop_.stop_requested())
                log::warn("documents are not embedded yet, it is tried again seconds={} reason={}",
                          pause_after_failure.count(), log::quoted(error.what()));
        }
        if (failed && !stop_.stop_requested())
            co_await pause(pause_after_failure, stop_.get_token());
        else if (!more && !stop_.stop_requested())
            co_await signal.wait();
    }
    ended_.set();
}

Task<void> Meanings::forget_other_models() {
    auto work = [model = embedder_.model()](WriteScope& scope) {
        {
            Rows rows =
                scope.db.query("SELECT 1 FROM settings WHERE name = 'embeddings' AND value = ?1", model);
            if (rows.next()) return;
        }
        scope.db.run("DELETE FROM vectors");
        scope.db.run("UPDATE files SET embedded = 0 WHERE embedded = 1");
        scope.db.run("INSERT OR REPLACE INTO settings (name, value) VALUES ('embeddings', ?1)", model);
    };
    co_await tables_.write(work);
}

Task<void> Meanings::load() {
    struct Loaded {
        Key chunk;
        Key store;
        Vector vector;
    };
    Key after = 0;
    while (true) {
        auto page = [after](Reader reader) {
            std::vector<Loaded> loaded;
            Rows rows = reader.db.query(
                "SELECT v.key, f.store, v.vector FROM vectors v JOIN files f ON f.key = v.key >> ?2 "
                "WHERE v.key > ?1 AND f.state = 'completed' ORDER BY v.key LIMIT ?3",
                after, chunk_bits, loaded_together);
            while (rows.next()) loaded.push_back({rows.integer(0), rows.integer(1), vector_of(rows.blob(2))});
            return loaded;
        };
        std::vector<Loaded> loaded = co_await tables_.read(page);
        for (Loaded& one : loaded) {
            after = one.chunk;
            std::vector<Vector> vectors;
            vectors.push_back(std::move(one.vector));
            add(one.store, one.chunk, std::move(vectors));
        }
        if (loaded.size() < loaded_together || stop_.stop_requested()) co_return;
    }
}

// A file that is indexed, but for its vectors. True when there may be another.
Task<bool> Meanings::embed_one() {
    struct Waiting {
        Key file = 0;
        Key store = 0;
        std::int64_t chunks = 0;
    };
    auto find = [](Reader reader) {
        Rows rows = reader.db.query(
            "SELECT key, store, chunks FROM files WHERE state = 'completed' AND embedded = 0 ORDER BY key "
            "LIMIT 1");
        std::optional<Waiting> waiting;
        if (rows.next()) waiting = Waiting{rows.integer(0), rows.integer(1), rows.integer(2)};
        return waiting;
    };
    const std::optional<Waiting> waiting = co_await tables_.read(find);
    if (!waiting) co_return false;
    for (Key first = first_chunk_of(waiting->file);;) {
        auto texts_from = [first, file = waiting->file](Reader reader) {
            std::vector<std::string> texts;
            Rows rows = reader.db.query(
                "SELECT heading, text FROM chunks WHERE key >= ?1 AND key < ?2 ORDER BY key LIMIT ?3", first,
                first_chunk_of(file + 1), embedded_together);
            while (rows.next()) texts.push_back(text_to_embed(rows.text(0), rows.text(1)));
            return texts;
        };
        std::vector<std::string> texts = co_await tables_.read(texts_from);
        if (texts.empty()) break;
        const auto vectors = std::make_shared<std::vector<Vector>>();
        *vectors = co_await vectors_of(std::move(texts), stop_.get_token());
        auto write = [first, vectors, file = waiting->file](WriteScope& scope) {
            if (!scope.db.query("SELECT 1 FROM files WHERE key = ?1", file).next()) return false;
            Key key = first;
            for (const Vector& vector : *vectors)
                scope.db.run("INSERT OR REPLACE INTO vectors (key, vector) VALUES (?1, ?2)", key++,
                             sqlite::Blob{bytes_of(vector)});
            return true;
        };
        if (!co_await tables_.write_fast(write)) co_return true;
        std::vector<Key> replaced;
        for (std::size_t i = 0; i < vectors->size(); ++i) replaced.push_back(first + static_cast<Key>(i));
        remove(replaced);
        first += static_cast<Key>(vectors->size());
        add(waiting->store, replaced.front(), std::move(*vectors));
    }
    auto done = [file = waiting->file](WriteScope& scope) {
        scope.db.run("UPDATE files SET embedded = 1 WHERE key = ?1", file);
    };
    co_await tables_.write_fast(done);
    co_return true;
}

// True when there may be more.
Task<bool> Meanings::build_some() {
    std::vector<std::shared_ptr<VectorIndex>> indexes;
    {
        const std::shared_lock lock(indexes_mutex_);
        for (const auto& [store, index] : indexes_) indexes.push_back(index);
    }
    auto build = [indexes](std::size_t) {
        bool more = false;
        for (const auto& index : indexes)
            if (index->build(built_together)) more = true;
        return more;
    };
    const OneShot<bool> building = sqlite::run_on(builder_, build);
    co_return co_await building.wait();
}

Task<std::vector<Vector>> Meanings::vectors_of(std::vector<std::string> texts, std::stop_token stop) {
    const std::size_t count = texts.size();
    std::vector<Vector> vectors = co_await embedder_.embed(std::move(texts), stop);
    const std::size_t dimensions = vectors.empty() ? 0 : vectors.front().size();
    bool fits = vectors.size() == count && dimensions > 0;
    for (Vector& vector : vectors) {
        fits = fits && vector.size() == dimensions;
        scale_to_one(vector);
    }
    {
        const std::lock_guard lock(mutex_);
        if (fits && dimensions_ == 0) dimensions_ = dimensions;
        fits = fits && dimensions_ == dimensions;
    }
    if (!fits)
        throw Error(
            ErrorCode::provider_failed,
            fmt::format("The model {} gave {} embeddings of {} numbers for {} texts, which does not fit "
                        "those before. Name another model at knowledge.embeddings in the config.",
                        embedder_.model(), vectors.size(), dimensions, count));
    co_return vectors;
}

Task<std::vector<Vector>> Meanings::vectors_or_none(std::span<const Chunk> chunks, std::stop_token stop) {
    std::vector<std::string> texts;
    for (const Chunk& chunk : chunks) texts.push_back(text_to_embed(chunk.heading, chunk.text));
    try {
        co_return co_await vectors_of(std::move(texts), stop);
    } catch (const Error& error) {
        if (!stop.stop_requested())
            log::warn("a file is found by its words only until its text is embedded reason={}",
                      log::quoted(error.what()));
    }
    co_return std::vector<Vector>();
}

std::shared_ptr<VectorIndex> Meanings::index_of(Key store, std::size_t dimensions) {
    auto& index = indexes_[store];
    if (!index) index = std::make_shared<VectorIndex>(dimensions);
    return index;
}

void Meanings::add(Key store, Key first, std::vector<Vector> vectors) {
    if (vectors.empty()) return;
    std::shared_ptr<VectorIndex> index;
    {
        const std::lock_guard lock(mutex_);
        if (dimensions_ == 0) dimensions_ = vectors.front().size();
        if (dimensions_ != vectors.front().size()) return;
    }
    {
        const std::unique_lock lock(indexes_mutex_);
        index = index_of(store, vectors.front().size());
        stores_[file_of_chunk(first)] = store;
    }
    index->add(first, vectors);
    catch_up();
}

void Meanings::remove(std::span<const Key> chunks) {
    for (const Key chunk : chunks) {
        std::shared_ptr<VectorIndex> index;
        {
            const std::shared_lock lock(indexes_mutex_);
            const auto store = stores_.find(file_of_chunk(chunk));
            if (store == stores_.end()) continue;
            const auto found = indexes_.find(store->second);
            if (found != indexes_.end()) index = found->second;
        }
        if (index) index->remove(chunk);
    }
}

std::vector<Scored> Meanings::nearest(const Vector& vector, std::span<const Key> stores, std::size_t limit,
                                      const VectorIndex::Sees& sees, std::size_t seen) const {
    std::vector<Scored> all;
    for (const Key store : stores) {
        std::shared_ptr<VectorIndex> index;
        {
            const std::shared_lock lock(indexes_mutex_);
            const auto found = indexes_.find(store);
            if (found == indexes_.end()) continue;
            index = found->second;
        }
        const std::vector<Scored> some = index->nearest(vector, limit, sees, seen);
        all.insert(all.end(), some.begin(), some.end());
    }
    std::ranges::sort(all, [](const Scored& left, const Scored& right) {
        return left.score != right.score ? left.score > right.score : left.chunk < right.chunk;
    });
    if (all.size() > limit) all.resize(limit);
    return all;
}

std::int64_t Meanings::size() const {
    const std::shared_lock lock(indexes_mutex_);
    std::int64_t size = 0;
    for (const auto& [store, index] : indexes_) size += static_cast<std::int64_t>(index->size());
    return size;
}

bool Meanings::has_to_arrange() const {
    const std::shared_lock lock(indexes_mutex_);
    return std::ranges::any_of(indexes_, [](const auto& entry) { return entry.second->has_to_build(); });
}

}  // namespace assistd::knowledge
