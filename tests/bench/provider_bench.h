#pragma once
// How many model calls the OpenAI-compatible client makes in a second, and what each costs this process (the
// scripted model included).

#include <string>

namespace assistd::bench {

// One line of text for people. Throws when a reply is wrong.
std::string bench_provider(int at_once, double seconds);

}  // namespace assistd::bench
