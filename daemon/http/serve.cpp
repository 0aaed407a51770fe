#include "base/logging.h"
#include "http/connection.h"

namespace assistd::http {
namespace {

// Runs the body of a streaming reply. Its head is sent already, so all that can be said about a failure is to
// break off: the client sees that the body has no end.
Task<void> run_stream(std::shared_ptr<Connection> connection, std::shared_ptr<Stream> stream, StreamBody body,
                      std::string request_id) {
    bool failed = true;
    try {
        co_await body(stream);
        failed = false;
    } catch (const std::exception& error) {
        if (connection->alive())
            log::error("a stream failed request_id={} what=\"{}\"", request_id, error.what());
    } catch (...) {
        log::error("a stream failed request_id={} with an unknown exception", request_id);
    }
    if (failed) connection->kill();
}

}  // namespace

Task<void> serve(std::shared_ptr<Connection> connection, Exchange exchange) {
    const auto began = std::chrono::steady_clock::now();
    const Method method = exchange.request.method;
    const Service& service = connection->service();
    Reply reply = co_await service.answer(exchange, std::move(exchange.request));
    const int status = reply.status;
    const ReplyContext context = std::move(exchange.context);
    std::optional<Exchange> next;
    if (auto* body = std::get_if<StreamBody>(&reply.body)) {
        const auto stream = connection->open_stream(reply, context);
        if (stream) co_await run_stream(connection, stream, std::move(*body), context.request_id);
        next = connection->finish(stream);
    } else {
        next = connection->finish(std::move(reply), context);
    }
    const auto spent = std::chrono::steady_clock::now() - began;
    log::debug("request method={} path=\"{}\" status={} micros={} request_id={}", name_of(method),
               context.path, status, std::chrono::duration_cast<std::chrono::microseconds>(spent).count(),
               context.request_id);
    // It waits for its turn as any other request does.
    if (next) service.spawn(connection, std::move(*next));
}

}  // namespace assistd::http
