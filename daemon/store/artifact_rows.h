#pragma once
// The artifacts' rows, their handles, and which files no row needs any more. Functions with a WriteScope run
// on the writer's thread, those with a Database on either's.
//
// A file is removed in a write after the one that removed its last row: until that one is committed it may
// still be undone. Rows of loose_files remember what is to be looked at; a sweep is given the last of their
// tickets that it knows to be committed.

#include <optional>
#include <string>

#include "core/artifact.h"
#include "core/conversation.h"
#include "store/artifact_files.h"
#include "store/writer.h"

namespace assistd::store {

// Numbers the artifact ("plot-3") and inserts it; all else is filled in already.
void add_artifact(WriteScope& scope, core::Artifact& artifact, const std::string& idempotency_key = {});
// The artifact that the key stands for, if it still stands for one; an expired key is free again. Throws
// Error{conflict} when it stands for another file than this one.
std::optional<core::Artifact> stored_before(Database& db, const core::Artifact& artifact,
                                            const std::string& idempotency_key);
// A call stores its files once. When there are some already, the daemon ended before the call's result was
// stored, and the call is run again: nobody was told of them.
void remove_earlier_attempt(WriteScope& scope, const core::Artifact& artifact);
std::int64_t remove_artifact(WriteScope& scope, const core::Owner& owner, const std::string& handle_or_id);

core::Artifact read_artifact(Database& db, const core::Owner& owner, const std::string& handle_or_id);
core::Page<core::Artifact> read_artifacts(Database& db, const core::ArtifactQuery& query);  // newest first

// These return the ticket up to which a sweep may go once they are committed.
std::int64_t loosen_file(Database& db, const std::string& sha256);
std::int64_t loosen_files_of(Database& db, ConversationId conversation);
std::int64_t last_loose_file(Database& db);  // 0: there is none

void sweep_loose_files(WriteScope& scope, const ArtifactFiles& files, std::int64_t up_to);

}  // namespace assistd::store
