#pragma once
// A file that a tool made or a person uploaded, with where it came from. Value types.

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"

namespace assistd::core {

struct Artifact {
    ArtifactId id;
    Owner owner;
    std::string handle;  // "simulation-12": its kind and a number per owner and kind, for people and models
    std::string kind;    // simulation, analysis, plot, table, geometry, file, …: the tool's word
    std::string name;    // a file name, "dla.csv"
    std::string media_type;
    std::int64_t size = 0;
    std::string sha256;  // 64 hexadecimal digits; also where the bytes are
    std::string project_id;
    ConversationId conversation;  // nil when it was not made in one
    TurnId turn;
    std::string call_id;
    // What is needed to make it again. Empty for uploads.
    std::string tool;
    std::string plugin;                // id and version: "org.assistd.simulation 1.0.0"
    std::string parameters = "{}";     // JSON object: the call's arguments
    std::string seed;                  // as the tool reported it; empty: none
    std::vector<std::string> parents;  // handles of the artifacts that the call read
    std::string metadata = "{}";       // JSON object: the tool's own description, such as Df and Rg
    Timestamp created_at;
};

// The short form that results and events carry.
struct ArtifactRef {
    ArtifactId id;
    std::string handle;
    std::string kind;
    std::string name;
    std::string media_type;
    std::int64_t size = 0;
};

struct ArtifactQuery {
    Owner owner;
    std::string kind;  // empty: every kind
    std::string project_id;
    // Further conditions, empty: none. One of these kinds; made by this tool; made from this one, by its
    // handle.
    std::vector<std::string> kinds;
    std::string tool;
    std::string parent;
    // Words that each occur in its handle, kind, name, tool, or a text among its parameters or metadata,
    // whatever their case.
    std::string q;
    std::optional<ConversationId> conversation;
    int limit = 20;
    std::string cursor;
};

}  // namespace assistd::core
