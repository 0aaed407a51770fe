#pragma once
// Typed arguments and results: a plain struct, described once, gives the tool's JSON Schema, the reading of
// its arguments and the writing of its results.
//
//     struct Arguments {
//         assistd::Artifact simulation;
//         int grids = 1;
//         std::optional<double> max_box_size;
//     };
//     void describe(assistd::Fields<Arguments>& fields) {
//         fields.required("simulation", &Arguments::simulation, "What to analyze").kinds({"simulation"});
//         fields.optional("grids", &Arguments::grids, "Grids to average over").range(1, 32);
//         fields.optional("max_box_size", &Arguments::max_box_size, "Largest box").more_than(0);
//     }
//
// A required field must be given. An optional one keeps its initialiser when it is left out, which is its
// default in the schema too; one that is a std::optional without a value has none. describe() stands in the
// struct's namespace. codecs.hpp lists the types that a member may have.
//
// What several structs share is a base class that is described once:
//
//     void describe(assistd::Fields<Derived>& fields) {
//         fields.include<Base>();
//         fields.optional("grids", &Derived::grids, "Grids to average over").range(1, 8);
//     }
//
// A field of the base that is described again, as with other bounds, takes the place of the base's.
//
// A description that contradicts itself (a name twice, a default outside of its own bounds) throws
// std::logic_error when it is first used, which the build of a plugin does.

#include <concepts>
#include <cstddef>
#include <functional>
#include <initializer_list>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "assistd/codecs.hpp"
#include "assistd/schema.hpp"

namespace assistd {

// The bounds of one field. Each is offered where the field's type can have it.
template <class Value>
class Field {
  public:
    explicit Field(Json& schema) : schema_(&schema) {}

    // Numbers.
    Field& range(Value least, Value most) requires detail::Number<Value> {
        return at_least(least).at_most(most);
    }
    Field& at_least(Value bound) requires detail::Number<Value> {
        return set("minimum", detail::as_written(bound));
    }
    Field& at_most(Value bound) requires detail::Number<Value> {
        return set("maximum", detail::as_written(bound));
    }
    Field& more_than(Value bound) requires detail::Number<Value> {
        return set("exclusiveMinimum", detail::as_written(bound));
    }
    Field& less_than(Value bound) requires detail::Number<Value> {
        return set("exclusiveMaximum", detail::as_written(bound));
    }
    // Numbers and texts: one of these. An enum's names say this by themselves.
    Field& one_of(std::initializer_list<Value> values) requires detail::Number<Value> ||
        std::same_as<Value, std::string> {
        Json list = Json::array();
        for (const Value& value : values) list.push_back(value);
        return set("enum", std::move(list));
    }
    // Texts. Characters are code points; a pattern is a regular expression of ECMAScript, searched for.
    Field& length(std::size_t least, std::size_t most) requires std::same_as<Value, std::string> {
        return set("minLength", least).set("maxLength", most);
    }
    Field& min_length(std::size_t least) requires std::same_as<Value, std::string> {
        return set("minLength", least);
    }
    Field& max_length(std::size_t most) requires std::same_as<Value, std::string> {
        return set("maxLength", most);
    }
    Field& pattern(std::string expression) requires std::same_as<Value, std::string> {
        return set("pattern", std::move(expression));
    }
    // Artifacts, one or several: of one of these kinds.
    Field& kinds(std::initializer_list<std::string> kinds) requires std::same_as<Value, Artifact> {
        return set("x-artifact-kinds", Json(std::vector<std::string>(kinds)));
    }
    Field& kinds(
        std::initializer_list<std::string> kinds) requires std::same_as<Value, std::vector<Artifact>> {
        each().kinds(kinds);
        return *this;
    }
    // Lists: how many, and what holds for each item.
    Field& items(std::size_t least, std::size_t most) requires detail::List<Value> {
        return set("minItems", least).set("maxItems", most);
    }
    Field& min_items(std::size_t least) requires detail::List<Value> { return set("minItems", least); }
    Field& max_items(std::size_t most) requires detail::List<Value> { return set("maxItems", most); }
    Field& unique() requires detail::List<Value> { return set("uniqueItems", true); }
    auto each() requires detail::List<Value> || detail::FixedList<Value> {
        return Field<typename Value::value_type>((*schema_)["items"]);
    }
    // Any other keyword of JSON Schema; the daemon checks it.
    Field& set(const char* keyword, Json value) {
        (*schema_)[keyword] = std::move(value);
        return *this;
    }

  private:
    Json* schema_;
};

// The description of a struct: what describe() fills, and what the SDK reads. Immutable afterwards.
template <class Struct>
class Fields {
  public:
    template <class Value, class Owner>
    auto required(const std::string& name, Value Owner::*member, const std::string& description) {
        static_assert(!detail::Optional<Value>, "a std::optional member is an optional field");
        return add(name, true, member, description);
    }
    template <class Value, class Owner>
    auto optional(const std::string& name, Value Owner::*member, const std::string& description) {
        static_assert(!std::same_as<Value, Artifact>, "an artifact that may be missing is a std::optional");
        return add(name, false, member, description);
    }

    // The fields of a described base class.
    template <class Base>
    void include() {
        static_assert(std::derived_from<Struct, Base>, "what is included is a base class");
        const Fields<Base>& base = detail::fields_of<Base>();
        for (const auto& member : base.members_) {
            Json& schema = new_property(member.name);
            schema = base.schema_.at("properties").at(member.name);
            schema.erase("default");  // the struct may initialise it otherwise than its base
            members_.push_back({member.name, member.required, true, member.read, member.write});
        }
    }

    // The schema of an object with these fields, defaults included.
    const Json& schema() const { return schema_; }

    void read(const Json& schema, const Json& from, Struct& to, const detail::Place& place,
              detail::Reader& reader) const {
        const Json& properties = schema.at("properties");
        for (const Member& member : members_)
            if (const auto found = from.find(member.name); found != from.end())
                member.read(properties.at(member.name), *found, to, place.at(member.name), reader);
    }
    Json write(const Struct& from) const {
        Json to = Json::object();
        for (const Member& member : members_) member.write(from, to);
        return to;
    }

    // Puts what is required and the initialisers' values into the schema. For the SDK, once everything is
    // described.
    void finish() {
        for (const Member& member : members_)
            if (member.required) schema_["required"].push_back(member.name);
        const Struct initial{};
        Json defaults = Json::object();
        for (const Member& member : members_)
            if (!member.required) member.write(initial, defaults);
        for (const auto& [name, value] : defaults.items()) {
            Json& property = schema_["properties"][name];
            detail::SchemaCheck check;
            check.value(property, value, detail::Place{}.at(name));
            if (!check.errors.empty())
                throw std::logic_error("The default of a field does not fit its own description: " +
                                       check.errors.front().message);
            property["default"] = detail::as_written(value);
        }
    }

  private:
    template <class>
    friend class Fields;

    struct Member {
        std::string name;
        bool required;
        bool included;
        std::function<void(const Json&, const Json&, Struct&, const detail::Place&, detail::Reader&)> read;
        std::function<void(const Struct&, Json&)> write;
    };

    template <class Value, class Owner>
    auto add(const std::string& name, bool required, Value Owner::*member, const std::string& description) {
        static_assert(std::derived_from<Struct, Owner>, "the member belongs to another struct");
        using Codec = detail::Codec<Value>;
        Json& schema = new_property(name) = Codec::schema();
        if (!description.empty()) schema["description"] = description;
        members_.push_back(
            {name, required, false,
             [member](const Json& about, const Json& from, Struct& to, const detail::Place& place,
                      detail::Reader& reader) { Codec::read(about, from, to.*member, place, reader); },
             [member, name](const Struct& from, Json& to) {
                 if constexpr (detail::Optional<Value>) {
                     if (from.*member) to[name] = Codec::write(from.*member);
                 } else {
                     to[name] = Codec::write(from.*member);
                 }
             }});
        return Field<detail::Bare<Value>>(schema);
    }
    // The place for a field's schema; it may be that of an included field, which is dropped.
    Json& new_property(const std::string& name) {
        Json& properties = schema_["properties"];
        const auto replaced = [&name](const Member& each) { return each.included && each.name == name; };
        if (name.empty() || (properties.contains(name) && std::erase_if(members_, replaced) == 0))
            throw std::logic_error("A field needs a name of its own; \"" + name + "\" is none.");
        return properties[name];
    }

    Json schema_{{"type", "object"}, {"properties", Json::object()}, {"additionalProperties", false}};
    std::vector<Member> members_;
};

// A tool that takes no arguments.
struct NoArguments {};
inline void describe(Fields<NoArguments>&) {}

// The JSON Schema of a described struct.
template <detail::Described Struct>
const Json& schema_of() {
    return detail::fields_of<Struct>().schema();
}

// The arguments out of JSON. Throws a ValidationError with a sentence for each field that is wrong.
template <class Arguments>
Arguments read_arguments(const Json& json, const Call& call) {
    const Json& schema = schema_of<Arguments>();
    detail::SchemaCheck check;
    check.value(schema, json, {});
    if (!check.errors.empty()) throw invalid_arguments(check.errors);
    detail::Reader reader{call, {}};
    Arguments arguments{};
    detail::Codec<Arguments>::read(schema, json, arguments, {}, reader);
    if (!reader.errors.empty()) throw invalid_arguments(reader.errors);
    return arguments;
}

// A described struct as JSON: a result, or arguments as they were used (an artifact is its handle).
template <detail::Described Struct>
Json as_json(const Struct& value) {
    return detail::Codec<Struct>::write(value);
}

}  // namespace assistd
