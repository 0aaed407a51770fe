#pragma once
// The types that a described struct's members may have, and how each is JSON:
//
//     bool, integers, floating point numbers      boolean, integer, number
//     std::string                                 string
//     an enum with names (see Names)              one of these strings
//     Artifact                                    the artifact's handle
//     std::vector<T>, std::array<T, N>            array
//     std::map<std::string, T>                    object with any keys
//     a described struct                          object
//     std::optional<T>                            T, or nothing
//     Json                                        anything
//
// Another type becomes one of them by a specialisation of assistd::detail::Codec.

#include <array>
#include <concepts>
#include <limits>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#include "assistd/artifact.hpp"
#include "assistd/call.hpp"
#include "assistd/schema.hpp"

namespace assistd {

template <class Struct>
class Fields;

// The names of an enum's values, in the enum's namespace:
//
//     void describe(assistd::Names<Format>& names) { names.add("csv", Format::csv).add("xyz", Format::xyz); }
template <class Enum>
class Names {
  public:
    Names& add(std::string name, Enum value) {
        names_.emplace_back(std::move(name), value);
        return *this;
    }
    const std::vector<std::pair<std::string, Enum>>& all() const { return names_; }

  private:
    std::vector<std::pair<std::string, Enum>> names_;
};

namespace detail {

template <class T>
concept Described = std::is_class_v<T> && requires(Fields<T>& fields) {
    describe(fields);
};
template <class T>
concept Named = std::is_enum_v<T> && requires(Names<T>& names) {
    describe(names);
};
template <class T>
concept Number = std::is_arithmetic_v<T> && !std::same_as<T, bool>;

template <class T, template <class...> class Template>
inline constexpr bool is_a = false;
template <class... Of, template <class...> class Template>
inline constexpr bool is_a<Template<Of...>, Template> = true;

template <class T>
concept Optional = is_a<T, std::optional>;
template <class T>
concept List = is_a<T, std::vector>;
template <class T>
inline constexpr bool is_fixed_list = false;
template <class T, std::size_t n>
inline constexpr bool is_fixed_list<std::array<T, n>> = true;
template <class T>
concept FixedList = is_fixed_list<T>;

// What a std::optional holds, or the type itself.
template <class T>
struct BareOf {
    using type = T;
};
template <class T>
struct BareOf<std::optional<T>> {
    using type = T;
};
template <class T>
using Bare = typename BareOf<T>::type;

// What reading needs beside the JSON, and what it found wrong although the schema is kept.
struct Reader {
    const Call& call;
    std::vector<WrongArgument> errors;

    void add(const Place& place, const std::string& rest) {
        const std::string field = place.text();
        errors.push_back({field, field + " " + rest});
    }
};

// schema(): what JSON of this type looks like. read(): from JSON that fits `schema`, which is schema() with
// the field's bounds. write(): to JSON.
template <class T>
struct Codec;

template <>
struct Codec<bool> {
    static Json schema() { return {{"type", "boolean"}}; }
    static void read(const Json&, const Json& from, bool& to, const Place&, Reader&) {
        to = from.get<bool>();
    }
    static Json write(bool from) { return from; }
};

template <Number T>
struct Codec<T> {
    static Json schema() {
        if constexpr (std::floating_point<T>) return {{"type", "number"}};
        Json schema{{"type", "integer"}};
        if constexpr (std::unsigned_integral<T>) schema["minimum"] = 0;
        return schema;
    }
    static void read(const Json&, const Json& from, T& to, const Place& place, Reader& reader) {
        if constexpr (std::integral<T>)
            if (!fits(from))
                return reader.add(place, "must lie between " + shown(std::numeric_limits<T>::min()) +
                                             " and " + shown(std::numeric_limits<T>::max()) + "; it is " +
                                             shown(from) + ".");
        to = from.get<T>();
    }
    static Json write(T from) { return from; }

  private:
    static bool fits(const Json& number) {
        return number.is_number_unsigned() ? std::in_range<T>(number.get<std::uint64_t>())
                                           : std::in_range<T>(number.get<std::int64_t>());
    }
};

template <>
struct Codec<std::string> {
    static Json schema() { return {{"type", "string"}}; }
    static void read(const Json&, const Json& from, std::string& to, const Place&, Reader&) {
        to = from.get_ref<const std::string&>();
    }
    static Json write(const std::string& from) { return from; }
};

template <>
struct Codec<Json> {
    static Json schema() { return Json::object(); }
    static void read(const Json&, const Json& from, Json& to, const Place&, Reader&) { to = from; }
    static Json write(const Json& from) { return from; }
};

template <Named T>
struct Codec<T> {
    static Json schema() {
        Json values = Json::array();
        for (const auto& [name, value] : names()) values.push_back(name);
        return {{"type", "string"}, {"enum", std::move(values)}};
    }
    static void read(const Json&, const Json& from, T& to, const Place&, Reader&) {
        for (const auto& [name, value] : names())
            if (from == name) to = value;
    }
    static Json write(T from) {
        for (const auto& [name, value] : names())
            if (value == from) return name;
        throw std::logic_error("An enum's value has no name; describe(assistd::Names<…>&) must give it one.");
    }

  private:
    static const std::vector<std::pair<std::string, T>>& names() {
        static const Names<T> names = [] {
            Names<T> made;
            describe(made);
            return made;
        }();
        return names.all();
    }
};

template <>
struct Codec<Artifact> {
    static Json schema() { return {{"type", "string"}, {"format", "artifact"}}; }
    static void read(const Json& schema, const Json& from, Artifact& to, const Place& place, Reader& reader) {
        try {
            to = reader.call.artifact(from.get_ref<const std::string&>());
        } catch (const Failure&) {
            return reader.add(place, "names the artifact " + shown(from) + ", which does not exist.");
        }
        const auto kinds = schema.find("x-artifact-kinds");
        if (kinds == schema.end()) return;
        std::string wanted;
        for (const Json& kind : *kinds) {
            if (kind == to.kind()) return;
            wanted += (wanted.empty() ? "" : " or ") + kind.get<std::string>();
        }
        reader.add(place, "must be an artifact of kind " + wanted + "; " + std::string(to.handle()) +
                              " is of kind " + std::string(to.kind()) + ".");
    }
    static Json write(const Artifact& from) { return from.handle(); }
};

template <class T>
struct Codec<std::optional<T>> {
    static Json schema() { return Codec<T>::schema(); }
    static void read(const Json& schema, const Json& from, std::optional<T>& to, const Place& place,
                     Reader& reader) {
        Codec<T>::read(schema, from, to.emplace(), place, reader);
    }
    static Json write(const std::optional<T>& from) { return Codec<T>::write(*from); }
};

template <class T>
struct Codec<std::vector<T>> {
    static Json schema() { return {{"type", "array"}, {"items", Codec<T>::schema()}}; }
    static void read(const Json& schema, const Json& from, std::vector<T>& to, const Place& place,
                     Reader& reader) {
        to.clear();
        to.reserve(from.size());
        const Json& items = schema.at("items");
        for (std::size_t i = 0; i < from.size(); ++i) {
            T item{};
            Codec<T>::read(items, from[i], item, place.at(i), reader);
            to.push_back(std::move(item));
        }
    }
    static Json write(const std::vector<T>& from) {
        Json to = Json::array();
        for (const T& item : from) to.push_back(Codec<T>::write(item));
        return to;
    }
};

template <class T, std::size_t n>
struct Codec<std::array<T, n>> {
    static Json schema() {
        return {{"type", "array"}, {"items", Codec<T>::schema()}, {"minItems", n}, {"maxItems", n}};
    }
    static void read(const Json& schema, const Json& from, std::array<T, n>& to, const Place& place,
                     Reader& reader) {
        for (std::size_t i = 0; i < n; ++i)
            Codec<T>::read(schema.at("items"), from.at(i), to[i], place.at(i), reader);
    }
    static Json write(const std::array<T, n>& from) {
        Json to = Json::array();
        for (const T& item : from) to.push_back(Codec<T>::write(item));
        return to;
    }
};

template <class T>
struct Codec<std::map<std::string, T>> {
    static Json schema() { return {{"type", "object"}, {"additionalProperties", Codec<T>::schema()}}; }
    static void read(const Json& schema, const Json& from, std::map<std::string, T>& to, const Place& place,
                     Reader& reader) {
        to.clear();
        for (const auto& [key, value] : from.items())
            Codec<T>::read(schema.at("additionalProperties"), value, to[key], place.at(key), reader);
    }
    static Json write(const std::map<std::string, T>& from) {
        Json to = Json::object();
        for (const auto& [key, value] : from) to[key] = Codec<T>::write(value);
        return to;
    }
};

template <Described T>
const Fields<T>& fields_of() {
    static const Fields<T> fields = [] {
        Fields<T> made;
        describe(made);
        made.finish();
        return made;
    }();
    return fields;
}

template <Described T>
struct Codec<T> {
    static Json schema() { return fields_of<T>().schema(); }
    static void read(const Json& schema, const Json& from, T& to, const Place& place, Reader& reader) {
        fields_of<T>().read(schema, from, to, place, reader);
    }
    static Json write(const T& from) { return fields_of<T>().write(from); }
};

// The schema of what a tool gives: without defaults, which only arguments have, and open for what a later
// version adds.
inline Json schema_of_result(Json schema) {
    schema.erase("default");
    if (const auto others = schema.find("additionalProperties"); others != schema.end()) {
        if (others->is_object())
            *others = schema_of_result(*others);
        else
            schema.erase(others);
    }
    if (const auto items = schema.find("items"); items != schema.end()) *items = schema_of_result(*items);
    if (const auto properties = schema.find("properties"); properties != schema.end())
        for (Json& property : *properties) property = schema_of_result(std::move(property));
    return schema;
}

}  // namespace detail
}  // namespace assistd
