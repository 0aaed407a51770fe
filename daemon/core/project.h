#pragma once
// A project: what conversations, artifacts and jobs may belong to, with facts that models are told. Value
// types.

#include <optional>
#include <string>

#include "base/ids.h"
#include "base/time.h"
#include "core/conversation.h"

namespace assistd::core {

// What belongs to a project, counted when it is read.
struct ProjectNumbers {
    std::int64_t conversations = 0;
    std::int64_t artifacts = 0;
    std::int64_t jobs = 0;
    Timestamp last_activity;  // of any of them; zero: there was none

    bool any() const { return conversations > 0 || artifacts > 0 || jobs > 0; }
};

struct Project {
    ProjectId id;
    Owner owner;
    std::string name;  // no two of an owner's have the same, whatever its case
    std::string description;
    std::string facts = "{}";     // a JSON object of plain values, which models are told
    std::string metadata = "{}";  // a JSON object, kept as given
    bool archived = false;
    Timestamp created_at;
    Timestamp updated_at;
    ProjectNumbers numbers;
};

// What a list asks for; newest update first.
struct ProjectQuery {
    Owner owner;
    std::string name;  // exactly this one; empty: all
    std::optional<bool> archived;
    std::string search;  // full text over names and descriptions; empty: all
    int limit = 20;
    std::string cursor;
};

// Only the fields that are set are changed.
struct ProjectChange {
    std::optional<std::string> name;
    std::optional<std::string> description;
    std::optional<std::string> facts;
    std::optional<std::string> metadata;
    std::optional<bool> archived;
};

// "3 conversations, 1 artifact, 0 jobs"
std::string text_of(const ProjectNumbers& numbers);

}  // namespace assistd::core
