#include "auth/password.h"

#include <fmt/format.h>
#include <openssl/crypto.h>
#include <openssl/evp.h>
#include <sys/random.h>

#include <charconv>
#include <optional>
#include <string_view>
#include <vector>

#include "base/base64.h"
#include "base/error.h"

namespace assistd::auth {
namespace {

constexpr std::size_t salt_bytes = 16;
constexpr std::size_t hash_bytes = 32;

struct Work {
    unsigned cost_bits = 15;
    unsigned block = 8;
    unsigned lanes = 3;
};

struct Stored {
    Work work;
    std::string salt;
    std::string hash;
};

// Nothing when the work is more than this machine should do for one password.
std::optional<std::string> derive(const std::string& password, const std::string& salt, const Work& work) {
    constexpr std::uint64_t most_memory = 256ULL << 20;
    if (work.cost_bits < 10 || work.cost_bits > 20) return std::nullopt;
    std::string hash(hash_bytes, '\0');
    const int good =
        EVP_PBE_scrypt(password.data(), password.size(), reinterpret_cast<const unsigned char*>(salt.data()),
                       salt.size(), 1ULL << work.cost_bits, work.block, work.lanes, most_memory,
                       reinterpret_cast<unsigned char*>(hash.data()), hash.size());
    if (good != 1) return std::nullopt;
    return hash;
}

bool read_number(std::string_view text, unsigned& number) {
    const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), number);
    return problem == std::errc() && end == text.data() + text.size();
}

std::optional<Stored> read_stored(std::string_view text) {
    std::vector<std::string_view> parts;
    while (parts.size() < 6) {
        const std::size_t end = std::min(text.find('$'), text.size());
        parts.push_back(text.substr(0, end));
        text.remove_prefix(std::min(end + 1, text.size()));
    }
    Stored stored;
    if (parts[0] != "scrypt" || !text.empty() || !read_number(parts[1], stored.work.cost_bits) ||
        !read_number(parts[2], stored.work.block) || !read_number(parts[3], stored.work.lanes))
        return std::nullopt;
    const auto salt = from_base64(parts[4]);
    const auto hash = from_base64(parts[5]);
    if (!salt || !hash || hash->size() != hash_bytes) return std::nullopt;
    stored.salt = *salt;
    stored.hash = *hash;
    return stored;
}

}  // namespace

std::string hash_password(const std::string& password) {
    std::string salt(salt_bytes, '\0');
    if (::getrandom(salt.data(), salt.size(), 0) != static_cast<ssize_t>(salt.size()))
        throw Error(ErrorCode::unavailable, "The system gives no random bytes.");
    const Work work;
    const auto hash = derive(password, salt, work);
    if (!hash) throw Error(ErrorCode::unavailable, "There is no memory to work on a password; try again.");
    return fmt::format("scrypt${}${}${}${}${}", work.cost_bits, work.block, work.lanes, to_base64(salt),
                       to_base64(*hash));
}

bool is_password(const std::string& password, const std::string& hash) {
    // Whether there is such a user must not show in how long this takes.
    static const Stored nobody{{}, std::string(salt_bytes, 's'), std::string(hash_bytes, '\0')};
    const auto stored = read_stored(hash);
    const Stored& against = stored ? *stored : nobody;
    const auto derived = derive(password, against.salt, against.work);
    const bool same =
        derived && CRYPTO_memcmp(derived->data(), against.hash.data(), against.hash.size()) == 0;
    return same && stored.has_value();
}

}  // namespace assistd::auth
