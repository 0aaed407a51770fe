#include "providers/offline/plain_text.h"

#include <algorithm>
#include <array>

namespace assistd::providers::offline {

std::string plain_marks(std::string_view text) {
    struct Mark {
        std::string_view fancy;
        std::string_view plain;
    };
    static constexpr std::array<Mark, 14> marks{{{"\u2018", "'"},
                                                 {"\u2019", "'"},
                                                 {"\u201c", "\""},
                                                 {"\u201d", "\""},
                                                 {"\u201e", "\""},
                                                 {"\u00ab", "\""},
                                                 {"\u00bb", "\""},
                                                 {"\u2013", "-"},
                                                 {"\u2014", ","},
                                                 {"\u2026", "."},
                                                 {"\u2212", "-"},
                                                 {"\u00a0", " "},
                                                 {"\u00b5", "u"},
                                                 {"\u03bc", "u"}}};
    std::string out;
    out.reserve(text.size());
    for (std::size_t i = 0; i < text.size();) {
        const auto found = static_cast<unsigned char>(text[i]) < 0x80
                               ? marks.end()
                               : std::find_if(marks.begin(), marks.end(), [&](const Mark& mark) {
                                     return text.substr(i).starts_with(mark.fancy);
                                 });
        if (found == marks.end()) {
            out += text[i++];
        } else {
            out += found->plain;
            i += found->fancy.size();
        }
    }
    return out;
}

}  // namespace assistd::providers::offline
