#pragma once
// What a provider of models throws. A value type.

#include <string>

#include "base/error.h"
#include "upstream/upstream_error.h"

namespace assistd::providers {

// What a provider of models throws: an Error with a sentence that names it, and what is behind it.
class ProviderError : public Error {
  public:
    ProviderError(ErrorCode code, const std::string& sentence, const UpstreamError& why)
        : Error(code, sentence), cause_(why) {}
    const UpstreamError& cause() const { return cause_; }

  private:
    UpstreamError cause_;
};

}  // namespace assistd::providers
