// Looks up what its caller has: as it may, as it may not, and far too often.

#include <assistd/plugin.hpp>
#include <atomic>
#include <random>
#include <string>
#include <thread>

namespace {

using assistd::Call;
using assistd::Json;
using assistd::Result;

// Of this process, which is kept for the next call.
std::atomic<int> notes_made = 0;

Json handles_of(const assistd::FoundList<assistd::FoundArtifact>& found) {
    Json handles = Json::array();
    for (const assistd::FoundArtifact& each : found.items) handles.push_back(each.handle);
    return handles;
}

Result make_note(Call& call, const Json& arguments) {
    const auto text = arguments.at("text").get<std::string>();
    call.write_artifact("note", "note.txt", "text/plain", text, {{"letters", text.size()}});
    return {{{"text", text}}, "Noted."};
}

// Another one each time.
Result random_note(Call& call, const Json&) {
    const std::string number = std::to_string(std::random_device{}());
    call.write_artifact("note", "note.txt", "text/plain",
                        "note: " + std::string(1, char('a' + notes_made++ % 26)) + number,
                        {{"number", number}});
    return {{{"text", number}}, "Noted."};
}

Result find_notes(Call& call, const Json& arguments) {
    assistd::ArtifactQuery query;
    query.kinds = arguments.value("kinds", std::vector<std::string>());
    query.tool = arguments.value("tool", "");
    query.parent = arguments.value("parent", "");
    query.project_id = arguments.value("project", "");
    query.parameters = arguments.value("parameters", Json());
    query.metadata = arguments.value("metadata", Json::object());
    query.limit = arguments.value("limit", 20);
    const auto found = call.catalogue().artifacts(query);
    return {{{"handles", handles_of(found)}, {"more", found.more}}, "Found."};
}

// Once for each set of arguments: what there is already is the answer.
Result join_notes(Call& call, const Json& arguments) {
    const auto known = call.catalogue().artifacts({.kinds = {"joined"}, .parameters = arguments, .limit = 1});
    if (!known.items.empty()) {
        call.catalogue().add_to_result(known.items.front().handle);
        return {{{"stored", true}}, "Joined before."};
    }
    std::string all;
    for (const Json& handle : arguments.at("handles"))
        all += call.catalogue().open(handle.get<std::string>()).read_all();
    call.write_artifact("joined", "joined.txt", "text/plain", all);
    return {{{"stored", false}, {"text", all}}, "Joined."};
}

Result find_jobs(Call& call, const Json& arguments) {
    assistd::JobQuery query;
    query.tools = arguments.value("tools", std::vector<std::string>());
    query.states = arguments.value("states", std::vector<std::string>());
    Json jobs = Json::array();
    for (const assistd::FoundJob& job : call.catalogue().jobs(query).items)
        jobs.push_back({{"tool", job.tool},
                        {"status", job.status},
                        {"error", job.error},
                        {"arguments", job.arguments},
                        {"finished", !job.finished_at.empty()}});
    return {{{"jobs", jobs}}, "Found."};
}

// Asks on and on, while other threads show progress and ask whether they are to stop.
Result flood(Call& call, const Json& arguments) {
    std::atomic<bool> done = false;
    std::thread other([&] {
        while (!done && !call.cancelled()) call.progress(0.5, "flooding");
    });
    int good = 0;
    std::string refusal;
    const int times = arguments.value("times", 0);  // 0: until it is cancelled
    try {
        for (int i = 0; times == 0 || i < times; ++i) {
            try {
                call.catalogue().artifacts({.kinds = {"note"}, .limit = 1});
                ++good;
            } catch (const assistd::Failure& failure) {
                refusal = failure.type() + ": " + failure.what();
                call.check_cancelled();
            }
        }
    } catch (...) {
        done = true;
        other.join();
        throw;
    }
    done = true;
    other.join();
    return {{{"good", good}, {"refusal", refusal}}, "Flooded."};
}

// Opens one note after the other, which is more than it may.
Result open_all(Call& call, const Json&) {
    std::size_t opened = 0;
    try {
        for (;; ++opened) call.catalogue().open("note-" + std::to_string(opened + 1));
    } catch (const assistd::Failure& failure) {
        return {{{"opened", opened}, {"refusal", failure.what()}}, "Opened."};
    }
}

Result sneak(Call& call, const Json&) {
    return {{{"handles", handles_of(call.catalogue().artifacts())}}, "Sneaked."};
}

}  // namespace

ASSISTD_PLUGIN(tools) {
    tools.add("make_note", make_note);
    tools.add("random_note", random_note);
    tools.add("find_notes", find_notes);
    tools.add("join_notes", join_notes);
    tools.add("find_note_jobs", find_jobs);
    tools.add("flood", flood);
    tools.add("open_all", open_all);
    tools.add("sneak", sneak);
}
