#pragma once
// One running call, as its handler sees it: progress, cancellation and artifacts, and what there is already.

#include <algorithm>
#include <chrono>
#include <string>
#include <string_view>

#include "assistd/artifact.hpp"
#include "assistd/artifact_writer.hpp"
#include "assistd/catalogue.hpp"
#include "assistd/failure.hpp"

namespace assistd {

// Says whether the result is still wanted. Cheap to copy and to ask; any thread, until the call returns.
class CancelToken {
  public:
    explicit CancelToken(assistd_call& call) : call_(&call) {}

    bool cancelled() const { return call_->is_cancelled(call_) != 0; }
    void check() const {
        if (cancelled()) throw Cancelled();
    }

  private:
    assistd_call* call_;
};

// Counts the steps of a loop, reports how far it is and ends it by Cancelled when nobody waits for the
// result:
//
//     for (const std::size_t i : call.steps(particles.size(), "placing particles")) place(particles[i]);
//
// or, where the loop has a form of its own, steps.at(done). It looks about every 5 ms and at least at every
// 256th step; the steps between cost an increment and a comparison, so it may stand in an inner loop. One
// thread.
class Steps {
  public:
    // The loop is the part `from`..`to` of the whole call.
    Steps(assistd_call& call, std::size_t count, std::string note, double from = 0, double to = 1)
        : call_(&call), count_(count), note_(std::move(note)), from_(from), width_(to - from) {}

    void at(std::size_t done) {
        if (done >= next_look_) look(done);
    }
    // What people see from the next look on.
    void say(std::string note) { note_ = std::move(note); }

    struct End {};
    class Iterator {
      public:
        using value_type = std::size_t;
        using difference_type = std::ptrdiff_t;
        explicit Iterator(Steps& steps) : steps_(&steps) { steps_->at(0); }
        std::size_t operator*() const { return done_; }
        Iterator& operator++() {
            steps_->at(++done_);
            return *this;
        }
        void operator++(int) { ++*this; }
        bool operator==(End) const { return done_ >= steps_->count_; }

      private:
        Steps* steps_;
        std::size_t done_ = 0;
    };
    Iterator begin() { return Iterator(*this); }
    End end() const { return {}; }

  private:
    using Clock = std::chrono::steady_clock;

    void look(std::size_t done) {
        CancelToken(*call_).check();
        const double part = count_ == 0 ? 1 : static_cast<double>(done) / static_cast<double>(count_);
        call_->progress(call_, from_ + width_ * part, detail::to_c(note_));
        // Half as many steps when they took too long, twice as many when they took little time.
        const Clock::time_point now = Clock::now();
        if (now - looked_ > std::chrono::milliseconds(10))
            stride_ = std::max<std::size_t>(stride_ / 2, 1);
        else if (now - looked_ < std::chrono::milliseconds(5))
            stride_ = std::min<std::size_t>(stride_ * 2, 256);
        looked_ = now;
        next_look_ = done + stride_;
    }

    assistd_call* call_;
    std::size_t count_;
    std::string note_;
    double from_;
    double width_;
    std::size_t next_look_ = 0;
    std::size_t stride_ = 1;
    Clock::time_point looked_ = Clock::now();
};

// A handler runs on one thread; progress and cancellation may be used from any, the rest only from that one.
class Call {
  public:
    explicit Call(assistd_call& call, const assistd_catalogue* catalogue = nullptr)
        : call_(&call), catalogue_(catalogue) {}

    // For people: how much is done, 0..1, and what is going on. As often as you like.
    void progress(double fraction, std::string_view note = {}) {
        call_->progress(call_, fraction, detail::to_c(note));
    }
    // The loop that a handler spends its time in; see Steps.
    Steps steps(std::size_t count, std::string note = {}, double from = 0, double to = 1) {
        return {*call_, count, std::move(note), from, to};
    }

    CancelToken cancel_token() const { return CancelToken(*call_); }
    bool cancelled() const { return cancel_token().cancelled(); }
    void check_cancelled() const { cancel_token().check(); }

    // The artifact that an argument names; a ValidationError when no argument names it.
    Artifact artifact(const std::string& handle) const {
        const assistd_artifact* found = call_->read_artifact(call_, detail::to_c(handle));
        if (!found) throw invalid_argument("artifact", "There is no artifact named " + handle + ".");
        return Artifact(*found);
    }

    // What the caller has already, as far as the tool's manifest says that it may look it up.
    Catalogue catalogue() const { return {*call_, catalogue_}; }

    // Begins an artifact, to be written piece by piece.
    ArtifactWriter artifact_writer(const std::string& kind, const std::string& name,
                                   const std::string& media_type, const Json& metadata = Json::object()) {
        return {*call_, create_artifact(kind, name, media_type, metadata), name};
    }
    // Stores `bytes` as an artifact in one go.
    void write_artifact(const std::string& kind, const std::string& name, const std::string& media_type,
                        std::string_view bytes, const Json& metadata = Json::object()) {
        detail::write_artifact_bytes(create_artifact(kind, name, media_type, metadata), bytes, name);
    }
    // Begins an artifact and returns a descriptor to write to; the host closes it.
    int create_artifact(const std::string& kind, const std::string& name, const std::string& media_type,
                        const Json& metadata = Json::object()) {
        const std::string text = metadata.dump();
        const int fd = call_->create_artifact(call_, detail::to_c(kind), detail::to_c(name),
                                              detail::to_c(media_type), detail::to_c(text));
        if (fd < 0)
            throw Failure("QuotaExceededError", "The artifact " + name +
                                                    " cannot be stored: the call has as many as it may, or "
                                                    "what is said of this one is too long.");
        return fd;
    }

  private:
    assistd_call* call_;
    const assistd_catalogue* catalogue_;
};

}  // namespace assistd
