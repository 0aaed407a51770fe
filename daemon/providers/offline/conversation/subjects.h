#pragma once
// What a conversation deals with, and what the words for it mean. This is the one place that says so; reading
// a sentence (references.cpp) only notes which words were said. Pure functions over values, any thread.
//
// clang-format off
//   it, this, the cluster     the newest that was made, attached, called by its handle or name, or brought up by a question:
//                             one for its details, or "which has the highest Df?"; what was only worked on where there is
//                             no such thing. Right behind it also what was called by its kind: "plot the dla study".
//                             in the sentence that made several, each of them: "grow three clusters and plot it"
//   the last one              the newest that was made, whatever was spoken of since
//   the last three            the three that were made last; without a noun, of the kind that the tool is for
//   them, these               of one kind, what the newest turns dealt with: a turn of several ends the search
//   both, the two             as many of one kind, the newest
//   all of them, everything   all that the conversation has made or worked on; behind a list, its rows
//   all three                 the same, when they are so many
//   the first, the second     counted in the newest list or in what was made together; else, when what is newest was made
//                             alone, in all that was made, the oldest first
// clang-format on
//
// A list that was shown is what is counted until something of its kind is made; it makes nothing the
// conversation's own. What was begun and still runs is dealt with, too: nothing older is taken in its place.

#include <optional>
#include <string>
#include <vector>

#include "providers/offline/conversation/history.h"
#include "providers/offline/phrases/schema.h"
#include "providers/offline/phrases/values.h"

namespace assistd::providers::offline {

// One turn, or the steps of this one that came before.
struct Dealings {
    std::vector<MadeArtifact> things;  // the newest first
    std::vector<MadeArtifact> shown;   // the rows of a list, as they stood
    bool attached = false;             // to the message that is read
    std::size_t of_last_step = 0;      // how many of the things, from the first, the sentence's last step had
};

// What the words mean of the conversation's own.
struct Meant {
    std::vector<std::string> handles;  // the oldest first
    std::string unended;               // what was begun and is meant instead: "The study “p”"
    std::string problem;               // why it is none, in a sentence
};

// Whether the artifact is one that the words can mean, for an argument that may take it.
bool fits(const MadeArtifact& artifact, const Argument& argument, const Reference::Item& item);

// `turns`: the newest first. `least` and `most`: how many the argument needs and takes.
Meant meant_by(const Reference::Item& item, const Argument& argument, const std::vector<Dealings>& turns,
               std::size_t least, std::size_t most);

}  // namespace assistd::providers::offline
