#include "base/log_quoted.h"
#include "base/logging.h"
#include "http/connection.h"

namespace assistd::http {
namespace {

// Runs the body of a streaming reply. Its head is sent already, so all that can be said about a failure is to
// break off: the client sees that the body has no end.
Task<void> run_stream(std::shared_ptr<Connection> connection, std::shared_ptr<Stream> stream,
                      StreamBody body) {
    bool failed = true;
    connection->service().count_streams(1);
    try {
        co_await body(stream);
        failed = false;
    } catch (const std::exception& error) {
        if (connection->alive()) log::error("a stream failed what={}", log::quoted(error.what()));
    } catch (...) {
        log::error("a stream failed with an unknown exception");
    }
    connection->service().count_streams(-1);
    if (failed) connection->kill();
}

}  // namespace

Task<void> serve(std::shared_ptr<Connection> connection, Exchange exchange) {
    const Service& service = connection->service();
    Reply reply = co_await service.answer(exchange);
    Outcome outcome;
    outcome.status = reply.status;
    Connection::Finished finished;
    if (auto* body = std::get_if<StreamBody>(&reply.body)) {
        outcome.streamed = true;
        const auto stream = connection->open_stream(reply, exchange.context);
        if (stream) co_await run_stream(connection, stream, std::move(*body));
        finished = connection->finish(stream);
    } else {
        finished = connection->finish(std::move(reply), exchange.context);
    }
    outcome.bytes = finished.bytes;
    outcome.delivered = finished.delivered;
    service.answered(exchange.note, outcome);
    // It is another piece of work, and waits for its turn as any other request does.
    if (finished.next) service.spawn(connection, std::move(*finished.next));
}

}  // namespace assistd::http
