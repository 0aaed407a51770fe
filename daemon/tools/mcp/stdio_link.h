#pragma once
// An MCP server that is a program of ours: one JSON message per line on its standard input and output; what
// it writes on standard error goes into the log. As Link.

#include <deque>

#include "tools/mcp/child_process.h"
#include "tools/mcp/link.h"
#include "tools/plugins/plugin_log.h"
#include "upstream/secrets.h"

namespace assistd::tools::mcp {

class StdioLink : public Link {
  public:
    // `own` is set before the first event. Throws Error{unavailable} when nothing can be started.
    static std::shared_ptr<StdioLink> open(asio::io_context& context, const ChildPlan& plan,
                                           std::shared_ptr<PluginLog> log, Secrets secrets,
                                           std::shared_ptr<std::weak_ptr<Link>> own, LinkEvents events);

    StdioLink(asio::io_context& context, const ChildPlan& plan, std::shared_ptr<PluginLog> log,
              Secrets secrets, LinkEvents events);

    Task<void> tell(std::string method, Json params) override;

  protected:
    void send(Outgoing outgoing) override;
    Task<void> do_close() override;
    void forget(std::int64_t id, const std::string& method) override;

  private:
    // Each keeps the link alive until the program has ended.
    static Task<void> read_output(std::shared_ptr<StdioLink> self);
    static Task<void> read_errors(std::shared_ptr<StdioLink> self);
    static Task<void> write(std::shared_ptr<StdioLink> self);
    // Whatever becomes of the keeper, and whoever still holds the pipes: the end is the end.
    static Task<void> watch_end(std::shared_ptr<StdioLink> self);
    static Task<void> give_up_soon(std::shared_ptr<StdioLink> self);
    static Task<void> enforce_end(std::shared_ptr<StdioLink> self);
    void begin_end();
    void take_line(std::string_view line);
    void take_error_line(std::string_view line);
    void give_up(const std::string& clause);
    McpError why(int status) const;

    const asio::strand<asio::io_context::executor_type> strand_;
    const std::shared_ptr<PluginLog> log_;
    const Secrets secrets_;
    const OneShot<> errors_read_, over_;

    // On the strand.
    ChildProcess process_;
    std::string given_up_;  // why we ended it
    std::string last_words_;
    int broken_in_a_row_ = 0;
    bool ending_ = false;
    bool has_ended_ = false;

    std::mutex outbox_mutex_;
    std::deque<std::string> outbox_;
    std::size_t outbox_bytes_ = 0;
    bool writing_ = false;
    std::atomic<bool> closing_ = false;
};

}  // namespace assistd::tools::mcp
