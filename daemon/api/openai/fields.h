#pragma once
// Reads the JSON of a request as OpenAI's API does: fields that it does not know are let pass, since clients
// may be newer than the daemon; a known one of a wrong type or out of its bounds is refused with an
// Error{validation} that names it by its path ("tools[2].function.name"). Lengths are counted in characters.
//
//     const Json json = read_body(request);
//     const Fields body(json);
//     const std::string model = body.required_text("model", 256);
//
// Values for one request that refer to its JSON; one thread.

#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "api/openai/json.h"
#include "http/request.h"

namespace assistd::api::openai {

// The body as an object; an empty body is an empty one when `may_be_empty`. Throws Error{invalid_request} for
// what is no JSON object, has a key twice or is nested too deeply.
Json read_body(const http::Request& request, bool may_be_empty = false);

// A value, and where it stands.
struct Field {
    const Json* value;
    std::string path;

    // Each throws Error{validation} for another type, or out of bounds.
    std::string text(std::size_t most_characters) const;
    double number(double least, double most) const;
    std::int64_t integer(std::int64_t least, std::int64_t most) const;
    bool boolean() const;
    std::string choice(std::initializer_list<std::string_view> names) const;
    std::vector<Field> items(std::size_t most) const;
};

class Fields {
  public:
    // `path` is where the object stands: empty for the body. Throws Error{validation} for what is no object.
    explicit Fields(const Json& object, std::string path = "");
    explicit Fields(const Field& field) : Fields(*field.value, field.path) {}

    bool has(std::string_view name) const;      // also as null
    bool is_null(std::string_view name) const;  // given as null
    std::string path_of(std::string_view name) const;
    const std::string& path() const { return path_; }
    const Json& json() const { return *object_; }

    // Nothing when the field is absent or null.
    std::optional<Field> find(std::string_view name) const;
    std::optional<std::string> text(std::string_view name, std::size_t most_characters) const;
    std::optional<double> number(std::string_view name, double least, double most) const;
    std::optional<std::int64_t> integer(std::string_view name, std::int64_t least, std::int64_t most) const;
    std::optional<bool> boolean(std::string_view name) const;
    std::optional<std::string> choice(std::string_view name,
                                      std::initializer_list<std::string_view> names) const;
    std::optional<Fields> object(std::string_view name) const;
    std::vector<Field> items(std::string_view name, std::size_t most) const;  // of a list; may be empty
    std::vector<Fields> objects(std::string_view name, std::size_t most) const;
    std::vector<std::string> texts(std::string_view name, std::size_t most,
                                   std::size_t most_characters = 256) const;

    // Refused when it is absent or null; a text also when it is empty.
    Field required(std::string_view name) const;
    std::string required_text(std::string_view name, std::size_t most_characters) const;

    [[noreturn]] void refuse(std::string_view name, const std::string& what) const;  // "must be …"

  private:
    const Json* object_;
    std::string path_;
};

}  // namespace assistd::api::openai
