#pragma once
// A conversation with the offline provider: the turn loop in small, with tools that answer from a function.

#include <boost/asio/io_context.hpp>
#include <functional>
#include <map>
#include <memory>
#include <nlohmann/json.hpp>
#include <set>
#include <string>
#include <vector>

#include "core/ports.h"
#include "providers/offline/offline_provider.h"

namespace assistd::test {

// The tools of plugins/ and the built-in ones, as they are shipped.
std::shared_ptr<const core::ToolSet> shipped_tools();
// A tool with an empty schema's properties replaced by `properties`.
std::shared_ptr<core::ToolSpec> make_tool(const std::string& name, const nlohmann::json& properties,
                                          std::vector<std::string> phrases,
                                          std::vector<std::string> options = {});
std::shared_ptr<const core::ToolSet> make_tools(std::vector<std::shared_ptr<core::ToolSpec>> tools);

// An owner's artifacts, newest last.
class FakeArtifacts : public core::Artifacts {
  public:
    std::vector<core::Artifact> all;

    void put(const std::string& handle, const std::string& tool = "");
    UniqueFd new_file() override { return {}; }
    Task<std::vector<core::Artifact>> add(std::vector<core::ArtifactDraft> drafts) override;
    Task<core::Artifact> find(core::Owner owner, std::string handle) override;
    Task<core::Page<core::Artifact>> list(core::ArtifactQuery query) override;
    Task<UniqueFd> open(core::Artifact artifact) override;
    Task<void> remove(core::Owner owner, std::string handle) override;
};

core::ProviderReply run_provider(core::Provider& provider, const core::ProviderRequest& request,
                                 const core::TextSink& sink);

class Conversation {
  public:
    using ToolRunner =
        std::function<nlohmann::json(const std::string& tool, const nlohmann::json& arguments)>;

    explicit Conversation(std::shared_ptr<const core::ToolSet> tools);

    // One turn; returns the final text. calls() are those of this turn.
    std::string say(const std::string& text);
    // "tool {arguments} | tool {arguments}"; rounds are parted by " > ".
    std::string calls() const { return calls_; }
    const std::vector<std::string>& call_ids() const { return call_ids_; }

    // What tools answer; the default makes an artifact of the kind that the tool's name suggests.
    ToolRunner runner;
    std::shared_ptr<FakeArtifacts> artifacts = std::make_shared<FakeArtifacts>();
    int max_rounds = 10;
    std::vector<std::shared_ptr<const core::Message>> messages;

  private:
    nlohmann::json default_result(const std::string& tool, const nlohmann::json& arguments);
    void add(core::Role role, std::vector<core::Block> blocks);

    std::shared_ptr<const core::ToolSet> tools_;
    providers::OfflineProvider provider_;
    std::map<std::string, int> numbers_;
    std::string calls_;
    std::vector<std::string> call_ids_;
};

// What somebody says and what must come of it.
struct Row {
    const char* sentence;
    const char* calls;      // as Conversation::calls() writes them; "": no tool runs
    const char* says = "";  // a part of the reply
};

// Says each row's sentence to a new conversation with the shipped tools, whose owner's artifacts `furnish`
// puts.
void check_sentences(const std::vector<Row>& rows, const std::function<void(Conversation&)>& furnish = {});

}  // namespace assistd::test
