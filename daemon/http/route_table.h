#pragma once
// Finds the route of a path. Matching is Pistache's tree of path segments, which is filled once and then only
// read, from any thread.

#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "http/router.h"
#include "http/target.h"

namespace assistd::http {

class RouteTable {
  public:
    explicit RouteTable(Router router);
    ~RouteTable();
    RouteTable(const RouteTable&) = delete;
    RouteTable& operator=(const RouteTable&) = delete;

    struct Entry {
        Router::Route route;
        std::vector<std::pair<std::size_t, std::string>> values;  // which segment is the value of which name
    };

    // Null when no route of this method matches. HEAD is answered by the GET route unless it has one of its
    // own.
    const Entry* find(Method method, const Target& target) const;
    // What answers browsers where nothing matches; null: the error does.
    const Entry* unknown() const { return unknown_ ? &*unknown_ : nullptr; }
    // The methods that the path can be asked with, as the Allow header lists them; empty for an unknown path.
    std::string allowed_methods(const Target& target) const;
    // How errors of this path are written.
    Reply render(const Error& error, std::string_view path, std::string_view request_id) const;

  private:
    struct Tree;

    std::vector<Entry> entries_;
    std::optional<Entry> unknown_;
    std::vector<std::pair<std::string, ErrorRenderer>> renderers_;  // longest prefix first
    std::unique_ptr<Tree> tree_;
};

}  // namespace assistd::http
