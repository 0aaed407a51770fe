#pragma once
// Everything that the database holds of a user, and how it goes: each table is either a personal one or in
// the list of the others, which a test compares with the schema. Constant data, and writes for the writer's
// thread.

#include <map>
#include <span>
#include <string>

#include "core/conversation.h"
#include "sqlite/personal.h"
#include "store/writer.h"

namespace assistd::store {

std::span<const sqlite::PersonalTable> personal_tables();
std::span<const sqlite::OtherTable> other_tables();

// How many rows of each table a user has, without those of none, of the account itself (users, keys, logins)
// and of what is part of other rows.
std::map<std::string, std::int64_t> count_rows_of(Database& db, const core::Owner& user);

// What becomes of a removed user's entries in the audit log.
enum class AuditOfRemoved { keep, anonymise, remove };

// With all that belongs to them, at most so many; how many they were.
int remove_some_conversations_of(WriteScope& scope, const core::Owner& user, int at_most);

// Of everything but conversations: at most so many rows. How many of each table they
// were; nothing when there were none. `alias` takes the user's place in the audit log where that is kept
// without names.
std::map<std::string, std::int64_t> remove_some_rows_of(WriteScope& scope, const core::Owner& user,
                                                        AuditOfRemoved audit, const std::string& alias,
                                                        int at_most);

}  // namespace assistd::store
