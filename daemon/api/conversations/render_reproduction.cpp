#include "api/conversations/render.h"

namespace assistd::api::conversations {

// "artifact" is the new one when it was kept, since it is another.
Json render(const core::Reproduction& done) {
    const core::Artifact& original = done.original;
    Json json = {{"handle", original.handle},
                 {"identical", done.identical},
                 {"message", done.sentence},
                 {"tool", original.tool},
                 {"plugin", {{"then", original.plugin}, {"now", done.plugin_now}}},
                 {"sha256", {{"then", original.sha256}, {"now", Json()}}},
                 {"size", {{"then", original.size}, {"now", Json()}}},
                 {"first_difference", Json()},
                 {"metadata_differences", done.metadata_differences},
                 {"error_type", Json()},
                 {"artifact", Json()}};
    if (done.made) {
        json["sha256"]["now"] = done.made->sha256;
        json["size"]["now"] = done.made->size;
        if (!done.identical) json["artifact"] = render(*done.made);
    }
    if (done.first_difference) json["first_difference"] = *done.first_difference;
    if (done.error) json["error_type"] = core::name_of(*done.error);
    return json;
}

}  // namespace assistd::api::conversations
