#pragma once
// How long one waits for another process or thread that has the database. Constant data.

namespace assistd::sqlite {

// Another process may hold the write lock for a moment; longer than this is an error.
inline constexpr int busy_timeout_ms = 5'000;

}  // namespace assistd::sqlite
