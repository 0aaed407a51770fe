#include "sqlite/readers.h"

#include <atomic>
#include <memory>

namespace assistd::sqlite {
namespace {

std::vector<Database> connect(const std::filesystem::path& file, int count) {
    std::vector<Database> connections;
    for (int i = 0; i < count; ++i) {
        connections.emplace_back(file, Database::Mode::read_only);
        connections.back().script("PRAGMA cache_size = -1024");
    }
    return connections;
}

}  // namespace

Readers::Readers(const std::filesystem::path& file, int count, std::size_t queue_limit)
    : connections_(connect(file, count)), pool_(connections_.size(), queue_limit) {}

OneShot<> Readers::release_memory() {
    const OneShot<> done;
    const auto left = std::make_shared<std::atomic<std::size_t>>(connections_.size());
    pool_.post_to_each([this, done, left](std::size_t worker) {
        connections_[worker].release_memory();
        if (left->fetch_sub(1) == 1) done.set();
    });
    return done;
}

}  // namespace assistd::sqlite
