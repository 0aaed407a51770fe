#include "api/mcp/open_questions.h"

#include <algorithm>

#include "api/random_id.h"
#include "base/sha256.h"

namespace assistd::api::mcp {
namespace {

constexpr std::ptrdiff_t most_of_one_user = 64;

}  // namespace

std::string OpenQuestions::ask(const core::Owner& owner, const std::string& call) {
    const std::string state = random_id();
    const std::lock_guard lock(mutex_);
    forget_old();
    const auto is_theirs = [&](const Question& question) { return question.owner == owner; };
    if (std::count_if(questions_.begin(), questions_.end(), is_theirs) >= most_of_one_user)
        questions_.erase(std::find_if(questions_.begin(), questions_.end(), is_theirs));
    questions_.push_back({state, owner, sha256(call), std::chrono::steady_clock::now() + patience_});
    return state;
}

bool OpenQuestions::take(const core::Owner& owner, const std::string& state, const std::string& call) {
    const std::string wanted = sha256(call);
    const std::lock_guard lock(mutex_);
    forget_old();
    const auto found = std::find_if(questions_.begin(), questions_.end(), [&](const Question& question) {
        return question.state == state && question.owner == owner && question.call == wanted;
    });
    if (found == questions_.end()) return false;
    questions_.erase(found);
    return true;
}

void OpenQuestions::forget_old() {
    const auto now = std::chrono::steady_clock::now();
    std::erase_if(questions_, [&](const Question& question) { return question.until <= now; });
}

}  // namespace assistd::api::mcp
