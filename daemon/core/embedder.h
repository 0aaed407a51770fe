#pragma once
// Texts as vectors that are near each other when the texts mean alike. Implemented in providers/; any thread.

#include <span>
#include <stop_token>
#include <string>
#include <vector>

#include "base/async.h"

namespace assistd::core {

class Embedder {
  public:
    virtual ~Embedder() = default;
    // PROVIDER:MODEL. Vectors of different models cannot be compared.
    virtual std::string model() const = 0;
    // One vector for each text, all of the same length, of whatever scale. Texts of any number: they are sent
    // in as many requests as the server needs. Throws Error{provider_failed | provider_timeout | unavailable
    // | cancelled}.
    virtual Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts,
                                                        std::stop_token stop) = 0;
};

}  // namespace assistd::core
