#pragma once
// What an administrator does with all that is stored, and what users may ask for of it: a backup, a check,
// and everything about one user, to take along or to be removed. A port that backup/ implements; any thread.
// Each of them takes as long as the data is large, and leaves the machine to turns meanwhile.

#include <map>
#include <optional>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"
#include "base/unique_fd.h"
#include "core/conversation.h"

namespace assistd::core {

// A file without a name: it is gone once nobody has it open.
struct DataArchive {
    UniqueFd file;
    std::int64_t size = 0;
    std::string name;                 // that it may be saved by
    std::vector<std::string> faults;  // what of the data was lost before: sentences
    std::int64_t rows = 0;            // of all tables, in a user's
};

struct DataCheck {
    bool contents = false;        // also whether each artifact's bytes are what they were
    bool remove_orphans = false;  // files that no artifact has
};

struct DataFault {
    std::string about;    // a database, a table, an artifact
    std::string message;  // a sentence
    std::string advice;   // another one: what to do
};

struct DataReport {
    std::vector<DataFault> faults;  // none: all is well
    std::int64_t conversations = 0;
    std::int64_t messages = 0;
    std::int64_t artifacts = 0;
    std::int64_t documents = 0;  // files in vector stores
    std::int64_t chunks = 0;     // of their text
    std::int64_t orphans = 0;    // files that no artifact has
    std::int64_t orphans_removed = 0;
    std::int64_t bytes = 0;       // of the databases
    std::int64_t free_bytes = 0;  // in them, that deleted rows have left
};

// How many rows of what are gone, and sentences about what stays.
struct DataRemoval {
    std::map<std::string, std::int64_t> removed;
    std::vector<std::string> kept;
    // What stands in the user's place from now on where entries of the audit log had the name; the name
    // itself where they keep it.
    std::string known_as;
};

class DataCare {
  public:
    virtual ~DataCare() = default;

    // Everything that was acknowledged before, in one archive that was read again and compared. Given up with
    // Error{cancelled} when `stop` is requested. Throws Error{unavailable} when the disk has no room for it,
    // and Error{conflict} while one is being made.
    virtual Task<DataArchive> back_up(std::stop_token stop) = 0;
    virtual Task<DataReport> check(DataCheck wish, std::stop_token stop) = 0;
    // All that belongs to the user, as JSON and files in one archive.
    virtual Task<DataArchive> export_user(Owner user, std::stop_token stop) = 0;
    // How many rows of what there are of that name, without the account and what belongs to other rows. Of
    // nothing: there is nothing.
    virtual Task<std::map<std::string, std::int64_t>> amounts(Owner user) = 0;
    // Throws Error{not_found} when there is neither such a user nor anything of that name.
    // What runs for the user is stopped first. Begun once, it is done to its end; a second call goes on where
    // one that failed has ended.
    virtual Task<DataRemoval> remove_user(Owner user) = 0;
    // How many rows of what a removal has removed so far; nothing while there is none. The user may not begin
    // anything meanwhile.
    virtual std::optional<std::map<std::string, std::int64_t>> removal_of(const Owner& user) const = 0;
};

}  // namespace assistd::core
