#include "base/config_emptied.h"

#include "base/config_value.h"

namespace assistd {

void refuse_emptied(const Config& now, const Config& next) {
    if (!now.tree || !next.tree) return;
    Mistakes mistakes;
    for (const auto& [file, has_content] : next.tree->files) {
        const auto before = now.tree->files.find(file);
        if (has_content || before == now.tree->files.end() || !before->second) continue;
        mistakes.attempt([&, &name = file] {
            refuse({name},
                   "the file is empty, and what counts now was read from it; when it is whole, reload again. "
                   "If nothing is to be set in it any more, write {} into it");
        });
    }
    mistakes.tell();
}

}  // namespace assistd
