#pragma once
// How long assistd-keeper takes to end a program, and who waits for it may rely on. Constants.

#include <chrono>

namespace assistd {

// After its standard input was closed, and again after it was asked to end.
inline constexpr std::chrono::milliseconds keeper_grace{700};
// Until what does not even end when it is killed is left alone.
inline constexpr std::chrono::milliseconds keeper_kill_time{1'000};
inline constexpr std::chrono::milliseconds keeper_longest = 2 * keeper_grace + keeper_kill_time;

}  // namespace assistd
