#pragma once
// Identities: UUIDv7 inside, so that ids sort by creation time, and a door's prefix outside ("conv_0192…").
// Value types, any thread.

#include <array>
#include <compare>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

namespace assistd {

class Uuid {
  public:
    Uuid() = default;  // the nil id, which names nothing

    // A new version 7 id (RFC 9562): milliseconds, a counter that keeps ids of one process in order, and
    // random bits. Never repeats, also across threads.
    static Uuid make();
    static Uuid from_bytes(const std::array<std::uint8_t, 16>& bytes) { return Uuid(bytes); }
    static std::optional<Uuid> from_hex(std::string_view hex);  // exactly 32 hexadecimal digits

    std::string hex() const;
    const std::array<std::uint8_t, 16>& bytes() const { return bytes_; }
    bool is_nil() const { return *this == Uuid(); }

    auto operator<=>(const Uuid&) const = default;

  private:
    explicit Uuid(const std::array<std::uint8_t, 16>& bytes) : bytes_(bytes) {}
    std::array<std::uint8_t, 16> bytes_{};
};

// An id that cannot be mistaken for another kind's. `Kind::prefix` is how the conversation API writes it;
// other doors write the same id with their own prefix through text(prefix).
template <class Kind>
struct Id {
    Uuid uuid;

    static Id make() { return {Uuid::make()}; }
    static std::optional<Id> parse(std::string_view text, std::string_view prefix = Kind::prefix) {
        if (!text.starts_with(prefix)) return std::nullopt;
        const auto uuid = Uuid::from_hex(text.substr(prefix.size()));
        if (!uuid) return std::nullopt;
        return Id{*uuid};
    }
    std::string text(std::string_view prefix = Kind::prefix) const {
        return std::string(prefix) + uuid.hex();
    }
    bool is_nil() const { return uuid.is_nil(); }

    auto operator<=>(const Id&) const = default;
};

struct ConversationKind {
    static constexpr std::string_view prefix = "conv_";
};
struct MessageKind {
    static constexpr std::string_view prefix = "msg_";
};
struct TurnKind {
    static constexpr std::string_view prefix = "turn_";
};
struct JobKind {
    static constexpr std::string_view prefix = "job_";
};
struct ArtifactKind {
    static constexpr std::string_view prefix = "art_";
};
struct ProjectKind {
    static constexpr std::string_view prefix = "proj_";
};
struct StudyKind {
    static constexpr std::string_view prefix = "study_";
};
struct VectorStoreKind {
    static constexpr std::string_view prefix = "vs_";
};
struct FileBatchKind {
    static constexpr std::string_view prefix = "vsfb_";
};
struct AssistantKind {
    static constexpr std::string_view prefix = "asst_";
};

using ConversationId = Id<ConversationKind>;
using MessageId = Id<MessageKind>;
using TurnId = Id<TurnKind>;
using JobId = Id<JobKind>;
using ArtifactId = Id<ArtifactKind>;
using ProjectId = Id<ProjectKind>;
using StudyId = Id<StudyKind>;
using VectorStoreId = Id<VectorStoreKind>;
using FileBatchId = Id<FileBatchKind>;
using AssistantId = Id<AssistantKind>;

}  // namespace assistd

template <class Kind>
struct std::hash<assistd::Id<Kind>> {
    std::size_t operator()(const assistd::Id<Kind>& id) const noexcept {
        // The last eight bytes are random bits.
        std::uint64_t tail = 0;
        for (std::size_t i = 8; i < 16; ++i) tail = tail << 8 | id.uuid.bytes()[i];
        return static_cast<std::size_t>(tail);
    }
};
