#pragma once
// Puts a short file's text into a result when the caller asked for it.

#include "assistd/plugin.hpp"
#include "text_sink.h"

namespace assistd::exporting {

inline void add_content(Json& entry, const TextSink& file) {
    if (file.size() <= inline_limit)
        entry["content"] = file.beginning();
    else
        entry["content_omitted"] = "The file is larger than 50 kB; download the artifact instead.";
}

}  // namespace assistd::exporting
