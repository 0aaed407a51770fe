#include "knowledge/dot_product.h"

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace assistd::knowledge {

#if defined(__x86_64__)
namespace {

// Four sums side by side: each addition waits for the one before it in the same sum.
[[gnu::target("avx2,fma")]] float by_eight(const float* left, const float* right, std::size_t count) {
    constexpr std::size_t lanes = 8;
    __m256 a = _mm256_setzero_ps(), b = a, c = a, d = a;
    std::size_t at = 0;
    for (; at + 4 * lanes <= count; at += 4 * lanes) {
        a = _mm256_fmadd_ps(_mm256_loadu_ps(left + at), _mm256_loadu_ps(right + at), a);
        b = _mm256_fmadd_ps(_mm256_loadu_ps(left + at + 8), _mm256_loadu_ps(right + at + 8), b);
        c = _mm256_fmadd_ps(_mm256_loadu_ps(left + at + 16), _mm256_loadu_ps(right + at + 16), c);
        d = _mm256_fmadd_ps(_mm256_loadu_ps(left + at + 24), _mm256_loadu_ps(right + at + 24), d);
    }
    float sums[lanes];
    _mm256_storeu_ps(sums, _mm256_add_ps(_mm256_add_ps(a, b), _mm256_add_ps(c, d)));
    float product = 0;
    for (const float sum : sums) product += sum;
    for (; at < count; ++at) product += left[at] * right[at];
    return product;
}

}  // namespace

DotProduct wide_dot_product() {
    return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma") ? by_eight : nullptr;
}
#else
DotProduct wide_dot_product() {
    return nullptr;
}
#endif

}  // namespace assistd::knowledge
