#include "base/host_protocol.h"

#include <cstring>

#include "base/error.h"
#include "base/frame_socket.h"

namespace assistd {
namespace {

// Each content lists its members once, in `visit`; writing and reading both follow that list.
class Writer {
  public:
    void operator()(const std::string& text) {
        const auto size = static_cast<std::uint32_t>(text.size());
        number(size);
        bytes_ += text;
    }
    void operator()(bool value) { bytes_ += value ? '\1' : '\0'; }
    void operator()(std::uint32_t value) { number(value); }
    void operator()(std::uint64_t value) { number(value); }
    void operator()(double value) { number(value); }
    void operator()(HostQuestionKind kind) { number(static_cast<std::uint32_t>(kind)); }
    void operator()(const std::vector<HostArtifact>& artifacts);

    std::string take() { return std::move(bytes_); }

  private:
    template <class T>
    void number(T value) {
        bytes_.append(reinterpret_cast<const char*>(&value), sizeof value);
    }
    std::string bytes_;
};

class Reader {
  public:
    explicit Reader(std::string_view bytes) : bytes_(bytes) {}

    void operator()(std::string& text) { text = take(number<std::uint32_t>()); }
    void operator()(bool& value) { value = take(1).front() != '\0'; }
    void operator()(std::uint32_t& value) { value = number<std::uint32_t>(); }
    void operator()(std::uint64_t& value) { value = number<std::uint64_t>(); }
    void operator()(double& value) { value = number<double>(); }
    void operator()(HostQuestionKind& kind) {
        const auto value = number<std::uint32_t>();
        if (value > static_cast<std::uint32_t>(HostQuestionKind::add_to_result)) fail();
        kind = static_cast<HostQuestionKind>(value);
    }
    void operator()(std::vector<HostArtifact>& artifacts);

    void expect_end() const {
        if (!bytes_.empty()) fail();
    }

  private:
    [[noreturn]] static void fail() {
        throw Error(ErrorCode::internal,
                    "The other side of a frame socket broke the protocol: a malformed frame.");
    }
    std::string_view take(std::size_t size) {
        if (size > bytes_.size()) fail();
        const std::string_view taken = bytes_.substr(0, size);
        bytes_.remove_prefix(size);
        return taken;
    }
    template <class T>
    T number() {
        T value;
        std::memcpy(&value, take(sizeof value).data(), sizeof value);
        return value;
    }
    std::string_view bytes_;
};

template <class Visitor, class Artifact>
void visit_artifact(Visitor& visit, Artifact& artifact) {
    visit(artifact.handle), visit(artifact.kind), visit(artifact.name), visit(artifact.media_type);
    visit(artifact.metadata), visit(artifact.size);
}

void Writer::operator()(const std::vector<HostArtifact>& artifacts) {
    number(static_cast<std::uint32_t>(artifacts.size()));
    for (const HostArtifact& artifact : artifacts) visit_artifact(*this, artifact);
}

void Reader::operator()(std::vector<HostArtifact>& artifacts) {
    const auto count = number<std::uint32_t>();
    if (count > max_frame_files) fail();
    artifacts.resize(count);
    for (HostArtifact& artifact : artifacts) visit_artifact(*this, artifact);
}

template <class Visitor, class Value>
void visit_members(Visitor& visit, Value& value) {
    using T = std::remove_const_t<Value>;
    if constexpr (std::is_same_v<T, HostCall>) {
        visit(value.number), visit(value.memory_bytes), visit(value.tool), visit(value.arguments);
        visit(value.artifacts);
    } else if constexpr (std::is_same_v<T, HostCancel> || std::is_same_v<T, HostOutput>) {
        visit(value.number);
    } else if constexpr (std::is_same_v<T, HostReady>) {
        visit(value.ok), visit(value.reason), visit(value.unprotected), visit(value.cpu_us);
    } else if constexpr (std::is_same_v<T, HostProgress>) {
        visit(value.number), visit(value.fraction), visit(value.note);
    } else if constexpr (std::is_same_v<T, HostLog>) {
        visit(value.level), visit(value.text);
    } else if constexpr (std::is_same_v<T, HostQuestion>) {
        visit(value.number), visit(value.kind), visit(value.text);
    } else if constexpr (std::is_same_v<T, HostAnswer>) {
        visit(value.number), visit(value.good), visit(value.text), visit(value.artifacts);
    } else {
        static_assert(std::is_same_v<T, HostResult>);
        visit(value.number), visit(value.success), visit(value.left_behind);
        visit(value.cpu_us), visit(value.peak_memory_bytes), visit(value.data), visit(value.summary);
        visit(value.error_type), visit(value.message), visit(value.details), visit(value.recoverable);
        visit(value.artifacts);
    }
}

template <class Value>
std::string write(const Value& value) {
    Writer writer;
    visit_members(writer, value);
    return writer.take();
}

template <class Value>
void read(std::string_view payload, Value& value) {
    Reader reader(payload);
    visit_members(reader, value);
    reader.expect_end();
}

}  // namespace

std::string encode(const HostCall& call) {
    return write(call);
}
std::string encode(const HostCancel& cancel) {
    return write(cancel);
}
std::string encode(const HostReady& ready) {
    return write(ready);
}
std::string encode(const HostProgress& progress) {
    return write(progress);
}
std::string encode(const HostLog& log) {
    return write(log);
}
std::string encode(const HostOutput& output) {
    return write(output);
}
std::string encode(const HostResult& result) {
    return write(result);
}
std::string encode(const HostQuestion& question) {
    return write(question);
}
std::string encode(const HostAnswer& answer) {
    return write(answer);
}

void decode(std::string_view payload, HostCall& call) {
    read(payload, call);
}
void decode(std::string_view payload, HostCancel& cancel) {
    read(payload, cancel);
}
void decode(std::string_view payload, HostReady& ready) {
    read(payload, ready);
}
void decode(std::string_view payload, HostProgress& progress) {
    read(payload, progress);
}
void decode(std::string_view payload, HostLog& log) {
    read(payload, log);
}
void decode(std::string_view payload, HostOutput& output) {
    read(payload, output);
}
void decode(std::string_view payload, HostResult& result) {
    read(payload, result);
}
void decode(std::string_view payload, HostQuestion& question) {
    read(payload, question);
}
void decode(std::string_view payload, HostAnswer& answer) {
    read(payload, answer);
}

}  // namespace assistd
