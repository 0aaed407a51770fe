#pragma once
// Who asks, and what the key, token or session that was shown allows. Values.

#include <cstdint>
#include <initializer_list>
#include <string>
#include <string_view>

namespace assistd::http {

// What a key may be restricted to. read: ask for what is there; write: begin turns, make, change and delete;
// tools: call tools without a turn; admin: what concerns all users, which an administrator alone may do.
enum class Scope : std::uint8_t { read = 1, write = 2, tools = 4, admin = 8 };

class Scopes {
  public:
    constexpr Scopes() = default;
    constexpr Scopes(std::initializer_list<Scope> scopes) {
        for (const Scope scope : scopes) add(scope);
    }
    constexpr void add(Scope scope) { bits_ |= static_cast<std::uint8_t>(scope); }
    constexpr void remove(Scope scope) { bits_ &= static_cast<std::uint8_t>(~static_cast<unsigned>(scope)); }
    constexpr bool has(Scope scope) const { return (bits_ & static_cast<std::uint8_t>(scope)) != 0; }
    friend constexpr bool operator==(Scopes, Scopes) = default;

  private:
    std::uint8_t bits_ = 0;
};

// As it stands in keys and sentences: "read".
std::string_view name_of(Scope scope);

constexpr Scopes every_scope{Scope::read, Scope::write, Scope::tools, Scope::admin};

// What a request may do beside what its user owns.
struct Rights {
    bool admin = false;  // the user is an administrator and the credential does not forbid it
    Scopes scopes;
    std::string
        credential;  // the id of the key, token or session, for limits and the log; empty: none is needed
};

struct Identity {
    std::string user;
    Rights rights;
};

}  // namespace assistd::http
