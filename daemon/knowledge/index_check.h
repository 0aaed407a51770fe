#pragma once
// Whether the documents' index fits their texts. Functions over a connection that only reads, inside a
// transaction, for the thread that has it.

#include <functional>
#include <string>
#include <vector>

#include "base/ids.h"
#include "sqlite/database.h"

namespace assistd::knowledge {

// Sentences about what is wrong; none: nothing is. `between` is called after each piece of work.
std::vector<std::string> faults_of_index(sqlite::Database& db, const std::function<void()>& between);
// The files in vector stores, each once.
std::vector<ArtifactId> indexed_files(sqlite::Database& db);

}  // namespace assistd::knowledge
