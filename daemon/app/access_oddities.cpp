#include "app/access_oddities.h"

#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>

#include "auth/key_set.h"
#include "base/error.h"
#include "base/secret.h"
#include "core/accounts.h"
#include "sqlite/database.h"

namespace assistd::app {
namespace {

constexpr std::size_t most_named = 3;

// Only of one's own: as another user, SQLite would leave files behind that the daemon cannot open.
std::vector<std::string> users_in(const std::filesystem::path& state) {
    const std::filesystem::path file = state / "assistd.db";
    struct stat about {};
    if (::stat(file.c_str(), &about) != 0 || about.st_uid != ::geteuid()) return {};
    std::vector<std::string> users;
    try {
        sqlite::Database db(file, sqlite::Database::Mode::read_only);
        sqlite::Rows rows = db.query("SELECT name FROM users ORDER BY name");
        while (rows.next()) users.push_back(rows.text(0));
    } catch (const Error&) {
        return {};  // what is wrong with it the start says, and assistctl doctor
    }
    return users;
}

std::string unasked(const Config& config, const std::vector<std::string>& users) {
    std::vector<std::string> others;
    std::ranges::copy_if(users, std::back_inserter(others),
                         [](const std::string& name) { return name != core::local_user; });
    if (config.auth.mode != AuthMode::none || others.empty()) return {};
    const std::size_t named = std::min(others.size(), most_named);
    return fmt::format(
        "{}auth.mode is none, but the state folder {} knows {} besides \"local\" ({}{}): nobody is asked for "
        "a "
        "key or a password, and whoever reaches the port is the administrator \"local\", who may export and "
        "remove what others have. Set auth.mode to keys if they are to log in.",
        config.origins.contains("auth.mode") ? origin_of(config, "auth.mode").place + ": " : "",
        config.state.string(), others.size() == 1 ? "a user" : std::to_string(others.size()) + " users",
        fmt::join(others.begin(), others.begin() + static_cast<std::ptrdiff_t>(named), ", "),
        others.size() > named ? ", …" : "");
}

std::string left_key(const Config& config) {
    const std::filesystem::path file = config.state / admin_key_file;
    std::error_code unseen;
    if (!std::filesystem::exists(file, unseen)) return {};
    return fmt::format(
        "{} is still there: whoever reads it, or a copy of the folder, is an administrator. Take the key "
        "that is in "
        "it and delete the file.",
        file.string());
}

}  // namespace

std::vector<std::string> access_oddities(const Config& config, const std::vector<std::string>& users,
                                         bool key_is_new) {
    std::vector<std::string> sentences;
    for (std::string sentence : {unasked(config, users), key_is_new ? std::string() : left_key(config)})
        if (!sentence.empty()) sentences.push_back(std::move(sentence));
    return sentences;
}

std::vector<std::string> access_oddities(const Config& config) {
    return access_oddities(config, users_in(config.state), false);
}

void check_token_key(const Config& config) {
    const JwtConfig& jwt = config.auth.jwt;
    if (config.auth.mode != AuthMode::jwt) return;
    const FoundSecret found =
        find_key({jwt.secret_env, jwt.secret_file, jwt.secret_credential}, process_environment());
    const bool is_secret = jwt.public_key_file.empty() && jwt.jwks_url.empty();
    if (is_secret && !found.problem.empty() && found.is_of_service)
        return;  // who is not the service was told
    auth::check_key_of(jwt);
}

}  // namespace assistd::app
