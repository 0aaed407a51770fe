#include "table/files.h"

#include "inline_content.h"

namespace assistd::exporting {

void TableFiles::store(const std::string& name, const std::string& table, std::size_t rows,
                       const std::function<void(TextSink& file)>& write) {
    Json metadata{{"name", name}, {"table", table}, {"rows", rows}};
    metadata.update(about_);
    TextSink file(call_.create_artifact("table", name, "text/csv", metadata));
    write(file);
    file.flush();
    Json entry{{"file", name}, {"table", table}, {"rows", rows}, {"size", file.size()}};
    if (with_content_) add_content(entry, file);
    entries_.push_back(entry);
}

}  // namespace assistd::exporting
