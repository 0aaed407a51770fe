#include "core/title_writer.h"

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "base/error.h"
#include "base/logging.h"
#include "base/utf8.h"
#include "core/titles.h"

namespace assistd::core {
namespace {

constexpr std::size_t max_shown = 2'000;  // bytes of what each side said
constexpr int max_tokens = 2'048;         // also for models that think before they answer

std::string beginning_of(std::string text) {
    if (text.size() <= max_shown) return text;
    return std::string(whole_characters(text, max_shown)) + " …";
}

// What was said in a turn that ended well; both are empty otherwise.
struct Said {
    std::string question;
    std::string answer;
};

Said said_in(const std::vector<Message>& turn) {
    if (turn.size() < 2 || turn.front().role != Role::user || turn.back().role != Role::assistant) return {};
    const std::string& end = turn.back().finish_reason;
    if (end == "error" || end == "cancelled" || !turn.back().tool_calls().empty()) return {};
    return {beginning_of(turn.front().text()), beginning_of(turn.back().text())};
}

}  // namespace

TitleWriter::TitleWriter(Executor executor, Store& store, const Providers& providers, UsageBook& usage,
                         std::shared_ptr<const PromptBuilder> prompts, TitleSettings settings)
    : executor_(std::move(executor)),
      store_(store),
      providers_(providers),
      usage_(usage),
      rules_({settings.by_model, std::move(prompts)}),
      settings_(settings) {}

void TitleWriter::change(bool by_model, std::shared_ptr<const PromptBuilder> prompts) {
    rules_.replace({by_model, std::move(prompts)});
}

bool TitleWriter::is_wanted(const Conversation& before) const {
    return rules_.latest()->by_model &&
           (before.title_source == TitleSource::none || before.title_source == TitleSource::first_message);
}

void TitleWriter::write(Turn turn, std::function<void(const Usage&)> before_booked) {
    // The model of a conversation may have gone from the configuration; its turn was told so.
    try {
        if (!providers_.choose(turn.provider, turn.model).writes_prose) return;
    } catch (const Error&) {
        return;
    }
    {
        const std::lock_guard lock(mutex_);
        if (stop_.stop_requested() || waiting_.size() >= settings_.waiting) return;
        if (!busy_.insert(turn.conversation).second) return;
        if (running_ >= settings_.side_by_side) {
            waiting_.push_back({std::move(turn), std::move(before_booked), current_activity()});
            return;
        }
        ++running_;
    }
    start({std::move(turn), std::move(before_booked), current_activity()});
}

void TitleWriter::start(Wanted wanted) {
    const Executor working = working_for(copy_of(wanted.activity), asio::make_strand(executor_));
    asio::co_spawn(working, run(std::move(wanted)), asio::detached);
}

Task<void> TitleWriter::run(Wanted wanted) {
    const ConversationId conversation = wanted.turn.conversation;
    try {
        co_await try_to_write(std::move(wanted));
    } catch (const std::exception& error) {
        log::info("the conversation {} keeps its title: {}", conversation.text(), error.what());
    }
    if (auto another = next(conversation)) start(std::move(*another));
}

// The next one that waits. When there is none, the writer may be gone when it returns.
std::optional<TitleWriter::Wanted> TitleWriter::next(ConversationId done) {
    std::vector<OneShot<>> waiters;
    {
        const std::lock_guard lock(mutex_);
        busy_.erase(done);
        if (!waiting_.empty() && !stop_.stop_requested()) {
            Wanted wanted = std::move(waiting_.front());
            waiting_.pop_front();
            return wanted;
        }
        if (--running_ == 0) waiters.swap(idle_waiters_);
    }
    for (const OneShot<>& waiter : waiters) waiter.set();
    return std::nullopt;
}

Task<void> TitleWriter::try_to_write(Wanted wanted) {
    const Turn& turn = wanted.turn;
    // An earlier turn's title may have come since this one began.
    const Conversation conversation = co_await store_.conversation(turn.owner, turn.conversation);
    if (!is_wanted(conversation)) co_return;
    const std::vector<Message> messages = co_await store_.messages_of_turn(turn.id);
    const Said said = said_in(messages);
    if (said.question.empty() || said.answer.empty()) co_return;
    const ProviderChoice choice = providers_.choose(turn.provider, turn.model);
    std::string text = rules_.latest()->prompts->title_request(said.question, said.answer);
    UsageEntry spent;
    spent.owner = turn.owner;
    spent.purpose = "title";
    spent.provider = choice.provider_name;
    spent.model = choice.model;
    ProviderReply reply;
    std::exception_ptr failure;
    try {
        reply = co_await ask(choice, turn, std::move(text), spent.usage);
    } catch (...) {
        failure = std::current_exception();
    }
    spent.at = now();
    spent.usage += reply.usage;
    // What came to nothing may still have cost something.
    std::optional<Write> entry;
    if (!failure || spent.usage.total_tokens() > 0) {
        if (wanted.before_booked) wanted.before_booked(spent.usage);
        entry = usage_.add(spent);
    }
    settings_.meters->spent(spent.provider, spent.model, spent.usage);
    if (!failure) {
        Message answer;
        answer.blocks = reply.blocks;
        const bool is_whole = reply.finish_reason != "length" && reply.finish_reason != "content_filter";
        const Write titled =
            store_.set_model_title(turn.conversation, is_whole ? title_in_answer(answer.text()) : "");
        co_await titled.committed();
    }
    if (entry) co_await entry->committed();
    if (failure) std::rethrow_exception(failure);
}

Task<ProviderReply> TitleWriter::ask(ProviderChoice choice, Turn turn, std::string text, Usage& lost) {
    auto message = std::make_shared<Message>();
    message->role = Role::user;
    message->blocks.push_back(TextBlock{std::move(text)});
    const std::vector<std::shared_ptr<const Message>> messages = {message};

    std::stop_source stop;
    const std::stop_callback on_shutdown(stop_.get_token(), [&stop] { stop.request_stop(); });
    const Executor here = co_await asio::this_coro::executor;
    asio::steady_timer limit(here, settings_.time_limit);
    limit.async_wait([stop](const boost::system::error_code& error) mutable {
        if (!error) stop.request_stop();
    });
    ProviderRequest request;
    request.model = choice.model;
    request.messages = messages;
    request.allow_tools = false;
    request.wants_prose = true;
    request.wishes.max_tokens = max_tokens;
    request.owner = turn.owner;
    request.conversation = turn.conversation;
    request.stop = stop.get_token();
    request.lost_usage = [&lost](const Usage& usage) { lost += usage; };
    const TextSink nobody = [](std::string_view) {};
    co_return co_await choice.provider->generate(request, nobody);
}

Task<void> TitleWriter::shut_down() {
    const OneShot<> idle;
    stop_.request_stop();  // not under the mutex: it runs the callbacks of whoever is asked
    {
        const std::lock_guard lock(mutex_);
        waiting_.clear();
        if (running_ == 0) co_return;
        idle_waiters_.push_back(idle);
    }
    co_await idle.wait();
}

}  // namespace assistd::core
