#include "check/valgrind_report.h"

#include <algorithm>
#include <boost/property_tree/ptree.hpp>
#include <boost/property_tree/xml_parser.hpp>
#include <optional>

#include "base/error.h"

namespace assistd::check {
namespace {

using Tree = boost::property_tree::ptree;

// Without the types of its parameters, which can be long.
std::string short_name(std::string function) {
    const std::string unnamed = "(anonymous namespace)::";
    for (auto at = function.find(unnamed); at != std::string::npos; at = function.find(unnamed))
        function.erase(at, unnamed.size());
    // Lambdas and operators have names with brackets of their own.
    const auto parameters = function.find('(');
    const bool plain =
        function.find("operator") == std::string::npos && function.find('{') == std::string::npos;
    return plain && parameters != std::string::npos ? function.substr(0, parameters) : function;
}

std::string place_of(const Tree& frame) {
    const std::string function = short_name(frame.get("fn", "a function without a name"));
    const auto file = frame.get_optional<std::string>("file");
    if (!file) return function;
    return function + " (" + *file + ":" + frame.get("line", "?") + ")";
}

// The innermost frame that is the plugin's own, of the error's first stack: where it happened or, of a leak,
// where the memory comes from. The SDK's own lines stand between it and the plugin's.
std::optional<std::string> place_in_plugin(const Tree& error, const std::string& library) {
    const auto stack = error.get_child_optional("stack");
    if (!stack) return std::nullopt;
    std::optional<std::string> innermost;
    for (const auto& [name, frame] : *stack) {
        if (name != "frame" || frame.get("obj", "") != library) continue;
        const std::string folder = frame.get("dir", "");
        const std::string file = frame.get("file", "");
        const bool of_headers = folder.starts_with("/usr/include") || file.ends_with(".hpp");
        if (!innermost || !of_headers) innermost = place_of(frame);
        if (!of_headers) break;
    }
    return innermost;
}

// What assistd's own code does while no plugin runs is no concern of the plugin's author.
bool is_of_the_host(const Tree& error) {
    const auto stack = error.get_child_optional("stack");
    if (!stack) return false;
    return std::any_of(stack->begin(), stack->end(), [](const auto& frame) {
        return frame.second.get("obj", "").ends_with("/assistd-plugin-valgrind-host");
    });
}

std::string sentence_of(const Tree& error, const std::string& place) {
    const std::string kind = error.get("kind", "");
    if (kind.starts_with("Leak_")) {
        const auto bytes = error.get("xwhat.leakedbytes", "?");
        const auto blocks = error.get("xwhat.leakedblocks", "?");
        return bytes + " bytes in " + blocks + " blocks are lost that " + place +
               " made. Free them, or keep them where they are found again.";
    }
    const std::string what = error.get("what", error.get("xwhat.text", kind));
    return what + " in " + place + ".";
}

}  // namespace

ValgrindReport read_valgrind_report(const std::filesystem::path& xml, const std::filesystem::path& library) {
    Tree document;
    try {
        boost::property_tree::read_xml(xml.string(), document);
    } catch (const boost::property_tree::xml_parser_error& error) {
        throw Error(ErrorCode::internal, std::string("What valgrind wrote cannot be read: ") + error.what());
    }
    ValgrindReport report;
    const Tree nothing;
    for (const auto& [name, part] : document.get_child("valgrindoutput", nothing)) {
        if (name == "status" && part.get("state", "") == "FINISHED") report.complete = true;
        if (name != "error") continue;
        if (const auto place = place_in_plugin(part, library.string()))
            report.errors.push_back(sentence_of(part, *place));
        else if (!is_of_the_host(part))
            ++report.elsewhere;
    }
    return report;
}

}  // namespace assistd::check
