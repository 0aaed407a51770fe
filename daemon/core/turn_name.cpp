#include "core/turn_name.h"

namespace assistd::core {

std::string name_in_log(const Turn& turn) {
    return turn.conversation.is_nil() ? turn.id.text() : turn.id.text() + " of " + turn.conversation.text();
}

}  // namespace assistd::core
