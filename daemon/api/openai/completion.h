#pragma once
// A turn's events as a chat completion: whole, or chunk by chunk. One completion of one request; used by one
// coroutine at a time.

#include <string>
#include <vector>

#include "api/openai/json.h"
#include "base/error.h"
#include "core/events.h"
#include "core/turn.h"

namespace assistd::api::openai {

class Completion {
  public:
    // `model` is told back as the client named it. Events up to `after` were told in an earlier completion.
    Completion(const core::Turn& turn, std::string model, std::int64_t after = 0);

    // Sees every event of the turn in order and returns what a stream tells of it: chunks, each as a frame,
    // or nothing.
    std::string see(const core::TurnEvent& event);

    // Something was said or called, so that the client may be told that all is well.
    bool begun() const { return begun_; }
    // The turn has ended, or waits for the client: nothing follows.
    bool over() const { return over_; }
    bool waits_for_client() const { return waits_; }
    // Of a turn that failed or was stopped; throws nothing.
    std::optional<Error> failure() const;

    Json whole() const;
    // The last chunks: the finish reason, and the usage if it is wanted.
    std::string closing(bool with_usage);
    static std::string error_frame(const Error& error);

  private:
    std::string chunk(const Json& delta, const Json& finish_reason = nullptr) const;
    std::string text_chunk(std::string_view text);
    std::string thought_chunk(const core::ThoughtDelta& thought);
    std::string thoughts_chunk(const core::Message& message);
    std::string calls_chunks(const core::Message& message);
    std::string first_chunk();
    void annotate(const core::Message& message);
    std::string finish_reason() const;
    Json usage() const;

    const core::TurnOptionsPtr options_;
    const std::string id_;
    const std::int64_t created_;
    const std::string model_;
    const std::int64_t after_;
    std::string head_;  // of every chunk: all before its choices

    bool begun_ = false;
    bool role_told_ = false;
    bool over_ = false;
    bool waits_ = false;
    MessageId speaking_;  // the message that the last piece of text belongs to
    std::string text_;
    std::int64_t speaking_from_ = 0;    // where that message begins in it, in code points
    Json annotations_ = Json::array();  // what the text rests on, in its order
    std::string thoughts_;
    MessageId thinking_;                      // the message whose thoughts were told piece by piece
    std::vector<core::ToolCallBlock> calls_;  // of the client's tools
    std::string finish_reason_ = "stop";
    core::Usage usage_;
    std::optional<core::Turn> ended_;
};

}  // namespace assistd::api::openai
