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

void ended(const std::shared_ptr<Connection>& connection, const RequestNote& note, Outcome outcome,
           Connection::Finished finished) {
    outcome.bytes = finished.bytes;
    outcome.delivered = finished.delivered;
    connection->service().answered(note, outcome);
    // It is another piece of work, and waits for its turn as any other request does.
    if (finished.next) connection->service().spawn(connection, std::move(*finished.next));
}

void serve_whole(const std::shared_ptr<Connection>& connection, const Exchange& exchange, Reply reply) {
    Outcome outcome;
    outcome.status = reply.status;
    ended(connection, exchange.note, outcome, connection->finish(std::move(reply), exchange.context));
}

void end_stream(const std::shared_ptr<Connection>& connection, const std::shared_ptr<Stream>& stream,
                const RequestNote& note, int status) {
    Outcome outcome;
    outcome.status = status;
    outcome.streamed = true;
    ended(connection, note, outcome, connection->finish(stream));
}

}  // namespace

// What it holds it holds as long as a stream lasts, so it holds little: all else is in the functions above.
Task<void> serve(std::shared_ptr<Connection> connection, Exchange exchange) {
    Reply reply = co_await connection->service().answer(exchange);
    auto* body = std::get_if<StreamBody>(&reply.body);
    if (body == nullptr) co_return serve_whole(connection, exchange, std::move(reply));
    const auto stream = connection->open_stream(reply, exchange.context);
    if (stream) co_await run_stream(connection, stream, std::move(*body));
    end_stream(connection, stream, exchange.note, reply.status);
}

}  // namespace assistd::http
