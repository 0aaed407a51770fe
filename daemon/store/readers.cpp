#include "store/readers.h"

namespace assistd::store {
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

}  // namespace assistd::store
