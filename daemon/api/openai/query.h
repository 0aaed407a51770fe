#pragma once
// Reads a request's query keys as OpenAI's API does: unknown ones are let pass, wrong ones refused with an
// Error{validation} that names the key. Values for one request; one thread.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/openai/errors.h"
#include "api/openai/fields.h"
#include "core/listing.h"
#include "http/request.h"

namespace assistd::api::openai {

class QueryKeys {
  public:
    explicit QueryKeys(const http::Request& request) : request_(request) {}

    // Nothing when the key is absent or empty.
    std::optional<std::string> text(std::string_view key) const;
    std::optional<std::int64_t> integer(std::string_view key, std::int64_t least, std::int64_t most) const;
    std::optional<std::string> choice(std::string_view key,
                                      std::initializer_list<std::string_view> names) const;
    std::vector<std::string> texts(std::string_view key) const;  // "include[]=a&include[]=b"
    // An id with this prefix in front of its digits; `of_what` as in "names no message".
    template <class IdType>
    std::optional<IdType> id(std::string_view key, std::string_view prefix, std::string_view of_what) const {
        const auto given = text(key);
        if (!given) return std::nullopt;
        const auto id = IdType::parse(*given, prefix);
        if (!id) refuse_id(key, *given, of_what);
        return id;
    }

    // The usual keys of a list: limit, order, after, before.
    template <class IdType>
    core::ListRange<IdType> listing(std::string_view prefix, std::string_view of_what, int limit = 20,
                                    int most = 100) const {
        core::ListRange<IdType> listing;
        listing.limit = static_cast<int>(integer("limit", 1, most).value_or(limit));
        if (choice("order", {"asc", "desc"}) == "asc") listing.order = core::Order::ascending;
        listing.after = id<IdType>("after", prefix, of_what);
        listing.before = id<IdType>("before", prefix, of_what);
        return listing;
    }

  private:
    [[noreturn]] static void refuse_id(std::string_view key, std::string_view given,
                                       std::string_view of_what);

    const http::Request& request_;
};

// {"object": "list", "data", "first_id", "last_id", "has_more"}; `render` makes an object with an "id".
template <class T, class Render>
Json render_list(const core::Slice<T>& slice, const Render& render) {
    Json data = Json::array();
    for (const T& item : slice.items) data.push_back(render(item));
    Json first = data.empty() ? Json() : data.front().at("id");
    Json last = data.empty() ? Json() : data.back().at("id");
    return {{"object", "list"},
            {"data", std::move(data)},
            {"first_id", std::move(first)},
            {"last_id", std::move(last)},
            {"has_more", slice.has_more}};
}

}  // namespace assistd::api::openai
