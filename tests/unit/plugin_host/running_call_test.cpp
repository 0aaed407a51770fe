// A call over the socket between a plugin host and the daemon.

#include "plugin_abi/running_call.h"

#include <sys/socket.h>

#include <filesystem>
#include <fstream>

#include "plugin_host/daemon.h"
#include "support/temp_folder.h"

namespace assistd::plugin_host {
namespace {

using plugin_abi::RunningCall;
using plugin_abi::Scratch;

assistd_string c(std::string_view text) {
    return {text.data(), text.size()};
}

class RunningCallTest : public testing::Test {
  protected:
    RunningCallTest() {
        int ends[2];
        EXPECT_EQ(::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
        daemon_end_.emplace(UniqueFd(ends[0]));
        daemon_.emplace(UniqueFd(ends[1]));
        scratch_.emplace(folder_);
        HostCall call;
        call.number = 5;
        call.tool = "tool";
        call.artifacts = {{"simulation-1", "simulation", "dla.npy", "application/octet-stream", "{}", 3}};
        std::vector<UniqueFd> files;
        files.push_back(scratch_->unnamed_file());
        running_.emplace(std::move(call), std::move(files), *daemon_, *scratch_);
    }
    assistd_call* call() { return &running_->table(); }

    const test::TempFolder temporary_;
    const std::string folder_ = temporary_.path();
    std::optional<FrameSocket> daemon_end_;
    std::optional<Daemon> daemon_;
    std::optional<Scratch> scratch_;
    std::optional<RunningCall> running_;
};

TEST_F(RunningCallTest, TheLastResultCounts) {
    call()->emit_result(call(), c("1"), c("first"));
    call()->emit_result(call(), c("2"), c("second"));
    const HostResult result = running_->result(ASSISTD_OK);
    EXPECT_TRUE(result.success);
    EXPECT_EQ(result.number, 5u);
    EXPECT_EQ(result.data, "2");
    EXPECT_EQ(result.summary, "second");
}

TEST_F(RunningCallTest, AFailedCallKeepsNoArtifact) {
    EXPECT_GE(call()->create_artifact(call(), c("file"), c("a"), c("text/plain"), c("{}")), 0);
    call()->emit_error(call(), c("ValidationError"), c("No."), c("{}"), 1);
    const HostResult result = running_->result(ASSISTD_FAILED);
    EXPECT_FALSE(result.success);
    EXPECT_EQ(result.error_type, "ValidationError");
    EXPECT_TRUE(result.recoverable);
    EXPECT_TRUE(result.artifacts.empty());
    EXPECT_TRUE(running_->output_files().empty());
}

TEST_F(RunningCallTest, ArtifactsAreFoundByHandleAndMetadataCanBeReplaced) {
    EXPECT_EQ(call()->read_artifact(call(), c("simulation-2")), nullptr);
    const assistd_artifact* input = call()->read_artifact(call(), c("simulation-1"));
    ASSERT_TRUE(input);
    EXPECT_EQ(input->struct_size, sizeof(assistd_artifact));
    EXPECT_EQ(input->size, 3u);
    const int fd = call()->create_artifact(call(), c("file"), c("a"), c("text/plain"), c("{}"));
    EXPECT_EQ(call()->set_artifact_metadata(call(), fd, c(R"({"n": 1})")), ASSISTD_OK);
    EXPECT_EQ(call()->set_artifact_metadata(call(), fd + 50, c("{}")), ASSISTD_INVALID);
    call()->emit_result(call(), c("{}"), {nullptr, 0});
    EXPECT_EQ(running_->result(ASSISTD_OK).artifacts[0].metadata, R"({"n": 1})");
}

TEST_F(RunningCallTest, ACancelOfThisCallIsSeenAndOfAnotherNot) {
    const auto is_cancelled_soon = [&] {
        const auto until = std::chrono::steady_clock::now() + std::chrono::milliseconds(100);
        while (std::chrono::steady_clock::now() < until)
            if (call()->is_cancelled(call())) return true;
        return false;
    };
    EXPECT_FALSE(is_cancelled_soon());
    daemon_end_->send_now(host_frame_cancel, encode(HostCancel{4}));
    EXPECT_FALSE(is_cancelled_soon());
    daemon_end_->send_now(host_frame_cancel, encode(HostCancel{5}));
    EXPECT_TRUE(is_cancelled_soon());
}

TEST_F(RunningCallTest, ProgressIsThinnedAndTheNewestArrives) {
    call()->progress(call(), 0.1, c("one"));
    for (int i = 0; i < 1'000; ++i) call()->progress(call(), 0.2, c("two"));
    std::vector<HostProgress> reports;
    const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(5);
    while (reports.size() < 2 && std::chrono::steady_clock::now() < until) {
        call()->is_cancelled(call());
        daemon_end_->fill(false);
        while (auto frame = daemon_end_->take()) decode(frame->payload, reports.emplace_back());
    }
    ASSERT_EQ(reports.size(), 2u);
    EXPECT_EQ(reports[0].note, "one");
    EXPECT_EQ(reports[1].note, "two");
}

TEST_F(RunningCallTest, AnAnswerIsTakenFromAmongWhatElseCame) {
    const UniqueFd file = scratch_->unnamed_file();
    const auto send = [&](HostAnswer answer, std::vector<int> files) {
        daemon_end_->queue(host_frame_answer, encode(answer), std::move(files));
        ASSERT_EQ(daemon_end_->flush(), SocketState::done);
    };
    send({4, true, "of another call", {}}, {});
    daemon_end_->send_now(host_frame_cancel, encode(HostCancel{4}));
    send({5, true, "{}", {{"note-1", "note", "n.txt", "text/plain", "{}", 7}}}, {file.get()});
    const assistd_artifact* opened = nullptr;
    assistd_string answer{};
    const assistd_catalogue& catalogue = plugin_abi::catalogue_functions();
    ASSERT_EQ(catalogue.open_artifact(call(), c("note-1"), &opened, &answer), ASSISTD_OK);
    EXPECT_EQ(opened->size, 7u);
    EXPECT_GE(opened->fd, 0);
    daemon_end_->fill();
    HostQuestion question;
    decode(daemon_end_->take().value().payload, question);
    EXPECT_EQ(question.number, 5u);
    EXPECT_EQ(question.kind, HostQuestionKind::open_artifact);
    EXPECT_EQ(question.text, "note-1");
    // The second time it is there already.
    const assistd_artifact* again = nullptr;
    EXPECT_EQ(catalogue.open_artifact(call(), c("note-1"), &again, &answer), ASSISTD_OK);
    EXPECT_EQ(again, opened);
    EXPECT_EQ(daemon_end_->fill(false), SocketState::would_block);
    EXPECT_EQ(running_->files_held(), 2u);
}

TEST_F(RunningCallTest, ARefusalIsTheAnswersText) {
    daemon_end_->queue(host_frame_answer, encode(HostAnswer{5, false, R"({"message": "No."})", {}}));
    daemon_end_->flush();
    assistd_string answer{};
    EXPECT_EQ(plugin_abi::catalogue_functions().find_artifacts(call(), c("{}"), &answer), ASSISTD_FAILED);
    EXPECT_EQ(std::string(answer.data, answer.size), R"({"message": "No."})");
}

TEST_F(RunningCallTest, ACancelEndsTheWaitForAnAnswer) {
    daemon_end_->send_now(host_frame_cancel, encode(HostCancel{5}));
    assistd_string answer{};
    const assistd_catalogue& catalogue = plugin_abi::catalogue_functions();
    EXPECT_EQ(catalogue.find_jobs(call(), c("{}"), &answer), ASSISTD_CANCELLED);
    EXPECT_EQ(daemon_end_->fill(false), SocketState::would_block);  // it was not even asked
    EXPECT_TRUE(call()->is_cancelled(call()));
}

TEST_F(RunningCallTest, TheScratchFolderIsEmptied) {
    for (int i = 0; i < 3; ++i) {
        std::filesystem::create_directories(folder_ + "/a/b");
        std::ofstream(folder_ + "/a/b/c") << "x";
        scratch_->empty();
        EXPECT_TRUE(std::filesystem::is_empty(folder_));
    }
}

}  // namespace
}  // namespace assistd::plugin_host
