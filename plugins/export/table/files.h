#pragma once
// The tables that a call stores, and what its result says of them. One call's thread.

#include <functional>
#include <string>

#include "assistd/plugin.hpp"
#include "text_sink.h"

namespace assistd::exporting {

class TableFiles {
  public:
    // `about` joins the metadata of each file.
    TableFiles(Call& call, Json about, bool with_content)
        : call_(call), about_(std::move(about)), with_content_(with_content) {}

    // Stores one CSV file of `rows` rows below its header, which `write` writes.
    void store(const std::string& name, const std::string& table, std::size_t rows,
               const std::function<void(TextSink& file)>& write);

    // One entry for each file.
    const Json& entries() const { return entries_; }

  private:
    Call& call_;
    Json about_;
    bool with_content_;
    Json entries_ = Json::array();
};

}  // namespace assistd::exporting
