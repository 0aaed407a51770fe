#include "base/blank.h"

#include <algorithm>
#include <iterator>

namespace assistd {

bool is_blank(std::string_view text) {
    static constexpr std::string_view blanks[] = {
        " ",      "\t",     "\r",     "\n",     "\v",     "\f",     "\u0085", "\u00a0", "\u1680",
        "\u2000", "\u2001", "\u2002", "\u2003", "\u2004", "\u2005", "\u2006", "\u2007", "\u2008",
        "\u2009", "\u200a", "\u200b", "\u2028", "\u2029", "\u202f", "\u205f", "\u3000", "\ufeff"};
    while (!text.empty()) {
        const auto blank = std::find_if(std::begin(blanks), std::end(blanks),
                                        [&](std::string_view one) { return text.starts_with(one); });
        if (blank == std::end(blanks)) return false;
        text.remove_prefix(blank->size());
    }
    return true;
}

}  // namespace assistd
