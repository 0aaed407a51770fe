#include "core/turn_service.h"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>

#include "base/activity.h"
#include "base/logging.h"
#include "base/stay_executor.h"
#include "core/turn_beginning.h"
#include "core/turn_replay.h"
#include "core/turn_tools.h"

namespace assistd::core {
namespace {

// As a message of the turn that answers it.
MessagePtr own_copy(Message message, TurnId turn) {
    message.turn = turn;
    return std::make_shared<const Message>(std::move(message));
}

Error key_conflict() {
    return {ErrorCode::conflict, "This Idempotency-Key was used for another request already."};
}

}  // namespace

// A turn that runs. On the heap and small, since thousands may wait for their models.
struct TurnService::Work {
    // `unkept` is in place of the store, for a turn of which nothing is kept.
    Work(std::shared_ptr<const TurnServices> turn_services, const Executor& strand, const Live& live,
         Conversation conversation, std::vector<MessagePtr> own, std::optional<Write> begin,
         std::shared_ptr<TurnStore> unkept, TurnSlots::Place its_place)
        : services(std::move(turn_services)),
          unkept_store(std::move(unkept)),
          store(unkept_store ? *unkept_store : services->store),
          limit(strand, services->budget.max_time,
                [control = live.control] { control->stop(StopCause::time_limit); }),
          counts_spent([spending = services->spending, asker = its_place.asker()](const Usage& usage) {
              if (spending) spending->spent(asker, usage);
          }),
          wants_title(!unkept_store && services->titles.is_wanted(conversation)),
          loop(*services, store, std::move(conversation), own,
               TurnRecord(store, strand, *live.handle.turn, live.handle.feed, own, std::move(begin),
                          counts_spent),
               live.control, limit),
          place(std::move(its_place)) {}

    const std::shared_ptr<const TurnServices> services;
    std::shared_ptr<TurnStore> unkept_store;
    TurnStore& store;
    TimeLimit limit;
    const std::function<void(const Usage&)> counts_spent;
    bool wants_title;
    TurnLoop loop;
    ConversationLocks::Lock lock;
    TurnSlots::Place place;
};

TurnService::TurnService(asio::io_context& io, TurnServices services)
    : io_(io), services_(services), latest_(std::move(services)) {}

void TurnService::change(Budget budget, std::shared_ptr<const PromptBuilder> prompts) {
    TurnServices next = services_;
    next.budget = budget;
    next.prompts = std::move(prompts);
    latest_.replace(std::move(next));
}

Task<TurnHandle> TurnService::start(TurnRequest request) {
    const std::string hash = hash_of(request);
    if (auto same = live_with_key(request, hash)) co_return std::move(*same);
    // A repeated request gets its turn at once, also while another one runs in the conversation.
    if (!request.idempotency_key.empty()) {
        const std::optional<Turn> earlier =
            co_await services_.store.turn_with_key(request.owner, request.idempotency_key);
        if (earlier && earlier->request_hash != hash) throw key_conflict();
        // One that is only just beginning is found behind the lock, when it can be told.
        if (earlier && earlier->state != TurnState::running)
            co_return co_await find(request.owner, earlier->id);
    }
    refuse_while_draining();
    const Asker asker{request.owner, request.by};
    TurnSlots::Place place = co_await admit(asker, std::move(request.place));
    ConversationLocks::Lock lock = locks_.lock_if_free(request.conversation);
    if (!lock) {
        place.stand_back();
        lock = co_await locks_.lock(request.conversation, request.wait, request.gone);
    }
    co_return co_await start_locked(lock, std::move(place), std::move(request), hash);
}

Task<TurnHandle> TurnService::start_locked(ConversationLocks::Lock& held, TurnSlots::Place place,
                                           TurnRequest request, std::string hash) {
    co_await begin_place(place, request.gone);
    refuse_shut_out(request.owner);  // he may have been while he waited
    const Beginning beginning(*this);
    Prepared prepared = co_await prepare(request, hash);
    prepared.lock = std::move(held);
    prepared.place = std::move(place);
    if (request.again) co_return co_await begin_again(std::move(prepared));
    if (!request.back_to.is_nil()) co_return co_await begin_instead(std::move(prepared), request.back_to);
    if (request.as_it_stands)
        co_return co_await begin_as_it_stands(std::move(prepared), std::move(request.said));
    if (!request.idempotency_key.empty()) co_return co_await begin_once(std::move(prepared));
    co_return co_await begin(std::move(prepared));
}

// A turn that cannot be answered is refused before it is stored.
Task<TurnService::Prepared> TurnService::prepare(TurnRequest request, std::string hash) {
    Prepared prepared;
    prepared.conversation = co_await services_.store.conversation(request.owner, request.conversation);
    check_takes_messages(prepared.conversation);
    Turn& turn = prepared.turn = turn_of(request, hash);
    turn.provider = request.model.empty() ? prepared.conversation.provider : request.provider;
    turn.model = request.model.empty() ? prepared.conversation.model : request.model;
    prepared.messages = co_await messages_for(request, turn.id);
    if (!prepared.messages.empty()) turn.user_message = prepared.messages.back().id;
    // A message that a client put there was answered by no turn yet.
    if (request.again && !prepared.messages.front().turn.is_nil()) {
        const Turn before = co_await services_.store.turn(request.owner, prepared.messages.front().turn);
        turn.project_id = before.project_id;
    }
    if (turn.project_id.empty()) turn.project_id = prepared.conversation.project_id;
    if (request.options == usual_options()) co_await take_assistant(turn, prepared.conversation);
    if (request.unattended) turn.options = unattended(*turn.options);
    const Message* first = prepared.messages.empty() ? nullptr : &prepared.messages.front();
    co_await check(turn, prepared.conversation, first);
    co_return prepared;
}

// Names the model and the project for good, and refuses what the model can never take.
Task<ProviderChoice> TurnService::check(Turn& turn, const Conversation& conversation, const Message* first) {
    const ProviderChoice choice = services_.providers.choose(turn.provider, turn.model);
    turn.provider = choice.provider_name;
    turn.model = choice.model;
    const PromptFacts facts = co_await services_.facts.of(turn);
    if (!facts.project) turn.project_id.clear();  // it was deleted just now
    const auto tools = tools_of_turn(services_.tools.offered_to(turn.owner), *turn.options);
    const auto system = latest_.latest()->prompts->system(facts, *tools);
    const TokenScale scale =
        services_.contexts.scale(conversation, choice.provider_name + ":" + choice.model);
    if (first) services_.contexts.history_budget(choice, {system->tokens, tools.get()}, *first, scale);
    co_return choice;
}

TurnService::Live TurnService::launch(Prepared prepared, std::optional<Write> begin) {
    std::vector<MessagePtr> own;
    for (Message& message : prepared.messages) own.push_back(own_copy(std::move(message), prepared.turn.id));
    return launch(std::move(prepared.turn), std::move(prepared.conversation), std::move(own),
                  std::make_shared<TurnFeed>(), std::move(prepared.lock), std::move(prepared.place),
                  std::move(begin));
}

std::optional<TurnHandle> TurnService::live_with_key(const TurnRequest& request,
                                                     const std::string& hash) const {
    if (request.idempotency_key.empty()) return std::nullopt;
    const std::lock_guard guard(mutex_);
    const auto found = live_keys_.find({request.owner, request.idempotency_key});
    if (found == live_keys_.end()) return std::nullopt;
    const TurnHandle& handle = live_.at(found->second).handle;
    if (handle.turn->request_hash != hash) throw key_conflict();
    return handle;
}

TurnService::Live TurnService::launch(Turn turn, Conversation conversation, std::vector<MessagePtr> own,
                                      std::shared_ptr<TurnFeed> feed, ConversationLocks::Lock lock,
                                      TurnSlots::Place place, std::optional<Write> begin,
                                      std::shared_ptr<TurnStore> unkept) {
    Live live{{std::make_shared<const Turn>(std::move(turn)), std::move(feed)},
              std::make_shared<TurnControl>()};
    const Executor strand = continuing(asio::make_strand(StayExecutor(io_)));
    auto work = std::make_unique<Work>(latest_.latest(), strand, live, std::move(conversation),
                                       std::move(own), std::move(begin), std::move(unkept), std::move(place));
    work->lock = std::move(lock);
    work->lock.keep_for_turn([feed = live.handle.feed] { return feed->has_ended(); });
    ++activity_;
    {
        const std::lock_guard guard(mutex_);
        live_.emplace(live.handle.turn->id, live);
        if (!live.handle.turn->conversation.is_nil()) ++live_kept_[live.handle.turn->owner];
        if (!live.handle.turn->idempotency_key.empty())
            live_keys_.emplace(std::pair(live.handle.turn->owner, live.handle.turn->idempotency_key),
                               live.handle.turn->id);
    }
    // Who was shut out just now was so before end_all_of() looked for this turn.
    const Owner& owner = live.handle.turn->owner;
    if (const std::string why = why_shut_out(services_.shut_out, owner); !why.empty())
        live.control->stop(StopCause::shut_out, why);
    asio::co_spawn(strand, run(live, std::move(work)), asio::detached);
    return live;
}

Task<void> TurnService::run(Live live, std::unique_ptr<Work> work) {
    try {
        co_await work->loop.run();
        if (work->wants_title) services_.titles.write(*live.handle.turn, work->counts_spent);
    } catch (const std::exception& error) {
        // The end could not be stored, or the daemon shuts down: the turn is taken up again after the
        // restart.
        if (live.control->cause() != StopCause::not_stored)
            log::warn("turn {} is left running in the store: {}", live.handle.turn->id.text(), error.what());
        live.handle.feed->abandon();
    }
    work.reset();  // and with it the lock, the next message's turn, and the place, somebody's next one
    ended(live);   // the service may be gone when this returns
}

void TurnService::ended(const Live& live) {
    ++activity_;
    std::vector<OneShot<>> waiters;
    {
        const std::lock_guard guard(mutex_);
        live_.erase(live.handle.turn->id);
        const auto kept = live_kept_.find(live.handle.turn->owner);
        if (!live.handle.turn->conversation.is_nil() && --kept->second == 0) live_kept_.erase(kept);
        live_keys_.erase({live.handle.turn->owner, live.handle.turn->idempotency_key});
        waiters = idle_waiters();
    }
    for (const OneShot<>& waiter : waiters) waiter.set();
}

std::vector<OneShot<>> TurnService::idle_waiters() {
    std::vector<OneShot<>> waiters;
    if (live_.empty() && beginning_ == 0) waiters.swap(idle_waiters_);
    return waiters;
}

std::optional<TurnService::Live> TurnService::live(const Owner& owner, TurnId id) const {
    const std::lock_guard guard(mutex_);
    const auto found = live_.find(id);
    if (found == live_.end() || found->second.handle.turn->owner != owner) return std::nullopt;
    return found->second;
}

Task<Turn> TurnService::turn(Owner owner, TurnId id) {
    const auto running = live(owner, id);
    if (!running) co_return co_await services_.store.turn(std::move(owner), id);
    Turn turn = *running->handle.turn;
    turn.rounds = 0;
    turn.usage = {};
    for (const TurnEventPtr& event : running->handle.feed->so_far()) {
        // It has ended, and is only not yet taken off the list.
        if (const auto* end = std::get_if<TurnEnded>(&event->body)) co_return *end->turn;
        const auto* reply = std::get_if<MessageCompleted>(&event->body);
        if (!reply) continue;
        ++turn.rounds;
        turn.usage += reply->message->usage;
    }
    co_return turn;
}

Task<std::vector<Message>> TurnService::messages_for(TurnRequest request, TurnId turn) {
    std::vector<Message> messages;
    if (request.as_it_stands) {
        std::optional<Message> last;
        if (request.said.empty())
            last = co_await services_.store.unanswered_message(request.conversation);
        else if (request.said.back().role == Role::user)
            last = request.said.back();
        if (last) messages.push_back(std::move(*last));
        co_return messages;
    }
    if (!request.again) {
        messages.push_back(user_message_of(request, turn));
        co_return messages;
    }
    if (!request.back_to.is_nil()) {
        messages.push_back(co_await services_.store.user_message(request.conversation, request.back_to));
        co_return messages;
    }
    std::optional<Message> last = co_await services_.store.last_user_message(request.conversation);
    if (!last)
        throw Error(ErrorCode::conflict,
                    "There is no message in this conversation that could be answered again.");
    messages.push_back(std::move(*last));
    co_return messages;
}

Task<std::shared_ptr<TurnFeed>> TurnService::told_again(Turn turn, std::vector<Message> messages) {
    const std::vector<Approval> approvals = co_await services_.store.approvals(turn.id);
    co_return replay_of(turn, messages, approvals);
}

Task<TurnHandle> TurnService::find(Owner owner, TurnId id) {
    if (auto running = live(owner, id)) co_return std::move(running->handle);
    TurnHandle handle;
    Turn stored = co_await services_.store.turn(owner, id);
    std::vector<Message> messages = co_await services_.store.messages_of_turn(id);
    handle.feed = co_await told_again(stored, std::move(messages));
    handle.turn = std::make_shared<const Turn>(std::move(stored));
    // Its end could not be stored: it goes on after a restart.
    if (handle.turn->state == TurnState::running) handle.feed->abandon();
    co_return handle;
}

Task<Turn> TurnService::cancel(Owner owner, TurnId id) {
    if (const auto running = live(owner, id)) {
        running->control->stop(StopCause::user);
        co_await running->handle.feed->whole();
    }
    co_return co_await services_.store.turn(std::move(owner), id);
}

Task<Approval> TurnService::decide(Owner owner, TurnId id, std::string call_id, ApprovalState decision,
                                   std::string reason) {
    co_await services_.store.turn(owner, id);  // not found for everybody else
    const Approval stored =
        co_await services_.store.decide_approval(id, std::move(call_id), decision, std::move(reason));
    if (stored.state == ApprovalState::waiting)
        throw Error(ErrorCode::conflict, "This call of " + stored.name + " has ended without a decision.");
    if (stored.state != decision)
        throw Error(ErrorCode::conflict, "This call of " + stored.name + " was decided already: it is " +
                                             std::string(name_of(stored.state)) + ".");
    if (const auto running = live(owner, id)) running->control->approvals().decided(stored);
    co_return stored;
}

Task<std::vector<Approval>> TurnService::waiting(Owner owner, TurnId id) {
    const auto running = live(owner, id);
    std::vector<Approval> waiting;
    if (!running) co_return waiting;
    const std::vector<Approval> stored = co_await services_.store.approvals(id);
    // What was told may not be stored yet, and a decision that is stored is told nowhere.
    for (const TurnEventPtr& event : running->handle.feed->so_far()) {
        if (const auto* asks = std::get_if<ApprovalRequired>(&event->body))
            waiting.push_back(*asks->approval);
        if (const auto* result = std::get_if<ToolCallFinished>(&event->body))
            std::erase_if(waiting, [&](const Approval& one) { return one.call_id == result->call_id; });
    }
    for (const Approval& known : stored) {
        if (known.state == ApprovalState::waiting) continue;
        std::erase_if(waiting, [&](const Approval& one) { return one.call_id == known.call_id; });
    }
    co_return waiting;
}

Task<void> TurnService::cancel_all(Owner owner, ConversationId id) {
    std::vector<Live> running;
    {
        const std::lock_guard guard(mutex_);
        for (const auto& [turn, live] : live_)
            if (live.handle.turn->conversation == id && live.handle.turn->owner == owner)
                running.push_back(live);
    }
    for (const Live& live : running) {
        live.control->stop(StopCause::user);
        co_await live.handle.feed->whole();
    }
}

Task<void> TurnService::shut_down(std::chrono::milliseconds grace) {
    const OneShot<> idle;
    services_.slots->close();
    {
        const std::lock_guard guard(mutex_);
        draining_ = true;
        if (live_.empty() && beginning_ == 0) co_return;
        idle_waiters_.push_back(idle);
        // What waits for a person or a client would wait for nothing.
        for (const auto& [id, live] : live_) {
            live.control->approvals().close();
            live.control->client_calls().close();
        }
    }
    services_.store.forgive_restarts();
    const Executor executor = co_await asio::this_coro::executor;
    asio::steady_timer patience(executor, grace);
    // On this strand; it may be on its way when the last turn has ended, and the service is gone soon after.
    const auto is_idle = std::make_shared<bool>(false);
    patience.async_wait([this, is_idle](const boost::system::error_code& error) {
        if (error || *is_idle) return;
        const std::lock_guard guard(mutex_);
        for (const auto& [id, live] : live_) live.control->stop(StopCause::shutdown);
    });
    co_await idle.wait();
    *is_idle = true;
    patience.cancel();
}

bool TurnService::is_draining() const {
    const std::lock_guard guard(mutex_);
    return draining_;
}

std::size_t TurnService::running() const {
    const std::lock_guard guard(mutex_);
    return live_.size();
}

}  // namespace assistd::core
