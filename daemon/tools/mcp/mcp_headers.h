#pragma once
// What a request of the modern era repeats in its HTTP headers, so that whatever stands between can route it:
// the name of what it is about, and arguments whose schema says "x-mcp-header". Pure functions.

#include <string>
#include <vector>

#include "tools/mcp/message.h"

namespace assistd::tools::mcp {

// An argument that goes into the header Mcp-Param-NAME.
struct HeaderArgument {
    std::vector<std::string> path;  // of properties
    std::string header;
};

// Those of an input schema. Throws Error{validation} when it has some that the specification does not allow:
// such a tool is not to be used.
std::vector<HeaderArgument> header_arguments(const Json& input_schema);

// "Mcp-Name: …" and "Mcp-Param-…: …".
std::vector<std::string> headers_for(const std::string& name, const std::vector<HeaderArgument>& arguments,
                                     const Json& values);

// As it is where a header takes it, else as =?base64?…?=.
std::string header_value(const std::string& text);

}  // namespace assistd::tools::mcp
