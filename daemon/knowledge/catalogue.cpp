#include "knowledge/catalogue.h"

namespace assistd::knowledge {
namespace {

std::int64_t value_or_zero(const std::unordered_map<Key, std::int64_t>& map, Key key) {
    const auto found = map.find(key);
    return found == map.end() ? 0 : found->second;
}

// What has come down to nothing is forgotten.
void add_to(std::unordered_map<Key, std::int64_t>& map, Key key, std::int64_t count) {
    if ((map[key] += count) == 0) map.erase(key);
}

}  // namespace

const Indexed* Catalogue::View::file(Key key) const {
    const auto found = catalogue_.files_.find(key);
    return found == catalogue_.files_.end() ? nullptr : &found->second;
}

std::int64_t Catalogue::View::chunks_of_owner(Key owner) const {
    return value_or_zero(catalogue_.of_owner_, owner);
}

std::int64_t Catalogue::View::chunks_of_store(Key store) const {
    return value_or_zero(catalogue_.of_store_, store);
}

void Catalogue::Change::put(Key file, Indexed indexed) {
    remove(file);
    catalogue_.chunks_ += indexed.chunks;
    add_to(catalogue_.of_owner_, indexed.owner, indexed.chunks);
    add_to(catalogue_.of_store_, indexed.store, indexed.chunks);
    catalogue_.files_[file] = std::move(indexed);
}

void Catalogue::Change::change_attributes(Key file, std::shared_ptr<const Attributes> attributes) {
    const auto found = catalogue_.files_.find(file);
    if (found != catalogue_.files_.end()) found->second.attributes = std::move(attributes);
}

void Catalogue::Change::remove(Key file) {
    const auto found = catalogue_.files_.find(file);
    if (found == catalogue_.files_.end()) return;
    const Indexed& indexed = found->second;
    catalogue_.chunks_ -= indexed.chunks;
    add_to(catalogue_.of_owner_, indexed.owner, -indexed.chunks);
    add_to(catalogue_.of_store_, indexed.store, -indexed.chunks);
    catalogue_.files_.erase(found);
}

void Catalogue::Change::name_owner(const std::string& name, Key owner) {
    catalogue_.owners_[name] = owner;
}

void Catalogue::Change::forget_owner(const std::string& name) {
    catalogue_.owners_.erase(name);
}

bool Catalogue::has_documents(const std::string& owner) const {
    const std::shared_lock lock(mutex_);
    const auto found = owners_.find(owner);
    return found != owners_.end() && value_or_zero(of_owner_, found->second) > 0;
}

}  // namespace assistd::knowledge
