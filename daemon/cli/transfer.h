#pragma once
// Files on their way to the daemon and from it. One thread.

#include <functional>
#include <string>

#include "cli/commands.h"

namespace assistd::cli {

// Uploads a file to "/documents" or "/artifacts", again when the connection breaks, which makes it one file
// all the same; returns what the daemon says of it.
Json upload(const Context& context, const std::string& to, const std::string& path);

struct Added {
    Json artifact;
    bool was_there = false;
};
// So a file that tools work on. When a file that was uploaded before has the same content, that one is it,
// and none is added.
Added add_file(const Context& context, const std::string& path);
// So a document, unless what was there before could not be read.
Added add_document(const Context& context, const std::string& path);

// The artifact's own name, when nothing in this folder has it.
std::string free_name_of(const Context& context, const std::string& handle);

struct SaveOptions {
    unsigned mode = 0644;  // of a new file
    // Given the whole file, open for reading, before it gets its name; throws Failure when it must not get
    // it. May be empty.
    std::function<void(int file)> check = {};
};
// Sends a request and writes its answer to `path`, "-" for standard output, by way of a file beside it, so
// that an answer that breaks or is stopped with Ctrl-C leaves nothing behind under either name. What is no
// file, a device or a pipe, is written to itself, and a link is followed. Returns its size.
long long save(const Context& context, HttpRequest request, const std::string& path,
               const SaveOptions& options = {});
// So an artifact.
long long download(const Context& context, const std::string& handle, const std::string& path);

}  // namespace assistd::cli
