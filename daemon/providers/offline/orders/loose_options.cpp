#include "providers/offline/orders/loose_options.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {
namespace {

constexpr std::size_t longest_clause = 24;
constexpr std::size_t longest_option = 8;  // words
constexpr int most_moved = 3;

// What joins an option to the words behind it: "1000 particles of DLA".
bool is_joint(const Token& token) {
    static constexpr std::array<std::string_view, 7> joints{"and", "by", "for", "in", "of", "using", "with"};
    return token.kind == Token::Kind::comma ||
           std::find(joints.begin(), joints.end(), token.text) != joints.end();
}

class Mover {
  public:
    Mover(Matcher& matcher, const GrammarTool& tool) : matcher_(matcher), tool_(tool) {}

    // Moves options that begin at `from` or later, at most `left` of them.
    void look(const std::vector<Token>& words, std::size_t from, std::size_t end, int left) {
        for (std::size_t begin = from; begin < end; ++begin) {
            const std::size_t last = std::min(end, begin + longest_option);
            for (std::size_t next = last; next > begin; --next) {
                // The whole of the words is no order with an option.
                if (next - begin == end) continue;
                const Tokens option = Tokens(words).subspan(begin, next - begin);
                if (!may_begin(option.front())) break;
                if (!matcher_.options(tool_.program, tool_.arguments, option, true)) continue;
                move(words, begin, next, end, left);
                break;  // a longer one has what a shorter one has
            }
        }
    }

    std::optional<Match> take() { return std::move(best_); }

  private:
    static bool may_begin(const Token& token) {
        return token.kind != Token::Kind::comma && token.kind != Token::Kind::stop && !token.filler;
    }

    void move(const std::vector<Token>& words, std::size_t begin, std::size_t next, std::size_t end,
              int left) {
        const auto at = [&words](std::size_t i) { return words.begin() + static_cast<long>(i); };
        for (const bool joined : {false, true}) {
            if (joined && (next >= end || !is_joint(words[next]))) continue;
            const std::size_t rest = next + (joined ? 1 : 0);
            std::vector<Token> moved(at(0), at(begin));
            moved.insert(moved.end(), at(rest), words.end());
            moved.insert(moved.end(), at(begin), at(next));
            auto match = matcher_.phrase(tool_.program, tool_.arguments, moved);
            if (match && (!best_ || match->score > best_->score)) best_ = std::move(match);
            if (left > 1) look(moved, begin, end - (rest - begin), left - 1);
        }
    }

    Matcher& matcher_;
    const GrammarTool& tool_;
    std::optional<Match> best_;
};

}  // namespace

std::optional<Match> match_loosely(Matcher& matcher, const GrammarTool& tool, Tokens clause) {
    if (clause.size() > longest_clause || !matcher.may_hold(tool.program, clause)) return std::nullopt;
    Mover mover(matcher, tool);
    mover.look({clause.begin(), clause.end()}, 0, clause.size(), most_moved);
    return mover.take();
}

}  // namespace assistd::providers::offline
