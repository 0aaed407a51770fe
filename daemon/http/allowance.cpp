#include "http/allowance.h"

#include <fmt/format.h>

#include <algorithm>

namespace assistd::http {
namespace {

const Allowance* tightest(const std::vector<Allowance>& allowances, Allowance::Of of) {
    const Allowance* found = nullptr;
    for (const Allowance& one : allowances)
        if (one.of == of && (found == nullptr || one.remaining < found->remaining)) found = &one;
    return found;
}

// "4.25" of 4250000 millionths.
std::string dollars(std::int64_t millionths) {
    constexpr std::int64_t one = 1'000'000;
    std::string text = fmt::format("{}.{:06}", millionths / one, millionths % one);
    text.erase(text.find_last_not_of('0') + 1);
    if (text.back() == '.') text.pop_back();
    return text;
}

void add_for_clients_of_openai(Reply& reply, const Allowance& allowance, const char* what) {
    const auto name = [what](const char* begin) { return std::string("x-ratelimit-") + begin + "-" + what; };
    const auto figure = [&](std::int64_t number) {
        return allowance.of == Allowance::Of::cost ? dollars(number) : std::to_string(number);
    };
    reply.with(name("limit"), figure(allowance.limit));
    reply.with(name("remaining"), figure(allowance.remaining));
    reply.with(name("reset"), short_duration(allowance.reset));
}

}  // namespace

void add_headers(Reply& reply, const std::vector<Allowance>& allowances) {
    std::string policies;
    std::string left;
    for (const Allowance& one : allowances) {
        if (one.of != Allowance::Of::requests) continue;
        const auto reset = std::chrono::ceil<std::chrono::seconds>(one.reset);
        if (!policies.empty()) {
            policies += ", ";
            left += ", ";
        }
        policies += fmt::format("\"{}\";q={};w={}", one.whose, one.limit, one.window.count());
        left += fmt::format("\"{}\";r={};t={}", one.whose, one.remaining, reset.count());
    }
    if (!policies.empty()) {
        reply.with("RateLimit-Policy", policies);
        reply.with("RateLimit", left);
    }
    if (const Allowance* requests = tightest(allowances, Allowance::Of::requests))
        add_for_clients_of_openai(reply, *requests, "requests");
    if (const Allowance* tokens = tightest(allowances, Allowance::Of::tokens))
        add_for_clients_of_openai(reply, *tokens, "tokens");
    if (const Allowance* cost = tightest(allowances, Allowance::Of::cost))
        add_for_clients_of_openai(reply, *cost, "cost");
}

std::string short_duration(std::chrono::milliseconds time) {
    using namespace std::chrono;
    const auto left = std::max(time, milliseconds(0));
    if (left < 1s) return fmt::format("{}ms", left.count());
    const auto whole_hours = floor<hours>(left);
    const auto whole_minutes = floor<minutes>(left - whole_hours);
    const auto rest = duration<double>(left - whole_hours - whole_minutes);
    std::string text;
    if (whole_hours.count() > 0) text += fmt::format("{}h", whole_hours.count());
    if (!text.empty() || whole_minutes.count() > 0) text += fmt::format("{}m", whole_minutes.count());
    // Tenths do while there are seconds only.
    return text + (text.empty() ? fmt::format("{:.4g}s", rest.count())
                                : fmt::format("{:.0f}s", std::floor(rest.count())));
}

}  // namespace assistd::http
