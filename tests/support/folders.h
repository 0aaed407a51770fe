#pragma once
// Where the tests find what they need. Known to one file alone, so that another checkout's objects fit.

#include <filesystem>

namespace assistd::test {

std::filesystem::path source_folder();
std::filesystem::path build_folder();

}  // namespace assistd::test
