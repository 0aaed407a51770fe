#pragma once
// Whole turns against the real daemon: a message, two calls of the scripted model and one of a tool. All of
// them throw std::runtime_error when a reply is wrong.

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

#include "load.h"
#include "measure.h"

namespace assistd::bench {

inline const std::string conversations_path = "/api/v1/ai/conversations";

std::string new_conversation(Asker& asker);
std::string chat_path(const std::string& conversation);
std::string chat_request(const std::string& path, std::string_view content);

// `path` is where a client's request with this number goes.
LoadResult run_turns(std::uint16_t port, int clients, std::chrono::milliseconds time,
                     const std::function<std::string(int, std::uint64_t)>& path);

// A daemon's options: a new state folder of this name, these plugin folders (separated by colons), and the
// scripted model on a port.
std::vector<std::string> daemon_options(const Settings& settings, const std::string& state,
                                        const std::string& plugins);
std::vector<std::string> model_options(const Settings& settings, std::uint16_t upstream_port);

std::chrono::milliseconds milliseconds_of(double seconds);

}  // namespace assistd::bench
