#pragma once
// Whether the full-text indexes know what they should of messages, titles and projects. Functions over a
// connection that only reads, inside a transaction, for the thread that has it.

#include <functional>
#include <string>
#include <vector>

#include "store/database.h"

namespace assistd::store {

// Sentences about what is wrong; none: nothing is. `between` is called after each piece of work.
std::vector<std::string> faults_of_search(Database& db, const std::function<void()>& between);

}  // namespace assistd::store
