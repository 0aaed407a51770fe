#pragma once
// A JSON Schema (draft 7), read once and used for every call of its tool. valijson is the judge of what fits;
// the sentences for what does not are our own (schema_sentences.h). A "pattern" that may take for ever
// (schema_expansion.h) is left to the tool itself. Immutable; any thread.

#include <memory>
#include <nlohmann/json_fwd.hpp>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "tools/schema_sentences.h"

namespace assistd::tools {

class CompiledSchema {
  public:
    // Throws Error{validation} with a sentence when the text is no JSON Schema.
    explicit CompiledSchema(std::string_view text);
    ~CompiledSchema();

    bool accepts_everything() const;
    const nlohmann::json& document() const;

    // Fills in the defaults of missing properties and turns 500.0 into 500 where an integer is wanted. True
    // when that changed the value.
    bool prepare(nlohmann::json& value) const;

    // One entry for each wrong field; empty when the value fits.
    std::vector<FieldError> check(const nlohmann::json& value, const Wording& wording) const;

  private:
    struct Parts;
    std::unique_ptr<Parts> parts_;
};

}  // namespace assistd::tools
