#pragma once
// Everything that the documents' database holds of a user; see store/personal_data.h. Constant data.

#include <span>

#include "sqlite/personal.h"

namespace assistd::knowledge {

std::span<const sqlite::PersonalTable> personal_tables();
std::span<const sqlite::OtherTable> other_tables();

}  // namespace assistd::knowledge
