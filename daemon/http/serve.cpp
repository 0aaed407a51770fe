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
    std::optional<Exchange> present(std::move(exchange));
    while (present) {
        const auto began = std::chrono::steady_clock::now();
        const Method method = present->request.method;
        Reply reply = co_await connection->service().answer(*present, std::move(present->request));
        const int status = reply.status;
        const ReplyContext context = std::move(present->context);
        if (auto* body = std::get_if<StreamBody>(&reply.body)) {
            const auto stream = connection->open_stream(reply, context);
            if (stream) co_await run_stream(connection, stream, std::move(*body), context.request_id);
            present = connection->finish(stream);
        } else {
            present = connection->finish(std::move(reply), context);
        }
        const auto spent = std::chrono::steady_clock::now() - began;
        log::debug("request method={} path=\"{}\" status={} micros={} request_id={}", name_of(method),
                   context.path, status, std::chrono::duration_cast<std::chrono::microseconds>(spent).count(),
                   context.request_id);
        // Others shall have their turn between the requests of one client.
        if (present) co_await boost::asio::post(boost::asio::use_awaitable);
    }
}

}  // namespace assistd::http
