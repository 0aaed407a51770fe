// What a running call may look up of what its caller has, over the real host and in the daemon itself: what
// it finds, what it may not, whose things they are, floods, cancels.

#include "tools/catalogue.h"

#include <sys/mman.h>

#include <nlohmann/json.hpp>

#include "base/error.h"
#include "plugin_test.h"

namespace assistd::tools {
namespace {

using namespace std::chrono_literals;
using core::ToolErrorType;
using nlohmann::json;
using testing::HasSubstr;

// Artifacts in memory, newest last.
class Shelf : public core::Artifacts {
  public:
    void put(const core::Owner& owner, const std::string& kind, const std::string& bytes,
             core::Artifact about = {}) {
        about.id = ArtifactId::make();
        about.owner = owner;
        about.kind = kind;
        about.handle = kind + "-" + std::to_string(++numbers_[owner + "|" + kind]);
        about.name = kind + ".txt";
        about.size = static_cast<std::int64_t>(bytes.size());
        about.created_at = from_micros(++time_);
        shelf_.push_back({about, bytes});
    }
    Timestamp time() const { return from_micros(time_); }

    UniqueFd new_file() override { return {}; }
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft>) override {
        co_return std::vector<core::Artifact>();
    }
    Task<core::Artifact> find(core::Owner owner, std::string handle) override {
        for (const auto& [about, bytes] : shelf_)
            if (about.owner == owner && about.handle == handle) co_return about;
        throw Error(ErrorCode::not_found, "There is no artifact \"" + handle + "\".");
    }
    // The cursor says how many of the newest were looked at.
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery query) override {
        ++lists;
        core::Page<core::Artifact> page;
        const std::size_t from = query.cursor.empty() ? 0 : std::stoul(query.cursor);
        for (std::size_t i = from; i < shelf_.size(); ++i) {
            const core::Artifact& about = shelf_[shelf_.size() - 1 - i].first;
            if (about.owner != query.owner ||
                std::ranges::find(query.kinds, about.kind) == query.kinds.end() ||
                (!query.tool.empty() && about.tool != query.tool))
                continue;
            if (page.items.size() == static_cast<std::size_t>(query.limit)) {
                page.next = std::to_string(i);
                break;
            }
            page.items.push_back(about);
        }
        co_return page;
    }
    Task<UniqueFd> open(core::Artifact artifact) override {
        UniqueFd file(::memfd_create("shelf", MFD_CLOEXEC));
        for (const auto& [about, bytes] : shelf_) {
            if (about.id != artifact.id) continue;
            EXPECT_EQ(::write(file.get(), bytes.data(), bytes.size()), static_cast<ssize_t>(bytes.size()));
        }
        co_return file;
    }
    Task<void> remove(core::Owner, std::string) override { co_return; }

    std::atomic<int> lists = 0;

  private:
    std::vector<std::pair<core::Artifact, std::string>> shelf_;
    std::map<std::string, int> numbers_;
    std::int64_t time_ = 0;
};

enum class Where { host, daemon };

[[maybe_unused]] void PrintTo(Where where, std::ostream* out) {
    *out << (where == Where::host ? "in a host" : "in the daemon");
}

class Catalogued : public PluginTest, public testing::WithParamInterface<Where> {
  protected:
    Catalogued() {
        PluginSourceOptions options;
        options.cancel_grace = 10s;
        if (GetParam() == Where::daemon) options.in_process = {"org.assistd.test.catalogue"};
        start("catalogue", std::move(options));
    }
    std::future<SourceResult> begin_looking(const std::string& tool, const json& arguments = json::object(),
                                            CallOptions options = {}) {
        options.owner = "ada";
        core::ToolCall call;
        call.owner = options.owner;
        call.as_of = as_of;
        for (const auto& spec : source_->tools())
            if (spec->name == tool)
                catalogue = std::make_shared<CallCatalogue>(
                    CallCatalogue::Sources{&shelf, nullptr, nullptr, {}}, spec, call, options.stop);
        options.catalogue = catalogue;
        return begin(tool, arguments.dump(), options);
    }
    SourceResult look(const std::string& tool, const json& arguments = json::object()) {
        return begin_looking(tool, arguments).get();
    }
    json data(const std::string& tool, const json& arguments = json::object()) {
        const SourceResult result = look(tool, arguments);
        EXPECT_TRUE(result.success) << result.message;
        return json::parse(result.data);
    }

    Shelf shelf;
    std::optional<Timestamp> as_of;
    std::shared_ptr<CallCatalogue> catalogue;
};

INSTANTIATE_TEST_SUITE_P(, Catalogued, testing::Values(Where::host, Where::daemon), [](const auto& about) {
    return about.param == Where::host ? "InAHost" : "InTheDaemon";
});

TEST_P(Catalogued, FindsOpensAndAddsWhatThereIs) {
    shelf.put("ada", "note", "one ");
    shelf.put("ada", "note", "two");
    core::Artifact joined;
    joined.parameters = R"({"handles": ["note-9"]})";
    joined.tool = "join_notes";
    joined.metadata = R"({"letters": 7})";
    shelf.put("ada", "joined", "nine", joined);
    EXPECT_EQ(data("find_notes")["handles"], json::array({"joined-1", "note-2", "note-1"}));
    EXPECT_EQ(data("find_notes", {{"tool", "join_notes"}})["handles"], json::array({"joined-1"}));
    EXPECT_EQ(data("find_notes", {{"metadata", {{"letters", 7}}}})["handles"], json::array({"joined-1"}));
    EXPECT_EQ(data("find_notes", {{"metadata", {{"letters", 8}}}})["handles"], json::array());
    EXPECT_EQ(data("find_notes", {{"limit", 2}})["more"], true);

    const json made = data("join_notes", {{"handles", {"note-1", "note-2"}}});
    EXPECT_EQ(made["text"], "one two");
    EXPECT_EQ(catalogue->opened(), (std::vector<std::string>{"note-1", "note-2"}));
    EXPECT_TRUE(catalogue->added().empty());
    EXPECT_EQ(data("join_notes", {{"handles", {"note-9"}}})["stored"], true);
    ASSERT_EQ(catalogue->added().size(), 1u);
    EXPECT_EQ(catalogue->added()[0].handle, "joined-1");
}

TEST_P(Catalogued, OnlyWhatIsTheCallersOwn) {
    shelf.put("bob", "note", "secret");
    EXPECT_EQ(data("find_notes")["handles"], json::array());
    const SourceResult result = look("join_notes", {{"handles", {"note-1"}}});
    EXPECT_EQ(result.error, ToolErrorType::ValidationError);
    EXPECT_EQ(result.message, "There is no artifact \"note-1\".");
    EXPECT_TRUE(catalogue->opened().empty());
}

TEST_P(Catalogued, OnlyKindsThatTheManifestNames) {
    shelf.put("ada", "plot", "a plot");
    const SourceResult found = look("find_notes", {{"kinds", {"plot"}}});
    EXPECT_EQ(found.error, ToolErrorType::PermissionError);
    EXPECT_EQ(
        found.message,
        "The tool find_notes may not look up artifacts of the kind plot; its manifest names joined, note.");
    const SourceResult opened = look("join_notes", {{"handles", {"plot-1"}}});
    EXPECT_EQ(opened.error, ToolErrorType::PermissionError);
    EXPECT_EQ(look("sneak").error, ToolErrorType::PermissionError);
    EXPECT_EQ(
        look("find_note_jobs", {{"tools", {"run_dla_simulation"}}}).message,
        "The tool find_note_jobs may look up jobs of its own plugin, and run_dla_simulation is not a tool of "
        "it.");
}

// As a call of a tool that names no kinds has it.
TEST_P(Catalogued, WithoutACatalogueThereIsASentence) {
    const SourceResult result = run("sneak");
    EXPECT_EQ(result.error, ToolErrorType::PermissionError);
    EXPECT_EQ(result.message, "The tool sneak may look up nothing: its manifest has no \"looks_up\".");
}

TEST_P(Catalogued, WhatIsMadeAgainSeesWhatThereWas) {
    shelf.put("ada", "note", "one");
    shelf.put("ada", "note", "two");
    as_of = shelf.time();
    shelf.put("ada", "note", "three");
    EXPECT_EQ(data("find_notes")["handles"], json::array({"note-1"}));
    EXPECT_EQ(look("join_notes", {{"handles", {"note-2"}}}).message,
              "There was no artifact note-2 at that time.");
}

TEST_P(Catalogued, WrongQuestionsGetSentences) {
    EXPECT_EQ(look("find_notes", {{"limit", 0}}).message, "limit must be 1 to 100.");
    EXPECT_EQ(look("find_note_jobs", {{"states", {"asleep"}}}).message,
              "A job's state is running, completed, failed, cancelled or lost, not asleep.");
    EXPECT_THAT(look("join_notes", {{"handles", {std::string(100'000, 'x')}}}).message,
                HasSubstr("bytes, and 65536 are allowed."));
}

TEST_P(Catalogued, AFloodIsRefusedAndReachesTheStoreNoMore) {
    shelf.put("ada", "note", "one");
    const json flooded = data("flood", {{"times", 1'100}});
    EXPECT_EQ(flooded["good"], 1'000);
    EXPECT_EQ(
        flooded["refusal"],
        "QuotaExceededError: The call has looked things up 1000 times, which is as often as a call may.");
    EXPECT_EQ(shelf.lists, 1'000);
}

TEST_P(Catalogued, AFloodEndsWhenItIsCancelled) {
    std::stop_source stop;
    std::promise<void> running;
    CallOptions options;
    options.stop = stop.get_token();
    options.progress = [&running, first = true](const core::ToolProgress&) mutable {
        if (std::exchange(first, false)) running.set_value();
    };
    auto result = begin_looking("flood", json::object(), options);
    running.get_future().wait();
    stop.request_stop();
    EXPECT_EQ(result.get().error, ToolErrorType::CancelledError);
}

TEST_P(Catalogued, SoManyMayBeOpen) {
    for (int i = 0; i < 101; ++i) shelf.put("ada", "note", "text");
    const std::size_t before = open_descriptors();
    const json opened = data("open_all");
    EXPECT_EQ(opened["opened"], 100);
    EXPECT_THAT(opened["refusal"].get<std::string>(), HasSubstr("100 artifacts open"));
    EXPECT_TRUE(eventually([&] { return open_descriptors() <= before + 8; }));
    // The same process serves the next call: what was opened is closed.
    EXPECT_EQ(data("open_all")["opened"], 100);
    EXPECT_LE(source_->hosts(), 1u);
}

}  // namespace
}  // namespace assistd::tools
