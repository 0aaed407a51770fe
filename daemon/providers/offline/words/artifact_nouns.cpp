#include "providers/offline/words/artifact_nouns.h"

#include <algorithm>
#include <array>

#include "providers/offline/words/openings.h"

namespace assistd::providers::offline {
namespace {

struct Synonym {
    std::string_view word;
    std::string_view kind;
};
// What people call artifacts, where a tool takes that kind or every kind; one that takes a kind knows its
// name.
constexpr std::array<Synonym, 27> synonyms{{{"simulation", "simulation"},
                                            {"plot", "plot"},
                                            {"geometry", "geometry"},
                                            {"table", "table"},
                                            {"image", "image"},
                                            {"picture", "image"},
                                            {"report", "report"},
                                            {"comparison", "comparison"},
                                            {"study", "study"},
                                            {"document", "document"},
                                            {"file", ""},
                                            {"cluster", "simulation"},
                                            {"aggregate", "simulation"},
                                            {"agglomerate", "simulation"},
                                            {"structure", "simulation"},
                                            {"sim", "simulation"},
                                            {"run", "simulation"},
                                            {"graph", "plot"},
                                            {"figure", "plot"},
                                            {"chart", "plot"},
                                            {"diagram", "plot"},
                                            {"analysis", "analysis"},
                                            {"fit", "analysis"},
                                            {"result", ""},
                                            {"one", ""},
                                            {"artifact", ""},
                                            {"thing", ""}}};

}  // namespace

std::string kind_named(std::string_view noun, const std::vector<std::string>& kinds, bool& found,
                       bool& many) {
    found = false;
    const std::string word = stem(noun);
    many = word != noun;
    for (const std::string& kind : kinds)
        if (stem(kind) == word) {
            found = true;
            return kind;
        }
    for (const Synonym& synonym : synonyms) {
        if (stem(synonym.word) != word) continue;
        found = synonym.kind.empty() || kinds.empty() ||
                std::find(kinds.begin(), kinds.end(), synonym.kind) != kinds.end();
        return std::string(synonym.kind);
    }
    return "";
}

bool may_be_called(std::string_view kind, std::string_view noun) {
    const std::string word = stem(noun);
    if (stem(kind) == word) return true;
    return std::any_of(synonyms.begin(), synonyms.end(), [&](const Synonym& synonym) {
        return stem(synonym.word) == word && (synonym.kind.empty() || synonym.kind == kind);
    });
}

std::size_t past_all(Tokens tokens, std::size_t at) {
    static constexpr std::array<std::string_view, 14> tails{"so far",
                                                            "until now",
                                                            "up to now",
                                                            "in this conversation",
                                                            "of this conversation",
                                                            "in this chat",
                                                            "from this conversation",
                                                            "that i made",
                                                            "that we made",
                                                            "that you made",
                                                            "i made",
                                                            "we made",
                                                            "we did",
                                                            "i did"};
    std::size_t length = 0;
    for (const std::string_view tail : tails)
        if (at < tokens.size() && begins(tokens.subspan(at), tail, length)) return at + length;
    return at;
}

}  // namespace assistd::providers::offline
