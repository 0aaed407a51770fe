#pragma once
// How many tokens a text is. Providers report true counts afterwards; until then the daemon estimates.

#include <cstdint>
#include <string_view>

#include "core/message.h"
#include "core/tool.h"

namespace assistd::core {

// Right to 30 % or so for text of any kind; what a model really counts is learnt by TokenScale.
std::int64_t estimate_tokens(std::string_view text);
std::int64_t estimate_tokens(const Message& message);
std::int64_t estimate_tokens(const ToolSpec& tool);
std::int64_t estimate_tokens(const ToolSet& tools);

enum class CharacterKind : int;

// Counts on through a text, for those who cut it where so many tokens are reached. Refers to the text; one
// thread.
class TokenCounter {
  public:
    explicit TokenCounter(std::string_view text);

    bool next();                                  // past the next word, number or run; false at the end
    std::size_t position() const { return at_; }  // in bytes
    std::int64_t tokens() const {
        return (hundredths_ + 99) / 100;
    }  // of what is before it, or a little more

  private:
    void count_run(CharacterKind kind);
    void count_word(bool begins_with_capital);
    bool next_is(CharacterKind kind) const;
    std::size_t step();
    std::int64_t run_of(CharacterKind kind);

    const std::string_view text_;
    std::size_t at_ = 0;
    std::int64_t hundredths_ = 0;
    CharacterKind last_;
};

}  // namespace assistd::core
