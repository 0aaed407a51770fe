#include "upstream/secrets.h"

#include <algorithm>

#include "upstream/quoted_text.h"

namespace assistd {
namespace {

// A header's value may be a mere "1", and no key is this short.
constexpr std::size_t least_secret = 8;

}  // namespace

Secrets::Secrets(const std::string& api_key, const std::vector<std::string>& headers) {
    if (!api_key.empty()) all_.push_back(api_key);
    for (const std::string& header : headers) {
        const std::string value = on_one_line(std::string_view(header).substr(header.find(':') + 1));
        add(value);
        // Of "Bearer KEY" a server may quote the key alone.
        for (std::size_t from = 0; from < value.size();) {
            const std::size_t end = std::min(value.find(' ', from), value.size());
            add(std::string_view(value).substr(from, end - from));
            from = end + 1;
        }
    }
    std::stable_sort(all_.begin(), all_.end(),
                     [](const std::string& a, const std::string& b) { return a.size() > b.size(); });
}

void Secrets::add(std::string_view text) {
    if (text.size() >= least_secret) all_.emplace_back(text);
}

std::string Secrets::blot_out(std::string text) const {
    constexpr std::string_view blot = "***";
    for (const std::string& secret : all_) {
        for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at)) {
            text.replace(at, secret.size(), blot);
            at += blot.size();
        }
    }
    return text;
}

}  // namespace assistd
