#include "core/knowledge.h"

#include <array>

namespace assistd::core {
namespace {

constexpr std::array all_states = {IndexState::in_progress, IndexState::completed, IndexState::failed,
                                   IndexState::cancelled};

}  // namespace

std::string_view name_of(IndexState state) {
    switch (state) {
        case IndexState::in_progress:
            return "in_progress";
        case IndexState::completed:
            return "completed";
        case IndexState::failed:
            return "failed";
        case IndexState::cancelled:
            return "cancelled";
    }
    return "failed";
}

std::optional<IndexState> index_state_of(std::string_view name) {
    for (const IndexState state : all_states)
        if (name_of(state) == name) return state;
    return std::nullopt;
}

std::string_view name_of(VectorStoreState state) {
    switch (state) {
        case VectorStoreState::expired:
            return "expired";
        case VectorStoreState::in_progress:
            return "in_progress";
        case VectorStoreState::completed:
            return "completed";
    }
    return "completed";
}

std::string_view name_of(IndexErrorCode code) {
    switch (code) {
        case IndexErrorCode::server_error:
            return "server_error";
        case IndexErrorCode::unsupported_file:
            return "unsupported_file";
        case IndexErrorCode::invalid_file:
            return "invalid_file";
    }
    return "server_error";
}

IndexErrorCode index_error_of(std::string_view name) {
    for (const IndexErrorCode code : {IndexErrorCode::unsupported_file, IndexErrorCode::invalid_file})
        if (name_of(code) == name) return code;
    return IndexErrorCode::server_error;
}

}  // namespace assistd::core
