#pragma once
// Writes XML, well-formed whatever the texts hold. One thread.

#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace assistd::exporting {

class XmlWriter {
  public:
    using Attributes = std::initializer_list<std::pair<std::string_view, std::string>>;

    // With the declaration of UTF-8.
    XmlWriter();

    XmlWriter& open(std::string_view name, Attributes attributes = {});
    XmlWriter& close();  // the element opened last
    XmlWriter& empty(std::string_view name, Attributes attributes = {});
    XmlWriter& text(const std::string& text);

    // Closes what is open.
    std::string finish();

  private:
    void begin(std::string_view name, Attributes attributes);

    std::string out_;
    std::vector<std::string> open_;
};

}  // namespace assistd::exporting
