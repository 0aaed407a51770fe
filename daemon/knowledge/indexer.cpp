#include "knowledge/indexer.h"

#include <fmt/format.h>

#include "base/error.h"
#include "base/log_quoted.h"
#include "base/logging.h"
#include "knowledge/chunk_rows.h"
#include "knowledge/word_index.h"

namespace assistd::knowledge {
namespace {

// Chunks in one transaction: a search or a change by a person waits no longer than that.
constexpr int chunks_together = 128;
constexpr int cleared_together = 128;

[[noreturn]] void throw_gone() {
    throw Error(ErrorCode::cancelled, "The file is not to be indexed any more.");
}

core::IndexError server_error(const std::string& reason) {
    return {core::IndexErrorCode::server_error, "The file could not be indexed: " + reason};
}

}  // namespace

Indexer::Indexer(asio::io_context& context, Parts parts, std::size_t at_once)
    : strand_(asio::make_strand(context)),
      parts_(std::move(parts)),
      at_once_(at_once),
      cutters_(at_once, 2 * at_once) {}

void Indexer::start() {
    {
        const std::lock_guard lock(mutex_);
        started_ = true;
    }
    asio::co_spawn(strand_, dispatch(), asio::detached);
}

void Indexer::wake() {
    OneShot<> signal;
    {
        const std::lock_guard lock(mutex_);
        signal = signal_;
    }
    signal.set();
}

void Indexer::cancel(std::span<const Key> files) {
    for (const Key file : files) {
        std::shared_ptr<Running> running;
        {
            const std::lock_guard lock(mutex_);
            const auto found = running_.find(file);
            if (found != running_.end()) running = found->second;
        }
        if (running) running->stop.request_stop();
    }
    wake();
}

Task<void> Indexer::stop() {
    {
        const std::lock_guard lock(mutex_);
        if (!started_) co_return;
        stopping_ = true;
        for (const auto& [key, running] : running_) running->stop.request_stop();
    }
    wake();
    co_await ended_.wait();
}

std::vector<Key> Indexer::running_keys() {
    const std::lock_guard lock(mutex_);
    std::vector<Key> keys;
    for (const auto& [key, running] : running_) keys.push_back(key);
    return keys;
}

// Ends when it is to stop and the last file that it had begun has come to its end.
Task<void> Indexer::dispatch() {
    auto begin_anew = [](WriteScope& scope) { begin_interrupted_files_anew(scope); };
    try {
        co_await parts_.tables.write(begin_anew);
    } catch (const Error& error) {
        log::error("interrupted files are not indexed yet reason={}", log::quoted(error.what()));
    }
    while (true) {
        OneShot<> signal;
        bool stop = false;
        {
            const std::lock_guard lock(mutex_);
            signal_ = signal;
            stop = stopping_;
            if (stop && running_.empty()) break;
        }
        bool more = false;
        if (!stop) {
            try {
                more = co_await begin_waiting();
                if (co_await clear()) more = true;
                if (co_await close_gap()) more = true;
                if (!more && running_keys().empty()) more = co_await merge_words();
            } catch (const std::exception& error) {
                log::error("indexing pauses until there is something new reason={}",
                           log::quoted(error.what()));
            }
        }
        if (!more) co_await signal.wait();
    }
    ended_.set();
}

// True when there may be more that could be begun.
Task<bool> Indexer::begin_waiting() {
    const std::vector<Key> taken = running_keys();
    if (taken.size() >= at_once_) co_return false;
    const bool newest = turn_ == Turn::newest;
    auto find = [taken, newest](Reader reader) {
        return newest ? newest_file_to_index(reader.db, taken) : oldest_file_to_index(reader.db, taken);
    };
    std::optional<IndexJob> job = co_await parts_.tables.read(find);
    if (!job) co_return false;
    // By turns, so that one file need not wait for thousands that came before it.
    turn_ = newest ? Turn::oldest : Turn::newest;
    spawn(std::move(*job));
    co_return true;
}

Task<bool> Indexer::clear() {
    auto work = [](WriteScope& scope) { return clear_leavings(scope, cleared_together); };
    const std::vector<Key> cleared = co_await parts_.tables.write_fast(work);
    if (parts_.meanings != nullptr) parts_.meanings->remove(cleared);
    co_return !cleared.empty();
}

// The words of what an earlier version indexed.
Task<bool> Indexer::close_gap() {
    if (gap_closed_) co_return false;
    auto work = [](WriteScope& scope) { return close_some_of_gap(scope, chunks_together); };
    gap_closed_ = !co_await parts_.tables.write_fast(work);
    co_return !gap_closed_;
}

Task<bool> Indexer::merge_words() {
    auto work = [](WriteScope& scope) { return merge_some(scope); };
    return parts_.tables.write_fast(work);
}

void Indexer::spawn(IndexJob job) {
    auto running = std::make_shared<Running>();
    running->job = std::move(job);
    {
        const std::lock_guard lock(mutex_);
        running_[running->job.key] = running;
        if (stopping_) running->stop.request_stop();
    }
    asio::co_spawn(strand_, index(running), asio::detached);
}

Task<void> Indexer::index(std::shared_ptr<Running> running) {
    const Key key = running->job.key;
    std::optional<core::IndexError> failure;
    try {
        co_await index_text(running);
    } catch (const Error& error) {
        if (error.code() == ErrorCode::not_found)
            failure = {core::IndexErrorCode::invalid_file, "The file does not exist any more."};
        else if (error.code() != ErrorCode::cancelled)
            failure = server_error(error.what());
    } catch (const std::exception& error) {
        failure = server_error(error.what());
    }
    if (failure) {
        log::warn("a file was not indexed file={} code={} reason={}", running->job.file.text(),
                  name_of(failure->code), log::quoted(failure->message));
        co_await fail(key, std::move(*failure));
    }
    {
        const std::lock_guard lock(mutex_);
        running_.erase(key);
    }
    wake();
}

Task<void> Indexer::fail(Key file, core::IndexError error) {
    auto work = [file, error](WriteScope& scope) { fail_file(scope, file, error); };
    try {
        co_await parts_.tables.write(work);
    } catch (const Error& reason) {
        // It is in progress as the database has it, and is indexed after the next start.
        log::error("the end of indexing was not stored file={} reason={}", file, log::quoted(reason.what()));
    }
}

Task<void> Indexer::index_text(std::shared_ptr<Running> running) {
    const IndexJob& job = running->job;
    const std::stop_token stop = running->stop.get_token();
    const std::string id = job.file.text();
    // Whoever cancelled it between its being found and its standing in running_ could not reach it.
    const Key key = job.key;
    auto look = [key](Reader reader) { return is_to_be_indexed(reader.db, key); };
    if (!co_await parts_.tables.read(look)) throw_gone();
    const core::Artifact artifact = co_await parts_.artifacts.find(job.owner, id);
    const UniqueFd file = co_await parts_.artifacts.open(artifact);
    Extraction extraction = co_await parts_.extract(file.get(), job.name, stop);
    if (const auto* failure = std::get_if<core::IndexError>(&extraction)) {
        co_await fail(job.key, *failure);
        co_return;
    }
    const auto document = std::make_shared<Document>(std::move(std::get<Document>(extraction)));
    const auto bytes = static_cast<std::int64_t>(document->text.size());
    auto cut = [document, chunking = job.chunking](std::size_t) { return chunks_of(*document, chunking); };
    const OneShot<std::vector<Chunk>> cutting = sqlite::run_on(cutters_, cut);
    std::vector<Chunk> chunks = co_await cutting.wait();
    document->text.clear();
    document->text.shrink_to_fit();
    if (chunks.empty() || chunks.size() >= static_cast<std::size_t>(most_chunks)) {
        const bool empty = chunks.empty();
        core::IndexError failure{core::IndexErrorCode::invalid_file,
                                 empty ? "There is no text in the file."
                                       : "The file has too much text for chunks of this size; cut it into "
                                         "larger chunks, or split the file."};
        co_await fail(job.key, std::move(failure));
        co_return;
    }
    bool embedded = parts_.meanings != nullptr;
    const auto count = static_cast<std::int64_t>(co_await write(running, std::move(chunks), embedded));
    auto complete = [job, count, bytes, embedded](WriteScope& scope) {
        if (!is_to_be_indexed(scope.db, job.key)) throw_gone();
        complete_file(scope, job, count, bytes, embedded);
    };
    co_await parts_.tables.write(complete);
    if (!embedded && parts_.meanings != nullptr) parts_.meanings->catch_up();
}

// In slices. Returns how many there were. `embedded` becomes false when the model for embeddings failed: then
// they are found by their words, and by their meaning once it answers again.
Task<std::size_t> Indexer::write(std::shared_ptr<Running> running, std::vector<Chunk> chunks,
                                 bool& embedded) {
    const auto all = std::make_shared<const std::vector<Chunk>>(std::move(chunks));
    constexpr auto slice_size = static_cast<std::size_t>(chunks_together);
    for (std::size_t first = 0; first < all->size(); first += slice_size) {
        const std::size_t count = std::min(slice_size, all->size() - first);
        const std::span<const Chunk> slice(all->data() + first, count);
        auto vectors = std::make_shared<std::vector<Vector>>();
        if (embedded) {
            *vectors = co_await parts_.meanings->vectors_or_none(slice, running->stop.get_token());
            embedded = !vectors->empty();
        }
        if (running->stop.stop_requested()) throw_gone();
        auto prepare = [all, slice](std::size_t) { return words_of_chunks(slice); };
        const OneShot<std::vector<std::string>> preparing = sqlite::run_on(cutters_, prepare);
        const auto words = std::make_shared<const std::vector<std::string>>(co_await preparing.wait());
        auto work = [running, all, slice, first, words, vectors](WriteScope& scope) {
            if (!is_to_be_indexed(scope.db, running->job.key)) throw_gone();
            write_chunks(scope, running->job, static_cast<std::int64_t>(first), slice, *words, *vectors);
        };
        co_await parts_.tables.write_fast(work);
        if (!vectors->empty())
            parts_.meanings->add(running->job.store,
                                 first_chunk_of(running->job.key) + static_cast<Key>(first),
                                 std::move(*vectors));
    }
    co_return all->size();
}

}  // namespace assistd::knowledge
