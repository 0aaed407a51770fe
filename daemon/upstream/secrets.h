#pragma once
// What must stand in no log, no error and no answer: a server's key and the values of the headers that the
// config gives it. A value, usable from any thread.

#include <string>
#include <string_view>
#include <vector>

namespace assistd {

class Secrets {
  public:
    Secrets() = default;
    // `headers` are lines, "Name: value".
    Secrets(const std::string& api_key, const std::vector<std::string>& headers);

    // `text`, which is on one line (quoted_text.h), with every one of them blotted out. To be called before
    // the text is cut: half a key would not be found.
    std::string blot_out(std::string text) const;

  private:
    void add(std::string_view text);

    std::vector<std::string> all_;  // longer ones first
};

}  // namespace assistd
