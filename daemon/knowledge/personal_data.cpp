#include "knowledge/personal_data.h"

#include <array>

namespace assistd::knowledge {
namespace {

using sqlite::OtherTable;
using sqlite::PersonalTable;

#define OF_STORES \
    "JOIN stores s ON s.key = x.store JOIN owners o ON o.key = s.owner WHERE o.name = ?1 ORDER BY "

constexpr std::array<PersonalTable, 6> personal = {{
    {"owners", "SELECT name FROM owners WHERE name = ?1", ""},
    {"stores", "SELECT s.* FROM stores s JOIN owners o ON o.key = s.owner WHERE o.name = ?1 ORDER BY s.key",
     "vs_"},
    {"batches", "SELECT s.id AS store_id, x.* FROM batches x " OF_STORES "x.key", "vsfb_"},
    {"files", "SELECT s.id AS store_id, x.* FROM files x " OF_STORES "x.key", ""},
    // A chunk's key is its file's and its number.
    {"chunks",
     "SELECT x.file, c.heading, c.text, c.page, c.start, c.end FROM files x JOIN stores s ON s.key = x.store "
     "JOIN owners o ON o.key = s.owner JOIN chunks c ON c.key BETWEEN x.key << 20 AND (x.key << 20) + "
     "1048575 "
     "WHERE o.name = ?1 ORDER BY c.key",
     ""},
    {"gone_files", "SELECT s.id AS store_id, x.* FROM gone_files x " OF_STORES "x.gone_at", ""},
}};

constexpr std::array<OtherTable, 4> others = {{
    {"vectors", "numbers that a model makes of the chunks, for the search"},
    {"leavings", "what is being removed at the moment"},
    {"settings", "of the daemon"},
    {"word_index", "how far the search by words is"},
}};

}  // namespace

std::span<const PersonalTable> personal_tables() {
    return personal;
}

std::span<const OtherTable> other_tables() {
    return others;
}

}  // namespace assistd::knowledge
