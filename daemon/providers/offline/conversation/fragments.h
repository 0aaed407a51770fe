#pragma once
// What is half a sentence: the value that a tool wanted and was not given, "50 nm", and one that nobody asked
// for. Used for one request, on one thread.

#include <optional>
#include <string>

#include "providers/offline/conversation/history.h"
#include "providers/offline/orders/grammar.h"

namespace assistd::providers::offline {

// The call that failed last for want of an argument, or for a wrong one, with what the words give it; none
// when the words are no such value.
std::optional<Step> completed_call(const Grammar& grammar, History& history, std::size_t exchange,
                                   Tokens words);

// What a value would be, and of which tools: "“20 nm primary diameter” is no order by itself. …" Empty when
// the words are no values.
std::string told_fragment(const Grammar& grammar, Tokens words);

}  // namespace assistd::providers::offline
