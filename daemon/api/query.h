#pragma once
// Reads a request's query keys, strictly: what is out of bounds, repeated or unknown is refused by finish()
// with an Error{validation} that names each. Values for one request; one thread.

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/error.h"
#include "http/request.h"

namespace assistd::api {

class Query {
  public:
    explicit Query(const http::Request& request) : request_(request) {}

    std::optional<std::string> text(std::string_view key);
    std::optional<bool> boolean(std::string_view key);
    std::optional<std::int64_t> number(std::string_view key, std::int64_t least, std::int64_t most);
    // The usual page size: 1..100, 20 when absent.
    int limit();
    std::string cursor();

    void wrong(std::string_view key, const std::string& sentence);
    void finish();

  private:
    const http::Request& request_;
    std::set<std::string, std::less<>> known_;
    std::vector<FieldError> errors_;
};

}  // namespace assistd::api
