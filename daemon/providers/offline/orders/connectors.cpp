// The words that part two orders of one sentence: "and", "then", "after that".

#include <algorithm>
#include <array>

#include "providers/offline/words/words.h"

namespace assistd::providers::offline {
namespace {

bool follows(Tokens tokens, std::size_t at, std::string_view words) {
    while (!words.empty()) {
        const std::size_t space = words.find(' ');
        if (at >= tokens.size() || tokens[at].text != words.substr(0, space)) return false;
        ++at;
        words = space == std::string_view::npos ? std::string_view() : words.substr(space + 1);
    }
    return true;
}

}  // namespace

std::size_t connector_length(Tokens tokens, std::size_t at, bool& ordered) {
    struct Connector {
        std::string_view words;
        bool ordered;
    };
    static constexpr std::array<Connector, 22> connectors{{{"once it is done", true},
                                                           {"once its done", true},
                                                           {"once thats done", true},
                                                           {"when it is done", true},
                                                           {"when its done", true},
                                                           {"when thats done", true},
                                                           {"as soon as its done", true},
                                                           {"as well as", false},
                                                           {"followed by", true},
                                                           {"after that", true},
                                                           {"after this", true},
                                                           {"after which", true},
                                                           {"and", false},
                                                           {"then", true},
                                                           {"afterwards", true},
                                                           {"afterward", true},
                                                           {"subsequently", true},
                                                           {"finally", true},
                                                           {"lastly", true},
                                                           {"next", true},
                                                           {"plus", false},
                                                           {"also", false}}};
    std::size_t i = at;
    while (i < tokens.size()) {
        if (tokens[i].kind == Token::Kind::comma) {
            ++i;
            continue;
        }
        const auto found = std::find_if(connectors.begin(), connectors.end(),
                                        [&](const Connector& c) { return follows(tokens, i, c.words); });
        if (found == connectors.end()) break;
        i += 1 + static_cast<std::size_t>(std::count(found->words.begin(), found->words.end(), ' '));
        ordered = ordered || found->ordered;
    }
    return i - at;
}

}  // namespace assistd::providers::offline
