#include "http/connection.h"

#include <algorithm>
#include <limits>

#include "base/ids.h"
#include "base/stay_executor.h"

namespace assistd::http {

Connection::Connection(std::shared_ptr<const Service> service, std::shared_ptr<WriterLoop> loop,
                       UniqueFd socket, std::string peer)
    : service_(std::move(service)),
      loop_(std::move(loop)),
      peer_(std::move(peer)),
      outbox_(std::move(socket)) {}

void Connection::join_loop() {
    id_ = loop_->next_id();
    loop_->add(id_, weak_from_this());
}

Connection::~Connection() {
    loop_->remove(outbox_.socket(), id_);
}

void Connection::on_input(std::string_view bytes) {
    std::optional<Exchange> ready;
    bool flooded = false;
    {
        const std::lock_guard lock(mutex_);
        const bool answering = phase_ == Phase::busy || phase_ == Phase::flushing;
        if (phase_ == Phase::lingering || phase_ == Phase::dead || (answering && !keep_alive_)) return;
        flooded = answering && input_.size() + bytes.size() > service_->limits().pipelined_bytes;
        if (!flooded) input_.append(bytes);
        if (!flooded && !answering) ready = advance();
    }
    if (flooded) kill();
    start(std::move(ready), FairQueue::Where::here_when_alone);
}

// Reads on in what has arrived, until a request is complete or bytes are missing. Requests that need no
// handler are answered on the way.
std::optional<Exchange> Connection::advance() {
    while (phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body) {
        try {
            if (phase_ != Phase::body && !begin_request()) break;
            if (phase_ != Phase::body) continue;
            std::string_view rest = input_;
            body_.take(rest);
            input_.erase(0, input_.size() - rest.size());
            if (!body_.complete()) break;
            body_.finish();
            return take_request();
        } catch (const Error& error) {
            refuse(error);
        }
    }
    const bool waits_for_input = phase_ == Phase::idle || phase_ == Phase::head || phase_ == Phase::body;
    if (peer_gone_ && waits_for_input) die();
    return std::nullopt;
}

// True when the body of a refused request is through.
bool Connection::pass_over() {
    const std::size_t here = std::min(to_pass_over_, input_.size());
    input_.erase(0, here);
    to_pass_over_ -= here;
    return to_pass_over_ == 0;
}

// True when a head was read. Either its body comes next or the request is answered already.
bool Connection::begin_request() {
    if (phase_ == Phase::idle) {
        if (!pass_over()) return false;
        while (input_.starts_with("\r\n")) input_.erase(0, 2);  // some clients end a body with an empty line
        if (input_.empty() || input_ == "\r") return false;
        enter(Phase::head);
    }
    const auto size = scanner_.scan(input_, service_->limits());
    if (!size) return false;
    scanner_.reset();
    Head head = parse_head(std::string_view(input_).substr(0, *size - 2), service_->limits());
    input_.erase(0, *size);
    const BodyFrame frame{head.chunked, head.content_length};
    const bool waits_for_continue = head.expects_continue && head.has_body() && input_.empty();
    Exchange exchange = service_->admit(std::move(head), peer_);
    keep_alive_ = exchange.context.keep_alive;
    if (exchange.reply) {
        to_pass_over_ = static_cast<std::size_t>(exchange.passed_over);
        answer_at_once(std::move(*exchange.reply), exchange.context, exchange.note);
        return true;
    }
    incoming_ = std::move(exchange);
    body_ = BodyReader(frame, incoming_->route->route.options, service_->options().upload_folder,
                       incoming_->request.header("Content-Type").value_or(""));
    enter(Phase::body);
    if (waits_for_continue && !note(outbox_.send("HTTP/1.1 100 Continue\r\n\r\n", std::string()))) die();
    return true;
}

Exchange Connection::take_request() {
    Exchange exchange = std::move(*incoming_);
    incoming_.reset();
    exchange.request.body_size = body_.received();
    exchange.request.body = body_.take_text();
    exchange.request.body_file = body_.take_file();
    exchange.request.form = body_.take_form();
    body_ = BodyReader();
    if (input_.empty()) std::string().swap(input_);  // many connections wait long in streams
    gone_ = std::stop_source();
    if (peer_gone_) gone_.request_stop();  // nobody can have registered a callback yet
    exchange.request.gone = gone_.get_token();
    enter(Phase::busy);
    return exchange;
}

// Answers a broken or late request and ends the connection: where the next request begins is not known.
void Connection::refuse(const Error& error) {
    ReplyContext context;
    RequestNote note;
    if (incoming_) {
        context = std::move(incoming_->context);
        note = std::move(incoming_->note);
    } else {
        context.request_id = "req_" + Uuid::make().hex();
        context.path = presumed_path(input_);
        note = service_->note_of(context, peer_);
    }
    incoming_.reset();
    body_ = BodyReader();
    input_.clear();
    keep_alive_ = false;
    answer_at_once(service_->render(error, context), context, note);
}

void Connection::answer_at_once(Reply reply, const ReplyContext& context, const RequestNote& note) {
    if (service_->draining()) keep_alive_ = false;
    Outcome outcome;
    outcome.status = reply.status;
    outcome.delivered = transmit(std::move(reply), context, keep_alive_, outcome.bytes);
    service_->answered(note, outcome);
    if (!outcome.delivered) return die();
    enter(Phase::flushing);
    if (outbox_.drained()) after_reply();
}

// When a reply is wholly with the kernel.
void Connection::after_reply() {
    if (!keep_alive_) input_.clear();
    if (peer_gone_ && input_.empty()) return die();
    if (keep_alive_) return enter(Phase::idle);
    outbox_.end_sending();
    enter(Phase::lingering);
}

void Connection::enter(Phase phase) {
    phase_ = phase;
    since_ = Clock::now();
}

// Only while no handler is at work, who would have to be told without the lock: kill() does that.
void Connection::die() {
    phase_ = Phase::dead;
    dead_.store(true, std::memory_order_release);
    outbox_.shut();
    std::string().swap(input_);
    incoming_.reset();
    body_ = BodyReader();
}

void Connection::kill() {
    std::stop_source gone{std::nostopstate};
    {
        const std::lock_guard lock(mutex_);
        if (phase_ == Phase::dead) return;
        std::swap(gone, gone_);
        die();
    }
    gone.request_stop();
}

void Connection::on_peer_gone() {
    std::stop_source gone{std::nostopstate};
    bool finished = false;
    {
        const std::lock_guard lock(mutex_);
        if (peer_gone_) return;
        peer_gone_ = true;
        gone = gone_;
        // A client that only closed its own side still gets the reply that is on its way.
        const bool streams = !stream_.expired();
        finished = streams || (phase_ != Phase::busy && phase_ != Phase::flushing);
    }
    gone.request_stop();
    if (finished) kill();
}

void Connection::turn_away() {
    const std::lock_guard lock(mutex_);
    refuse(Error(ErrorCode::unavailable, "There are too many connections. Try again soon."));
}

void Connection::on_writable() {
    const Outbox::State state = outbox_.flush();
    if (!note(state)) return kill();
    if (state != Outbox::State::drained) return;
    std::optional<Exchange> ready;
    {
        const std::lock_guard lock(mutex_);
        if (phase_ != Phase::flushing || !outbox_.drained()) return;
        after_reply();
        ready = advance();
    }
    start(std::move(ready));
}

void Connection::on_tick(Clock::time_point now) {
    const Limits& limits = service_->limits();
    std::shared_ptr<Stream> stream;
    {
        const std::lock_guard lock(mutex_);
        const auto spent = now - since_;
        stream = stream_.lock();
        if ((phase_ == Phase::idle && spent > limits.idle) ||
            (phase_ == Phase::lingering && spent > limits.linger))
            return die();
        if (phase_ == Phase::head && spent > limits.head)
            return refuse(Error(ErrorCode::timeout, "The request's head did not arrive in time."));
        if (phase_ == Phase::body && spent > limits.body * (1 + (body_.received() >> 20)))
            return refuse(Error(ErrorCode::timeout, "The request's body did not arrive in time."));
    }
    const auto stalled_since = outbox_.stalled_since();
    if (stalled_since && now - *stalled_since > limits.stalled_write) return kill();
    if (stream) stream->keep_alive(now, limits.keep_alive_comment);
}

void Connection::close_if_idle() {
    const std::lock_guard lock(mutex_);
    if (phase_ == Phase::idle) die();
}

Connection::Finished Connection::finish(Reply reply, const ReplyContext& context) {
    compress(reply, context);
    Finished finished;
    {
        const std::lock_guard lock(mutex_);
        if (phase_ != Phase::busy) return finished;
        keep_alive_ = keep_alive_ && !service_->draining();
        finished.delivered = transmit(std::move(reply), context, keep_alive_, finished.bytes);
        if (finished.delivered) finished.next = reply_done();
    }
    if (!finished.delivered) kill();
    return finished;
}

Connection::Finished Connection::finish(const std::shared_ptr<Stream>& stream) {
    Finished finished;
    if (stream) finished.bytes = stream->written();
    const std::lock_guard lock(mutex_);
    if (phase_ != Phase::busy) return finished;
    if (stream) stream->finish();
    finished.delivered = true;
    finished.next = reply_done();
    return finished;
}

std::optional<Exchange> Connection::reply_done() {
    gone_ = std::stop_source(std::nostopstate);
    stream_.reset();
    enter(Phase::flushing);
    if (!outbox_.drained()) return std::nullopt;  // on_writable() goes on from here
    after_reply();
    return advance();
}

bool Connection::transmit(Reply reply, const ReplyContext& context, bool keep_alive, std::int64_t& bytes) {
    Framing framing{Framing::Body::length, 0, keep_alive};
    if (auto* file = std::get_if<FileBody>(&reply.body)) {
        framing.length = file->length;
        bytes = context.head_only ? 0 : file->length;
        std::string head = encode_head(reply, context, framing);
        return note(context.head_only ? outbox_.send(std::move(head), std::string())
                                      : outbox_.send(std::move(head), std::move(*file)));
    }
    std::string text;
    if (auto* body = std::get_if<std::string>(&reply.body)) text = std::move(*body);
    framing.length = static_cast<std::int64_t>(text.size());
    if (forbids_body(reply.status)) framing.body = Framing::Body::none;
    if (forbids_body(reply.status) || context.head_only) text.clear();
    bytes = static_cast<std::int64_t>(text.size());
    return note(outbox_.send(encode_head(reply, context, framing), std::move(text)));
}

// False when the client is gone; asks the writer loop to go on when the socket takes no more.
bool Connection::note(Outbox::State state) {
    if (state == Outbox::State::arm) loop_->arm(outbox_.socket(), id_);
    return state != Outbox::State::broken;
}

std::shared_ptr<Stream> Connection::open_stream(const Reply& reply, const ReplyContext& context) {
    const bool events = header_of(reply, "Content-Type").starts_with("text/event-stream");
    const auto stream = std::make_shared<Stream>(weak_from_this(), context.http11, events);
    Framing framing;
    framing.body = context.http11 ? Framing::Body::chunked : Framing::Body::until_close;
    {
        const std::lock_guard lock(mutex_);
        keep_alive_ = keep_alive_ && context.http11 && !service_->draining();
        framing.keep_alive = keep_alive_;
    }
    std::string head = encode_head(reply, context, framing);
    const bool sent =
        context.head_only ? note(outbox_.send(std::move(head), std::string())) : stream_with_next(head);
    if (!sent) kill();
    if (!sent || context.head_only) return nullptr;
    bool left = false;
    {
        const std::lock_guard lock(mutex_);
        stream_ = stream;
        left = peer_gone_;
    }
    if (left) kill();
    return stream;
}

bool Connection::stream(std::string_view bytes) {
    return note(outbox_.append(bytes, service_->limits().queue_bytes));
}

bool Connection::stream_with_next(std::string_view bytes) {
    if (!note(outbox_.hold(bytes))) return false;
    StayHere::afterwards([self = shared_from_this()] {
        if (!self->note(self->outbox_.release())) self->kill();
    });
    return true;
}

bool Connection::stream_end(std::string_view bytes) {
    return note(outbox_.append(bytes, std::numeric_limits<std::size_t>::max()));
}

void Connection::start(std::optional<Exchange> exchange, FairQueue::Where where) {
    if (exchange) service_->spawn(shared_from_this(), std::move(*exchange), where);
}

}  // namespace assistd::http
