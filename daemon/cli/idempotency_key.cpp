#include "cli/idempotency_key.h"

#include <sys/random.h>

#include <array>

#include "cli/failure.h"

namespace assistd::cli {

std::string new_idempotency_key() {
    std::array<unsigned char, 16> bytes{};
    if (::getrandom(bytes.data(), bytes.size(), 0) != static_cast<ssize_t>(bytes.size()))
        throw Failure(ExitCode::failed, "The system gives no random numbers.");
    std::string key = "assistctl-";
    for (const unsigned char byte : bytes) {
        key += "0123456789abcdef"[byte >> 4];
        key += "0123456789abcdef"[byte & 15];
    }
    return key;
}

}  // namespace assistd::cli
