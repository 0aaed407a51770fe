#include "auth/account_rules.h"

#include <algorithm>
#include <array>
#include <optional>

#include "auth/user_name.h"
#include "base/blank.h"
#include "base/error.h"
#include "base/one_line.h"
#include "base/utf8.h"
#include "core/accounts.h"

namespace assistd::auth {
namespace {

constexpr std::size_t longest_key_name = 100;
constexpr std::size_t longest_shown = 40;  // of what somebody sent, in a sentence

constexpr std::array scopes{http::Scope::read, http::Scope::write, http::Scope::tools, http::Scope::admin};

[[noreturn]] void refuse(const std::string& field, const std::string& sentence) {
    throw Error(ErrorCode::validation, sentence, {{field, sentence}});
}

std::optional<http::Scope> scope_named(const std::string& name) {
    const auto found = std::find_if(scopes.begin(), scopes.end(),
                                    [&](http::Scope scope) { return http::name_of(scope) == name; });
    return found == scopes.end() ? std::nullopt : std::optional(*found);
}

}  // namespace

void check_user_name(const std::string& name) {
    if (!is_user_name(name))
        refuse("name",
               "name must have 1 to 64 letters, digits and \"._@+-\", and begin with a letter or digit.");
}

void check_new_password(const std::string& password) {
    const std::size_t characters = count_characters(password);
    if (characters < core::shortest_password || password.size() > core::longest_password ||
        is_blank(password))
        refuse("password", "password must have 10 to 1000 characters.");
}

void check_key_name(const std::string& name) {
    if (name.empty() || name.size() > longest_key_name || is_blank(name) || !is_one_line(name))
        refuse("name", "name must have 1 to 100 characters on one line.");
    if (turns_direction(name))
        refuse("name", "name must have no characters that turn the direction of text.");
}

void check_scopes(const std::vector<std::string>& names) {
    for (const std::string& name : names)
        if (!scope_named(name))
            refuse("scopes", "scopes are read, write, tools and admin; one is \"" +
                                 std::string(whole_characters(name, longest_shown)) + "\".");
}

std::vector<std::string> without_repeats(std::vector<std::string> names) {
    std::vector<std::string> kept;
    for (std::string& name : names)
        if (std::ranges::find(kept, name) == kept.end()) kept.push_back(std::move(name));
    return kept;
}

http::Scopes scopes_of(const std::vector<std::string>& names) {
    http::Scopes all;
    for (const std::string& name : names)
        if (const auto scope = scope_named(name)) all.add(*scope);
    return all;
}

std::vector<std::string> usual_scopes() {
    return {"read", "write", "tools"};
}

}  // namespace assistd::auth
