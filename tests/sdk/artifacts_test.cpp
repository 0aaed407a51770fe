// Reading artifacts as a stream, in pieces and as memory; writing them piece by piece.

#include <fcntl.h>
#include <sys/resource.h>

#include <assistd/testing.hpp>
#include <csignal>

namespace assistd {
namespace {

using testing::PluginRunner;

// More than a buffer of lines.
std::string many_lines() {
    std::string text;
    for (int i = 0; i < 20'000; ++i) text += "line " + std::to_string(i) + "\n";
    return text;
}

// Runs `read` in a call with an artifact of these bytes.
template <class Read>
void with_artifact(const std::string& bytes, Read read) {
    const int fd = ::memfd_create("artifact", MFD_CLOEXEC);
    detail::write_artifact_bytes(fd, bytes, "artifact");
    const assistd_artifact table{sizeof table,
                                 detail::to_c("text-1"),
                                 detail::to_c("text"),
                                 detail::to_c("a.txt"),
                                 detail::to_c("text/plain"),
                                 detail::to_c("{}"),
                                 bytes.size(),
                                 fd};
    read(Artifact(table));
    ::close(fd);
}

TEST(ArtifactReading, AStreamGivesLinesAndSeeks) {
    const std::string text = many_lines();
    with_artifact(text, [&](const Artifact& artifact) {
        auto stream = artifact.stream();
        std::string line, all;
        while (std::getline(stream, line)) all += line + "\n";
        EXPECT_EQ(all, text);
        stream.clear();
        stream.seekg(5);
        EXPECT_EQ(stream.get(), '0');
        EXPECT_EQ(stream.tellg(), 6);
        stream.seekg(-6, std::ios::end);
        std::getline(stream, line);
        EXPECT_EQ(line, "19999");
        stream.seekg(1, std::ios::end);
        EXPECT_TRUE(stream.fail());
        // Another reader has a position of its own.
        auto other = artifact.stream();
        std::getline(other, line);
        EXPECT_EQ(line, "line 0");
    });
}

TEST(ArtifactReading, InPiecesAndAsMemory) {
    const std::string text = many_lines();
    with_artifact(text, [&](const Artifact& artifact) {
        EXPECT_EQ(artifact.read_all(), text);
        std::array<char, 4> piece{};
        artifact.read_at(text.size() - 4, std::as_writable_bytes(std::span(piece)));
        EXPECT_EQ(std::string(piece.data(), 4), "999\n");
        ArtifactMap map = artifact.map();
        EXPECT_EQ(map.text(), text);
        const ArtifactMap moved = std::move(map);
        EXPECT_EQ(moved.bytes().size(), text.size());
        EXPECT_EQ(map.bytes().size(), 0u);
    });
    with_artifact("", [](const Artifact& artifact) {
        EXPECT_EQ(artifact.read_all(), "");
        EXPECT_EQ(artifact.map().text(), "");
        EXPECT_EQ(artifact.stream().get(), std::char_traits<char>::eof());
    });
}

TEST(ArtifactReading, SaysWhatCannotBeRead) {
    with_artifact("abc", [](const Artifact& artifact) {
        std::array<std::byte, 4> piece{};
        try {
            artifact.read_at(1, piece);
            ADD_FAILURE();
        } catch (const Failure& failure) {
            EXPECT_STREQ(failure.what(), "The artifact text-1 cannot be read: it ends after 3 bytes.");
        }
        ::ftruncate(artifact.fd(), 1);
        auto stream = artifact.stream();
        std::string line;
        EXPECT_THROW(std::getline(stream, line), Failure);
    });
}

TEST(ArtifactWriting, PieceByPieceWithMetadataAtTheEnd) {
    PluginRunner plugin(assistd_plugin_entry);
    plugin.add_artifact("text-1", "text", many_lines());
    const auto outcome = plugin.run("copy_lines", {{"source", "text-1"}, {"name", "lines.txt"}});
    ASSERT_TRUE(outcome.ok()) << outcome.message;
    ASSERT_EQ(outcome.artifacts.size(), 1u);
    EXPECT_EQ(outcome.artifacts[0].bytes, many_lines());
    EXPECT_EQ(outcome.artifacts[0].kind, "text");
    EXPECT_EQ(outcome.artifacts[0].name, "lines.txt");
    EXPECT_EQ(outcome.artifacts[0].media_type, "text/plain");
    EXPECT_EQ(outcome.artifacts[0].metadata, (Json{{"lines", 20'000}}));
    EXPECT_EQ(outcome.data.at("bytes"), many_lines().size());
}

TEST(ArtifactWriting, ACallMayHaveNoArtifactLeft) {
    PluginRunner plugin(assistd_plugin_entry);
    plugin.add_artifact("text-1", "text", "abc");
    plugin.allow_artifacts(0);
    const auto outcome = plugin.run("copy_lines", {{"source", "text-1"}});
    EXPECT_EQ(outcome.error_type, "QuotaExceededError");
    EXPECT_EQ(
        outcome.message,
        "The artifact copy.txt cannot be stored: the call has as many as it may, or what is said of this one "
        "is too long.");
}

// A call that only keeps its error, and a descriptor that takes nothing.
class FullDisk : public ::testing::Test {
  protected:
    FullDisk() : fd_(::open("/dev/full", O_WRONLY | O_CLOEXEC)) {
        call_.host_data = this;
        call_.emit_error = [](assistd_call* call, assistd_string type, assistd_string message, assistd_string,
                              int) {
            static_cast<FullDisk*>(call->host_data)->error_ =
                std::string(detail::from_c(type)) + ": " + std::string(detail::from_c(message));
            return ASSISTD_OK;
        };
        call_.set_artifact_metadata = [](assistd_call*, int, assistd_string) { return ASSISTD_INVALID; };
    }
    ~FullDisk() override { ::close(fd_); }

    assistd_call call_{};
    int fd_;
    std::string error_;
};

TEST_F(FullDisk, ThrowsWhereItIsNoticed) {
    ArtifactWriter writer(call_, fd_, "big.bin");
    writer << "fits the buffer";
    EXPECT_EQ(writer.size(), 15u);
    try {
        writer << std::string(100'000, 'x');
        ADD_FAILURE();
    } catch (const Failure& failure) {
        EXPECT_EQ(failure.type(), "QuotaExceededError");
        EXPECT_STREQ(failure.what(), "The artifact big.bin cannot be written: there is no room left for it.");
    }
}

TEST_F(FullDisk, FailsTheCallWhenAWriterIsForgotten) {
    { ArtifactWriter(call_, fd_, "big.bin") << "left in the buffer"; }
    EXPECT_EQ(error_,
              "QuotaExceededError: The artifact big.bin cannot be written: there is no room left for it.");
}

TEST_F(FullDisk, SaysWhenTheMetadataIsTooLarge) {
    ArtifactWriter writer(call_, fd_, "big.bin");
    EXPECT_THROW(writer.finish({{"a", 1}}), Failure);
}

}  // namespace
}  // namespace assistd
