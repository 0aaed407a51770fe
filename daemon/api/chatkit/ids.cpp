#include "api/chatkit/ids.h"

#include <array>
#include <charconv>

namespace assistd::api::chatkit {
namespace {

struct Prefix {
    ItemKind kind;
    std::string_view text;
    bool numbered;
};
constexpr std::array prefixes{
    Prefix{ItemKind::thoughts, "wf_thoughts_", false}, Prefix{ItemKind::message, "msg_", false},
    Prefix{ItemKind::workflow, "wf_", false}, Prefix{ItemKind::question, "si_", true},
    Prefix{ItemKind::client_call, "tc_", true}};
constexpr std::size_t digits = 32;

}  // namespace

std::string ItemId::text() const {
    for (const Prefix& prefix : prefixes)
        if (prefix.kind == kind)
            return message.text(prefix.text) + (prefix.numbered ? "_" + std::to_string(call) : "");
    return {};
}

std::optional<ItemId> ItemId::parse(std::string_view text) {
    for (const Prefix& prefix : prefixes) {
        if (!text.starts_with(prefix.text)) continue;
        text.remove_prefix(prefix.text.size());
        const auto message = Uuid::from_hex(text.substr(0, digits));
        if (!message) return std::nullopt;
        ItemId id{prefix.kind, {*message}, 0};
        text.remove_prefix(digits);
        if (!prefix.numbered) return text.empty() ? std::optional(id) : std::nullopt;
        if (!text.starts_with('_')) return std::nullopt;
        const auto [end, error] = std::from_chars(text.data() + 1, text.data() + text.size(), id.call);
        if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
        return id;
    }
    return std::nullopt;
}

}  // namespace assistd::api::chatkit
