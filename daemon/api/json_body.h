#pragma once
// Reads the JSON object of a request, strictly: every field that is wrong, missing or unknown is collected,
// and finish() throws them all in one Error{validation}. Values for one request; one thread.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include <nlohmann/json_fwd.hpp>

#include "base/error.h"
#include "http/request.h"

namespace assistd::api {

class JsonBody {
  public:
    // Throws Error{invalid_request} when the body is no JSON object, or one with a key given twice. An empty
    // body is one only when `may_be_empty`.
    explicit JsonBody(const http::Request& request, bool may_be_empty = false);
    ~JsonBody();

    // Each reads one field; absent and null are the same, but for is_null(). At most `max_size` bytes.
    std::optional<std::string> text(std::string_view field, std::size_t max_size = 1 << 20);
    std::optional<bool> boolean(std::string_view field);
    std::optional<std::int64_t> number(std::string_view field, std::int64_t least, std::int64_t most);
    std::optional<std::vector<std::string>> texts(std::string_view field, std::size_t max_items = 100);
    // An object, as JSON text.
    std::optional<std::string> object(std::string_view field);

    void wrong(std::string_view field, const std::string& sentence);
    bool has(std::string_view field) const;
    bool is_null(std::string_view field) const;  // and there
    // The fields that nothing asked for, as JSON text. None of them is unknown any more.
    std::string rest();
    // Throws when anything was wrong, or a field was never asked for.
    void finish();

  private:
    const nlohmann::json* find(std::string_view field);

    std::unique_ptr<nlohmann::json> json_;
    std::set<std::string, std::less<>> known_;
    std::vector<FieldError> errors_;
};

}  // namespace assistd::api
