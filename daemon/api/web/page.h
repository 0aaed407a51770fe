#pragma once
// The chat page, and the readable form of the API's description (/docs): the folder that the build makes of
// daemon/web, held in memory and served under a strict Content-Security-Policy. At addresses that nothing
// else has it tells people that nothing is there. Filled once, then only read, from any thread; outlives the
// server.

#include <filesystem>
#include <map>
#include <optional>
#include <string>

#include "http/router.h"

namespace assistd::api::web {

class Page {
  public:
    // `folder` holds index.html, docs.html and assets/, whose names change with their contents, and icon.svg
    // and robots.txt; beside each file may lie a compressed one (NAME.gz). Without the folder the daemon has
    // no page, and "/" says so. Throws Error{internal} when a file cannot be read.
    explicit Page(const std::filesystem::path& folder);

    bool exists() const { return index_.has_value(); }
    void add_routes(http::Router& router) const;

  private:
    struct File {
        std::string content;
        std::string packed;  // gzip; empty: there is none
        std::string media_type;
        std::string etag;
    };
    static File read(const std::filesystem::path& path);
    static http::Reply answer(const File& file, const http::Request& request);
    static http::Reply document(const std::optional<File>& file, const http::Request& request);
    http::Reply asset(const http::Request& request) const;
    http::Reply unknown(const http::Request& request) const;

    std::optional<File> index_;
    std::map<std::string, File, std::less<>> fixed_;  // by path: what browsers and robots ask for unasked
    std::optional<File> docs_;
    std::map<std::string, File, std::less<>> assets_;  // by name
};

}  // namespace assistd::api::web
