#pragma once
// What a text is written in that is no UTF and says nothing of it. One thread.

#include <string>

#include "knowledge/extract/input.h"

namespace assistd::extract {

// As iconv knows it. WINDOWS-1252 when nothing speaks clearly for another one: western languages are what is
// most often met, and the hardest to tell from the others by a few letters.
std::string guessed_encoding(const InputFile& file);

}  // namespace assistd::extract
