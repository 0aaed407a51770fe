// "Reproduce simulation-3": the call that made it once more, with the seed that was drawn for it.

#include <array>

#include "providers/offline/conversation/recall.h"
#include "providers/offline/words/openings.h"
#include "providers/offline/words/reversed.h"

namespace assistd::providers::offline {
namespace {

using nlohmann::json;

// What is to be made again: its handle, empty for the newest; nothing when the words ask for no such thing.
std::optional<std::string> thing_asked_for(Tokens words) {
    static constexpr std::array<std::string_view, 4> verbs{"reproduce", "recreate", "regenerate", "remake"};
    drop_marks(words);
    words = without_politeness(words);
    if (!skip_any(words, verbs) || words.empty()) return std::nullopt;
    const auto readings = read_reference({}, false, words, 0);
    if (readings.empty() || readings.back().next != words.size()) return std::nullopt;
    const Reference& meant = *readings.back().value.reference;
    const bool is_one = !meant.plural() && (meant.only_handles() || meant.is_newest_of_any());
    return is_one ? std::optional(meant.items.front().handle) : std::nullopt;
}

bool made(const Call& call, const std::string& handle, std::string& found) {
    for (const MadeArtifact& artifact : call.artifacts())
        if (handle.empty() || artifact.handle == handle) {
            found = artifact.handle;
            return true;
        }
    return false;
}

}  // namespace

std::optional<Step> Recall::reproduced(Tokens words) {
    const auto handle = thing_asked_for(words);
    if (!handle) return std::nullopt;
    std::string found;
    for (std::size_t i = exchange_; i-- > 0;)
        for (const Call& call : Reversed(history_.read(i).calls)) {
            if (!made(call, *handle, found)) continue;
            auto step = changed(call, {});
            if (!step || !step->tool->spec->effects.writes) continue;
            const json data = call.body.value("data", json());
            const json seed = data.is_object() ? data.value("seed", json()) : json();
            const Argument* argument = step->tool->find("seed");
            if (argument && seed.is_number_integer()) {
                const auto index = static_cast<int>(argument - step->tool->arguments.data());
                std::erase_if(step->bindings, [index](const Binding& one) { return one.argument == index; });
                step->bindings.push_back({index, {{seed}, std::nullopt}});
            }
            step->text = as_written(words);
            step->add_note("I made it with the arguments and the seed of **" + found + "**.");
            step->add_note("Whether the files are identical tells `assistctl artifacts reproduce " + found +
                           "`.");
            return step;
        }
    return std::nullopt;
}

std::optional<std::string> Recall::not_reproduced(Tokens words) const {
    const auto handle = thing_asked_for(words);
    if (!handle) return std::nullopt;
    if (handle->empty()) return "This conversation has made nothing yet that I could make again.";
    return "Nothing in this conversation made **" + *handle + "**. “Show the details of " + *handle +
           "” tells a simulation's arguments and seed, and `assistctl artifacts reproduce " + *handle +
           "` makes it again and compares the files.";
}

}  // namespace assistd::providers::offline
