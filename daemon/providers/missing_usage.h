#pragma once
// Token counts that a server left out: budgets, costs and the book of what was spent need some.

#include <string_view>

#include "core/ports.h"

namespace assistd::providers {

// Fills in what is missing of a whole reply's counts, if anything.
void estimate_missing(core::ProviderReply& reply, const core::ProviderRequest& request);

// The same for a reply that broke off after this text. Where the server said nothing at all, nothing is
// counted.
void estimate_missing(core::Usage& usage, std::string_view told, const core::ProviderRequest& request);

}  // namespace assistd::providers
