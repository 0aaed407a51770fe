#pragma once
// Texts as vectors that are near each other when the texts mean alike. Implemented in providers/; any thread.

#include <cstdint>
#include <memory>
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
    // `dimensions`: how long the vectors shall be, of models that can say it shorter; 0: as long as they are.
    virtual Task<std::vector<std::vector<float>>> embed(std::vector<std::string> texts, std::stop_token stop,
                                                        int dimensions = 0) = 0;
    // The same for texts as the model's own tokens. Throws Error{validation} where the server takes none.
    virtual Task<std::vector<std::vector<float>>> embed_tokens(std::vector<std::vector<std::int64_t>> texts,
                                                               std::stop_token stop, int dimensions) = 0;
};

class Embedders {
  public:
    virtual ~Embedders() = default;
    // "PROVIDER:MODEL", or the configured one's name without its provider; null for any other.
    virtual std::shared_ptr<Embedder> find(const std::string& model) const = 0;
};

}  // namespace assistd::core
