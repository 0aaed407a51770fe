#include "providers/offline/conversation/subjects.h"

#include <algorithm>
#include <cstdlib>

namespace assistd::providers::offline {
namespace {

using Handles = std::vector<std::string>;

bool holds(const Handles& handles, const std::string& handle) {
    return std::find(handles.begin(), handles.end(), handle) != handles.end();
}

// "2d" of what was made with two dimensions, and whatever the maker's name and arguments hold.
bool is_so(const MadeArtifact& artifact, const std::string& modifier) {
    if (is_of_dimensions(modifier))
        return artifact.maker.find("\"dimensions\":" + modifier.substr(0, 1)) != std::string::npos;
    return artifact.maker.find(modifier) != std::string::npos;
}

// Whether it was made with the value that its name stands for; what nobody said is the usual value.
bool has_value(const MadeArtifact& artifact, const Reference::Item& item) {
    if (item.argument.empty()) return true;
    const std::string key = "\"" + item.argument + "\":";
    const std::size_t at = artifact.maker.find(key);
    const bool is_usual = at == std::string::npos ||
                          std::strtod(artifact.maker.c_str() + at + key.size(), nullptr) == item.usual;
    return is_usual == item.is_usual;
}

class Chooser {
  public:
    Chooser(const Reference::Item& item, const Argument& argument, const std::vector<Dealings>& turns,
            std::size_t least, std::size_t most)
        : item_(item), argument_(argument), turns_(turns), least_(least), most_(most) {}

    // What was made, and for "it" what was brought up; only without such a thing what was worked on.
    Meant one() {
        if (Meant meant = made_by_last_step(); meant.handles.size() > 1) return meant;
        for (const bool also_worked_on : {false, true}) {
            std::string worked_on;  // since whatever still runs was begun
            for (const Dealings& turn : turns_) {
                if (item_.newest && turn.attached) continue;
                Meant meant;
                for (const MadeArtifact& thing : turn.things) {
                    if (blocks(thing)) return worked_on.empty() ? unended(thing) : Meant{{worked_on}, "", ""};
                    if (!is_meant(thing, item_) || holds(meant.handles, thing.handle)) continue;
                    const bool counts = !thing.mentioned || (is_spoken_of(thing) && !item_.newest);
                    if (!counts && worked_on.empty() && !item_.newest) worked_on = thing.handle;
                    if (!counts && !also_worked_on) continue;
                    meant.handles.push_back(thing.handle);
                    // "analyze this" with two attachments means both.
                    if (!turn.attached) return meant;
                }
                if (!meant.handles.empty()) return oldest_first(std::move(meant));
            }
        }
        return {};
    }

    // The newest that were made, and only where there are too few what was worked on.
    Meant last_ones() {
        const auto count = static_cast<std::size_t>(item_.count);
        for (const bool also_worked_on : {false, true})
            for (const Reference::Item& item : one_kind_each(argument_.kinds)) {
                Meant meant;
                for (const Dealings& turn : turns_)
                    for (const MadeArtifact& thing : turn.things) {
                        if (turn.attached || meant.handles.size() == count) continue;
                        if (blocks(thing)) return unended(thing);
                        if ((!thing.mentioned || also_worked_on) && is_meant(thing, item) &&
                            !holds(meant.handles, thing.handle))
                            meant.handles.push_back(thing.handle);
                    }
                if (meant.handles.size() == count) return oldest_first(std::move(meant));
            }
        return {};
    }

    // "them" and "both": of one kind, that of what was made last first; of both, that of which the second is
    // the newest.
    Meant together() {
        Meant most;  // where there are too few of each kind
        std::optional<std::pair<std::size_t, Meant>> nearest;
        for (const Reference::Item& item : one_kind_each(kinds_by_age())) {
            std::size_t reach = 0;
            Meant meant = item_.count > 0 ? so_many(item, reach) : since_the_last_several(item);
            if (!meant.unended.empty() && !nearest) return meant;
            const bool enough = meant.handles.size() >= least_;
            if (enough && (!nearest || reach < nearest->first))
                nearest.emplace(reach, std::move(meant));
            else if (!enough && meant.handles.size() > most.handles.size())
                most = std::move(meant);
        }
        return nearest ? nearest->second : most;
    }

    Meant all() {
        Meant meant;
        const auto count = static_cast<std::size_t>(item_.count);
        for (const Dealings& turn : turns_)
            if (Handles here = fitting(turn.things, item_); count > 0 && here.size() == count)
                return oldest_first({std::move(here), "", ""});
        for (const Dealings& turn : turns_) {
            const Handles rows = shown(turn, item_);
            const bool is_first = meant.handles.empty();
            if (is_first && !rows.empty() && item_.may_be_list) {
                meant.handles.assign(rows.begin(),
                                     rows.begin() + static_cast<long>(std::min(rows.size(), most_)));
                return checked(std::move(meant));
            }
            for (const bool worked_on : {false, true})
                for (const MadeArtifact& thing : turn.things)
                    if (thing.mentioned == worked_on && is_meant(thing, item_) &&
                        meant.handles.size() < most_ && !holds(meant.handles, thing.handle))
                        meant.handles.push_back(thing.handle);
        }
        std::reverse(meant.handles.begin(), meant.handles.end());
        sort_by_kind(meant.handles);
        return checked(std::move(meant));
    }

    Meant counted() const {
        const auto count = static_cast<std::size_t>(item_.several ? item_.count : item_.ordinal);
        for (const bool mentioned : {false, true})
            for (const Reference::Item& item : one_kind_each(argument_.kinds)) {
                const Handles all = frame(item, mentioned);
                if (all.size() < count) continue;
                if (!item_.several) return {{all[count - 1]}, "", ""};
                return {{all.begin(), all.begin() + static_cast<long>(count)}, "", ""};
            }
        return {};
    }

  private:
    // "Grow three clusters and plot it": none of them is meant more than the others.
    Meant made_by_last_step() const {
        const bool bare = item_.kind.empty() && item_.modifier.empty() && !item_.newest;
        Meant meant;
        if (!bare || turns_.empty()) return meant;
        const Dealings& sentence = turns_.front();
        for (std::size_t i = 0; i < std::min(sentence.of_last_step, sentence.things.size()); ++i) {
            const MadeArtifact& thing = sentence.things[i];
            if (is_running(thing)) return {};
            if (!thing.mentioned && is_meant(thing, item_) && !holds(meant.handles, thing.handle))
                meant.handles.push_back(thing.handle);
        }
        return oldest_first(std::move(meant));
    }

    static bool is_running(const MadeArtifact& thing) { return !thing.unended.empty(); }

    bool is_meant(const MadeArtifact& thing, const Reference::Item& item) const {
        return !is_running(thing) && fits(thing, argument_, item);
    }

    // A plot of what a tool found is rather drawn of its result than of the thing that it worked on.
    bool is_spoken_of(const MadeArtifact& thing) const {
        const bool of_result = std::ranges::any_of(
            item_.of, [](const std::string& of) { return of.find('_') != std::string::npos; });
        return thing.brought_up || (thing.called && !of_result);
    }

    // What still runs is meant when it is called by its kind, or by nothing: "it", "the last one".
    bool blocks(const MadeArtifact& thing) const {
        if (!is_running(thing)) return false;
        const bool bare = item_.kind.empty() && item_.modifier.empty() && !item_.several;
        Reference::Item any_maker;
        any_maker.kind = item_.kind;
        const bool is_kind = item_.modifier.empty() && fits(thing, argument_, any_maker);
        // What is made of another thing, such as a picture, is none that every tool could take.
        return is_kind || (bare && !thing.mentioned);
    }

    static Meant unended(const MadeArtifact& thing) { return {{}, thing.unended, ""}; }

    static Meant oldest_first(Meant meant) {
        std::reverse(meant.handles.begin(), meant.handles.end());
        return meant;
    }

    // A second cluster is none of a cluster and its analysis: words without a noun are of one kind at a time.
    std::vector<Reference::Item> one_kind_each(const std::vector<std::string>& kinds) const {
        std::vector<Reference::Item> items;
        for (const std::string& kind : kinds) {
            if (!item_.kind.empty()) break;
            items.push_back(item_);
            items.back().kind = kind;
        }
        if (items.empty()) items.push_back(item_);
        return items;
    }

    // The kinds of what fits, that of the newest first; what was made before what was worked on.
    std::vector<std::string> kinds_by_age() const {
        std::vector<std::string> kinds;
        for (const Dealings& turn : turns_)
            for (const bool worked_on : {false, true})
                for (const MadeArtifact& thing : turn.things)
                    if (thing.mentioned == worked_on && is_meant(thing, item_) && !holds(kinds, thing.kind))
                        kinds.push_back(thing.kind);
        return kinds;
    }

    Handles fitting(const std::vector<MadeArtifact>& things, const Reference::Item& item) const {
        Handles handles;
        for (const MadeArtifact& thing : things)
            if (is_meant(thing, item) && !holds(handles, thing.handle)) handles.push_back(thing.handle);
        return handles;
    }

    Handles shown(const Dealings& turn, const Reference::Item& item) const {
        return fitting(turn.shown, item);
    }

    // `reach`: the turn, counted back, that had the last of them. What a list of all found is none of two.
    Meant so_many(const Reference::Item& item, std::size_t& reach) const {
        const auto count = static_cast<std::size_t>(item_.count);
        Meant meant;
        for (std::size_t i = 0; i < turns_.size(); ++i)
            for (const bool worked_on : {false, true})
                for (const MadeArtifact& thing : turns_[i].things) {
                    if (meant.handles.size() == count) break;
                    if (blocks(thing)) return unended(thing);
                    const bool is_found = thing.brought_up && !turns_[i].shown.empty();
                    if (thing.mentioned != worked_on || is_found || !is_meant(thing, item) ||
                        holds(meant.handles, thing.handle))
                        continue;
                    meant.handles.push_back(thing.handle);
                    reach = i;
                }
        return oldest_first(std::move(meant));
    }

    // Back to the newest turn of several; those that came one by one since are with them only when they are
    // too few by themselves.
    Meant since_the_last_several(const Reference::Item& item) const {
        Meant meant;
        for (const Dealings& turn : turns_) {
            for (const MadeArtifact& thing : turn.things)
                if (blocks(thing)) return unended(thing);
            Handles here = fitting(turn.things, item);
            if (const Handles rows = shown(turn, item); here.empty() && meant.handles.empty()) {
                here = rows;
                std::reverse(here.begin(), here.end());  // a list is read from its top
            }
            const bool several = here.size() > 1;
            if (several && meant.handles.size() > 1) break;
            for (const std::string& handle : here)
                if (!holds(meant.handles, handle) && meant.handles.size() < most_)
                    meant.handles.push_back(handle);
            if (several) break;
        }
        return oldest_first(std::move(meant));
    }

    // What "first" and "second" count in, the first first.
    Handles frame(const Reference::Item& item, bool mentioned) const {
        const auto of_turn = [&](const Dealings& turn) {
            Handles handles;
            for (auto thing = turn.things.rbegin(); thing != turn.things.rend(); ++thing)
                if (thing->mentioned == mentioned && is_meant(*thing, item) && !holds(handles, thing->handle))
                    handles.push_back(thing->handle);
            return handles;
        };
        for (const Dealings& turn : turns_) {
            if (Handles rows = shown(turn, item); !mentioned && !rows.empty()) return rows;
            Handles here = of_turn(turn);
            // "The first three" are none of two.
            const bool enough = !item_.several || here.size() >= static_cast<std::size_t>(item_.count);
            if (here.size() > 1 && enough) return here;
            if (!here.empty()) break;
        }
        Handles all;
        for (auto turn = turns_.rbegin(); turn != turns_.rend(); ++turn)
            for (const std::string& handle : of_turn(*turn))
                if (!holds(all, handle)) all.push_back(handle);
        return all;
    }

    // "All three", and they are four: which are not meant?
    Meant checked(Meant meant) const {
        const auto count = static_cast<std::size_t>(item_.count);
        if (count == 0 || meant.handles.empty() || meant.handles.size() == count) return meant;
        return {{},
                "",
                "This conversation has " + std::to_string(meant.handles.size()) + " of them, not " +
                    std::to_string(count) + ". Please name those that you mean."};
    }

    // In the order of the kinds that the tool names, and of their numbers.
    void sort_by_kind(Handles& handles) const {
        const auto place = [&](const std::string& handle) {
            const std::size_t dash = handle.rfind('-');
            const auto kind =
                std::find(argument_.kinds.begin(), argument_.kinds.end(), handle.substr(0, dash));
            const long number = dash == std::string::npos ? 0 : std::atol(&handle[dash + 1]);
            return std::pair(kind - argument_.kinds.begin(), number);
        };
        std::stable_sort(handles.begin(), handles.end(),
                         [&](const std::string& a, const std::string& b) { return place(a) < place(b); });
    }

    const Reference::Item& item_;
    const Argument& argument_;
    const std::vector<Dealings>& turns_;
    std::size_t least_;
    std::size_t most_;
};

}  // namespace

bool fits(const MadeArtifact& artifact, const Argument& argument, const Reference::Item& item) {
    // Whether an uploaded file is "this image" is not known by its kind.
    const bool may_be_any = artifact.kind == "file" && std::ranges::count(argument.kinds, artifact.kind) > 0;
    const bool kind = !item.kind.empty()       ? artifact.kind == item.kind || may_be_any
                      : argument.kinds.empty() ? true
                                               : std::find(argument.kinds.begin(), argument.kinds.end(),
                                                           artifact.kind) != argument.kinds.end();
    const auto is_of = [&](const std::string& of) {
        return artifact.kind == of || artifact.maker.starts_with(of + " ");
    };
    const bool of = item.of.empty() || std::any_of(item.of.begin(), item.of.end(), is_of);
    return kind && of && has_value(artifact, item) &&
           (item.modifier.empty() || is_so(artifact, item.modifier));
}

Meant meant_by(const Reference::Item& item, const Argument& argument, const std::vector<Dealings>& turns,
               std::size_t least, std::size_t most) {
    Chooser chooser(item, argument, turns, least, most);
    if (item.ordinal > 0) return chooser.counted();
    if (item.every) return chooser.all();
    if (!item.several) return chooser.one();
    return item.newest && item.count > 0 ? chooser.last_ones() : chooser.together();
}

}  // namespace assistd::providers::offline
