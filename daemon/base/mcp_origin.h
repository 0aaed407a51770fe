#pragma once
// How assistd daemons that lend each other their tools over MCP know each other, and themselves. Each has an
// id for as long as it runs. Names of members of "_meta" objects.

namespace assistd {

// In what a daemon answers when hands are shaken: its id.
inline constexpr const char* mcp_instance_key = "org.assistd/instance";
// In a tool that it lists and that is not its own: the ids of the daemons that the tool comes through, the
// nearest first.
inline constexpr const char* mcp_came_through_key = "org.assistd/came-through";

}  // namespace assistd
