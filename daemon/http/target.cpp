#include "http/target.h"

#include "base/error.h"
#include "http/percent.h"
#include "http/text.h"

namespace assistd::http {
namespace {

Error bad(const char* sentence) {
    return Error(ErrorCode::invalid_request, sentence);
}

// Moves "http://host:port" from the front of `text` to the target's authority.
void take_authority(std::string_view& text, Target& target) {
    for (const std::string_view scheme : {"http://", "https://"}) {
        if (!equal_ignoring_case(text.substr(0, scheme.size()), scheme)) continue;
        text.remove_prefix(scheme.size());
        target.authority = text.substr(0, text.find_first_of("/?"));
        if (target.authority.empty()) throw bad("The request's target names no host.");
        text.remove_prefix(target.authority.size());
        return;
    }
    throw bad("The request's target must begin with a slash.");
}

void parse_path(std::string_view text, Target& target) {
    while (!text.empty()) {
        text.remove_prefix(1);  // the slash
        const std::string_view raw = text.substr(0, text.find('/'));
        text.remove_prefix(raw.size());
        if (raw.empty()) continue;
        auto segment = percent_decode(raw, false);
        if (!segment) throw bad("The path has a malformed percent-escape or is no UTF-8.");
        if (*segment == "." || *segment == "..")
            throw bad("The path must not have \".\" or \"..\" as a segment.");
        target.path.append("/").append(*segment);
        target.canonical.append("/").append(percent_encode(*segment));
        target.segments.push_back(std::move(*segment));
    }
    if (target.segments.empty()) target.path = target.canonical = "/";
}

void parse_query(std::string_view text, Target& target) {
    while (!text.empty()) {
        const std::string_view pair = text.substr(0, text.find('&'));
        text.remove_prefix(std::min(pair.size() + 1, text.size()));
        if (pair.empty()) continue;
        const std::size_t equals = pair.find('=');
        auto key = percent_decode(pair.substr(0, equals), true);
        auto value =
            equals == std::string_view::npos ? std::string() : percent_decode(pair.substr(equals + 1), true);
        if (!key || !value) throw bad("The query has a malformed percent-escape or is no UTF-8.");
        if (key->ends_with("[]")) key->resize(key->size() - 2);
        target.query.emplace_back(std::move(*key), std::move(*value));
    }
}

}  // namespace

Target parse_target(std::string_view text) {
    Target target;
    if (text == "*") {
        target.asterisk = true;
        target.path = target.canonical = "*";
        return target;
    }
    if (text.find('#') != std::string_view::npos) throw bad("The request's target must not have a fragment.");
    if (!text.starts_with('/')) take_authority(text, target);
    const std::size_t question = text.find('?');
    parse_path(text.substr(0, question), target);
    if (question != std::string_view::npos) parse_query(text.substr(question + 1), target);
    return target;
}

}  // namespace assistd::http
